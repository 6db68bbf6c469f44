"""One year in the shipped rubrics, with scores worked out by hand beside them (§7)."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from config import ROOT
from engine.definitions.problems import Problems
from sakip.answers import expand
from sakip.configuration.evaluation import Evaluation
from sakip.configuration.folder import load
from sakip.score import Scored, judge, score
from sakip.tiers import TierResult, result
from sakip.worksheet import worksheet


@lru_cache
def evaluation(region: str | None) -> Evaluation:
    found = load(ROOT / "sakip_config", region, Problems()).evaluation(2025)
    assert found is not None
    return found


def scored(region: str | None, patterns: dict[str, Any]) -> Scored:
    rubric = evaluation(region)
    found = score(rubric, "region", None, expand(worksheet(rubric, "region", None), patterns))
    assert isinstance(found, Scored), found.values
    return found


NEAR_B = {
    "*.existence.*": "a", "*.quality.*": "b", "*.use.*": "c", "reporting.use.*": "b", "evaluation.existence.*": "b",
    "evaluation.quality.*": "c",
}  # fmt: skip


def test_7_6_the_base_near_b() -> None:
    found = scored(None, NEAR_B)
    by_hand = {
        "planning": Fraction("6") + Fraction("6.75") + Fraction("7.5"),
        "measurement": Fraction("6") + Fraction("6.75") + Fraction("7.5"),
        "reporting": Fraction("3") + Fraction("3.375") + Fraction("5.625"),
        "evaluation": Fraction("3.75") + Fraction("3.75") + Fraction("6.25"),
    }
    for component, points in by_hand.items():
        assert sum(one for path, one in found.points.items() if path.startswith(component)) == points
    judged = judge(evaluation(None), found.score)
    assert (judged.printed, judged.predicate.short) == ("66.25", "B")
    assert judged.next is not None
    assert (judged.next.predicate.short, judged.next.printed) == ("BB", "3.76")


def test_7_7_the_base_counts_use_up_to_quality_and_quality_up_to_existence() -> None:
    found = scored(None, {**NEAR_B, "planning.existence.*": "b", "planning.quality.*": "a", "planning.use.*": "a"})
    assert found.limited == ("planning.quality", "planning.use")
    assert found.score == Fraction("66.25") - Fraction("20.25") + 30 * Fraction(3, 4)


def test_7_4_the_region_that_counts_evidence_and_warns() -> None:
    patterns = {
        "*.existence.*": "all",
        "*.quality.*": "c",
        "*.use.*": "b",
        "evaluation.achievement.*": "d",
        "reporting.existence.periodic": ["achievement_report"],  # one of two; six criteria
    }
    found = scored("kab_tasikmalaya", patterns)
    existence = 6 + 6 + 3 * Fraction(11, 12) + 5
    assert found.points["reporting.existence"] == Fraction(11, 4)
    assert found.score == existence + Fraction("0.33") * 30 + Fraction("0.66") * Fraction("42.5")
    assert [path for path in found.warned if path.count(".") == 1] == [
        "planning.use", "measurement.use", "reporting.use", "evaluation.use",
    ]  # fmt: skip
    assert found.limited == ()
    whole = result(evaluation("kab_tasikmalaya"), {"self": Fraction(74), "assure": found.score, "final": Fraction(66)})
    assert isinstance(whole, TierResult)
    assert judge(evaluation("kab_tasikmalaya"), whole.score).printed == "65.90"  # (74 + 57.70 + 66) / 3


def test_7_3_the_region_whose_criteria_have_points_of_their_own() -> None:
    patterns = {
        "*": "most",
        "planning.quality.targets_ambitious": "t",  # 1 point: −0.75 against three quarters
        "planning.use.targets_on_track": "na",  # 2 points, counts as the best: +0.5
        "planning.use.plan_monitored": "never",  # 2 points, a quarter: −1
        "measurement.quality.leader_decides": "y",  # 1 point: +0.25
        "reporting.existence.drawn_up": "y",  # 0.5 points: +0.125
        "reporting.existence.formalised": "none",  # 0.5 points: −0.375
        "reporting.existence.published": "y",  # 1 point: +0.25
        "reporting.existence.on_time": "later",  # 1 point: −0.75
        "reporting.quality.standard": "poor",  # 0.5 points, a fifth: −0.275
    }
    found = scored("kota_bandung", patterns)
    assert found.score == Fraction("72.975")
    judged = judge(evaluation("kota_bandung"), found.score)
    assert (judged.printed, judged.predicate.short) == ("72.98", "BB")
