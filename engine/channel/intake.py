"""Reports that come by letter, at the desk or by telephone: an officer writes them down and hands over a receipt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.models import AuditEntry
from engine.audit.record import lock_chain, record
from engine.cases.answers import REQUIRED
from engine.cases.open_sealed import open_sealed
from engine.cases.promised import owed
from engine.cases.stored import read_case
from engine.changes import FieldFault, Refusal
from engine.channel.first_step import first_roles, first_task
from engine.channel.identity import missing_identity, read_identity
from engine.channel.model import Channel
from engine.channel.receipts import FreshReceipt
from engine.definitions.model import Text
from engine.disclosure.days import coarse
from engine.disclosure.declared import WAYS, Declared, declared_identity, identity_text
from engine.disclosure.models import ReceiptRow
from engine.facts import CaseFacts, CaseState
from engine.organisation.directory import snapshot

ROADS = ("letter", "desk", "telephone", "box", "forwarded")  # how it came
WRITTEN_DOWN = "report_written_down"  # event of the audit
_IN_WORDS = frozenset(("text", "paragraph", "choice"))  # kept as they are typed
_LATER = frozenset(("file", "files"))
_ONCE = re.compile(r"[0-9a-f]{32}\Z")


@dataclass(frozen=True, slots=True)
class Report:
    """What an officer typed. ``came_by`` is one of ROADS, ``way`` anonymous, confidential or open; ``answers`` are raw;
    ``once`` (32 hexadecimal digits) is the page's own, so that one page writes down one report."""

    came_by: str
    way: str
    identity: Mapping[str, str] = field(repr=False)
    answers: Mapping[str, Any] = field(repr=False)
    once: str


@dataclass(frozen=True, slots=True)
class WrittenDown:
    """``receipt`` is to be shown once and handed over; ``by`` the officer's name; ``dates`` what is promised, ``spans``
    how long what begins later takes."""

    number: str
    receipt: str = field(repr=False)
    by: str
    on: date
    dates: tuple[tuple[Text, date], ...]
    spans: tuple[tuple[Text, Text], ...]


def may_write_down(session: Session, channel: Channel, person_id: int, now: datetime) -> bool:
    """Whether the person receives reports here: holds a role of the case type's first step today."""
    directory = snapshot(session, channel.region_id, now)
    facts = CaseFacts(
        channel.definition.case_type, None, "", channel.region, None, None, now, 0, CaseState(), {}, now, directory
    )
    roles = [channel.definition.roles[key] for key in first_roles(channel.definition)]
    audiences = [audience for role in roles for audience in directory.audiences(role, facts)]
    return any(seat.person == person_id for audience in audiences for seat in directory.seats(audience, now))


def write_down(
    session: Session, channel: Channel, person_id: int, report: Report, fresh: FreshReceipt, now: datetime
) -> WrittenDown | Refusal:
    """Open the case; the caller commits. Refused for a page that was sent before, for a road or a way there is not, for
    an identity or answers that cannot be taken, and where nobody holds a key."""
    identity, faults = read_identity(channel, report.identity)
    faults |= missing_identity(channel, report.way, identity)
    if report.came_by not in ROADS:
        faults["came_by"] = Text("Pilih bagaimana laporan ini datang.", "Choose how this report came.")
    if report.way not in WAYS or report.way not in [way.key for way in channel.settings.ways]:
        faults["way"] = Text("Pilih apakah pelapor menyebut nama.", "Choose whether the reporter gives a name.")
    faults |= _missing(channel, report.answers)
    if faults:
        sentence = Text("Ada isian yang belum lengkap.", "Something is still missing.")
        return Refusal("field_invalid", sentence, faults=tuple(FieldFault(key, said) for key, said in faults.items()))
    lock_chain(session, channel.region_id)
    if not _ONCE.match(report.once) or _was_sent(session, channel, report.once):
        return Refusal("already_decided", SENT_BEFORE)
    openly = declared_identity(report.way, identity)
    declared = Declared(report.way, openly, told=_told(channel, report.answers), came_by=report.came_by)
    opened = open_sealed(
        session, region_id=channel.region_id, case_type=channel.settings.case_type, answers=report.answers,
        receipt_public=fresh.public, declared=declared.to_text(), identity=identity_text(report.way, identity),
        by=person_id, now=coarse(now, ZoneInfo(channel.timezone)),
    )  # fmt: skip
    if isinstance(opened, Refusal):
        return opened
    directory = snapshot(session, channel.region_id, now)
    today = directory.day(now)
    session.add(
        ReceiptRow(
            lookup=fresh.lookup, region_id=channel.region_id, public=fresh.public, case_id=opened.case_id, day=today
        )
    )
    record(session, channel.region_id, person_id, WRITTEN_DOWN, f"intake:{report.once}", None, None, now)
    promised = owed(read_case(session, opened.case_id, now))
    dates = tuple((each.title, each.on) for each in promised if each.on is not None)
    spans = tuple((each.title, each.span) for each in promised if each.span is not None)
    return WrittenDown(opened.number, fresh.shown, directory.person(person_id).name, today, dates, spans)


SENT_BEFORE = Text(
    "Laporan dari halaman ini sudah dicatat. Tanda terimanya hanya ditampilkan sekali; bila belum diserahkan, catat "
    "sekali lagi lalu gabungkan keduanya.",
    "The report of this page was written down already. Its receipt was shown once; if it was not handed over, write "
    "the report down once more and merge the two.",
)


def _missing(channel: Channel, answers: Mapping[str, Any]) -> dict[str, Text]:
    """Files come with the next step, on the case's own page."""
    editable = first_task(channel.definition)[1]
    needed = [key for key, one in channel.definition.fields.items() if one.is_required and one.type not in _LATER]
    return {key: REQUIRED for key in needed if key in editable and answers.get(key) in (None, "", [])}


def _told(channel: Channel, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What the reporter reads again later: the answers in words."""
    fields = channel.definition.fields
    return {key: value for key, value in answers.items() if value and fields[key].type in _IN_WORDS}


def _was_sent(session: Session, channel: Channel, once: str) -> bool:
    found = select(AuditEntry.seq).where(
        AuditEntry.region_id == channel.region_id, AuditEntry.subject == f"intake:{once}"
    )
    return session.scalar(found.limit(1)) is not None
