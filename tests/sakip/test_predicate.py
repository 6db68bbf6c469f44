"""The sentences of §7.8–§7.10 and §7.12: tiers, the result over them, the predicate and the way to the next."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from sakip.configuration.evaluation import Evaluation
from sakip.reasons import Reason
from sakip.score import Judged, judge, score
from sakip.suggested import suggested, suggested_for
from sakip.tiers import TierAnswer, TierResult, TypedPredicate, counting, predicates, result
from tests.sakip.rubrics import criteria, rubric, sub_component

MEAN = "result: {by: mean, tier: null, tiers: [self, assure, final], missing: %s}"
WEIGHTED = "result: {by: weighted, tier: null, weights: {self: 1, assure: 2, final: 3}, missing: %s}"
ONE = Fraction(1)


def judged(evaluation: Evaluation, exact: str) -> tuple[str, str, str | None, str | None]:
    found = judge(evaluation, Fraction(exact))
    following = found.next
    return found.printed, found.predicate.key, following and following.predicate.key, following and following.printed


# -- §7.8 tiers ------------------------------------------------------------------------------------------------------


def test_7_8_an_unconfirmed_answer_is_open() -> None:
    evaluation = rubric()
    paths = [f"planning.{sub}.{key}" for sub in ("existence", "quality", "use") for key in ("one", "two")]
    own = {path: TierAnswer("full", True) for path in (*paths, "reporting.existence.one")}
    assert not isinstance(score(evaluation, "unit", None, counting(own)), Reason)
    copied = {path: TierAnswer(one.given, False) for path, one in own.items()}
    opened = score(evaluation, "unit", None, counting(copied))
    assert isinstance(opened, Reason)
    assert (opened.code, opened.values["count"]) == ("criterion_open", 7)
    confirmed = {**copied, **{path: TierAnswer("full", True) for path in paths}}
    still = score(evaluation, "unit", None, counting(confirmed))
    assert isinstance(still, Reason)
    assert still.values["paths"] == ("reporting.existence.one",)


# -- §7.9 the result over the tiers ----------------------------------------------------------------------------------


def test_7_9_by_tier_is_that_tier_alone() -> None:
    assert result(rubric(), {"self": ONE, "final": Fraction(60)}) == TierResult(Fraction(60), ())


def test_7_9_by_mean_is_the_mean_of_the_exact_scores() -> None:
    found = result(rubric(MEAN % "refuse"), {"self": Fraction(70), "assure": Fraction(71), "final": Fraction(73)})
    assert found == TierResult(Fraction(214, 3), ())


def test_7_9_by_weighted_is_by_the_weights_whatever_they_add_up_to() -> None:
    found = result(rubric(WEIGHTED % "refuse"), {"self": Fraction(60), "assure": Fraction(72), "final": Fraction(80)})
    assert found == TierResult(Fraction(60 + 144 + 240, 6), ())


@pytest.mark.parametrize("rule", ["", MEAN % "refuse", WEIGHTED % "refuse"])
@pytest.mark.parametrize("scores", [{"self": ONE, "assure": ONE, "final": None}, {"self": ONE, "assure": ONE}])
def test_7_9_a_missing_tier_refuses_and_is_named(rule: str, scores: dict[str, Fraction | None]) -> None:
    found = result(rubric(rule) if rule else rubric(), scores)
    assert isinstance(found, Reason)
    assert (found.code, found.values["keys"]) == ("tier_missing", ("final",))
    assert found.sentence.id == "penilaian belum ada: Akhir"


def test_7_9_provisional_counts_those_present_with_the_weights_among_them_and_is_marked() -> None:
    mean = result(rubric(MEAN % "provisional"), {"self": Fraction(60), "final": Fraction(70)})
    weighted = result(rubric(WEIGHTED % "provisional"), {"self": Fraction(60), "final": Fraction(80)})
    assert mean == TierResult(Fraction(65), ("assure",))
    assert weighted == TierResult(Fraction(75), ("assure",))
    assert (weighted.is_provisional, TierResult(ONE, ()).is_provisional) == (True, False)


@pytest.mark.parametrize("rule", ["result: {missing: provisional}", MEAN % "provisional", WEIGHTED % "provisional"])
def test_7_9_a_missing_tier_is_never_a_zero_not_even_when_all_are_missing(rule: str) -> None:
    found = result(rubric(rule), {"self": None, "verify": Fraction(90)})
    assert isinstance(found, Reason)
    assert found.code == "tier_missing"


def test_7_9_a_zero_is_a_score_and_not_a_missing_tier() -> None:
    found = result(rubric(MEAN % "refuse"), {"self": Fraction(0), "assure": Fraction(0), "final": Fraction(60)})
    assert found == TierResult(Fraction(20), ())


# -- §7.10 predicate and points to the next --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exact", "expected"),
    [
        ("68.40", ("68.40", "b", "bb", "1.61")),
        ("69.999", ("70.00", "b", "bb", "0.01")),
        ("70.004", ("70.00", "b", "bb", "0.01")),
        ("70.005", ("70.01", "bb", "a", "10.00")),
        ("0", ("0.00", "c", "b", "60.01")),
        ("200/3", ("66.67", "b", "bb", "3.34")),
        ("100", ("100.00", "a", None, None)),
    ],
)
def test_7_10_the_score_is_rounded_once_then_the_bands_judge_it(exact: str, expected: tuple[str, ...]) -> None:
    assert judged(rubric(), exact) == expected


@pytest.mark.parametrize(
    ("exact", "expected"),
    [
        ("69.999", ("70.00", "bb", "a", "10.00")),
        ("69.99", ("69.99", "b", "bb", "0.01")),
        ("68.40", ("68.40", "b", "bb", "1.60")),
        ("59.994", ("59.99", "c", "b", "0.01")),
    ],
)
def test_7_10_where_a_boundary_belongs_to_the_higher_predicate_it_is_reached(
    exact: str, expected: tuple[str, ...]
) -> None:
    assert judged(rubric("predicate: {includes: lower}"), exact) == expected


@pytest.mark.parametrize(
    ("includes", "exact", "expected"),
    [
        ("lower", "69.999", ("70.00", "b", "bb", "0.01")),
        ("lower", "68.395", ("68.40", "b", "bb", "1.61")),
        ("upper", "70.001", ("70.00", "bb", "a", "10.00")),
        ("upper", "68.4", ("68.40", "b", "bb", "1.61")),
    ],
)
def test_7_10_judged_exactly_the_points_are_still_printable(
    includes: str, exact: str, expected: tuple[str, ...]
) -> None:
    patch = f"{{predicate: {{includes: {includes}}}, rounding: {{band_on: exact}}}}"
    assert judged(rubric(patch), exact) == expected


@pytest.mark.parametrize(("mode", "printed", "predicate"), [("half_up", "70.01", "bb"), ("half_even", "70.00", "b")])
def test_7_10_the_mode_of_rounding_decides_at_a_half(mode: str, printed: str, predicate: str) -> None:
    found = judge(rubric(f"rounding: {{mode: {mode}}}"), Fraction("70.005"))
    assert (found.printed, found.predicate.key) == (printed, predicate)


def test_7_10_bands_that_judge_with_their_own_places_count_points_in_these() -> None:
    assert judged(rubric("predicate: {places: 0}"), "69.6") == ("69.60", "b", "bb", "1")
    assert judged(rubric("predicate: {places: 0}"), "70.4") == ("70.40", "b", "bb", "1")  # judged 70, still a B
    assert judged(rubric("rounding: {places: 1}"), "68.44") == ("68.4", "b", "bb", "1.7")
    exact = rubric("predicate: {places: 0}", "rounding: {band_on: exact}")  # their places judge nothing then
    assert judged(exact, "69.6") == ("69.60", "b", "bb", "0.41")


@pytest.mark.parametrize("includes", ["upper", "lower"])
@pytest.mark.parametrize("band_on", ["rounded", "exact"])
def test_7_10_the_points_reach_the_next_predicate_and_one_step_less_does_not(includes: str, band_on: str) -> None:
    evaluation = rubric(f"{{predicate: {{includes: {includes}}}, rounding: {{band_on: {band_on}}}}}")
    step = Fraction(1, 100)
    for thousandths in range(0, 80000, 37):
        exact = Fraction(thousandths, 1000)
        found = judge(evaluation, exact)
        assert found.next is not None
        start = evaluation.rounding.judged(exact)
        assert evaluation.predicate.of(start + found.next.points).key == found.next.predicate.key
        assert evaluation.predicate.of(start + found.next.points - step).key == found.predicate.key


# -- §7.12 three predicates ------------------------------------------------------------------------------------------


def test_7_12_three_predicates_are_kept_apart() -> None:
    letter = TypedPredicate(Fraction("68.2"), "b", date(2025, 12, 15), "B/123/RB.06/2025")
    found = predicates(rubric(), {"self": Fraction(81), "assure": None, "final": Fraction(71)}, letter)
    assert isinstance(found.self_assessment, Judged)
    assert isinstance(found.inspectorate, Judged)
    assert (found.self_assessment.predicate.key, found.inspectorate.predicate.key) == ("a", "bb")
    assert found.ministry is letter
    nothing = predicates(rubric(), {}, None)
    assert isinstance(nothing.self_assessment, Reason)
    assert isinstance(nothing.inspectorate, Reason)
    assert nothing.ministry is None


def test_7_12_the_self_assessment_is_the_first_tier_that_answers_criteria() -> None:
    evaluation = rubric("tiers: {verify: {order: 5}}")
    found = predicates(evaluation, {"self": Fraction(81)}, None)
    assert next(iter(evaluation.tiers)) == "verify"
    assert isinstance(found.self_assessment, Judged)
    assert found.self_assessment.predicate.key == "a"


# -- §7.3 grades proposed by ticks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("met", "of", "answer"),
    [
        (0, 11, "e"),
        (7, 7, "bb"),
        (1, 4, "d"),
        (2, 7, "c"),
        (2, 4, "c"),
        (3, 5, "cc"),
        (3, 4, "cc"),
        (4, 5, "b"),
        (1, 1, "bb"),
    ],
)
def test_7_3_ticks_propose_none_all_or_the_band_of_the_exact_fraction(met: int, of: int, answer: str) -> None:
    assert suggested(rubric().suggested["grades"], met, of) == answer


def test_7_3_a_third_is_compared_exactly() -> None:
    evaluation = rubric("suggested_grades: {grades: {between: {rows: {c: {from: 0.3333}}}}}")
    assert suggested(evaluation.suggested["grades"], 1, 3) == "c"


def test_7_3_no_criteria_propose_nothing_and_more_than_all_is_a_mistake() -> None:
    rule = rubric().suggested["grades"]
    assert suggested(rule, 0, 0) == Reason("nothing_applies")
    with pytest.raises(ValueError, match="8 of 7"):
        suggested(rule, 8, 7)


def test_7_3_the_ticks_of_criteria_that_count_for_the_subject_propose_the_grade() -> None:
    evaluation = rubric(
        sub_component("planning.use", "{scoring: graded, scale: grades}"),
        criteria("planning.use", "{two: {subjects: [region]}}"),
    )
    sub = evaluation.components["planning"].sub_components["use"]
    ticked = {"planning.use.one", "planning.quality.one"}
    assert suggested_for(evaluation, sub, "unit", None, ticked) == "bb"
    assert suggested_for(evaluation, sub, "region", None, ticked) == "c"
    other = evaluation.components["planning"].sub_components["quality"]
    assert suggested_for(evaluation, other, "unit", None, ticked) is None
