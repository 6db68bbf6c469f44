"""A case as a page shows it: plain values, nothing left to look up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.cases.sealed_values import SealedView
from engine.changes import ActionView
from engine.definitions.model import Definition, Form, Text
from engine.facts import CaseFacts, PersonId, Seat


@dataclass(frozen=True, slots=True)
class StateView:
    """One step on the case's road. ``mark`` is done, now or waiting; ``who`` are names."""

    key: str
    title: Text
    mark: str
    who: tuple[str, ...] = ()
    due_at: datetime | None = None
    entered_at: datetime | None = None
    left_at: datetime | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class TaskView:
    """An open task. ``candidates`` are names of people who could act now; ``waits_for`` the audiences' titles."""

    number: int
    state: str
    title: Text
    place: str | None
    place_title: Text | None
    item: str | None
    candidates: tuple[str, ...]
    waits_for: tuple[Text, ...]
    assignee_id: PersonId | None
    assignee_name: str | None
    claimed_at: datetime | None
    opened_at: datetime
    due_at: datetime | None
    is_mine: bool  # claimed by the reader, or theirs alone
    may_claim: bool
    may_release: bool
    may_assign: bool
    instructions: Text | None = None
    seat: Seat | None = None  # of the reader, when they could act here only as a stand-in
    in_name_of: Text | None = None  # whom they would stand in for


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act as it is told. ``sentence`` is complete without the comment; ``changed`` are titles of fields."""

    seq: int
    at: datetime
    actor_id: PersonId | None
    actor_name: str | None  # None: the system
    principal_name: str | None
    kind: str | None  # of the substitution
    action: str
    action_title: Text
    state: str | None
    sentence: Text
    comment: str
    changed: tuple[Text, ...] = ()
    details: Mapping[str, Any] | None = None
    left: tuple[str, ...] = ()  # keys of states
    entered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One answer that differs. ``path`` is dotted, rows from 0; ``titles`` lead there; values are typed."""

    path: str
    titles: tuple[Text, ...]
    field: str  # the top-level field
    old: Any
    new: Any
    kind: str  # changed, added, removed


@dataclass(frozen=True, slots=True)
class ReturnView:
    """What the case was sent back with, and what has changed since."""

    note: str
    by: str | None
    principal_name: str | None
    at: datetime
    seq: int
    since: datetime | None  # the newest of the changes
    changes: tuple[AnswerChange, ...]


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """``id`` is a number, in a sealed case 32 hexadecimal digits; ``person_name`` is None for the reporter.
    ``original_id`` names the file as it was sent, where it was kept and this reader may have it."""

    id: int | str
    name: str
    media_type: str
    size: int
    sha256: str
    person_name: str | None
    attached_at: datetime
    original_id: str | None = None


@dataclass(frozen=True, slots=True)
class MessageView:
    """A row of the outbox that belongs to the case. ``reason`` says why; ``to`` is a name or an audience's title."""

    id: int
    reason: str
    notification: str
    to: str
    state: str
    created_at: datetime
    sent_at: datetime | None
    last_error: str | None


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document that can be downloaded. ``field`` names it in the definition."""

    field: str
    title: Text
    template: str
    revision: int
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class LinkView:
    name: str
    case_id: int
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class CommentView:
    person_name: str
    said_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything the page of one case needs, for one reader.

    ``reader`` asked for it at ``now``; all moments are aware (UTC). ``fields`` says per field of ``form`` what the
    reader may do: edit, read or hidden. ``documents`` are those a step has asked for.
    """

    case_id: int
    number: str
    title: str
    case_type: str
    type_title: Text
    region: str
    region_name: str
    timezone: str
    unit_name: str | None
    initiator_id: PersonId | None
    initiator_name: str | None
    opened_at: datetime
    closed_at: datetime | None
    is_suspended: bool
    suspended_note: str | None
    revision: int
    returned_count: int
    reader: PersonId
    now: datetime
    definition: Definition
    facts: CaseFacts
    answers: Mapping[str, Any]
    form: Form | None
    fields: Mapping[str, str]
    state_title: Text
    states: tuple[StateView, ...]
    tasks: tuple[TaskView, ...]
    actions: tuple[ActionView, ...]
    history: tuple[HistoryLine, ...]
    changed_since_return: ReturnView | None
    attachments: tuple[AttachmentView, ...]
    messages: tuple[MessageView, ...]
    documents: tuple[DocumentView, ...]
    links: tuple[LinkView, ...]
    comments: tuple[CommentView, ...]
    is_following: bool
    may_attach: bool
    due_at: datetime | None  # the earliest of the open tasks
    due_on: date | None
    may_pause: bool = False  # the reader supervises, and the case runs or is paused
    sealed: SealedView | None = None
