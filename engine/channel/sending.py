"""A draft becomes a sealed case: all of it or nothing, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.cases.answers import from_store
from engine.cases.models import Incident
from engine.cases.open_sealed import OpenedSealed, open_sealed
from engine.cases.promised import owed
from engine.cases.refusals import missing_fields
from engine.cases.stored import read_case
from engine.changes import FieldFault, Refusal
from engine.channel import draft_store
from engine.channel.counting import Visitor, count_report, is_alarming
from engine.channel.draft_store import About, Kept, Opened
from engine.channel.drafting import Draft, missing, read_draft
from engine.channel.evidence import with_files
from engine.channel.files_noted import note_files
from engine.channel.keys import CaseRef, DraftRef, day_of, hold_receipt
from engine.channel.model import PEOPLE, Channel
from engine.channel.positions_named import holders_named
from engine.channel.receipts import FreshReceipt
from engine.channel.telling_people import tell_people
from engine.definitions.model import Text
from engine.disclosure import conversation, sealed_files
from engine.disclosure.days import coarse
from engine.disclosure.declared import Declared, declared_identity, identity_text
from engine.disclosure.keyring import RECEIPT, Keyring, hold
from engine.disclosure.models import ReceiptRow
from engine.disclosure.primitives import pair_of
from engine.disclosure.sealed_files import Owner
from engine.errors import AlurError, InvalidInput, NotFound

CLOSED = "channel_closed"
MANY_REPORTS = "many_reports"


class AlreadySent(AlurError):
    """The draft was sent before; the reporter's session has the receipt."""


class TooManyReports(AlurError):
    """One network sent many reports; ``retry_at`` is when to come again."""

    def __init__(self, retry_at: datetime) -> None:
        super().__init__("Too many reports from this network. Please try again later.")
        self.retry_at = retry_at


@dataclass(frozen=True, slots=True)
class Sent:
    """``receipt`` is None when the draft had one: the reporter has it already. ``dates`` are promised: title, day;
    ``spans`` too, from a step to come on: title, how long."""

    receipt: str | None = field(repr=False)
    dates: tuple[tuple[Text, date], ...]
    spans: tuple[tuple[Text, Text], ...]
    case: CaseRef


def send(
    session: Session,
    ref: DraftRef,
    channel: Channel,
    fresh: FreshReceipt | None,
    now: datetime,
    *,
    network: str = "",
    pepper: bytes = b"",
) -> Sent | Refusal:
    """Opens the case and takes the draft away, in the caller's transaction. ``fresh`` may be None for a draft with a
    receipt. ``network`` is the visitor's address, counted coarsely under ``pepper`` and forgotten; without one nothing
    is counted. Raises AlreadySent when the draft is gone, TooManyReports."""
    try:
        draft = draft_store.opened(session, ref, is_locked=True)
    except NotFound:
        raise AlreadySent("This draft was sent before.") from None
    view = read_draft(session, ref)
    channel = channel.of(view.kind)
    refused = _closed(channel) or _lacking(view, channel)
    if refused is not None:
        return refused
    visitor = Visitor(network, pepper) if pepper else None
    if visitor is not None:
        later = count_report(session, channel, visitor, now)
        if later is not None:
            raise TooManyReports(later)
    opened = _opened(session, channel, draft, view, fresh, now)
    if isinstance(opened, Refusal):
        return opened
    case = _belongs(session, channel, draft, opened, fresh, now)
    if draft.kept.about is not None:
        _tell_the_first(session, channel, draft.kept.kind, draft.kept.about, opened.number, now)
    hold_receipt(session, case, now)
    note_files(session, case.case_id, view.files, coarse(now, ZoneInfo(channel.timezone)))
    if visitor is not None and is_alarming(session, channel, visitor, now):
        _alarm(session, channel, now)
    promised = owed(read_case(session, case.case_id, now))
    dates = tuple((each.title, each.on) for each in promised if each.on is not None)
    spans = tuple((each.title, each.span) for each in promised if each.span is not None)
    return Sent(None if draft.row.has_receipt or fresh is None else fresh.receipt, dates, spans, case)


def _closed(channel: Channel) -> Refusal | None:
    return None if channel.closed is None else Refusal(CLOSED, channel.closed)


def _lacking(view: Draft, channel: Channel) -> Refusal | None:
    faults = tuple(FieldFault(each.field, each.message, "required") for each in missing(view, channel))
    return missing_fields(faults, {key: one.title for key, one in channel.form.fields.items()}) if faults else None


def _opened(
    session: Session, channel: Channel, draft: Opened, view: Draft, fresh: FreshReceipt | None, now: datetime
) -> OpenedSealed | Refusal:
    kept = draft.kept
    told = with_files(channel, kept.answers, view.files)
    pair = pair_of(_private(kept, fresh))
    hold(session, Keyring(RECEIPT, pair, now))  # mails leave at slots after the real moment, not after the day's begin
    return open_sealed(
        session,
        region_id=channel.region_id,
        case_type=channel.settings.case_type,
        answers=_typed(channel, _with_holders(session, channel, told, now)),
        receipt_public=pair.public,
        declared=_declared(kept, told).to_text(),
        identity=identity_text(str(kept.way), kept.identity),
        now=coarse(now, ZoneInfo(channel.timezone)),
    )


def _with_holders(session: Session, channel: Channel, told: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """With the names behind positions among the people named. The reporter's own words stay as they are (``told``): the
    page must not confirm who holds what."""
    page = next((one for one in channel.questions if one.kind == PEOPLE), None)
    rows = None if page is None else told.get(page.fields[0])
    if page is None or not rows:
        return told
    names = holders_named(session, channel.region_id, rows, now)
    return {**told, page.fields[0]: list(dict.fromkeys((*rows, *names)))}


def _typed(channel: Channel, answers: Mapping[str, Any]) -> dict[str, Any]:
    return dict(from_store(channel.definition.fields, answers))


def _declared(kept: Kept, told: Mapping[str, Any]) -> Declared:
    way = str(kept.way)
    about = None if kept.about is None else kept.about.number
    return Declared(way, declared_identity(way, kept.identity), kept.kind, about, told)


def _private(kept: Kept, fresh: FreshReceipt | None) -> bytes:
    if kept.private is not None:
        return kept.private
    if fresh is None:
        raise InvalidInput("A report needs a receipt.")
    return fresh.private


def _belongs(
    session: Session, channel: Channel, draft: Opened, opened: OpenedSealed, fresh: FreshReceipt | None, now: datetime
) -> CaseRef:
    """Receipt and files are the case's from now on, and the draft is gone."""
    today, case_id = day_of(channel, now), opened.case_id
    sealed_files.move(session, draft.owner, draft.seal, Owner(channel.region_id, case_id=case_id), opened.seal, today)
    if draft.row.has_receipt:
        mine = update(ReceiptRow).where(ReceiptRow.draft_id == draft.row.id)
        session.execute(mine.values(case_id=case_id, draft_id=None, wrapped=None, day=today))
    elif fresh is not None:
        session.add(
            ReceiptRow(
                lookup=fresh.lookup,
                region_id=channel.region_id,
                public=fresh.public,
                case_id=case_id,
                draft_id=None,
                wrapped=None,
                day=today,
            )
        )
    draft_store.drop(session, draft.row.id, with_receipt=False)
    return CaseRef(case_id, _private(draft.kept, fresh))


def _tell_the_first(session: Session, channel: Channel, kind: str, about: About, number: str, now: datetime) -> None:
    """Where the channel says so the first report's people read the number of the new one; who may not open that learns
    from the number nothing. A first report that is gone by now is told nothing."""
    linked = channel.settings.linked.get(kind)
    if linked is None or not linked.tells_the_first:
        return
    try:
        seal = hold_receipt(session, about.case, now)
    except NotFound:
        return
    today = day_of(channel, now)
    text = f"{linked.title.id}: {number}\n{linked.title.en}: {number}"
    conversation.say(session, seal, about.case.case_id, conversation.REPORTER, None, text, today)
    tell_people(session, about.case.case_id, now)


def _alarm(session: Session, channel: Channel, now: datetime) -> None:
    """Once a day a region's supervisors learn that very many reports come in; nothing is stopped by that."""
    today = coarse(now, ZoneInfo(channel.timezone))
    known = select(Incident.id).where(
        Incident.region_id == channel.region_id, Incident.code == MANY_REPORTS, Incident.raised_at >= today
    )
    if session.scalar(known.limit(1)) is None:
        session.add(
            Incident(
                region_id=channel.region_id,
                case_id=None,
                code=MANY_REPORTS,
                state=None,
                detail="",
                raised_at=today,
                resolved_at=None,
            )
        )
        session.flush()  # and no line in a log: its moment would be that of somebody's report
