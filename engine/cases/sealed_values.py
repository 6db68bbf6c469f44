"""What the page of a sealed case shows besides: plain values, nothing left to look up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from engine.definitions.model import Text

ASKED, RELEASED, REFUSED = "asked", "released", "refused"


@dataclass(frozen=True, slots=True)
class Release:
    """One request as somebody who holds its key reads it; ``motive`` and ``note`` are "" for others. ``state`` is
    asked, released or refused; ``is_mine`` when the reader asked."""

    id: int
    case_id: int
    number: str
    asked_by: str
    asked_at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None
    is_mine: bool
    motive: str = field(default="", repr=False)
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the talk; ``by`` is an officer's name, None for the reporter. ``is_removed``: the reporter took it
    off their own page."""

    by: str | None
    text: str
    on: date
    is_removed: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """A clock both sides see. ``on`` is the day it is due, None while it stands still; ``is_kept`` once it was met. One
    that has not begun has ``span`` in its place: how long it takes, and from when."""

    title: Text
    on: date | None
    is_late: bool = False
    is_paused: bool = False
    is_kept: bool = False
    span: Text | None = None


@dataclass(frozen=True, slots=True)
class SealedView:
    """``way`` is anonymous, confidential or open; ``declared`` who the reporter openly is; ``identity`` what was
    released to this reader, or None. ``readers`` are who holds the key now."""

    way: str
    declared: Mapping[str, str] = field(repr=False)
    messages: tuple[Message, ...] = field(repr=False)
    promises: tuple[Promise, ...]
    releases: tuple[Release, ...]
    identity: Mapping[str, str] | None = field(repr=False)
    readers: tuple[str, ...]
    readings: tuple[tuple[str, str, datetime], ...]  # who read it lately: name, event, moment
    may_write: bool
    came_by: str  # letter, desk, …, "" for the reporting pages
    may_ask: bool
    about: str  # the number of the report it was made on top of, or ""
