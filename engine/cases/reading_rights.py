"""Which answers of a sealed case a recipient reads: the classes whose readers hold a role of theirs (reference §14)."""

from __future__ import annotations

from engine.cases.people import Route, is_kept_away, routes, routes_of
from engine.cases.step import Step
from engine.definitions.model import Definition
from engine.facts import PersonId

ORDINARY = "ordinary"


def unreadable(step: Step, person: PersonId) -> frozenset[str]:
    """The fields ``person`` may not read in this case; of a case type that is not sealed, none. A key opens a case as
    a whole, so this is the program's rule, where the recipients are cryptography's."""
    definition = step.definition
    if not definition.is_sealed:
        return frozenset()
    open_to = _classes(definition, _roles_of(step, person))
    return frozenset(key for key, field in definition.fields.items() if field.classification not in open_to)


def _classes(definition: Definition, roles: frozenset[str]) -> frozenset[str]:
    classes = definition.visibility.get("classes", {})
    named = {key for key, given in classes.items() if not roles.isdisjoint(given["readers"])}
    return frozenset({ORDINARY, *named})


def _roles_of(step: Step, person: PersonId) -> frozenset[str]:
    """The roles the person may act in here, by whatever road: in their own right, for somebody else, for one task."""
    found: list[Route] = routes_of(step, step.definition.roles)
    for task in step.tasks.values():
        found += routes(step, task)
    return frozenset(
        route.role
        for route in found
        if route.role is not None and route.seat.person == person and not is_kept_away(step, route)
    )
