"""Methods and consolidations: a kind from a shelf with its options, kept as written (reference §5).

Which kinds there are and which options each needs is for the shelves to say, so that a new kind is one new file.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from engine.definitions.source import MAP, Entry
from sakip.configuration.heads import Head
from sakip.configuration.measurement import UNIT_KINDS, Consolidation, Method
from sakip.configuration.reading import FieldReader, is_number

METHOD_KEYS = ("kind", "title", "units", "aliases")


def parse_method(key: str, entry: Entry, head: Head, reader: FieldReader) -> Method:
    """One method; every key beside those all methods have is an option of its kind."""
    options = {name: each for name, each in reader.free(entry).items() if name not in METHOD_KEYS}
    given = reader.given(entry, (*METHOD_KEYS, *options), ("kind",))
    return Method(
        key,
        reader.text(given.get("kind")),
        reader.title(given.get("title"), key),
        _units(given.get("units"), reader),
        reader.names(given.get("aliases")),
        {name: _option(each, reader) for name, each in options.items()},
        head.unsure.get(f"methods.{key}"),
    )


def _option(entry: Entry, reader: FieldReader) -> Any:
    """A number exact, rows as pairs in rising order, anything else as plain value."""
    if is_number(entry.value):
        return Fraction(entry.value.value)
    return _rows(entry, reader) if entry.value.kind == MAP else entry.value.plain()


def _rows(rows: Entry, reader: FieldReader) -> tuple[tuple[Fraction, Fraction], ...]:
    found = []
    for entry in reader.named(rows).values():
        given = reader.given(entry, ("from", "achievement", "title"), ("from", "achievement"))
        start, value = reader.fraction(given.get("from")), reader.fraction(given.get("achievement"))
        reader.optional_title(given.get("title"))
        if start is not None and value is not None:
            found.append((start, value))
    return tuple(sorted(found))


def _units(entry: Entry | None, reader: FieldReader) -> tuple[str, ...]:
    """The kinds of unit it is for; an unknown one is for the checks to tell (WF202)."""
    return tuple(name for name in reader.names(entry) if name in UNIT_KINDS)


def parse_consolidation(key: str, entry: Entry, reader: FieldReader) -> Consolidation:
    """How the values of periods become one."""
    given = reader.given(entry, METHOD_KEYS, ("kind",))
    return Consolidation(
        key,
        reader.text(given.get("kind")),
        reader.title(given.get("title"), key),
        _units(given.get("units"), reader),
        reader.names(given.get("aliases")),
    )
