"""For whom a sealed case is open at a step: those it has something to do for, and nobody the rules keep away.

The design's table (security.md, *Recipients*): the roles of the step, minus who is excluded. A role of the step is a
candidate's, or one named in ``by`` of a transition that can be taken there. Internal transitions do not count: *declare
a conflict* names everybody, and being able to step back is no reason to read.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.cases.assigning import widened
from engine.cases.people import Route, candidates, is_conflicted, is_kept_away, routes, routes_of
from engine.cases.step import Step
from engine.definitions.scope import ExpressionFault
from engine.facts import REPORTER, OpenTask, PersonId

OUTSIDE_BODY = "outside_inspectorate"  # the group that takes a case nobody here may handle


def recipients(step: Step) -> frozenset[PersonId]:
    """The people of the organisation who may read the case now. Raises KeyNeeded where rules ask for sealed answers
    that are not open."""
    found = {seat.person for task in step.tasks.values() for seat in candidates(step, task)}
    found.update(route.seat.person for route in _by(step) if not is_kept_away(step, route))
    return frozenset(person for person in found if person != REPORTER and not is_hidden_from(step, person))


def is_hidden_from(step: Step, person: PersonId) -> bool:
    """Whether the case is hidden from this person altogether (``visibility.hidden_from``); a rule that cannot be
    calculated hides."""
    for rule in step.definition.visibility.get("hidden_from", ()):
        try:
            if rule.evaluate(step.scope(user=person)):
                return True
        except ExpressionFault:
            return True
    return False


def is_too_near(step: Step, person: PersonId) -> bool:
    """Whether a separation of duties keeps this person out of any role of the case: a colleague, a superior."""
    return any(is_conflicted(step, role, person) for role in step.chart.duties)


def keepers(step: Step, people: frozenset[PersonId]) -> frozenset[PersonId]:
    """Those of ``people`` who keep a copy where a step asks nobody of the organisation: not who could act in the case
    by some role and is kept away in each of them now."""
    found = [route for route in routes_of(step, _inside(step)) if route.seat.person in people]
    free = {route.seat.person for route in found if not is_kept_away(step, route)}
    return people - {route.seat.person for route in found if route.seat.person not in free}


def body_outside(step: Step) -> frozenset[PersonId]:
    """The people of the body outside, as far as the case is not kept from them too."""
    role = _outside_role(step)
    found = () if role is None else routes_of(step, (role,))
    people = {route.seat.person for route in found if not is_kept_away(step, route)}
    return frozenset(person for person in people if not is_hidden_from(step, person))


def _inside(step: Step) -> tuple[str, ...]:
    return tuple(role for role in step.definition.roles if role not in step.chart.external)


def _by(step: Step) -> Iterator[Route]:
    external = step.chart.external
    seen: set[str] = set()
    for leaf in step.chart.leaves(step.active):
        for known in step.chart.known(leaf).values():
            if not known.transition.is_internal and not known.is_vote:
                seen.update(role for role in known.transition.by if role not in external)
    yield from routes_of(step, sorted(seen))


def hand_outside(step: Step) -> None:
    """Where conflicts of interest keep everybody away from a task, offers it to the body outside as well: the role of
    the group of that name. A case is never left to nobody because all are in conflict (security.md, *Recipients*).
    Asked only when tasks or answers changed: without them nobody's conflict did, and a deadline needs no key."""
    facts = step.facts
    if step.tasks == facts.state.tasks and step.answers is facts.answers:
        return
    role = _outside_role(step)
    if role is None:
        return
    for task in tuple(step.tasks.values()):
        if role not in task.roles and _keeps_everybody_away(step, task):
            step.tasks[task.number] = widened(step, task, role)


def _outside_role(step: Step) -> str | None:
    for role in step.definition.roles.values():
        if role.resolve == "group" and role.options.get("group") == OUTSIDE_BODY:
            return role.key
    return None


def _keeps_everybody_away(step: Step, task: OpenTask) -> bool:
    """Nobody is left, and a conflict has a part in it; that one person must not do two things alone is none."""
    return any(is_kept_away(step, route) for route in routes(step, task)) and not candidates(step, task)
