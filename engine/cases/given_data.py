"""The answers a scenario begins with: what of them a case could never hold."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.changes import FieldFault
from engine.definitions.model import Definition, Field
from engine.errors import InvalidInput

# What is looked up by name: on paper nobody knows every unit, scale or list a region has, so a name is taken as it is.
_NAMED = frozenset({"choice", "choices", "measure", "unit", "position", "reference", "scale", "file", "files"})


def refuse_unreadable(definition: Definition, data: Mapping[str, Any], faults: tuple[FieldFault, ...]) -> None:
    """Raises InvalidInput for the first answer that is of another kind than its field: a case with it is none that
    could be, and expressions would meet a text where they count. Answers without a field are the author's own."""
    for fault in faults:
        name, *inner = fault.path.split(".")
        field = definition.fields.get(name)
        if field is None or field.computed is not None or field.type in ("heading", "signature"):
            continue
        kind, value = _at(field, data.get(name), inner)
        if kind in _NAMED and isinstance(value, str | int | Decimal):
            continue
        raise InvalidInput(f"data: {fault.path}: {fault.message.en}")


def _at(field: Field, value: Any, inner: list[str]) -> tuple[str, Any]:
    """The kind that is asked at the end of a path inside an answer, and what stands there."""
    kind = field.type
    for part in inner:
        if part.isdigit():
            value = value[int(part)] if isinstance(value, list | tuple) and int(part) < len(value) else None
            kind = str(field.options.get("of", "text")) if field.type == "list" else field.type
        elif part in field.columns:
            field = field.columns[part]
            kind, value = field.type, value.get(part) if isinstance(value, Mapping) else None
    return kind, value
