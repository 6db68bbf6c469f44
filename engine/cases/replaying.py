"""What a finished case would have been under another definition: its recorded acts done again, facts only.

Pure, like a scenario: nobody is told anything, nothing is written. The organisation is asked as of each act's day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from engine.cases.answers import given_answers, to_store
from engine.cases.chart import chart_of
from engine.cases.plan import plan_act, plan_open, plan_timer
from engine.cases.signals import plan_signal
from engine.cases.step import Step
from engine.changes import IssueNumber, Plan, Refusal, RenderDocument
from engine.definitions.model import Definition
from engine.errors import EffectFailed
from engine.facts import CaseFacts, Command, PersonId

SAME, DIFFERENT, CANNOT = "same", "different", "cannot_be_replayed"
PATH, APPROVER, DEADLINE, RESULT = "path", "approver", "deadline", "result"
NEARLY = timedelta(minutes=5)  # a timer fires when a worker looks; deadlines this close are one
MOST_TIMERS = 1000  # in one case; more is a repetition nobody meant
_ABOUT_PEOPLE = frozenset({
    "not_candidate", "not_your_turn", "excluded", "separation_of_duties", "not_within_acting_powers",
    "mandate_expired", "already_decided", "claimed_by_other",
})  # fmt: skip
_ABOUT_THE_WAY = frozenset({"unknown_event", "unknown_item", "guard", "waiting_for_branch", "not_recallable"})
_NOT_DONE_AGAIN = frozenset({
    "timer", "reoffer", "attach", "suspend", "continue", "signal", "migrate", "migrate_close", "migrate_undo",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecordedAct:
    """One row of the history. ``answers`` are the new stored values of those it changed."""

    at: datetime
    action: str
    actor: PersonId | None
    state: str | None
    item: str | None
    comment: str
    entered: tuple[str, ...]
    answers: Mapping[str, Any]
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A finished case. ``facts`` are the case on the day it was opened, with nothing in it; ``acts`` begin with the
    opening. ``dues`` are the due moments of its tasks by state, in the order they opened; ``ends`` its last states."""

    definition: Definition
    facts: CaseFacts
    acts: tuple[RecordedAct, ...]
    dues: Mapping[str, tuple[datetime | None, ...]]
    ends: tuple[str, ...]
    answers: Mapping[str, Any]
    case_roles: Mapping[str, tuple[PersonId, ...]]


@dataclass(frozen=True, slots=True)
class Replayed:
    """``kinds`` are of a different case: path, approver, deadline, result. ``state`` is where it shows first; ``code``
    the refusal that told, if one did."""

    outcome: str
    kinds: tuple[str, ...] = ()
    state: str | None = None
    code: str | None = None


class _Stopped(Exception):
    def __init__(self, replayed: Replayed) -> None:
        super().__init__(replayed.outcome)
        self.replayed = replayed


@dataclass(slots=True)
class _Run:
    """The case under the other definition, as far as it has come."""

    definition: Definition
    facts: CaseFacts
    path: list[str] = field(default_factory=list)
    fired: list[str] = field(default_factory=list)
    dues: dict[str, list[datetime | None]] = field(default_factory=dict)

    def take(self, plan: Plan, recorded: Mapping[str, Any]) -> None:
        """Keeps what a plan leaves; numbers and documents are those that were issued then."""
        incident = next((entry.details["incident"] for entry in plan.entries if "incident" in entry.details), None)
        if incident is not None:
            raise _Stopped(Replayed(CANNOT, (), plan.entries[0].state, incident))
        chart = chart_of(self.definition)
        answers = dict(plan.answers)
        for change in plan.changes:
            if isinstance(change, IssueNumber | RenderDocument):
                answers[change.field] = recorded.get(change.field)
        for task in plan.opened:
            self.dues.setdefault(task.state, []).append(task.due_at)
        for entry in plan.entries:
            self.path += [key for key in entry.entered if not chart.states[key].children]
        self.fired += plan.fired
        revision = self.facts.revision + len(plan.entries)
        self.facts = replace(self.facts, state=plan.after, answers=answers, revision=revision)

    @property
    def leaves(self) -> tuple[str, ...]:
        return chart_of(self.definition).leaves(self.facts.state.active)


def replay(recorded: Recorded, definition: Definition) -> Replayed:
    """The recorded acts done again under ``definition``: the same, different, or not possible to tell."""
    run = _Run(definition, recorded.facts)
    try:
        _open(run, recorded)
        stood = _entered(recorded, recorded.acts[0])
        for act in recorded.acts[1:]:
            _advance(run, recorded, act.at)
            run.facts = replace(run.facts, now=max(act.at, run.facts.now))
            if act.action not in _NOT_DONE_AGAIN:
                _act(run, recorded, act, stood)
            stood = stood + _entered(recorded, act)
    except _Stopped as stopped:
        return stopped.replayed
    except OverflowError:
        return Replayed(CANNOT, (), None, "timer_failed")
    return _compared(run, recorded)


def _open(run: _Run, recorded: Recorded) -> None:
    first = recorded.acts[0]
    scope = Step(run.definition, run.facts).scope()
    known = {name: value for name, value in first.answers.items() if name in run.definition.fields}
    answers, faults = given_answers(run.definition, known, scope)
    if faults:
        raise _Stopped(Replayed(CANNOT, (), run.definition.initial, "field_invalid"))
    run.facts = replace(run.facts, answers=answers)
    command = Command("open", first.actor or run.facts.initiator or "", assign=_assigned(run, recorded, first))
    try:
        plan = plan_open(run.definition, run.facts, command)
    except EffectFailed as failed:
        raise _Stopped(Replayed(CANNOT, (), run.definition.initial, "effect_failed")) from failed
    if isinstance(plan, Refusal):
        raise _Stopped(Replayed(CANNOT, (), run.definition.initial, plan.code))
    run.take(plan, recorded.answers)


def _assigned(run: _Run, recorded: Recorded, act: RecordedAct) -> dict[str, tuple[PersonId, ...]]:
    """The people an act chose for case roles; a history that does not say is helped by who had them in the end."""
    said = act.details.get("assigned")
    if said is not None:
        return {role: tuple(people) for role, people in said.items() if role in run.definition.roles}
    state = run.definition.states.get(act.state or "")
    wanted = state.task.assigns if state is not None and state.task is not None and act.action != "open" else ()
    return {role: recorded.case_roles[role] for role in wanted if recorded.case_roles.get(role)}


def _advance(run: _Run, recorded: Recorded, until: datetime) -> None:
    """Timers that were due by then fire, each at its moment."""
    for _ in range(MOST_TIMERS):
        waiting = [timer for timer in run.facts.state.timers.values() if timer.due_at <= until]
        if not waiting:
            return
        timer = min(waiting, key=lambda each: each.due_at)
        run.facts = replace(run.facts, now=max(timer.due_at, run.facts.now))
        plan = plan_timer(run.definition, run.facts, timer.key, timer.entry)
        if not isinstance(plan, Plan):
            return
        run.take(plan, recorded.answers)
    raise _Stopped(Replayed(CANNOT, (), None, "timer_failed"))


def _act(run: _Run, recorded: Recorded, act: RecordedAct, stood: list[str]) -> None:
    if act.actor is None:
        plan = plan_signal(run.definition, run.facts, act.action)
        if plan is not None:
            run.take(plan, recorded.answers)
        return
    decision = plan_act(run.definition, run.facts, _command(run, recorded, act))
    if isinstance(decision, Refusal):
        raise _Stopped(_told_by(run, act, decision.code, stood))
    run.take(decision, recorded.answers)


def _command(run: _Run, recorded: Recorded, act: RecordedAct) -> Command:
    """The act as it was sent, as far as the history tells: typed answers are those its step let people edit."""
    assert act.actor is not None
    old = recorded.definition.states.get(act.state or "")
    work = None if old is None else old.task or old.approval
    typed = {} if work is None else {
        name: value for name, value in act.answers.items()
        if work.fields.get(name) == "edit" and name in run.definition.fields
    }  # fmt: skip
    return Command(
        act.action, act.actor, state=act.state if act.state in run.facts.state.active else None, item=act.item,
        comment=act.comment, answers=typed,
        assign=_assigned(run, recorded, act), to=act.details.get("to"), new_attachments=_attached(recorded, act),
        has_second_factor=bool(act.details.get("second_factor")),
    )  # fmt: skip


def _attached(recorded: Recorded, act: RecordedAct) -> int:
    """A file came with it where the step then required one."""
    for key in _path(recorded.definition, act.state):
        transition = recorded.definition.states[key].transitions.get(act.action)
        if transition is not None:
            return int("attachment" in transition.requires)
    return 0


def _path(definition: Definition, state: str | None) -> Iterable[str]:
    return chart_of(definition).path[state] if state is not None and state in definition.states else ()


def _told_by(run: _Run, act: RecordedAct, code: str, stood: list[str]) -> Replayed:
    """What a refusal says of the case: another way, other people, or that the record does not tell enough."""
    here = next(iter(run.leaves), None)
    if code in _ABOUT_PEOPLE:
        return Replayed(DIFFERENT, (APPROVER,), act.state, code)
    if code not in _ABOUT_THE_WAY:
        return Replayed(CANNOT, (), act.state, code)
    state = run.definition.states.get(here or "")
    waits = state is not None and state.approval is not None and here in stood and act.state != here
    return Replayed(DIFFERENT, (APPROVER if waits else PATH,), here if act.state != here else act.state, code)


def _entered(recorded: Recorded, act: RecordedAct) -> list[str]:
    states = recorded.definition.states
    return [key for key in act.entered if key not in states or not states[key].children]


# -- comparing ----------------------------------------------------------------------------------------------------


def _compared(run: _Run, recorded: Recorded) -> Replayed:
    kinds: dict[str, str | None] = {}
    path = [key for act in recorded.acts for key in _entered(recorded, act)]
    waits = _waits_for_others(run, path)
    if waits is not None:
        return Replayed(DIFFERENT, (APPROVER,), waits)
    if path != run.path:
        kinds[PATH] = _first_difference(path, run.path)
    late = _other_due(run, recorded)
    if late is not None:
        kinds[DEADLINE] = late
    fired = [key for act in recorded.acts for key in act.details.get("fired", ())]
    if sorted(fired) != sorted(run.fired):
        moved = next(iter({*fired} ^ {*run.fired}), (fired + run.fired)[0])
        kinds.setdefault(DEADLINE, moved.partition(".")[0])
    if recorded.ends != run.leaves:
        kinds[RESULT] = next(iter(run.leaves), None)
    else:
        other = _other_answer(run, recorded)
        if other is not None:
            kinds[RESULT] = next(iter(run.leaves), None)
    if not kinds:
        return Replayed(SAME)
    return Replayed(DIFFERENT, tuple(kinds), next(iter(kinds.values())))


def _waits_for_others(run: _Run, path: list[str]) -> str | None:
    """The approval the case still stands in, though the recorded decisions were enough then."""
    if run.facts.state.is_ended or run.path != path[: len(run.path)]:
        return None
    return next((key for key in run.leaves if run.definition.states[key].approval is not None), None)


def _first_difference(old: list[str], new: list[str]) -> str | None:
    for before, after in zip(old, new, strict=False):
        if before != after:
            return after
    longer = new if len(new) > len(old) else old
    return longer[min(len(old), len(new))] if len(old) != len(new) else None


def _other_due(run: _Run, recorded: Recorded) -> str | None:
    """The first state one of whose tasks was due at another moment."""
    for state, dues in recorded.dues.items():
        for before, after in zip(dues, run.dues.get(state, ()), strict=False):
            if (before is None) != (after is None):
                return state
            if before is not None and after is not None and abs(before - after) > NEARLY:
                return state
    return None


def _other_answer(run: _Run, recorded: Recorded) -> str | None:
    """The first answer both versions know that came out otherwise."""
    shared = [name for name in run.definition.fields if name in recorded.definition.fields]
    old = to_store(recorded.definition.fields, {name: recorded.answers.get(name) for name in shared})
    new = to_store(run.definition.fields, {name: run.facts.answers.get(name) for name in shared})
    return next((name for name in shared if old.get(name) != new.get(name)), None)
