"""Realisations as rows: append-only, the latest of an indicator and period is the current one (reference §5.3, §11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import insert, select, tuple_, update
from sqlalchemy.orm import Session

from sakip.facts.asking import asked, parts
from sakip.facts.models import RealisationRow
from sakip.facts.stored_values import realisation_from_plain, realisation_to_plain
from sakip.measure import Reported
from sakip.values import NOT_ISSUED, Absence, Realisation

REPORTED, VERIFIED = "reported", "verified"
TEXTS = ("drivers", "obstacles", "actions")
_READ = (
    "SELECT indicator_key, period, value, is_not_issued, state FROM sakip_realisations"
    " WHERE region_id = ? AND year = ? AND is_current"
)


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in for an indicator in a period, with what explains it by field."""

    indicator: str
    period: str
    value: Realisation | Absence
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Origin:
    """From where realisations come: an act of a case, or a file by its digest; ``at`` orders them."""

    at: datetime
    case_id: int | None = None
    seq: int | None = None
    digest: str | None = None


def realisations(
    session: Session, region_id: int, year: int, indicators: Sequence[str] | None = None
) -> dict[str, dict[str, Reported]]:
    """What stands filled in today in a fiscal year, by indicator and period; without ``indicators`` of all."""
    found: dict[str, dict[str, Reported]] = {}
    for key, period, value, is_not_issued, state in asked(session, _READ, "", (region_id, year), indicators):
        reached = NOT_ISSUED if is_not_issued else _value(value)
        found.setdefault(key, {})[period] = Reported(reached, state == VERIFIED)
    return found


def _value(plain: str | None) -> Realisation | None:
    return None if plain is None else realisation_from_plain(orjson.loads(plain))


def write(
    session: Session,
    region_id: int,
    unit_id: int | None,
    year: int,
    filled: Iterable[Filled],
    state: str,
    origin: Origin,
) -> list[str]:
    """Add realisations in a ``state`` (reported, verified); what this origin has written already is not written again.

    A row is current when nothing later stands there: an act that is drawn late never takes a newer one's place.
    Returns the indicators of the rows added.
    """
    by_place = {(one.indicator, one.period): one for one in filled}
    there = _written(session, region_id, year, origin)
    added = {place: one for place, one in by_place.items() if place not in there}
    if not added:
        return []
    current = _current(session, region_id, year, set(added))
    mine = _moment(origin.at, origin.seq)
    is_newest = {place: place not in current or current[place][1] <= mine for place in added}
    ended = [current[place][0] for place, is_current in is_newest.items() if is_current and place in current]
    for part in parts(ended):
        session.execute(update(RealisationRow).where(RealisationRow.id.in_(part)).values(is_current=False))
    rows = [_row(region_id, unit_id, year, one, state, origin, is_newest[place]) for place, one in added.items()]
    session.execute(insert(RealisationRow), rows)
    return [one.indicator for one in added.values()]


def _row(
    region_id: int, unit_id: int | None, year: int, one: Filled, state: str, origin: Origin, is_current: bool
) -> dict[str, Any]:
    """The columns of a new row: thousands come with one file, and whole objects would take most of the time."""
    is_not_issued = isinstance(one.value, Absence)
    return {
        "region_id": region_id,
        "unit_id": unit_id,
        "indicator_key": one.indicator,
        "year": year,
        "period": one.period,
        "value": None if isinstance(one.value, Absence) else realisation_to_plain(one.value),
        "is_not_issued": is_not_issued,
        "state": state,
        **{name: one.texts.get(name) or "" for name in TEXTS},
        "case_id": origin.case_id,
        "seq": origin.seq,
        "digest": origin.digest,
        "at": origin.at,
        "is_current": is_current,
    }


def _moment(at: datetime, seq: int | None) -> tuple[Any, ...]:
    """The order of two rows: by their moments, within one moment by the acts of their case."""
    return (at, seq or 0)


def _written(session: Session, region_id: int, year: int, origin: Origin) -> set[tuple[str, str]]:
    query = select(RealisationRow.indicator_key, RealisationRow.period)
    if origin.case_id is not None:
        query = query.where(RealisationRow.case_id == origin.case_id, RealisationRow.seq == origin.seq)
    elif origin.digest is not None:
        of_year = (RealisationRow.region_id == region_id, RealisationRow.year == year)
        query = query.where(*of_year, RealisationRow.digest == origin.digest)
    else:
        return set()
    return {(key, period) for key, period in session.execute(query)}


def _current(
    session: Session, region_id: int, year: int, places: set[tuple[str, str]]
) -> dict[tuple[str, str], tuple[int, tuple[Any, ...]]]:
    """The id and the moment of what stands at places."""
    found: dict[tuple[str, str], tuple[int, tuple[Any, ...]]] = {}
    columns = (
        RealisationRow.indicator_key, RealisationRow.period, RealisationRow.id, RealisationRow.at, RealisationRow.seq,
    )  # fmt: skip
    for part in parts(sorted(places)):
        query = select(*columns).where(
            RealisationRow.region_id == region_id,
            RealisationRow.year == year,
            RealisationRow.is_current,
            tuple_(RealisationRow.indicator_key, RealisationRow.period).in_(part),
        )
        found |= {(key, period): (row, _moment(at, seq)) for key, period, row, at, seq in session.execute(query)}
    return found
