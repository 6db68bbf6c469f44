"""Which acts of cases put something into the register of evidence, told again from the cases alone (reference §8.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.errors import AlurError
from engine.outbox.calls import DONE
from engine.outbox.models import ConnectorCall
from sakip.case_answers import document_at
from sakip.facts.agreements import register_agreement
from sakip.facts.draws import Act
from sakip.facts.follow_ups import register_closed, register_follow_up
from sakip.facts.models import EvidencePiece
from sakip.facts.published_reports import register_published, register_reviewed
from sakip.facts.report_facts import register_action_plan, register_verified
from sakip.facts.self_registered import register_tree
from sakip.tree.revising import applied

Register = Callable[[Session, Act], object]


def _tree(session: Session, act: Act) -> None:
    revision = applied(session, act.document.region_id, (act.document.case_id, act.document.seq))
    if revision is not None:
        register_tree(session, revision, act.at)


REGISTERS: Mapping[str, Register] = {
    "sakip.tree_in_force": _tree,
    "sakip.agreement_in_force": lambda session, act: register_agreement(session, act.document, act.at),
    "sakip.action_plan_in_force": lambda session, act: register_action_plan(session, act.document, act.at),
    "sakip.realisations_verified": lambda session, act: register_verified(session, act.document, act.at),
    "sakip.evaluation_closed": lambda session, act: register_closed(session, act.document, act.at),
    "sakip.report_published": lambda session, act: register_published(session, act.document, act.at),
    "sakip.report_reviewed": lambda session, act: register_reviewed(session, act.document, act.at),
    "sakip.follow_up_state": lambda session, act: register_follow_up(session, act.document, act.values, act.at),
}


def register_again(session: Session, region_id: int) -> list[EvidencePiece]:
    """Register everything of a region that its cases say and the register does not have. Returns what was missing, in
    the order of the acts; a piece that is there is left as it stands, with what people decided about it."""
    last = session.scalar(select(func.max(EvidencePiece.id))) or 0
    known = sorted(REGISTERS)
    query = select(ConnectorCall).where(
        ConnectorCall.region_id == region_id, ConnectorCall.state == DONE, ConnectorCall.connector.in_(known)
    )
    order = (ConnectorCall.created_at, ConnectorCall.case_id, ConnectorCall.revision, ConnectorCall.place)
    for call in session.scalars(query.order_by(*order)).all():
        try:
            document = document_at(session, region_id, call.case_id, call.revision)
            REGISTERS[call.connector](session, Act(document, call.created_at, call.content))
        except (AlurError, ValueError):  # drawing its facts names what is wrong with such an act
            continue
    session.flush()
    added = select(EvidencePiece).where(EvidencePiece.region_id == region_id, EvidencePiece.id > last)
    return list(session.scalars(added.order_by(EvidencePiece.id)))
