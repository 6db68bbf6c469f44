"""Budgets and spending of a region as rows, in the columns in which they are brought in (reference §12)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from sakip.exchange.outgoing import Asked, Places, Row, source_cell
from sakip.exchange.writing import Value
from sakip.facts.budget_models import AbsorptionRow, BudgetRow
from sakip.facts.stored_values import number_from_text
from sakip.rounding import HALF_UP, ROUNDED, Rounding

BUDGET = (
    "unit", "year", "key", "code", "programme", "level", "budget", "from", "period", "absorbed", "percent", "state",
    "supports", "source", "at",
)  # fmt: skip

PERCENT = Rounding(2, HALF_UP, ROUNDED)


def budgets(session: Session, asked: Asked) -> Iterator[Row]:
    """Every budget that counts today: a row a period for which somebody said what was spent, one row where nobody
    did."""
    places = Places(session, asked)
    query = select(BudgetRow).where(
        BudgetRow.region_id == asked.region_id, BudgetRow.is_current, BudgetRow.amount.is_not(None)
    )
    spent = select(AbsorptionRow).where(AbsorptionRow.region_id == asked.region_id, AbsorptionRow.is_current)
    if asked.year is not None:
        query, spent = query.where(BudgetRow.year == asked.year), spent.where(AbsorptionRow.year == asked.year)
    absorbed: dict[tuple[int, int, str], list[AbsorptionRow]] = {}
    for one in session.scalars(spent.order_by(AbsorptionRow.period)):
        absorbed.setdefault((one.year, one.unit_id, one.programme_key), []).append(one)
    for row in session.scalars(query.order_by(BudgetRow.year, BudgetRow.unit_id, BudgetRow.code, BudgetRow.id)):
        if places.wants(row.unit_id):
            told = absorbed.get((row.year, row.unit_id, row.programme_key), ())
            for each in told or (None,):
                yield _row(places, row, each)


def _row(places: Places, row: BudgetRow, spent: AbsorptionRow | None) -> Row:
    budget = number_from_text(row.amount or "0")
    told: tuple[Value, ...] = (None, None, None, None)
    if spent is not None:
        amount = number_from_text(spent.amount)
        told = (spent.period, amount, PERCENT.rounded(100 * amount / budget) if budget else None, spent.state)
    latest = row if spent is None else spent
    return (
        places.name(row.unit_id), row.year, row.programme_key, row.code, row.title, row.kind, budget, row.valid_from,
        *told, ", ".join(row.supports), source_cell(latest.case_id, latest.digest), places.moment(latest.at),
    )  # fmt: skip
