"""Who may act: roles become audiences, audiences become seats, and one function says yes or why not.

The page, the action, the queue's exclusions and ``flask case why`` all ask here (reference §8.11).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engine.cases.performers import acted_through_others, only_through_others, performers
from engine.cases.refusals import day_text, either, moment_text, refuse
from engine.cases.standing_in import giver, has_power, is_excluded
from engine.cases.step import Step
from engine.changes import Refusal
from engine.definitions.model import Definition, DutySeparation, Text
from engine.definitions.scope import ExpressionFault
from engine.facts import REPORTER, Audience, CaseFacts, OpenTask, PersonId, Seat

NOBODY = Text("siapa pun", "anybody")


@dataclass(frozen=True, slots=True)
class Route:
    """One way in which somebody may act: their seat, and the role that opens it (None for a person named directly)."""

    seat: Seat
    role: str | None


# -- roles and audiences ------------------------------------------------------------------------------------------


def named_people(step: Step, role_key: str) -> tuple[PersonId, ...] | None:
    """The people of a role the case itself knows; None for a role the organisation has to answer."""
    role = step.definition.roles[role_key]
    if role.resolve == "initiator":
        return () if step.facts.initiator is None else (step.facts.initiator,)
    if role.resolve == "case_role":
        return tuple(step.case_roles.get(role_key, ()))
    if role.resolve == "field":
        return _people_in(step.answers.get(role.options["field"]))
    if role.resolve == "performer_of":
        return performers(step, role.options["state"])
    return None


def _people_in(value: Any) -> tuple[PersonId, ...]:
    if value is None or value == "":
        return ()
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def audiences(step: Step, role_key: str) -> tuple[Audience, ...]:
    """To whom a task of this role is offered."""
    known = step.offered_to.get(role_key)
    if known is None:
        step.offered_to[role_key] = ()  # a role that is its own superior ends here
        known = step.offered_to[role_key] = _audiences(step, role_key)
    return known


def _audiences(step: Step, role_key: str) -> tuple[Audience, ...]:
    people = named_people(step, role_key)
    if people is not None:
        return tuple([Audience("person", str(person)) for person in people])
    role = step.definition.roles[role_key]
    found = step.directory.audiences(role, step.facts_now())
    if found or role.resolve != "superior_of":
        return found
    above = (step.directory.superior(person, step.now) for person in own_holders(step, role.options["role"]))
    return tuple(dict.fromkeys(audience for audience in above if audience is not None))


def own_holders(step: Step, role_key: str) -> tuple[PersonId, ...]:
    """The people who hold a role in their own right."""
    people = named_people(step, role_key)
    if people is not None:
        return people
    seats = (seat for audience in audiences(step, role_key) for seat in step.directory.seats(audience, step.now))
    return tuple(dict.fromkeys(seat.person for seat in seats if seat.kind is None))


def routes_of(step: Step, roles: Iterable[str], direct: Iterable[Audience] = ()) -> list[Route]:
    """Every way to act for one of these roles, or for somebody named directly."""
    seats, now = step.directory.seats, step.now
    found = [Route(seat, role) for role in roles for audience in audiences(step, role) for seat in seats(audience, now)]
    found += [Route(seat, None) for audience in direct for seat in seats(audience, now)]
    return found


def routes(step: Step, task: OpenTask) -> list[Route]:
    """Every way to act on a task: by its roles, as somebody its place names, or by delegation of this one task."""
    found = routes_of(step, task.roles, direct_audiences(step, task) if task.place is not None else ())
    delegated = step.memory("delegated", str(task.number))
    if delegated is not None:
        until = date.fromisoformat(delegated["until"]) if delegated.get("until") else None
        if until is None or until >= step.calendar().today(step.now):
            seat = Seat(delegated["to"], delegated["by"], "delegate", until)
            found.append(Route(seat, next(iter(task.roles), None)))
    return found


def direct_audiences(step: Step, task: OpenTask) -> list[Audience]:
    """The people or positions a place of an approval names itself, without a role."""
    places = step.memory("places", task.state) or step.memory("late", task.state) or ()
    for key, _roles, _veto, direct in places:
        if key == task.place and direct:
            return [Audience(kind, name) for kind, name in direct]
    return []


# -- what forbids -------------------------------------------------------------------------------------------------


def excluded_people(step: Step, excluded: Sequence[str]) -> set[PersonId]:
    """The people a task's or approval's ``excluded`` names, and whoever acted for one of them in this case."""
    found: set[PersonId] = set()
    for name in excluded:
        if name.startswith("performer_of."):
            state = name.partition(".")[2]
            found.update(performers(step, state), acted_through_others(step, state))
        else:
            found.update(own_holders(step, name))
    stood_in = step.extras.get("stood_in", {})
    if stood_in:
        found.update([stand_in for person in tuple(found) for stand_in in stood_in.get(str(person), ())])
    return found


def is_kept_away(step: Step, route: Route) -> bool:
    """Whether a separation of duties keeps this way of acting closed: by its person, or by who gave the mandate."""
    absent = giver(route.seat)
    return is_conflicted(step, route.role, route.seat.person) or (
        absent is not None and is_conflicted(step, route.role, absent)
    )


def is_conflicted(step: Step, role: str | None, person: PersonId) -> bool:
    """Whether a separation of duties keeps ``person`` from acting in ``role``; one that cannot be asked keeps too."""
    if role is None or not step.chart.duties:
        return False
    return any(_keeps_away(step, rule, person) for rule in step.chart.duties.get(role, ()))


def _keeps_away(step: Step, rule: DutySeparation, person: PersonId) -> bool:
    """One rule's answer, asked once while nothing changes: it is the same for every role and task it applies to."""
    known = step.kept_away.get((rule.key, person))
    if known is None:
        try:
            known = bool(rule.exclude_when.evaluate(step.scope(user=person)))
        except ExpressionFault:
            known = True
        step.kept_away[rule.key, person] = known
    return known


def excluded_of(step: Step, state: str) -> tuple[str, ...]:
    """What the task or approval of a state excludes."""
    work = step.chart.work(state)
    return () if work is None else work.excluded


def allowed(step: Step, found: list[Route], excluded: set[PersonId], actions: frozenset[str]) -> Iterator[Route]:
    """The routes nothing forbids."""
    for route in found:
        if is_excluded(route.seat, excluded) or is_kept_away(step, route):
            continue
        if has_power(step, route.seat, actions):
            yield route


def candidates(step: Step, task: OpenTask) -> list[Seat]:
    """Everybody who may do something in a task, each once, own right first."""
    excluded = excluded_people(step, excluded_of(step, task.state))
    actions = step.chart.candidate_actions(task.state)
    found: dict[PersonId, Seat] = {}
    for route in allowed(step, routes(step, task), excluded, actions):
        known = found.get(route.seat.person)
        if known is None or (known.kind is not None and route.seat.kind is None):
            found[route.seat.person] = route.seat
    return list(found.values())


# -- one person ---------------------------------------------------------------------------------------------------

STAGES = {"not_candidate": 0, "mandate_expired": 1, "excluded": 2, "separation_of_duties": 3}


def seat_or_refusal(
    step: Step, found: list[Route], asked: Sequence[Audience], person: PersonId, excluded: Sequence[str], action: Text,
    actions: frozenset[str],
) -> list[Route] | Refusal:  # fmt: skip
    """The routes by which ``person`` may take one of ``actions``, own right first; or why there is none, in the
    reference's order: candidate, excluded, separation of duties, powers. ``asked`` serves to find ended mandates."""
    mine = [route for route in found if route.seat.person == person]
    if not mine:
        return _no_candidate(step, found, asked, person)
    if excluded:
        barred = excluded_people(step, excluded)
        left = [route for route in mine if not is_excluded(route.seat, barred)]
        if not left:
            if person not in barred:
                return _stands_in_for_excluded(step, mine[0].seat)
            return only_through_others(step, excluded, person) or refuse("excluded")
        mine = left
    free = [route for route in mine if not is_kept_away(step, route)]
    if not free:
        return refuse("separation_of_duties", role=_role_title(step, mine[0].role))
    able = [route for route in free if has_power(step, route.seat, actions)]
    if not able:
        return refuse("not_within_acting_powers", kind=kind_title(step.definition, free[0].seat.kind), action=action)
    return sorted(able, key=lambda route: route.seat.kind is not None)


def _stands_in_for_excluded(step: Step, seat: Seat) -> Refusal:
    absent = person_title(step, seat.principal)
    sentence = Text(
        f"{absent.id} menyusun atau memproses dokumen ini. Langkah ini tidak boleh dikerjakan atas namanya.",
        f"{absent.en} prepared or handled this document. Nobody may take this step in their name.",
    )
    return replace(refuse("excluded"), sentence=sentence)


def _no_candidate(step: Step, found: list[Route], asked: Sequence[Audience], person: PersonId) -> Refusal:
    for audience in asked:
        ended = step.directory.ended_mandate(audience, person, step.now)
        if ended is not None:
            until = day_text(ended.until) if ended.until else NOBODY
            return refuse("mandate_expired", kind=kind_title(step.definition, ended.kind), until=until)
    for delegated in step.extras.get("delegated", {}).values():  # of a task here; one in force would be a route
        if delegated["to"] == person and delegated.get("until"):
            until = day_text(date.fromisoformat(delegated["until"]))
            return refuse("mandate_expired", kind=kind_title(step.definition, "delegate"), until=until)
    roles = [_role_title(step, role) for role in dict.fromkeys(route.role for route in found) if role is not None]
    people = [person_title(step, route.seat.person) for route in found if route.role is None]
    return refuse("not_candidate", who=either(roles + people, Text("orang lain", "somebody else")))


def _role_title(step: Step, role: str | None) -> Text:
    return NOBODY if role is None else step.definition.roles[role].title


def person_title(step: Step, person: PersonId | None) -> Text:
    """A person's name, or the key when there is none."""
    if person is None:
        return Text("sistem", "the system")
    if person == REPORTER:
        return Text("Pelapor", "The reporter")
    name = step.directory.person(person).name or str(person)
    return Text(name, name)


def kind_title(definition: Definition, kind: str | None) -> Text:
    """What a stand-in of this kind is called."""
    powers = definition.substitution.get(kind or "")
    return powers.title if powers is not None else Text(kind or "-", kind or "-")


def claim_in_force(step: Step, task: OpenTask) -> bool:
    """Whether somebody holds the task: claimed, not lapsed by time, and its holder is still a candidate (§8.15)."""
    if task.claimed_at is None or task.assignee is None:
        return False
    work = step.chart.states[task.state].task
    if work is not None and work.auto_release is not None:
        lapsed_at = step.after(task.claimed_at, work.auto_release, work.calendar)
        if lapsed_at <= step.now:
            return False
    return any(seat.person == task.assignee for seat in candidates(step, task))


def held_by_other(step: Step, task: OpenTask, person: PersonId) -> Refusal | None:
    """``claimed_by_other`` when somebody else holds the task."""
    if task.claimed_at is None or task.assignee == person or not claim_in_force(step, task):
        return None
    since = moment_text(task.claimed_at, step.calendar().zone)
    return refuse("claimed_by_other", who=person_title(step, task.assignee), since=since, person=task.assignee)


# -- what the store asks ------------------------------------------------------------------------------------------


def excluded(definition: Definition, facts: CaseFacts, task: OpenTask) -> frozenset[PersonId]:
    """Everybody of the task's audiences who may never take it: excluded, or kept away by a separation of duties."""
    return excluded_from(Step(definition, facts), task)


def excluded_from(step: Step, task: OpenTask) -> frozenset[PersonId]:
    """The same while a step is at hand."""
    barred = excluded_people(step, excluded_of(step, task.state))
    found = routes(step, task)
    free = {
        route.seat.person for route in found if not is_excluded(route.seat, barred) and not is_kept_away(step, route)
    }
    return frozenset(barred | {route.seat.person for route in found if route.seat.person not in free})
