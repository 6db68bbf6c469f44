"""The kinds of value an expression can have, and which of them go together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

NUMBERS = frozenset({"integer", "decimal"})
DAYS = frozenset({"date", "moment"})
ORDERED = frozenset({"text", "integer", "decimal", "date", "moment", "duration", "scale"})
WORDS = frozenset({"text", "choice", "scale"})


@dataclass(frozen=True, slots=True)
class Type:
    """What kind of value, and what is known about it.

    ``kind`` is text, integer, decimal, boolean, date, moment, duration, person, unit, position, choice, scale, list,
    table, row, reference, file, null or unknown (after a finding: fits everything). ``of`` is what a list holds,
    ``choices`` the keys a choice can have (None: not known here), ``columns`` those of a table or row, ``ranks`` the
    value of each key of a scale.
    """

    kind: str
    of: Type | None = None
    choices: tuple[str, ...] | None = None
    columns: Mapping[str, Type] | None = field(default=None, hash=False)
    ranks: Mapping[str, Any] | None = field(default=None, hash=False)
    may_be_empty: bool = False
    title: Any = field(default=None, compare=False)  # of a column: what people read
    labels: Mapping[str, Any] | None = field(default=None, compare=False)  # of a choice: what people read for a key
    is_private: bool = field(default=False, compare=False)  # of a field that is not of class ordinary

    def emptied(self, may_be_empty: bool = True) -> Type:
        """The same type, for a value that may (or may not) be missing."""
        return self if self.may_be_empty == may_be_empty else replace(self, may_be_empty=may_be_empty)


UNKNOWN = Type("unknown")
NULL = Type("null", may_be_empty=True)
TEXT = Type("text")
INTEGER = Type("integer")
DECIMAL = Type("decimal")
BOOLEAN = Type("boolean")
DATE = Type("date")
MOMENT = Type("moment")
DURATION = Type("duration")
PERSON = Type("person")
UNIT = Type("unit")
POSITION = Type("position")
REFERENCE = Type("reference")
FILE = Type("file")

_BY_NAME = {
    "text": TEXT,
    "integer": INTEGER,
    "decimal": DECIMAL,
    "money": DECIMAL,
    "percent": DECIMAL,
    "number": DECIMAL,
    "boolean": BOOLEAN,
    "yes_no": BOOLEAN,
    "date": DATE,
    "moment": MOMENT,
    "duration": DURATION,
    "person": PERSON,
    "unit": UNIT,
    "choice": Type("choice"),
    "year": INTEGER,
    "month": TEXT,
    "paragraph": TEXT,
    "position": POSITION,
}


def list_of(item: Type) -> Type:
    """A list of such values. Lists are never missing: they are empty."""
    return Type("list", of=item)


def named_type(name: str) -> Type | None:
    """The type an author names in a parameter or in an output of a decision table; None when there is none."""
    return _BY_NAME.get(name)


def fits(one: Type, other: Type) -> bool:
    """Whether the two can be compared with ``==``."""
    if "unknown" in (one.kind, other.kind) or "null" in (one.kind, other.kind):
        return True
    if one.kind in NUMBERS:
        return other.kind in NUMBERS
    if one.kind in WORDS:
        return other.kind in WORDS
    if one.kind == "list" and other.kind == "list":
        return fits(one.of or UNKNOWN, other.of or UNKNOWN)
    return one.kind == other.kind and one.kind not in ("table", "row", "file", "reference")


def satisfies(actual: Type, expected: str) -> bool:
    """Whether a result of this type may stand where ``expected`` is wanted.

    ``expected`` is a kind, or ``date`` (also a moment), ``number`` (both kinds), ``list`` (also a table).
    """
    if actual.kind in ("unknown", expected):
        return True
    if expected == "list":
        return actual.kind == "table"
    if expected == "date":
        return actual.kind == "moment"
    if expected in ("number", "decimal", "money", "percent"):
        return actual.kind in NUMBERS
    if expected in ("text", "choice", "scale"):
        return actual.kind in WORDS
    named = named_type(expected)
    return named is not None and named.kind == actual.kind
