"""Edges between two units: asked, agreed or refused in a case of their own (reference §4.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.hearing import hear
from engine.cases.models import Link
from engine.cases.open import Opened, open_case
from engine.cases.stored import definition_of
from engine.errors import NotFound
from engine.organisation.directory import snapshot
from engine.organisation.models import Unit
from engine.publishing import library
from sakip.case_answers import Document
from sakip.configuration.levels import EdgeKind
from sakip.standing import configuration_of
from sakip.tree.models import EdgeRow, NodeRow, TreeRevision
from sakip.tree.rows import edge_key
from sakip.tree.values import AGREED, REFUSED, WAITING

ASKED = "asked"  # the link from the revision's case to those that ask
ASK = "ask"  # the act that sends the request to the partner
LONGEST_LINK = 120  # letters of the field ``link``
ANSWERS = {"agreed": AGREED, "refused": REFUSED}  # of the field ``answer``


@dataclass(frozen=True, slots=True)
class Asked:
    """An edge whose partner was asked, and the case in which they answer."""

    edge: str
    case_id: int
    number: str


def ask_partners(session: Session, revision: TreeRevision, person_id: int, now: datetime) -> list[Asked]:
    """Open a case for every edge that a revision brought and that waits for its partner, in the person's name; the
    revision's case is linked to it. Called once, by the act that put the revision in force.

    An edge to an institution that has no unit here is answered by nobody and goes on waiting, and so do those of a
    region that has not published the case type.
    """
    levels = configuration_of(session, revision.region_id).levels(revision.in_force_on.year)
    rows = select(EdgeRow).where(
        EdgeRow.region_id == revision.region_id, EdgeRow.revision_id == revision.id, EdgeRow.valid_to.is_(None),
        EdgeRow.state == WAITING, EdgeRow.partner_id.is_not(None),
    )  # fmt: skip
    asked = []
    for row in session.scalars(rows.order_by(EdgeRow.id)):
        kind = None if levels is None else levels.edges.get(row.kind)
        if kind is None:
            continue
        one = _ask(session, revision, row, kind, person_id, now)
        if one is not None:
            asked.append(one)
    session.flush()
    return asked


def _ask(
    session: Session, revision: TreeRevision, row: EdgeRow, kind: EdgeKind, person_id: int, now: datetime
) -> Asked | None:
    if kind.agreed_by is None:
        return None
    answers: dict[str, Any] = {
        "partner": row.partner_id, "link": kind.title.id[:LONGEST_LINK], "kind": row.kind,
        "starts": row.starts, "ends": row.ends or None, "weight": row.weight, "in_force_on": row.valid_from.isoformat(),
        "statement": _statement(session, row.region_id, row.starts),
        "contribution": _statement(session, row.region_id, row.ends),
    }  # fmt: skip
    partner = session.get_one(Unit, row.partner_id)
    try:
        digest = library.newest(session, row.region_id, kind.agreed_by, snapshot(session, row.region_id, now).day(now))
        asked = definition_of(session, digest).fields  # a form published before may not ask for everything
        opened = open_case(
            session, region_id=row.region_id, case_type=kind.agreed_by, person_id=person_id, unit_id=revision.unit_id,
            answers={name: value for name, value in answers.items() if name in asked and value not in (None, "")},
            title=f"{_statement(session, row.region_id, row.starts)[:200]} · {partner.name}"[:300], now=now,
        )  # fmt: skip
    except NotFound:
        return None
    if not isinstance(opened, Opened):
        return None
    if revision.case_id is not None:
        session.add(Link(case_id=revision.case_id, name=ASKED, other_case_id=opened.case_id))
        session.flush()
    hear(session, opened.case_id, ASK, now)
    return Asked(edge_key(row.kind, row.starts, row.ends, row.partner), opened.case_id, opened.number)


def _statement(session: Session, region_id: int, key: str) -> str:
    wanted = select(NodeRow.statement).where(NodeRow.region_id == region_id, NodeRow.key == key)
    return session.scalars(wanted.order_by(NodeRow.valid_to.is_(None).desc(), NodeRow.id.desc())).first() or ""


def draw_edge(session: Session, document: Document) -> EdgeRow | None:
    """The answer of a partner, from its case alone: from the day of the act the edge is agreed, or refused with the
    reason. Drawn again it is the same. None for an edge that is not there (any more)."""
    answers = document.answers
    kind, starts, ends = (str(answers.get(name) or "") for name in ("kind", "starts", "ends"))
    of_edge = (EdgeRow.region_id == document.region_id, EdgeRow.kind == kind, EdgeRow.starts == starts)
    wanted = select(EdgeRow).where(*of_edge, EdgeRow.ends == ends, EdgeRow.partner_id == answers.get("partner"))
    known = session.scalar(wanted.where(EdgeRow.case_id == document.case_id, EdgeRow.seq == document.seq))
    if known is not None:
        return known
    row = session.scalar(wanted.where(EdgeRow.valid_to.is_(None)))
    state = ANSWERS.get(str(answers.get("answer")))
    if row is None or state is None:
        return None
    return _answered(session, row, state, document)


def _answered(session: Session, row: EdgeRow, state: str, document: Document) -> EdgeRow:
    begins: date = max(row.valid_from, document.on)
    row.valid_to = begins - timedelta(days=1)
    session.flush()
    new = EdgeRow(
        region_id=row.region_id, kind=row.kind, starts=row.starts, ends=row.ends, weight=row.weight,
        partner_id=row.partner_id, partner=row.partner, state=state, case_id=document.case_id, seq=document.seq,
        reason=str(document.answers.get("answer_reason") or "") if state == REFUSED else "",
        revision_id=row.revision_id, valid_from=begins, valid_to=None,
    )  # fmt: skip
    session.add(new)
    session.flush()
    return new
