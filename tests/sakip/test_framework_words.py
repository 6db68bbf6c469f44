"""What the framework says about a worksheet, in both languages (§7.7), and that every code of a tree has words."""

from __future__ import annotations

from sakip import unit_changes
from sakip.answers import expand
from sakip.framework_words import framework_sentences
from sakip.score import Scored, score
from sakip.tree import copies, drafts, history, in_force, moving, proposals, revising
from sakip.tree.check_words import CHECK_WORDS, REFUSAL_WORDS
from sakip.tree.integrity import CHECKS
from sakip.worksheet import worksheet
from tests.sakip.rubrics import criteria, rubric

RULE = "logical_framework: {use: {limits: planning.use, by: [planning.quality], then: %s}}"


def said(*patches: str, **answers: str) -> dict[str, tuple[str, str]]:
    evaluation = rubric(*patches)
    sections = worksheet(evaluation, "unit", None)
    given = {"*": "full"} | {f"planning.{key.replace('_', '.')}": answer for key, answer in answers.items()}
    found = score(evaluation, "unit", None, expand(sections, given))
    assert isinstance(found, Scored)
    return {path: (text.id, text.en) for path, text in framework_sentences(evaluation, sections, found).items()}


def test_7_7_cap_says_that_it_counts_less() -> None:
    assert said(RULE % "cap", quality_one="half") == {
        "planning.use": ("dihitung 0,75 dari 1,00: dibatasi Mutu", "counted 0.75 of 1.00: limited by Quality")
    }


def test_7_7_warn_says_that_it_counts_in_full_and_refuse_that_the_tier_stays_open() -> None:
    (warned,) = said(RULE % "warn", quality_one="half").values()
    (refused,) = said(RULE % "refuse", quality_one="half").values()
    assert warned == (
        "1,00 lebih tinggi daripada Mutu yang mendasarinya; tetap dihitung penuh",
        "1.00 is higher than Quality that it rests on; it counts in full",
    )
    assert refused[0] == "dihitung 0,75 dari 1,00: dibatasi Mutu; tahap ini belum dapat dikunci"


def test_7_7_needs_says_which_criterion_is_lower() -> None:
    assert said(criteria("planning.use", "{two: {needs: one}}"), use_one="half") == {
        "planning.use.two": (
            "lebih tinggi daripada kriteria yang mendasarinya: Satu",
            "higher than the criterion it rests on: One",
        )
    }


def test_7_7_nothing_is_said_where_nothing_is_limited() -> None:
    assert said(RULE % "cap") == {}


def test_every_check_and_every_refusal_of_a_tree_has_words_in_both_languages() -> None:
    assert set(CHECK_WORDS) == set(CHECKS)
    codes = {
        value
        for module in (drafts, history, copies)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str)
    }
    codes -= {copies.NEXT_YEAR, copies.NEXT_PERIOD, copies.WHOLE_YEAR}  # where to copy to, and a span
    codes |= {unit_changes.NOT_THE_BUREAU, unit_changes.NO_FIT, unit_changes.NOTHING_HELD, unit_changes.SAME_UNIT}
    codes |= {moving.NOT_POSSIBLE, moving.UNKNOWN_UNIT, moving.ALREADY}
    codes |= {revising.UNKNOWN_OWNER, revising.UNKNOWN_TREE, proposals.NOT_YOURS}
    codes |= {in_force.UNREADABLE, in_force.NO_LEVELS, in_force.NO_DAY}
    assert set(REFUSAL_WORDS) == codes
    for text in (*CHECK_WORDS.values(), *REFUSAL_WORDS.values()):
        assert text.id.endswith(".")
        assert text.en.endswith(".")
        assert text.id != text.en
