"""What the field's files become: exact, in order, with what is left out filled in (§2, §4, §5, §7, §9)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from engine.definitions.model import Duration
from sakip.configuration.levels import ERROR, OFF, WARNING
from sakip.configuration.whatif import Effort
from tests.sakip.configuring import SMALL, clean

M, E, L, W = "measurement.yaml", "lke_2025.yaml", "levels.yaml", "whatif.yaml"


def test_2_2_a_region_s_file_is_a_merge_patch_on_the_file_of_its_name():
    overlay = (
        "schema: sakip-evaluation/1\noverlay: small.kota\nextends: {evaluation: small, version: ^1.0}\nregion: kota\n"
        "patch:\n  subjects: [unit]\n  recommendations: null\n  tiers: {verify: null, self: {title: {en: Own}}}\n"
    )
    base, region = clean().evaluation(2025), clean(region="kota", regions__kota__lke_2025=overlay).evaluation(2025)
    assert (base.subjects, region.subjects) == (("region", "unit"), ("unit",))
    assert region.recommendations is None and list(region.tiers) == ["self", "assure", "final"]
    assert (region.tiers["self"].title.id, region.tiers["self"].title.en) == ("Mandiri", "Own")


def test_2_3_a_version_is_the_digest_of_what_a_file_says():
    digest = clean().measurements[0].model.head.digest
    other_layout = SMALL[M].replace("limits: {floor: 0, cap: null}", "limits:  # the same\n    floor: 0\n    cap: null")
    assert clean((M, SMALL[M], other_layout)).measurements[0].model.head.digest == digest
    same_number = (M, "minimum: 1, keep_years", 'minimum: 1, "keep_years"')
    assert clean(same_number).measurements[0].model.head.digest == digest
    assert clean((M, "floor: 0", "floor: 1")).measurements[0].model.head.digest != digest
    assert len(digest) == 64 and clean().levels(2025).head.digest != digest


def test_4_levels_stand_in_their_order_and_checks_not_named_are_off():
    moved = (L, "  goal: {order: 30,", "  goal: {order: 55,")
    levels = clean(moved, (L, "  owner_vacant: warning\n", ""), (L, "  circle: error\n", "")).levels(2025)
    assert list(levels.levels)[:4] == ["vision", "mission", "objective", "agency_goal"]
    assert levels.integrity["owner_vacant"] == OFF and levels.integrity["circle"] == ERROR
    assert levels.integrity["weights_not_100"] == WARNING
    assert levels.levels["goal"].least_indicators == 1 and levels.levels["goal"].most_indicators is None
    assert levels.levels["vision"].under == () and levels.levels["vision"].is_one_only
    assert levels.edges["contributes"].weight == (0, 100) and levels.edges["crosscuts"].weight is None
    assert levels.annex["supervisor"].budget == "none" and levels.levels["agency_goal"].budget is None


def test_5_every_month_is_twelve_periods_that_end_on_their_last_day():
    monthly = "  monthly: {title: {id: Bulanan, en: Monthly}, every_month: true, entry_until: {working_days: 5}}\n"
    measurement = clean((M, "default_periods: quarterly\n", monthly + "default_periods: monthly\n")).measurement(2025)
    months = measurement.periods["monthly"].items
    assert list(months) == [f"m{number:02d}" for number in range(1, 13)]
    assert [months["m02"].last_day(year) for year in (2027, 2028)] == [date(2027, 2, 28), date(2028, 2, 29)]
    assert months["m12"].last_day(2025) == date(2025, 12, 31) and months["m08"].title.id == "Agustus"
    assert months["m01"].entry_until == Duration("working_days", 5)


def test_5_bands_stand_in_the_order_of_their_starts_whatever_the_file_s_order():
    rows = "{high: {from: 90.01}, open: {from: null}, middle: {from: -5}}"
    open_below = f"  own: {{includes: upper, rows: {rows}}}\n"
    bands = clean((M, "bands:\n", "bands:\n" + open_below)).measurement(2025).bands["own"]
    assert [row.key for row in bands.rows] == ["open", "middle", "high"]
    assert (bands.minimum, bands.maximum, bands.places, bands.includes) == (None, None, None, "upper")
    assert (
        bands.rows[2].start == Fraction(9001, 100) and bands.rows[0].tone == "plain" and bands.rows[0].short == "open"
    )


def test_5_options_of_a_method_are_exact_and_rows_rise():
    rows = "{many: {from: 5, achievement: 0}, few: {from: 0.5, achievement: 62.5}, none: {from: 0, achievement: 100}}"
    zero = f"  zero: {{kind: zero_best, units: [number], rows: {rows}}}\n"
    half = "  half: {kind: milestone, units: [yes_no], partial: false}\n"
    measurement = clean((M, "methods:\n", "methods:\n" + zero + half)).measurement(2025)
    assert measurement.methods["zero"].options["rows"] == (
        (Fraction(0), Fraction(100)), (Fraction(1, 2), Fraction(125, 2)), (Fraction(5), Fraction(0)),
    )  # fmt: skip
    assert measurement.methods["half"].options == {"partial": False} and measurement.methods["half"].title.en == "half"


def test_5_what_applies_stands_in_the_order_of_its_days():
    later = "applies: {achievement: {later: {valid_from: 2026-01-01, bands: steps}, since_2025: {valid_from: 2025-01-01"
    found = clean((M, "applies: {achievement: {since_2025: {valid_from: 2025-01-01", later)).measurement(2025)
    assert [one.key for one in found.applies["achievement"]] == ["since_2025", "later"]
    assert found.evidence.max_bytes == 20_000_000


def test_7_a_scale_stands_from_best_to_worst_by_name_or_in_place():
    scale = "{full: 2, answers: {low: {value: 0}, high: {value: 2}}}"
    own = f"one: {{order: 10, title: {{id: Satu, en: One}}, scale: {scale}}}}}}}\n"
    old = "criteria: {one: {order: 10, title: {id: Satu, en: One}}}}\ntiers"
    evaluation = clean((E, old, "criteria: {" + own + "tiers")).evaluation(2025)
    criterion = evaluation.components["reporting"].sub_components["existence"].criteria["one"]
    assert list(criterion.scale.answers) == ["high", "low"] and criterion.scale.key == ""
    quality = evaluation.components["planning"].sub_components["quality"].criteria["two"]
    assert quality.scale is evaluation.scales["four"] and quality.path == "planning.quality.two"
    assert quality.scale.share("most") == Fraction(3, 4) and quality.subjects == ("region", "unit")


def test_7_evidence_asks_kinds_with_their_years():
    asked = "two: {order: 20, title: {id: Dua, en: Two}, evidence: {plan: {years: [-1, 0]}, decree: {}}}}}\n      use:"
    old = "two: {order: 20, title: {id: Dua, en: Two}}}}\n      use:"
    evaluation = clean((E, old, asked)).evaluation(2025)
    criterion = evaluation.components["planning"].sub_components["quality"].criteria["two"]
    assert criterion.pieces() == ("plan-1", "plan", "decree")


def test_7_the_result_names_the_tiers_it_is_made_of():
    for rule, by, tiers, weights in (
        ("{by: tier, tier: final, missing: refuse}", "tier", ("final",), {}),
        ("{by: mean, tiers: [self, final]}", "mean", ("self", "final"), {}),
        ("{by: weighted, weights: {self: 0.25, final: 0.75}}", "weighted", ("self", "final"),
         {"self": Fraction(1, 4), "final": Fraction(3, 4)}),
    ):  # fmt: skip
        result = clean((E, "{by: tier, tier: final, missing: refuse}", rule)).evaluation(2025).result
        assert (result.by, result.tiers, result.weights, result.missing) == (by, tiers, weights, "refuse")


def test_9_effort_says_what_is_nearest_and_the_default_the_rest():
    whatif = clean().whatif(2025)
    assert whatif.default == Effort(2, 8, "head") and whatif.last_step == 2
    assert whatif.sub_components == {"planning.use": Effort(3, 8, "planning")}
    assert whatif.criteria == {"planning.use.one": Effort(3, 20, "planning")}
    assert whatif.margin == Fraction(1, 2) and whatif.target_date == date(2026, 12, 31)
