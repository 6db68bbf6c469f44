"""The votes of an approval: whose turn it is, what a decision fills, and when it is approved or rejected."""

from __future__ import annotations

from dataclasses import dataclass

from engine.cases.assigning import open_task
from engine.cases.chart import Known
from engine.cases.people import (
    Route,
    held_by_other,
    is_kept_away,
    person_title,
    routes,
    routes_of,
    seat_or_refusal,
)  # fmt: skip
from engine.cases.performers import note_performer
from engine.cases.places import Place, audiences_of, climbed, holders_of, places_of
from engine.cases.refusals import day_text, either, refuse
from engine.cases.standing_in import has_power
from engine.cases.step import Step
from engine.cases.vote_titles import vote_title
from engine.changes import Refusal
from engine.definitions.model import Approval, Text
from engine.facts import OpenTask, PersonId, Seat, Vote


@dataclass(frozen=True, slots=True)
class Ballot:
    """A decision that may be made: by which seat, and the places it fills."""

    seat: Seat
    places: tuple[str, ...]


def approval_of(step: Step, state: str) -> Approval:
    """The approval of a state that has one."""
    approval = step.chart.states[state].approval
    assert approval is not None
    return approval


def enter(step: Step, state: str) -> None:
    """Asks once which places are needed, keeps the votes that stay, and opens the tasks."""
    approval = approval_of(step, state)
    drop_late(step, state)
    places = places_of(step, approval)
    step.remember("places", state, places)
    keys = {place[0] for place in places}
    kept = [vote for vote in step.kept_votes if vote.state == state]
    if kept:
        step.kept_votes = [vote for vote in step.kept_votes if vote.state != state]
        step.votes += [vote for vote in kept if vote.place in keys]
    if places:
        settle(step, state)
    else:
        step.events[state] = "approved"


def votes_of(step: Step, state: str) -> dict[str, Vote]:
    """The votes of the running entry, by place."""
    return {vote.place: vote for vote in step.votes if vote.state == state}


def places_in(step: Step, state: str) -> list[Place]:
    """The places of the running entry, or of one that goes on after its state was left."""
    return step.memory("places", state) or step.memory("late", state) or []


def outcome(step: Step, state: str) -> str | None:
    """``approved`` or ``rejected`` when that is settled (reference §4.2); the quorum is capped by the places."""
    approval, places, votes = approval_of(step, state), places_in(step, state), votes_of(step, state)
    refused = {key for key, vote in votes.items() if not vote.accepts}
    accepted = sum(vote.accepts for vote in votes.values())
    if any(place[2] and place[0] in refused for place in places):
        return "rejected"
    if approval.completion == "all":
        needed = len(places)
    else:
        needed = min(approval.quorum or 1, len(places)) if approval.completion == "quorum" else 1
    if len(places) - len(refused) < needed:
        return "rejected"
    return "approved" if accepted >= needed else None


def settle(step: Step, state: str) -> None:
    """After a vote or at entry: raises what is decided, otherwise opens the tasks of those whose turn it is."""
    approval = approval_of(step, state)
    decided = outcome(step, state)
    if decided is not None:
        step.events[state] = decided
        if approval.late != "keep":
            for task in step.tasks_of(state):
                step.close(task, "cancelled", None, None)
        return
    votes = votes_of(step, state)
    asked = {task.place for task in step.tasks_of(state)}
    for place in places_in(step, state):
        if place[0] in votes:
            continue
        if place[0] not in asked:
            open_task(step, state, place[1], place=place[0], direct=audiences_of(place))
        if approval.ordering == "sequential":
            return


# -- a vote -------------------------------------------------------------------------------------------------------


def ballot(step: Step, known: Known, person: PersonId) -> Ballot | Refusal:
    """The places a decision of ``person`` would fill, or why they may not decide. One's own right comes first."""
    state = known.source
    approval, action = approval_of(step, state), vote_title(known.action)
    votes, tasks = votes_of(step, state), _open(step, state)
    mine = {task.number: [route for route in routes(step, task) if route.seat.person == person] for task in tasks}
    own = next((vote for vote in votes.values() if vote.person == person), None)
    if own is not None and approval.same_person != "each":
        return _already(step, state, own)
    if not any(mine.values()):
        return _not_now(step, state, tasks, person, known)
    refusal: Refusal | None = None
    in_a_name: Ballot | None = None
    for task in tasks:
        if not mine[task.number]:
            continue
        found = seat_or_refusal(
            step, mine[task.number], task.audiences, person, approval.excluded, action, frozenset({known.action})
        )
        if isinstance(found, Refusal):
            refusal = refusal or found
            continue
        held = held_by_other(step, task, person)
        if held is not None:
            refusal = refusal if refusal is not None and refusal.code != "not_within_acting_powers" else held
            continue
        seat = found[0].seat
        if seat.principal is None:
            return Ballot(seat, _fills(step, approval, known, task, seat))
        in_a_name = in_a_name or Ballot(seat, _fills(step, approval, known, task, seat))
    if in_a_name is not None:
        return in_a_name
    assert refusal is not None
    return refusal


def _open(step: Step, state: str) -> list[OpenTask]:
    running = step.tasks_of(state)
    if running or state in step.active:
        return running
    return [task for task in step.tasks.values() if task.state == state]  # late votes


def _fills(step: Step, approval: Approval, known: Known, task: OpenTask, seat: Seat) -> tuple[str, ...]:
    """With ``once`` a decision fills every open place held in the same capacity, later turns included (§8.16)."""
    if approval.same_person != "once":
        return (task.place or "",)
    votes = votes_of(step, known.source)
    asked = {other.place: other for other in _open(step, known.source)}
    found = []
    for place in places_in(step, known.source):
        key = place[0]
        other = asked.get(key)
        if key in votes or (other is not None and held_by_other(step, other, seat.person)):
            continue
        ways = routes_of(step, place[1], audiences_of(place)) if other is None else routes(step, other)
        if any(_same_capacity(step, way, seat, known.action) for way in ways):
            found.append(key)
    return tuple(found)


def _same_capacity(step: Step, way: Route, seat: Seat, action: str) -> bool:
    if way.seat.person != seat.person or way.seat.capacity != seat.capacity:
        return False
    return not is_kept_away(step, way) and has_power(step, way.seat, frozenset({action}))


def _already(step: Step, state: str, vote: Vote) -> Refusal:
    missing = [person_or_place(step, state, place) for place in places_in(step, state)
               if place[0] not in votes_of(step, state)]  # fmt: skip
    rest = either(missing, Text("", ""))
    more = Text(f" Masih perlu: {rest.id}.", f" Still needed: {rest.en}.") if missing else Text("", "")
    return refuse(
        "already_decided", who=person_title(step, vote.person), outcome=vote_title(vote.outcome),
        when=day_text(step.calendar().today(vote.at)), missing=more,
    )  # fmt: skip


def person_or_place(step: Step, state: str, place: Place) -> Text:
    """What people read for a place: its roles' titles, or whom it names."""
    del state
    titles = [step.definition.roles[role].title for role in place[1]]
    titles += [
        Text(step.directory.title(audience, "id"), step.directory.title(audience, "en"))
        for audience in audiences_of(place)
    ]
    return either(titles, Text("(tidak ada pemangku)", "(nobody)"))


def _not_now(step: Step, state: str, tasks: list[OpenTask], person: PersonId, known: Known) -> Refusal:
    votes, asked = votes_of(step, state), {task.place for task in tasks}
    decided: Vote | None = None
    for place in places_in(step, state):
        if all(way.seat.person != person for way in routes_of(step, place[1], audiences_of(place))):
            continue
        if place[0] in votes:
            decided = decided or votes[place[0]]
        elif place[0] not in asked and tasks:
            first = next((each for each in places_in(step, state) if each[0] in asked), place)
            return refuse("not_your_turn", who=person_or_place(step, state, first))
    if decided is not None:
        return _already(step, state, decided)
    ways = [way for task in tasks for way in routes(step, task)]
    offered = [audience for task in tasks for audience in task.audiences]
    action = vote_title(known.action)
    found = seat_or_refusal(step, ways, offered, person, (), action, frozenset({known.action}))
    assert isinstance(found, Refusal)
    return found


def vote(step: Step, known: Known, cast: Ballot) -> None:
    """Puts the decision into the places it fills."""
    state, seat = known.source, cast.seat
    is_running = state in step.active and bool(step.memory("places", state))
    earlier = [vote.person for vote in step.votes if vote.state == state]
    for key in cast.places:
        if is_running:
            step.votes.append(Vote(state, key, seat.person, seat.principal, known.action, step.now, known.accepts))
        task = next((task for task in _open(step, state) if task.place == key), None)
        if task is not None:
            step.close(task, known.action, seat.person, seat.principal)
    note_performer(step, state, earlier if is_running else step.performers.get(state, ()), seat)
    if not is_running:
        if not _open(step, state):
            step.remember("late", state, None)
        return
    if state not in step.events:
        _repeats(step, state)
        settle(step, state)


def _repeats(step: Step, state: str) -> None:
    """Under ``skip`` and ``up`` a place left only to people who have decided is dropped, or goes to a superior."""
    approval = approval_of(step, state)
    if approval.same_person not in ("skip", "up"):
        return
    votes = votes_of(step, state)
    voted = {vote.person for vote in votes.values()}
    places: list[Place] = []
    for place in places_in(step, state):
        holders = set() if place[0] in votes else holders_of(step, approval, place)
        if holders and holders <= voted:
            for task in step.tasks_of(state):
                if task.place == place[0]:
                    step.close(task, "cancelled", None, None)
            if approval.same_person == "skip":
                continue
            place = climbed(step, approval, place, next(iter(holders)), voted)
        places.append(place)
    step.remember("places", state, places)


# -- leaving ------------------------------------------------------------------------------------------------------


def leave(step: Step, state: str, is_approved: bool) -> None:
    """Ends the running entry: accepting votes are kept if the approval says so, and late
    ones may still come after it was approved."""
    approval = approval_of(step, state)
    if (
        approval.keep_votes and step.memory("places", state) is not None
    ):  # one left before it asked has kept nothing new
        step.kept_votes = [vote for vote in step.kept_votes if vote.state != state]
        step.kept_votes += [vote for vote in step.votes if vote.state == state and vote.accepts]
    open_tasks = step.tasks_of(state)
    if is_approved and approval.late == "keep" and open_tasks:
        decided = votes_of(step, state)
        step.remember("late", state, [place for place in places_in(step, state) if place[0] not in decided])
    else:
        for task in open_tasks:
            step.close(task, "cancelled", None, None)
    step.remember("places", state, None)
    step.votes = [vote for vote in step.votes if vote.state != state]


def drop_late(step: Step, state: str) -> None:
    """Withdraws the tasks of an earlier entry that were kept for late votes."""
    if step.memory("late", state) is not None:
        for task in tuple(step.tasks.values()):
            if task.state == state and task.entry != step.active.get(state):
                step.close(task, "cancelled", None, None)
        step.remember("late", state, None)
