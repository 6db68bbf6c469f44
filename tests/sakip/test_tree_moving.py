"""Units that are split, merged or renamed in the store (reference §4.8)."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from sakip.tree.history import REASON_MISSING, Refusal, Revision
from sakip.tree.models import TreeRevision, UnitSuccession
from sakip.tree.moving import NOT_POSSIBLE, UNKNOWN_UNIT, succeed_units, successions_of, trend_of
from sakip.tree.revising import apply_revision
from sakip.tree.store import tree_on
from sakip.tree.successions import MERGED, RENAMED, SPLIT, Succession
from sakip.tree.values import Edge
from tests.factories import a_region, a_unit
from tests.sakip.trees import indicator, node

BEGAN, ON = date(2025, 1, 1), date(2026, 1, 1)


class World:
    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now, self.region = session, now, a_region(session)
        self.units = {key: a_unit(session, self.region, "agency", key=key).id for key in ("old", "one", "two")}
        nodes = [
            node("a", "agency_goal", tree="old", owner=None, indicators=(indicator("ia"),)),
            node("b", "agency_objective", "a", tree="old", owner=None, indicators=(indicator("ib"),)),
            node("c", "agency_goal", tree="old", owner=None),
        ]
        given = Revision("Awal", "Perda", {one.key: one for one in nodes})
        apply_revision(session, self.region.id, self.units["old"], given, BEGAN, now)

    def succeed(self, kind: str, before: tuple[str, ...], after: tuple[str, ...], chosen=None, basis: str = "Perda 1"):
        one = Succession(kind, before, after, ON, basis)
        return succeed_units(self.session, self.region.id, one, chosen or {}, "Penataan", self.now)

    def own(self, unit: str, day: date) -> list[str]:
        tree = tree_on(self.session, self.region.id, self.units[unit], day)
        return [key for key, one in tree.nodes.items() if one.tree == unit]


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now)


def test_4_8_a_split_unit_keeps_its_history_and_its_nodes_go_on_under_their_keys(world: World) -> None:
    written = world.succeed(SPLIT, ("old",), ("one", "two"), {"a": "one", "c": "two"})
    assert [type(one) for one in written] == [TreeRevision, TreeRevision]
    assert (world.own("old", date(2025, 12, 31)), world.own("old", ON)) == (["a", "b", "c"], [])
    assert (world.own("one", ON), world.own("two", ON)) == (["a", "b"], ["c"])
    after = tree_on(world.session, world.region.id, world.units["one"], ON)
    assert [one.key for _node, one in after.indicators()] == ["ia", "ib"]
    (succession,) = successions_of(world.session, world.region.id)
    assert (succession.kind, succession.predecessors, set(succession.successors)) == (SPLIT, ("old",), {"one", "two"})


def test_4_8_a_trend_shows_the_break(world: World) -> None:
    world.succeed(RENAMED, ("old",), ("one",))
    years = trend_of(world.session, world.region.id, "one", [2025, 2026])
    assert [(one.year, one.units, one.is_break) for one in years] == [(2025, ("old",), False), (2026, ("one",), True)]


def test_4_8_merged_units_share_one_tree(world: World) -> None:
    other = node("d", "agency_goal", tree="two", owner=None)
    apply_revision(
        world.session, world.region.id, world.units["two"], Revision("a", "b", {"d": other}), BEGAN, world.now
    )
    world.succeed(MERGED, ("old", "two"), ("one",))
    assert sorted(world.own("one", ON)) == ["a", "b", "c", "d"]
    (succession,) = successions_of(world.session, world.region.id)
    assert set(succession.predecessors) == {"old", "two"}


def test_4_8_a_unit_names_each_it_came_from_once_and_its_trend_stays_readable(world: World) -> None:
    world.succeed(RENAMED, ("old",), ("one",))
    for unit, key in (("old", "e"), ("two", "f")):
        own = Revision("Lagi", "Perda", {key: node(key, "agency_goal", tree=unit, owner=None)})
        apply_revision(world.session, world.region.id, world.units[unit], own, ON, world.now)
    assert world.succeed(MERGED, ("old", "two"), ("one",)) == (Refusal("succeeded_already", ("old",)),)
    row = UnitSuccession(region_id=world.region.id, unit_id=world.units["one"], predecessor_id=world.units["two"])
    row.kind, row.on_date = MERGED, date(2027, 1, 1)  # as it was remembered before that was refused
    world.session.add(row)
    assert [one.kind for one in successions_of(world.session, world.region.id)] == [RENAMED, RENAMED]


def test_4_8_what_cannot_be_is_refused_and_nothing_is_written(world: World) -> None:
    assert world.succeed(SPLIT, ("old",), ("one", "two"), {"a": "one"})[0].code == NOT_POSSIBLE
    assert world.succeed(RENAMED, ("old",), ("nowhere",))[0].code == UNKNOWN_UNIT
    assert world.succeed(RENAMED, ("old",), ("one",), basis=" ")[0].code == REASON_MISSING
    assert world.own("old", ON) == ["a", "b", "c"]
    assert world.session.scalars(select(UnitSuccession)).all() == []


def test_4_8_units_of_another_region_are_not_there(world: World) -> None:
    stranger = a_region(world.session)
    given = Succession(RENAMED, ("old",), ("one",), ON, "Perda 1")
    refused = succeed_units(world.session, stranger.id, given, {}, "Penataan", world.now)
    assert (refused[0].code, refused[0].keys) == (UNKNOWN_UNIT, ("old", "one"))  # type: ignore[union-attr]


def test_4_8_links_of_others_go_on_with_the_successor_and_stay_agreed(world: World) -> None:
    other = node("d", "agency_objective", tree="two", owner=None)
    link = Edge("crosscuts:d:b", "crosscuts", "d", "b", Fraction(40), "old")
    given = Revision("a", "b", {"d": other}, edges={link.key: link})
    apply_revision(world.session, world.region.id, world.units["two"], given, BEGAN, world.now)
    world.succeed(RENAMED, ("old",), ("one",))
    for day, partner in ((date(2025, 12, 31), "old"), (ON, "one")):
        (edge,) = tree_on(world.session, world.region.id, world.units["two"], day).edges
        assert (edge.partner, edge.state, edge.weight) == (partner, "agreed", 40), day
