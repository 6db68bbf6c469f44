"""The complaint in nine regions: one base, eight packs that differ in stages, clocks, triage bodies and words."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.cases.paper import PaperCase, read_given
from engine.cases.simulate import run_all
from engine.definitions.load import build
from engine.definitions.model import Definition
from engine.vocabulary import load as vocabulary
from tests.shipped import shipped

ROOT = Path(__file__).resolve().parents[2]
BASE = "complaint_investigation"
REGIONS = (
    "kab_aceh_tengah", "kab_kerinci", "kab_mempawah", "kab_sarolangun", "kab_serdang_bedagai", "kab_tasikmalaya",
    "kota_singkawang", "kota_tanjungbalai",
)  # fmt: skip
FILES = [
    ROOT / "workflows" / f"{BASE}.yaml", ROOT / "forms_config" / "complaint.yaml",
    *(ROOT / "workflows" / "regions" / region / f"{BASE}.yaml" for region in REGIONS),
    *(ROOT / "forms_config" / "regions" / region / "complaint.yaml" for region in REGIONS),
]  # fmt: skip
DEFINITIONS = {name: definition for name, definition in shipped().definitions.items() if definition.case_type == BASE}


def of(region: str) -> Definition:
    return DEFINITIONS[f"{BASE}.{region}"]


def text_of(region: str) -> str:
    return (ROOT / "workflows" / "regions" / region / f"{BASE}.yaml").read_text(encoding="utf-8")


def report(definition: Definition) -> set[str]:
    """The questions the reporter is asked."""
    section = next(each for each in definition.forms["complaint"].sections if each.key == "report")
    return {placement.field for placement in section.placements}


def test_the_base_and_eight_packs_are_read() -> None:
    assert set(DEFINITIONS) == {BASE, *(f"{BASE}.{region}" for region in REGIONS)}


def test_the_base_has_no_finding_and_every_pack_is_reminded_of_its_legal_basis_alone() -> None:
    files = {path.relative_to(ROOT).as_posix() for path in FILES}
    found = [problem for problem in shipped().problems if problem.file in files]
    lines = {region: text_of(region).splitlines().index("  legal_basis: null") + 1 for region in REGIONS}
    assert [(each.file, each.line, each.code) for each in found] == [
        (f"workflows/regions/{region}/{BASE}.yaml", lines[region], "WF100") for region in REGIONS
    ]


@pytest.mark.parametrize("region", REGIONS)
def test_a_pack_says_first_that_it_is_illustrative_and_names_no_regulation(region: str) -> None:
    text = text_of(region)
    assert text.startswith("# ILLUSTRATIVE. ")
    assert "Until the region fills in its legal basis, WF100 reminds of it." in text
    assert not any(word in text for word in ("Perbup", "Perwal", "Peraturan Bupati", "Peraturan Wali Kota", "Qanun"))


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_every_scenario_holds_also_those_a_region_inherits(name: str) -> None:
    definition = DEFINITIONS[name]
    assert [result for result in run_all(definition) if not result.passed] == []
    inherited = set(DEFINITIONS[BASE].scenarios) & set(definition.scenarios)
    assert len(inherited) >= 40  # a region removes the proof of what it took out, and nothing else


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_everywhere_it_stays_sealed_and_the_person_reported_stays_out(name: str) -> None:
    definition = DEFINITIONS[name]
    assert definition.is_sealed
    assert {"reported_person", "reported_others", "reported_aliases"} <= set(
        definition.separation_of_duties["not_the_person_reported"].exclude_when.names
    )
    assert definition.states["archive_review"].task.excluded == ("performer_of.verification",)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "patch",
    [
        "confidentiality: ordinary",
        "confidentiality: null",
        "separation_of_duties: {not_the_person_reported: null}",
        "lifecycle: {states: {open: {states: {archive_review: {task: {excluded: []}}}}}}",
    ],
)
def test_a_region_cannot_take_out_what_protects_the_reporter(patch: str) -> None:
    files = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in FILES[:2]}
    files[f"workflows/regions/kab_lain/{BASE}.yaml"] = (
        f"schema: casework/1\noverlay: {BASE}.kab_lain\nextends: {{case_type: {BASE}, version: ^2.0}}\n"
        f"region: kab_lain\npatch:\n  {patch}\n"
    )
    definition, problems = build(files, BASE, vocabulary(), "kab_lain")
    assert definition is None
    assert "WF111" in {problem.code for problem in problems}


def test_the_stages_differ() -> None:
    base = set(DEFINITIONS[BASE].states)
    more = {region: sorted(set(of(region).states) - base) for region in REGIONS}
    assert more == {
        "kab_aceh_tengah": ["second_archive_review"],
        "kab_kerinci": ["first_disposition", "reply_letter"],
        "kab_mempawah": [],
        "kab_sarolangun": ["briefing", "exposition"],
        "kab_serdang_bedagai": ["review_order"],
        "kab_tasikmalaya": ["assessors_recommendation", "sanction_review"],
        "kota_singkawang": [],
        "kota_tanjungbalai": [],
    }
    assert base - set(of("kab_aceh_tengah").states) == {"appeal_review"}


def test_the_clocks_differ() -> None:
    clocks = {tuple(sorted(of(region).parameter_values.items())) for region in REGIONS}
    assert len(clocks) == len(REGIONS)
    assert of("kab_serdang_bedagai").slas["feedback"].target.amount == 10
    assert of("kota_singkawang").slas["acknowledgement"].target.amount == 1
    assert DEFINITIONS[BASE].slas["feedback"].target.amount == 60


def test_bodies_and_words_differ() -> None:
    titles = {region: of(region).roles["reviewer"].title.id for region in ("kab_tasikmalaya", "kab_aceh_tengah")}
    assert titles == {"kab_tasikmalaya": "Tim Pengkaji Whistleblower", "kab_aceh_tengah": "Peneliti"}
    assert of("kab_kerinci").roles["verifier"].options["group"] == "assistant_inspector_iii"
    names = {of(region).states["examination"].title.id for region in REGIONS}
    assert {"Pemeriksaan dengan tujuan tertentu", "Audit investigasi", "Pemeriksaan khusus"} <= names
    heads = {of(region).roles["region_head"].title.id for region in REGIONS}
    assert len(heads) == len(REGIONS)


def test_what_is_asked_differs() -> None:
    asked = {region: report(of(region)) for region in REGIONS}
    base = report(DEFINITIONS[BASE])
    assert base - asked["kab_tasikmalaya"] == {"reason"}
    assert asked["kab_aceh_tengah"] - base == {"amount"}
    assert asked["kab_mempawah"] - base == {"target"}
    assert of("kota_tanjungbalai").fields["evidence"].is_required


@pytest.mark.parametrize("region", REGIONS)
def test_a_pack_is_small_beside_its_base(region: str) -> None:
    base = (ROOT / "workflows" / f"{BASE}.yaml").read_text(encoding="utf-8")
    rules = text_of(region).partition("  scenarios:\n")[0]
    assert len(rules.splitlines()) <= 50 < len(base.partition("\nscenarios:\n")[0].splitlines()) / 5


def test_the_reporter_reads_plain_words_wherever_the_case_stands() -> None:
    """Every state somebody may be waiting in has a public title of its own or around it, in both languages."""
    for definition in DEFINITIONS.values():
        case = PaperCase(definition, read_given(definition, {"uses": "people"}))
        assert case.leaves == ("intake",)
        for state in definition.states.values():
            at = state
            while at.public_title is None and at.parent is not None:
                at = definition.states[at.parent]
            assert at.public_title is not None and at.public_title.id != at.public_title.en, state.key
