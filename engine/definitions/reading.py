"""The small questions parsing asks of a node: is it a map with these keys, a text, a number; each reports faults.

Reading never stops: a faulty piece becomes None or a default, so that all findings of a file come at once.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.definitions.model import Text
from engine.definitions.problems import Placed, Position, Problems, did_you_mean, shorten
from engine.definitions.source import BOOLEAN, DECIMAL, INTEGER, LIST, MAP, NULL, TEXT, Entry, Node

KEY = re.compile(r"[a-z][a-z0-9_]*\Z")
SEMANTIC_VERSION = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?\Z", re.ASCII
)

_KIND_NAMES = {
    MAP: Text("peta kunci", "a map"),
    LIST: Text("daftar", "a list"),
    TEXT: Text("teks", "a text"),
    INTEGER: Text("angka bulat", "a whole number"),
    DECIMAL: Text("angka", "a number"),
    BOOLEAN: Text("true atau false", "true or false"),
    NULL: Text("kosong", "nothing"),
}


class Reader:
    """Asks nodes for values and reports to ``problems``."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    # -- reporting -------------------------------------------------------------------------------------------------

    def wrong(self, at: Placed, indonesian: str, english: str, suggestion: str | None = None) -> None:
        """A value that is not what stands here (WF012)."""
        self.problems.add("WF012", at, indonesian, english, suggestion)

    def wrong_kind(self, node: Node, *wanted: str) -> None:
        """A value of the wrong kind: says what was found and what is wanted."""
        names = [_KIND_NAMES[kind] for kind in wanted]
        found = _KIND_NAMES[node.kind]
        self.wrong(
            node,
            f"Di sini harus {' atau '.join(name.id for name in names)}, bukan {found.id}{_shown(node)}.",
            f"This must be {' or '.join(name.en for name in names)}, not {found.en}{_shown(node)}.",
        )

    def unknown(
        self, code: str, at: Node, indonesian: str, english: str, known: Iterable[str], word: str | None = None
    ) -> None:
        """A name nobody knows, with the nearest one that exists."""
        name = str(at.value) if word is None else word
        near = self.problems.nearest(name, known)
        hint = did_you_mean(near)
        self.problems.add(
            code, at, f'{indonesian} "{shorten(name)}".{hint.id}', f'{english} "{shorten(name)}".{hint.en}', near
        )

    # -- maps ------------------------------------------------------------------------------------------------------

    def map(self, entry: Entry | None) -> Mapping[str, Entry]:
        """The entries of a map with free keys; anything else is reported and counts as empty."""
        if entry is None:
            return {}
        if entry.value.kind != MAP:
            self.wrong_kind(entry.value, MAP)
            return {}
        return entry.value.entries

    def keyed(self, entry: Entry | None) -> Mapping[str, Entry]:
        """The entries of a map whose keys are names we choose: ``[a-z][a-z0-9_]*``."""
        entries = self.map(entry)
        for name, inner in entries.items():
            if not KEY.match(name):
                self.wrong(
                    inner.key,
                    f'"{shorten(name)}" bukan kunci: huruf kecil, angka, garis bawah, dimulai huruf.',
                    f'"{shorten(name)}" is no key: lower-case letters, digits, underscores, a letter first.',
                )
        return entries

    def check_key(self, node: Node) -> None:
        """A text that is a name we choose."""
        self.keyed(Entry(node, Node(MAP, {str(node.value): Entry(node, node)}, node.position)))

    def keys(
        self, entry: Entry, allowed: Collection[str], required: Sequence[str] = (), whole_file: bool = False
    ) -> Mapping[str, Entry]:
        """The entries of a map whose keys the language fixes; unknown ones are WF010, missing ones WF011."""
        if entry.value.kind != MAP:
            self.wrong_kind(entry.value, MAP)
            return {}
        entries = entry.value.entries
        unknown = [name for name in entries if name not in allowed]
        left = [word for word in allowed if word not in entries] if unknown else []
        for name in unknown:
            at, near = entries[name].key, self.problems.nearest(name, left)
            hint = did_you_mean(near)
            self.problems.add(
                "WF010",
                at,
                f'Kunci "{shorten(name)}" tidak dikenal.{hint.id}',
                f'Unknown key "{shorten(name)}".{hint.en}',
                near,
            )
        missing = [name for name in required if name not in entries]
        if missing:
            self.missing(entry.key, missing, whole_file)
        return entries

    def missing(self, at: Placed, names: Sequence[str], whole_file: bool = False) -> None:
        """Required keys that are not there (WF011), one finding for all of them."""
        listed = ", ".join(f'"{name}"' for name in names)
        place = (
            "" if whole_file or not isinstance(at, Node) else f' "{shorten(str(at.value))}"' if at.kind == TEXT else ""
        )
        here, are = (place or " berkas ini", place or " this file"), "is" if len(names) == 1 else "are"
        self.problems.add("WF011", at, f"Belum ada {listed} di{here[0]}.", f"{listed} {are} missing in{here[1]}.")

    # -- scalars ---------------------------------------------------------------------------------------------------

    def text(self, entry: Entry | None, default: str = "") -> str:
        """A text; ``default`` when there is none or it is something else."""
        value = self.optional_text(entry)
        return default if value is None else value

    def optional_text(self, entry: Entry | None) -> str | None:
        """A text, or None."""
        if entry is None:
            return None
        if entry.value.kind != TEXT:
            self.wrong_kind(entry.value, TEXT)
            return None
        return str(entry.value.value)

    def boolean(self, entry: Entry | None, default: bool = False) -> bool:
        """True or false."""
        if entry is None:
            return default
        if entry.value.kind != BOOLEAN:
            self.wrong_kind(entry.value, BOOLEAN)
            return default
        return bool(entry.value.value)

    def integer(self, entry: Entry | None, minimum: int | None = None, maximum: int | None = None) -> int | None:
        """A whole number within its limits, or None."""
        if entry is None:
            return None
        node = entry.value
        if node.kind != INTEGER:
            self.wrong_kind(node, INTEGER)
            return None
        return int(node.value) if self.within(node, minimum, maximum) else None

    def number(
        self, entry: Entry | None, minimum: Decimal | int | None = None, maximum: Decimal | int | None = None
    ) -> Decimal | None:
        """A number within its limits as Decimal, or None."""
        if entry is None:
            return None
        node = entry.value
        if node.kind not in (INTEGER, DECIMAL):
            self.wrong_kind(node, DECIMAL)
            return None
        return Decimal(node.value) if self.within(node, minimum, maximum) else None

    def within(self, node: Node, minimum: Any, maximum: Any) -> bool:
        """Whether a number keeps its limits; reports it otherwise."""
        if minimum is not None and node.value < minimum:
            self.wrong(node, f"{node.value} di bawah {minimum}.", f"{node.value} is below {minimum}.")
            return False
        if maximum is not None and node.value > maximum:
            self.wrong(node, f"{node.value} di atas {maximum}.", f"{node.value} is above {maximum}.")
            return False
        return True

    def choice(self, entry: Entry | None, options: Sequence[str], default: str | None = None) -> str | None:
        """One of a closed list of words."""
        if entry is None:
            return default
        return self.one_of(entry.value, options) or default

    def one_of(self, node: Node, options: Sequence[str]) -> str | None:
        """The node's text when it is one of ``options``, else None and a finding."""
        if node.kind == TEXT and node.value in options:
            return str(node.value)
        listed = ", ".join(options)
        near = self.problems.nearest(str(node.value), options) if node.kind == TEXT else None
        hint = did_you_mean(near)
        self.wrong(
            node,
            f"Di sini harus salah satu dari: {listed}.{hint.id}",
            f"This must be one of: {listed}.{hint.en}",
            near,
        )
        return None

    def date(self, entry: Entry | None) -> datetime.date | None:
        """A day written YYYY-MM-DD."""
        if entry is None:
            return None
        return self.day(entry.value)

    def day(self, node: Node) -> datetime.date | None:
        """The node's text as a day."""
        if node.kind == TEXT and re.fullmatch(r"\d{4}-\d{2}-\d{2}", node.value, re.ASCII):
            try:
                return datetime.date.fromisoformat(node.value)
            except ValueError:
                pass
        self.wrong(
            node,
            f"Di sini harus tanggal seperti 2026-03-20, bukan{_shown(node) or ' ini'}.",
            f"This must be a date like 2026-03-20, not{_shown(node) or ' this'}.",
        )
        return None

    # -- lists and titles ------------------------------------------------------------------------------------------

    def nodes(self, entry: Entry | None) -> list[Node]:
        """The items of a list."""
        if entry is None:
            return []
        if entry.value.kind != LIST:
            self.wrong_kind(entry.value, LIST)
            return []
        return entry.value.items

    def names(self, entry: Entry | None) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(str(node.value) for node in self.name_nodes(entry))

    def name_nodes(self, entry: Entry | None) -> list[Node]:
        """A list of texts, as nodes; items of another kind are reported and left out."""
        found = []
        for node in self.nodes(entry):
            if node.kind == TEXT:
                found.append(node)
            else:
                self.wrong_kind(node, TEXT)
        return found

    def title(self, entry: Entry | None, default: str = "") -> Text:
        """What people read: ``{id, en}`` or one text for both; a language that is missing or blank is WF060."""
        return self.optional_title(entry) or Text(default, default)

    def optional_title(self, entry: Entry | None) -> Text | None:
        """A title, or None when there is none."""
        if entry is None:
            return None
        node = entry.value
        if node.kind == TEXT:
            return Text(node.value, node.value)
        if node.kind != MAP:
            self.wrong_kind(node, TEXT, MAP)
            return None
        given = self.keys(entry, ("id", "en"))
        if not given:
            self.wrong_kind(node, TEXT)
            return None
        texts = {language: self.optional_text(given.get(language)) for language in ("id", "en")}
        named = {language: text for language, text in texts.items() if text and not text.isspace()}
        for language, text in texts.items():
            if language not in named and (language not in given or text is not None):
                self.problems.add(
                    "WF060",
                    entry.key,
                    f"Teks bahasa {'Indonesia' if language == 'id' else 'Inggris'} belum ada.",
                    f"The {'Indonesian' if language == 'id' else 'English'} text is missing.",
                    language,
                )
        one = named.get("id", named.get("en", ""))
        return Text(named.get("id", one), named.get("en", one))


def first_line(node: Node) -> Entry:
    """The whole file as an entry: what it lacks is reported on line 1."""
    return Entry(Node(TEXT, "", Position(node.file, 1, 1)), node)


def item(node: Node) -> Entry:
    """A list's item as an entry: what it lacks is reported at the item itself."""
    return Entry(node, node)


def _shown(node: Node) -> str:
    if node.kind == BOOLEAN:
        return f' "{str(node.value).lower()}"'
    if node.kind in (TEXT, INTEGER, DECIMAL):
        return f' "{shorten(str(node.value))}"'
    return ""
