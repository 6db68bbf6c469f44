"""The tiers of one worksheet as values: what counts of each, and what they give together (reference §7.8, §7.9)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sakip.answers import expand
from sakip.facts.score_results import RESULT, Evaluated, evaluate, plain
from sakip.facts.sheets import Sheet, tier_answers
from sakip.reasons import Reason
from sakip.score import Judged
from sakip.tiers import TierAnswer
from tests.sakip.rubrics import criteria, rubric


def a_sheet(*patches: str) -> Sheet:
    return Sheet(rubric(*patches), 1, 1, "kominfo", "agency", 2025)


def given(sheet: Sheet, patterns: Mapping[str, str], *unconfirmed: str) -> dict[str, TierAnswer]:
    """What a tier's people said, and which of it they did not confirm."""
    return {path: TierAnswer(one, path not in unconfirmed) for path, one in expand(sheet.sections, patterns).items()}


def told(one: Evaluated) -> tuple[Fraction | None, str]:
    return one.exact, one.judged.printed if isinstance(one.judged, Judged) else one.judged.code


def test_7_8_a_row_confirmed_in_the_tier_before_is_not_confirmed_in_this_one() -> None:
    sheet = a_sheet()
    rows = [
        {"path": "planning.use.one", "answer": "full", "confirmed_in": "assure"},
        {"path": "planning.use.two", "answer": "full", "confirmed_in": "final"},
        {"path": "reporting.existence.one", "answer": "full"},
    ]
    found = tier_answers(sheet, sheet.evaluation.tiers["final"], rows)
    assert [one.is_confirmed for one in found.values()] == [False, True, False]
    assert all(one.is_confirmed for one in tier_answers(sheet, sheet.evaluation.tiers["self"], rows).values())


def test_7_8_a_tier_with_an_unconfirmed_answer_has_no_score() -> None:
    sheet = a_sheet()
    last = list(sheet.questions)[-1]
    found = evaluate(sheet, {"self": given(sheet, {"*": "full"}), "assure": given(sheet, {"*": "full"}, last)})
    assert told(found["self"]) == (100, "100.00")
    assert told(found["assure"]) == (None, "criterion_open")


def test_7_8_each_tier_is_scored_by_itself_framework_included() -> None:
    sheet = a_sheet("logical_framework: {use: {limits: planning.use, by: [planning.quality], then: cap}}")
    low = {"*": "full", "planning.quality.*": "half"}
    found = evaluate(sheet, {"self": given(sheet, {"*": "full"}), "assure": given(sheet, low)})
    assert (told(found["self"])[1], told(found["assure"])[1]) == ("100.00", "80.00")
    assert [one.scored and one.scored.limited for one in (found["self"], found["assure"])] == [(), ("planning.use",)]


def test_7_9_the_mean_is_of_exact_scores_and_not_of_printed_ones() -> None:
    sheet = a_sheet(
        "rounding: {places: 0}", "result: {by: mean, tier: null, tiers: [self, final]}",
        criteria("planning.use", "{three: {order: 30, title: {id: Tiga, en: Three}}}"),
    )  # fmt: skip
    first = {"*": "full", "planning.use.three": "half", "reporting.*": "half"}  # 76 2/3, printed 77
    second = first | {"planning.quality.two": "half"}  # 71 2/3, printed 72
    found = evaluate(sheet, {"self": given(sheet, first), "final": given(sheet, second)})
    assert [told(found[tier])[1] for tier in ("self", "final")] == ["77", "72"]
    assert told(found[RESULT]) == (74 + Fraction(1, 6), "74")  # of the printed ones 74.5, printed 75


def test_7_9_a_provisional_result_is_marked_where_it_is_told() -> None:
    sheet = a_sheet("result: {by: mean, tier: null, tiers: [self, final], missing: provisional}")
    alone = evaluate(sheet, {"self": given(sheet, {"*": "most"})})[RESULT]
    assert told(alone) == (75, "75.00")
    assert plain(sheet, alone)["provisional"] is True
    both = evaluate(sheet, {tier: given(sheet, {"*": "most"}) for tier in ("self", "final")})[RESULT]
    assert "provisional" not in plain(sheet, both)


def test_7_9_a_tier_that_may_not_be_scored_is_missing_and_no_zero() -> None:
    sheet = a_sheet("result: {by: mean, tier: null, tiers: [self, final], missing: refuse}")
    found = evaluate(sheet, {"self": given(sheet, {"*": "full"}), "final": given(sheet, {"planning.*": "full"})})
    assert isinstance(found[RESULT].judged, Reason)
    assert told(found[RESULT]) == (None, "tier_missing")
