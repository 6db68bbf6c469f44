"""What a region's file causes is told in that file, at the line that causes it; what it does not use is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sakip.linting import EVALUATION, LEVELS, MEASUREMENT, WHATIF, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


SUB = "  components:\n    planning:\n      sub_components:\n"  # lines 6 to 8
CAUSED = [
    (LEVELS, "  levels:\n    vision: null\n", ["7 WF202"]),
    (LEVELS, "  levels:\n    vision: {under: [mission]}\n", ["7 WF203"]),
    (MEASUREMENT, "  limits: {cap: 90}\n", ["6 WF209"]),
    (MEASUREMENT, "  title: Lain\n  rounding:\n    places: 0\n", []),
    (MEASUREMENT, "  bands: {steps: {rows: {reached: {from: 99.5}}}}\n  rounding:\n    places: 0\n", ["6 WF208"]),
    (MEASUREMENT, "  title: Lain\n  bands:\n    steps:\n      rows:\n        below: null\n", ["10 WF080"]),
    (MEASUREMENT, "  bands:\n    steps:\n      minimum: 10\n", ["8 WF080"]),
    (MEASUREMENT, "  methods:\n    maximise: {kind: range}\n", ["7 WF204"]),
    (MEASUREMENT, "  years: {from: 2024}\n", ["6 WF207"]),
    (MEASUREMENT, "  applies: {achievement: {first: {valid_from: 2026-01-01}}}\n", ["6 WF207"]),
    (MEASUREMENT, "  periods:\n    quarterly:\n      items:\n        q1:\n          order: 30\n", ["10 WF210"]),
    (MEASUREMENT, "  consolidations:\n    last: null\n", ["7 WF202"]),
    (EVALUATION, SUB + "        quality:\n          title: Mutu\n          weight: 50\n", ["11 WF221"]),
    (EVALUATION, SUB + "        quality: null\n", ["9 WF221"]),
    (EVALUATION, "  title: Lain\n  components:\n    planning:\n      weight: 90\n", ["9 WF221", "9 WF220"]),
    (EVALUATION, "  predicate:\n    maximum: 110\n", ["7 WF220"]),
    (EVALUATION, SUB + "        existence: {criteria: {available: {active: false}}}\n", ["9 WF222"]),
    (EVALUATION, SUB + "        existence:\n          scale: null\n", ["10 WF223"]),
    (EVALUATION, SUB + "        quality:\n          answered_by: evidence\n", ["10 WF223"]),
    (EVALUATION, SUB + "        quality:\n          scoring: points\n          criteria:\n            clear: "
     "{points: 20}\n            known: {points: 30}\n", ["11 WF224"]),
    (EVALUATION, SUB + "        quality:\n          scoring: points\n", ["10 WF224"]),
    (EVALUATION, SUB + "        quality: {criteria: {known: {needs: clear}, clear: {active: false}}}\n", ["9 WF225"]),
    (EVALUATION, SUB + "        existence:\n          order: 30\n", ["10 WF226"]),
    (EVALUATION, "  tiers:\n    self: {order: 50}\n", ["7 WF227"]),
    (EVALUATION, "  tiers:\n    final: {answers: evidence}\n", ["7 WF228"]),
    (EVALUATION, SUB + "        existence:\n          title: Ada\n          criteria:\n            available:\n"
     "              evidence: null\n", ["13 WF229"]),
    (EVALUATION, SUB + "        use:\n          title: Dipakai\n          weight: 5\n          scoring: average\n"
     "          scale: yes_no\n          criteria: {}\n", ["9 WF222", "11 WF221"]),
    (EVALUATION, "  components:\n    more:\n      title: Lain\n      weight: 5\n      sub_components: {use: "
     "{weight: 5, scoring: average, scale: yes_no, criteria: {}}}\n", ["9 WF220", "10 WF222"]),
    (EVALUATION, "  predicate: {to_confirm: Belum pasti}\n", ["6 WF230"]),
    (EVALUATION, "  predicate: {rows: {high: {to_confirm: null}}}\n", ["6 WF112"]),
    (EVALUATION, "  scales: {yes_no: {full: 3}}\n", ["6 WF205"]),
    (EVALUATION, "  tiers:\n    self: null\n", ["7 WF202"]),
    (WHATIF, "  effort:\n    last_step: 0\n", ["7 WF240"]),
    (WHATIF, "  effort:\n    sub_components:\n      planning.quality: null\n", ["8 WF241"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "patch", "told"), CAUSED, ids=[f"{one[0]}-{one[1][-40:]!r}" for one in CAUSED])
def test_the_region_s_own_line_is_told(desk: Desk, name: str, patch: str, told: list[str]):
    desk.overlay(name, patch)
    assert desk.told() == [f"regions/kota/{name}:{place}" for place in told]


def test_a_criterion_a_region_takes_away_is_missed_where_it_was_priced(desk: Desk):
    desk.change(WHATIF, "  sub_components:\n", "  criteria: {planning.quality.known: {step: 1}}\n  sub_components:\n")
    desk.overlay(EVALUATION, SUB + "        quality:\n          criteria:\n            known: null\n")
    assert desk.told() == [f"regions/kota/{EVALUATION}:11 WF240"]


def test_a_part_a_region_adds_costs_what_the_default_says(desk: Desk):
    use = "{order: 30, weight: 10, scoring: average, scale: yes_no, criteria: {kept: {order: 10, title: Dipakai}}}"
    desk.overlay(EVALUATION, SUB + f"        use: {use}\n        quality: {{weight: 50}}\n")
    assert desk.told() == [f"regions/kota/{EVALUATION}:9 WF241"]


def test_a_fault_of_the_base_is_told_once_however_many_regions_there_are(desk: Desk):
    desk.change(EVALUATION, "weight: 40", "weight: 45")
    for region in ("kota", "kabupaten"):
        desk.overlay(EVALUATION, "  title: Lain\n", region)
    assert desk.told() == [f"{EVALUATION}:16 WF221"]


def test_bands_a_region_does_not_use_need_not_fit_its_limits(desk: Desk):
    desk.change(MEASUREMENT, "applies:", "  fine: {minimum: 0, maximum: null, includes: lower, rows: {a: {from: 0}, b: "
                "{from: 120.01}}}\napplies:")  # fmt: skip
    desk.overlay(MEASUREMENT, "  limits: {cap: 100}\n  rounding: {places: 1}\n")
    assert desk.told() == []
    desk.overlay(
        MEASUREMENT, "  limits: {cap: 100}\n  rounding: {places: 1}\n  applies: {achievement: {first: {bands: fine}}}\n"
    )
    assert desk.told() == [f"regions/kota/{MEASUREMENT}:6 WF209", f"regions/kota/{MEASUREMENT}:7 WF208"]


def test_a_parameter_a_region_sets_is_told_where_it_is_set(desk: Desk):
    desk.change(EVALUATION, "scales:\n", "parameters: {share: {type: decimal, default: 40, title: Bobot}}\nscales:\n")
    desk.change(EVALUATION, "weight: 40", 'weight: "${share}"')
    desk.overlay(EVALUATION, "  title: Lain\n")
    assert desk.told() == []
    file = desk.folder / "sakip_config" / "regions" / "kota" / EVALUATION
    file.write_text(file.read_text(encoding="utf-8") + "parameters: {share: 30}\n", encoding="utf-8")
    assert desk.told() == [f"regions/kota/{EVALUATION}:7 WF221"]


def test_a_district_on_a_province_is_told_of_its_own_mistakes_only(desk: Desk):
    desk.overlay(EVALUATION, SUB + "        quality: {weight: 50}\n        existence: {weight: 50}\n", "provinsi")
    desk.overlay(EVALUATION, "  title: Kota\n", "kota", extends="lke_2025.provinsi")
    assert desk.told() == []
    desk.overlay(EVALUATION, SUB + "        quality: {weight: 50}\n", "provinsi")
    assert desk.told() == [f"regions/provinsi/{EVALUATION}:9 WF221"]
    desk.overlay(EVALUATION, SUB + "        existence: {weight: 50}\n", "kota", extends="lke_2025.provinsi")
    assert desk.told() == [f"regions/provinsi/{EVALUATION}:9 WF221"]
    desk.overlay(EVALUATION, "  tiers:\n    final: {answers: evidence}\n", "kota", extends="lke_2025.provinsi")
    assert desk.told() == [f"regions/kota/{EVALUATION}:7 WF228", f"regions/provinsi/{EVALUATION}:9 WF221"]
