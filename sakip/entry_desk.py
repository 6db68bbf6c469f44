"""A measurement report as somebody fills it in: every due row with what stands beside it (reference §13.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.organisation.snapshot import UnitRow, organisation
from sakip.configuration.measurement import GRADE, Measurement, Period, Unit
from sakip.facts.due import DuePeriod, DueRow
from sakip.facts.realisations import realisations
from sakip.facts.reports import row_result, row_value
from sakip.facts.targets import targets_on
from sakip.how import in_words
from sakip.judged import Achievement, Result
from sakip.measure import Reported
from sakip.plan import plan
from sakip.reasons import Reason
from sakip.tree.store import nodes_on
from sakip.unsettled import unsettled_of_methods
from sakip.values import Absence, Milestones, Realisation, Target

MOST_EARLIER = 8  # periods a row looks back


@dataclass(frozen=True, slots=True)
class Typed:
    """A row as it is typed or stored: the text of its value, the choice *not issued*, what explains it by field, and
    pieces of the register by number."""

    value: str
    is_not_issued: bool
    texts: Mapping[str, str]
    evidence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was reached in a period before; ``point`` is its height in a small picture, None for what is no number."""

    period: Text
    year: int
    value: Realisation | Absence
    point: Fraction | None


@dataclass(frozen=True, slots=True)
class EntryItem:
    """One row.

    ``target`` is that of the period, ``target_now`` today's where it is another one (§5.8). ``problem`` says why the
    text is no value; otherwise ``value`` is what it says and ``result`` what that makes, both None for an empty row.
    ``asks`` names the band because of which it has to be explained. ``grades`` and ``steps`` are what can be chosen.
    """

    key: str
    name: str
    unit: Unit | None
    target: Target | None
    target_now: Target | None
    how: Text
    grades: tuple[str, ...]
    steps: tuple[str, ...]
    typed: Typed
    problem: Reason | None
    value: Realisation | Absence | None
    result: Result | None
    asks: Text | None
    earlier: tuple[Earlier, ...]

    @property
    def is_filled(self) -> bool:
        """Whether it has a value that can be read, or the answer *not issued*."""
        return self.problem is None and self.result is not None

    @property
    def proposal(self) -> str:
        """The text that was probably meant; "" when there is none."""
        return "" if self.problem is None else str(self.problem.values.get("proposal") or "")


@dataclass(frozen=True, slots=True)
class Goal:
    """An objective with its rows; ``statement`` is "" for rows that stand under none."""

    key: str
    statement: str
    items: tuple[EntryItem, ...]


@dataclass(frozen=True, slots=True)
class Resting:
    """An indicator that is not measured in this period, and why."""

    key: str
    name: str
    reason: Reason


@dataclass(frozen=True, eq=False, slots=True)
class EntryDesk:
    """The whole report. ``title`` is the period's, ``unit`` whose it is; ``fields`` are the explanations the rules ask
    for, ``least`` the fewest pieces of evidence a row needs; ``doubts`` what of the rules is not settled yet."""

    due: DuePeriod
    unit: UnitRow
    title: Text
    goals: tuple[Goal, ...]
    resting: tuple[Resting, ...]
    fields: tuple[str, ...]
    least: int
    doubts: tuple[Text, ...]

    @property
    def items(self) -> tuple[EntryItem, ...]:
        """Every row in its order."""
        return tuple(item for goal in self.goals for item in goal.items)

    @property
    def filled(self) -> int:
        """How many rows are filled in."""
        return sum(item.is_filled for item in self.items)


def entry_desk(
    session: Session, region_id: int, due: DuePeriod, rows: Mapping[str, Mapping[str, Any]], today: date
) -> EntryDesk:
    """The report of a period with these rows (by indicator, as typed or stored); ``today`` is the region's."""
    keys = [row.indicator.key for row in due.rows]
    now = targets_on(session, region_id, keys, due.year, today) if keys else {}
    looked_back = _Back(session, region_id, due, keys)
    items = [
        _item(due, row, _typed(rows.get(row.indicator.key, {})), now.get(row.indicator.key, {}).get(due.period),
              looked_back.of(row))
        for row in due.rows
    ]  # fmt: skip
    unit = organisation(session, region_id).units[due.unit_id]
    return EntryDesk(
        due, unit, period_title(due.rules, due.period), _goals(session, region_id, due, items),
        tuple(Resting(row.indicator.key, row.name, _why(due, row)) for row in due.resting),
        due.rules.explanations.fields, due.rules.evidence.minimum,
        unsettled_of_methods(due.rules, (_method(row) for row in due.rows)),
    )  # fmt: skip


def _method(row: DueRow) -> str:
    return row.indicator.measured.method or row.indicator.measured.direction or ""


def period_title(rules: Measurement, period: str) -> Text:
    """What a period is called, in whatever set it is; its key for one that no set has."""
    found = next((known.items[period] for known in rules.periods.values() if period in known.items), None)
    return Text(period, period) if found is None else found.title


def _typed(row: Mapping[str, Any]) -> Typed:
    given = row.get("evidence") or ()
    pieces = given.splitlines() if isinstance(given, str) else given
    return Typed(
        str(row.get("value") or "").strip(), str(row.get("not_issued")).casefold() in ("true", "yes", "1"),
        {name: str(row.get(name) or "") for name in ("drivers", "obstacles", "actions")},
        tuple(int(one) for one in map(str, pieces) if one.isdecimal() and len(one) < 19),
    )  # fmt: skip


def _item(due: DuePeriod, row: DueRow, typed: Typed, now: Target | None, earlier: tuple[Earlier, ...]) -> EntryItem:
    rules, measured = due.rules, row.indicator.measured
    unit = rules.units.get(measured.unit)
    read = row_value(rules, row, {"value": typed.value, "not_issued": typed.is_not_issued})
    problem = read if isinstance(read, Reason) else None
    value = None if isinstance(read, Reason) else read
    result = None if value is None else row_result(due, row, value)
    band = result.band if isinstance(result, Achievement) else None
    asks = band is not None and band.key in rules.explanations.required_when
    scale = rules.scales.get(unit.scale or "") if unit is not None and unit.kind == GRADE else None
    return EntryItem(
        row.indicator.key, row.name, unit, row.target, None if _is_same(now, row.target) else now,
        in_words(rules, measured), tuple(sorted(scale, key=scale.__getitem__, reverse=True)) if scale else (),
        tuple(row.target.weights) if isinstance(row.target, Milestones) else (), typed, problem, value, result,
        (band.title or Text(band.key, band.key)) if band is not None and asks else None, earlier,
    )  # fmt: skip


def _is_same(one: Target | None, other: Target | None) -> bool:
    if isinstance(one, Milestones) and isinstance(other, Milestones):
        return dict(one.weights) == dict(other.weights)
    return one == other


def _goals(session: Session, region_id: int, due: DuePeriod, items: Sequence[EntryItem]) -> tuple[Goal, ...]:
    nodes = {row.indicator.key: row.indicator.node for row in due.rows}
    statements = nodes_on(session, region_id, set(nodes.values()), due.day) if items else {}
    found: dict[str, list[EntryItem]] = {}
    for item in items:
        found.setdefault(nodes[item.key], []).append(item)
    return tuple(
        Goal(key, statements[key].statement if key in statements else "", tuple(held)) for key, held in found.items()
    )


def _why(due: DuePeriod, row: DueRow) -> Reason:
    """The reason that holds first: that it is not due, or that its measure is not set (§6)."""
    found = plan(due.rules, row.indicator.measured, due.period)
    return found if isinstance(found, Reason) else Reason("not_due")


# -- what was reached before ---------------------------------------------------------------------------------------


class _Back:
    """What stands filled in for some indicators in this year and the one before."""

    def __init__(self, session: Session, region_id: int, due: DuePeriod, keys: Sequence[str]) -> None:
        self.due = due
        self.years: Mapping[int, Mapping[str, Mapping[str, Reported]]] = {
            year: realisations(session, region_id, year, keys) if keys else {} for year in (due.year - 1, due.year)
        }

    def of(self, row: DueRow) -> tuple[Earlier, ...]:
        """The latest periods of one indicator, the oldest first."""
        rules = self.due.rules
        known = rules.periods.get(row.indicator.measured.periods or rules.default_periods)
        unit = rules.units.get(row.indicator.measured.unit)
        found = [
            Earlier(period.title, year, reported.value, _height(rules, unit, reported.value))
            for year, period in self._before(() if known is None else known.items.values())
            if (reported := self.years[year].get(row.indicator.key, {}).get(period.key)) is not None
            and reported.value is not None
        ]
        return tuple(found[-MOST_EARLIER:])

    def _before(self, periods: Iterable[Period]) -> list[tuple[int, Period]]:
        ordered = sorted(periods, key=lambda one: one.ends)
        return [
            (year, one) for year in sorted(self.years) for one in ordered
            if year < self.due.year or one.last_day(year) < self.due.day
        ]  # fmt: skip


def _height(rules: Measurement, unit: Unit | None, value: Realisation | Absence) -> Fraction | None:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, str) and unit is not None and unit.scale:
        return rules.scales.get(unit.scale, {}).get(value)
    return None
