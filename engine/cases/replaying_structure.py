"""Sealed cases replayed by structure and times alone: which way they went, by when; never what they say or by whom."""

from __future__ import annotations

from collections.abc import Sequence

from engine.cases.chart import WHOLE, chart_of
from engine.cases.replaying import DEADLINE, DIFFERENT, PATH, SAME
from engine.cases.replaying_run import CANNOT, RecordedAct, Replayed
from engine.definitions.model import Definition, DueAt, State


def replay_structure(old: Definition, new: Definition, acts: Sequence[RecordedAct]) -> Replayed:
    """Whether ``new`` knows every step the case took, leading where it led, with the same time for each."""
    late: str | None = None
    for act in acts:
        if act.action == "open":
            if new.initial not in act.entered:
                return Replayed(DIFFERENT, (PATH,), new.initial)
        elif act.state in old.states and act.entered:
            other = _other_way(old, new, act)
            if other is not None:
                return other
        for key in act.entered:
            if key in old.states and key in new.states and late is None and not _same_time(old, new, key):
                late = key
    return Replayed(SAME) if late is None else Replayed(DIFFERENT, (DEADLINE,), late)


def _other_way(old: Definition, new: Definition, act: RecordedAct) -> Replayed | None:
    if act.state not in new.states:
        return Replayed(DIFFERENT, (PATH,), act.state)
    if any(key not in new.states for key in act.entered):
        return Replayed(DIFFERENT, (PATH,), next(key for key in act.entered if key not in new.states))
    targets = _targets(new, act.state or "", act.action)
    if not targets:
        was = _targets(old, act.state or "", act.action)
        return Replayed(DIFFERENT, (PATH,), act.state) if was else Replayed(CANNOT, (), act.state, "unknown_event")
    if not any(target in act.entered for target in targets):
        return Replayed(DIFFERENT, (PATH,), targets[0])
    chart = chart_of(new)
    entered = {key for target in targets for key in chart.entry(WHOLE, target)}
    missing = next((key for key in entered if key not in act.entered and chart.states[key].parent in act.entered), None)
    return None if missing is None or _is_passed(new.states[missing]) else Replayed(DIFFERENT, (PATH,), missing)


def _is_passed(state: State) -> bool:
    return bool(state.always)


def _targets(definition: Definition, state: str, action: str) -> list[str]:
    """Where an action leads from a state: its own arrow, its parents', a vote's, a timer's."""
    found = []
    for key in chart_of(definition).path[state]:
        here = definition.states[key]
        for name in (action, "approved", "rejected", "done"):
            transition = here.transitions.get(name)
            if transition is not None and transition.to is not None:
                found.append(transition.to)
        if action == "timer":
            found += [timer.to for timer in here.timers.values() if timer.to is not None]
            done = [here.transitions.get(timer.do or "") for timer in here.timers.values()]
            found += [transition.to for transition in done if transition is not None and transition.to is not None]
    return found


def _same_time(old: Definition, new: Definition, key: str) -> bool:
    return _times(old, old.states[key]) == _times(new, new.states[key])


def _times(definition: Definition, state: State) -> object:
    """Durations and date expressions of a state: when its task is due, when its timers fire."""
    work = state.task or state.approval
    due = None if work is None else work.due.expression.text if isinstance(work.due, DueAt) else work.due
    timers = {key: (timer.after, timer.at and timer.at.text, timer.repeat_every) for key, timer in state.timers.items()}
    return due, timers, sorted(sla.key for sla in definition.slas.values() if state.key in (*sla.start, *sla.stop))
