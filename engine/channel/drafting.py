"""A report not yet sent: read, changed and judged by whoever has its key, the browser's session or a receipt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from engine.channel import draft_store
from engine.channel.answering import by_field, lacking, shown_fields, taken
from engine.channel.draft_store import About, Kept, Opened
from engine.channel.evidence import given_up_on_failure, take_in, too_many, with_files
from engine.channel.identity import missing_identity, read_identity
from engine.channel.keys import CaseRef, DraftRef, day_of, hold_receipt
from engine.channel.model import EVIDENCE, REPORT, Channel, Question
from engine.channel.receipts import HOLDS_RECEIPT, FreshReceipt, holds_receipt
from engine.definitions.model import Text
from engine.disclosure import receiving, sealed_files
from engine.disclosure.declared import ANONYMOUS
from engine.disclosure.models import ReceiptRow
from engine.disclosure.primitives import seal
from engine.disclosure.receiving import Cleaning, Received, Unfit
from engine.disclosure.sealed_files import FileView
from engine.disclosure.seals import to_text
from engine.disclosure.vault import Vault
from engine.errors import InvalidInput, NotFound

__all__ = [
    "CaseRef", "Cleaning", "Draft", "DraftRef", "Faults", "FileView", "Missing", "Received", "Unfit",
    "attach_to_draft", "detach_from_draft", "give_up", "missing", "new_draft", "read_draft", "save_draft",
    "take_in", "take_receipt", "visible_questions",
]  # fmt: skip

WITHOUT_RECEIPT = timedelta(days=1)  # nobody can come back to such a draft once the browser's session is over
_CHOOSE_WAY = Text("Pilih cara melapor.", "Choose how to report.")


@dataclass(frozen=True, slots=True)
class Draft:
    """``answers`` by field key, in stored form; ``kind`` is REPORT or one of LINKED, and then ``about`` the
    number of the first report; ``answered`` are questions that were passed, filled in or skipped. It is kept until
    ``expires_on``."""

    kind: str
    way: str | None
    identity: Mapping[str, str]
    answers: Mapping[str, Any]
    files: tuple[FileView, ...]
    has_receipt: bool
    about: str | None
    answered: frozenset[str]
    day: date

    def expires_on(self, channel: Channel) -> date:
        """The last day it is kept."""
        return self.day + (timedelta(days=channel.settings.draft_days) if self.has_receipt else WITHOUT_RECEIPT)


@dataclass(frozen=True, slots=True)
class Faults:
    """What of the input cannot be taken, by field key (``way``, ``identity.name``, ``summary``); nothing was kept."""

    by_field: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Missing:
    """What still keeps a draft from being sent: on which page (``way``, ``identity`` or a question's key)."""

    question: str
    field: str
    message: Text


def new_draft(
    session: Session, channel: Channel, now: datetime, *, kind: str = REPORT, about: CaseRef | None = None
) -> DraftRef:
    """An empty draft; with ``about`` a report linked to that one, filled in beforehand as the channel says. Raises
    NotFound for a case that is gone, or a kind the channel does not have."""
    kept = Kept(kind)
    if kind != REPORT:
        linked = channel.settings.linked.get(kind)
        if linked is None or about is None:
            raise NotFound("There is no such report.")
        first = hold_receipt(session, about, now)
        fields = channel.of(kind).definition.fields
        known = {key: value for key, value in linked.answers.items() if key in fields}
        kept = replace(kept, answers=known, about=About(first.name.case, about))
    return draft_store.add(session, channel.region_id, channel.region, kept, day_of(channel, now))


def read_draft(session: Session, ref: DraftRef) -> Draft:
    """The draft. Raises NotFound when it is gone: sent, given up, or too old."""
    return _view(session, draft_store.opened(session, ref))


def save_draft(
    session: Session,
    ref: DraftRef,
    channel: Channel,
    now: datetime,
    *,
    way: str | None = None,
    identity: Mapping[str, str] | None = None,
    question: str | None = None,
    answers: Mapping[str, Any] | None = None,
    receipt: str | None = None,
) -> Draft | Faults:
    """Keeps what one page sent; nothing is kept where there are faults. ``question`` is the page, ``answers`` its
    fields as typed; a page skipped sends no answers. ``receipt`` is the reporter's where the page knows it: a text
    that holds it is refused. Raises NotFound for a draft that is gone and for a page that is not asked."""
    draft = draft_store.opened(session, ref, is_locked=True)
    channel = channel.of(draft.kept.kind)
    kept, faults = draft.kept, _with_receipt({**(identity or {}), **(answers or {})}, receipt or "")
    if way is not None:
        if way not in [one.key for one in channel.settings.ways]:
            faults["way"] = _CHOOSE_WAY
        kept = replace(kept, way=way, identity={} if way == ANONYMOUS else kept.identity)
    if identity is not None:
        typed, wrong = read_identity(channel, identity)
        faults |= {**wrong, **missing_identity(channel, kept.way, typed)}
        kept = replace(kept, identity=typed)
    if question is not None:
        kept, wrong = _answered(session, channel, kept, question, answers, now)
        faults |= wrong
    if faults:
        return Faults(faults)
    return _view(session, draft_store.write(session, draft, kept, day_of(channel, now)))


def visible_questions(draft: Draft, channel: Channel) -> tuple[Question, ...]:
    """The pages to be asked for these answers, each with its visible fields alone."""
    return tuple(_visible(channel.of(draft.kind), draft.answers))


def missing(draft: Draft, channel: Channel) -> tuple[Missing, ...]:
    """What still keeps it from being sent, in the order of the pages."""
    channel, found = channel.of(draft.kind), list[Missing]()
    if draft.way is None:
        found.append(Missing("way", "way", _CHOOSE_WAY))
    for field, message in missing_identity(channel, draft.way, draft.identity).items():
        found.append(Missing("identity", field, message))
    answers = with_files(channel, draft.answers, draft.files)
    for question in _visible(channel, answers):
        for fault in lacking(channel, answers, question.fields):
            found.append(Missing(question.key, fault.path.partition(".")[0], fault.message))
    return tuple(found)


def attach_to_draft(
    session: Session, ref: DraftRef, channel: Channel, received: Received, vault: Vault, now: datetime
) -> FileView | Unfit:
    """Keeps a file that was taken in (``evidence.take_in``, before the transaction) with the draft; one too many is
    refused and given up. Raises NotFound, and then the file is given up too."""
    today = day_of(channel, now)
    with given_up_on_failure(received, vault):
        draft = draft_store.opened(session, ref, is_locked=True)
        unfit = too_many(session, channel, draft.owner, received, today)
        if unfit is not None:
            receiving.give_up(received, vault)
            return unfit
        draft_store.write(session, draft, draft.kept, today)
        return sealed_files.keep(session, draft.seal, draft.owner, received, side="reporter", person_id=None, on=today)


def detach_from_draft(session: Session, ref: DraftRef, file_id: str, vault: Vault) -> None:
    """The file goes. Raises NotFound for one that is not of this draft."""
    draft = draft_store.opened(session, ref, is_locked=True)
    sealed_files.remove(session, draft.owner, file_id, vault)


def take_receipt(session: Session, ref: DraftRef, channel: Channel, fresh: FreshReceipt, now: datetime) -> str:
    """The draft can be come back to with the receipt given back, ``fresh.receipt``, for ``draft_days``. Raises
    NotFound, and InvalidInput when it has one already."""
    draft = draft_store.opened(session, ref, is_locked=True)
    if draft.row.has_receipt:
        raise InvalidInput("This draft has a receipt already.")
    wrapped = seal(fresh.public, ref.key, draft.seal.name.context("draft-key"))
    today = day_of(channel, now)
    session.add(
        ReceiptRow(
            lookup=fresh.lookup,
            region_id=draft.row.region_id,
            public=fresh.public,
            case_id=None,
            draft_id=ref.id,
            wrapped=to_text(wrapped),
            day=today,
        )
    )
    draft.row.has_receipt = True
    draft_store.write(session, draft, replace(draft.kept, private=fresh.private), today)
    return fresh.receipt


def give_up(session: Session, ref: DraftRef, vault: Vault) -> None:
    """The draft and its files go; nothing happens when they are gone."""
    try:
        draft = draft_store.opened(session, ref, is_locked=True)
    except NotFound:
        return
    sealed_files.remove_all(session, draft.owner, vault)
    draft_store.drop(session, ref.id, with_receipt=True)


def _answered(
    session: Session, channel: Channel, kept: Kept, key: str, raw: Mapping[str, Any] | None, now: datetime
) -> tuple[Kept, dict[str, Text]]:
    """One page's answers over the others. Pages are asked in any order, but only those that are asked at all."""
    if kept.way is None:
        return kept, {"way": _CHOOSE_WAY}
    asked = next((one for one in _visible(channel, kept.answers) if one.key == key), None)
    if asked is None:
        raise NotFound("There is no such question.")
    answers = kept.answers
    if raw is not None and asked.kind != EVIDENCE:
        given = {field: raw[field] for field in asked.fields if field in raw}
        answers, faults = taken(session, channel, asked, kept.answers, given, now)
        if faults:
            return kept, faults
        if not asked.may_skip:
            wrong = by_field(lacking(channel, answers, asked.fields))
            if wrong:
                return kept, wrong
    return replace(kept, answers=answers, answered=tuple(dict.fromkeys((*kept.answered, key)))), {}


def _visible(channel: Channel, answers: Mapping[str, Any]) -> Iterator[Question]:
    fields = shown_fields(channel, answers)
    for question in channel.questions:
        asked = tuple(key for key in question.fields if key in fields)
        if asked:
            yield replace(question, fields=asked)


def _view(session: Session, draft: Opened) -> Draft:
    kept = draft.kept
    return Draft(
        kind=kept.kind,
        way=kept.way,
        identity=kept.identity,
        answers=kept.answers,
        files=sealed_files.listed(session, draft.seal, draft.owner),
        has_receipt=draft.row.has_receipt,
        about=None if kept.about is None else kept.about.number,
        answered=frozenset(kept.answered),
        day=draft.row.day,
    )


def _with_receipt(given: Mapping[str, Any], receipt: str) -> dict[str, Text]:
    return {key: HOLDS_RECEIPT for key, value in given.items() if any(holds_receipt(t, receipt) for t in _texts(value))}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
