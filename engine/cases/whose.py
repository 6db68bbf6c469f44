"""Whose a new case is when nobody says: the unit of who opens it, or one near it that the source of its rows names.

A part whose rows are about one unit registers a function beside their source::

    @case_unit("registry.shelves")
    def registered_office(session, region_id, unit_id): ...

It is asked for case types with a table whose ``rows_from`` names that source, with the unit of who opens the case, and
gives a unit of the region, or None where there is none. Nothing is asked of any other case type.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from engine.definitions.model import Definition

CaseUnit = Callable[[Session, int, int], int | None]  # region's id, the unit of who opens it

CASE_UNITS: dict[str, CaseUnit] = {}


def case_unit(source: str) -> Callable[[CaseUnit], CaseUnit]:
    """Registers the decorated function for a source of rows; registered again it takes the older one's place."""

    def register(function: CaseUnit) -> CaseUnit:
        CASE_UNITS[source] = function
        return function

    return register


def unit_of_new(session: Session, region_id: int, definition: Definition, unit: Any) -> Any:
    """The unit a case of this definition belongs to when a person of ``unit`` opens it and names none."""
    if unit is None:
        return None
    asked = (field.options.get("rows_from") for field in definition.fields.values())
    sources = dict.fromkeys(each["source"] for each in asked if each is not None)
    named = (CASE_UNITS[source](session, region_id, int(unit)) for source in sources if source in CASE_UNITS)
    return next((one for one in named if one is not None), unit)
