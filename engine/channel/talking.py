"""What a reporter does with a report that was sent: writes, removes, acts, adds a file, takes a new receipt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from engine.cases.fire import fire
from engine.cases.models import History
from engine.cases.refusals import refuse
from engine.cases.stored import read_case
from engine.changes import Refusal
from engine.channel.drafting import Faults
from engine.channel.evidence import given_up_on_failure, too_many
from engine.channel.files_noted import note_files
from engine.channel.keys import CaseRef, day_of, hold_receipt
from engine.channel.model import Channel
from engine.channel.receipts import HOLDS_RECEIPT, FreshReceipt, holds_receipt
from engine.channel.report_page import own_actions
from engine.channel.telling_people import tell_people
from engine.definitions.model import Text
from engine.disclosure import conversation, receiving, sealed_files
from engine.disclosure.case_keys import Kind
from engine.disclosure.days import coarse
from engine.disclosure.keyring import RECEIPT
from engine.disclosure.models import CaseKey, ReceiptRow, SealedCase
from engine.disclosure.receiving import Received, Unfit
from engine.disclosure.sealed_files import FileView, Owner
from engine.disclosure.vault import Vault
from engine.facts import REPORTER, Command
from engine.field_types.question import is_blank

MOST_MESSAGES_A_DAY = 50  # all of them are opened for every page of the case
_ENOUGH = Text(
    "Cukup untuk hari ini. Tulis pesan berikutnya besok.", "That is enough for today. Write the next message tomorrow."
)
_EMPTY = Text("Tulis pesan Anda.", "Write your message.")


def say(
    session: Session, ref: CaseRef, channel: Channel, text: str, now: datetime, *, typed_receipt: str | None = None
) -> Faults | None:
    """A message to the office; faults (key ``text``) when it is empty, too long, or holds a receipt (``typed_receipt``
    is the reporter's where the page knows it). Closed reports take messages too. Raises NotFound."""
    seal = hold_receipt(session, ref, now)
    longest = min(channel.settings.rates.message_length, conversation.LONGEST)
    said = text.replace("\r\n", "\n").strip()
    if not said:
        return Faults({"text": _EMPTY})
    if len(said) > longest:
        count = len(said)
        return Faults(
            {
                "text": Text(
                    f"Pesan memuat {count} huruf. Paling panjang {longest}.",
                    f"The message has {count} characters. At most {longest} are possible.",
                )
            }
        )
    if holds_receipt(said, typed_receipt or ""):
        return Faults({"text": HOLDS_RECEIPT})
    today = day_of(channel, now)
    if conversation.count_of(session, ref.case_id, conversation.REPORTER, today) >= MOST_MESSAGES_A_DAY:
        return Faults({"text": _ENOUGH})
    conversation.say(session, seal, ref.case_id, conversation.REPORTER, None, said, today)
    tell_people(session, ref.case_id, now)
    return None


def take_back(session: Session, ref: CaseRef, message_id: str) -> None:
    """Removes a message from the reporter's page. Raises NotFound for one that is not of this report."""
    hold_receipt(session, ref)
    conversation.take_back(session, ref.case_id, message_id)


def act(
    session: Session,
    ref: CaseRef,
    channel: Channel,
    action: str,
    now: datetime,
    *,
    answers: Mapping[str, Any] | None = None,
    comment: str = "",
    typed_receipt: str | None = None,
) -> Refusal | None:
    """One of the page's actions; an answer left empty changes nothing. Raises NotFound."""
    hold_receipt(session, ref, now)
    stored = read_case(session, ref.case_id, now)
    view = next((one for one in own_actions(stored) if one.action == action), None)
    if view is None:
        return refuse("unknown_event", action=action)
    given = {key: value for key, value in (answers or {}).items() if key in view.edits and not is_blank(value)}
    texts = [comment, *(each for value in given.values() for each in _texts(value))]
    if any(holds_receipt(text, typed_receipt or "") for text in texts):
        return Refusal("field_invalid", HOLDS_RECEIPT)
    command = Command(action, REPORTER, view.state, view.item, comment.strip(), given)
    outcome = fire(session, ref.case_id, command, now=_moment(session, ref, channel, now))
    return outcome if isinstance(outcome, Refusal) else None


def add_file(
    session: Session, ref: CaseRef, channel: Channel, received: Received, vault: Vault, now: datetime
) -> FileView | Unfit:
    """Keeps a file that was taken in (``evidence.take_in``, before the transaction) with the report; one too many is
    refused and given up. Raises NotFound, and then it is given up too."""
    today = day_of(channel, now)
    with given_up_on_failure(received, vault):
        seal = hold_receipt(session, ref, now)
        owner = Owner(channel.region_id, case_id=ref.case_id)
        unfit = too_many(session, channel, owner, received, today)
        if unfit is not None:
            receiving.give_up(received, vault)
            return unfit
        view = sealed_files.keep(session, seal, owner, received, side="reporter", person_id=None, on=today)
        note_files(session, ref.case_id, [view], _moment(session, ref, channel, now))
        tell_people(session, ref.case_id, now)
        return view


def file_pieces(session: Session, ref: CaseRef, file_id: str, vault: Vault) -> tuple[FileView, Iterator[bytes]]:
    """A file the reporter sent, to be read again, verified as a whole before its first byte. Raises NotFound, also for
    a file of the office's; CannotOpen."""
    seal = hold_receipt(session, ref)
    region_id = session.get_one(SealedCase, ref.case_id).region_id
    owner = Owner(region_id, case_id=ref.case_id)
    return sealed_files.pieces_of(session, seal, owner, file_id, vault, side=conversation.REPORTER)


def new_receipt(session: Session, ref: CaseRef, channel: Channel, fresh: FreshReceipt, now: datetime) -> CaseRef:
    """From now on ``fresh.receipt`` opens the report, and the old receipt nothing. Raises NotFound."""
    seal = hold_receipt(session, ref, now)
    copy = seal.copies(Kind.CONTENT, {RECEIPT: fresh.public})[RECEIPT]
    mine = (CaseKey.case_id == ref.case_id, CaseKey.holder == RECEIPT, CaseKey.kind == str(Kind.CONTENT))
    row = session.scalars(select(CaseKey).where(*mine)).one()
    row.sealed = copy
    session.execute(delete(ReceiptRow).where(ReceiptRow.case_id == ref.case_id))
    session.add(
        ReceiptRow(
            lookup=fresh.lookup,
            region_id=channel.region_id,
            public=fresh.public,
            case_id=ref.case_id,
            draft_id=None,
            wrapped=None,
            day=day_of(channel, now),
        )
    )
    session.flush()
    renewed = CaseRef(ref.case_id, fresh.private)
    hold_receipt(session, renewed, now)
    return renewed


def _moment(session: Session, ref: CaseRef, channel: Channel, now: datetime) -> datetime:
    """The region's day, or the case's last act if that was today: clocks never run backwards."""
    last = session.scalar(select(func.max(History.at)).where(History.case_id == ref.case_id))
    return coarse(now, ZoneInfo(channel.timezone), last)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
