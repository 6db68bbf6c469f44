"""What the editor of a tree offers and what a draft is refused for (§4.1, §4.2, §4.9, §13.1)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from sakip import plan
from sakip.tree.drafts import DraftFault, draft_faults
from sakip.tree.placing import allowed_levels, allowed_parents, moved
from sakip.tree.values import AGREED, Edge, Node, Tree
from tests.sakip.trees import indicator, levels, node, small_tree

LEVELS = levels()


def test_4_2_what_of_an_indicator_decides_its_measure_goes_to_the_measure() -> None:
    one = indicator("i", direction="lower", consolidation="added", due_in=("q4",))
    assert one.measured() == plan.Indicator("number", None, "lower", "added", None, None, ("q4",))
    assert replace(one, unit="sakip").measured().unit == "sakip"


def test_13_1_moving_offers_allowed_parents_and_never_what_hangs_below() -> None:
    tree = small_tree(node("ao2", "agency_objective", "ag"), node("p2", "programme_outcome", "ao2"))
    assert [one.key for one in allowed_parents(LEVELS, tree, tree.nodes["p"])] == ["ao", "ao2"]
    assert [one.key for one in allowed_parents(LEVELS, tree, tree.nodes["ao"])] == ["o", "ag"]
    assert allowed_parents(LEVELS, tree, Node("x", "no_such_level")) == ()
    loose = levels("levels: {agency_goal: {under: [objective, programme_outcome]}}")
    assert [one.key for one in allowed_parents(loose, tree, tree.nodes["ag"])] == ["o"]


def test_13_1_adding_offers_the_levels_that_may_hang_there() -> None:
    tree = small_tree()
    assert allowed_levels(LEVELS, tree, tree.nodes["o"], "dinas") == ("agency_goal", "agency_objective")
    assert allowed_levels(LEVELS, tree, None, "region") == ()  # the one vision is there
    assert allowed_levels(LEVELS, Tree([]), None, "region") == ("vision",)


def test_13_1_up_and_down_change_the_places_of_siblings_of_one_tree_only() -> None:
    rows = [node(f"p{at}", "programme_outcome", "ao", place=at) for at in (1, 2, 3)]
    tree = small_tree(*rows, node("foreign", "programme_outcome", "ao", tree="bappeda", place=2), without=("p", "a"))
    after = {one.key: one for one in moved(tree, "p3", -1)}
    assert {key: one.place for key, one in after.items()} == {"p1": 10, "p3": 20, "p2": 30}
    assert moved(tree, "p3", 1) == ()
    assert [one.key for one in moved(tree, "p1", 99)] == ["p2", "p3", "p1"]
    with pytest.raises(KeyError):
        moved(tree, "no_such_node", 1)


def test_a_whole_cascade_is_no_faulty_draft() -> None:
    edges = [
        Edge("e", "crosscuts", "ao", None, None, "lembaga", AGREED),
        Edge("f", "contributes", "p", "ao", Fraction(40)),
    ]
    assert draft_faults(LEVELS, Tree(small_tree().nodes.values(), edges)) == ()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"level": "no_such_level"}, "unknown_level"),
        ({"tree": "region"}, "wrong_tree"),
        ({"statement": "  "}, "statement_missing"),
        ({"result_kind": "miracle"}, "unknown_result_kind"),
        ({"result_kind": "output"}, "unknown_result_kind"),
        ({"result_kind": "outcome"}, None),
        ({"fields": {"success_factor": "x", "colour": "red"}}, "unknown_field"),
        ({"indicators": (indicator("x"), indicator("y"), indicator("z"))}, "too_many_indicators"),
    ],
)
def test_4_1_a_node_has_a_level_a_tree_a_statement_and_what_its_level_allows(
    changed: dict[str, Any], code: str | None
) -> None:
    strict = levels("levels: {programme_outcome: {result_kinds: [outcome], indicators: {minimum: 1, maximum: 2}}}")
    tree = small_tree(replace(small_tree().nodes["p"], **changed))
    assert draft_faults(strict, tree) == ((DraftFault(code, "p"),) if code else ())


def test_5_12_no_indicator_weighs_less_than_nothing_though_the_weights_add_up() -> None:
    weighed = (indicator("x", weight=Fraction(-20)), indicator("y", weight=Fraction(120)), indicator("z"))
    tree = small_tree(replace(small_tree().nodes["p"], indicators=weighed))
    assert draft_faults(LEVELS, tree) == (DraftFault("negative_weight", "x"),)


def test_4_1_there_is_one_vision_and_an_indicator_key_stands_once() -> None:
    tree = small_tree(node("v2", "vision"), node("p2", "programme_outcome", "ao", indicators=(indicator("ip"),)))
    assert draft_faults(LEVELS, tree) == (DraftFault("one_only", "v2"), DraftFault("indicator_twice", "ip"))


@pytest.mark.parametrize(
    ("edge", "code"),
    [
        (Edge("e", "loves", "p", "ao"), "unknown_edge"),
        (Edge("e", "contributes", "ao", "p"), "edge_not_allowed"),
        (Edge("e", "contributes", "gone", "ao"), "edge_not_allowed"),
        (Edge("e", "contributes", "p", "gone"), "edge_not_allowed"),
        (Edge("e", "contributes", "p", None), "edge_not_allowed"),
        (Edge("e", "crosscuts", "p", "p"), "edge_not_allowed"),
        (Edge("e", "crosscuts", "p", None), "edge_not_allowed"),
        (Edge("e", "contributes", "p", "ao", Fraction(101)), "edge_weight"),
        (Edge("e", "crosscuts", "p", "ao", Fraction(1)), "edge_weight"),
    ],
)
def test_4_9_an_edge_joins_the_levels_its_kind_names(edge: Edge, code: str) -> None:
    assert draft_faults(LEVELS, Tree(small_tree().nodes.values(), [edge])) == (DraftFault(code, "e"),)


def test_4_1_a_circle_is_a_finding_of_integrity_and_no_fault_of_a_draft() -> None:
    assert draft_faults(LEVELS, small_tree(replace(small_tree().nodes["ag"], parent="a"))) == ()
