"""What reporter and office say to each other in a case: locked one by one, in order, told with its day."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.disclosure.models import Conversation
from engine.disclosure.newest import note_new
from engine.disclosure.seals import CaseSeal, hold_still
from engine.errors import InvalidInput, NotFound

REPORTER, OFFICE = SIDES = ("reporter", "office")
LONGEST = 20_000  # characters


@dataclass(frozen=True, slots=True)
class Said:
    """One message. ``person_id`` is the officer's, None for the reporter; ``is_removed`` when the reporter took it off
    their own page."""

    id: str
    side: str
    person_id: int | None
    text: str
    on: date
    is_removed: bool


def say(session: Session, seal: CaseSeal, case_id: int, side: str, person_id: int | None, text: str, on: date) -> str:
    """Adds a message at the end; its id. ``on`` is the region's day. Raises InvalidInput for an empty text or one that
    is too long, NotFound when the case was destroyed meanwhile."""
    said = text.replace("\r\n", "\n").strip()
    if side not in SIDES or not said or len(said) > LONGEST:
        raise InvalidInput(f"A message has 1 to {LONGEST} characters.")
    hold_still(session, case_id)  # two who write at once
    place = (session.scalar(select(func.max(Conversation.place)).where(Conversation.case_id == case_id)) or 0) + 1
    identity = secrets.token_hex(16)
    session.add(
        Conversation(
            id=identity,
            case_id=case_id,
            place=place,
            side=side,
            person_id=person_id,
            said_on=on,
            locked=seal.lock(f"message:{identity}", said),
        )
    )
    session.flush()
    note_new(session, case_id, on)
    return identity


def messages(session: Session, seal: CaseSeal, case_id: int, side: str) -> tuple[Said, ...]:
    """The conversation as this side reads it, oldest first: what the reporter removed is not on their page any more;
    the office goes on reading what it was told, and sees that it was removed."""
    query = select(Conversation).where(Conversation.case_id == case_id).order_by(Conversation.place)
    return tuple(
        Said(row.id, row.side, row.person_id, seal.unlock(f"message:{row.id}", row.locked), row.said_on, row.is_hidden)
        for row in session.scalars(query)
        if side == OFFICE or not row.is_hidden
    )


def count_of(session: Session, case_id: int, side: str, on: date) -> int:
    """How many messages this side wrote on a day."""
    written = select(func.count()).where(
        Conversation.case_id == case_id, Conversation.side == side, Conversation.said_on == on
    )
    return session.scalar(written) or 0


def take_back(session: Session, case_id: int, message_id: str) -> None:
    """The reporter takes a message, their own or the office's, off their page. Raises NotFound for one that is not of
    this case, or was taken off before."""
    row = session.get(Conversation, message_id)
    if row is None or row.case_id != case_id or row.is_hidden:
        raise NotFound("There is no such message.")
    row.is_hidden = True
    session.flush()
