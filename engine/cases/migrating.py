"""A case goes over to a newer version: facts, a plan and both definitions in; changes out, or why it is not moved.

Pure, and the same code on paper and in the store. Nothing is guessed: a case that stands where the plan says nothing,
or has something the newer version has no place for, is not moved (docs/reference/migrations.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.cases import settling
from engine.cases.chart import WHOLE, chart_of
from engine.cases.migrating_answers import carried_answers
from engine.cases.migrating_clocks import carry_clocks
from engine.cases.migrating_refused import NotCovered
from engine.cases.migrating_work import carry_work
from engine.cases.notices import address
from engine.cases.performing import StepFailed
from engine.cases.step import Notice, Step
from engine.changes import HistoryEntry, Plan
from engine.definitions.migration_gaps import kind_gap
from engine.definitions.migration_plans import CLOSE, DROP, STAY, TO, TOLD, Bound, Fate
from engine.definitions.model import Text
from engine.definitions.scope import ExpressionFault
from engine.facts import CaseFacts, CaseState, PersonId
from engine.field_types.question import is_blank

MIGRATED, CLOSED = "migrate", "migrate_close"
BLOCKED = "migration_blocked"
_BY_STATE = ("spent", "escalated", "items", "places", "turns", "in_name")  # what extras keep a state
_FORGOTTEN = ("events", "late", "fired")  # worked out anew, or carried on with its timers


@dataclass(frozen=True, slots=True)
class NotMoved:
    """Why a case keeps its version. ``code`` is stays (the plan says so) or blocked (the plan does not cover it);
    ``state`` the place in question, if it is one."""

    code: str
    reason: Text
    state: str | None = None

    @property
    def is_blocked(self) -> bool:
        """Whether somebody has to decide: the plan leaves this case without an answer."""
        return self.code == "blocked"


def plan_migration(
    plan: Bound, facts: CaseFacts, actor: PersonId | None = None, details: Mapping[str, Any] | None = None
) -> Plan | NotMoved:  # fmt: skip
    """What moving the case would do, its state and answers afterwards those of the newer version; or why it stays.

    ``facts`` are the case under the older definition. ``details`` go into the history entry beside the plan's key and
    both digests.
    """
    try:
        kept = _whether(plan, facts)
        if kept is not None:
            return kept
        fates = _fates(plan, facts)
        if any(fate.kind == STAY for fate in fates.values()):
            return _stays(next(key for key, fate in fates.items() if fate.kind == STAY))
        told = {"migration": plan.plan.key, "from": plan.old.digest, **(details or {})}
        closing = next((fate for fate in fates.values() if fate.kind == CLOSE), None)
        if closing is not None:
            return _close(plan, facts, actor, closing, told)
        return _move(plan, facts, actor, fates, told)
    except NotCovered as uncovered:
        return NotMoved("blocked", uncovered.reason, uncovered.state)
    except StepFailed as failed:
        said = f"{failed.state}: {failed.detail}"
        return NotMoved("blocked", Text(f"Efek gagal di {said}.", f"An effect fails in {said}."), failed.state or None)


def _whether(plan: Bound, facts: CaseFacts) -> NotMoved | None:
    """Cases the plan is not for keep their version."""
    if plan.faults:
        raise NotCovered(plan.faults[0])
    if facts.state.is_ended:
        return NotMoved("stays", Text("Kasus sudah selesai.", "The case has ended."))
    if not plan.plan.is_for(plan.old.version):
        text = Text(
            f"Rencana ini bukan untuk versi {plan.old.version}.", f"The plan is not for version {plan.old.version}."
        )
        return NotMoved("stays", text)
    if facts.is_suspended:
        raise NotCovered(Text("Kasus sedang dijeda.", "The case is paused."))
    if plan.select is None:
        return None
    try:
        is_selected = bool(plan.select.evaluate(Step(plan.old, facts).scope(user=None)))
    except ExpressionFault as fault:
        raise NotCovered(fault.reason) from fault
    return None if is_selected else NotMoved("stays", Text("Tidak dipilih rencana ini.", "Not selected by the plan."))


def _stays(state: str) -> NotMoved:
    return NotMoved("stays", Text("Menurut rencana, kasus ini tetap.", "The plan lets this case stay."), state)


def _fates(plan: Bound, facts: CaseFacts) -> dict[str, Fate]:
    """What becomes of every active leaf. Raises NotCovered."""
    found = {}
    for leaf in chart_of(plan.old).leaves(facts.state.active):
        fate = plan.fates.get(leaf)
        if fate is None:
            text = Text(f'Langkah "{leaf}" tidak punya padanan.', f'State "{leaf}" has no counterpart.')
            raise NotCovered(text, leaf)
        if fate.kind == TO:
            mismatch = kind_gap(plan, plan.old.states[leaf], plan.new.states[fate.state or ""])
            if mismatch is not None:
                raise NotCovered(mismatch, leaf)
        found[leaf] = fate
    if found and all(fate.kind == DROP for fate in found.values()):
        leaf = next(iter(found))
        raise NotCovered(Text("Tidak ada cabang yang tersisa.", "No branch would be left."), leaf)
    return found


# -- closing ------------------------------------------------------------------------------------------------------


def _close(plan: Bound, facts: CaseFacts, actor: PersonId | None, fate: Fate, told: Mapping[str, Any]) -> Plan:
    """The case ends where it stands, under its own version: nothing is open, timed or promised any more."""
    step = Step(plan.old, facts, actor)
    for task in tuple(step.tasks.values()):
        step.close(task, "cancelled", None, None)
    settling.end(step)
    step.left = [*reversed(step.chart.in_order(step.active))]
    step.active = {}
    reason = fate.reason or Text("", "")
    told = {**told, "reason": {"id": reason.id, "en": reason.en}}
    step.comment = reason.id
    step.last_act = None
    return _finished(step, CLOSED, told)


def _finished(step: Step, action: str, told: Mapping[str, Any]) -> Plan:
    address(step)
    if step.fired:
        told = {**told, "fired": list(step.fired)}
    entry = HistoryEntry(
        step.now, step.actor, None, None, action, None, tuple(step.left), tuple(step.entered), step.comment,
        details=told,
    )  # fmt: skip
    step.entries.append(entry)
    return step.plan()


# -- moving -------------------------------------------------------------------------------------------------------


def _move(
    plan: Bound, facts: CaseFacts, actor: PersonId | None, fates: Mapping[str, Fate], told: Mapping[str, Any]
) -> Plan:
    targets = {leaf: fate.state for leaf, fate in fates.items() if fate.kind == TO and fate.state is not None}
    answers = carried_answers(plan, facts)
    active, next_entry, origins = _active(plan, facts.state, targets)
    state = replace(
        facts.state, active=active, next_entry=next_entry, tasks={}, votes=(), kept_votes=(), timers={}, slas={},
        history=_memories(plan, facts.state.history), performers=_performers(plan, facts.state), last_act=None,
        visited=frozenset({_renamed(plan, key) for key in facts.state.visited} | active.keys()),
        raised=frozenset(), extras=_extras(plan, facts.state.extras, answers),
    )  # fmt: skip
    step = Step(plan.new, replace(facts, state=state, answers=answers), actor)
    step.timed_by = answers
    new_states = [key for key in step.chart.in_order(active) if key not in origins]
    step.entered = [key for key in step.chart.in_order(active) if key not in facts.state.active]
    gone = (key for key in facts.state.active if key not in active)
    step.left = [*reversed(chart_of(plan.old).in_order(gone))]
    step.fresh = list(new_states)
    carry_clocks(step, plan, facts.state, origins)
    carry_work(step, plan, facts.state, origins)
    _tell(step, plan)
    step.comment = "; ".join(fate.reason.id for fate in fates.values() if fate.reason is not None)
    settling.settle(step)
    told = {**told, "to": plan.new.digest, "version": plan.new.version}
    moved = _finished(step, MIGRATED, told)
    return replace(moved, before=facts.state, answers_changed=_changed(facts.answers, moved.answers))


def _active(
    plan: Bound, state: CaseState, targets: Mapping[str, str]
) -> tuple[dict[str, int], int, dict[str, str]]:  # fmt: skip
    """The newer active states with their entries, the next free entry, and by newer state the older one it continues.

    What encloses a place continues where the older one around it goes there; regions no older branch leads to are
    entered at their first state.
    """
    chart, older = chart_of(plan.new), chart_of(plan.old)
    wanted = chart.entry_of(WHOLE, targets.values())
    _check_places(plan, wanted, targets)
    origins = {target: leaf for leaf, target in targets.items()}
    if len(origins) < len(targets):
        leaf = next(leaf for leaf, target in targets.items() if origins[target] != leaf)
        raise NotCovered(Text("Dua cabang menuju satu langkah.", "Two branches go to one state."), leaf)
    for leaf in targets:
        for key in older.path[leaf][1:]:
            fate = plan.fates.get(key)
            if fate is not None and fate.kind == TO and fate.state in wanted:
                origins.setdefault(fate.state, key)
    active, entry = {}, state.next_entry
    for key in wanted:
        if key in origins:
            active[key] = state.active[origins[key]]
        else:
            active[key], entry = entry, entry + 1
    return active, entry, origins


def _check_places(plan: Bound, wanted: tuple[str, ...], targets: Mapping[str, str]) -> None:
    """The newer states can be active together: one child of every compound state, one place of every region."""
    states, here = plan.new.states, set(wanted)
    for key in wanted:
        state = states[key]
        if state.kind == "parallel":
            groups = [[child for child in region.children if child in here] for region in state.regions.values()]
        else:
            groups = [[child for child in state.children if child in here]]
        if any(len(group) > 1 for group in groups):
            _cannot(targets)
    if sum(states[key].parent is None for key in wanted) > 1:
        _cannot(targets)


def _cannot(targets: Mapping[str, str]) -> None:
    text = Text(
        "Langkah tujuan tidak dapat aktif bersamaan.", "The states the plan leads to cannot be active together."
    )
    raise NotCovered(text, next(iter(targets)))


def _renamed(plan: Bound, key: str) -> str:
    """The newer key of an older state; its own where it leads nowhere."""
    fate = plan.fates.get(key)
    return fate.state if fate is not None and fate.kind == TO and fate.state is not None else key


def _memories(plan: Bound, history: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Where compound states were left, as far as all of it still lies inside; the rest is forgotten."""
    chart, found = chart_of(plan.new), {}
    for key, places in history.items():
        state, targets = _renamed(plan, key), tuple(_renamed(plan, place) for place in places)
        is_kept = state in chart.states and chart.states[state].history is not None
        if is_kept and all(target in chart.states and state in chart.path[target][1:] for target in targets):
            found[state] = targets
    return found


def _performers(plan: Bound, state: CaseState) -> dict[str, tuple[PersonId, ...]]:
    found: dict[str, tuple[PersonId, ...]] = {}
    for key, people in state.performers.items():
        target = _renamed(plan, key)
        found[target] = tuple(dict.fromkeys((*found.get(target, ()), *people)))
    return found


def _extras(plan: Bound, extras: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in extras.items() if name not in (*_FORGOTTEN, *_BY_STATE)}
    for name in _BY_STATE:
        kept: dict[str, Any] = {}
        for key, value in extras.get(name, {}).items():
            target = _renamed(plan, key)
            if target in plan.new.states:  # of two states that go on as one, what was done in either's name counts
                kept[target] = [*kept.get(target, ()), *value] if name == "in_name" else value
        if kept:
            found[name] = kept
    asked = [name for name in plan.plan.ask if is_blank(answers.get(name))]
    if asked:
        found["asked"] = asked
    return found


def _tell(step: Step, plan: Bound) -> None:
    """Who hears of it: the plan's notifications, or its roles and the candidates by a text of our own."""
    leaf = next(iter(step.chart.leaves(step.active)), "")
    for name in plan.plan.notify:
        if name in step.definition.notifications:
            step.notices.append(Notice(len(step.changes), name, leaf, None))
        else:
            step.notices.append(Notice(len(step.changes), TOLD, leaf, None, (name,)))


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]] | None:
    names = dict.fromkeys([*before, *after])
    found = {name: (before.get(name), after.get(name)) for name in names}
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]} or None
