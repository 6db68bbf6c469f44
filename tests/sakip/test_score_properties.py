"""What holds for every worksheet and every answer (§7.5–§7.10), tried on many."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sakip.score import Scored, judge, score
from sakip.worksheet import worksheet
from tests.sakip.rubrics import criteria, rubric, sub_component

ORDER = ("none", "half", "most", "full")
RULES = """
logical_framework:
  quality: {limits: planning.quality, by: [planning.existence], then: %s}
  use: {limits: planning.use, by: [planning.quality, planning.existence], then: %s}
"""
WEIGHTED = sub_component("planning.use", "{scoring: weighted, criteria: {one: {points: 2}, two: {points: 7}}}")
NOT_ASKED = criteria("planning.existence", "{two: {not_applicable: leave_out}}")
RUBRICS = {
    (first, second): rubric(RULES % (first, second), WEIGHTED, NOT_ASKED)
    for first in ("cap", "warn", "refuse")
    for second in ("cap", "warn", "refuse")
}
PATHS = [one.path for part in worksheet(RUBRICS["cap", "cap"], "unit", None) for one in part.questions]
ANSWERS = st.fixed_dictionaries({path: st.sampled_from(ORDER) for path in PATHS})
KINDS = st.sampled_from(sorted(RUBRICS))


def scored(kind: tuple[str, str], answers: dict[str, Any]) -> Scored:
    found = score(RUBRICS[kind], "unit", None, answers)
    assert isinstance(found, Scored)
    return found


@given(KINDS, ANSWERS)
def test_a_score_lies_between_nothing_and_everything_and_adds_up(kind: tuple[str, str], answers: Any) -> None:
    found = scored(kind, answers)
    assert 0 <= found.score <= 100
    assert found.score == sum(found.points.values())
    for path, share in found.shares.items():
        assert 0 <= share.counted <= share.raw <= 1
        assert (share.counted < share.raw) == (path in found.limited)
    assert set(found.refused) <= set(found.limited)


@given(KINDS, ANSWERS, st.sampled_from(PATHS))
def test_a_better_answer_never_lowers_a_score(kind: tuple[str, str], answers: Any, path: str) -> None:
    before = scored(kind, answers)
    place = ORDER.index(answers[path])
    after = scored(kind, {**answers, path: ORDER[min(place + 1, 3)]})
    assert after.score >= before.score


@given(KINDS, ANSWERS)
def test_cap_never_counts_more_than_warn_and_exactly_as_much_as_refuse(kind: tuple[str, str], answers: Any) -> None:
    assert (
        scored(("cap", "cap"), answers).score <= scored(kind, answers).score <= scored(("warn", "warn"), answers).score
    )
    assert scored(("cap", "cap"), answers).score == scored(("refuse", "refuse"), answers).score


@given(ANSWERS)
def test_where_nothing_is_limited_the_score_is_a_plain_sum(answers: Any) -> None:
    found = scored(("warn", "warn"), answers)
    share = {path: Fraction((0, 2, 3, 4)[ORDER.index(answers[path])], 4) for path in PATHS}
    by_hand = sum(
        10 * (share[f"planning.{sub}.one"] + share[f"planning.{sub}.two"]) for sub in ("existence", "quality")
    )
    by_hand += 20 * (2 * share["planning.use.one"] + 7 * share["planning.use.two"]) / 9
    assert found.score == by_hand + 40 * share["reporting.existence.one"]


@given(ANSWERS)
def test_leaving_a_criterion_out_gives_its_part_to_the_others(answers: Any) -> None:
    found = scored(("warn", "warn"), {**answers, "planning.existence.two": "na"})
    alone = Fraction((0, 2, 3, 4)[ORDER.index(answers["planning.existence.one"])], 4)
    assert found.points["planning.existence"] == 20 * alone
    assert "planning.existence.two" in found.answers


@given(st.fractions(0, 100, max_denominator=3000))
def test_what_is_printed_and_what_is_judged_agree(exact: Fraction) -> None:
    evaluation = RUBRICS["cap", "cap"]
    found = judge(evaluation, exact)
    assert found.predicate == judge(evaluation, Fraction(found.printed)).predicate
    assert Fraction(found.printed) == found.score
