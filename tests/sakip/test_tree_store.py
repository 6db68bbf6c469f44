"""The tree in the store: every past day, revisions by date, what keeps one back (reference §4.1–§4.3, §4.9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.organisation.models import Position, Region, Unit
from sakip.tree.history import ALREADY_THERE, NOT_THERE, REASON_MISSING, TOO_EARLY, Refusal, Revision
from sakip.tree.models import EdgeRow, IndicatorRow, NodeRow, TreeRevision
from sakip.tree.revising import UNKNOWN_OWNER, UNKNOWN_TREE, apply_revision
from sakip.tree.rows import edge_key
from sakip.tree.store import nodes_on, revision_numbers, revision_on, tree_of_position, tree_on, whole_tree_on
from sakip.tree.values import Edge, Node, Tree
from sakip.values import Milestones, Range
from tests.factories import a_position, a_region, a_unit
from tests.sakip.trees import indicator, node

JANUARY, JUNE, LATER = date(2025, 1, 1), date(2025, 6, 1), date(2026, 1, 1)


@dataclass
class Forest:
    """A region with its own tree and a tree of one agency, both in force since January."""

    session: Session
    now: datetime
    region: Region
    agency: Unit
    head: Position

    def apply(self, unit: Unit | None, on: date, **changes: Any) -> TreeRevision | tuple[Refusal, ...]:
        act, across = changes.pop("act", None), changes.pop("across", False)
        kinds = changes.pop("agreed_kinds", ("crosscuts",))
        changes = {
            name: {one.key: one for one in given} if name in ("new", "changed", "edges", "edges_ended") else given
            for name, given in changes.items()
        }
        changes.setdefault("reason", "RPJMD ditetapkan")
        changes.setdefault("legal_basis", "Perda 3/2025")
        return apply_revision(
            self.session, self.region.id, unit and unit.id, Revision(**changes), on, self.now, act=act, across=across,
            agreed_kinds=kinds,
        )  # fmt: skip

    def on(self, day: date, unit: Unit | None = None) -> Tree:
        return tree_on(self.session, self.region.id, unit and unit.id, day)

    def own(self, key: str, level: str, parent: str | None = None, **more: Any) -> Node:
        return node(key, level, parent, **{"tree": self.agency.key, "owner": str(self.head.id), **more})


def regional(key: str, level: str, parent: str | None = None, **more: Any) -> Node:
    return node(key, level, parent, owner=None, **more)


@pytest.fixture
def forest(session: Session, now: datetime) -> Forest:
    region = a_region(session)
    top = a_unit(session, region, "region", key="pemkab")
    agency = a_unit(session, region, "agency", top, key="dinas")
    found = Forest(session, now, region, agency, a_position(session, agency))
    first = found.apply(
        None, JANUARY,
        new=[
            regional("v", "vision"), regional("m", "mission", "v"),
            regional("g", "goal", "m", indicators=(indicator("ig"),)),
            regional("o", "objective", "g", indicators=(indicator("io", plan_targets={2025: Fraction(60)}),)),
        ],
    )  # fmt: skip
    second = found.apply(
        agency, JANUARY,
        new=[
            found.own("ag", "agency_goal", "o", indicators=(indicator("iag"),)),
            found.own("ao", "agency_objective", "ag", indicators=(indicator("iao", weight=Fraction(1, 3)),)),
        ],
    )  # fmt: skip
    assert isinstance(first, TreeRevision) and isinstance(second, TreeRevision)
    return found


def codes(outcome: TreeRevision | tuple[Refusal, ...]) -> dict[str, tuple[str, ...]]:
    assert not isinstance(outcome, TreeRevision)
    return {one.code: one.keys for one in outcome}


def test_4_1_a_node_comes_back_from_the_store_as_it_went_in(forest: Forest) -> None:
    whole = indicator(
        "full", definition="Apa", formula="a/b", unit="index", direction="higher", consolidation="sum", basis="year",
        periods="quarterly", due_in=("q2", "q4"), frequency="triwulan", source="BPS", owner=str(forest.head.id),
        verifier=str(forest.head.id), baseline=Fraction("59.5"), plan_targets={2025: Fraction(60), 2026: Fraction(61)},
        targets={"q2": Fraction(30), "q4": Fraction(1, 3), "year": Fraction(60)}, weight=Fraction("33.3"), is_key=True,
        is_published=True, superior="io",
    )  # fmt: skip
    ranged = indicator("ranged", targets={"year": Range(Fraction(60), Fraction(70))}, baseline="BB")
    new = forest.own(
        "p", "programme_outcome", "ao", place=30, result_kind="immediate_outcome", indicators=(whole, ranged),
        fields={"success_factor": "Akses", "crosscutting": True},
    )  # fmt: skip
    forest.apply(forest.agency, JUNE, new=[new])
    assert forest.on(JUNE, forest.agency).nodes["p"] == new


def test_4_2_milestones_and_their_weights_come_back_too(forest: Forest) -> None:
    steps = Milestones({"lelang": Fraction(30), "kontrak": Fraction(70)})
    forest.apply(
        None, JUNE, changed=[regional("o", "objective", "g", indicators=(indicator("io", targets={"year": steps}),))]
    )
    (back,) = forest.on(JUNE).nodes["o"].indicators
    target = back.targets["year"]
    assert isinstance(target, Milestones)
    assert target.weights == steps.weights


def test_4_1_a_units_tree_shows_what_it_hangs_under_and_the_regions_shows_no_units_nodes(forest: Forest) -> None:
    assert set(forest.on(JANUARY).nodes) == {"v", "m", "g", "o"}
    own = forest.on(JANUARY, forest.agency)
    assert set(own.nodes) == {"v", "m", "g", "o", "ag", "ao"}
    assert [one.key for one in own.nodes.values() if one.tree == "dinas"] == ["ag", "ao"]
    assert set(whole_tree_on(forest.session, forest.region.id, JANUARY).nodes) == set(own.nodes)


def test_4_3_a_revision_ends_the_old_rows_the_day_before_and_any_past_day_can_be_shown(forest: Forest) -> None:
    old = forest.on(JANUARY).nodes["o"]
    changed = replace(old, statement="Sasaran baru")
    revision = forest.apply(None, JUNE, changed=[changed], reason="Perubahan RPJMD")
    assert isinstance(revision, TreeRevision)
    assert (revision.number, revision.reason, revision.in_force_on) == (2, "Perubahan RPJMD", JUNE)
    assert forest.on(date(2025, 5, 31)).nodes["o"] == old
    assert forest.on(JUNE).nodes["o"] == changed
    rows = forest.session.execute(
        select(NodeRow.valid_from, NodeRow.valid_to).where(NodeRow.key == "o").order_by(NodeRow.id)
    ).all()
    assert [tuple(row) for row in rows] == [(JANUARY, date(2025, 5, 31)), (JUNE, None)]
    assert "o" not in forest.on(date(2024, 12, 31)).nodes
    assert revision_on(forest.session, forest.region.id, None, date(2025, 5, 31)).number == 1  # type: ignore[union-attr]
    assert revision_on(forest.session, forest.region.id, None, JUNE).number == 2  # type: ignore[union-attr]


def test_4_3_an_ended_node_takes_its_indicators_and_edges_along(forest: Forest) -> None:
    edge = Edge("e", "crosscuts", "ao", "o", partner="dinas")
    forest.apply(forest.agency, JUNE, edges=[replace(edge, key=edge_key("crosscuts", "ao", "o"))])
    assert [one.kind for one in forest.on(JUNE, forest.agency).edges] == ["crosscuts"]
    forest.apply(forest.agency, LATER, ended=frozenset({"ao"}))
    after = forest.on(LATER, forest.agency)
    assert "ao" not in after.nodes
    assert after.edges == ()
    assert {one.key for _node, one in after.indicators()} == {"ig", "io", "iag"}
    assert "ao" in forest.on(date(2025, 12, 31), forest.agency).nodes
    assert len(forest.on(date(2025, 12, 31), forest.agency).edges) == 1


def test_4_3_what_did_not_change_keeps_the_revision_it_came_with(forest: Forest) -> None:
    old = forest.on(JANUARY, forest.agency).nodes["ao"]
    more = replace(old, indicators=(*old.indicators, indicator("baru")))
    forest.apply(forest.agency, JUNE, changed=[more])
    assert revision_numbers(forest.session, forest.region.id, ["iao", "baru", "?"], JUNE) == {"iao": 1, "baru": 2}
    kept = forest.session.scalars(select(NodeRow).where(NodeRow.key == "ao")).all()
    assert [(row.valid_from, row.valid_to) for row in kept] == [(JANUARY, None)]  # of the node itself nothing changed
    assert forest.on(JUNE, forest.agency).nodes["ao"] == more


def test_4_3_an_indicator_may_move_to_another_node_and_keeps_its_key(forest: Forest) -> None:
    tree = forest.on(JANUARY, forest.agency)
    goal, objective = tree.nodes["ag"], tree.nodes["ao"]
    moved = [replace(goal, indicators=(*goal.indicators, *objective.indicators)), replace(objective, indicators=())]
    forest.apply(forest.agency, JUNE, changed=moved)
    after = forest.on(JUNE, forest.agency)
    assert [one.key for one in after.nodes["ag"].indicators] == ["iag", "iao"]
    assert after.nodes["ao"].indicators == ()
    assert forest.on(JANUARY, forest.agency).nodes["ao"] == objective


def test_4_3_a_revision_of_one_act_is_written_once(forest: Forest) -> None:
    new = [forest.own("p", "programme_outcome", "ao")]
    first = forest.apply(forest.agency, JUNE, new=new, act=(77, 5))
    rows = forest.session.scalar(select(func.count()).select_from(NodeRow))
    assert forest.apply(forest.agency, JUNE, new=new, act=(77, 5)) is first
    assert forest.session.scalar(select(func.count()).select_from(NodeRow)) == rows
    assert codes(forest.apply(forest.agency, JUNE, new=new, act=(77, 9))) == {ALREADY_THERE: ("p",)}


def test_4_3_a_revision_is_kept_back_with_its_reasons_and_then_nothing_is_written(forest: Forest) -> None:
    before = forest.session.scalar(select(func.count()).select_from(TreeRevision))
    refused = forest.apply(
        forest.agency, date(2024, 12, 1), reason=" ",
        new=[forest.own("ag", "agency_goal", "o"), forest.own("x", "agency_goal", "o", tree="nowhere")],
        changed=[forest.own("ao", "agency_objective", "ag", owner="999999"), forest.own("?", "agency_goal", "o")],
    )  # fmt: skip
    assert codes(refused) == {
        REASON_MISSING: ("revision",), ALREADY_THERE: ("ag",), NOT_THERE: ("?",), TOO_EARLY: ("ao",),
        UNKNOWN_TREE: ("x",), UNKNOWN_OWNER: ("ao",),
    }  # fmt: skip
    assert forest.session.scalar(select(func.count()).select_from(TreeRevision)) == before


def test_4_3_a_key_that_ended_comes_back_only_after_its_last_day(forest: Forest) -> None:
    forest.apply(forest.agency, JUNE, ended=frozenset({"ao"}))
    again = forest.own("ao", "agency_objective", "ag")
    assert codes(forest.apply(forest.agency, date(2025, 5, 31), new=[again])) == {TOO_EARLY: ("ao",)}
    assert isinstance(forest.apply(forest.agency, LATER, new=[again]), TreeRevision)


def test_4_3_nobody_revises_the_tree_of_another_unit(forest: Forest) -> None:
    other = a_unit(forest.session, forest.region, "agency", key="lain")
    stolen = forest.on(JANUARY, forest.agency).nodes["ao"]
    assert codes(forest.apply(other, JUNE, ended=frozenset({"ao"}))) == {NOT_THERE: ("ao",)}
    assert codes(forest.apply(other, JUNE, changed=[replace(stolen, tree="lain")])) == {NOT_THERE: ("ao",)}
    taken = forest.own("n", "agency_goal", "o", tree="lain", indicators=(indicator("iao"),))
    assert codes(forest.apply(other, JUNE, new=[taken])) == {ALREADY_THERE: ("iao",)}


def test_everything_of_one_region_is_not_there_for_another(forest: Forest) -> None:
    other = a_region(forest.session)
    assert tree_on(forest.session, other.id, forest.agency.id, JANUARY).nodes == {}
    assert whole_tree_on(forest.session, other.id, JANUARY).nodes == {}
    assert nodes_on(forest.session, other.id, ["ag"], JANUARY) == {}
    assert tree_of_position(forest.session, other.id, forest.head.id, JANUARY).nodes == {}
    assert revision_numbers(forest.session, other.id, ["iao"], JANUARY) == {}
    their_unit = a_unit(forest.session, other, "agency")
    same_keys = apply_revision(
        forest.session, other.id, their_unit.id,
        Revision("Baru", "Perda", {"ao": node("ao", "agency_objective", tree=their_unit.key, owner=None)}), JANUARY,
        forest.now,
    )  # fmt: skip
    assert isinstance(same_keys, TreeRevision)
    foreign = apply_revision(
        forest.session, other.id, their_unit.id,
        Revision("Baru", "Perda", {"x": node("x", "agency_goal", tree=their_unit.key, owner=str(forest.head.id))}),
        JANUARY, forest.now,
    )  # fmt: skip
    assert codes(foreign) == {UNKNOWN_OWNER: ("x",)}


def test_the_tree_of_a_position_is_that_of_its_unit_and_of_those_above(forest: Forest) -> None:
    section = a_unit(forest.session, forest.region, "section", forest.agency)
    sibling = a_unit(forest.session, forest.region, "agency")
    seat = a_position(forest.session, section)
    assert set(tree_of_position(forest.session, forest.region.id, seat.id, JUNE).nodes) == {
        "v",
        "m",
        "g",
        "o",
        "ag",
        "ao",
    }
    stranger = a_position(forest.session, sibling)
    assert set(tree_of_position(forest.session, forest.region.id, stranger.id, JUNE).nodes) == {"v", "m", "g", "o"}


def test_4_9_an_edge_that_a_partner_agrees_to_waits_and_another_counts_at_once(forest: Forest) -> None:
    forest.apply(
        forest.agency, JUNE,
        edges=[
            Edge(edge_key("crosscuts", "ao", "o"), "crosscuts", "ao", "o", partner="dinas"),
            Edge(edge_key("contributes", "ao", "o"), "contributes", "ao", "o", Fraction(40)),
            Edge(edge_key("crosscuts", "ao", None, "BPS"), "crosscuts", "ao", None, partner="BPS"),
        ],
    )  # fmt: skip
    tree = forest.on(JUNE, forest.agency)
    assert {edge.kind: edge.weight for edge in tree.counting_edges({"crosscuts"})} == {"contributes": Fraction(40)}
    assert {(edge.end, edge.partner, edge.state) for edge in tree.edges if edge.kind == "crosscuts"} == {
        ("o", "dinas", "waiting"), (None, "BPS", "waiting"),
    }  # fmt: skip
    assert tree.nodes["ao"].parent == "ag"


def test_4_9_an_edge_changed_by_weight_alone_keeps_its_answer(forest: Forest) -> None:
    edge = Edge(edge_key("crosscuts", "ao", "o"), "crosscuts", "ao", "o", Fraction(10), partner="dinas")
    forest.apply(forest.agency, JUNE, edges=[edge])
    row = forest.session.scalars(select(EdgeRow)).one()
    row.state, row.case_id = "agreed", 5
    forest.apply(forest.agency, LATER, edges=[replace(edge, weight=Fraction(20))])
    (now,) = forest.on(LATER, forest.agency).edges
    assert (now.weight, now.state) == (Fraction(20), "agreed")
    (before,) = forest.on(JUNE, forest.agency).edges
    assert before.weight == Fraction(10)
    forest.apply(forest.agency, date(2026, 2, 1), edges_ended=[edge])
    assert forest.on(date(2026, 2, 1), forest.agency).edges == ()


def test_4_8_copying_into_the_next_year_keeps_every_key(forest: Forest) -> None:
    keys = {row.key for row in forest.session.scalars(select(IndicatorRow))}
    old = forest.on(JANUARY).nodes["o"]
    now = replace(old, indicators=tuple(replace(one, targets={"year": Fraction(61)}) for one in old.indicators))
    forest.apply(None, LATER, changed=[now])
    assert {row.key for row in forest.session.scalars(select(IndicatorRow))} == keys
    assert forest.on(date(2025, 12, 31)).nodes["o"].indicators[0].targets == {}
    assert forest.on(LATER).nodes["o"].indicators[0].targets == {"year": Fraction(61)}
