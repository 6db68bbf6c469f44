"""The sentences of §4.1, §4.2 and §4.7: what a tree is, and every fault that can be found in it."""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from sakip.configuration.levels import ERROR, WARNING
from sakip.tree.integrity import CHECKS, Finding, by_check, findings, severity_of, stops
from sakip.tree.situation import CarriedRow, Facts, folded
from sakip.tree.values import AGREED, REFUSED, WAITING, Edge, Node, Tree
from sakip.values import Range
from tests.sakip.trees import indicator, levels, measurement, node, small_tree

LEVELS, MEASUREMENT = levels(), measurement()


def found(tree: Tree, *only: str, facts: Facts | None = None) -> dict[str, list[str]]:
    return by_check(findings(LEVELS, tree, MEASUREMENT, facts, only or None))


def with_indicators(*indicators: Any, **more: Any) -> Tree:
    return small_tree(node("ao", "agency_objective", "ag", indicators=indicators, **more))


# -- §4.1, §4.2 nodes ------------------------------------------------------------------------------------------------


def test_4_1_the_number_of_a_node_is_its_place_among_its_siblings_and_its_key_never_changes() -> None:
    second = node("p2", "programme_outcome", "ao", place=20)
    tree = small_tree(node("p", "programme_outcome", "ao", place=30), second, node("p3", "programme_outcome", "ao"))
    numbers = tree.numbers()
    assert [numbers[key] for key in ("p3", "p2", "p")] == [1, 2, 3]
    moved = Tree([replace(second, place=40) if one.key == "p2" else one for one in tree.nodes.values()])
    assert [moved.numbers()[key] for key in ("p3", "p", "p2")] == [1, 2, 3]
    assert set(moved.nodes) == set(tree.nodes)


def test_4_1_a_unit_numbers_its_own_goals_under_an_objective_it_shares_with_others() -> None:
    tree = small_tree(node("other", "agency_goal", "o", tree="bappeda", place=-1))
    assert (tree.numbers()["other"], tree.numbers()["ag"]) == (1, 1)


def test_4_1_a_key_stands_for_one_node() -> None:
    with pytest.raises(ValueError, match="the key a is used twice"):
        Tree([node("a", "vision"), node("a", "mission")])


def test_4_2_the_target_of_a_year_is_the_one_that_was_set_otherwise_the_plans() -> None:
    one = indicator("i", plan_targets={2025: Fraction(10), 2026: Fraction(12)})
    assert [one.target_of(year) for year in (2025, 2026, 2030)] == [10, 12, None]
    assert replace(one, targets={"year": Fraction(11), "q1": Fraction(2)}).target_of(2025) == 11


def test_4_9_edges_never_make_a_second_parent_and_crosscutting_counts_only_when_the_partner_agreed() -> None:
    edges = [Edge("e1", "crosscuts", "ao", "p", None, "bappeda", state) for state in (WAITING, REFUSED, AGREED)]
    edges.append(Edge("e4", "contributes", "p", "ao"))
    tree = Tree(small_tree().nodes.values(), edges)
    assert [(edge.kind, edge.state) for edge in tree.counting_edges(["crosscuts"])] == [
        ("crosscuts", AGREED),
        ("contributes", WAITING),
    ]
    assert tree.children("p") == small_tree().children("p")
    assert found(tree, "circle") == {}


# -- §4.7 every check ------------------------------------------------------------------------------------------------


def test_4_7_a_whole_cascade_has_no_fault() -> None:
    assert found(small_tree()) == {}


def test_4_7_error_stops_in_force_and_a_warning_is_listed_with_the_node() -> None:
    warned = findings(LEVELS, with_indicators(indicator("i", weight=Fraction(90))), MEASUREMENT)
    assert warned == (Finding("weights_not_100", WARNING, "ao"),)
    assert not stops(warned)
    stopped = findings(LEVELS, with_indicators(indicator("i"), owner=None), MEASUREMENT)
    assert stopped == (Finding("indicator_without_owner", ERROR, "i"),)
    assert stops(stopped)


def test_4_7_a_check_is_off_when_the_file_says_so_or_does_not_name_it_but_never_the_circle() -> None:
    quiet = levels("integrity: {weights_not_100: off, owner_vacant: null, circle: off}")
    assert [severity_of(quiet, one) for one in ("weights_not_100", "owner_vacant", "circle")] == ["off", "off", ERROR]
    assert findings(quiet, with_indicators(indicator("i", weight=Fraction(9))), MEASUREMENT) == ()


def test_4_7_every_check_of_the_file_is_there() -> None:
    assert set(CHECKS) == set(LEVELS.integrity)


def test_4_7_circle_names_the_nodes_on_it_and_not_those_that_hang_on_them() -> None:
    tree = small_tree(
        node("ag", "agency_goal", "p", indicators=(indicator("iag"),)),
        node("self", "agency_goal", "self", indicators=(indicator("x"),)),
    )
    assert found(tree, "circle") == {"circle": ["ag", "ao", "p", "self"]}


@pytest.mark.parametrize("parent", ["g", "p", "nowhere"])
def test_4_7_parent_of_wrong_level_is_a_parent_whose_level_is_not_in_under_or_that_is_not_there(parent: str) -> None:
    tree = small_tree(node("ag", "agency_goal", parent, indicators=(indicator("iag"),)))
    assert found(tree, "parent_of_wrong_level", "goal_without_regional_parent") == {"parent_of_wrong_level": ["ag"]}


def test_4_7_goal_without_regional_parent_is_an_agency_level_under_regional_ones_only() -> None:
    tree = small_tree(
        node("ag", "agency_goal", indicators=(indicator("iag"),)),
        node("ao2", "agency_objective", indicators=(indicator("x"),)),
        node("o2", "objective", indicators=(indicator("y"),)),
    )
    assert found(tree, "goal_without_regional_parent") == {"goal_without_regional_parent": ["ag"]}


def test_4_7_programme_without_objective_is_a_node_with_a_programme_budget_without_parent() -> None:
    tree = small_tree(
        node("p", "programme_outcome", indicators=(indicator("ip"),)),
        node("a2", "activity_output", indicators=(indicator("x"),)),
    )
    assert found(tree, "programme_without_objective") == {"programme_without_objective": ["p"]}


def test_4_7_indicator_without_owner_when_neither_it_nor_its_node_has_one() -> None:
    tree = with_indicators(indicator("i1", owner="dinas.kabid"), indicator("i2"), owner=None)
    assert found(tree) == {"indicator_without_owner": ["i2"]}


def test_4_7_node_without_indicator_where_the_level_asks_one() -> None:
    assert found(with_indicators(), "node_without_indicator") == {"node_without_indicator": ["ao"]}
    assert found(small_tree(node("m", "mission", "v")), "node_without_indicator") == {}


@pytest.mark.parametrize(
    ("told", "fits"),
    [
        ({}, True),
        ({"unit": "percent", "method": "maximise"}, True),
        ({"unit": "sakip", "method": "maximise"}, False),
        ({"unit": "sakip", "direction": "grade"}, True),
        ({"unit": "sakip", "direction": "higher"}, False),
        ({"method": "grade"}, False),
        ({"unit": "sakip", "consolidation": "added"}, False),
        ({"unit": "sakip"}, True),
        ({"unit": "furlong"}, False),
        ({"method": "no_such"}, False),
        ({"direction": "sideways"}, False),
        ({"consolidation": "no_such"}, False),
    ],
)
def test_4_7_method_does_not_fit_unit_when_its_kind_is_not_among_those_of_method_and_consolidation(
    told: dict[str, str], fits: bool
) -> None:
    expected = {} if fits else {"method_does_not_fit_unit": ["i"]}
    assert found(with_indicators(indicator("i", **told))) == expected


def test_4_7_a_method_or_consolidation_without_units_takes_those_its_kind_is_made_for() -> None:
    wordless = (
        "{methods: {wordless: {kind: grade, title: {id: Nilai, en: Grade}}}, consolidations: {last: {units: null}}}"
    )
    tree = with_indicators(indicator("i", unit="sakip", method="wordless"), indicator("j", method="wordless"))
    assert by_check(findings(LEVELS, tree, measurement(wordless))) == {"method_does_not_fit_unit": ["j"]}


@pytest.mark.parametrize(
    ("targets", "adds_up"),
    [
        ({"q1": 4, "q2": 6, "q3": 7, "q4": 8, "year": 25}, True),
        ({"q1": 4, "q2": 6, "q3": 7, "q4": 7, "year": 25}, False),
        ({"q1": 4, "year": 25}, False),
        ({"q4": 25, "year": 25}, True),
        ({"year": 25}, True),
        ({"q1": 4, "q2": 6}, True),
        ({"q1": 0, "year": 0}, True),
    ],
)
def test_4_7_quarters_do_not_add_up_when_the_year_and_some_period_are_given_and_the_sum_differs(
    targets: dict[str, int], adds_up: bool
) -> None:
    exact = {key: Fraction(value) for key, value in targets.items()}
    summed = with_indicators(indicator("i", consolidation="added", targets=exact))
    assert found(summed) == ({} if adds_up else {"quarters_do_not_add_up": ["i"]})
    assert found(with_indicators(indicator("i", consolidation="last", targets=exact))) == {}


def test_4_7_quarters_of_a_default_consolidation_that_sums_are_added_too() -> None:
    summing = measurement("default_consolidation: added")
    tree = with_indicators(indicator("i", targets={"q1": Fraction(1), "year": Fraction(2)}))
    assert by_check(findings(LEVELS, tree, summing)) == {"quarters_do_not_add_up": ["i"]}


def test_4_7_quarters_of_ranges_add_up_end_by_end() -> None:
    quarter, right, wrong = Range(Fraction(1), Fraction(2)), Range(Fraction(2), Fraction(4)), Fraction(4)
    for year, expected in ((right, {}), (wrong, {"quarters_do_not_add_up": ["i"]})):
        targets = {"q1": quarter, "q2": quarter, "year": year}
        assert found(with_indicators(indicator("i", consolidation="added", targets=targets))) == expected


@pytest.mark.parametrize(
    ("weights", "is_fault"),
    [
        ((None, None), False),
        ((60, 40), False),
        ((60, 41), True),
        ((100, None), True),
        ((100, 0), False),
        ((0, 0), True),
        ((Fraction(100, 3), Fraction(200, 3)), False),
    ],
)
def test_4_7_weights_not_100_when_one_has_none_or_they_do_not_add_up(weights: tuple[Any, ...], is_fault: bool) -> None:
    rows = [indicator(f"i{at}", weight=None if one is None else Fraction(one)) for at, one in enumerate(weights)]
    assert found(with_indicators(*rows)) == ({"weights_not_100": ["ao"]} if is_fault else {})


@pytest.mark.parametrize(
    ("above", "below", "is_fault"),
    [
        ("Layanan publik meningkat", "layanan  PUBLIK, meningkat.", True),
        ("Layanan publik meningkat", "Layanan-publik meningkat", True),
        ("Layanan publik meningkat", "Layanan publik naik", False),
        ("", "", False),
        ("…", "!", False),
    ],
)
def test_4_7_child_repeats_parent_after_folding_capitals_punctuation_and_spaces(
    above: str, below: str, is_fault: bool
) -> None:
    tree = small_tree(
        node("ao", "agency_objective", "ag", statement=above, indicators=(indicator("iao"),)),
        node("p", "programme_outcome", "ao", statement=below, indicators=(indicator("ip"),)),
    )
    assert found(tree) == ({"child_repeats_parent": ["p"]} if is_fault else {})


def test_4_7_a_child_with_siblings_may_repeat_its_parent() -> None:
    rows = [node(f"p{at}", "programme_outcome", "ao", statement="Sasaran ao") for at in (1, 2)]
    assert found(small_tree(*rows, without=("p", "a")), "child_repeats_parent") == {}
    assert found(small_tree(rows[0], without=("p", "a")), "child_repeats_parent") == {"child_repeats_parent": ["p1"]}


def test_4_7_folding_keeps_letters_of_every_script_and_digits() -> None:
    assert folded("Énergi 5,0 – Ｋota!") == folded("énergi 50 kota")
    assert folded("kota 1") != folded("kota 2")


@pytest.mark.parametrize("said", [None, "", "   "])
def test_4_7_node_without_success_factor_where_the_level_needs_it(said: str | None) -> None:
    tree = with_indicators(indicator("iao"), fields={"success_factor": said})
    assert found(tree) == {"node_without_success_factor": ["ao"]}
    assert found(small_tree(node("a", "activity_output", "p", fields={}, indicators=(indicator("x"),)))) == {}


def test_4_7_annex_indicator_without_superior_is_a_row_no_level_above_carries() -> None:
    bare = small_tree(
        node("ao", "agency_objective", None, indicators=(indicator("iao"), indicator("chosen", superior="io")))
    )
    assert found(bare, "annex_indicator_without_superior") == {"annex_indicator_without_superior": ["iao"]}


def test_4_7_owner_vacant_names_nodes_and_indicators_whose_position_nobody_holds() -> None:
    tree = with_indicators(indicator("i1", owner="dinas.kabid"), indicator("i2"))
    facts = Facts(vacant=frozenset(("dinas.kabid", "dinas.programme_outcome")))
    assert found(tree, facts=facts) == {"owner_vacant": ["i1", "p"]}


@pytest.mark.parametrize(
    ("told", "before", "after", "is_fault"),
    [
        ({}, 10, 9, True),
        ({}, 10, 10, False),
        ({"direction": "lower"}, 10, 11, True),
        ({"direction": "lower"}, 10, 9, False),
        ({"unit": "sakip", "direction": "grade"}, "BB", "B", True),
        ({"unit": "sakip", "direction": "grade"}, "B", "BB", False),
    ],
)
def test_4_7_target_below_last_year_is_worse_in_the_direction_of_the_indicator(
    told: dict[str, str], before: Any, after: Any, is_fault: bool
) -> None:
    first, second = (one if isinstance(one, str) else Fraction(one) for one in (before, after))
    expected = {"target_below_last_year": ["i"]} if is_fault else {}
    planned = with_indicators(indicator("i", plan_targets={2025: first, 2026: second}, **told))
    assert found(planned) == expected
    reached = with_indicators(indicator("i", targets={"year": second}, **told))
    assert found(reached, facts=Facts(year=2026, last_year={"i": first})) == expected


def test_4_7_annex_differs_from_plan_in_wording_unit_or_target() -> None:
    tree = with_indicators(indicator("i", unit="percent", plan_targets={2025: Fraction(80)}))
    same = CarriedRow("PK/1", "i", "Indikator i", "percent", Fraction(80))
    for row, expected in (
        (same, {}),
        (replace(same, text="Indikator lain"), {"annex_differs_from_plan": ["i"]}),
        (replace(same, unit="number"), {"annex_differs_from_plan": ["i"]}),
        (replace(same, target=Fraction(75)), {"annex_differs_from_plan": ["i"]}),
        (replace(same, indicator="gone"), {}),
    ):
        assert found(tree, facts=Facts(year=2025, carried=(row,))) == expected


def test_4_7_same_wording_elsewhere_is_one_text_at_two_indicators_or_two_texts_at_one() -> None:
    twice = with_indicators(indicator("i1", name="Nilai AKIP"), indicator("i2", name="nilai akip."))
    assert found(twice) == {"same_wording_elsewhere": ["i1", "i2"]}
    two_texts = with_indicators(indicator("ip", name="Lain"))
    assert found(two_texts) == {"same_wording_elsewhere": ["ip"]}
    other_unit = small_tree(
        node("x", "agency_goal", "o", tree="bappeda", indicators=(indicator("y", name="Indikator iag"),))
    )
    assert found(other_unit, "same_wording_elsewhere") == {}


def test_4_7_depth_not_reached_is_a_branch_that_ends_above_the_watched_kind_of_owner() -> None:
    assert found(small_tree(without=("p", "a"))) == {"depth_not_reached": ["ao"]}
    assert found(small_tree(without=("a",))) == {}
    deeper = levels("parameters: {watched_depth: {default: 4}}")
    assert by_check(findings(deeper, small_tree(without=("a",)), MEASUREMENT)) == {"depth_not_reached": ["p"]}


@pytest.mark.parametrize(("state", "is_fault"), [(WAITING, True), (AGREED, False), (REFUSED, False)])
def test_4_7_crosscutting_unanswered_while_the_partner_was_asked(state: str, is_fault: bool) -> None:
    edges = [Edge("e", "crosscuts", "ao", "p", None, "bappeda", state), Edge("f", "contributes", "p", "ao")]
    expected = {"crosscutting_unanswered": ["ao"]} if is_fault else {}
    assert found(Tree(small_tree().nodes.values(), edges)) == expected


def test_4_7_a_level_nobody_knows_is_passed_over() -> None:
    assert found(small_tree(Node("strange", "no_such_level", parent="a"))) == {}


# -- size ------------------------------------------------------------------------------------------------------------


def _many(shape: str, count: int) -> list[Node]:
    parents = {
        "bush": lambda at: "p",
        "chain": lambda at: f"n{at - 1}" if at else "p",
        "circle": lambda at: f"n{(at or count) - 1}",
    }
    return [
        node(f"n{at}", "activity_output", parents[shape](at), indicators=(indicator(f"i{at}", weight=Fraction(100)),))
        for at in range(count)
    ]


@pytest.mark.parametrize("shape", ["bush", "chain", "circle"])
def test_8_twenty_thousand_nodes_of_any_shape_are_checked_within_a_second(shape: str) -> None:
    tree = small_tree(*_many(shape, 20_000))
    started = time.process_time()
    found = by_check(findings(LEVELS, tree, MEASUREMENT))
    assert time.process_time() - started < 1
    assert len(found.get("circle", ())) == (20_000 if shape == "circle" else 0)
    assert len(found.get("parent_of_wrong_level", ())) == {"bush": 0, "chain": 19_999, "circle": 20_000}[shape]


def test_8_five_thousand_children_are_numbered_and_found_below() -> None:
    tree = small_tree(*_many("bush", 5_000))
    assert tree.numbers()["n0"] == 2  # after the node "a", in the order of their keys
    assert len(tree.below(["p"])) == 5_001
    assert [one.key for one in tree.ancestors(tree.nodes["n7"])] == ["p", "ao", "ag", "o", "g", "m", "v"]
