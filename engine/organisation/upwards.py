"""The way up from a unit or a position, as an organisation stands on a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.organisation.snapshot import Organisation, PositionRow, UnitRow
from engine.organisation.standing import is_valid


def units_up(org: Organisation, unit_id: int | None, day: date) -> Iterator[UnitRow]:
    """The unit and those above it that are valid that day, the nearest first."""
    unit = None if unit_id is None else org.units.get(unit_id)
    for _ in range(len(org.units)):  # ends even if rows were bent into a circle
        if unit is None:
            return
        if is_valid(unit, day):
            yield unit
        unit = None if unit.parent_id is None else org.units.get(unit.parent_id)


def heads_up(org: Organisation, unit_id: int | None, day: date) -> Iterator[PositionRow]:
    """The positions of the heads of the unit and of those above it, the nearest first."""
    for unit in units_up(org, unit_id, day):
        for position in org.places.get((unit.id, "head"), ()):
            if is_valid(org.positions[position], day):
                yield org.positions[position]


def line_above(org: Organisation, position: PositionRow, day: date) -> Iterator[PositionRow]:
    """The positions above this one: its own superiors as far as they are named, then the heads of units above."""
    seen = {position.id}
    current = position
    while current.superior_id is not None and current.superior_id not in seen:
        seen.add(current.superior_id)
        current = org.positions[current.superior_id]
        if is_valid(current, day):
            yield current
    for head in heads_up(org, current.unit_id, day):
        if head.id not in seen:
            yield head
