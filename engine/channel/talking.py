"""What a reporter does with a report that was sent: writes, removes, acts, adds a file, takes a new receipt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from engine.changes import Refusal
from engine.channel.drafting import CaseRef, Cleaning, Faults, FileView, Unfit
from engine.channel.receipts import FreshReceipt
from engine.channel.settings import Channel
from engine.disclosure.vault import Vault


def say(
    session: Session, ref: CaseRef, channel: Channel, text: str, now: datetime, *, typed_receipt: str | None = None
) -> Faults | None:
    """A message to the office; faults (key ``text``) when it is empty, too long, or holds a receipt. Closed reports
    take messages too. Raises NotFound."""
    raise NotImplementedError


def take_back(session: Session, ref: CaseRef, message_id: str) -> None:
    """Removes a message from the reporter's page. Raises NotFound for one that is not of this report."""
    raise NotImplementedError


def act(
    session: Session,
    ref: CaseRef,
    channel: Channel,
    action: str,
    now: datetime,
    *,
    answers: Mapping[str, Any] | None = None,
    comment: str = "",
) -> Refusal | None:
    """One of the page's actions. Raises NotFound."""
    raise NotImplementedError


def add_file(
    session: Session,
    ref: CaseRef,
    channel: Channel,
    stream: BinaryIO,
    name: str,
    vault: Vault,
    clean: Cleaning,
    now: datetime,
) -> FileView | Unfit:
    """Cleans, seals and keeps one file with the report. Raises NotFound."""
    raise NotImplementedError


def file_pieces(session: Session, ref: CaseRef, file_id: str, vault: Vault) -> tuple[FileView, Iterator[bytes]]:
    """A file of the report to be read again, verified as a whole before its first byte. Raises NotFound, CannotOpen."""
    raise NotImplementedError


def new_receipt(session: Session, ref: CaseRef, channel: Channel, fresh: FreshReceipt, now: datetime) -> CaseRef:
    """From now on ``fresh.receipt`` opens the report, and the old receipt nothing. Raises NotFound."""
    raise NotImplementedError
