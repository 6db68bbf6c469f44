"""What of a sealed case a recipient reads: the classes whose readers hold a role of theirs (reference §14)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.cases.people import Route, is_kept_away, routes, routes_of
from engine.cases.step import Step
from engine.definitions.model import Definition
from engine.facts import PersonId

ORDINARY, RESTRICTED, CONFIDENTIAL = "ordinary", "restricted", "confidential"


@dataclass(frozen=True, slots=True)
class Rights:
    """``hidden`` are fields the reader may not read. What the reporter said and sent is confidential, what officers
    noted among themselves restricted. A key opens a case as a whole: this is the program's rule, where who the
    recipients are is cryptography's."""

    hidden: frozenset[str] = frozenset()
    reads_reporter: bool = True
    reads_officers: bool = True


def rights_of(step: Step, person: PersonId) -> Rights:
    """What ``person`` reads here; of a case type that is not sealed, everything."""
    definition = step.definition
    if not definition.is_sealed:
        return Rights()
    open_to = _classes(definition, _roles_of(step, person))
    hidden = frozenset(key for key, field in definition.fields.items() if field.classification not in open_to)
    return Rights(hidden, CONFIDENTIAL in open_to, RESTRICTED in open_to)


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
