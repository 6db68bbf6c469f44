"""A draft of a tree as answers of a case: what goes in comes out, and what cannot be read is named (reference §4.3)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sakip.tree.draft_answers import UnreadableDraft, answers_of, revision_of
from sakip.tree.history import Revision
from sakip.tree.rows import edge_key
from sakip.tree.target_text import FILES, NoTarget, target_of_text, targets_of_text, text_of_target, text_of_targets
from sakip.tree.values import Edge, Node
from sakip.values import Milestones, Range, Target
from tests.sakip.trees import indicator, node

numbers = some.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**4)
words = some.text(some.characters(categories=("L", "N", "Zs"), include_characters='*;:"+./'), min_size=1, max_size=12)
grades = words.map(lambda text: text.replace('"', "").strip()).filter(bool)
targets = some.one_of(numbers, some.builds(Range, numbers, numbers), some.booleans(), grades)


@given(targets)
def test_4_2_every_target_is_its_text_and_the_text_that_target(target: Target) -> None:
    back = target_of_text(text_of_target(target))
    assert back == target
    assert type(back) is type(target)


@given(some.dictionaries(some.sampled_from(["q1", "q2", "year", "s1"]), targets))
def test_4_2_targets_of_several_periods_share_a_line(given_targets: dict[str, Target]) -> None:
    assert targets_of_text(text_of_targets(given_targets)) == given_targets


def test_4_2_milestones_keep_their_weights_on_the_line() -> None:
    text = text_of_target(Milestones({"lelang umum": Fraction(30), "kontrak": Fraction("0.5")}))
    back = target_of_text(text)
    assert text == "lelang umum*30 + kontrak*0,5"
    assert isinstance(back, Milestones)
    assert back.weights == {"lelang umum": Fraction(30), "kontrak": Fraction("0.5")}


def test_4_2_a_comma_is_a_decimal_comma_and_nothing_is_no_target() -> None:
    assert target_of_text(" 61,5 ") == Fraction("61.5")
    assert target_of_text("60 .. 70,5") == Range(Fraction(60), Fraction("70.5"))
    assert target_of_text(" ") is None
    assert targets_of_text(" ; ") == {}


@pytest.mark.parametrize(
    "text", ["2025 60", "2025: 60; 2025: 61", ": 60", "2025:", "2025: a;b*", "2025: 1/0", "2025: a*x"]
)
def test_4_2_a_line_that_cannot_be_read_is_told(text: str) -> None:
    with pytest.raises(NoTarget):
        targets_of_text(text)


def whole_revision() -> Revision:
    full = indicator(
        "full", definition="Apa", formula="a/b", unit="index", direction="higher", method="maximise",
        consolidation="sum", basis="year", periods="quarterly", due_in=("q2", "q4"), frequency="triwulan",
        source="BPS", owner="7", verifier="8", baseline=Fraction("59.5"),
        plan_targets={2025: Fraction(60), 2026: Range(Fraction(1), Fraction(2))}, targets={"q2": "BB", "year": True},
        weight=Fraction(1, 3), is_key=True, is_published=True, superior="io",
    )  # fmt: skip
    new = node("n", "programme_outcome", "ao", owner="7", place=30, indicators=(full, indicator("bare")))
    changed = node("c", "agency_objective", None, owner=None, fields={"success_factor": "A", "crosscutting": False})
    edges = [
        Edge(edge_key("crosscuts", "n", "x"), "crosscuts", "n", "x", Fraction(40), "lain"),
        Edge(edge_key("crosscuts", "n", None, "BPS"), "crosscuts", "n", None, None, "BPS"),
    ]
    gone = Edge(edge_key("supports", "n", "c"), "supports", "n", "c")
    return Revision(
        "Perubahan RPJMD", "Perda 3/2025", {"n": new}, {"c": changed}, frozenset({"old"}),
        {edge.key: edge for edge in edges}, {gone.key: gone},
    )  # fmt: skip


def test_3_2_a_revision_is_its_answers_and_the_answers_that_revision() -> None:
    revision = whole_revision()
    assert revision_of(answers_of(revision, {"lain": 3}), "dinas", {3: "lain"}) == revision


def draft(*rows: dict[str, Any], edges: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"reason": "a", "legal_basis": "b", "nodes": list(rows), "edges": edges or []}


@pytest.mark.parametrize(
    ("answers", "where"),
    [
        (draft({"act": "new", "level": "goal"}), ""),
        (draft({"act": "new", "key": "a"}, {"act": "ended", "key": "a"}), "a"),
        (draft({"act": "ended", "key": "a"}, {"act": "ended", "key": "a"}), "a"),
        (draft({"key": "a", "indicators": [{"name": "Tanpa kunci"}]}), "Tanpa kunci"),
        (draft({"key": "a", "indicators": [{"key": "i", "targets": "q1 5"}]}), "i"),
        (draft({"key": "a", "indicators": [{"key": "i", "plan_targets": "akhir: 5"}]}), "i"),
        (draft({"key": "a", "indicators": [{"key": "i", "weight": "1/0"}]}), "i"),
        (draft({"key": "a", "indicators": [{"key": "i", "weight": "banyak"}]}), "i"),
        (draft(edges=[{"kind": "crosscuts", "starts": "a"}]), "a"),
    ],
)
def test_4_3_a_row_that_stands_for_nothing_is_named(answers: dict[str, Any], where: str) -> None:
    with pytest.raises(UnreadableDraft) as told:
        revision_of(answers, "dinas", {})
    assert told.value.args[0] == where


def test_4_3_the_region_may_add_fields_of_its_own_to_a_node() -> None:
    found = revision_of(draft({"key": "a", "level": "goal", "sdg": "SDG 9"}), "region", {})
    assert found.new["a"] == Node("a", "goal", fields={"sdg": "SDG 9"})


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.250", 1250), ("1.250,5", Fraction("1250.5")), ("-3,5", Fraction("-3.5")), ("100/3", Fraction(100, 3)),
     ("1.250..1.300", Range(Fraction(1250), Fraction(1300)))],
)  # fmt: skip
def test_5_4_targets_follow_the_one_rule_of_typed_numbers(text: str, value: Target) -> None:
    assert target_of_text(text) == value


@pytest.mark.parametrize(
    ("text", "meant"), [("34.49", "34,49"), ("1.25", "1,25"), ("60 .5", "60,5"), ("1,250.5", "1250,5")]
)
def test_5_4_what_looks_like_a_number_and_is_none_is_never_a_grade(text: str, meant: str) -> None:
    with pytest.raises(NoTarget) as told:
        target_of_text(text)
    assert told.value.reason is not None and told.value.reason.values["proposal"] == meant


@given(targets)
def test_12_files_of_this_program_write_numbers_with_a_point_and_read_them_back(target: Target) -> None:
    text = text_of_target(target, FILES)
    assert target_of_text(text, FILES) == target
    if isinstance(target, Fraction):
        assert "," not in text


def test_12_a_comma_before_three_digits_is_asked_again_in_a_file() -> None:
    assert target_of_text("61,5", FILES) == Fraction("61.5")
    with pytest.raises(NoTarget):
        target_of_text("1,250", FILES)
