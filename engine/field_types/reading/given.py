"""The answers a scenario begins with: which of them a case could never hold (``test`` and ``lint`` ask the same)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.definitions.model import Field

# What is looked up by name: on paper nobody knows every unit, scale or list a region has, so a name is taken as it is.
_NAMED = frozenset({"choice", "choices", "measure", "unit", "position", "reference", "scale", "file", "files"})


def is_of_another_kind(field: Field, value: Any, inner: Sequence[str]) -> bool:
    """Whether a ``value`` that its field did not take, at the path ``inner`` below it, is of another kind than the
    field: expressions would meet a text where they count. Headings and signatures are answered by nobody."""
    if field.computed is not None or field.type in ("heading", "signature"):
        return False
    kind, found = _at(field, value, inner)
    return not (kind in _NAMED and isinstance(found, str | int | Decimal))


def _at(field: Field, value: Any, inner: Sequence[str]) -> tuple[str, Any]:
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
