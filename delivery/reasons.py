"""Why somebody gets a mail, in a sentence: the question every unexpected mail raises."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import Definition, Text
from engine.facts import Audience
from engine.organisation.directory import snapshot
from engine.outbox.messages import DueMessage
from engine.tasks.models import Offer

WHY = Text("Anda menerima surel ini karena {reason}.", "You receive this mail because {reason}.")
REASONS = {
    "assigned": Text("langkah tersebut dapat Anda kerjakan", "you can work on that step"),
    "reminder": Text("langkah tersebut menunggu Anda", "that step is waiting for you"),
    "escalated": Text("langkah tersebut terlambat dan dapat Anda kerjakan", "that step is late and you can work on it"),
    "returned": Text("kasus tersebut kembali kepada Anda", "that case has come back to you"),
    "stand_in": Text("tugas tersebut dikerjakan pengganti Anda", "your stand-in takes care of that step"),
    "incident": Text("Anda mengawasi alur tersebut", "you supervise that workflow"),
}
INVOLVED = Text("Anda terlibat dalam kasus tersebut", "you take part in that case")
STANDS_IN = Text(
    "Anda mewakili {principal} ({kind}) pada langkah tersebut", "you stand in for {principal} ({kind}) at that step"
)


def why(session: Session, message: DueMessage, definition: Definition, language: str, now: datetime) -> str:
    """The sentence for the reader of ``message``, in their language."""
    reason = _as_stand_in(session, message, definition, language, now)
    if reason is None:
        reason = REASONS.get(message.reason, INVOLVED).into(language)
    return WHY.into(language).replace("{reason}", reason)


def _as_stand_in(
    session: Session, message: DueMessage, definition: Definition, language: str, now: datetime
) -> str | None:
    """Whom the reader stands in for; None when they may act in their own right somewhere in the case."""
    if not message.task:
        return None
    directory = snapshot(session, message.region_id, now)
    # Of the whole case: in an approval one message may be about several tasks.
    offered = select(Offer.audience).where(Offer.case_id == message.case_id)
    audiences = [Audience(*text.split(":", 1)) for text in session.scalars(offered)]
    seats = [(at, seat) for at in audiences for seat in directory.seats(at, now) if seat.person == message.person_id]
    if not seats or any(seat.kind is None for _, seat in seats):
        return None
    audience, seat = seats[0]
    known = definition.substitution.get(seat.kind or "")
    principal = directory.person(seat.principal).name if isinstance(seat.principal, int) else ""
    return (
        STANDS_IN.into(language)
        .replace("{kind}", known.title.into(language) if known is not None else str(seat.kind))
        .replace("{principal}", principal or directory.title(audience, language))
    )
