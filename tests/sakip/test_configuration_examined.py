"""Files somebody has half written, or mistyped where nothing would complain: each fault is told at its token (§11)."""

from __future__ import annotations

import pytest

from engine.definitions.model import Text
from engine.definitions.problems import Problem, Problems
from sakip.checked import check_folder
from sakip.configuration.files import of_texts
from sakip.configuration.folder import configure
from sakip.configuration.library import read_field_library
from tests.language.linting import marked
from tests.sakip.configuring import Change, changed

M, E, L, W = "measurement.yaml", "lke_2025.yaml", "levels.yaml", "whatif.yaml"
APPLIES = "applies: {achievement: {since_2025: {valid_from: 2025-01-01, bands: steps, legal_basis: []}}}"
ROUNDING = "rounding: {places: 2, mode: half_up, band_on: rounded}"


def found_in(texts: dict[str, str]) -> list[Problem]:
    """The errors of shape and meaning."""
    problems = Problems()
    check_folder(read_field_library(of_texts(texts), problems), None, problems)
    return [one for one in problems.sorted() if one.is_error]


def told(code: str, *changes: Change) -> list[Problem]:
    """The code stands at every marked token of the small files with these changes, and nothing else is found."""
    texts, wanted = {}, []
    for name, text in changed(*changes).items():
        texts[name], places = marked(text)
        wanted += [(name, *place, code) for place in places]
    found = found_in(texts)
    assert [(one.file, one.line, one.column, one.code) for one in found] == wanted, [one.message.en for one in found]
    return found


def clean(*changes: Change) -> None:
    """Nothing is found."""
    assert [one.message.en for one in found_in(changed(*changes))] == []


def test_the_small_files_are_clean():
    clean()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (M, ROUNDING, "rounding: ^^null"),
        (E, ROUNDING, "rounding:^^"),
        (M, APPLIES, "applies:^^"),
        (M, 'ends: "03-31"', "ends: ^^null"),
        (M, "{of: goals, by", "{of: ^^null, by"),
        (E, "result: {by: tier, tier: final, missing: refuse}", "result: ^^null"),
        (W, "default: {step: 2, weeks", "default: {step: ^^null, weeks"),
        (L, "schema: sakip-levels/1", "schema:^^"),
    ],
)  # fmt: skip
def test_a_key_that_must_be_there_and_holds_nothing_is_missing(file: str, old: str, new: str):
    told("WF011", (file, old, new))


def test_a_schema_that_is_no_text_is_told_without_words_of_a_programmer():
    for written in ("[x]", "7", "{x: 1}"):
        found = found_in({M: f"schema: {written}\n"})
        assert [one.code for one in found] == ["WF012"]
        assert "Node" not in found[0].message.en


def test_an_answer_that_is_null_is_none_so_the_best_of_those_left_has_to_be_full():
    told("WF205", (E, "{full: 4, answers: {full: {value: 4}", "{full: ^^4, answers: {full: null"))
    told("WF205", (M, "{sakip_predicate: {D: 1, C: 2", "{sakip_predicate: {D: null, C: 2, E: ^^2"))


@pytest.mark.parametrize(
    ("level", "of"), [("unit", "goal"), ("unit", "units"), ("region", "unit"), ("goal", "goals"), ("own", "areas")]
)
def test_a_figure_is_of_something_its_level_has(level: str, of: str):
    told("WF012", (M, "{unit: {of: goals, by", f"{{{level}: {{of: ^^{of}, by"))


@pytest.mark.parametrize(
    ("level", "of"),
    [("unit", "indicators"), ("region", "units"), ("region", "goals"), ("goal", "indicators"), ("own", "units")],
)
def test_a_level_may_be_of_everything_it_has(level: str, of: str):
    clean((M, "{unit: {of: goals, by", f"{{{level}: {{of: {of}, by"))


def test_a_mistyped_level_is_told_for_its_figure_would_be_gone():
    assert told("WF202", (M, "{unit: {of: goals", "{^^units: {of: goals"))[0].suggestion == "unit"


def test_an_open_row_above_a_minimum_that_has_its_row_is_one_whose_start_was_forgotten():
    told("WF080", (E, "bb: {from: 70, short: BB}", "^^bb: {short: BB}"))
    told("WF080", (M, "reached: {from: 100, ", "reached: {from: ^^null, "))
    clean(
        (M, "{minimum: 0, maximum: null, includes: lower, rows: {below: {from: 0,", "{minimum: null, rows: {below: {")
    )


@pytest.mark.parametrize("ends", ["7", "[x]", "{x: 1}", "true"])
def test_the_end_of_a_period_is_a_text(ends: str):
    told("WF012", (M, 'title: {id: TW I, en: Q1}, ends: "03-31"', f"title: {{id: TW I, en: Q1}}, ends: ^^{ends}"))


def test_a_set_of_periods_has_periods():
    empty = "  half: {title: {id: Semester, en: Half}, items: ^^{}}"
    told("WF012", (M, "default_periods: quarterly", f"{empty}\ndefault_periods: quarterly"))


def test_a_legal_basis_or_a_title_without_a_letter_is_none():
    for basis in ("[]", '[""]', '["  "]'):
        texts = changed((M, "legal_basis: [Perpres 29/2014]", f"legal_basis: {basis}"))
        problems = Problems()
        check_folder(read_field_library(of_texts(texts), problems), None, problems)
        assert [one.line for one in problems.sorted() if (one.file, one.code) == (M, "WF100")] == [5]
    problems = Problems()
    texts = changed((M, "{id: Angka, en: Number}", '{id: "", en: Number}'))
    configuration = configure(read_field_library(of_texts(texts), problems), None, problems)
    assert [one.code for one in problems.sorted()] == ["WF060"]
    measurement = configuration.measurement(2025)
    assert measurement is not None and measurement.units["number"].title == Text("Number", "Number")


def test_a_mistyped_criterion_of_a_patch_is_told_where_it_would_be_one_more():
    patch = "patch: {components: {planning: {sub_components: {use: {criteria: {oen: {active: false}}}}}}}"
    head = (
        "schema: sakip-evaluation/1\noverlay: small.kota\nextends: {evaluation: small, version: ^1.0}\nregion: kota\n"
    )
    problems = Problems()
    texts = changed(regions__kota__lke_2025=head + patch)
    check_folder(read_field_library(of_texts(texts), problems), None, problems)
    (found,) = [one for one in problems.sorted() if one.file == "regions/kota/lke_2025.yaml"]
    at = patch.index("oen: {active") + 1
    assert (found.code, found.line, found.column, found.suggestion) == ("WF060", 5, at, "one")
    assert not found.is_error


def test_an_evaluation_asks_somebody():
    told("WF012", (E, "subjects: [region, unit]", "subjects: ^^[]"))


def test_a_name_in_other_capitals_is_what_was_meant():
    assert told("WF202", (W, "goal: next", "goal: ^^BB"))[0].suggestion == "bb"
