"""§2 and §11: the codes of the language hold in the field's files, each at its token, and near misses are silent."""

from __future__ import annotations

import pytest

from engine.definitions.problems import Problems
from sakip.configuration.files import folder_of, of_texts
from sakip.configuration.folder import load
from sakip.configuration.library import read_field_library
from tests.sakip.configuring import SMALL, changed, clean, read_texts, told

M, E, L, W = "measurement.yaml", "lke_2025.yaml", "levels.yaml", "whatif.yaml"
OVERLAY = """\
schema: sakip-measurement/1
overlay: small.kota
extends: {measurement: small, version: ^1.0}
region: kota
"""


def on_measurement(patch: str, **more: str) -> dict[str, str]:
    return {"regions__kota__measurement": f"{OVERLAY}patch:\n{patch}", **more}


def test_the_small_files_are_clean():
    clean()


@pytest.mark.parametrize(
    ("code", "file", "old", "new"),
    [
        ("WF003", M, "target_basis: to_date", "target_basis: to_date\n^^target_basis: year"),
        ("WF004", M, "target_basis: to_date", "target_basis: ^^&here to_date"),
        ("WF006", M, "schema: sakip-measurement/1", "schema: ^^sakip-measurements/1"),
        ("WF010", M, "target_basis: to_date", "^^target_bases: to_date"),
        ("WF010", L, "one_only: true", "^^only_one: true"),
        ("WF010", L, "  owner_vacant: warning", "  ^^owner_vacants: warning"),
        ("WF010", E, "year: 2025\n", "year: 2025\n^^years: {from: 2025}\n"),
        ("WF010", W, "weeks: 20", "^^days: 20"),
        ("WF011", M, "rounding: {places: 2, mode: half_up, band_on: rounded}\n", ""),
        ("WF011", M, "rounding: {places: 2, mode: half_up", "^^rounding: {places: 2"),
        ("WF011", E, "    weight: 60\n", ""),
        ("WF011", W, "  default: {step: 2, weeks: 8, who: head}\n", ""),
        ("WF012", M, "places: 2, mode: half_up", "places: ^^two, mode: half_up"),
        ("WF012", M, "mode: half_up", "mode: ^^half_down"),
        ("WF012", M, "version: 1.0.0", "version: ^^1.0"),
        ("WF012", M, "max_size: 20 MB", "max_size: ^^twenty"),
        ("WF012", M, "valid_from: 2025-01-01", "valid_from: ^^2025-02-30"),
        ("WF012", M, "years: {from: 2025}", "years: {from: 2025, to: ^^2024}"),
        ("WF012", M, "floor: 0, cap: null", "floor: 0, cap: ^^-1"),
        ("WF012", E, "year: 2025", "year: ^^twenty"),
        ("WF012", E, "required_below: 0.5", "required_below: ^^1.5"),
        ("WF012", L, "minimum: 1}, owner: region_head", "minimum: 1, maximum: ^^0}, owner: region_head"),
        ("WF012", L, "  circle: error", "  circle: ^^fatal"),
        ("WF012", W, "weeks: 20", "weeks: ^^-1"),
        ("WF012", W, "default: 0.5", "default: ^^9"),
        ("WF013", M, "title: {id: Angka, en: Number}", "title: {id: Angka, en: ^^No}"),
        ("WF027", M, "minimum: 1, keep_years", 'minimum: ^^"${evidence_min}", keep_years'),
        ("WF012", W, "alternatives: 3", 'alternatives: ^^"at most ${margin}"'),
        ("WF060", M, "title: {id: Angka, en: Number}", "^^title: {id: Angka}"),
        ("WF100", M, "legal_basis: [Perpres 29/2014]", "^^legal_basis: []"),
    ],
)  # fmt: skip
def test_the_codes_of_the_language_stand_at_their_token(code: str, file: str, old: str, new: str):
    if code == "WF011" and "^^" not in new:
        told_on_the_map_that_lacks_it(file, old, new)
        return
    told(code, (file, old, new), also=("WF012",) if code == "WF027" else ())


def told_on_the_map_that_lacks_it(file: str, old: str, new: str) -> None:
    (found,) = read_texts(changed((file, old, new)))[1]
    assert found.code == "WF011"
    key = found.message.en.split('"')[-2] if " in this file" not in found.message.en else None
    line = SMALL[file].split("\n")[found.line - 1]
    assert found.line == 1 if key is None else line.strip().startswith(f"{key}:")


def test_yaml_that_cannot_be_read_is_wf001_and_a_tab_is_wf002():
    for text, code in (("a: [", "WF001"), ("a:\n\tb: 1\n", "WF002"), ("a: 1\n---\nb: 1\n", "WF004"), ("", "WF011")):
        problems = Problems()
        read_field_library(of_texts({"measurement.yaml": text}), problems)
        assert code in [each.code for each in problems.sorted()], text


def test_what_is_too_large_or_too_deep_is_wf005():
    for text in ("a: " + "x" * 600_000, "[" * 50 + "]" * 50):
        problems = Problems()
        read_field_library(of_texts({"measurement.yaml": text}), problems)
        assert "WF005" in [each.code for each in problems.sorted()]


def test_a_file_without_a_schema_is_told_and_still_read_by_its_key():
    configuration, (found,) = read_texts(changed((M, "schema: sakip-measurement/1\n", "")))
    assert (found.code, found.line, "schema" in found.message.en) == ("WF011", 1, True)
    assert configuration.measurement(2025) is not None


def test_a_list_instead_of_a_map_is_told_once_and_nothing_raises():
    (old,) = [line for line in SMALL[M].split("\n") if line.startswith("directions")]
    told("WF012", (M, old, "directions: ^^[maximise]"))


def test_null_is_the_same_as_nothing_where_a_key_may_be_left_out():
    assert clean((M, "limits: {floor: 0, cap: null}", "limits: null")).measurements[0].model.floor is None
    assert clean((W, "start: {tier: self}", "start: {tier: self, fallback: null}")).whatif(2025).fallback_tier is None


def test_2_1_all_files_have_a_legal_basis_but_effort_may_do_without():
    told("WF100", (L, "legal_basis: [Perpres 29/2014]", "^^legal_basis: []"))
    assert "legal_basis" not in SMALL[W]
    (found,) = read_texts(changed((E, "legal_basis: [Perpres 29/2014]\n", "")))[1]
    assert (found.code, found.line, found.column) == ("WF100", 1, 1)


def test_2_4_to_confirm_may_stand_on_any_map_and_keeps_its_place():
    words = "to_confirm: {id: Belum pasti, en: Not sure}"
    found = clean(
        (M, "limits: {floor: 0, cap: null}", f"limits: {{floor: 0, cap: null, {words}}}"),
        (M, "{kind: maximise, ", f"{{{words}, kind: maximise, "),
        (E, "includes: upper\n  rows: {c", f"includes: upper\n  {words}\n  rows: {{c"),
        (L, "years: {from: 2025, to: 2029}", f"years: {{from: 2025, to: 2029}}\n{words}"),
    )
    measurement = found.measurements[0].model
    assert set(measurement.head.unsure) == {"limits", "methods.maximise"}
    assert measurement.methods["maximise"].to_confirm.en == "Not sure"
    assert set(found.evaluations[0].model.head.unsure) == {"predicate"}
    assert set(found.all_levels[0].model.head.unsure) == {""}
    told("WF060", (M, "floor: 0, cap: null", "floor: 0, cap: null, ^^to_confirm: {id: Belum}"))


def test_2_5_decimals_become_exact_fractions():
    found = clean((M, "limits: {floor: 0, cap: null}", "limits: {floor: 0.1, cap: 120.05}")).measurements[0].model
    assert str(found.floor) == "1/10" and str(found.cap) == "2401/20"


def test_parameters_stand_for_whole_values_and_keep_their_limits():
    knob = (
        "parameters:\n  least: {type: integer, default: 2, minimum: 0, maximum: 5, title: Least}\nyears: {from: 2025}"
    )
    found = clean((M, "years: {from: 2025}", knob), (M, "minimum: 1, keep", 'minimum: "${least}", keep'))
    assert found.measurements[0].model.evidence.minimum == 2
    assert found.measurements[0].model.head.parameters == {"least": 2}
    region = on_measurement("  target_basis: year\n")["regions__kota__measurement"] + "parameters: {least: 4}\n"
    found = clean(
        (M, "years: {from: 2025}", knob), (M, "minimum: 1, keep", 'minimum: "${least}", keep'),
        region="kota", regions__kota__measurement=region.replace("^1.0", "^1.0"),
    )  # fmt: skip
    assert found.measurements[0].model.evidence.minimum == 4
    wrong = region.replace("least: 4", "least: ^^9")
    told("WF012", (M, "years: {from: 2025}", knob), region="kota", regions__kota__measurement=wrong)
    unknown = region.replace("least: 4", "^^most: 9")
    told("WF027", (M, "years: {from: 2025}", knob), region="kota", regions__kota__measurement=unknown)


def test_an_overlay_merges_and_every_node_keeps_where_it_came_from():
    found = clean(region="kota", **on_measurement("  limits: {cap: 120}\n  directions: {grade: null}\n"))
    model, root = found.measurements[0].model, found.measurements[0].root
    assert (model.cap, model.floor, set(model.directions)) == (120, 0, {"higher", "lower"})
    assert root.get("limits", "cap").file == "regions/kota/measurement.yaml"
    assert root.get("limits", "floor").file == "measurement.yaml"
    assert clean(region=None, **on_measurement("  limits: {cap: 120}\n")).measurements[0].model.cap is None


def test_what_an_overlay_causes_is_told_at_the_overlay_s_line():
    told("WF012", region="kota", **on_measurement("  rounding: {mode: ^^down}\n"))
    told("WF010", region="kota", **on_measurement("  limits: {^^roof: 120}\n"))
    told("WF011", region="kota", **on_measurement("  rounding: {^^places: null}\n"))
    told("WF100", region="kota", **on_measurement("  target_basis: year\n  ^^legal_basis: null\n"))
    told("WF012", region="kota", **on_measurement("  limits: {floor: 50, cap: ^^40}\n"))


def test_a_fault_of_the_base_is_told_once_and_in_the_base():
    told("WF012", (M, "mode: half_up", "mode: ^^half_down"), region="kota", **on_measurement("  limits: {cap: 120}\n"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("extends: {measurement: small", "extends: {measurement: ^^smal"),
        ("version: ^1.0", 'version: ^^"^2.0"'),
        ("extends: {measurement: small", "extends: {overlay: ^^small.province"),
    ],
)  # fmt: skip
def test_wf110_a_base_that_is_not_there_or_of_another_version(old: str, new: str):
    text = on_measurement("  limits: {cap: 120}\n")["regions__kota__measurement"].replace(old, new)
    told("WF110", region="kota", regions__kota__measurement=text)


def test_wf111_a_sealed_node_is_not_touched_nor_what_it_stands_in():
    overlay = OVERLAY.replace("measurement", "levels", 1).replace("measurement", "tree") + "patch:\n"
    (found,) = told("WF111", region="kota", regions__kota__levels=overlay + "  integrity: {^^circle: warning}\n")
    assert "A tree has no circles" in found.message.en
    told("WF111", region="kota", regions__kota__levels=overlay + "  ^^sealed_nodes: null\n")
    told("WF111", region="kota", regions__kota__levels=overlay + "  ^^tree: mine\n")
    clean(region="kota", regions__kota__levels=overlay + "  integrity: {owner_vacant: error}\n")


def test_wf112_what_is_not_there_cannot_be_removed():
    (found,) = told("WF112", region="kota", **on_measurement("  directions: {^^higer: null}\n"))
    assert found.suggestion == "higher"
    clean(region="kota", **on_measurement("  limits: {cap: null}\n"))


def test_wf113_the_base_changed_where_the_overlay_touches_it():
    old = SMALL[M]
    base = (M, "version: 1.0.0", "version: 1.1.0"), (M, "floor: 0, cap: null", "floor: 0, cap: 150")
    touching = on_measurement("  limits: {^^cap: 120}\n", history__small__1_0_0=old)
    told("WF113", *base, region="kota", **touching)
    clean(*base, region="kota", **on_measurement("  target_basis: year\n", history__small__1_0_0=old))
    raised = touching["regions__kota__measurement"].replace("^1.0", "^1.1").replace("^^", "")
    clean(*base, region="kota", history__small__1_0_0=old, regions__kota__measurement=raised)


def test_a_district_lies_on_its_province_and_no_deeper():
    province = on_measurement("  limits: {cap: 120}\n  ^^legal_basis: null\n")["regions__kota__measurement"]
    province = province.replace("region: kota", "region: jabar").replace("small.kota", "small.jabar")
    district = (
        "schema: sakip-measurement/1\noverlay: small.kota\nextends: {overlay: small.jabar, version: ^1.0}\n"
        "region: kota\npatch: {target_basis: year}\n"
    )
    third = district.replace("small.jabar", "^^small.kota").replace("overlay: small.kota", "overlay: small.desa")
    third = third.replace("region: kota", "region: desa")
    files = {"regions__jabar__measurement": province, "regions__kota__measurement": district}
    told("WF100", region="kota", **files)
    unmarked = {name: text.replace("^^", "") for name, text in files.items()}
    model = read_texts(changed(**unmarked), "kota")[0].measurement(2025)
    assert (model.cap, model.target_basis, model.floor) == (120, "year", 0)
    told("WF110", region="desa", also=("WF100",), **unmarked, regions__desa__measurement=third)


def test_a_region_has_patches_never_a_file_of_its_own():
    (found,) = read_texts(changed(regions__kota__measurement=SMALL[M]))[1]
    assert (found.code, found.file, found.line) == ("WF011", "regions/kota/measurement.yaml", 1)


def test_a_region_has_one_overlay_on_a_base_and_its_folder_is_its_name():
    second = on_measurement("  limits: {cap: 120}\n")["regions__kota__measurement"]
    second = second.replace("region: kota", "region: ^^kota")
    told("WF012", regions__desa__measurement=second)
    first = on_measurement("  target_basis: year\n")
    told("WF012", **first, regions__kota__other=second.replace("small.kota", "small.other"))


def test_vectors_beside_the_configuration_are_none_of_it():
    clean(vectors="schema: sakip-vectors/1\nvectors: {}\n")


def test_2_1_the_file_for_a_year_is_the_one_whose_years_contain_it():
    later = SMALL[M].replace("years: {from: 2025}", "years: {from: 2027}").replace("version: 1.0.0", "version: 2.0.0")
    later = later.replace("floor: 0, cap: null", "floor: 0, cap: 100")
    found = clean(measurement_2027=later)
    assert [found.measurement(year).cap for year in (2025, 2026, 2027, 2040)] == [None, None, 100, 100]
    first_only = on_measurement("  limits: {floor: 1}\n", measurement_2027=later)
    found = clean(region="kota", **first_only)
    assert [found.measurement(year).floor for year in (2026, 2027)] == [1, 0]
    both = {name: text.replace("version: ^1.0", "version: '>=1'") for name, text in first_only.items()}
    found = clean(region="kota", **both)
    assert [found.measurement(year).floor for year in (2026, 2027)] == [1, 1]


def test_a_district_is_told_what_changed_in_its_province_s_layer():
    province = on_measurement("  limits: {cap: 120}\n")["regions__kota__measurement"]
    province = province.replace("region: kota", "region: jabar\nversion: 1.1.0").replace("small.kota", "small.jabar")
    district = (
        "schema: sakip-measurement/1\noverlay: small.kota\nextends: {overlay: small.jabar, version: ^1.0}\n"
        "region: kota\npatch: {limits: {^^cap: 130}}\n"
    )
    before = province.replace("cap: 120", "cap: 110").replace("1.1.0", "1.0.0")
    files = {"regions__jabar__measurement": province, "regions__kota__measurement": district}
    told("WF113", region="kota", **files, history__jabar__old=before)
    clean(region="kota", **{name: text.replace("^^", "") for name, text in files.items()})


def test_2_4_to_confirm_on_an_overlay_is_about_its_patch():
    text = on_measurement("  limits: {cap: 120}\n")["regions__kota__measurement"]
    text += "to_confirm: {id: Belum pasti, en: Not sure}\n"
    found = clean(region="kota", regions__kota__measurement=text).measurements[0].model
    assert found.head.unsure[""].en == "Not sure"


def test_wf111_a_seal_reaches_keys_that_have_dots_of_their_own():
    sealed = (W, "fixed: []", 'fixed: []\nsealed_nodes: {effort.criteria.planning.use.one: "A year is a year"}')
    overlay = OVERLAY.replace("sakip-measurement", "sakip-whatif").replace("measurement: small", "whatif: way")
    overlay += "patch:\n  effort: {criteria: {%s: 1}}}\n"
    (found,) = told("WF111", sealed, region="kota", regions__kota__whatif=overlay % "planning.use.one: {^^weeks")
    assert "A year is a year" in found.message.en
    clean(sealed, region="kota", regions__kota__whatif=overlay % "planning.use.two: {weeks")


def test_a_neighbour_s_broken_file_holds_nobody_up(tmp_path):
    for name, text in changed(regions__desa__measurement="a: [", **on_measurement("  limits: {cap: 120}\n")).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    for region, codes in ((None, []), ("kota", []), ("desa", ["WF001"])):
        problems = Problems()
        assert load(tmp_path, region, problems).measurement(2025) is not None
        assert [each.code for each in problems.sorted()] == codes


def test_what_an_overlay_takes_away_is_missing_where_it_took_it():
    told("WF011", region="kota", **on_measurement("  target_basis: year\n  ^^rounding: null\n"))
    told("WF011", region="kota", **on_measurement("  rounding: {places: 1, ^^mode: null}\n"))
    told("WF100", region="kota", **on_measurement("  target_basis: year\n  ^^legal_basis: []\n"))


def test_a_patch_beside_the_regions_folders_is_read_too(tmp_path):
    patch = on_measurement("  limits: {cap: 120}\n")["regions__kota__measurement"]
    for name, text in changed(regions__kota=patch).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "regions" / "folder.yaml").mkdir()
    problems = Problems()
    assert load(tmp_path, "kota", problems).measurement(2025).cap == 120 and problems.sorted() == []
    assert folder_of(tmp_path / "regions" / "kota.yaml") == tmp_path
    assert folder_of(tmp_path / "regions" / "kota" / "levels.yaml") == folder_of(tmp_path / "levels.yaml") == tmp_path
