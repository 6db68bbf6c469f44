"""The sentences of §7.1–§7.7 and §7.11: what is asked, what an answer is worth, what the framework leaves of it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from sakip.answers import expand, refusal
from sakip.configuration.evaluation import Evaluation
from sakip.reasons import Reason
from sakip.score import Scored, asks_recommendation, progress, score
from sakip.shares import Share, shares
from sakip.worksheet import worksheet
from tests.sakip.rubrics import criteria, rubric, sub_component

QUALITY_LIMITS_USE = "logical_framework: {use: {limits: planning.use, by: [planning.quality], then: %s}}"
CHAIN = """
logical_framework:
  use: {limits: planning.use, by: [planning.quality], then: cap}
  quality: {limits: planning.quality, by: [planning.existence], then: cap}
"""


def answered(evaluation: Evaluation, patterns: Mapping[str, Any], subject: str = "unit", unit_type: str | None = None):
    return score(evaluation, subject, unit_type, expand(worksheet(evaluation, subject, unit_type), patterns))


def scored(evaluation: Evaluation, patterns: Mapping[str, Any], **who: Any) -> Scored:
    found = answered(evaluation, patterns, **who)
    assert isinstance(found, Scored), found
    return found


def refused(evaluation: Evaluation, patterns: Mapping[str, Any], **who: Any) -> Reason:
    found = answered(evaluation, patterns, **who)
    assert isinstance(found, Reason), found
    return found


# -- §7.1 what counts ------------------------------------------------------------------------------------------------


def test_7_1_a_criterion_counts_when_it_is_active_which_is_the_default() -> None:
    one_only = rubric(criteria("planning.use", "{two: {active: false}}"))
    both = scored(rubric(), {"*": "full", "planning.use.two": "none"})
    assert both.points["planning.use"] == 10
    assert scored(one_only, {"*": "full", "planning.use.two": "none"}).points["planning.use"] == 20
    assert refused(one_only, {"*": "full", "planning.use.one": None}).values["paths"] == ("planning.use.one",)


def test_7_1_a_criterion_counts_for_its_own_subjects_only() -> None:
    evaluation = rubric(criteria("planning.use", "{two: {subjects: [region]}}"))
    answers = {"*": "full", "planning.use.two": "none"}
    assert scored(evaluation, answers, subject="unit").points["planning.use"] == 20
    assert scored(evaluation, answers, subject="region").points["planning.use"] == 10


def test_7_1_a_criterion_that_names_no_subjects_is_asked_of_those_of_the_rubric() -> None:
    evaluation = rubric("subjects: [unit]", criteria("planning.use", "{two: {subjects: [region, unit]}}"))
    assert [one.sub.path for one in worksheet(evaluation, "region", None) if one.questions] == ["planning.use"]
    assert scored(evaluation, {"*": "full"}).score == 100


def test_7_1_a_criterion_counts_for_its_own_unit_types_only() -> None:
    evaluation = rubric(criteria("planning.use", "{two: {unit_types: [district]}}"))
    answers = {"*": "full", "planning.use.two": "none"}
    assert scored(evaluation, answers, unit_type="hospital").points["planning.use"] == 20
    assert scored(evaluation, answers, unit_type="district").points["planning.use"] == 10
    assert scored(evaluation, answers, unit_type=None).points["planning.use"] == 10  # unknown
    assert scored(evaluation, answers, subject="region", unit_type="hospital").points["planning.use"] == 10  # has none


def test_7_1_what_is_not_asked_needs_no_answer_and_an_answer_to_it_changes_nothing() -> None:
    evaluation = rubric(criteria("planning.use", "{two: {active: false}}"))
    answers = {"*": "full", "planning.use.two": "nonsense", "planning.use.never_heard_of": "none"}
    assert scored(evaluation, answers).score == 100


# -- §7.2 shares -----------------------------------------------------------------------------------------------------


def test_7_2_a_share_is_the_value_over_full_so_every_style_is_comparable() -> None:
    grades = rubric(sub_component("planning.use", "{scale: grades}"))
    assert scored(grades, {"*": "half", "planning.use.*": "c"}).score == 50
    assert scored(grades, {"*": "most", "planning.use.*": "b"}).points["planning.use"] == 14


def test_7_2_the_scale_of_the_criterion_goes_before_that_of_the_sub_component() -> None:
    named = rubric(criteria("planning.use", "{two: {scale: grades}}"))
    in_place = rubric(criteria("planning.use", "{two: {scale: {full: 3, answers: {up: {value: 1}}}}}"))
    assert scored(named, {"*": "full", "planning.use.two": "d"}).points["planning.use"] == 13
    assert scored(in_place, {"*": "full", "planning.use.two": "up"}).points["planning.use"] == Fraction(40, 3)


@pytest.mark.parametrize("strange", ["never", "FULL", ["full"], 4, True, {"full": 4}])
def test_7_2_an_answer_that_is_not_on_the_scale_is_an_unknown_answer(strange: Any) -> None:
    found = refused(rubric(), {"*": "full", "planning.use.two": strange})
    assert (found.code, found.values["paths"]) == ("unknown_answer", ("planning.use.two",))


# -- §7.3 scorings ---------------------------------------------------------------------------------------------------


def test_7_3_graded_asks_one_grade_for_the_sub_component_and_its_criteria_are_only_ticked() -> None:
    evaluation = rubric(sub_component("planning.use", "{scoring: graded, scale: grades}"))
    found = scored(evaluation, {"*": "full", "planning.use": "bb"})
    assert found.points["planning.use"] == 16
    assert scored(evaluation, {"*": "full", "planning.use": "bb", "planning.use.one": "full"}).score == found.score
    assert refused(evaluation, {"*.one": "full", "*.two": "full"}).values["paths"] == ("planning.use",)


def test_7_3_average_is_the_mean_of_the_shares() -> None:
    assert scored(rubric(), {"*": "full", "planning.use.two": "most"}).points["planning.use"] == Fraction(35, 2)


@pytest.mark.parametrize("scoring", ["points", "weighted"])
def test_7_3_points_and_weighted_are_the_points_times_shares_over_all_points(scoring: str) -> None:
    evaluation = rubric(
        sub_component("planning.use", f"{{scoring: {scoring}, criteria: {{one: {{points: 15}}, two: {{points: 5}}}}}}")
    )
    assert scored(evaluation, {"*": "full", "planning.use.one": "half"}).points["planning.use"] == Fraction(25, 2)


def test_7_3_weighted_points_need_not_add_up_to_the_weight() -> None:
    evaluation = rubric(
        sub_component("planning.use", "{scoring: weighted, criteria: {one: {points: 2}, two: {points: 1}}}")
    )
    assert scored(evaluation, {"*": "full", "planning.use.two": "none"}).points["planning.use"] == Fraction(40, 3)


# -- §7.4 evidence ---------------------------------------------------------------------------------------------------

BY_EVIDENCE = sub_component(
    "planning.use",
    "{answered_by: evidence, "
    "criteria: {one: {evidence: {plan: {years: [-1, 0]}, decree: {}}}, two: {evidence: {decree: {}}}}}",
)


@pytest.mark.parametrize(
    ("pieces", "share"),
    [
        (["plan-1", "plan", "decree"], 1),
        (["plan-1", "decree"], Fraction(2, 3)),
        (["plan"], Fraction(1, 3)),
        ([], 0),
        (["plan", "plan"], Fraction(1, 3)),
        (["plan", "minutes", "plan-2"], Fraction(1, 3)),
        ("all", 1),
        ("none", 0),
    ],
)
def test_7_4_the_share_is_the_accepted_pieces_of_the_asked_ones_with_their_years(pieces: Any, share: Any) -> None:
    found = scored(rubric(BY_EVIDENCE), {"*": "full", "planning.use.two": "all", "planning.use.one": pieces})
    assert found.points["planning.use"] == 10 + 10 * Fraction(share)


def test_7_4_nothing_accepted_is_an_answer_and_no_word_of_the_verifier_is_none() -> None:
    answers = {"*": "full", "planning.use.two": "all", "planning.use.one": None}
    assert refused(rubric(BY_EVIDENCE), answers).code == "criterion_open"
    assert scored(rubric(BY_EVIDENCE), {**answers, "planning.use.one": []}).points["planning.use"] == 10


@pytest.mark.parametrize("strange", ["full", "some", "plan", 3, {"plan": True}])
def test_7_4_evidence_is_answered_by_pieces_all_or_none_and_nothing_else(strange: Any) -> None:
    found = refused(rubric(BY_EVIDENCE), {"*": "full", "planning.use.*": "all", "planning.use.one": strange})
    assert found.code == "unknown_answer"


def test_7_4_one_criterion_alone_may_be_answered_by_evidence() -> None:
    evaluation = rubric(criteria("planning.use", "{one: {answered_by: evidence, evidence: {plan: {}, decree: {}}}}"))
    found = scored(evaluation, {"*": "full", "planning.use.one": ["plan"]})
    assert found.points["planning.use"] == 15


def test_7_4_one_criterion_alone_may_be_answered_by_a_person() -> None:
    evaluation = rubric(
        sub_component("planning.use", "{answered_by: evidence}"),
        criteria("planning.use", "{one: {evidence: {plan: {}, decree: {}}}, two: {answered_by: answer}}"),
    )
    found = scored(evaluation, {"*": "full", "planning.use.one": ["plan"], "planning.use.two": "half"})
    assert found.points["planning.use"] == 10


# -- §7.5 not applicable ---------------------------------------------------------------------------------------------


def test_7_5_full_counts_as_the_best_answer() -> None:
    evaluation = rubric(criteria("planning.use", "{two: {not_applicable: full}}"))
    assert scored(evaluation, {"*": "half", "planning.use.two": "na"}).points["planning.use"] == 15


def test_7_5_leave_out_takes_the_criterion_out_of_both_sums() -> None:
    average = rubric(criteria("planning.use", "{two: {not_applicable: leave_out}}"))
    weighted = rubric(
        sub_component(
            "planning.use",
            "{scoring: weighted, criteria: {one: {points: 1}, two: {points: 9, not_applicable: leave_out}}}",
        )
    )
    for evaluation in (average, weighted):
        assert scored(evaluation, {"*": "half", "planning.use.two": "na"}).points["planning.use"] == 10


def test_7_5_without_it_na_is_an_unknown_answer() -> None:
    assert refused(rubric(), {"*": "full", "planning.use.two": "na"}).code == "unknown_answer"
    graded = rubric(sub_component("planning.use", "{scoring: graded, scale: grades}"))
    assert refused(graded, {"*": "full", "planning.use": "na"}).code == "unknown_answer"


def test_7_5_na_works_for_evidence_too() -> None:
    out = rubric(BY_EVIDENCE, criteria("planning.use", "{one: {not_applicable: leave_out}}"))
    full = rubric(BY_EVIDENCE, criteria("planning.use", "{one: {not_applicable: full}}"))
    answers = {"*": "full", "planning.use.two": "none", "planning.use.one": "na"}
    assert scored(out, answers).points["planning.use"] == 0
    assert scored(full, answers).points["planning.use"] == 10


def test_7_5_all_left_out_is_nothing_applies() -> None:
    evaluation = rubric(
        criteria("planning.use", "{one: {not_applicable: leave_out}, two: {not_applicable: leave_out}}")
    )
    found = refused(evaluation, {"*": "full", "planning.use.*": "na"})
    assert (found.code, found.values["paths"]) == ("nothing_applies", ("planning.use",))


def test_7_5_where_all_that_is_left_has_no_points_nothing_applies() -> None:
    evaluation = rubric(
        sub_component("planning.use", "{scoring: weighted}"),
        criteria("planning.use", "{one: {points: 0}, two: {points: 5, not_applicable: leave_out}}"),
    )
    assert scored(evaluation, {"*": "full", "planning.use.one": "none"}).score == 100
    found = refused(evaluation, {"*": "full", "planning.use.two": "na"})
    assert (found.code, found.values["paths"]) == ("nothing_applies", ("planning.use",))


def test_7_5_a_weight_without_a_criterion_of_this_unit_type_is_nothing_applies() -> None:
    evaluation = rubric(criteria("reporting.existence", "{one: {unit_types: [district]}}"))
    assert refused(evaluation, {"*": "full"}, unit_type="hospital").values["paths"] == ("reporting.existence",)


# -- §7.6 the score --------------------------------------------------------------------------------------------------


def test_7_6_the_score_is_the_sum_of_weight_times_share_and_exact_until_the_end() -> None:
    evaluation = rubric(criteria("planning.use", "{three: {order: 30, title: {id: Tiga, en: Three}}}"))
    found = scored(evaluation, {"*": "full", "planning.use.two": "none", "planning.use.three": "none"})
    assert found.score == 80 + Fraction(20, 3)
    assert sum(found.points.values()) == found.score


def test_7_6_a_sub_component_without_weight_and_questions_adds_nothing_and_stops_nothing() -> None:
    evaluation = rubric(
        sub_component("reporting.use", "{order: 30, title: {id: Guna, en: Use}, weight: 0, scoring: average}")
    )
    found = scored(evaluation, {"*": "full"})
    assert found.score == 100
    assert found.points["reporting.use"] == 0


@pytest.mark.parametrize("empty", [None, ""])
def test_7_6_an_open_criterion_means_no_score_with_how_many_and_which(empty: Any) -> None:
    found = refused(rubric(), {"*": "full", "planning.use.*": empty})
    assert found.code == "criterion_open"
    assert found.values["count"] == 2
    assert found.values["paths"] == ("planning.use.one", "planning.use.two")
    assert found.sentence.id == "kriteria belum dijawab: 2"


def test_7_6_open_criteria_are_named_in_the_order_of_the_worksheet() -> None:
    evaluation = rubric("components: {reporting: {order: 5}}", criteria("planning.use", "{two: {order: 5}}"))
    found = refused(evaluation, {"planning.existence.*": "full", "planning.quality.*": "full"})
    assert found.values["paths"] == ("reporting.existence.one", "planning.use.two", "planning.use.one")


def test_7_6_an_open_criterion_is_asked_before_an_unknown_answer() -> None:
    assert refused(rubric(), {"planning.*": "nonsense"}).code == "criterion_open"


def test_7_6_an_unknown_answer_is_asked_before_what_nothing_applies_to() -> None:
    evaluation = rubric(criteria("reporting.existence", "{one: {unit_types: [district]}}"))
    assert refused(evaluation, {"*": "nonsense"}, unit_type="hospital").code == "unknown_answer"


def test_7_6_what_is_answered_so_far_is_progress_and_not_a_score() -> None:
    evaluation = rubric()
    answers = expand(worksheet(evaluation, "unit", None), {"planning.*": "full"})
    found = progress(evaluation, "unit", None, answers)
    assert (found.answered, found.of, found.open) == (6, 7, ("reporting.existence.one",))


# -- §7.7 the logical framework --------------------------------------------------------------------------------------


def test_7_7_the_counted_share_is_at_most_the_least_counted_share_it_rests_on() -> None:
    evaluation = rubric("logical_framework: {use: {limits: planning.use, by: [planning.existence, planning.quality]}}")
    found = scored(evaluation, {"*": "full", "planning.quality.*": "half", "planning.existence.*": "most"})
    assert found.points["planning.use"] == 10
    assert found.shares["planning.use"] == Share(Fraction(1), Fraction(1, 2), limited_by="planning.quality")
    assert found.limited == ("planning.use",)


def test_7_7_of_several_the_least_is_the_one_that_counts_least_and_not_the_one_answered_worst() -> None:
    evaluation = rubric(
        "logical_framework: {quality: {limits: planning.quality, by: [planning.existence]}}",
        "logical_framework: {use: {limits: planning.use, by: [planning.quality, planning.free]}}",
        sub_component("planning.free", "{order: 25, title: {id: Bebas, en: Free}, weight: 0, scoring: average, "
                      "scale: four, criteria: {one: {order: 10, title: {id: Satu, en: One}}}}"),
    )  # fmt: skip
    answers = {"*": "full", "planning.existence.*": "half", "planning.free.one": "most"}  # quality counts a half
    assert scored(evaluation, answers).shares["planning.use"].counted == Fraction(1, 2)


def test_7_7_limits_chain_in_the_order_of_the_worksheet_whatever_the_order_of_the_rules() -> None:
    found = scored(rubric(CHAIN), {"*": "full", "planning.existence.*": "half"})
    assert found.limited == ("planning.quality", "planning.use")
    assert found.points["planning.use"] == 10
    assert found.score == 20 * Fraction(3, 2) + 40


def test_7_7_a_share_as_high_as_what_it_rests_on_is_not_limited() -> None:
    found = scored(rubric(CHAIN), {"*": "half"})
    assert (found.limited, found.score) == ((), 50)


def test_7_7_warn_only_says_so() -> None:
    found = scored(rubric(QUALITY_LIMITS_USE % "warn"), {"*": "full", "planning.quality.*": "half"})
    assert (found.limited, found.warned, found.score) == ((), ("planning.use",), 90)
    assert found.shares["planning.use"].warned_by == "planning.quality"


def test_7_7_what_is_warned_of_still_limits_others_by_its_own_share() -> None:
    evaluation = rubric(CHAIN, "logical_framework: {quality: {then: warn}}")
    found = scored(evaluation, {"*": "full", "planning.existence.*": "half"})
    assert (found.limited, found.warned, found.points["planning.use"]) == ((), ("planning.quality",), 20)


def test_7_7_refuse_keeps_the_tier_from_being_locked_and_counts_like_cap() -> None:
    evaluation = rubric(QUALITY_LIMITS_USE % "refuse")
    found = scored(evaluation, {"*": "full", "planning.quality.*": "half"})
    assert (found.may_be_locked, found.refused, found.limited) == (False, ("planning.use",), ("planning.use",))
    assert found.points["planning.use"] == 10
    assert scored(evaluation, {"*": "full"}).may_be_locked


def test_7_7_a_rule_that_rests_on_what_asks_nothing_limits_nothing() -> None:
    evaluation = rubric(
        QUALITY_LIMITS_USE % "cap",
        sub_component("planning.quality", "{weight: 0, criteria: {one: {active: false}, two: {active: false}}}"),
    )
    assert scored(evaluation, {"*": "full"}).limited == ()


def test_7_7_needs_between_criteria_never_changes_a_score_and_warns() -> None:
    evaluation = rubric(criteria("planning.use", "{two: {needs: one}}"))
    answers = {"*": "full", "planning.use.one": "half"}
    found = scored(evaluation, answers)
    assert found.score == scored(rubric(), answers).score
    assert found.warned == ("planning.use.two",)
    assert scored(evaluation, {"*": "full", "planning.use.two": "half"}).warned == ()


def test_7_7_needs_compares_shares_not_words() -> None:
    evaluation = rubric(criteria("planning.use", "{one: {scale: grades}, two: {needs: one}}"))
    assert scored(evaluation, {"*": "most", "planning.use.one": "bb"}).warned == ()
    assert scored(evaluation, {"*": "most", "planning.use.one": "b"}).warned == ("planning.use.two",)


def test_7_7_needs_says_nothing_about_what_is_left_out_or_not_asked() -> None:
    left_out = rubric(criteria("planning.use", "{one: {not_applicable: leave_out}, two: {needs: one}}"))
    elsewhere = rubric(criteria("planning.use", "{one: {subjects: [region]}, two: {needs: one}}"))
    assert scored(left_out, {"*": "full", "planning.use.one": "na"}).warned == ()
    assert scored(elsewhere, {"*": "full"}).warned == ()


# -- §7.11 and what may be written -----------------------------------------------------------------------------------


def test_7_11_a_final_share_below_the_mark_asks_for_a_recommendation() -> None:
    evaluation = rubric(
        criteria("planning.use", "{two: {not_applicable: leave_out}}"),
        sub_component("planning.quality", "{scoring: graded, scale: grades}"),
    )
    answers = {"*": "half", "planning.existence.one": "none", "planning.quality": "d", "planning.use.two": "na"}
    found = scored(evaluation, answers)
    assert asks_recommendation(evaluation, found) == ("planning.existence.one", "planning.quality")
    assert asks_recommendation(rubric("recommendations: null"), found) == ()


def test_12_an_exact_path_wins_then_the_longest_pattern() -> None:
    sections = worksheet(rubric(), "unit", None)
    patterns = {"*": "none", "planning.*": "half", "planning.use.*": "most", "*.two": "full", "planning.use.one": None}
    found = expand(sections, patterns)
    assert found["reporting.existence.one"] == "none"
    assert found["planning.quality.one"] == "half"
    assert found["planning.quality.two"] == "half"
    assert found["planning.use.two"] == "most"
    assert found["planning.use.one"] is None


def test_12_a_star_is_any_text_points_and_nothing_too_and_no_other_sign_is_special() -> None:
    sections = worksheet(rubric(), "unit", None)
    found = expand(sections, {"planning*one": "full", "planning.use.two*": "half", "reporting.existence.[o]ne": "none"})
    assert found == {
        "planning.existence.one": "full",
        "planning.quality.one": "full",
        "planning.use.one": "full",
        "planning.use.two": "half",
    }


@pytest.mark.parametrize(
    ("path", "given", "code"),
    [
        ("planning.use.one", "full", None),
        ("planning.use.one", None, None),
        ("planning.use.one", "bb", "unknown_answer"),
        ("planning.use.one", "na", "unknown_answer"),
        ("planning.use.two", "full", "not_asked"),
        ("planning.use", "full", "not_asked"),
        ("elsewhere.use.one", "full", "not_asked"),
        ("reporting.existence.one", ["plan"], None),
        ("reporting.existence.one", ["plan", "minutes"], "unknown_answer"),
        ("reporting.existence.one", "all", None),
    ],
)
def test_an_answer_that_is_inactive_foreign_or_of_another_scale_is_refused_with_a_code(
    path: str, given: Any, code: str | None
) -> None:
    evaluation = rubric(
        criteria("planning.use", "{two: {active: false}}"),
        sub_component(
            "reporting.existence", "{answered_by: evidence, criteria: {one: {evidence: {plan: {}, decree: {}}}}}"
        ),
    )
    assert refusal(worksheet(evaluation, "unit", None), path, given) == code


def test_shares_alone_say_the_same_as_the_score() -> None:
    evaluation = rubric(CHAIN)
    answers = expand(worksheet(evaluation, "unit", None), {"*": "full", "planning.existence.*": "half"})
    assert (
        shares(evaluation, "unit", None, answers)
        == scored(evaluation, {"*": "full", "planning.existence.*": "half"}).shares
    )
    assert isinstance(shares(evaluation, "unit", None, {}), Reason)
