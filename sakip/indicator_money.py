"""The money behind one indicator: the programmes that serve its goal, what was spent of them, and its efficiency."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.configuration.measurement import EFFICIENCY
from sakip.due_indicators import stored_of
from sakip.facts.budget import Budgets, ProgrammeBudget, absorption
from sakip.facts.computing import INDICATOR
from sakip.facts.models import ResultRow
from sakip.facts.stored_results import from_stored
from sakip.judged import Achievement
from sakip.looking import Viewer
from sakip.reasons import Reason
from sakip.tree.models import IndicatorRow


@dataclass(frozen=True, slots=True)
class IndicatorMoney:
    """Programmes with budget and spending over a span, their absorption in percent or why nobody knows it; efficiency
    as shown with its band in words, or why there is none, where the region tells it at all (None: it does not)."""

    programmes: tuple[ProgrammeBudget, ...]
    absorption: Fraction | Reason
    efficiency: tuple[str, Text] | Reason | None


def indicator_money(session: Session, viewer: Viewer, of: IndicatorRow, year: int, span: str) -> IndicatorMoney:
    """The money behind an indicator over a span: of its goal's programmes, otherwise of its unit's activities."""
    programmes = Budgets(session, viewer.region_id, year).of_node(of.node_key, span, of.unit_id)
    spent = absorption(programmes)
    rules = viewer.configuration.measurement(year)
    if rules is not None and isinstance(spent, Fraction):
        spent = rules.rounding.rounded(spent)
    return IndicatorMoney(programmes, spent, _efficiency(session, viewer, of.key, year, span))


def _efficiency(session: Session, viewer: Viewer, key: str, year: int, span: str) -> tuple[str, Text] | Reason | None:
    row = session.scalar(
        select(ResultRow).where(
            ResultRow.region_id == viewer.region_id, ResultRow.figure == EFFICIENCY, ResultRow.year == year,
            ResultRow.span == span, ResultRow.subject_kind == INDICATOR, ResultRow.subject == key,
        )
    )  # fmt: skip
    if row is None:
        return None
    judged = viewer.book.judged(year, span)
    bands = None if judged is None else judged.rules.bands_on(EFFICIENCY, judged.day)
    result = from_stored(stored_of(row), {} if bands is None else {one.key: one for one in bands.rows})
    if not isinstance(result, Achievement):
        return result
    return result.shown, result.band.title or Text(result.band.key, result.band.key)
