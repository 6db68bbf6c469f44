"""What a stand-in may do, and whose exclusions they carry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from typing import Any

from engine.cases.step import Step
from engine.facts import Audience, PersonId, Seat

STAND_IN = "stand_in"  # tells both sides of an absence whose task goes to a replacement
GIVEN = ("delegate", "out_of_office")  # mandates that somebody gives of their own


def giver(seat: Seat) -> PersonId | None:
    """Who lets this seat's person act for them. An office held by decree (Plt., Plh.) is nobody's own to give, so what
    keeps its absent holder away does not keep away whoever was appointed."""
    return seat.principal if seat.kind in GIVEN else None


def is_excluded(seat: Seat, excluded: Set[PersonId]) -> bool:
    """Whether an exclusion keeps this seat from acting: its person's, or of who gave the mandate by which they act."""
    return seat.person in excluded or giver(seat) in excluded


def has_power(step: Step, seat: Seat, actions: frozenset[str]) -> bool:
    """Whether a seat may do at least one of ``actions``: one's own right may, a stand-in what ``may`` lists."""
    if seat.kind is None:
        return True
    powers = step.definition.substitution.get(seat.kind)
    if powers is None or powers.may.isdisjoint(actions):
        return False
    if seat.kind == "delegate" and powers.max_depth == 0:
        return False
    return powers.within is None or seat.principal is None or _is_near(step, powers.within, seat.person, seat.principal)


def _is_near(step: Step, within: str, person: PersonId, principal: PersonId) -> bool:
    """Whether both belong to one unit (``unit``), or to one unit of a level; not held against them when unknown."""
    unit, other = step.directory.person(person).unit, step.directory.person(principal).unit
    if unit is None or other is None or unit == other:
        return True
    row_of = getattr(step.directory, "unit", None)  # on paper there are no units
    if within == "unit" or row_of is None:
        return within != "unit"
    return bool(_of_level(row_of, unit, within) & _of_level(row_of, other, within))


def _of_level(row_of: Callable[[Any], Any], unit: Any, level: str) -> set[int]:
    """The unit itself and those above it that are of this level."""
    row = row_of(unit)
    above = [] if row is None else [row_of(int(part)) for part in row.path.split("/") if part]
    return {each.id for each in above if each is not None and each.level == level}


def told_of_absence(step: Step, who: Iterable[Seat]) -> tuple[Audience, ...]:
    """Who hears that a task goes to a replacement: those the case type names of the absent one and who acts for them,
    when it lets tasks go to replacements. ``who`` are the task's candidates."""
    powers = step.definition.substitution.get("out_of_office")
    if powers is None or not powers.reroute or not powers.notify:
        return ()
    found: dict[Audience, None] = {}
    for seat in who:
        if seat.kind == "out_of_office" and seat.principal is not None:
            sides = {"principal": seat.principal, "substitute": seat.person}
            found.update({Audience("person", str(sides[name])): None for name in powers.notify if name in sides})
    return tuple(found)
