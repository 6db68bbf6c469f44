"""What a region's reporting channel asks, promises and allows, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from engine.definitions.model import Definition, Field, Form, Text
from engine.disclosure.mail_rules import MailRules

REPORT = "report"
LINKED = ("follow_up", "protection", "retaliation")  # kinds of reports on top of another
STORY, FIELDS, PEOPLE, EVIDENCE = PAGES = ("story", "fields", "people", "evidence")


@dataclass(frozen=True, slots=True)
class Way:
    """One way of reporting: ``key`` is anonymous, confidential or open; ``effect`` says plainly who may know."""

    key: str
    title: Text
    effect: Text


@dataclass(frozen=True, slots=True)
class IdentityField:
    key: str
    title: Text
    is_required: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One page of the report. ``fields`` are keys of the region's form; ``warning`` stands before what it warns of.

    ``kind`` is story (one long text), fields, people (rows of names, one answer of type list) or evidence."""

    key: str
    kind: str
    title: Text
    help: Text | None
    warning: Text | None
    fields: tuple[str, ...]
    may_skip: bool


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another body a reporter may turn to; ``url`` leads outside."""

    title: Text
    note: Text | None
    url: str


@dataclass(frozen=True, slots=True)
class Refused:
    """What this channel does not take, and where to go with it (``url`` may be None)."""

    title: Text
    url: str | None


@dataclass(frozen=True, slots=True)
class FileRules:
    """Sizes in bytes; ``extensions`` without a dot, in small letters."""

    extensions: tuple[str, ...]
    largest: int
    most: int
    most_bytes: int
    most_a_day: int
    keeps_original: bool


@dataclass(frozen=True, slots=True)
class Retention:
    """Years until a case is destroyed, by how it ended; ``grace_days`` after the newest content."""

    closed_years: int
    rejected_years: int
    grace_days: int
    rejected_states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rates:
    """How much is taken from one coarse network and from all; tries per quarter of an hour, reports per hour."""

    tries: int
    tries_under_attack: int  # of one network, once all together tried more than ``tries_of_all``
    tries_of_all: int
    reports: int
    alarm_reports: int
    shared_networks: tuple[IPv4Network | IPv6Network, ...]  # exits many share: never blocked, only counted
    message_length: int


@dataclass(frozen=True, slots=True)
class LinkedReport:
    """A later report of somebody who has reported: ``answers`` are filled in beforehand where the form has them;
    ``tells_the_first`` when the first case's people learn of it; ``questions`` are its own pages, for a case type of
    its own."""

    kind: str
    title: Text
    help: Text
    case_type: str
    answers: Mapping[str, Any]
    tells_the_first: bool
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusWords:
    """What a public title means, and what comes next."""

    meaning: Text
    next: Text


@dataclass(frozen=True, slots=True)
class Closing:
    """Days the channel is closed, both included, and what a visitor reads then."""

    starts_on: date
    ends_on: date
    text: Text


@dataclass(frozen=True, slots=True)
class Settings:
    """One region's configuration as written, the base's with the region's own words over it; no database in it."""

    case_type: str
    title: Text
    ways: tuple[Way, ...]
    identity_fields: tuple[IdentityField, ...]
    questions: tuple[Question, ...]
    minutes: int
    accepts: tuple[Text, ...]
    refuses: tuple[Refused, ...]
    promises: tuple[Text, ...]
    limits: tuple[Text, ...]  # of our protection
    elsewhere: tuple[Elsewhere, ...]
    contact: Text
    exit_url: str
    onion_url: str | None
    closings: tuple[Closing, ...]
    office_networks: tuple[IPv4Network | IPv6Network, ...]
    files: FileRules
    draft_days: int
    retention: Retention
    mail: MailRules
    rates: Rates
    suppress_below: int  # counts smaller than this are not told
    statuses: Mapping[str, StatusWords]  # by public title, Indonesian
    shown_at_the_end: tuple[str, ...]
    linked: Mapping[str, LinkedReport]
    is_audited: bool  # by somebody outside


@dataclass(frozen=True, slots=True)
class Channel:
    """A region's door as a page needs it. ``settings`` has the words; ``closed`` is what to say while it is closed or
    not ready yet, else None. ``salt`` is the region's for receipts (16 bytes). ``others`` are the doors of linked
    reports that open a case type of their own, by kind."""

    region_id: int
    region: str  # its key
    region_name: str
    timezone: str
    settings: Settings
    definition: Definition
    form: Form
    salt: bytes = field(repr=False)
    closed: Text | None
    others: Mapping[str, Channel] = field(default_factory=dict)

    def of(self, kind: str) -> Channel:
        """The door a report of this kind goes through: with its own form and pages, or this one."""
        return self.others.get(kind, self)

    @property
    def title(self) -> Text:
        """The channel's name."""
        return self.settings.title

    @property
    def questions(self) -> tuple[Question, ...]:
        """The pages, in order."""
        return self.settings.questions

    @property
    def keep_months(self) -> int:
        """How long a report is kept after it was closed."""
        return self.settings.retention.closed_years * 12


# What a page can ask of somebody outside: nothing that shows who works here, and files on a page of their own.
ASKABLE = frozenset({
    "text", "paragraph", "choice", "choices", "date", "month", "year", "integer", "decimal", "money", "percent",
    "yes_no", "unit", "measure", "scale",
})  # fmt: skip


def is_askable(one: Field) -> bool:
    """Whether a page can ask this field of somebody outside."""
    return one.type in ASKABLE or (one.type == "list" and one.options.get("of") == "text")
