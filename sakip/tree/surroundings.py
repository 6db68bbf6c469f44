"""What hangs on a tree in the store: agreements in force, open reports, targets, figures of its indicators (§4.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from engine.cases.models import Case
from sakip.facts.models import AgreementRow, RealisationRow, ResultRow, TargetRow
from sakip.tree.impact import Surroundings

MOST_AT_ONCE = 500  # values in one IN
REPORTED, INDICATOR = "reported", "indicator"


def around(session: Session, region_id: int, indicators: Iterable[str]) -> Surroundings:
    """What hangs on these indicators of a region, each thing by what names it to its reader: the number of an agreement
    in force, a reported period that nobody has verified, a target (year, period), a figure (year, span). Budgets stand
    in no table of ours, so there are no programmes."""
    keys = sorted(set(indicators))
    agreements = _named(session, keys, lambda part: _agreements(region_id, part))
    reports = _named(session, keys, lambda part: _reports(region_id, part))
    targets = _named(session, keys, lambda part: _targets(region_id, part))
    figures = _named(session, keys, lambda part: _figures(region_id, part))
    return Surroundings(agreements, reports, targets, figures)


def _named(session: Session, keys: list[str], wanted: Callable[[list[str]], Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for part in _parts(keys):
        for key, *names in session.execute(wanted(part)):
            said = " · ".join(str(one) for one in names if one not in (None, ""))
            if said not in found.setdefault(key, []):
                found[key].append(said)
    return {key: tuple(names) for key, names in found.items()}


def _parts(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), MOST_AT_ONCE):
        yield keys[start : start + MOST_AT_ONCE]


def _of(table: Any, region_id: int, column: ColumnElement[Any] | Any, keys: list[str]) -> tuple[Any, ...]:
    return (table.region_id == region_id, column.in_(keys))


def _agreements(region_id: int, keys: list[str]) -> Any:
    return (
        select(AgreementRow.indicator_key, Case.number)
        .join(Case, Case.id == AgreementRow.case_id)
        .where(*_of(AgreementRow, region_id, AgreementRow.indicator_key, keys), AgreementRow.ended_on.is_(None))
        .order_by(Case.number)
    )


def _reports(region_id: int, keys: list[str]) -> Any:
    row = RealisationRow
    return (
        select(row.indicator_key, Case.number, row.year, row.period)
        .outerjoin(Case, Case.id == row.case_id)
        .where(*_of(row, region_id, row.indicator_key, keys), row.is_current, row.state == REPORTED)
        .order_by(row.year, row.period)
    )


def _targets(region_id: int, keys: list[str]) -> Any:
    return (
        select(TargetRow.indicator_key, TargetRow.indicator_key, TargetRow.year, TargetRow.period)
        .where(*_of(TargetRow, region_id, TargetRow.indicator_key, keys))
        .order_by(TargetRow.indicator_key, TargetRow.year, TargetRow.period)
    )


def _figures(region_id: int, keys: list[str]) -> Any:
    row = ResultRow
    return (
        select(row.subject, row.subject, row.year, row.span)
        .where(*_of(row, region_id, row.subject, keys), row.subject_kind == INDICATOR)
        .order_by(row.subject, row.year, row.span)
    )
