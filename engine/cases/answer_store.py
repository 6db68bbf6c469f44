"""Typed answers as plain JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.definitions.model import Field
from engine.field_types import kind_of


def to_store(fields: Mapping[str, Field], answers: Mapping[str, Any]) -> dict[str, Any]:
    """``answers`` as JSON can hold them; empty ones are left out.

    An answer without a field (an output of a decision table) is marked with its kind where JSON has none.
    """
    found = {}
    for key, value in answers.items():
        if value is None:
            continue
        field = fields.get(key)
        found[key] = _marked(value) if field is None else kind_of(field.type).to_store(value, field)
    return found


def from_store(fields: Mapping[str, Field], plain: Mapping[str, Any]) -> dict[str, Any]:
    """The typed answers again."""
    found = {}
    for key, value in plain.items():
        field = fields.get(key)
        found[key] = _unmarked(value) if field is None else kind_of(field.type).from_store(value, field)
    return found


def _marked(value: Any) -> Any:
    match value:
        case Decimal():
            return {"$decimal": str(value)}
        case datetime():
            return {"$moment": value.isoformat()}
        case date():
            return {"$date": value.isoformat()}
        case list() | tuple():
            return [_marked(each) for each in value]
        case Mapping():
            return {str(key): _marked(each) for key, each in value.items()}
    return value


def _unmarked(value: Any) -> Any:
    match value:
        case {"$decimal": str() as text}:
            return Decimal(text)
        case {"$moment": str() as text}:
            return datetime.fromisoformat(text)
        case {"$date": str() as text}:
            return date.fromisoformat(text)
        case list():
            return [_unmarked(each) for each in value]
        case dict():
            return {key: _unmarked(each) for key, each in value.items()}
    return value
