"""The facts of measurement that cases stand for: realisations, evidence used, targets of periods (reference §3.2).

Each ``draw_…`` reads the case as it stood at one act. The connectors call it when the act is made, ``rebuild`` again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.field_types.table import ROW_KEY
from sakip.case_answers import Document
from sakip.facts.action_plans import TARGETS, plan_indicators, plan_unit, planned_targets
from sakip.facts.due import DuePeriod, told_period
from sakip.facts.due_programmes import draw_absorptions
from sakip.facts.evidence_uses import REALISATION, Place, use_only
from sakip.facts.models import RealisationRow
from sakip.facts.realisations import REPORTED, VERIFIED, Origin, write
from sakip.facts.reports import Asked, evidence_of, filled_of, number_of, usable_pieces
from sakip.facts.rulebook import Rulebook
from sakip.facts.self_registered import register_case
from sakip.facts.targets import set_targets

MEASUREMENT_REPORT, ACTION_PLAN = "measurement_report", "action_plan"  # case types
IN_FORCE = "in_force"  # the milestone of an action plan


def draw_reported(session: Session, document: Document, now: datetime) -> tuple[int | None, list[str]]:
    """The realisations of a report that was sent, and the evidence its rows use. Returns the fiscal year and the
    indicators written; nothing where a case does not say what it reports, or this act is drawn already."""
    return _draw(session, document, REPORTED, now)


def draw_verified(session: Session, document: Document, now: datetime) -> tuple[int | None, list[str]]:
    """The same of a report that was verified; it registers itself as evidence."""
    year, written = _draw(session, document, VERIFIED, now)
    register_verified(session, document, now)
    return year, written


def register_verified(session: Session, document: Document, now: datetime) -> None:
    """Put a verified report into the register of the unit that has something due then."""
    told = _told(session, document, _asked(session, document))
    if told is not None:
        register_case(session, document, told.unit_id, told.year, MEASUREMENT_REPORT, VERIFIED, now)


def draw_action_plan(session: Session, document: Document, now: datetime) -> tuple[int | None, list[str]]:
    """The targets of periods that an action plan in force sets, from its day on; it registers itself as evidence.
    Returns the fiscal year and the indicators aimed at."""
    year = _year(document.answers)
    if year is None:
        return None, []
    day = _day(document.answers.get("effective_on")) or document.on
    chosen = number_of(document.answers.get("planned_unit"))
    known = plan_indicators(session, document.region_id, document.unit_id, chosen, year, day)
    rules = Rulebook(session, document.region_id).of_year(year)
    aimed = planned_targets(known, document.answers.get(TARGETS) or (), rules)
    set_targets(
        session, document.region_id, year, aimed, valid_from=day, case_id=document.case_id, seq=document.seq,
        at=document.at,
    )  # fmt: skip
    register_action_plan(session, document, now)
    return year, sorted({key for key, _ in aimed})


def register_action_plan(session: Session, document: Document, now: datetime) -> None:
    """Put an action plan in force into the register of the unit it is about."""
    year, chosen = _year(document.answers), number_of(document.answers.get("planned_unit"))
    if year is not None:
        unit = plan_unit(session, document.region_id, document.unit_id, chosen, year)
        register_case(session, document, unit, year, ACTION_PLAN, IN_FORCE, now)


def _draw(session: Session, document: Document, state: str, now: datetime) -> tuple[int | None, list[str]]:
    asked = _asked(session, document)
    due = _told(session, document, asked)
    if due is None:
        return None, []
    rows: Sequence[Mapping[str, Any]] = document.answers.get("rows") or ()
    origin = Origin(document.at, document.case_id, document.seq)
    written = write(session, document.region_id, due.unit_id, due.year, filled_of(due, rows), state, origin)
    draw_absorptions(session, document, asked, due, state)
    if state == REPORTED and written:
        _use_evidence(session, document, due, rows, now)
    return due.year, written


def _told(session: Session, document: Document, asked: Asked) -> DuePeriod | None:
    """The period as the rows of a document tell it: what the tree says today is no matter."""
    if asked.year is None or asked.period is None:
        return None
    keys = [str(row[ROW_KEY]) for row in document.answers.get("rows") or () if row.get(ROW_KEY)]
    return told_period(session, document.region_id, asked.unit_id, asked.year, asked.period, keys)


def _use_evidence(
    session: Session, document: Document, due: DuePeriod, rows: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    later = _reported_later(session, document, due)
    for row in rows:
        of = due.row(str(row.get(ROW_KEY) or ""))
        if of is None or of.indicator.key in later:
            continue
        pieces = usable_pieces(session, document.region_id, due.unit_id, evidence_of(row), is_sent=True)
        place = Place(REALISATION, of.indicator.key, due.unit_id, due.year, due.period)
        use_only(
            session, document.region_id, pieces, place, by=document.initiator_id, now=now, case_id=document.case_id
        )


def _reported_later(session: Session, document: Document, due: DuePeriod) -> set[str]:
    """The indicators of which a later report told this period already: this act is drawn late, after a retry."""
    query = select(RealisationRow.indicator_key, RealisationRow.at, RealisationRow.seq).where(
        RealisationRow.region_id == document.region_id, RealisationRow.year == due.year,
        RealisationRow.period == due.period, RealisationRow.state == REPORTED, RealisationRow.case_id.is_not(None),
        RealisationRow.indicator_key.in_([row.indicator.key for row in due.rows]),
    )  # fmt: skip
    return {key for key, at, seq in session.execute(query) if (at, seq) > (document.at, document.seq)}


def _asked(session: Session, document: Document) -> Asked:
    answers = document.answers
    return Asked.of(
        session,
        document.region_id,
        {
            "year": _year(answers),
            "period": answers.get("period"),
            "of": document.unit_id,
            "unit": answers.get("reporting_unit"),
            "agreement": answers.get("agreement"),
        },
    )


def _year(answers: Mapping[str, Any]) -> int | None:
    year = answers.get("year")
    return None if year is None else int(year)


def _day(stored: Any) -> date | None:
    return None if stored is None else date.fromisoformat(str(stored))
