"""A legal hold: a case that a court or an audit still needs is kept, whatever its time says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.audit.record import record
from engine.changes import Refusal
from engine.channel.keeping import key_of, name_of, refused, require_copy
from engine.disclosure.case_keys import CaseName
from engine.disclosure.keyring import held
from engine.disclosure.models import SealedCase
from engine.disclosure.seals import opened_with, seal_of
from engine.errors import KeyNeeded, NotFound

SHORTEST_REASON, LONGEST_REASON = 10, 2000  # characters


def set_hold(session: Session, person_id: int, case_id: int, reason: str, now: datetime) -> Refusal | None:
    """Keeps a case whatever its time says: a court, an audit. Refused without a reason. Raises NotFound, KeyNeeded."""
    reader = require_copy(session, person_id, case_id, now)
    said = reason.strip()
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        return refused(
            f"Tulis alasannya, {SHORTEST_REASON} sampai {LONGEST_REASON} huruf.",
            f"Say why, in {SHORTEST_REASON} to {LONGEST_REASON} characters.",
        )
    row, seal = session.get_one(SealedCase, case_id), seal_of(session, case_id)
    row.is_held = True
    row.hold = seal.lock_json("hold", {"by": name_of(session, person_id), "on": reader.today.isoformat(), "why": said})
    session.flush()
    record(session, reader.region_id, person_id, "hold_set", f"case:{case_id}", None, None, now)
    return None


def lift_hold(session: Session, person_id: int, case_id: int, now: datetime) -> None:
    """The reason is gone; from now on the time counts again, and two people still have to agree. Raises NotFound."""
    reader = require_copy(session, person_id, case_id, now)
    row = session.get_one(SealedCase, case_id)
    if not row.is_held:
        raise NotFound("This case is not held.")
    row.is_held, row.hold = False, None
    session.flush()
    record(session, reader.region_id, person_id, "hold_lifted", f"case:{case_id}", None, None, now)


def hold_of(session: Session, kept: SealedCase, number: str) -> Mapping[str, Any] | None:
    """Who holds a case, since when and why; {} for who has no key at hand, None when nobody does."""
    if not kept.is_held or kept.hold is None:
        return None
    try:
        seal = opened_with(session, held(session), kept.case_id, CaseName(key_of(session, kept.region_id), number))
    except KeyNeeded:
        return {}
    found: Mapping[str, Any] = seal.unlock_json("hold", kept.hold)
    return found
