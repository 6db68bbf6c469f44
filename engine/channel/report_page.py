"""A report as its reporter sees it: status in plain words, dates, messages, what was told, what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from engine.changes import ActionView
from engine.channel.drafting import CaseRef, FileView
from engine.channel.settings import Channel, LinkedReport
from engine.definitions.model import Field, Text


@dataclass(frozen=True, slots=True)
class PromisedDay:
    """A clock of the case as the officers see it; ``is_late`` is asked at the region's day."""

    title: Text
    on: date
    is_late: bool = False
    is_paused: bool = False


@dataclass(frozen=True, slots=True)
class MessageView:
    """``side`` is reporter or office; messages the reporter removed are not among them."""

    id: str
    side: str
    text: str
    on: date


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer as people read it; ``field`` for its title."""

    field: Field
    shown: Text


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """That the reporter's identity was asked for, opened or refused, and when."""

    state: str  # asked, released, refused
    sentence: Text
    on: date


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Messages are oldest first. ``actions`` are the reporter's own; ``told`` what was first reported; ``outcome``
    what the office answers once it is the reporter's turn or the case has ended; ``expires_on`` the day the report is
    destroyed, once it is closed."""

    number: str
    way: str
    status: Text
    meaning: Text
    next: Text
    reported_on: date
    dates: tuple[PromisedDay, ...]
    messages: tuple[MessageView, ...]
    told: tuple[AnswerView, ...]
    outcome: tuple[AnswerView, ...]
    actions: tuple[ActionView, ...]
    files: tuple[FileView, ...]
    releases: tuple[ReleaseView, ...]
    linked: tuple[LinkedReport, ...]  # what may be reported on top of it
    closed_on: date | None
    expires_on: date | None
    may_write: bool


def report_page(session: Session, ref: CaseRef, channel: Channel, now: datetime) -> ReportPage:
    """The page. Raises NotFound when the report is gone or the receipt was replaced."""
    raise NotImplementedError
