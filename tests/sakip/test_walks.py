"""Random walks: trees, targets, values, units and publications in any order, and what has to hold wherever they end.

Every walk can be walked again by its seed. What computing everything from nothing would change is nothing but what was
published; a figure is a number or a reason; a goal is the mean of what stands under it, worked out here once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.organisation.models import Unit
from sakip.configuration.measurement import Measurement
from sakip.facts.following import after_revisions
from sakip.facts.models import ResultRow
from sakip.facts.rebuild import rebuild
from sakip.facts.results import freeze, recompute
from sakip.spans import span_day
from sakip.standing import configuration_of
from sakip.tree.history import Revision
from sakip.tree.models import IndicatorRow, TreeRevision
from sakip.tree.moving import succeed_units
from sakip.tree.revising import apply_revision
from sakip.tree.store import tree_on
from sakip.tree.successions import MERGED, RENAMED, SPLIT, Succession
from sakip.tree.values import Indicator, Node
from sakip.values import NOT_ISSUED
from tests.factories import a_unit
from tests.sakip.measured import YEAR, Measured, a_measured_region

STEPS, LOOK = 30, 10
DAYS = (date(YEAR, 1, 1), date(YEAR, 3, 15), date(YEAR, 7, 1), date(YEAR + 1, 1, 1))
QUARTERS = ("q1", "q2", "q3", "q4")
NUMBERS = tuple(Fraction(one) for one in (0, 1, 8, 10, 25, 100))


class Walk:
    """A region with three agencies; each step is one thing that may happen to it."""

    def __init__(self, year: Measured, now: datetime, seed: int) -> None:
        self.year, self.now, self.random = year, now, Random(seed)
        self.session, self.region = year.session, year.region.id
        more = (a_unit(self.session, year.region, "agency", year.top) for _ in range(2))
        self.units = {one.key: one for one in (year.agency, *more)}
        self.made = 0
        self.published: dict[int, dict[str, Any]] = {}

    def step(self) -> None:
        self.now += timedelta(hours=self.random.choice((1, 30)))
        steps = (self.grow, self.alter, self.move, self.end, self.aim, self.fill, self.fill, self.change_units)
        self.random.choice(steps)()
        if self.random.random() < 0.05:
            unit = self.random.choice([*self.units.values()])
            freeze(self.session, self.region, unit.id, YEAR, self.now)

    def key(self, prefix: str) -> str:
        self.made += 1
        return f"{prefix}{self.made}"

    def an_indicator(self, key: str) -> Indicator:
        given = self.random.choice
        return Indicator(
            key, f"Indikator {key}", unit="number", direction=given(("higher", "lower", "near")),
            consolidation=given((None, "sum", "average")), due_in=given((None, ("q2", "q4"))),
            periods=given((None, None, None, "semester")), plan_targets={YEAR: given(NUMBERS)},
            targets={period: given(NUMBERS) for period in QUARTERS if given((True, False))},
        )  # fmt: skip

    def nodes(self, unit: Unit, on: date) -> list[Node]:
        found = tree_on(self.session, self.region, unit.id, on).nodes.values()
        return [one for one in found if one.tree == unit.key]

    def revise(self, unit: Unit, on: date, **changes: Any) -> None:
        revision = Revision("Uji", "Uji", **changes)
        made = apply_revision(self.session, self.region, unit.id, revision, on, self.now)
        if isinstance(made, TreeRevision):
            after_revisions(self.session, [made], self.now)

    def place(self) -> tuple[Unit, date, list[Node]]:
        unit, on = self.random.choice([*self.units.values()]), self.random.choice(DAYS)
        return unit, on, self.nodes(unit, on)

    def grow(self) -> None:
        unit, on, _ = self.place()
        some = tuple(self.an_indicator(self.key("i")) for _ in range(self.random.choice((1, 2))))
        node = Node(self.key("n"), "agency_goal", unit.key, statement="Sasaran", indicators=some)
        self.revise(unit, on, new={node.key: node})

    def alter(self) -> None:
        unit, on, nodes = self.place()
        for node in self.random.sample(nodes, min(1, len(nodes))):
            other = [self.an_indicator(one.key) for one in node.indicators]
            changed = Node(node.key, node.level, node.tree, statement="Lain", indicators=tuple(other))
            self.revise(unit, on, changed={node.key: changed})

    def move(self) -> None:
        unit, on, nodes = self.place()
        if len(nodes) > 1:
            one, other = self.random.sample(nodes, 2)
            pair = (
                Node(one.key, one.level, one.tree, statement="Satu", indicators=one.indicators[1:]),
                Node(other.key, one.level, one.tree, statement="Dua", indicators=other.indicators + one.indicators[:1]),
            )
            self.revise(unit, on, changed={node.key: node for node in pair})

    def end(self) -> None:
        unit, on, nodes = self.place()
        if nodes:
            self.revise(unit, on, ended=frozenset({self.random.choice(nodes).key}))

    def some_indicators(self) -> list[str]:
        keys = self.session.scalars(select(IndicatorRow.key).where(IndicatorRow.region_id == self.region).distinct())
        found = sorted(keys)
        return self.random.sample(found, min(2, len(found)))

    def aim(self) -> None:
        keys = self.some_indicators()
        for key in keys:
            aimed = {self.random.choice((*QUARTERS, "year")): self.random.choice((None, *NUMBERS))}
            self.year.aim(key, self.random.choice(DAYS[:3]), **aimed)
        recompute(self.session, self.region, keys, YEAR, self.now)

    def fill(self) -> None:
        keys = self.some_indicators()
        values = {key: self.random.choice((NOT_ISSUED, *NUMBERS)) for key in keys}
        self.year.fill(self.now, self.random.choice(QUARTERS), values, self.random.choice(("reported", "verified")))
        recompute(self.session, self.region, keys, YEAR, self.now)

    def change_units(self) -> None:
        one, two, three = self.random.sample([*self.units], 3)
        on = self.random.choice(DAYS)
        kind, before, after = self.random.choice(
            ((RENAMED, (one,), (two,)), (MERGED, (one, two), (three,)), (SPLIT, (one,), (two, three)))
        )
        tops = {node.key: self.random.choice(after) for node in self.nodes(self.units[one], on)}
        savepoint = self.session.begin_nested()
        made = succeed_units(
            self.session, self.region, Succession(kind, before, after, on, "Perda"), tops, "Uji", self.now
        )
        if isinstance(made, list) and made:
            after_revisions(self.session, made, self.now)
            savepoint.commit()
        else:
            savepoint.rollback()

    def look(self) -> None:
        """What has to hold now."""
        self.session.expire_all()
        rows = self.session.scalars(select(ResultRow).where(ResultRow.region_id == self.region)).all()
        assert [row.subject for row in rows if (row.reason is None) == (row.numerator is None)] == []
        kept = {row.id: _columns(row) for row in rows if row.frozen_at is not None}
        assert self.published.items() <= kept.items()
        self.published = kept
        frozen = {(row.subject_kind, row.subject, row.year, row.span) for row in rows if row.frozen_at is not None}
        for one in rebuild(self.session, self.region, self.now, is_check=True).different:
            place = tuple(one.row[name] for name in ("subject_kind", "subject", "year", "span"))
            assert place in frozen, one.plain()
        assert list(self.wrong_means(rows)) == []

    def wrong_means(self, rows: Any) -> Iterator[tuple[str, str]]:
        """Goals whose number is not the mean of what stands under them on the last day, none counted below zero."""
        rules = configuration_of(self.session, self.region).measurement(YEAR)
        assert rules is not None
        loose = [row for row in rows if row.frozen_at is None and row.year == YEAR]
        numbers = {(row.subject, row.span): row for row in loose if row.subject_kind == "indicator"}
        for row in loose:
            if row.subject_kind == "node" and row.numerator is not None:
                under = [numbers.get((key, row.span)) for key in self.under(row.subject, _ends(rules, row.span))]
                values = [max(Fraction(0), _raw(one)) for one in under if one is not None and one.numerator is not None]
                if sum(values, Fraction(0)) != len(values) * _raw(row):
                    yield row.subject, row.span

    def under(self, node: str, day: date) -> set[str]:
        """The indicators of a node on a day."""
        versions = select(IndicatorRow).where(IndicatorRow.region_id == self.region, IndicatorRow.valid_from <= day)
        standing = {one.key: one for one in self.session.scalars(versions) if (one.valid_to or day) >= day}
        return {key for key, one in standing.items() if one.node_key == node}


def _columns(row: ResultRow) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in ResultRow.__table__.columns}


def _ends(rules: Measurement, span: str) -> date:
    found = span_day(rules, None, span, YEAR)
    assert found is not None
    return found


def _raw(row: ResultRow) -> Fraction:
    return Fraction(row.details.get("raw") or f"{row.numerator}/{row.denominator}")


@pytest.mark.parametrize("seed", [1, 4])
def test_wherever_a_walk_ends_computing_from_nothing_changes_what_was_published_alone(
    session: Session, now: datetime, seed: int
) -> None:
    walk = Walk(a_measured_region(session, now), now, seed)
    for number in range(1, STEPS + 1):
        walk.step()
        if number % LOOK == 0:
            walk.look()
