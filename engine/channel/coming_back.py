"""Somebody types a receipt: one answer and one price for unknown, malformed, expired and deleted ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.channel.drafting import CaseRef, DraftRef
from engine.channel.settings import Channel
from engine.database import Database
from engine.disclosure.budget import OF_THIS_PROCESS, MemoryBudget
from engine.disclosure.primitives import COST_OF_A_RECEIPT, Cost


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
    cost: Cost = COST_OF_A_RECEIPT,
    budget: MemoryBudget = OF_THIS_PROCESS,
) -> CaseRef | DraftRef | NotKnown | TooMany:
    """What the typed receipt opens. Opens transactions of its own; none is held during the slow hash, so the caller
    must hold none either. ``address`` is the visitor's, counted coarsely and forgotten. Raises Unacceptable over 128
    characters, and TooBusy."""
    raise NotImplementedError
