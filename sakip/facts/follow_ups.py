"""Recommendations: written when an evaluation is closed, each followed up in a case of its own (reference §7.11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from textwrap import shorten
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.fire import fire
from engine.cases.models import History
from engine.cases.open import open_case
from engine.changes import Refusal
from engine.connectors import CallRefused
from engine.facts import Command
from engine.organisation.directory import snapshot
from engine.outbox.calls import mark_done
from engine.outbox.messages import FAILED, WAITING
from engine.outbox.models import ConnectorCall
from engine.timers.calendar import calendar_of
from sakip.case_answers import Document, document_at
from sakip.facts.models import RecommendationRow
from sakip.facts.results import freeze
from sakip.facts.score_results import SCORE
from sakip.facts.scores import draw_tier, sheet_of_case
from sakip.facts.self_registered import register_case
from sakip.facts.sheets import Sheet

INTERNAL, MINISTRY = "internal", "kemenpanrb"
FOLLOW_UP = "follow_up"  # the case type
TIER_LOCKED = "sakip.tier_locked"  # what a case calls when it leaves a tier
SEND = "send"  # the act that passes a recommendation on
TITLE, LONGEST_IN_TITLE = "Tindak lanjut rekomendasi", 90  # what a queue tells one follow-up from the next by
OPEN, PLANNED, CLOSED = STATES = ("open", "planned", "closed")  # in their order


def draw_closed(session: Session, region_id: int, case_id: int, seq: int, at: datetime) -> int:
    """Keep the scores of an evaluation as they stand, write its recommendations and open a case for each. Run twice it
    writes and opens once. Returns how many there are. Raises CallRefused when a case cannot be opened."""
    document = document_at(session, region_id, case_id, seq)
    sheet = sheet_of_case(session, document)
    _draw_what_waits(session, document, at)
    freeze(session, region_id, sheet.unit_id, sheet.year, document.at, figure=SCORE)
    known = {(row.path, row.text): row for row in of_case(session, case_id)}
    for values in given_in(session, sheet, document):
        place = (values["path"], values["text"])
        if place not in known:
            known[place] = _added(session, sheet.region_id, values)
    for recommendation in known.values():
        if recommendation.follow_up_id is None and sheet.evaluation.recommendations is not None:
            recommendation.follow_up_id = _opened(session, sheet, document, recommendation, at)
    register_closed(session, document, at)
    session.flush()
    return len(known)


def _draw_what_waits(session: Session, document: Document, at: datetime) -> None:
    """Draw the tiers of the case whose calls wait to be tried again: what is kept as it stands has to be whole. Raises
    CallRefused for one that was given up."""
    earlier = select(ConnectorCall).where(
        ConnectorCall.case_id == document.case_id, ConnectorCall.connector == TIER_LOCKED,
        ConnectorCall.state.in_((WAITING, FAILED)), ConnectorCall.revision < document.seq,
    )  # fmt: skip
    for call in session.scalars(earlier.order_by(ConnectorCall.revision, ConnectorCall.place)).all():
        if call.state == FAILED:
            raise CallRefused(f"call {call.id} of the same case, a tier that was locked, has to be made first")
        drawn = draw_tier(session, document.region_id, document.case_id, call.revision, call.content)
        mark_done(session, call.id, at, {"answers": drawn})


def register_closed(session: Session, document: Document, now: datetime) -> None:
    """Put a closed evaluation into the register of who was evaluated, as evidence of its performance year."""
    sheet = sheet_of_case(session, document)
    register_case(session, document, sheet.unit_id, sheet.year, sheet.evaluation.case_type, CLOSED, now)


def of_case(session: Session, case_id: int) -> Sequence[RecommendationRow]:
    """The recommendations of one evaluation, as they were written."""
    query = select(RecommendationRow).where(RecommendationRow.case_id == case_id)
    return session.scalars(query.order_by(RecommendationRow.id)).all()


def given_in(session: Session, sheet: Sheet, document: Document) -> list[dict[str, Any]]:
    """The recommendations an evaluation gives, as columns of a row not yet followed up."""
    found = []
    for row in document.answers.get("recommendations") or ():
        if row.get("text"):
            given = row.get("due_on")
            due = _due(session, sheet, document) if given is None else date.fromisoformat(str(given)[:10])
            found.append({
                "unit_id": sheet.unit_id, "year": sheet.year, "source": INTERNAL, "path": row.get("path") or None,
                "text": str(row["text"]), "due_on": due, "state": OPEN, "closed_on": None,
                "case_id": document.case_id, "follow_up_id": None, "made_at": document.at,
            })  # fmt: skip
    return found


def _added(session: Session, region_id: int, values: Mapping[str, Any]) -> RecommendationRow:
    row = RecommendationRow(region_id=region_id, **values)
    session.add(row)
    return row


def _due(session: Session, sheet: Sheet, document: Document) -> date | None:
    """The day the rubric gives from the closing on, in days or in the region's working days."""
    rule = sheet.evaluation.recommendations
    if rule is None or rule.due is None:
        return None
    if rule.due.unit == "days":
        return document.on + timedelta(days=rule.due.amount)
    directory = snapshot(session, sheet.region_id, document.at)
    calendar = calendar_of(None, directory.holidays)
    if rule.due.unit == "working_days":  # of the region's own days: the calendar's clock may stand at another one
        return calendar.add_working_days(document.on, rule.due.amount)
    return calendar.add(document.at, rule.due).astimezone(directory.timezone).date()


def _opened(
    session: Session, sheet: Sheet, document: Document, recommendation: RecommendationRow, at: datetime
) -> int:  # fmt: skip
    act = session.get_one(History, (document.case_id, document.seq))
    person = act.actor_id if act.actor_id is not None else document.initiator_id
    rule = sheet.evaluation.recommendations
    if person is None or rule is None:
        raise CallRefused("nobody opens the follow-up")
    answers = {
        "source": INTERNAL,
        "year": sheet.year,
        "path": recommendation.path,
        "recommendation": recommendation.text,
        "due_on": recommendation.due_on,
        "evaluation": document.number,
    }
    opened = open_case(
        session, region_id=sheet.region_id, case_type=rule.case_type, person_id=person, unit_id=document.unit_id,
        title=_title(recommendation.text),
        answers={name: value for name, value in answers.items() if value is not None}, now=at,
    )  # fmt: skip
    if isinstance(opened, Refusal):
        raise CallRefused(f"the follow-up was refused: {opened.sentence.en}")
    # Passed on to the unit at once; whoever may not do that leaves it to those who register.
    fire(session, opened.case_id, Command(SEND, person), now=at)
    return opened.case_id


def _title(recommendation: str) -> str:
    """The title of a follow-up; without the recommendation's full stop, for sentences are made of titles."""
    return f"{TITLE}: {shorten(recommendation.strip().removesuffix('.'), LONGEST_IN_TITLE, placeholder='…')}"


def draw_follow_up(session: Session, region_id: int, case_id: int, seq: int, values: Mapping[str, Any]) -> int:
    """How far the recommendation of a case of follow-up is: ``state`` planned or closed. One that came from outside
    is written with its first state. Returns the recommendation's id. Raises CallRefused for an unknown state."""
    state = str(values.get("state"))
    if state not in STATES:
        raise CallRefused(f"a recommendation is never '{state}'")
    document = document_at(session, region_id, case_id, seq)
    row = _followed(session, region_id, case_id)
    if row is None:
        row = _added(session, region_id, from_outside(document))
    if STATES.index(state) > STATES.index(row.state):  # a call that comes late opens nothing again
        row.state = state
        row.closed_on = document.on if state == CLOSED else None
    session.flush()
    register_follow_up(session, document, values, document.at)
    return row.id


def register_follow_up(session: Session, document: Document, values: Mapping[str, Any], now: datetime) -> None:
    """Put the plan of a follow-up, and its report once it is closed, into the register of the unit: it is done in the
    year after the one that was evaluated, and asked about in that year's worksheet."""
    row, state = _followed(session, document.region_id, document.case_id), str(values.get("state"))
    if row is not None and state in (PLANNED, CLOSED):
        register_case(session, document, row.unit_id, row.year + 1, FOLLOW_UP, state, now)


def _followed(session: Session, region_id: int, case_id: int) -> RecommendationRow | None:
    return session.scalar(
        select(RecommendationRow).where(
            RecommendationRow.region_id == region_id, RecommendationRow.follow_up_id == case_id
        )
    )


def from_outside(document: Document) -> dict[str, Any]:
    """A recommendation somebody registered, by the case that follows it up, as columns of a row."""
    answers, due = document.answers, document.answers.get("due_on")
    return {
        "unit_id": document.unit_id, "year": int(answers.get("year") or document.on.year - 1),
        "source": str(answers.get("source") or MINISTRY), "path": answers.get("path") or None,
        "text": str(answers.get("recommendation") or ""),
        "due_on": None if due is None else date.fromisoformat(str(due)[:10]), "state": OPEN, "closed_on": None,
        "case_id": None, "follow_up_id": document.case_id, "made_at": document.at,
    }  # fmt: skip
