"""A draft becomes a sealed case: all of it or nothing, once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from engine.changes import Refusal
from engine.channel.drafting import CaseRef, DraftRef
from engine.channel.receipts import FreshReceipt
from engine.channel.settings import Channel
from engine.definitions.model import Text
from engine.errors import AlurError


class AlreadySent(AlurError):
    """The draft was sent before; the reporter's session has the receipt."""


@dataclass(frozen=True, slots=True)
class Sent:
    """``receipt`` is None when the draft had one: the reporter has it already. ``dates`` are promised: title, day."""

    receipt: str | None = field(repr=False)
    dates: tuple[tuple[Text, date], ...]
    case: CaseRef | None = None


def send(
    session: Session, ref: DraftRef, channel: Channel, fresh: FreshReceipt | None, now: datetime, *, network: str = ""
) -> Sent | Refusal:
    """Opens the case and takes the draft away, in the caller's transaction. ``fresh`` may be None for a draft with a
    receipt. ``network`` is the visitor's address, counted coarsely and forgotten. Raises AlreadySent when the draft is
    gone, TooManyReports."""
    raise NotImplementedError


class TooManyReports(AlurError):
    """One network sent many reports; ``retry_at`` is when to come again."""

    def __init__(self, retry_at: datetime) -> None:
        super().__init__("Too many reports from this network. Please try again later.")
        self.retry_at = retry_at
