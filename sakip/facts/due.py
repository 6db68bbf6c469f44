"""What a unit has to report for a period: the indicators of its agreements in force, or of its tree (§3.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.cases.models import Case
from engine.organisation.models import Unit
from sakip.configuration.measurement import Measurement
from sakip.facts.evidence import units_above
from sakip.facts.models import AgreementRow
from sakip.facts.rulebook import Rulebook
from sakip.facts.self_registered import register_place
from sakip.facts.subjects import INDIVIDUAL, HeldIndicator, ever_held, held_on, indicators_of
from sakip.facts.targets import History, histories, target_on
from sakip.spans import UnknownSpan, window
from sakip.tree.models import IndicatorRow, NodeRow
from sakip.values import Target


@dataclass(frozen=True, slots=True)
class DueRow:
    """One indicator that is due: its words as they stood on the period's last day, and the target of the period."""

    indicator: HeldIndicator
    name: str
    place: tuple[int, int, str]
    target: Target | None


@dataclass(frozen=True, eq=False, slots=True)
class DuePeriod:
    """A period of a unit: by what it is measured, its last day, and the rows in their order. ``resting`` are what the
    unit answers for and does not measure in this period."""

    unit_id: int
    year: int
    period: str
    day: date
    rules: Measurement
    rows: tuple[DueRow, ...]
    resting: tuple[DueRow, ...] = ()

    def row(self, indicator: str) -> DueRow | None:
        """The row of an indicator, None for one that is not due."""
        return next((one for one in self.rows if one.indicator.key == indicator), None)


def due_period(
    session: Session, region_id: int, unit_id: int | None, year: int, period: str, agreement: str | None = None
) -> DuePeriod | None:
    """What a unit reports for a period of a fiscal year; ``agreement`` (its case's number) narrows it to one.

    The unit is the nearest, from ``unit_id`` upwards, that has something in the year; the region's own unit has the
    region's tree, when it is asked for itself. None where there is none, no measurement governs the year, or no set of
    periods knows the period.
    """
    judged = Rulebook(session, region_id).judged(year, period)
    if judged is None:
        return None
    day, rules = judged
    for unit in reversed(units_above(session, unit_id)):
        tree = register_place(session, unit) if unit == unit_id else unit
        keys = answered_for(session, region_id, tree, year, day, agreement)
        if keys:
            rows, resting = _rows(session, region_id, year, period, day, rules, keys)
            return DuePeriod(unit, year, period, day, rules, rows, resting)
    return None


def told_period(
    session: Session, region_id: int, unit_id: int | None, year: int, period: str, keys: Sequence[str]
) -> DuePeriod | None:
    """A period as a report that was sent tells it: the indicators of its own rows (``keys``), whatever the tree, the
    agreements or the units are since. They were held against what was due when it was sent; names and targets are not
    told.

    The unit is the nearest, from ``unit_id`` upwards, that holds one of them on the period's last day, otherwise that
    held one at any time. None where no measurement governs the year, or no set of periods knows the period.
    """
    judged = Rulebook(session, region_id).judged(year, period)
    versions = ever_held(session, region_id, keys)
    if judged is None or unit_id is None or not versions:
        return None
    day, rules = judged
    standing = {key: _stood(those, day) for key, those in versions.items()}
    now, ever = {one.unit for one in standing.values()}, {one.unit for those in versions.values() for one in those}
    line = list(reversed(units_above(session, unit_id)))
    tree_of = {unit: register_place(session, unit) if unit == unit_id else unit for unit in line}
    near = [unit for held in (now, ever) for unit in line if tree_of[unit] in held]
    rows = tuple(DueRow(held, key, (0, 0, key), None) for key, held in standing.items())
    return DuePeriod(near[0] if near else unit_id, year, period, day, rules, rows)


def _stood(versions: Sequence[HeldIndicator], day: date) -> HeldIndicator:
    """How an indicator stood on a day; one that had ended as it was last, one that had not begun as it came."""
    held: HeldIndicator | None = held_on(versions, day)
    return held or next((one for one in reversed(versions) if one.valid_from <= day), versions[0])


def answered_for(
    session: Session, region_id: int, unit_id: int | None, year: int, day: date, agreement: str | None = None
) -> list[str]:
    """The indicators a unit (None: the region) itself reports by: of its agreements, else of its tree on a day."""
    keys = agreed_indicators(session, region_id, unit_id, year, day, agreement)
    return _in_tree(session, region_id, unit_id, day) if not keys and agreement is None else keys


def reporting_unit(session: Session, region_id: int, case_unit: int | None, chosen: int | None) -> int | None:
    """The unit a report is about: the chosen one where the case's own unit belongs to it or it to that, otherwise the
    case's own. None where a foreign one was chosen."""
    if chosen is None or chosen == case_unit:
        return case_unit
    unit = session.get(Unit, chosen)
    if unit is None or unit.region_id != region_id:
        return None
    is_near = chosen in units_above(session, case_unit) or case_unit in units_above(session, chosen)
    return chosen if is_near else None


def agreed_indicators(
    session: Session, region_id: int, unit_id: int | None, year: int, day: date, agreement: str | None = None
) -> list[str]:
    """The indicators of the agreements of a unit (None: of the region) that stood on a day, or came in force later in
    the year."""
    query = select(AgreementRow.indicator_key).where(
        AgreementRow.region_id == region_id, AgreementRow.year == year, AgreementRow.unit_id == unit_id,
        AgreementRow.kind != INDIVIDUAL, or_(AgreementRow.ended_on.is_(None), AgreementRow.ended_on >= day),
    )  # fmt: skip
    if agreement is not None:
        number = select(Case.id).where(Case.region_id == region_id, Case.number == agreement)
        query = query.where(AgreementRow.case_id.in_(number))
    return list(dict.fromkeys(session.scalars(query.order_by(AgreementRow.id))))


def _in_tree(session: Session, region_id: int, unit_id: int | None, day: date) -> list[str]:
    query = select(IndicatorRow.key).where(
        IndicatorRow.region_id == region_id, IndicatorRow.unit_id == unit_id, IndicatorRow.valid_from <= day,
        or_(IndicatorRow.valid_to.is_(None), IndicatorRow.valid_to >= day),
    )  # fmt: skip
    return list(session.scalars(query.order_by(IndicatorRow.key)))


def _rows(
    session: Session, region_id: int, year: int, period: str, day: date, rules: Measurement, keys: Sequence[str]
) -> tuple[tuple[DueRow, ...], tuple[DueRow, ...]]:
    """The rows that are due and those that are not, each in their order."""
    history: Mapping[str, History] = histories(session, region_id, year, keys)
    words = names_of(session, region_id, keys, day)
    due: list[DueRow] = []
    resting: list[DueRow] = []
    for key, versions in indicators_of(session, region_id, year, keys).items():
        held: HeldIndicator = held_on(versions, day) or versions[0]
        name, place = words.get(key, (key, (0, 0, key)))
        row = DueRow(held, name, place, target_on(versions, history.get(key, {}), period, year, day))
        (due if is_due(rules, held, period) else resting).append(row)
    return tuple(sorted(due, key=lambda row: row.place)), tuple(sorted(resting, key=lambda row: row.place))


def is_due(rules: Measurement, held: HeldIndicator, period: str) -> bool:
    """Whether an indicator is measured in a period, whatever set of periods that belongs to."""
    measured = held.measured
    try:
        return bool(window(rules, measured.periods or rules.default_periods, measured.due_in, period).due)
    except UnknownSpan:
        return False


def names_of(
    session: Session, region_id: int, keys: Sequence[str], day: date
) -> dict[str, tuple[str, tuple[int, int, str]]]:
    """The name of each indicator, and where it stands among the others: by its node, then its own place."""
    query = (
        select(IndicatorRow, NodeRow.place)
        .outerjoin(
            NodeRow,
            (NodeRow.region_id == IndicatorRow.region_id)
            & (NodeRow.key == IndicatorRow.node_key)
            & NodeRow.valid_to.is_(None),
        )
        .where(IndicatorRow.region_id == region_id, IndicatorRow.key.in_(keys))
        .order_by(IndicatorRow.valid_from)
    )
    found = {}
    for row, place in session.execute(query):
        if row.key not in found or row.valid_from <= day:  # the latest that had begun by then
            found[row.key] = (row.name, (place or 0, row.place, row.key))
    return found
