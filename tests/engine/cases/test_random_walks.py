"""Random walks: whatever people try and whenever, the case stays in a legal place and nothing is left behind."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.cases.chart import chart_of
from engine.cases.paper import PaperCase, read_given
from engine.cases.people import excluded
from engine.cases.plan import actions_for, candidates, plan_act
from engine.cases.state import from_plain, to_plain
from engine.changes import Plan, Refusal
from engine.definitions.model import Definition, Duration
from engine.facts import Command
from tests.engine.cases.walking import WALKED


def _legal(definition: Definition, active: Sequence[str]) -> None:
    """One child of every compound state, one of every region, every ancestor, nothing else."""
    states = definition.states
    for key in active:
        parent = states[key].parent
        assert parent is None or parent in active, f"{key} is active without {parent}"
    tops = [key for key in active if states[key].parent is None]
    assert len(tops) == 1, tops
    for key in active:
        state = states[key]
        children = [child for child in state.children if child in active]
        if state.kind == "compound":
            assert len(children) == 1, (key, children)
        elif state.kind == "parallel":
            regions = sorted(states[child].region or "" for child in children)
            assert regions == sorted(state.regions), (key, children)
        else:
            assert not children


def coherent(case: PaperCase) -> None:
    definition, facts = case.definition, case.facts
    state, active = facts.state, facts.state.active
    _legal(definition, list(active))
    late = state.extras.get("late", {})
    for number, task in state.tasks.items():
        assert number == task.number < state.next_task
        assert active.get(task.state) == task.entry or task.state in late, task
    for key, timer in state.timers.items():
        if key.startswith("sla."):
            assert timer.entry == 0
        elif key.startswith("task."):
            assert int(key.split(".")[1]) in state.tasks
        else:
            assert active[key.rpartition(".")[0]] == timer.entry
    for vote in state.votes:
        assert vote.state in active
    assert set(state.raised) <= set(active)
    assert all(entry < state.next_entry for entry in active.values())
    assert len(set(active.values())) == len(active)
    if state.is_ended:
        assert not state.tasks and not state.timers
    plain = to_plain(state)
    assert from_plain(json.loads(json.dumps(plain))) == state
    assert to_plain(from_plain(json.loads(json.dumps(plain)))) == plain


def excluded_are_no_candidates(case: PaperCase) -> None:
    able = {person for person, _ in candidates(case.definition, case.facts)}
    for task in case.facts.state.tasks.values():
        barred = excluded(case.definition, case.facts, task)
        if len(case.facts.state.tasks) == 1:
            assert able.isdisjoint(barred)


def views_agree_with_acts(case: PaperCase, person: str) -> None:
    """What a page shows as possible is not refused for a reason the page could have known."""
    typed = {"comment_required", "attachment_required", "second_factor_required", "field_invalid", "guard"}
    for view in actions_for(case.definition, case.facts, person):
        command = Command(view.action, person, state=view.state or None, item=view.item)
        answer = plan_act(case.definition, case.facts, command)
        if view.refusal is None:
            assert isinstance(answer, Plan) or answer.code in typed, (view.action, answer)
        else:
            assert isinstance(answer, Refusal), (view.action, view.refusal)


def _steps(people: list[str], actions: list[str], items: list[Any], data: list[dict[str, Any]]) -> Any:
    act = st.builds(
        lambda person, action, item, comment, answers, attached: Command(
            action, person, item=item, comment=comment, answers=answers, new_attachments=attached,
            has_second_factor=bool(attached),
        ),
        st.sampled_from(people), st.sampled_from(actions), st.sampled_from(items), st.sampled_from(["", "because"]),
        st.sampled_from(data), st.sampled_from([0, 1]),
    )  # fmt: skip
    clock = st.builds(
        Duration, st.sampled_from(["working_days", "days", "hours", "working_hours"]), st.sampled_from([0, 1, 3, 20])
    )
    follow = st.integers(0, 40)  # the nth thing anybody may do now: how a walk gets anywhere
    return st.lists(st.one_of(follow, follow, follow, follow, act, act, clock), max_size=40)


def possible(case: PaperCase, number: int) -> Command | None:
    found = [
        Command(view.action, person, state=view.state or None, item=view.item, comment="x", new_attachments=1)
        for person in sorted({str(person) for person in case.everybody()})
        for view in actions_for(case.definition, case.facts, person)
        if view.refusal is None
    ]
    return found[number % len(found)] if found else None


@pytest.mark.parametrize("name", sorted(WALKED))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(choices=st.data())
def test_a_random_walk_never_leaves_the_chart(name: str, choices: Any) -> None:
    definition, given_, data = WALKED[name]()
    chart = chart_of(definition)
    case = PaperCase(definition, read_given(definition, given_))
    people = sorted({str(person) for person in case.everybody()} | {"stranger"})
    actions = sorted({action for key in definition.states for action in chart.known(key)})
    items = [
        None,
        None,
        None,
        *[item for value in data for each in value.values() if isinstance(each, list) for item in each],
    ]
    items = [item for item in items if item is None or isinstance(item, str)]
    coherent(case)
    for step in choices.draw(
        _steps(people, [*actions, "claim", "release", "recall", "done"], items, [{}, {}, {}, *data])
    ):
        before, plain = case.facts, to_plain(case.facts.state)
        if isinstance(step, int):
            step = possible(case, step) or Duration("days", 1)
        if isinstance(step, Command):
            happened = case.act(step)
            if happened.refusal is not None:
                assert case.facts is before
                assert to_plain(before.state) == plain
                assert happened.refusal.sentence.id and happened.refusal.sentence.en
            views_agree_with_acts(case, step.actor)
        else:
            case.advance(step)
        assert to_plain(before.state) == plain, "facts are never changed in place"
        coherent(case)
        excluded_are_no_candidates(case)


@pytest.mark.parametrize("name", sorted(WALKED))
def test_two_walks_of_the_same_steps_are_the_same(name: str) -> None:
    definition, given_, _ = WALKED[name]()
    ends = []
    for _ in range(2):
        case = PaperCase(definition, read_given(definition, given_))
        for _ in range(12):
            for person in sorted(map(str, case.everybody())):
                views = [view for view in actions_for(definition, case.facts, person) if view.refusal is None]
                if views:
                    case.act(Command(views[0].action, person, comment="x", item=views[0].item, new_attachments=1))
        ends.append(json.dumps(to_plain(case.facts.state), sort_keys=True))
    assert ends[0] == ends[1]
