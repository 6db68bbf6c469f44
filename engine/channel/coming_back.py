"""Somebody types a receipt: one answer and one price for unknown, malformed, expired and deleted ones."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine.channel import draft_store
from engine.channel.counting import Visitor, reserve_try, settle_try
from engine.channel.keys import CaseRef, DraftRef, draft_name, hold_receipt
from engine.channel.model import Channel
from engine.channel.receipts import cost_today
from engine.database import Database
from engine.disclosure import receipt as codes
from engine.disclosure.budget import OF_THIS_PROCESS, MemoryBudget
from engine.disclosure.keyring import hold
from engine.disclosure.models import ReceiptRow
from engine.disclosure.primitives import FORMAT, CannotOpen, Cost, KeyPair, pair_of, unseal
from engine.disclosure.receipt import Derived
from engine.disclosure.seals import to_bytes
from engine.errors import NotFound

_NO_CASE = 0
_NO_KEY = FORMAT + bytes(112)  # as long as a sealed key


@dataclass(frozen=True, slots=True)
class NotKnown:
    """The one answer for whatever does not open anything."""


@dataclass(frozen=True, slots=True)
class TooMany:
    """Too many wrong receipts from this neighbourhood; nothing was tried."""

    retry_at: datetime


def come_back(
    database: Database,
    channel: Channel,
    typed: str,
    pepper: bytes,
    address: str,
    now: datetime,
    *,
    cost: Cost | None = None,
    budget: MemoryBudget = OF_THIS_PROCESS,
) -> CaseRef | DraftRef | NotKnown | TooMany:
    """What the typed receipt opens. Opens transactions of its own; none is held during the slow hash, so the caller
    must hold none either. ``address`` is the visitor's, counted coarsely and forgotten. Raises Unacceptable over 128
    characters, and TooBusy: then the try does not count."""
    visitor = Visitor(address, pepper)
    with database.writing() as session:
        later = reserve_try(session, channel, visitor, now)
        session.commit()
    if later is not None:
        return TooMany(later)
    try:
        derived = codes.derived(typed, channel.salt, pepper, cost=cost or cost_today(), budget=budget)
    except Exception:
        _settle(database, channel, visitor, now, counts=False)
        raise
    with database.reading() as session:
        found = _found(session, channel, derived, now)
    _settle(database, channel, visitor, now, counts=isinstance(found, NotKnown))
    return found


def _settle(database: Database, channel: Channel, visitor: Visitor, now: datetime, *, counts: bool) -> None:
    with database.writing() as session:
        settle_try(session, channel, visitor, now, counts=counts)
        session.commit()


def _found(session: Session, channel: Channel, derived: Derived, now: datetime) -> CaseRef | DraftRef | NotKnown:
    row = session.get(ReceiptRow, derived.lookup.hex())
    pair = pair_of(derived.key)
    if row is None or row.region_id != channel.region_id:
        return _nothing(session, channel, derived, pair)
    try:
        if row.case_id is not None:
            ref = CaseRef(row.case_id, derived.key)
            hold_receipt(session, ref, now)
            return ref
        found = DraftRef(str(row.draft_id), _draft_key(channel, row, pair))
        draft_store.opened(session, found)
        return found
    except (NotFound, CannotOpen):
        return NotKnown()
    finally:
        hold(session, None)


def _draft_key(channel: Channel, row: ReceiptRow, pair: KeyPair) -> bytes:
    return unseal(pair, to_bytes(row.wrapped or ""), draft_name(channel.region, str(row.draft_id)).context("draft-key"))


def _nothing(session: Session, channel: Channel, derived: Derived, pair: KeyPair) -> NotKnown:
    """The work a receipt of a case costs, done for one that finds nothing: the time must not say which it was."""
    with suppress(NotFound):
        hold_receipt(session, CaseRef(_NO_CASE, derived.key))
    with suppress(CannotOpen):
        unseal(pair, _NO_KEY, draft_name(channel.region, "nothing").context("draft-key"))
    return NotKnown()
