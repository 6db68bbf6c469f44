"""A file that says who works where, read strictly: every problem with its line and column, all of them at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.definitions.problems import Placed, Problem, Problems
from engine.definitions.reading import Reader, first_line, item
from engine.definitions.source import INTEGER, MAP, NULL, Entry, Node, read
from engine.organisation.models import HOLDER_KINDS

REGION_KEYS = (
    "name", "timezone", "settings", "units", "positions", "people", "holders", "groups", "administrators",
)  # fmt: skip
UNIT_KEYS = ("name", "level", "parent")
POSITION_KEYS = ("unit", "kind", "title", "superior", "decision_limit")
PERSON_KEYS = ("name", "nip", "rank", "unit", "email", "language")
HOLDER_KEYS = ("position", "person", "kind", "decree", "from", "to")
STAND_INS = ("plt", "plh")
FURTHEST = 36_500  # days from today


@dataclass(frozen=True, slots=True)
class Written:
    """One entry: where it stands, and its values, checked."""

    key: str
    at: Placed
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WrittenRegion:
    """One region of the file. Units and positions come after what they stand below."""

    key: str
    at: Placed
    name: str | None
    timezone: str | None
    settings: Mapping[str, Any]
    units: Sequence[Written] = ()
    positions: Sequence[Written] = ()
    people: Sequence[Written] = ()
    holders: Sequence[Written] = ()
    groups: Sequence[Written] = ()
    administrators: Collection[str] = field(default=())


def read_organisation(text: bytes, file: str) -> tuple[list[WrittenRegion], list[Problem]]:
    """The regions of the file and its findings (WF001 to WF005, WF010 to WF013); with an error they are of no use."""
    problems = Problems()
    root = read(text, file, problems)
    regions: list[WrittenRegion] = []
    if root is None or root.kind != MAP:
        if not problems.has_errors:
            reader = Reader(problems)
            reader.missing(Node(NULL, None, (file, 1, 1)), ["regions"], whole_file=True)
        return regions, problems.sorted()
    reader = _Reader(problems)
    top = reader.keys(first_line(root), ("regions",), ("regions",), whole_file=True)
    for key, entry in reader.keyed(top.get("regions")).items():
        regions.append(reader.region(key, entry))
    return regions, problems.sorted()


class _Reader(Reader):
    """Reads the parts of a region; the names one part may use come from the parts before it."""

    def region(self, key: str, entry: Entry) -> WrittenRegion:
        given = self.keys(entry, REGION_KEYS)
        units = self._units(given.get("units"))
        positions = self._positions(given.get("positions"), units)
        people = self._people(given.get("people"), units)
        settings = {name: each.value.plain() for name, each in self.map(given.get("settings")).items()}
        return WrittenRegion(
            key=key,
            at=entry.key,
            name=self.optional_text(given.get("name")),
            timezone=self.optional_text(given.get("timezone")),
            settings=settings,
            units=self._in_order(units, "parent"),
            positions=self._in_order(positions, "superior"),
            people=list(people.values()),
            holders=self._holders(given.get("holders"), positions, people),
            groups=self._groups(given.get("groups"), people),
            administrators=self._known_all(given.get("administrators"), people, "pegawai", "person"),
        )

    def _units(self, entry: Entry | None) -> Mapping[str, Written]:
        written = self.map(entry)
        found = {}
        for key, each in written.items():
            given = self.keys(each, UNIT_KEYS, ("name", "level"))
            values = {
                "name": self._said(given.get("name")),
                "level": self._said(given.get("level")),
                "parent": self._known(given.get("parent"), written, "unit", "unit"),
            }
            found[key] = Written(key, each.key, values)
        return found

    def _positions(self, entry: Entry | None, units: Collection[str]) -> Mapping[str, Written]:
        written = self.map(entry)
        found = {}
        for key, each in written.items():
            given = self.keys(each, POSITION_KEYS, ("unit", "kind", "title"))
            values = {
                "unit": self._known(given.get("unit"), units, "unit", "unit"),
                "kind": self._said(given.get("kind")),
                "title": self._said(given.get("title")),
                "superior": self._known(given.get("superior"), written, "jabatan", "position"),
                "decision_limit": self.integer(given.get("decision_limit"), 0, 10**15),
            }
            found[key] = Written(key, each.key, values)
        return found

    def _people(self, entry: Entry | None, units: Collection[str]) -> Mapping[str, Written]:
        found: dict[str, Written] = {}
        numbers: dict[str, str] = {}
        for key, each in self.map(entry).items():
            given = self.keys(each, PERSON_KEYS, ("name", "unit"))
            nip = self.optional_text(given.get("nip"))
            if nip is not None and numbers.setdefault(nip, key) != key:
                other = numbers[nip]
                self.wrong(given["nip"].value, f'NIP ini sudah milik "{other}".', f'This NIP is that of "{other}".')
            values = {
                "name": self._said(given.get("name")),
                "nip": nip,
                "rank": self.optional_text(given.get("rank")),
                "unit": self._known(given.get("unit"), units, "unit", "unit"),
                "email": self.optional_text(given.get("email")),
                "language": self.choice(given.get("language"), ("id", "en")),
            }
            found[key] = Written(key, each.key, values)
        return found

    def _holders(self, entry: Entry | None, positions: Collection[str], people: Collection[str]) -> Sequence[Written]:
        found = []
        for node in self.nodes(entry):
            given = self.keys(item(node), HOLDER_KEYS, ("position", "person"))
            kind = self.choice(given.get("kind"), HOLDER_KINDS, "definitif")
            starts, ends = self._day(given.get("from")), self._day(given.get("to"))
            if kind in STAND_INS and "to" not in given:
                self.missing(given["kind"].value if "kind" in given else node, ["to"])
            if starts is not None and type(starts) is type(ends) and ends < starts:
                self.wrong(given["to"].value, "Berakhir sebelum mulai.", "It ends before it begins.")
            values = {
                "position": self._known(given.get("position"), positions, "jabatan", "position"),
                "person": self._known(given.get("person"), people, "pegawai", "person"),
                "kind": kind,
                "decree": self.optional_text(given.get("decree")),
                "from": starts,
                "to": ends,
            }
            found.append(Written(f"{values['position']} {values['person']}", node, values))
        return found

    def _groups(self, entry: Entry | None, people: Collection[str]) -> Sequence[Written]:
        found = []
        for key, each in self.keyed(entry).items():
            given = self.keys(each, ("title", "members"), ("title",))
            members = self._known_all(given.get("members"), people, "pegawai", "person")
            found.append(Written(key, each.key, {"title": self._said(given.get("title")), "members": members}))
        return found

    def _said(self, entry: Entry | None) -> str:
        """A text that says something."""
        text = self.text(entry).strip()
        if entry is not None and not text and self.optional_text(entry) is not None:
            self.wrong(entry.value, "Di sini harus ada isinya.", "This must say something.")
        return text

    def _known(self, entry: Entry | None, known: Iterable[str], indonesian: str, english: str) -> str | None:
        name = self.optional_text(entry)
        if name is not None and entry is not None and name not in known:
            self.unknown("WF012", entry.value, f"Tidak ada {indonesian}", f"There is no {english}", known)
            return None
        return name

    def _known_all(self, entry: Entry | None, known: Collection[str], indonesian: str, english: str) -> list[str]:
        found = []
        for node in self.name_nodes(entry):
            if node.value not in known:
                self.unknown("WF012", node, f"Tidak ada {indonesian}", f"There is no {english}", known)
            else:
                found.append(str(node.value))
        return found

    def _day(self, entry: Entry | None) -> Any:
        """A date, or a whole number of days from today as the demonstration has it."""
        if entry is not None and entry.value.kind == INTEGER:
            return self.integer(entry, -FURTHEST, FURTHEST)
        found: date | None = self.date(entry)
        return found

    def _in_order(self, written: Mapping[str, Written], above: str) -> Sequence[Written]:
        """What stands above first; something above itself is told once a circle and left out."""
        order: list[Written] = []
        seen: dict[str, bool] = {}  # False while what stands above it is being looked at
        for key in written:
            trail: list[str] = []
            current: str | None = key
            while current is not None and current not in seen:
                seen[current] = False
                trail.append(current)
                current = written[current].values[above]
            if current is not None and not seen[current]:
                at = written[current].at
                self.wrong(at, f'"{current}" berada di atas dirinya sendiri.', f'"{current}" stands above itself.')
            for name in reversed(trail):
                seen[name] = True
                order.append(written[name])
        return order
