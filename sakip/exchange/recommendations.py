"""Recommendations from a file, such as the ministry's: each opens its case of follow-up (reference §7.11, §12)."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from engine.cases.open import open_case
from engine.changes import Refusal
from engine.definitions.model import Text
from sakip.exchange.record import Reading
from sakip.exchange.table import Column, Kind
from sakip.exchange.told import in_whose_name, tell_refused, unit_meant
from sakip.exchange.work import Looked, Readings, Work
from sakip.facts.follow_ups import INTERNAL, MINISTRY, OPEN, draw_follow_up
from sakip.facts.models import RecommendationRow
from sakip.facts.sheets import NotAsked, sheet_of
from sakip.standing import configuration_of

KIND = Kind(
    "recommendations",
    (
        Column("unit", Text("Perangkat daerah", "Unit"), ("opd", "skpd", "unit kerja"), required=True),
        Column("year", Text("Tahun", "Year"), ("tahun kinerja", "performance year")),
        Column("source", Text("Asal", "Source"), ("asal rekomendasi",)),
        Column("path", Text("Kriteria", "Criterion")),
        Column("text", Text("Rekomendasi", "Recommendation"), ("isi rekomendasi",), required=True),
        Column("due_on", Text("Batas waktu", "Due"), ("tenggat", "jatuh tempo", "due date")),
        Column("evaluation", Text("Nomor LHE", "Number of the evaluation"), ("nomor surat", "lhe")),
        Column("state", Text("Keadaan", "State"), used=False),
    ),
)
FOLLOW_UP = "follow_up"  # the case type where no rubric names another
_SOURCES = {
    "": MINISTRY, "kemenpanrb": MINISTRY, "kemenpan rb": MINISTRY, "kemenpan-rb": MINISTRY, "internal": INTERNAL,
    "inspektorat": INTERNAL,
}  # fmt: skip
_LONGEST = 4_000


class _Row(NamedTuple):
    reading: Reading
    unit: int
    year: int
    source: str
    path: str | None
    text: str
    due_on: date | None
    evaluation: str


class _Looking:
    def __init__(self, work: Work) -> None:
        self._work = work
        self._known_paths: dict[tuple[int, int], frozenset[str] | None] = {}
        of = RecommendationRow
        query = select(of.unit_id, of.year, of.source, of.path, of.text).where(of.region_id == work.wish.region_id)
        self._standing = {tuple(row) for row in work.session.execute(query)}
        self._rows: dict[tuple[Any, ...], int] = {}
        self.unchanged = 0
        self.new: list[_Row] = []

    def look(self, reading: Reading) -> None:
        unit = unit_meant(self._work, reading)
        year = reading.year("year", self._work.wish.year)
        text = reading.text("text", required=True)
        due_on = reading.day("due_on")
        source = _SOURCES.get(reading.text("source").casefold())
        if source is None:
            reading.tell("source", "unknown_source", "Hanya internal atau kemenpanrb.", "Only internal or kemenpanrb.")
        if len(text) > _LONGEST:
            reading.tell("text", "too_long", f"Lebih dari {_LONGEST} huruf.", f"More than {_LONGEST} characters.")
        path = reading.text("path") or None
        if reading.is_bad or unit is None or year is None or source is None or not self._is_asked(
            reading, unit, year, path
        ):  # fmt: skip
            return
        place = (unit, year, source, path, text)
        first = self._rows.setdefault(place, reading.record.row)
        if first != reading.record.row:
            reading.tell(
                "", "doubled_row", f"Rekomendasi ini sudah ada di baris {first}.",
                f"This recommendation stands in row {first} already.",
            )  # fmt: skip
        elif place in self._standing:
            self.unchanged += 1
            reading.settle(False)
        else:
            reading.settle(True)
            self.new.append(_Row(reading, *place, due_on, reading.text("evaluation")))

    def _is_asked(self, reading: Reading, unit: int, year: int, path: str | None) -> bool:
        if path is None:
            return True
        if (unit, year) not in self._known_paths:
            self._known_paths[(unit, year)] = self._paths(unit, year)
        known = self._known_paths[(unit, year)]
        if known is None or path in known:
            return True
        reading.tell(
            "path", "not_asked", f'"{path[:80]}" tidak ditanyakan.', f'"{path[:80]}" is not asked.'
        )  # fmt: skip
        return False

    def _paths(self, unit: int, year: int) -> frozenset[str] | None:
        try:
            sections = sheet_of(self._work.session, self._work.wish.region_id, unit, year).sections
        except NotAsked:
            return None
        return frozenset(
            path for one in sections for path in (one.sub.path, *(each.path for each in one.sub.criteria.values()))
        )


def look(work: Work, readings: Readings) -> Looked:
    """Every row held against the recommendations that are there already."""
    person = in_whose_name(work)
    looking = _Looking(work)
    for reading in readings:
        looking.look(reading)

    def write_them() -> None:
        for row in looking.new:
            _open(work, person, row)

    return Looked(len(looking.new), looking.unchanged, write_them, is_tried=True)


def _open(work: Work, person: int, row: _Row) -> None:
    session, region_id = work.session, work.wish.region_id
    evaluation = configuration_of(session, region_id).evaluation(row.year)
    rule = None if evaluation is None else evaluation.recommendations
    answers = {
        "source": row.source, "year": row.year, "path": row.path, "recommendation": row.text, "due_on": row.due_on,
        "evaluation": row.evaluation or None,
    }  # fmt: skip
    opened = open_case(
        session, region_id=region_id, case_type=FOLLOW_UP if rule is None else rule.case_type, person_id=person,
        unit_id=row.unit, answers={name: value for name, value in answers.items() if value is not None}, now=work.now,
    )  # fmt: skip
    if isinstance(opened, Refusal):
        tell_refused(row.reading, opened)
        return
    draw_follow_up(session, region_id, opened.case_id, opened.revision, {"state": OPEN})
