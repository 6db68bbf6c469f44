"""What people read for one answer: the field type's own words, with names for people, units and positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.definitions.model import Field, Form
from engine.facts import Audience
from engine.field_types import FIELD_TYPES
from engine.field_types.question import Context

NUMBERS = frozenset({"integer", "decimal", "money", "percent", "measure", "year"})
NAMED = frozenset({"person", "position", "unit"})


@dataclass(frozen=True, slots=True)
class Reading:
    """How a document is read: in which language, who is who, what may be seen, what has changed (path → old)."""

    form: Form | None
    language: str
    names: Any  # the region's directory
    visible: frozenset[str] = frozenset()
    changed: Mapping[str, str] = field(default_factory=dict)


def is_number(item: Field) -> bool:
    """Whether answers stand to the right in tables."""
    return item.type in NUMBERS


def shown(item: Field, value: Any, beside: Mapping[str, Any], reading: Reading) -> str:
    """The answer in words; "" when nothing was given. ``beside`` are the answers of the same row."""
    if value is None:
        return ""
    if item.type in NAMED:
        return _named(item.type, value, reading)
    kind = FIELD_TYPES.values()[item.type]
    return kind.show(value, item, reading.language, Context(form=reading.form, beside=beside))


def _named(kind: str, value: Any, reading: Reading) -> str:
    if kind == "person":
        return reading.names.person(value).name or str(value)
    if kind == "unit":
        unit = reading.names.unit(value)
        return unit.name if unit is not None else str(value)
    return str(reading.names.title(Audience("position", str(value)), reading.language))
