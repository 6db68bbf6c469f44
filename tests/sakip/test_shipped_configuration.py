"""What is shipped: no finding but what a region has to settle, three ways to measure and to score, all illustrative."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from config import ROOT
from engine.definitions.problems import Problems
from sakip.configuration.folder import Configuration, load
from sakip.lint import lint

FOLDER = ROOT / "sakip_config"
FILES = sorted([*FOLDER.glob("*.yaml"), *FOLDER.glob("regions/*/*.yaml")])
PACKS = ("kab_tasikmalaya", "kota_bandung")


def of(region: str | None) -> tuple[Configuration, list[str]]:
    problems = Problems()
    found = load(FOLDER, region, problems)
    return found, [each.code for each in problems.sorted()]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(FOLDER).as_posix())
def test_every_file_says_in_its_first_line_that_it_is_illustrative(file: Path):
    assert file.read_text(encoding="utf-8").startswith("# ILLUSTRATIVE. ") or file.name == "vectors.yaml"


def test_the_base_is_clean_and_a_region_without_files_has_it():
    base, found = of(None)
    assert found == []
    other, found = of("kab_serdang_bedagai")
    assert found == []
    assert other.evaluation(2025).head.digest == base.evaluation(2025).head.digest


@pytest.mark.parametrize("region", PACKS)
def test_a_pack_waits_for_its_region_s_own_legal_basis_and_for_nothing_else(region: str):
    assert set(of(region)[1]) == {"WF100"}


def test_three_regions_measure_and_score_differently():
    base, tasikmalaya, bandung = (of(region)[0] for region in (None, *PACKS))
    assert [each.measurement(2025).cap for each in (base, tasikmalaya, bandung)] == [None, 120, None]
    assert [each.measurement(2025).directions["lower"] for each in (base, tasikmalaya, bandung)] == [
        "minimise_difference", "minimise_difference", "minimise_ratio",
    ]  # fmt: skip
    assert [each.evaluation(2025).result.by for each in (base, tasikmalaya, bandung)] == ["tier", "mean", "tier"]
    assert [len(each.evaluation(2025).framework) for each in (base, tasikmalaya, bandung)] == [8, 8, 0]
    assert [each.evaluation(2025).sub_components()[0].scoring for each in (base, tasikmalaya, bandung)] == [
        "average", "average", "points",
    ]  # fmt: skip
    assert tasikmalaya.evaluation(2025).sub_components()[0].is_answered_by_evidence


@pytest.mark.parametrize("region", (None, *PACKS))
def test_weights_add_up_to_a_hundred_and_to_their_components(region: str | None):
    evaluation = of(region)[0].evaluation(2025)
    assert sum(component.weight for component in evaluation.components.values()) == 100
    for component in evaluation.components.values():
        assert sum(sub.weight for sub in component.sub_components.values()) == component.weight
        for sub in component.sub_components.values():
            points = sum((each.points or Fraction(0) for each in sub.criteria.values() if each.is_active), Fraction(0))
            assert sub.scoring != "points" or points == sub.weight


def test_a_year_finds_its_files():
    base = of(None)[0]
    assert base.levels(2025) is base.levels(2029) is not None and base.levels(2030) is base.levels(2024) is None
    assert base.measurement(2099) is not None and base.measurement(2024) is None
    assert base.evaluation(2025) is not None and base.evaluation(2026) is None
    assert base.whatif(2025).evaluation == "lke_2025"


def test_in_a_tree_without_case_types_only_what_a_region_has_to_settle_is_found(tmp_path: Path):
    shutil.copytree(FOLDER, tmp_path / "sakip_config")
    assert {each.code for each in lint([tmp_path])} == {"WF100", "WF230"}
