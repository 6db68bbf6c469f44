"""What the cases of the tree call when they are decided: a revision goes in force, a partner has answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from engine.cases.hearing import hear
from engine.connectors import Call
from sakip.case_answers import document_at
from sakip.facts.following import after_revision
from sakip.facts.self_registered import register_tree
from sakip.tree.agreeing import ask_partners, draw_edge
from sakip.tree.in_force import HeldUp, put_in_force

TOOK_EFFECT, HELD_UP = "took_effect", "held_up"  # what the case hears


def tree_in_force(session: Session, call: Call) -> Mapping[str, Any]:
    """Put the revision of the calling case in force, ask the partners of new edges, and tell the case; or tell it that
    it is held up, with the reasons as the call's result."""
    document = document_at(session, call.region_id, call.case_id, call.revision)
    outcome = put_in_force(session, document, call.at)
    if isinstance(outcome, HeldUp):
        hear(session, call.case_id, HELD_UP, call.at)
        return outcome.plain()
    after_revision(session, outcome, call.at)
    register_tree(session, outcome, call.at)
    asked = [] if document.initiator_id is None else ask_partners(session, outcome, document.initiator_id, call.at)
    hear(session, call.case_id, TOOK_EFFECT, call.at)
    return {"revision": outcome.number, "asked": [one.number for one in asked]}


def edge_agreed(session: Session, call: Call) -> Mapping[str, Any]:
    """Write what the partner answered in the calling case."""
    row = draw_edge(session, document_at(session, call.region_id, call.case_id, call.revision))
    return {"state": None if row is None else row.state}
