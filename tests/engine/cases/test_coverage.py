# ruff: noqa: E501 - YAML as authors write it
"""What publishing asks of scenarios (reference §11): every arrow taken, every rule refused once, every region last once."""

from __future__ import annotations

import pytest

from engine.cases.strength import measure
from tests.engine.cases.proving import read, strength
from tests.engine.cases.test_strength import PARALLEL, REVIEW, SUBMIT, SUBSTITUTES


def asked(written: str, scenarios: str = "") -> set[str]:
    """What is still asked for, as marks."""
    return {gap.mark for gap in strength(written, scenarios).gaps}


def test_without_scenarios_everything_is_asked_for() -> None:
    assert asked(REVIEW) == {
        "taken:draft.submit", "taken:draft.discard", "taken:draft.waive", "taken:review.approve", "taken:review.return",
        "guard:draft.submit", "requires:review.return.comment", "excluded:review.starter",
    }  # fmt: skip


ANSWERS = [
    ("taken:draft.discard", "{given: {uses: people}, steps: [{as: ani, do: discard}]}"),
    ("guard:draft.submit", "{given: {uses: people}, steps: [{as: ani, do: submit, refused: guard}]}"),
    ("requires:review.return.comment", "{given: {uses: people}, steps: [" + SUBMIT + ", {as: carla, do: return, refused: comment_required}]}"),
    ("excluded:review.starter", "{given: {uses: people, users: {clerk: [carla, ani]}}, steps: [" + SUBMIT + ", {as: ani, do: return, refused: excluded}]}"),
    ("excluded:review.starter", "{given: {uses: people, users: {clerk: [carla, ani]}}, steps: [" + SUBMIT + ", {as: ani, do: claim, refused: excluded}]}"),
    ("duty:not_the_owner", "{given: {uses: people, data: {owner: carla}}, steps: [" + SUBMIT + ", {as: carla, do: approve, refused: separation_of_duties}]}"),
    ("weak:daily_executor", "{given: {uses: people, acting: {clerk: {user: joko, kind: daily_executor}}}, steps: [" + SUBMIT + ", {as: joko, do: return, with: {comment: x}, refused: not_within_acting_powers}]}"),
]  # fmt: skip


@pytest.mark.parametrize(("mark", "scenario"), ANSWERS)
def test_one_scenario_answers_what_is_asked(mark: str, scenario: str) -> None:
    written = SUBSTITUTES + REVIEW
    assert mark in asked(written)
    assert mark not in asked(written, f"one: {scenario}")


def test_a_stand_in_who_may_do_everything_is_never_refused() -> None:
    whole = SUBSTITUTES.replace("may: [approve]", "may: [submit, discard, waive, approve, return]")
    assert "weak:daily_executor" not in asked(whole + REVIEW)


def test_each_region_of_a_join_has_to_finish_last_once() -> None:
    paper_last = "one: {given: {uses: people}, steps: [{as: fajar, do: pay}, {as: carla, do: file}]}"
    money_last = "two: {given: {uses: people}, steps: [{as: carla, do: file}, {as: fajar, do: pay}]}"
    assert {"last:both.paper", "last:both.money"} <= asked(PARALLEL)
    assert asked(PARALLEL, paper_last) & {"last:both.paper", "last:both.money"} == {"last:both.money"}
    assert asked(PARALLEL, f"{paper_last}\n{money_last}") & {"last:both.paper", "last:both.money"} == set()


def test_automatic_arrows_and_their_guards_are_asked_for_too() -> None:
    written = """
lifecycle:
  initial: draft
  states:
    draft: {task: {candidates: [starter], form: sample}, transitions: {submit: {to: sorting}}}
    sorting: {always: {large: {order: 1, guard: "case.count > 9", to: board}, small: {order: 2, to: done}}}
    board: {task: {candidates: [clerk], excluded: [starter], form: sample}, timers: {expire: {after: {days: 3}, to: done}}, transitions: {agree: {to: done}}}
    done: {type: final}
"""
    small = "a: {given: {uses: people}, steps: [{as: ani, do: submit}]}"
    large = "b: {given: {uses: people, data: {count: 10}}, steps: [{as: ani, do: submit}, {advance: {days: 3}}]}"
    assert asked(written, small) >= {"taken:sorting.always.large", "taken:board.agree", "fired:board.expire"}
    assert "guard:sorting.always.large" not in asked(written, small)
    assert asked(written, large) >= {"taken:sorting.always.small", "guard:sorting.always.large"}
    assert asked(written, f"{small}\n{large}") == {"taken:board.agree", "excluded:board.starter"}


def test_what_a_scenario_that_fails_passes_through_does_not_count() -> None:
    # A failing scenario shows nothing: it may well be wrong about how it came there.
    from_failing = "a: {given: {uses: people}, steps: [{as: ani, do: discard, expect: {state: draft}}]}"
    assert "taken:draft.discard" in _asked_of_failing(from_failing)


def _asked_of_failing(scenarios: str) -> set[str]:
    return {gap.mark for gap in measure(read(REVIEW, scenarios).case_types["sample"]).gaps}
