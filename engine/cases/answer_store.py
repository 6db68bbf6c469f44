"""Typed answers as plain JSON and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
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
    return {key: _typed(fields.get(key), value) for key, value in plain.items()}


class StoredAnswers(Mapping[str, Any]):
    """The typed answers behind a stored text. Each becomes a value when it is first read: most steps read few."""

    __slots__ = ("_fields", "_found", "_plain", "text")

    def __init__(self, fields: Mapping[str, Field], text: str) -> None:
        self._fields, self.text = fields, text
        self._plain: dict[str, Any] | None = None
        self._found: dict[str, Any] = {}

    def _stored(self) -> dict[str, Any]:
        if self._plain is None:
            self._plain = json.loads(self.text)
        return self._plain

    def __getitem__(self, key: str) -> Any:
        found = self._found
        if key not in found:
            found[key] = _typed(self._fields.get(key), self._stored()[key])
        return found[key]

    def get(self, key: str, default: Any = None) -> Any:
        """The answer, or ``default`` without one."""
        return self[key] if key in self._stored() else default

    def __contains__(self, key: object) -> bool:
        return key in self._stored()

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored())

    def __len__(self) -> int:
        return len(self._stored())

    def __repr__(self) -> str:
        return repr(dict(self))


def _typed(field: Field | None, value: Any) -> Any:
    return _unmarked(value) if field is None else kind_of(field.type).from_store(value, field)


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
