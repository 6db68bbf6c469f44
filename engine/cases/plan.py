"""What would happen: facts and a command in, a plan or a refusal out. Pure; deciding writes nothing.

A stored case and a scenario on paper both ask here, so a simulation is the same code as reality minus ``apply``.
"""

from __future__ import annotations

from engine.cases import moving, settling
from engine.cases.actions import actions_for, candidates, why
from engine.cases.acts import assigned, carry_out, finish
from engine.cases.answers import clean_answers, computed, defaults, proposed
from engine.cases.checks import check, places, suspended, unknown_here
from engine.cases.clocks import put_again
from engine.cases.firing import fire
from engine.cases.handling import ACTS, handle
from engine.cases.performing import StepFailed
from engine.cases.promises import is_warning
from engine.cases.refusals import missing_fields
from engine.cases.sent import assign_people, legible
from engine.cases.step import Step
from engine.changes import HistoryEntry, Plan, RaiseIncident, Refusal
from engine.definitions.model import Definition
from engine.errors import EffectFailed
from engine.facts import CaseFacts, Command, Seat

__all__ = ["actions_for", "candidates", "plan_act", "plan_open", "plan_timer", "why"]


def plan_open(definition: Definition, facts: CaseFacts, command: Command) -> Plan | Refusal:
    """The case in its first state. ``facts.state`` is empty; answers in ``facts`` are kept as they are, those of the
    command are checked against what the first task lets one fill in. Fields with a default get it. Raises EffectFailed
    when an effect on the way to the first task fails: there is no case to raise an incident in."""
    step = Step(definition, facts, command.actor, command.comment)
    step.seat = Seat(command.actor)
    step.answers = {**defaults(definition), **{key: value for key, value in facts.answers.items() if value is not None}}
    if command.answers:
        form, editable = step.chart.edits(_first_work(step))
        values, faults = clean_answers(definition, form, command.answers, editable, step.scope(user=command.actor))
        if faults:
            return missing_fields(faults, {key: field.title for key, field in definition.fields.items()})
        step.answers = {**step.answers, **{key: value for key, value in values.items() if value is not None}}
    step.answers = {**step.answers, **proposed(definition, step.answers, step.scope(user=command.actor))}
    step.changed()
    if step.chart.has_computed:
        step.answers = computed(definition, step.answers, step.scope(user=command.actor))
        step.changed()
    if command.assign:
        refusal = assign_people(step, None, command.assign)
        if refusal is not None:
            return refusal
    try:
        step.timed_by = step.answers
        moving.open_case(step)
        settling.settle(step)
        step.is_recallable = False
        details = {"assigned": assigned(command)} if command.assign else None
        return finish(step, "open", definition.initial, details=details)
    except StepFailed as failed:
        raise EffectFailed(f"The case cannot be opened: {failed.detail}.") from failed


def _first_work(step: Step) -> str | None:
    entered = step.chart.entry((None, None), step.definition.initial)
    return next((key for key in entered if step.chart.work(key) is not None), None)


def plan_act(definition: Definition, facts: CaseFacts, command: Command) -> Plan | Refusal:
    """What ``command`` would do: a transition, a vote, or one of the acts every task has.

    Without ``command.state`` the open places that know the action are tried in document order; the first that does
    not refuse wins, otherwise the first refusal is the answer (reference §8.3). An effect that fails gives a plan
    that changes nothing and raises an incident.
    """
    command = legible(command)
    step = Step(definition, facts, command.actor, command.comment)
    open_places = places(step, command.action, command.state)
    if not open_places:
        if command.action in ACTS:
            return _handled(step, facts, command)
        return unknown_here(step, command.action, command.state)
    first: Refusal | None = None
    for place in open_places:
        accepted = check(step, place, command)
        if isinstance(accepted, Refusal):
            first = first or accepted
            step = Step(definition, facts, command.actor, command.comment)
            continue
        try:
            return carry_out(step, accepted, command)
        except StepFailed as failed:
            return _failed(facts, command.actor, command.action, failed)
    assert first is not None
    return first


def _handled(step: Step, facts: CaseFacts, command: Command) -> Plan | Refusal:
    try:
        return handle(step, command)
    except StepFailed as failed:
        return _failed(facts, command.actor, command.action, failed)


def plan_timer(definition: Definition, facts: CaseFacts, timer_key: str, entry: int) -> Plan | Refusal | None:
    """What a due timer does. None when it is not there any more (another entry, left, moved) or not due yet; refused
    while the case is paused. One whose effect fails is gone, and raises the incident."""
    timer = facts.state.timers.get(timer_key)
    if timer is None or timer.entry != entry or timer.due_at > facts.now or facts.state.is_ended:
        return None
    state = None if is_warning(timer_key) else timer_key.partition(".")[0]
    step = Step(definition, facts)
    if facts.is_suspended:
        return suspended(step)
    details = {"timer": timer_key}
    try:
        _fire(step, timer_key)
        return finish(step, "timer", state, details=details)
    except StepFailed as failed:
        spent = Step(definition, facts)
        spent.fired.append(timer_key)
        put_again(spent, timer_key)
        spent.incident(failed.code, failed.state or state, failed.detail)
        return finish(spent, "timer", state, details={**details, "incident": failed.code})


def _fire(step: Step, key: str) -> None:
    last = step.last_act
    fire(step, key)
    settling.settle(step)
    step.is_recallable = False
    step.last_act = last if not step.left and not step.entered else None


def _failed(facts: CaseFacts, actor: object, action: str, failed: StepFailed) -> Plan:
    """Nothing of the step is kept but the incident."""
    entry = HistoryEntry(
        facts.now, actor, None, None, action, failed.state or None, (), (), details={"incident": failed.code}  # type: ignore[arg-type]
    )  # fmt: skip
    incident = RaiseIncident(failed.code, failed.state or None, failed.detail)
    return Plan(facts.state, facts.state, facts.answers, None, (entry,), changes=(incident,))
