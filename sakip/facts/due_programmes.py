"""The programmes of a measurement report: proposed with their budget, looked at, read into facts (reference §5.15)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.models import Case
from engine.definitions.model import Text
from engine.field_types.question import Context
from engine.field_types.sources import RowFault
from engine.field_types.table import ROW_KEY
from sakip.case_answers import Document
from sakip.facts.budget import PROGRAMME, Budgets, ProgrammeBudget
from sakip.facts.budget_models import BudgetRow
from sakip.facts.budget_rows import Absorbed, write_absorptions
from sakip.facts.due import DuePeriod
from sakip.facts.realisations import Origin
from sakip.facts.reports import NOT_EDITABLE, UNKNOWN_ROW, Asked

FIELD = "programmes"
COPIED = ("programme", "budget")  # columns that come from the agreement
TOO_LARGE = "too_large"
_UNKNOWN = Text("Program ini tidak ada dalam anggaran unit ini.", "This programme is not in the budget of this unit.")
_FIXED = Text("Kolom ini berasal dari perjanjian kinerja.", "This column comes from the performance agreement.")
MORE_THAN_BUDGET = Text(
    "Lebih besar dari anggarannya. Bila anggarannya berubah, perjanjian kinerja direvisi dahulu.",
    "More than its budget. Where the budget has changed, the agreement is revised first.",
)


def programmes_due(session: Session, region_id: int, asked: Asked, due: DuePeriod | None) -> list[ProgrammeBudget]:
    """The programmes whose absorption a report tells: those of its unit with a budget at the end of the period, or the
    rows of the one agreement it is about."""
    if due is None:
        return []
    found = Budgets(session, region_id, due.year, (due.unit_id,), kind=None).over(due.period)
    if asked.agreement is None:
        return [one for one in found if one.kind == PROGRAMME]
    case = select(Case.id).where(Case.region_id == region_id, Case.number == asked.agreement)
    keys = set(
        session.scalars(
            select(BudgetRow.programme_key).where(BudgetRow.region_id == region_id, BudgetRow.case_id.in_(case))
        )
    )
    return [one for one in found if one.key in keys]


def programme_rows(
    session: Session, region_id: int, context: Context, values: Mapping[str, Any]  # noqa: ARG001
) -> list[dict[str, Any]]:  # fmt: skip
    """A row a programme: its code and name, its budget; what was spent is the reporter's."""
    asked = Asked.of(session, region_id, values)
    due = asked.due(session, region_id)
    return [
        {ROW_KEY: one.key, "programme": f"{one.code} {one.title}".strip(), "budget": _rupiah(one.budget)}
        for one in programmes_due(session, region_id, asked, due)
    ]


def look_at_programmes(
    session: Session, region_id: int, context: Context, values: Mapping[str, Any], rows: Any, is_final: bool
) -> list[RowFault]:
    """What is wrong with the programmes of a report; that somebody leaves them empty is not."""
    asked = Asked.of(session, region_id, values)
    known = {one.key: one for one in programmes_due(session, region_id, asked, asked.due(session, region_id))}
    before = (context.scope.answers.get(FIELD) if context.scope is not None else None) or ()
    return list(_faults(known, before, rows, is_final))


def _faults(
    known: Mapping[str, ProgrammeBudget], before: Sequence[Mapping[str, Any]], rows: Any, is_final: bool
) -> Iterator[RowFault]:
    standing = {str(row.get(ROW_KEY)): row for row in before}
    seen: set[str] = set()
    for place, row in enumerate(rows):
        key = str(row.get(ROW_KEY) or "")
        if key in seen or (key not in known and key not in standing):
            yield RowFault(place, "programme", UNKNOWN_ROW, _UNKNOWN)
            continue
        seen.add(key)
        for column in COPIED:
            if key in standing and row.get(column) != standing[key].get(column):
                yield RowFault(place, column, NOT_EDITABLE, _FIXED)
        spent = row.get("absorbed")
        if is_final and spent is not None and key in known and Fraction(str(spent)) > known[key].budget:
            yield RowFault(place, "absorbed", TOO_LARGE, MORE_THAN_BUDGET)


def draw_absorptions(session: Session, document: Document, asked: Asked, due: DuePeriod, state: str) -> list[str]:
    """Write what a report says was spent; rows that say nothing are none. Returns the keys of the programmes."""
    known = {one.key for one in programmes_due(session, document.region_id, asked, due)}
    absorbed = [
        Absorbed(due.unit_id, str(row[ROW_KEY]), due.period, Fraction(str(row["absorbed"])))
        for row in document.answers.get(FIELD) or ()
        if row.get("absorbed") is not None and row.get(ROW_KEY) in known
    ]
    origin = Origin(document.at, document.case_id, document.seq)
    return write_absorptions(session, document.region_id, due.year, absorbed, state, origin)


def _rupiah(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator) / Decimal(amount.denominator)
