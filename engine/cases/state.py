"""Where a case stands, to and from plain JSON: small, fast, and without loss.

Moments are whole microseconds since 1970 UTC. What is empty is left out, so a case that waits at one task is a few
hundred bytes. Short keys are used because this text is read and written with every step of every case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.facts import EMPTY, Audience, CaseState, LastAct, OpenTask, RunningSla, RunningTimer, Vote

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment_to_plain(moment: datetime | None) -> int | None:
    """An aware moment as microseconds since 1970 UTC; None stays None."""
    if moment is None:
        return None
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def moment_from_plain(plain: int | None) -> datetime | None:
    """The aware moment (UTC) of ``moment_to_plain``."""
    return None if plain is None else _EPOCH + timedelta(microseconds=plain)


def _moment(plain: int) -> datetime:
    return _EPOCH + timedelta(microseconds=plain)


def to_plain(state: CaseState) -> dict[str, Any]:
    """``state`` as JSON-able values: dicts, lists, text, whole numbers, booleans."""
    plain: dict[str, Any] = {"a": dict(state.active), "e": state.next_entry, "n": state.next_task}
    if state.tasks:
        plain["t"] = [_task_to_plain(task) for task in state.tasks.values()]
    if state.votes:
        plain["v"] = [_vote_to_plain(vote) for vote in state.votes]
    if state.kept_votes:
        plain["k"] = [_vote_to_plain(vote) for vote in state.kept_votes]
    if state.timers:
        plain["i"] = [
            [timer.key, timer.entry, moment_to_plain(timer.due_at), timer.count] for timer in state.timers.values()
        ]
    if state.slas:
        plain["s"] = [_sla_to_plain(sla) for sla in state.slas.values()]
    if state.history:
        plain["h"] = {key: list(places) for key, places in state.history.items()}
    if state.performers:
        plain["p"] = {key: list(people) for key, people in state.performers.items()}
    if state.case_roles:
        plain["r"] = {key: list(people) for key, people in state.case_roles.items()}
    if state.raised:
        plain["d"] = sorted(state.raised)
    if state.visited:
        plain["w"] = sorted(state.visited)
    if state.last_act is not None:
        act = state.last_act
        plain["l"] = [act.person, act.action, act.state, dict(act.before)]
    if state.extras:
        plain["x"] = dict(state.extras)
    return plain


def from_plain(plain: Mapping[str, Any]) -> CaseState:
    """The state ``to_plain`` was given; an empty mapping is a case that has not been opened."""
    get = plain.get
    last = get("l")
    return CaseState(
        active=get("a", EMPTY),
        tasks={row[0]: _task_from_plain(row) for row in get("t", ())},
        votes=tuple([_vote_from_plain(row) for row in get("v", ())]),
        kept_votes=tuple([_vote_from_plain(row) for row in get("k", ())]),
        timers={row[0]: RunningTimer(row[0], row[1], _moment(row[2]), row[3]) for row in get("i", ())},
        slas={row[0]: _sla_from_plain(row) for row in get("s", ())},
        history={key: tuple(places) for key, places in get("h", EMPTY).items()},
        performers={key: tuple(people) for key, people in get("p", EMPTY).items()},
        case_roles={key: tuple(people) for key, people in get("r", EMPTY).items()},
        raised=frozenset(get("d", ())),
        visited=frozenset(get("w", ())),
        next_entry=get("e", 1),
        next_task=get("n", 1),
        last_act=None if last is None else LastAct(*last),
        extras=get("x", EMPTY),
    )


def _task_to_plain(task: OpenTask) -> list[Any]:
    row = [
        task.number,
        task.entry,
        task.state,
        list(task.roles),
        [[audience.kind, audience.key] for audience in task.audiences],
        moment_to_plain(task.opened_at),
        task.place,
        task.item,
        task.assignee,
        moment_to_plain(task.claimed_at),
        moment_to_plain(task.due_at),
        [[audience.kind, audience.key] for audience in task.outside] or None,
    ]
    while row[-1] is None:
        row.pop()
    return row


def _task_from_plain(row: list[Any]) -> OpenTask:
    number, entry, state, roles, audiences, opened_at, *rest = row
    place, item, assignee, claimed_at, due_at, outside = rest + [None] * (6 - len(rest))
    return OpenTask(
        number,
        entry,
        state,
        tuple(roles),
        tuple([Audience(kind, key) for kind, key in audiences]),
        _moment(opened_at),
        place,
        item,
        assignee,
        moment_from_plain(claimed_at),
        moment_from_plain(due_at),
        tuple([Audience(kind, key) for kind, key in outside or ()]),
    )


def _vote_to_plain(vote: Vote) -> list[Any]:
    return [vote.state, vote.place, vote.person, vote.principal, vote.outcome, moment_to_plain(vote.at), vote.accepts]


def _vote_from_plain(row: list[Any]) -> Vote:
    state, place, person, principal, outcome, at, accepts = row
    return Vote(state, place, person, principal, outcome, _moment(at), accepts)


def _sla_to_plain(sla: RunningSla) -> list[Any]:
    return [
        sla.key,
        moment_to_plain(sla.started_at),
        moment_to_plain(sla.due_at),
        [dict(extension) for extension in sla.extended],
        moment_to_plain(sla.paused_at),
        None if sla.left is None else dict(sla.left),
        sla.warned,
        moment_to_plain(sla.stopped_at),
    ]


def _sla_from_plain(row: list[Any]) -> RunningSla:
    key, started_at, due_at, extended, paused_at, left, warned, stopped_at = row
    return RunningSla(
        key,
        _moment(started_at),
        moment_from_plain(due_at),
        tuple(extended),
        moment_from_plain(paused_at),
        left,
        warned,
        moment_from_plain(stopped_at),
    )
