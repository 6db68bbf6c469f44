"""``flask workflow diff``: sentences first, then text; exit 0 same, 1 different, 2 for a wrong use."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Terminal
from tests.engine.definitions.journey import JOURNEY, JOURNEY_FORM

OVERLAY = """\
schema: casework/1
overlay: journey.jabar
extends: {case_type: journey, version: ^1.0}
region: jabar
parameters: {review_days: 2}
patch:
  roles: {legal: {title: {id: Biro Hukum, en: Bureau of Law}}}
"""
FORM_OVERLAY = """\
schema: casework-form/1
overlay: journey.jabar
extends: {form: journey, version: ^1.0}
region: jabar
patch: {fields: {companions: {max_items: 3}}}
"""
TREE = {
    "workflows/journey.yaml": JOURNEY,
    "forms_config/journey.yaml": JOURNEY_FORM,
    "workflows/regions/jabar/journey.yaml": OVERLAY,
    "forms_config/regions/jabar/journey.yaml": FORM_OVERLAY,
    "workflows/regions/ntt/journey.yaml": OVERLAY.replace("jabar", "ntt").replace("review_days: 2", "review_days: 7"),
    "workflows/history/journey/0.9.0.yaml": JOURNEY.replace("1.0.0", "0.9.0").replace(", veto: true", ""),
    "forms_config/history/journey/0.9.0.yaml": JOURNEY_FORM.replace("max_length: 100", "max_length: 50"),
    "workflows/newer.txt": JOURNEY.replace("completion: {quorum: 2}", "completion: any"),
}
BASE, JABAR, NTT = (
    "workflows/journey.yaml",
    "workflows/regions/jabar/journey.yaml",
    "workflows/regions/ntt/journey.yaml",
)
QUORUM = JOURNEY[: JOURNEY.index("completion: {quorum")].count("\n") + 1
VETO = JOURNEY[: JOURNEY.index("veto: true")].count("\n") + 1
OLD = "workflows/history/journey/0.9.0.yaml"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path, text in TREE.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_same_meaning_in_another_layout_is_the_same(terminal: Terminal, tree: Path) -> None:
    (tree / "workflows/other.yaml").write_text("# a comment\n" + JOURNEY.replace("  short:", "  short:   # so"))
    said = terminal.run("workflow", "diff", BASE, "workflows/other.yaml")
    assert (said.code, said.out, said.err) == (0, "Keduanya sama.\n", "")
    plain = terminal.run("workflow", "diff", BASE, "workflows/other.yaml", "--format", "json")
    assert plain.code == 0
    assert (plain.json["same"], plain.json["differences"], plain.json["text"]) == (True, [], "")


def test_two_files_with_the_same_name_are_told_in_sentences_then_in_text(terminal: Terminal, tree: Path) -> None:
    (tree / "workflows/newer.yaml").write_text(TREE["workflows/newer.txt"], encoding="utf-8")
    said = terminal.run("workflow", "diff", BASE, "workflows/newer.yaml")
    assert said.code == 1
    sentences, _, text = said.out.partition("\n\n")
    assert sentences.splitlines() == [
        "Pengaman yang dilonggarkan:",
        "  - 'Tanda tangan': cukup bila disetujui satu saja, semula paling sedikit 2 (workflows/newer.yaml:"
        + f"{QUORUM})",
    ]
    assert text.startswith("--- workflows/journey.yaml\n+++ workflows/newer.yaml\n")
    assert "-        completion: {quorum: 2}\n+        completion: any\n" in text
    english = terminal.run("workflow", "diff", BASE, "workflows/newer.yaml", "--lang", "en").out
    assert english.startswith("Safeguards made weaker:\n  - 'Signing': enough when any one approve, before at least 2")


def test_the_json_names_kind_weight_path_states_and_both_places(terminal: Terminal, tree: Path) -> None:
    (tree / "workflows/newer.yaml").write_text(TREE["workflows/newer.txt"], encoding="utf-8")
    told = terminal.run("workflow", "diff", BASE, "workflows/newer.yaml", "--format", "json", "--lang", "en").json
    assert set(told) == {"same", "old", "new", "differences", "changed_states", "text"}
    assert set(told["old"]) == {"file", "case_type", "version", "region", "digest"}
    assert told["changed_states"] == ["signing"]
    assert told["differences"] == [
        {
            "kind": "quorum_changed",
            "weight": "relaxed",
            "path": "lifecycle.states.signing.approval.completion",
            "state": "signing",
            "states": ["signing"],
            "sentence": "'Signing': enough when any one approve, before at least 2",
            "old": {"value": ["quorum", 2], "file": "workflows/journey.yaml", "line": QUORUM},
            "new": {"value": ["any", None], "file": "workflows/newer.yaml", "line": QUORUM},
        }
    ]


def test_an_overlay_is_compared_merged_and_points_into_its_own_file(terminal: Terminal, tree: Path) -> None:
    said = terminal.run("workflow", "diff", BASE, JABAR, "--format", "json").json
    places = {each["path"]: (each["new"]["file"], each["new"]["line"]) for each in said["differences"]}
    assert places["parameters.review_days.default"] == (JABAR, 5)
    assert places["roles.legal.title"] == (JABAR, 7)
    assert places["forms.journey.fields.companions.max_items"] == ("forms_config/regions/jabar/journey.yaml", 5)
    assert "--- /dev/null\n+++ workflows/regions/jabar/journey.yaml" in said["text"]
    assert said["new"]["region"] == "jabar"


def test_two_overlays_are_compared(terminal: Terminal, tree: Path) -> None:
    said = terminal.run("workflow", "diff", JABAR, NTT)
    assert said.code == 1
    assert "'Verifikasi': batas kini 7 hari kerja, semula 2 hari kerja" in said.out
    assert "Formulir 'Perjalanan', 'Pengikut': jumlah butir paling banyak kini 5, semula 3" in said.out
    assert f"--- {JABAR}\n+++ {NTT}" in said.out


def test_an_older_version_brings_the_form_of_its_own_number(terminal: Terminal, tree: Path) -> None:
    said = terminal.run("workflow", "diff", OLD, BASE, "--lang", "en")
    assert said.code == 1
    assert f"'Signing', 'Secretary': now has a veto ({BASE}:{VETO})" in said.out
    assert "Form 'Trip', 'Destination': longest length now 100, before 50" in said.out
    assert "Version now 1.0.0, before 0.9.0" in said.out
    assert terminal.run("workflow", "diff", OLD, OLD).code == 0


def test_forms_are_compared_as_forms_whatever_uses_them(terminal: Terminal, tree: Path) -> None:
    forms = ("forms_config/journey.yaml", "forms_config/regions/jabar/journey.yaml")
    said = terminal.run("workflow", "diff", *forms)
    assert said.out.splitlines()[:2] == [
        "Aturan:",
        "  - Formulir 'Perjalanan', 'Pengikut': jumlah butir paling banyak kini 3, semula 5 "
        "(forms_config/regions/jabar/journey.yaml:5)",
    ]
    assert terminal.run("workflow", "diff", forms[0], forms[0]).code == 0


def test_a_form_that_nobody_uses_is_compared_too(terminal: Terminal, tmp_path: Path) -> None:
    for name, text in (("one", JOURNEY_FORM), ("two", JOURNEY_FORM.replace("required: true, max", "max"))):
        (tmp_path / f"{name}.yaml").write_text(text.replace(", visible_when: \"not in_state('draft')\"", ""))
    said = terminal.run("workflow", "diff", tmp_path / "one.yaml", tmp_path / "two.yaml", "--lang", "en")
    assert said.code == 1
    assert "Form 'Trip', 'Destination': no longer required" in said.out


def test_what_has_findings_is_compared_as_far_as_it_can_be_read(terminal: Terminal, tree: Path) -> None:
    broken = JOURNEY.replace("slow: {order: 20, to: signing}", "slow: {order: 20, to: trips}")
    (tree / "workflows/broken.yaml").write_text(broken, encoding="utf-8")
    said = terminal.run("workflow", "diff", BASE, "workflows/broken.yaml")
    assert said.code == 1
    assert "'Pemilahan', otomatis 'slow': kini ke 'Laporan', semula ke 'Tanda tangan'" in said.out
    assert "WF021" in said.err


def test_yaml_that_cannot_be_read_is_a_finding(terminal: Terminal, tree: Path) -> None:
    (tree / "workflows/broken.yaml").write_text("a: [", encoding="utf-8")
    said = terminal.run("workflow", "diff", BASE, "workflows/broken.yaml")
    assert (said.code, said.out) == (1, "")
    assert "workflows/broken.yaml:" in said.err and "WF001" in said.err


def test_paths_that_name_no_definition_are_a_wrong_use(terminal: Terminal, tree: Path) -> None:
    (tree / "loose").mkdir()
    (tree / "loose/note.yaml").write_text("hello: there\n", encoding="utf-8")
    for pair in ((BASE, "none.yaml"), (BASE, "loose/note.yaml"), ("loose", BASE), (BASE,)):
        said = terminal.run("workflow", "diff", *pair)
        assert said.code == 2, pair
        assert said.out == ""


def test_a_folder_with_one_workflow_stands_for_it(terminal: Terminal, tree: Path) -> None:
    assert terminal.run("workflow", "diff", ".", BASE).code == 0
