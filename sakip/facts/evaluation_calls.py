"""What cases of evaluation and follow-up call: each act writes once, however often it is told (reference §3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from engine.connectors import Call
from sakip.facts.follow_ups import draw_closed, draw_follow_up
from sakip.facts.scores import draw_tier


def tier_locked(session: Session, call: Call) -> Mapping[str, Any]:
    """A tier's answers and scores, as they stood when its state was left (``tier``; of one ``agency`` if told)."""
    return {"answers": draw_tier(session, call.region_id, call.case_id, call.revision, call.values)}


def evaluation_closed(session: Session, call: Call) -> Mapping[str, Any]:
    """The scores stay as they are from now on; each recommendation opens its case of follow-up."""
    return {"recommendations": draw_closed(session, call.region_id, call.case_id, call.revision, call.at)}


def follow_up_state(session: Session, call: Call) -> Mapping[str, Any]:
    """How far a recommendation is followed up (``state``: open, planned, closed)."""
    return {"recommendation": draw_follow_up(session, call.region_id, call.case_id, call.revision, call.values)}
