"""A report not yet sent: read, changed and judged by whoever has its key, the browser's session or a receipt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from engine.channel.receipts import FreshReceipt
from engine.channel.settings import REPORT, Channel, Question
from engine.definitions.model import Text
from engine.disclosure.vault import Vault

Cleaning = Callable[..., Any]  # delivery.cleaning.clean.clean


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


@dataclass(frozen=True, slots=True)
class FileView:
    """A file as its sender reads it. ``size`` in bytes, of the cleaned copy; ``notes`` what did not come along."""

    id: str
    name: str
    size: int
    media_type: str
    side: str = "reporter"
    day: date | None = None
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """``answers`` by field key, in stored form (plain values, a person's rows as texts); ``kind`` of KINDS."""

    kind: str
    way: str | None
    identity: Mapping[str, str]
    answers: Mapping[str, Any]
    files: tuple[FileView, ...]
    has_receipt: bool
    about: str | None  # the number of the first report, of a linked one
    answered: frozenset[str] = frozenset()  # questions that were passed, filled in or skipped
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Faults:
    """What of the input cannot be taken, by field key (``way``, ``identity.name``, ``summary``); what was fine is
    kept."""

    by_field: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Missing:
    """What still keeps a draft from being sent: on which page (``way``, ``identity`` or a question's key)."""

    question: str
    field: str
    message: Text


@dataclass(frozen=True, slots=True)
class Unfit:
    """A file that stays outside, and why; ``status`` 413 for too large or too many, 415 for a kind not taken, 503 for
    a file that may come again, else 422."""

    reason: Text
    status: int


def new_draft(
    session: Session, channel: Channel, now: datetime, *, kind: str = REPORT, about: CaseRef | None = None
) -> DraftRef:
    """An empty draft; with ``about`` a report linked to that one. Raises NotFound for a case that is gone."""
    raise NotImplementedError


def read_draft(session: Session, ref: DraftRef) -> Draft:
    """The draft. Raises NotFound when it is gone: sent, given up, or too old."""
    raise NotImplementedError


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
    that holds it is refused. Raises NotFound."""
    raise NotImplementedError


def visible_questions(draft: Draft, channel: Channel) -> tuple[Question, ...]:
    """The pages to be asked for these answers, each with its visible fields alone."""
    raise NotImplementedError


def missing(draft: Draft, channel: Channel) -> tuple[Missing, ...]:
    """What still keeps it from being sent, in the order of the pages."""
    raise NotImplementedError


def attach_to_draft(
    session: Session,
    ref: DraftRef,
    channel: Channel,
    stream: BinaryIO,
    name: str,
    vault: Vault,
    clean: Cleaning,
    now: datetime,
) -> FileView | Unfit:
    """Cleans, seals and keeps one file. ``stream`` is read once, never beyond one step over the limit."""
    raise NotImplementedError


def detach_from_draft(session: Session, ref: DraftRef, file_id: str, vault: Vault) -> None:
    """The file goes. Raises NotFound for one that is not of this draft."""
    raise NotImplementedError


def take_receipt(session: Session, ref: DraftRef, channel: Channel, fresh: FreshReceipt, now: datetime) -> str:
    """The draft can be come back to with ``fresh.receipt``, for ``draft_days``. Raises NotFound, and InvalidInput when
    it has one already."""
    raise NotImplementedError


def give_up(session: Session, ref: DraftRef, vault: Vault) -> None:
    """The draft and its files go; nothing happens when they are gone."""
    raise NotImplementedError
