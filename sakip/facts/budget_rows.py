"""Budgets and absorption as rows: append-only, one current row a programme (and period); nothing is written twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sakip.facts.asking import parts
from sakip.facts.budget_models import AbsorptionRow, BudgetRow
from sakip.facts.realisations import Origin
from sakip.values import as_text

Place = tuple[Any, ...]  # what there is one current row of


@dataclass(frozen=True, slots=True)
class Budgeted:
    """A programme's budget of a year in rupiah; ``amount`` None takes it away. ``kind`` is programme, activity or
    sub_activity, ``supports`` the keys of the nodes it serves."""

    unit_id: int
    key: str
    code: str
    title: str
    kind: str
    supports: tuple[str, ...]
    amount: Fraction | None


@dataclass(frozen=True, slots=True)
class Absorbed:
    """What of a programme's budget was spent from new year to the end of a period, in rupiah."""

    unit_id: int
    key: str
    period: str
    amount: Fraction


def write_budgets(
    session: Session, region_id: int, year: int, budgets: Iterable[Budgeted], valid_from: date, origin: Origin
) -> list[str]:
    """Add budgets that hold from a day on; what this origin has written already is not written again. The one that
    begins last is current, of one day the later written. Returns the keys of the programmes written."""
    rows = [
        BudgetRow(
            region_id=region_id, unit_id=one.unit_id, programme_key=one.key, code=one.code, title=one.title,
            kind=one.kind, supports=sorted(set(one.supports)), year=year, valid_from=valid_from,
            amount=None if one.amount is None else as_text(one.amount), **_from(origin),
        )
        for one in budgets
    ]  # fmt: skip
    return _put(session, BudgetRow, rows, _budget_place, _budget_moment)


def write_absorptions(
    session: Session, region_id: int, year: int, absorbed: Iterable[Absorbed], state: str, origin: Origin
) -> list[str]:
    """Add what was spent, in a ``state`` (reported, verified), likewise; the one written last is current."""
    rows = [
        AbsorptionRow(
            region_id=region_id, unit_id=one.unit_id, programme_key=one.key, year=year, period=one.period,
            amount=as_text(one.amount), state=state, **_from(origin),
        )
        for one in absorbed
    ]  # fmt: skip
    return _put(session, AbsorptionRow, rows, _absorption_place, _moment)


def let_imports_count(session: Session, region_id: int) -> None:
    """Rows of imports are current again where nothing of a case stands any more."""
    kinds: tuple[tuple[Any, Callable[[Any], Place], Callable[[Any], Place]], ...] = (
        (BudgetRow, _budget_place, _budget_moment), (AbsorptionRow, _absorption_place, _moment),
    )  # fmt: skip
    for model, place, moment in kinds:
        latest: dict[Place, Any] = {}
        for row in session.scalars(select(model).where(model.region_id == region_id).order_by(model.id)):
            standing = latest.get(place(row))
            if standing is None or moment(standing) <= moment(row):
                latest[place(row)] = row
        for row in latest.values():
            row.is_current = True
    session.flush()


def _from(origin: Origin) -> dict[str, Any]:
    return {
        "case_id": origin.case_id, "seq": origin.seq, "digest": origin.digest, "at": origin.at, "is_current": False,
    }  # fmt: skip


def _budget_place(row: BudgetRow) -> Place:
    return (row.year, row.unit_id, row.programme_key)


def _absorption_place(row: AbsorptionRow) -> Place:
    return (row.year, row.unit_id, row.programme_key, row.period)


def _moment(row: Any) -> Place:
    return (row.at, row.seq or 0)


def _budget_moment(row: BudgetRow) -> Place:
    return (row.valid_from, row.at, row.seq or 0)


def _day(row: Any) -> date | None:
    """From when a budget is in force; spending has no such day."""
    return row.valid_from if isinstance(row, BudgetRow) else None


def _put(
    session: Session, model: Any, rows: Sequence[Any], place: Callable[[Any], Place], moment: Callable[[Any], Place]
) -> list[str]:
    """Add the rows this origin has not written yet; each is current unless something later stands there."""
    fresh = {place(row): row for row in rows}
    if not fresh:
        return []
    session.flush()
    standing, since = _standing(session, model, rows), _day(rows[0])
    for row in standing:
        if (row.case_id, row.seq, row.digest) == (rows[0].case_id, rows[0].seq, rows[0].digest) and _day(row) == since:
            fresh.pop(place(row), None)
    current = {place(row): row for row in standing if row.is_current}
    ended = []
    for key, row in fresh.items():
        before = current.get(key)
        row.is_current = before is None or moment(before) <= moment(row)
        if row.is_current and before is not None:
            ended.append(before.id)
    for part in parts(ended):
        session.execute(update(model).where(model.id.in_(part)).values(is_current=False))
    session.add_all(fresh.values())
    session.flush()
    return [row.programme_key for row in fresh.values()]


def _standing(session: Session, model: Any, rows: Sequence[Any]) -> list[Any]:
    """Everything there is of the units and the year these rows are of."""
    found: list[Any] = []
    for part in parts(sorted({row.unit_id for row in rows})):
        query = select(model).where(
            model.region_id == rows[0].region_id, model.year == rows[0].year, model.unit_id.in_(part)
        )
        found += session.scalars(query)
    return found
