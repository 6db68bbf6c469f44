"""What a finished case would have been under another definition: its recorded acts done again, facts only.

Pure, like a scenario: nobody is told anything, nothing is written. The organisation is asked as of each act's day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from engine.cases.answers import given_answers, to_store
from engine.cases.chart import chart_of
from engine.cases.plan import plan_act, plan_open
from engine.cases.replaying_run import (
    CANNOT,
    PAUSED,
    WENT_ON,
    Recorded,
    RecordedAct,
    Replayed,
    Run,
    Stopped,
    advance,
    stand_still,
)
from engine.cases.signals import plan_signal
from engine.cases.step import Step
from engine.changes import Refusal
from engine.definitions.model import Definition
from engine.errors import EffectFailed
from engine.facts import Command, OpenTask, PersonId

SAME, DIFFERENT = "same", "different"
PATH, APPROVER, DEADLINE, RESULT = "path", "approver", "deadline", "result"
NEARLY = timedelta(minutes=5)  # a timer fires when a worker looks; deadlines this close are one
_ABOUT_PEOPLE = frozenset({
    "not_candidate", "not_your_turn", "excluded", "separation_of_duties", "not_within_acting_powers",
    "mandate_expired", "already_decided", "claimed_by_other",
})  # fmt: skip
_ABOUT_THE_WAY = frozenset({"unknown_event", "unknown_item", "guard", "waiting_for_branch", "not_recallable"})
_NOT_DONE_AGAIN = frozenset({
    "timer", "reoffer", "attach", "signal", "migrate", "migrate_close", "migrate_undo",
})  # fmt: skip


def replay(recorded: Recorded, definition: Definition) -> Replayed:
    """The recorded acts done again under ``definition``: the same, different, or not possible to tell."""
    run = Run(definition, recorded.facts)
    try:
        _open(run, recorded)
        stood = _entered(recorded, recorded.acts[0])
        for act in recorded.acts[1:]:
            advance(run, act.at, recorded.answers)
            run.facts = replace(run.facts, now=max(act.at, run.facts.now))
            if act.action in (PAUSED, WENT_ON):
                stand_still(run, act.action)
            elif act.action not in _NOT_DONE_AGAIN:
                _act(run, recorded, act, stood)
            stood = stood + _entered(recorded, act)
    except Stopped as stopped:
        return stopped.replayed
    except OverflowError:
        return Replayed(CANNOT, (), None, "timer_failed")
    return _compared(run, recorded)


def _open(run: Run, recorded: Recorded) -> None:
    first = recorded.acts[0]
    scope = Step(run.definition, run.facts).scope()
    known = {name: value for name, value in first.answers.items() if name in run.definition.fields}
    answers, faults = given_answers(run.definition, known, scope)
    if faults:
        raise Stopped(Replayed(CANNOT, (), run.definition.initial, "field_invalid"))
    run.facts = replace(run.facts, answers=answers)
    command = Command("open", first.actor or run.facts.initiator or "", assign=_assigned(run, recorded, first))
    try:
        plan = plan_open(run.definition, run.facts, command)
    except EffectFailed as failed:
        raise Stopped(Replayed(CANNOT, (), run.definition.initial, "effect_failed")) from failed
    if isinstance(plan, Refusal):
        raise Stopped(Replayed(CANNOT, (), run.definition.initial, plan.code))
    run.take(plan, recorded.answers)


def _assigned(run: Run, recorded: Recorded, act: RecordedAct) -> dict[str, tuple[PersonId, ...]]:
    """The people an act chose for case roles; a history that does not say is helped by who had them in the end."""
    said = act.details.get("assigned")
    if said is not None:
        return {role: tuple(people) for role, people in said.items() if role in run.definition.roles}
    state = run.definition.states.get(act.state or "")
    wanted = state.task.assigns if state is not None and state.task is not None and act.action != "open" else ()
    return {role: recorded.case_roles[role] for role in wanted if recorded.case_roles.get(role)}


def _act(run: Run, recorded: Recorded, act: RecordedAct, stood: list[str]) -> None:
    if act.actor is None:
        plan = plan_signal(run.definition, run.facts, act.action)
        if plan is not None:
            run.take(plan, recorded.answers)
        return
    decision = plan_act(run.definition, run.facts, _command(run, recorded, act))
    if isinstance(decision, Refusal) and decision.code == "claimed_by_other":
        _give_back(run)
        decision = plan_act(run.definition, run.facts, _command(run, recorded, act))
    if isinstance(decision, Refusal):
        raise Stopped(_told_by(run, act, decision.code, stood))
    run.take(decision, recorded.answers)


def _give_back(run: Run) -> None:
    """Tasks that were given out: how much others had to do then, and so to whom one went, is not known any more."""
    tasks = {
        number: replace(task, assignee=None, claimed_at=None) if _is_given_out(run.definition, task) else task
        for number, task in run.facts.state.tasks.items()
    }
    run.facts = replace(run.facts, state=replace(run.facts.state, tasks=tasks))


def _is_given_out(definition: Definition, task: OpenTask) -> bool:
    work = definition.states[task.state].task
    return work is not None and work.allocate == "least_loaded"


def _command(run: Run, recorded: Recorded, act: RecordedAct) -> Command:
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
        comment=act.comment, answers=typed, assign=_assigned(run, recorded, act), to=act.details.get("to"),
        until=_until(act), new_attachments=_attached(recorded, act),
        has_second_factor=bool(act.details.get("second_factor")),
    )  # fmt: skip


def _until(act: RecordedAct) -> date | None:
    """The last day of a delegation."""
    return date.fromisoformat(act.details["until"]) if act.details.get("until") else None


def _attached(recorded: Recorded, act: RecordedAct) -> int:
    """A file came with it where the step then required one."""
    for key in _path(recorded.definition, act.state):
        transition = recorded.definition.states[key].transitions.get(act.action)
        if transition is not None:
            return int("attachment" in transition.requires)
    return 0


def _path(definition: Definition, state: str | None) -> Iterable[str]:
    return chart_of(definition).path[state] if state is not None and state in definition.states else ()


def _told_by(run: Run, act: RecordedAct, code: str, stood: list[str]) -> Replayed:
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


def _compared(run: Run, recorded: Recorded) -> Replayed:
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


def _waits_for_others(run: Run, path: list[str]) -> str | None:
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


def _other_due(run: Run, recorded: Recorded) -> str | None:
    """The first state one of whose tasks was due at another moment."""
    for state, dues in recorded.dues.items():
        for before, after in zip(dues, run.dues.get(state, {}).values(), strict=False):
            if (before is None) != (after is None):
                return state
            if before is not None and after is not None and abs(before - after) > NEARLY:
                return state
    return None


def _other_answer(run: Run, recorded: Recorded) -> str | None:
    """The first answer both versions know that came out otherwise."""
    shared = [name for name in run.definition.fields if name in recorded.definition.fields]
    old = to_store(recorded.definition.fields, {name: recorded.answers.get(name) for name in shared})
    new = to_store(run.definition.fields, {name: run.facts.answers.get(name) for name in shared})
    return next((name for name in shared if old.get(name) != new.get(name)), None)
