"""One indicator over the spans of a year, as stored: what was compared, what came of it, by which rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.errors import NotFound
from sakip import how
from sakip.configuration.measurement import ACHIEVEMENT
from sakip.due_indicators import stored_of, value_cell
from sakip.facts.computing import INDICATOR
from sakip.facts.models import ResultRow
from sakip.facts.stored_results import from_stored
from sakip.facts.stored_values import realisation_from_plain, target_from_plain
from sakip.indicator_money import IndicatorMoney, indicator_money
from sakip.indicator_trend import TrendPoint, indicator_trend
from sakip.listing import Cell
from sakip.looking import Viewer
from sakip.plan import Indicator
from sakip.reasons import Reason
from sakip.tree.models import IndicatorRow
from sakip.unit_signs import UnitSign, unit_sign


@dataclass(frozen=True, slots=True)
class Measured:
    """One span: target and realisation as compared, the printed achievement with its band, or the reason and what to do
    about it; ``raw`` is the value before a limit held it. ``digest`` names the rules it was computed by."""

    span: str
    target: Cell
    realisation: Cell
    shown: str | None
    band: str
    tone: str
    reason: Text | None
    remedy: Text | None
    raw: Cell
    is_provisional: bool
    digest: str
    computed_at: datetime
    is_frozen: bool


@dataclass(frozen=True, slots=True)
class OneIndicator:
    """Its name, unit, definition, formula, source, how it is measured in words, its spans in their order, how its
    numbers are shown, its years, and the money behind its goal over the span looked at."""

    key: str
    name: str
    unit: str
    is_key: bool
    definition: str
    formula: str
    source: str
    measured_how: Text | None
    spans: tuple[Measured, ...]
    measure: UnitSign
    trend: tuple[TrendPoint, ...]
    money: IndicatorMoney


def one_indicator(session: Session, viewer: Viewer, key: str, year: int, span: str) -> OneIndicator:
    """Raises NotFound for an indicator that is not there or not the viewer's to look at: of their units, or the
    region's own."""
    row = session.scalar(
        select(IndicatorRow)
        .where(IndicatorRow.region_id == viewer.region_id, IndicatorRow.key == key)
        .order_by(IndicatorRow.valid_from.desc())
        .limit(1)
    )
    is_foreign = row is not None and row.unit_id is not None and viewer.unit_ids is not None
    if row is None or (is_foreign and row.unit_id not in (viewer.unit_ids or ())):
        raise NotFound("There is no such indicator.")
    content: dict[str, Any] = row.content or {}
    rules = viewer.configuration.measurement(year)
    due_in = content.get("due_in")
    plan = Indicator(
        unit=content.get("unit") or "number", method=content.get("method"), direction=content.get("direction"),
        consolidation=content.get("consolidation"), basis=content.get("basis"), periods=content.get("periods"),
        due_in=None if due_in is None else tuple(due_in),
    )  # fmt: skip
    order = {span: at for at, span in enumerate(viewer.book.spans(year, content.get("periods")))}
    stored = session.scalars(
        select(ResultRow).where(
            ResultRow.region_id == viewer.region_id, ResultRow.figure == ACHIEVEMENT, ResultRow.year == year,
            ResultRow.subject_kind == INDICATOR, ResultRow.subject == key,
        )
    )  # fmt: skip
    spans = sorted(stored, key=lambda one: (order.get(one.span, len(order)), one.span))
    return OneIndicator(
        key, row.name, viewer.unit_name(row.unit_id), row.is_key, str(content.get("definition") or ""),
        str(content.get("formula") or ""), str(content.get("source") or ""),
        None if rules is None else how.in_words(rules, plan), tuple(_measured(one) for one in spans),
        unit_sign(rules, content.get("unit")), indicator_trend(session, viewer, key, row.unit_id, year),
        indicator_money(session, viewer, row, year, span),
    )  # fmt: skip


def _measured(row: ResultRow) -> Measured:
    stored = stored_of(row)
    result = from_stored(stored)
    target, realisation = stored.details.get("target"), stored.details.get("realisation")
    is_reason = isinstance(result, Reason)
    return Measured(
        span=row.span,
        target=None if target is None else value_cell(target_from_plain(target)),
        realisation=None if realisation is None else value_cell(realisation_from_plain(realisation)),
        shown=row.shown,
        band=row.band or "",
        tone=row.tone or "",
        reason=result.sentence if isinstance(result, Reason) else None,
        remedy=result.remedy if isinstance(result, Reason) else None,
        raw=None if isinstance(result, Reason) or result.limited is None else result.raw,
        is_provisional=not is_reason and row.is_provisional,
        digest=row.digest,
        computed_at=row.computed_at,
        is_frozen=row.frozen_at is not None,
    )
