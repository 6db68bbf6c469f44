"""Rules of the type check that need no tree around them: what a literal, a sum, a list is; which call is meant."""

from __future__ import annotations

from typing import Any

from engine.definitions.expression_tree import Call, Junction, Node, Path
from engine.definitions.expression_types import (
    BOOLEAN,
    DAYS,
    DECIMAL,
    DURATION,
    INTEGER,
    NULL,
    NUMBERS,
    TEXT,
    UNKNOWN,
    Type,
)
from engine.definitions.model import Text
from engine.definitions.vocabulary_protocol import Signature

Known = frozenset[tuple[str, ...]]
NOTHING_KNOWN: Known = frozenset()

KIND_TITLES = {
    "text": ("teks", "text"),
    "integer": ("bilangan bulat", "an integer"),
    "decimal": ("bilangan", "a number"),
    "boolean": ("ya/tidak", "yes/no"),
    "date": ("tanggal", "a date"),
    "moment": ("waktu", "a moment"),
    "duration": ("jangka waktu", "a duration"),
    "person": ("orang", "a person"),
    "unit": ("unit kerja", "a unit"),
    "position": ("jabatan", "a position"),
    "choice": ("pilihan", "a choice"),
    "scale": ("predikat", "a predicate"),
    "list": ("daftar", "a list"),
    "table": ("tabel", "a table"),
    "row": ("baris tabel", "a row"),
    "reference": ("rujukan", "a reference"),
    "file": ("berkas", "a file"),
    "null": ("kosong", "empty"),
}


def kind_title(kind: str) -> Text:
    """What people call a kind of value."""
    return Text(*KIND_TITLES.get(kind, (kind, kind)))


def literal_type(value: Any) -> Type:
    """The type of a literal."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, str):
        return TEXT
    return INTEGER if isinstance(value, int) else DECIMAL


def common_type(kinds: list[Type]) -> Type:
    """What a list of such values holds."""
    if not kinds:
        return UNKNOWN
    if any(kind.kind == "decimal" for kind in kinds):
        return DECIMAL
    return kinds[0].emptied(False)


def filled_by(node: Node) -> Known:
    """Which paths are certainly filled once ``node`` was true; nothing is learnt from ``or`` and ``not``."""
    if isinstance(node, Call) and node.name == "filled" and len(node.arguments) == 1:
        argument = node.arguments[0]
        return frozenset({argument.names}) if isinstance(argument, Path) else NOTHING_KNOWN
    if isinstance(node, Junction) and node.is_and:
        return frozenset().union(*map(filled_by, node.parts))
    return NOTHING_KNOWN


def matching_signature(
    signatures: tuple[Signature, ...], arguments: tuple[Node, ...], kinds: list[Type]
) -> Signature | None:
    """The way of calling a function that is meant, by how many arguments and by the first one's kind."""
    fitting = [
        each
        for each in signatures
        if len(each.slots) == len(arguments) or (each.repeats and len(arguments) > len(each.slots))
    ]
    if len(fitting) > 1:
        for each in fitting:
            if kinds and ("any" in each.slots[0].kinds or kinds[0].kind in each.slots[0].kinds):
                return each
    return fitting[0] if fitting else None


def result_of(operator: str, left: str, right: str) -> Type | None:
    """What ``left operator right`` gives for two kinds; None when that cannot be."""
    if left in NUMBERS and right in NUMBERS:
        return DECIMAL if operator == "/" or "decimal" in (left, right) else INTEGER
    if operator == "-" and left in DAYS and left == right:
        return DURATION
    if operator in "+-" and right == "duration" and (left in DAYS or left == "duration"):
        return Type(left)
    if operator == "+" and left == "duration" and right in DAYS:
        return Type(right)
    if operator in "*/" and left == "duration" and right in NUMBERS:
        return DURATION
    return None
