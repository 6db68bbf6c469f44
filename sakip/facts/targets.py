"""Targets as rows: append-only, each in force from a day on until the next (reference §5.8, §11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from sakip.facts.asking import asked
from sakip.facts.models import TargetRow
from sakip.facts.stored_values import target_from_plain, target_to_plain
from sakip.facts.subjects import HeldIndicator, held_on, indicators_of
from sakip.in_force import Dated, in_force
from sakip.spans import YEAR
from sakip.values import Target

_READ = "SELECT indicator_key, period, value, valid_from FROM sakip_targets WHERE region_id = ? AND year = ?"
_ORDER = " ORDER BY at, id"  # one that is written late, after a retry, comes before what was agreed after it

History = Mapping[str, Sequence[Dated]]  # period or "year" -> in the order they were written


def histories(
    session: Session, region_id: int, year: int, indicators: Sequence[str] | None = None
) -> dict[str, dict[str, list[Dated]]]:
    """Every target of a fiscal year by indicator and period; without ``indicators`` those of the whole region."""
    found: dict[str, dict[str, list[Dated]]] = {}
    for row in asked(session, _READ, _ORDER, (region_id, year), indicators):
        key, period, value, valid_from = row
        target = None if value is None else target_from_plain(orjson.loads(value))
        day = valid_from if isinstance(valid_from, date) else date.fromisoformat(valid_from)
        found.setdefault(key, {}).setdefault(period, []).append(Dated(day, target))
    return found


def targets_on(
    session: Session, region_id: int, indicators: Sequence[str], year: int, day: date
) -> dict[str, dict[str, Target | None]]:
    """The targets of a fiscal year that are in force on a day, by indicator and period (or ``year``): those that were
    set, otherwise the plan's in the tree of that day."""
    found = histories(session, region_id, year, indicators)
    return {
        key: {
            period: target_on(versions, found.get(key, {}), period, year, day)
            for period in periods_aimed_at(versions, found.get(key, {}))
        }
        for key, versions in indicators_of(session, region_id, year, indicators).items()
    }


def periods_aimed_at(versions: Sequence[HeldIndicator], history: History) -> list[str]:
    """The periods, and ``year``, for which an indicator has or had some target."""
    return list(dict.fromkeys((YEAR, *history, *(period for one in versions for period in one.targets))))


def target_on(versions: Sequence[HeldIndicator], history: History, period: str, year: int, day: date) -> Target | None:
    """The target of a period (or ``year``) on a day: what was set by then, otherwise that of the tree as it stood, or
    as it came for a day before it came. Targets of periods stand in the tree for the year in which they came."""
    dated = history.get(period)
    if dated and (dated[0].valid_from <= day or any(one.valid_from <= day for one in dated)):
        return in_force(dated, day)
    held: HeldIndicator = held_on(versions, day) or versions[0]
    planned = held.targets.get(period) if held.valid_from.year == year else None
    return held.planned.get(year) if planned is None and period == YEAR else planned


def set_targets(
    session: Session,
    region_id: int,
    year: int,
    targets: Mapping[tuple[str, str], Target | None],
    *,
    valid_from: date,
    case_id: int | None,
    seq: int | None,
    at: datetime,
) -> int:
    """Write targets by (indicator, period) that hold from a day on; None takes one away from then. What this act has
    written already is not written again. Returns how many rows were added."""
    there = set()
    if case_id is not None:
        query = select(TargetRow.indicator_key, TargetRow.period).where(TargetRow.valid_from == valid_from)
        query = query.where(TargetRow.case_id == case_id, TargetRow.seq == seq, TargetRow.year == year)
        there = {(key, period) for key, period in session.execute(query)}
    fresh = [(place, target) for place, target in targets.items() if place not in there]
    for (key, period), target in fresh:
        row = TargetRow(region_id=region_id, indicator_key=key, year=year, period=period, case_id=case_id, seq=seq)
        row.value = None if target is None else target_to_plain(target)
        row.valid_from, row.at = valid_from, at
        session.add(row)
    session.flush()
    return len(fresh)
