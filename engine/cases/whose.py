"""Whose a new case is when nobody says: the unit of who opens it, or one near it that a part of the installation names.

A part that knows better for its case types registers a function::

    @case_unit("registry")
    def registered_office(session, region_id, case_type, unit_id): ...

It is asked with the unit of who opens the case, and gives a unit of the region, or None where the case type is none of
its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

CaseUnit = Callable[[Session, int, str, int], int | None]  # region's id, case type, the unit of who opens it

CASE_UNITS: dict[str, CaseUnit] = {}


def case_unit(name: str) -> Callable[[CaseUnit], CaseUnit]:
    """Registers the decorated function under the name of its part; registered again it takes the older one's place."""

    def register(function: CaseUnit) -> CaseUnit:
        CASE_UNITS[name] = function
        return function

    return register


def unit_of_new(session: Session, region_id: int, case_type: str, unit: Any) -> Any:
    """The unit a case belongs to when a person of ``unit`` opens it and names none."""
    if unit is None:
        return None
    named = (choose(session, region_id, case_type, int(unit)) for choose in CASE_UNITS.values())
    return next((one for one in named if one is not None), unit)
