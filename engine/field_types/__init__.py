"""The shelf of kinds of question: one field type a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from engine.field_types.question import FieldType
from engine.shelf import Shelf

FIELD_TYPES: Shelf[FieldType] = Shelf(__name__)


def kind_of(name: str) -> FieldType:
    """The field type of that name; a definition that passed its checks names no other."""
    return FIELD_TYPES.values()[name]


Kind = TypeVar("Kind", bound=type[FieldType])


def field_type(name: str) -> Callable[[Kind], Kind]:
    """Puts the decorated class on the shelf, as one object that serves every field of the type."""

    def decorate(kind: Kind) -> Kind:
        instance = kind()
        instance.name = name
        FIELD_TYPES.add(name, instance, kind.__module__)
        return kind

    return decorate
