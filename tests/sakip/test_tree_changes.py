"""The sentences of §4.3–§4.6 and §4.8: history, what a change breaks, the annex, copies, units that split and merge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from sakip.tree.annex import annex_differences, annex_rows, feeding_nodes
from sakip.tree.copying import into_period, into_year
from sakip.tree.history import Revision, Version, between, in_force, refusals, tree_on
from sakip.tree.impact import Impact, Programme, Surroundings, impact, touched_by
from sakip.tree.situation import CarriedRow
from sakip.tree.successions import MERGED, RENAMED, SPLIT, Succession, predecessors, succeed, trend
from sakip.tree.values import AGREED, REFUSED, WAITING, Edge, Tree
from tests.sakip.trees import indicator, levels, node, small_tree

LEVELS = levels()
BEGIN = date(2025, 1, 1)
START = tuple(Version(one, 1, BEGIN) for one in small_tree().nodes.values())


def revision(**more: object) -> Revision:
    return Revision("strategi", "Perbup 1/2025", **more)  # type: ignore[arg-type]


# -- §4.3 history ----------------------------------------------------------------------------------------------------


def test_4_3_in_force_a_revision_ends_the_old_rows_the_day_before() -> None:
    renamed = node("ao", "agency_objective", "ag", statement="Baru")
    versions = in_force(START, revision(changed={"ao": renamed}, ended=frozenset(("a",))), date(2025, 7, 1))
    of_ao = [one for one in versions if one.node.key == "ao"]
    assert [(one.revision, one.valid_from, one.valid_to, one.node.statement) for one in of_ao] == [
        (1, BEGIN, date(2025, 6, 30), "Sasaran ao"),
        (2, date(2025, 7, 1), None, "Baru"),
    ]
    assert [one.valid_to for one in versions if one.node.key == "a"] == [date(2025, 6, 30)]


def test_4_3_the_tree_of_any_past_day_can_be_shown() -> None:
    changed = revision(changed={"ao": node("ao", "agency_objective", "ag", statement="Baru")}, ended=frozenset(("a",)))
    versions = in_force(START, changed, date(2025, 7, 1))
    before = {one.key: one.statement for one in tree_on(versions, date(2025, 6, 30))}
    after = {one.key: one.statement for one in tree_on(versions, date(2025, 7, 1))}
    assert (before["ao"], "a" in before) == ("Sasaran ao", True)
    assert (after["ao"], "a" in after) == ("Baru", False)
    assert tree_on(versions, date(2024, 12, 31)) == ()


def test_4_3_a_draft_changes_nothing() -> None:
    kept = tuple(START)
    revision(changed={"ao": node("ao", "agency_objective", "ag", statement="Baru")})
    assert kept == START


def test_4_3_a_node_ended_and_taken_up_again_goes_on_counting_its_revisions() -> None:
    ended = in_force(START, revision(ended=frozenset(("a",))), date(2025, 7, 1))
    again = in_force(ended, revision(new={"a": small_tree().nodes["a"]}), date(2026, 1, 1))
    assert [one.revision for one in again if one.node.key == "a"] == [1, 2]
    assert "a" not in {one.key for one in tree_on(again, date(2025, 12, 31))}


@pytest.mark.parametrize(
    ("wrong", "on", "code"),
    [
        (revision(new={"ao": node("ao", "agency_objective")}), date(2025, 7, 1), "already_there"),
        (revision(changed={"x": node("x", "agency_objective")}), date(2025, 7, 1), "not_there"),
        (revision(ended=frozenset(("x",))), date(2025, 7, 1), "not_there"),
        (revision(ended=frozenset(("a",))), date(2024, 7, 1), "too_early"),
        (Revision("", "Perbup 1/2025"), date(2025, 7, 1), "reason_missing"),
        (Revision("strategi", " "), date(2025, 7, 1), "reason_missing"),
    ],
)
def test_4_3_a_revision_that_does_not_fit_is_refused_with_a_code(wrong: Revision, on: date, code: str) -> None:
    assert [one.code for one in refusals(START, wrong, on)] == [code]
    with pytest.raises(ValueError, match=code):
        in_force(START, wrong, on)


def test_4_3_two_sets_of_nodes_give_the_revision_between_them() -> None:
    after = small_tree(
        node("ao", "agency_objective", "ag", statement="Baru"), node("p2", "programme_outcome", "ao"), without=("a",)
    )
    found = between(small_tree().nodes.values(), after.nodes.values(), "strategi", "Perbup 1/2025")
    assert (set(found.new), set(found.changed), found.ended) == ({"p2"}, {"ao"}, frozenset(("a",)))


# -- §4.4 what breaks ------------------------------------------------------------------------------------------------

AROUND = Surroundings(
    agreements={"iao": ("PK/1",), "ip": ("PK/1", "PK/2"), "io": ("PK/0",)},
    open_reports={"ip": ("TW III",)},
    targets={"ia": ("2025", "2026")},
    figures={"iao": ("unit",)},
    programmes={
        "p": (Programme("2.16.02", "Informasi", Fraction(900)),),
        "a": (Programme("2.16.02", "Informasi", Fraction(900)),),
    },
)


def test_4_4_before_a_change_goes_in_force_its_effects_are_listed() -> None:
    edges = [
        Edge("e1", "crosscuts", "p", None, None, "bappeda", WAITING),
        Edge("e2", "crosscuts", "ao2", "ao", None, "dinas", AGREED),
        Edge("e3", "crosscuts", "p", None, None, "refused_one", REFUSED),
        Edge("e4", "contributes", "p", "ao"),
        Edge("e5", "crosscuts", "elsewhere", None, None, "bappeda", AGREED),
    ]
    tree = Tree([*small_tree().nodes.values(), node("ao2", "agency_objective", "o", tree="bkpsdm")], edges)
    found = impact(LEVELS, tree, ["ao"], AROUND)
    assert [one.key for one in found.nodes_below] == ["p", "a"]
    assert [one.key for one in found.indicators] == ["iao", "ip", "ia"]
    assert found.agreements == ("PK/1", "PK/2")
    assert (found.open_reports, found.targets, found.figures) == (("TW III",), ("2025", "2026"), ("unit",))
    assert found.partners == (("e1", "bappeda"), ("e2", "bkpsdm"))
    assert (len(found.programmes), found.budget) == (1, 900)
    assert not found.is_empty


def test_4_4_what_is_new_breaks_nothing() -> None:
    added = revision(new={"p2": node("p2", "programme_outcome", "ao")})
    assert touched_by(added) == frozenset()
    assert impact(LEVELS, small_tree(), touched_by(added), AROUND) == Impact(
        (), (), (), (), (), (), (), (), Fraction(0)
    )
    assert impact(LEVELS, small_tree(), ["no_such_node"], AROUND).is_empty


def test_4_4_a_change_of_parent_and_child_lists_what_is_below_both_once() -> None:
    both = revision(changed={"ao": node("ao", "agency_objective")}, ended=frozenset(("p",)))
    found = impact(LEVELS, small_tree(), touched_by(both), AROUND)
    assert ([one.key for one in found.nodes_below], [one.key for one in found.indicators]) == (
        ["a"],
        ["iao", "ip", "ia"],
    )


# -- §4.5, §4.6 annex ------------------------------------------------------------------------------------------------


def test_4_5_the_annex_takes_the_nodes_of_the_owners_levels_that_the_position_owns() -> None:
    planned = indicator(
        "ip", unit="percent", weight=Fraction(60), plan_targets={2025: Fraction(80), 2026: Fraction(85)}
    )
    tree = small_tree(
        node("p", "programme_outcome", "ao", owner="dinas.kabid_a", indicators=(planned, indicator("ip2"))),
        node("p2", "programme_outcome", "ao", owner="dinas.kabid_b", indicators=(indicator("x"),)),
    )
    rows = annex_rows(LEVELS, tree, "administrator", "dinas.kabid_a", 2025, {"ip": 3})
    assert [(one.node, one.indicator, one.revision, one.target) for one in rows] == [
        ("p", "ip", 3, 80),
        ("p", "ip2", 1, None),
    ]
    assert (rows[0].statement, rows[0].text, rows[0].unit, rows[0].weight) == (
        "Sasaran p",
        "Indikator ip",
        "percent",
        60,
    )
    assert rows[0].superiors == ("iao",)
    assert annex_rows(LEVELS, tree, "agency_head", "dinas.kabid_a", 2025) == ()
    assert annex_rows(LEVELS, tree, "no_such_owner", "dinas.kabid_a", 2025) == ()


def test_4_5_rows_stand_in_the_order_of_the_levels_then_of_the_tree() -> None:
    both = levels("annex: {agency_head: {levels: [agency_objective, agency_goal]}}")
    tree = small_tree(
        node("ag", "agency_goal", "o", owner="dinas.head", indicators=(indicator("iag"),)),
        node("ao", "agency_objective", "ag", place=2, owner="dinas.head", indicators=(indicator("second"),)),
        node("aa", "agency_objective", "ag", place=1, owner="dinas.head", indicators=(indicator("first"),)),
    )
    rows = annex_rows(both, tree, "agency_head", "dinas.head", 2025)
    assert [one.indicator for one in rows] == ["first", "second", "iag"]


def test_4_5_the_superiors_indicator_is_the_chosen_one_otherwise_those_of_the_next_agreement_above() -> None:
    tree = small_tree(
        node("ao", "agency_objective", "ag", indicators=(indicator("one"), indicator("two", superior="ig")))
    )
    rows = annex_rows(LEVELS, tree, "agency_head", "dinas.agency_objective", 2025)
    assert [one.superiors for one in rows] == [("io",), ("ig",)]


def test_4_5_a_difference_from_the_tree_is_shown() -> None:
    one = indicator("i", unit="percent", plan_targets={2025: Fraction(80)})
    row = CarriedRow("PK/1", "i", "Lain", "number", Fraction(70))
    assert annex_differences(row, one, 2025) == ("text", "unit", "target")
    assert annex_differences(row, one, None) == ("text", "unit")
    assert annex_differences(CarriedRow("PK/1", "i", "Indikator i", "percent", Fraction(80)), one, 2025) == ()


def test_4_6_a_position_whose_agreement_is_individual_feeds_no_unit_figure() -> None:
    tree = small_tree()
    feeding = feeding_nodes(tree, {"dinas.activity_output": "individual", "dinas.programme_outcome": "administrator"})
    assert {one.key for one in tree.nodes.values()} - {one.key for one in feeding} == {"a"}


# -- §4.8 copies -----------------------------------------------------------------------------------------------------


def test_4_8_copying_to_the_next_year_keeps_keys_and_takes_the_plans_target() -> None:
    plan = {2025: Fraction(80), 2026: Fraction(85)}
    one = indicator("iao", plan_targets=plan, targets={"year": Fraction(79), "q1": Fraction(20)})
    bare = indicator("bare", targets={"year": Fraction(1)})
    tree = small_tree(node("ao", "agency_objective", "ag", indicators=(one, bare)))
    copied = into_year(tree.nodes.values(), 2026)
    assert [each.key for each in copied.nodes] == list(tree.nodes)
    renewed = {each.key: each for each in copied.nodes}["ao"].indicators
    assert [each.key for each in renewed] == ["iao", "bare"]
    assert [each.targets for each in renewed] == [{"year": 85}, {}]
    assert renewed[0].plan_targets == plan


def test_4_8_copying_to_the_next_period_keeps_keys_and_starts_from_what_was_reached() -> None:
    following = levels("years: {from: 2030, to: 2034}", "levels: {activity_output: null}")
    one = indicator("iao", plan_targets={2029: Fraction(90), 2030: Fraction(91)}, baseline=Fraction(70))
    tree = small_tree(
        node("ao", "agency_objective", "ag", indicators=(one, indicator("other", baseline=Fraction(5)))),
        node("under", "programme_outcome", "a"),
    )
    copied = into_period(tree.nodes.values(), following, {"iao": Fraction(88)})
    renewed = {each.key: each for each in copied.nodes}["ao"].indicators
    assert (renewed[0].plan_targets, renewed[0].targets, renewed[0].baseline) == ({2030: 91}, {"year": 91}, 88)
    assert renewed[1].baseline == 5
    assert copied.left == ("a", "under")
    assert not {"a", "under"} & {each.key for each in copied.nodes}


# -- §4.8 units ------------------------------------------------------------------------------------------------------

SPLIT_2026 = Succession(SPLIT, ("dinas",), ("kominfo", "statistik"), date(2026, 1, 1))


def test_4_8_a_split_units_nodes_go_to_their_successors_with_what_hangs_under_them() -> None:
    tree = small_tree(node("p2", "programme_outcome", "ao", indicators=(indicator("x"),)))
    moved = succeed(tree.nodes.values(), SPLIT_2026, {"ag": "kominfo", "p2": "statistik"})
    assert {one.key: one.tree for one in moved} == {
        "ag": "kominfo", "ao": "kominfo", "p": "kominfo", "a": "kominfo", "p2": "statistik",
    }  # fmt: skip
    assert all(replace(one, tree="dinas") == tree.nodes[one.key] for one in moved)


def test_4_8_a_node_that_no_successor_takes_is_named() -> None:
    with pytest.raises(ValueError, match="nobody takes: ag, ao"):
        succeed(small_tree().nodes.values(), SPLIT_2026, {"p": "kominfo"})
    with pytest.raises(ValueError, match="no successor: bappeda"):
        succeed(small_tree().nodes.values(), SPLIT_2026, {"ag": "bappeda"})


def test_4_8_merged_and_renamed_units_hand_over_everything() -> None:
    merged = Succession(MERGED, ("dinas", "persandian"), ("kominfo",), date(2026, 1, 1))
    tree = small_tree(node("other", "agency_goal", "o", tree="persandian"))
    moved = succeed(tree.nodes.values(), merged, {})
    assert {one.key for one in moved} == {"ag", "ao", "p", "a", "other"}
    assert {one.tree for one in moved} == {"kominfo"}


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (SPLIT, ("a",), ("b",)),
        (SPLIT, ("a", "b"), ("c", "d")),
        (MERGED, ("a",), ("b",)),
        (MERGED, ("a", "b"), ("c", "d")),
        (RENAMED, ("a",), ("b", "c")),
        ("closed", ("a",), ()),
    ],
)
def test_4_8_one_is_split_several_are_merged_into_one_and_one_is_renamed(
    kind: str, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError, match=kind):
        Succession(kind, before, after, date(2026, 1, 1))


def test_4_8_a_successor_names_its_predecessors_nearest_first() -> None:
    merged = Succession(MERGED, ("infokom", "sandi"), ("dinas",), date(2023, 6, 1))
    assert predecessors("statistik", [merged, SPLIT_2026]) == ("dinas", "infokom", "sandi")
    assert predecessors("dinas", [merged, SPLIT_2026]) == ("infokom", "sandi")
    assert predecessors("bappeda", [merged, SPLIT_2026]) == ()


def test_4_8_a_trend_shows_the_break_and_whose_numbers_stand_for_each_year() -> None:
    merged = Succession(MERGED, ("infokom", "sandi"), ("dinas",), date(2023, 6, 1))
    found = trend("statistik", [2022, 2023, 2024, 2025, 2026], [merged, SPLIT_2026])
    assert [(one.year, one.units, one.is_break) for one in found] == [
        (2022, ("infokom", "sandi"), False),
        (2023, ("dinas",), True),
        (2024, ("dinas",), False),
        (2025, ("dinas",), False),
        (2026, ("statistik",), True),
    ]
    assert found[1].breaks == (merged,)


def test_4_8_units_named_in_a_round_end() -> None:
    there = Succession(RENAMED, ("a",), ("b",), date(2024, 1, 1))
    back = Succession(RENAMED, ("b",), ("a",), date(2025, 1, 1))
    assert predecessors("a", [there, back]) == ("b",)
    assert [one.units for one in trend("a", [2023, 2024, 2025], [there, back])] == [("a",), ("b",), ("a",)]
