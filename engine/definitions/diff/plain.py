"""Values of the model as JSON can hold them and as ``==`` compares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine.definitions.expressions import Expression
from engine.definitions.model import DueAt


def plain(value: Any) -> Any:
    """A value of the model as JSON can hold it and ``==`` compares it: expressions as their text, sets sorted."""
    if isinstance(value, Expression):
        return value.text
    if isinstance(value, DueAt):
        return value.expression.text
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, frozenset | set):
        return sorted((plain(inner) for inner in value), key=str)
    if isinstance(value, tuple | list):
        return [plain(inner) for inner in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    return value


def is_same(old: Any, new: Any) -> bool:
    """Whether two values of the model say the same; the order of maps counts for nothing here."""
    return bool(plain(old) == plain(new))
