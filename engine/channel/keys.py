"""What opens a draft or a report for its reporter, and how it is held while one transaction runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from engine.channel.model import Channel
from engine.disclosure.case_keys import CaseName
from engine.disclosure.keyring import RECEIPT, Keyring, hold
from engine.disclosure.primitives import pair_of
from engine.disclosure.seals import CaseSeal, seal_of
from engine.errors import KeyNeeded, NotFound


@dataclass(frozen=True, slots=True)
class DraftRef:
    """Opens one draft; lives in the reporter's locked web session."""

    id: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaseRef:
    """Opens one case for its reporter; lives in the reporter's locked web session."""

    case_id: int
    private: bytes = field(repr=False)


def draft_name(region: str, draft_id: str) -> CaseName:
    """A draft's texts and files are locked as a case's are, under a name of its own."""
    return CaseName(region, f"draft:{draft_id}")


def draft_seal(region: str, ref: DraftRef) -> CaseSeal:
    """What reads and writes a draft."""
    return CaseSeal(draft_name(region, ref.id), ref.key)


def hold_receipt(session: Session, ref: CaseRef, now: datetime | None = None) -> CaseSeal:
    """From now on the session reads and writes the reporter's case; ``now`` is the real moment, where mails will leave
    because of it. Raises NotFound when it is gone, or another
    receipt took this one's place: the two are not told apart."""
    hold(session, Keyring(RECEIPT, pair_of(ref.private), now))
    try:
        return seal_of(session, ref.case_id)
    except (KeyNeeded, NotFound):
        hold(session, None)
        raise NotFound("There is no such report.") from None


def day_of(channel: Channel, now: datetime) -> date:
    """The region's day: all that is kept of a reporter's moment."""
    return now.astimezone(ZoneInfo(channel.timezone)).date()
