"""What the cases of measurement call: sent, verified, an action plan in force; results follow at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.connectors import Call
from engine.field_types.question import Context
from engine.field_types.sources import RowFault
from engine.field_types.table import ROW_KEY
from sakip.case_answers import Document, document_at
from sakip.facts.action_plans import TARGETS, check_planned, planned_rows
from sakip.facts.deadlines import entry_until
from sakip.facts.report_facts import draw_action_plan, draw_reported, draw_verified
from sakip.facts.reports import (
    Asked,
    check_report,
    check_verification,
    proposed_rows,
    proposed_verification,
)
from sakip.facts.results import recompute
from sakip.facts.rulebook import Rulebook
from sakip.standing import today_in

Draw = Callable[[Session, Document, datetime], tuple[int | None, list[str]]]


def realisations_reported(session: Session, call: Call) -> Mapping[str, Any]:
    """Write what the calling report says, and what it makes of the figures above."""
    return _drawn(session, call, draw_reported)


def realisations_verified(session: Session, call: Call) -> Mapping[str, Any]:
    """The same once it is verified."""
    return _drawn(session, call, draw_verified)


def action_plan_in_force(session: Session, call: Call) -> Mapping[str, Any]:
    """Write the targets of periods the calling plan sets, and what they make of the figures."""
    return _drawn(session, call, draw_action_plan)


def _drawn(session: Session, call: Call, draw: Draw) -> Mapping[str, Any]:
    document = document_at(session, call.region_id, call.case_id, call.revision)
    year, written = draw(session, document, call.at)
    if year is not None and written:
        recompute(session, call.region_id, written, year, call.at)
    return {"year": year, "indicators": len(written)}


def due_rows(session: Session, region_id: int, context: Context, values: Mapping[str, Any]) -> list[dict[str, Any]]:  # noqa: ARG001
    """The rows of a measurement report."""
    return proposed_rows(session, region_id, values)


def verification_rows(
    session: Session, region_id: int, context: Context, values: Mapping[str, Any]  # noqa: ARG001
) -> list[dict[str, Any]]:  # fmt: skip
    """The rows of its verification."""
    return proposed_verification(session, region_id, values)


def look_at_rows(
    session: Session, region_id: int, context: Context, values: Mapping[str, Any], rows: Any, is_final: bool
) -> list[RowFault]:
    """What is wrong with a report's rows."""
    before = (context.scope.answers.get("rows") if context.scope is not None else None) or ()
    return list(check_report(session, region_id, values, before, rows, is_final))


def look_at_verification(
    session: Session, region_id: int, context: Context, values: Mapping[str, Any], rows: Any, is_final: bool
) -> list[RowFault]:  # fmt: skip
    """What is wrong with a verifier's ticks: they are about the rows the report has."""
    reported = (context.scope.answers.get("rows") if context.scope is not None else None) or ()
    keys = {str(row.get(ROW_KEY)) for row in reported if row.get(ROW_KEY)}
    if not keys:
        due = Asked.of(session, region_id, values).due(session, region_id)
        keys = set() if due is None else {row.indicator.key for row in due.rows}
    return list(check_verification(keys, rows, is_final))


def deadline(session: Session, region_id: int, context: Context, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row: until when the period is entered."""
    year, period = values.get("year"), values.get("period")
    if year is None or period is None or context.scope is None:
        return []
    judged = Rulebook(session, region_id).judged(int(year), str(period))
    until = None if judged is None else entry_until(judged.rules, str(period), int(year), context.scope)
    return [] if until is None else [{ROW_KEY: str(period), "until": until}]


def plan_rows(session: Session, region_id: int, context: Context, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of an action plan: an indicator each, with its targets of today."""
    table = None if context.form is None else context.form.fields.get(TARGETS)
    columns = () if table is None else tuple(table.columns)
    return planned_rows(session, region_id, values, columns, _today(session, region_id, context))


def look_at_plan(
    session: Session, region_id: int, context: Context, values: Mapping[str, Any], rows: Any, is_final: bool  # noqa: ARG001
) -> list[RowFault]:  # fmt: skip
    """What is wrong with an action plan's rows."""
    return list(check_planned(session, region_id, values, rows, _today(session, region_id, context)))


def _today(session: Session, region_id: int, context: Context) -> date:
    found = None if context.scope is None else context.scope.today
    return found or today_in(session, region_id)
