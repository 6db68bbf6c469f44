"""Which places an approval has: written down, up a reporting line, or one for each owner in the answers.

A place is kept as ``[key, roles, has veto, audiences or None]`` for the running entry: asked once, when it is entered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.cases.people import allowed, excluded_people, own_holders, routes_of
from engine.cases.step import Step
from engine.definitions.expressions import Expression
from engine.definitions.model import Approval, ApproversAlong, ApproversForEach
from engine.definitions.scope import ExpressionFault, Scope
from engine.facts import Audience, PersonId

Place = list[Any]
_CLIMB_LIMIT = 30  # steps up a reporting line before it counts as ended; no ladder of offices is that long


def places_of(step: Step, approval: Approval) -> list[Place]:
    """The places of an approval that is entered now. Written approvers nobody needs leave none; a line or a list
    that names nobody leaves one place nobody holds, so it is never approved by silence (reference §8.16)."""
    places: list[Place] = []
    if approval.along is not None:
        places += _line(step, approval.along)
    if approval.for_each is not None:
        places += _owners(step, approval.for_each) or [_nobody()]
    for approver in approval.approvers:
        if approver.needed_when is None or _is_needed(approver.needed_when, step.scope(user=step.actor)):
            places.append([approver.key, list(approver.candidates), approver.has_veto, None])
    if approval.same_person in ("skip", "up"):
        places = _without_repeats(step, approval, places)
    return places


def audiences_of(place: Place) -> list[Audience]:
    """The people or positions a place names itself."""
    return [Audience(kind, key) for kind, key in place[3] or ()]


def holders_of(step: Step, approval: Approval, place: Place) -> set[PersonId]:
    """Everybody who may decide in a place."""
    found = routes_of(step, place[1], audiences_of(place))
    barred = excluded_people(step, approval.excluded)
    return {route.seat.person for route in allowed(step, found, barred, frozenset({approval.accept}))}


def _nobody() -> Place:
    return ["nobody", [], False, []]


def _is_needed(condition: Expression, scope: Scope) -> bool:
    """Whether a place is needed; where that cannot be calculated it is: nobody is left out by a fault."""
    try:
        return bool(condition.evaluate(scope))
    except ExpressionFault:
        return True


def _is_true(expression: Expression, scope: Scope) -> bool:
    try:
        return bool(expression.evaluate(scope))
    except ExpressionFault:
        return False


def _line(step: Step, along: ApproversAlong) -> Iterator[Place]:
    """Up the line until somebody may decide. ``at_most`` ends it as sufficient; its top, when ``until`` was not met,
    adds a place nobody holds."""
    start = own_holders(step, along.from_role)
    person = start[0] if start else None
    seen: set[PersonId | None] = {person}
    for count in range(1, (along.at_most or _CLIMB_LIMIT) + 1):
        audience = None if person is None else step.directory.superior(person, step.now)
        holder = None if audience is None else _holder(step, audience)
        if audience is None or holder is None or holder in seen:
            if count == 1 or along.until is not None:
                yield _nobody()
            return
        yield [str(audience), [], False, [[audience.kind, audience.key]]]
        if along.until is not None and _is_true(along.until, step.scope(user=holder)):
            return
        seen.add(holder)
        person = holder


def _holder(step: Step, audience: Audience) -> PersonId | None:
    seats = step.directory.seats(audience, step.now)
    return next((seat.person for seat in seats if seat.kind is None), seats[0].person if seats else None)


def _owners(step: Step, each: ApproversForEach) -> list[Place]:
    found: list[Place] = []
    seen: set[Any] = set()
    for number, item in enumerate(_evaluated(each.collection, step.scope(user=step.actor)) or (), 1):
        owner = _evaluated(each.owner, step.scope(user=step.actor, item=item))
        if each.is_distinct and owner in seen:
            continue
        seen.add(owner)
        found.append([str(number), [], False, [["person", str(owner)]] if owner not in (None, "") else []])
    return found


def _evaluated(expression: Expression, scope: Scope) -> Any:
    try:
        return expression.evaluate(scope)
    except ExpressionFault:
        return None


def _without_repeats(step: Step, approval: Approval, places: list[Place]) -> list[Place]:
    """``skip`` drops a place whose only holder has one already; ``up`` gives it to the next superior who has none."""
    taken: set[PersonId] = set()
    found: list[Place] = []
    for place in places:
        holders = holders_of(step, approval, place)
        if len(holders) == 1 and holders <= taken:
            if approval.same_person == "skip":
                continue
            place = climbed(step, approval, place, next(iter(holders)), taken)
            holders = holders_of(step, approval, place)
        if len(holders) == 1:
            taken |= holders
        found.append(place)
    return found


def climbed(step: Step, approval: Approval, place: Place, person: PersonId, taken: set[PersonId]) -> Place:
    """The place held by the nearest superior of ``person`` who has none yet; by nobody when the line ends."""
    here: PersonId | None = person
    for _ in range(_CLIMB_LIMIT):
        audience = None if here is None else step.directory.superior(here, step.now)
        if audience is None:
            break
        higher: Place = [place[0], [], place[2], [[audience.kind, audience.key]]]
        if not holders_of(step, approval, higher) <= taken:
            return higher
        here = _holder(step, audience)
    return [place[0], [], place[2], []]
