"""§12 Vectors: the shipped ones pass, region and patch are merged in, and what cannot be run has not passed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from config import ROOT
from engine.definitions.problems import Problems
from sakip.run_vectors import VectorResult, run_vectors
from sakip.vectors import KINDS

FOLDER = ROOT / "sakip_config"
SHIPPED = {result.name: result for result in run_vectors(FOLDER / "vectors.yaml", FOLDER, Problems())}
CAPPED = "{method: maximise, target: 40, realisation: 50}"


@pytest.mark.parametrize("name", SHIPPED)
def test_12_a_shipped_vector_passes(name: str):
    found = SHIPPED[name]
    assert found.passed, found.fault or (found.expected, found.actual)


def test_12_the_shipped_vectors_use_every_kind():
    text = (FOLDER / "vectors.yaml").read_text(encoding="utf-8")
    assert [name for name in KINDS.values() if f"kind: {name}" not in text] == []


def run(tmp_path: Path, text: str, schema: str = "sakip-vectors/1") -> tuple[list[VectorResult], list[tuple[int, str]]]:
    file = tmp_path / "vectors.yaml"
    file.write_text(f"schema: {schema}\nvectors:\n  {text}\n", encoding="utf-8")
    problems = Problems()
    results = run_vectors(file, FOLDER, problems)
    return results, [(each.line, each.code) for each in problems.sorted()]


def test_12_region_and_patch_are_merged_in_and_the_patch_comes_last(tmp_path: Path):
    given = CAPPED.replace("{", "{region: kab_tasikmalaya, ")
    for text, value, limited in (
        (f"one: {{kind: achievement, given: {CAPPED}, expect: {{value: '125.00', limited: null}}}}", "125.00", None),
        (f"one: {{kind: achievement, given: {given}, expect: {{value: '120.00', limited: cap}}}}", "120.00", "cap"),
        (
            f"one: {{kind: achievement, patch: {{limits: {{cap: 110}}}}, given: {given}, "
            "expect: {value: '110.00', limited: cap}}",
            "110.00",
            "cap",
        ),
    ):
        ((found,), problems) = run(tmp_path, text)
        assert (found.passed, found.actual, problems) == (True, {"value": value, "limited": limited}, [])


def test_12_only_what_expect_names_is_compared_and_what_differs_is_shown(tmp_path: Path):
    ((found,), _) = run(tmp_path, f"one: {{kind: achievement, given: {CAPPED}, expect: {{value: '125.01'}}}}")
    assert (found.passed, found.expected, found.actual) == (False, {"value": "125.01"}, {"value": "125.00"})


def test_12_a_patch_of_a_what_if_reaches_the_effort_or_the_rubric(tmp_path: Path):
    answers = '{answers: {"*": b, "*.use.*": c}, goal: a}'
    found = []
    for patch in ("{}", "{effort: {last_step: 1}}", "{tiers: {verify: null}}", "{predicate: {rows: {a: {from: 78}}}}"):
        text = f"one: {{kind: whatif, patch: {patch}, given: {answers}, expect: {{cost: 0}}}}"
        ((result,), _) = run(tmp_path, text)
        found.append(int(result.actual["cost"]))
    plain, cheaper_steps, as_before, lower_goal = found
    assert cheaper_steps < plain == as_before > lower_goal


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("one: {kind: achievement, given: {region: kota_bandun}, expect: {value: '1'}}", 'mean "kota_bandung"?'),
        ("one: {kind: achievement, patch: {rounding: {mode: down}}, given: {}, expect: {value: '1'}}", "WF012"),
        ("one: {kind: band, given: {bands: three_steps, value: many}, expect: {band: near}}", "cannot be computed"),
        ("one: {kind: predicate, given: {score: '1e999999999'}, expect: {score: '1'}}", "is no number"),
        ("one: {kind: aggregate, given: [], expect: {value: '1'}}", "cannot be computed"),
        ("one: {kind: aggregate, given: {level: unit, items: 7}, expect: {value: '1'}}", "of another kind"),
        ("one: {kind: tree, given: {nodes: {a: [b]}}, expect: {findings: {}}}", "of another kind"),
    ],
)  # fmt: skip
def test_12_a_vector_that_cannot_be_run_has_not_passed_and_says_why_in_both_languages(
    tmp_path: Path, text: str, said: str
):
    ((found,), _) = run(tmp_path, text)
    assert not found.passed and found.fault is not None
    assert said in found.fault.en and found.fault.id != found.fault.en
    assert not any(word in found.fault.id for word in (" is ", " no ", "object", "NoneType"))  # one language a sentence


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("one: {kind: achievment, given: {}, expect: {}}", "WF202"),
        ("one: {kind: achievement, given: {}}", "WF011"),
        ("one: {kind: achievement, gives: {}, expect: {}}", "WF010"),
        ("one: achievement", "WF012"),
        ("one: {kind: [], expect: {}}", "WF012"),
        ("one: {", "WF001"),
    ],
)
def test_12_a_file_of_vectors_that_cannot_be_read_is_told_at_its_line(tmp_path: Path, text: str, code: str):
    _, problems = run(tmp_path, text)
    assert code in [each for _, each in problems]


def test_12_another_schema_is_no_file_of_vectors(tmp_path: Path):
    assert run(tmp_path, "one: {kind: tiers, expect: {}}", "sakip-vector/1")[1] == [(1, "WF006")]


def test_12_what_is_wrong_with_the_folder_is_told_with_its_place(tmp_path: Path):
    folder = Path(shutil.copytree(FOLDER, tmp_path / "sakip_config"))
    file = folder / "measurement.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("mode: half_up", "mode: down"), encoding="utf-8")
    results = run_vectors(folder / "vectors.yaml", folder, Problems())
    assert not any(result.passed for result in results)
    assert all("measurement.yaml:" in result.fault.en for result in results if result.fault is not None)
