"""Units of measure and scales: what kind of value a target is counted in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.model import Field
from engine.field_types.question import Context
from engine.field_types.sources import entries

DEFAULT_SOURCE = "units_of_measure"


def unit_of(field: Field, context: Context) -> Mapping[str, Any] | None:
    """The unit a measure stands in: ``{kind, places, minimum, maximum, scale, title}``; None until it is chosen.

    Without ``unit`` and ``unit_from`` a measure is a plain number.
    """
    beside = field.options.get("unit_from")
    key = context.beside.get(beside) if beside else field.options.get("unit")
    if key is None:
        return None if beside else {"kind": "number"}
    found = entries(DEFAULT_SOURCE, context).get(key)
    return found if isinstance(found, Mapping) else None


def is_graded(unit: Mapping[str, Any]) -> bool:
    """Whether values of this unit are grades of a scale (a predicate) instead of numbers."""
    return unit.get("kind") in ("predicate", "grade")


def scale_of(name: Any, context: Context) -> Mapping[str, Any]:
    """The grades of a scale with their values; without a name the form's only scale; empty when there is none."""
    scales = context.form.scales if context.form else {}
    if name is None and len(scales) == 1:
        return next(iter(scales.values()))
    return scales.get(name, {})
