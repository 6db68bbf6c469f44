"""A region's channel file: read strictly, told at its line, and held against what a report can hold."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from commands.disclosure_lint import lint
from commands.reference_channel import channel_page
from engine.channel.files import FOLDER, read_folder, settings_for, use_folder
from engine.channel.lint import lint_channels
from engine.channel.model import EVIDENCE
from engine.definitions.model import Definition
from engine.errors import DefinitionError, NotFound
from tests.shipped import shipped

ROOT = Path(__file__).resolve().parents[3]
Told = list[tuple[str, int, str]]


def definitions() -> tuple[Definition, ...]:
    return tuple(shipped().definitions.values())


@pytest.fixture
def told(tmp_path: Path) -> Callable[..., Told]:
    """The findings once ``old`` in a file became ``new``: file, line, English sentence."""
    folder = tmp_path / "channel_config"
    shutil.copytree(FOLDER, folder)

    def changed(name: str, old: str, new: str) -> Told:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, old
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        problems, _ = lint_channels(definitions(), folder)
        assert all(problem.message.id != problem.message.en for problem in problems)
        return [(problem.file.partition("/")[2], problem.line, problem.message.en) for problem in problems]

    return changed


def line_of(name: str, text: str) -> int:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_the_channels_of_this_project_have_no_faults() -> None:
    problems, regions = lint_channels(definitions())
    assert problems == [] and {"kab_contoh", "kota_tanjungbalai", "kota_singkawang"} <= set(regions)


@pytest.mark.parametrize(
    ("old", "new", "at", "sentence"),
    [
        ("minutes: 10", "minuts: 10", "minutes: 10", 'Unknown key "minuts". Did you mean "minutes"?'),
        ("draft_days: 7", "draft_days: 70", "draft_days: 7", "70 is above 30."),
        ("draft_days: 7", "draft_days: soon", "draft_days: 7", 'This must be a whole number, not a text "soon".'),
        ("title: {id: Anonim, en: Anonymous}", "title: {id: Anonim}", "title: {id: Anonim,",
         "The English text is missing."),
        ("title: {id: Anonim, en: Anonymous}", "title: Anonim", "title: {id: Anonim,", "Write {id: …, en: …}."),
        ('exit_url: "https://www.bmkg.go.id"', 'exit_url: "http://www.bmkg.go.id"', "exit_url",
         "Must be an address beginning with https://."),
        ('slots: ["08:00"', 'slots: ["8.00"', "slots:", 'Must be a time like "08:00".'),
        ("largest: 10 MB", "largest: much", "largest: 10 MB", "Must be a size like 500 kB or 10 MB."),
        ("largest: 10 MB", "largest: 30 MB", "largest: 10 MB", "The form takes 10 MB at most."),
        ("types: [pdf,", "types: [exe, pdf,", "types: [pdf", 'The form does not take "exe".'),
        ("kind: people", "kind: peopel", "kind: people",
         'This must be one of: story, fields, people, evidence. Did you mean "people"?'),
        ("fields: [summary]", "fields: [sumary]", "fields: [summary]",
         'The first task does not let this be filled in: "sumary". Did you mean "summary"?'),
        ("fields: [unit, place, happened_on]", "fields: [unit, place, findings]", "fields: [unit, place, happened_on]",
         'The first task does not let this be filled in: "findings".'),
        ("fields: [unit, place,", "fields: [reported_person, place,", "fields: [unit, place,",
         'A field of type "person" cannot be asked on a page of kind "fields".'),
        ("fields: [unit, place,", "fields: [concerns_inspectorate, place,", "fields: [unit, place,",
         "This field is not for the reporter."),
        ("fields: [reason, manner]", "fields: [reason, summary]", "fields: [reason, manner]",
         "This field is asked already."),
        ("    fields: [summary]\n", "    fields: [summary]\n    skip: true\n", "fields: [summary]",
         "This field is required; its page may not be skipped."),
        ("titles: [Dicabut]", "titles: [Di cabut]", "titles: [Dicabut]",
         'There is no public title "Di cabut". Did you mean "Dicabut"?'),
        ("shown_at_the_end: [answer]", "shown_at_the_end: [findings]", "shown_at_the_end",
         "This field is not for the reporter."),
        ("rejected_states: [closed_dismissed,", "rejected_states: [closed_dismised,", "rejected_states",
         'There is no final state "closed_dismised". Did you mean "closed_dismissed"?'),
        ("answers: {category: retaliation}", "answers: {category: reprisal}", "answers: {category: retaliation}",
         'There is no choice "reprisal".'),
        ("case_type: complaint_investigation", "case_type: performance_agreement", "case_type: complaint",
         "This case type is not sealed."),
        ("    case_type: protection_request\n", "    case_type: protection_reqest\n",
         "case_type: protection_request",
         'There is no case type "protection_reqest". Did you mean "protection_request"?'),
        ("fields: [threats]", "fields: [threat]", "fields: [threats]",
         'The first task does not let this be filled in: "threat". Did you mean "threats"?'),
        ("fields: [wanted]", "fields: [assessment_note]", "fields: [wanted]",
         "This field is not for the reporter."),
        ("order: 50\n    kind: evidence", "order: 5\n    kind: evidence", "kind: evidence",
         "Evidence is asked after the story."),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_line(told: Callable[..., Told], old: str, new: str, at: str, sentence: str) -> None:
    assert ("base.yaml", line_of("base.yaml", at), sentence) in told("base.yaml", old, new)


def test_all_mistakes_are_told_at_once(told: Callable[..., Told]) -> None:
    told("base.yaml", "minutes: 10", "minuts: 10")
    told("base.yaml", "draft_days: 7", "draft_days: 70")
    found = told("regions/kab_kerinci.yaml", "region: kab_kerinci", "region: kab_karinci\nquestion: {}")
    assert {file for file, _, _ in found} == {"base.yaml", "regions/kab_kerinci.yaml"} and len(found) >= 4


def test_a_region_that_requires_an_answer_may_not_let_its_page_be_skipped(told: Callable[..., Told]) -> None:
    name = "regions/kota_tanjungbalai.yaml"
    found = told(name, "    skip: false\n", "")
    sentence = "This field is required; its page may not be skipped."
    assert [(text) for file, _, text in found] == [sentence]


def test_a_required_field_that_is_not_asked_is_told(told: Callable[..., Told]) -> None:
    found = told("regions/kab_tasikmalaya.yaml", "fields: [manner]", "fields: [reason]")
    assert 'The required field "manner" is not asked.' in [text for _, _, text in found]


def test_taking_away_what_is_not_there_is_told(told: Callable[..., Told]) -> None:
    found = told("regions/kab_kerinci.yaml", "why_and_how: null", "why_and_hwo: null")
    assert 'There is no "why_and_hwo" to take away. Did you mean "why_and_how"?' in [text for _, _, text in found]


def asked(region: str) -> list[str]:
    return [key for question in settings_for(region).questions for key in question.fields]


def test_the_three_regional_variants_ask_what_they_are_named_after() -> None:
    assert asked("kab_contoh") == [
        "summary", "unit", "place", "happened_on", "reported_aliases", "reason", "manner", "evidence"
    ]  # fmt: skip
    assert asked("kab_kerinci") == [
        "summary", "category", "unit", "place", "happened_on", "reported_aliases", "reason", "manner", "evidence"
    ]  # fmt: skip
    assert asked("kab_aceh_tengah")[-2:] == ["amount", "evidence"]
    assert "reason" not in asked("kota_tanjungbalai")
    evidence = next(one for one in settings_for("kota_tanjungbalai").questions if one.kind == EVIDENCE)
    assert not evidence.may_skip


def test_a_region_without_a_file_has_the_base() -> None:
    assert settings_for("kota_singkawang") == settings_for("kota_yang_tidak_ada")


def test_files_that_cannot_be_used_say_why(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("schema: channel/2\n", encoding="utf-8")
    found = read_folder(tmp_path)
    assert found.settings == {} and any(problem.is_error for problem in found.problems)


def test_a_region_nobody_knows_is_not_linted() -> None:
    with pytest.raises(NotFound):
        lint_channels(definitions(), region="kab_entah")


def test_the_reference_page_is_the_loaders_table() -> None:
    page = (ROOT / "docs" / "reference" / "reporting-channel.md").read_text(encoding="utf-8")
    assert page == channel_page()


def run(*arguments: str) -> tuple[int, str]:
    with Flask(__name__).app_context():
        result = CliRunner().invoke(lint, arguments)
    return result.exit_code, result.output


def test_the_command_tells_what_it_looked_at_and_what_it_found(tmp_path: Path) -> None:
    code, output = run("kab_kerinci")
    assert (code, output.strip()) == (0, "kab_kerinci")
    shutil.copytree(FOLDER, tmp_path / "channels")
    path = tmp_path / "channels" / "regions" / "kab_kerinci.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("region: kab_kerinci", "region: kab_x"), encoding="utf-8")
    code, output = run("--folder", str(tmp_path / "channels"))
    assert code == 1 and "kab_kerinci.yaml:" in output
    assert run("kab_entah")[0] == 2


def test_settings_that_cannot_be_used_raise_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("schema: channel/1\nminuts: 3\n", encoding="utf-8")
    use_folder(tmp_path)
    try:
        with pytest.raises(DefinitionError, match=r"base\.yaml:"):
            settings_for("kab_contoh")
    finally:
        use_folder(None)
