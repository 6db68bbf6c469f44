"""Letters that are about no case: a part of the installation puts one into the outbox for a person, once a number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.database import insert_or
from engine.outbox.messages import WAITING
from engine.outbox.models import Message

NO_CASE = 0


def is_queued(session: Session, person_id: int, kind: str, number: int) -> bool:
    """Whether the person's letter of that kind and number is in the outbox, left it or was given up."""
    there = select(Message.id).where(
        Message.case_id == NO_CASE, Message.revision == number, Message.notification == kind,
        Message.audience == f"person:{person_id}",
    )  # fmt: skip
    return session.scalar(there) is not None


def queue_letter(
    session: Session, region_id: int, person_id: int, kind: str, number: int, content: Mapping[str, Any], now: datetime
) -> None:
    """Let a letter wait to leave. ``kind`` is ``part.what``; of one ``number`` (a month: 202603) a person gets one,
    however often this is called. ``content`` is what ``delivery.without_case`` reads; the caller commits."""
    row = {
        "region_id": region_id, "case_id": NO_CASE, "revision": number, "task": 0, "notification": kind,
        "reason": kind.partition(".")[2], "audience": f"person:{person_id}", "person_id": person_id,
        "content": dict(content), "is_urgent": False, "created_at": now, "not_before": now, "state": WAITING,
    }  # fmt: skip
    session.execute(insert_or(session, Message).values(**row).on_conflict_do_nothing())
