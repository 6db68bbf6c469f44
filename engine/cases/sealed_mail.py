"""The one constant mail of sealed cases: when it leaves and to whom, so that neither tells anything.

A row names a person and a slot and no case, so a person gets one mail a slot however much happened. What a reporter
did is told at one of the next slots, drawn at random: a mail's time must not point at who was at a computer.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.cases.ids import new_mail_id
from engine.database import driver_rows, insert_or, moment_text
from engine.disclosure.keyring import officer
from engine.disclosure.mail_rules import MailRules, mail_rules
from engine.disclosure.models import DisclosureRegion, OfficerKey
from engine.organisation.directory import StoreDirectory, snapshot
from engine.organisation.models import Person
from engine.outbox.messages import WAITING
from engine.outbox.models import Message
from engine.timers.calendar import WorkingCalendar, calendar_of

URGENT_EVERY = timedelta(minutes=15)
URGENT_JITTER = timedelta(minutes=9)
DRAWN_FROM = 3  # slots, for what somebody outside did
NOTIFICATION = REASON = "sealed"
STEADY = "steady"  # the reason of a mail that comes every working day
NO_CASE = 0  # in place of the case's id: a mail must not lead to a case
KEPT_FOR = timedelta(days=30)  # rows that left or never will
_DAYS_LOOKED_AT = 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOLDS_A_COPY = "SELECT 1 FROM case_keys WHERE holder = ? LIMIT 1"
_HAS_A_KEY = "SELECT 1 FROM officer_keys WHERE person_id = ?"
_MESSAGE = ("id", "region_id", "revision", "task", "notification", "reason", "audience", "person_id", "content",
            "is_urgent", "created_at", "not_before", "state")  # fmt: skip

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Slots:
    """A region's times for mails, on its own working days and clock."""

    rules: MailRules
    zone: ZoneInfo
    calendar: WorkingCalendar

    def coming(self, now: datetime, count: int) -> list[datetime]:
        """The next ``count`` moments (UTC) at which mails of sealed cases leave, after ``now``."""
        found: list[datetime] = []
        day: date = now.astimezone(self.zone).date()
        for _ in range(_DAYS_LOOKED_AT):
            if self.calendar.is_working_day(day):
                moments = (datetime.combine(day, slot, self.zone).astimezone(UTC) for slot in sorted(self.rules.slots))
                found += [moment for moment in moments if moment > now]
            if len(found) >= count:
                return found[:count]
            day += timedelta(days=1)
        return found or [now + timedelta(days=1)]  # a calendar without working days still tells people


def slots_of(session: Session, region_id: int, directory: StoreDirectory) -> Slots:
    """The times of a region, whose organisation is ``directory``."""
    return Slots(mail_rules(session, region_id), directory.timezone, calendar_of(None, directory.holidays))


def sealed_messages(
    region_id: int, people: Iterable[int], slots: Slots, now: datetime, *, is_urgent: bool = False,
    is_from_outside: bool = False,
) -> list[Row]:  # fmt: skip
    """Rows for ``sealed_messages_add`` of ``apply.py``, one a person. ``now`` is the real moment; what is kept of it is
    the slot. ``is_urgent`` takes the next quarter of an hour where the region has that; both get a random delay. Where
    mails come every day anyway there are none, or an extra one would say that something happened."""
    rules = slots.rules
    if is_urgent and rules.takes_urgent and not is_from_outside:
        slot, jitter = now + (URGENT_EVERY - (now - _EPOCH) % URGENT_EVERY), URGENT_JITTER
    elif rules.is_steady:
        return []
    else:
        slot = secrets.choice(slots.coming(now, DRAWN_FROM if is_from_outside else 1))
        jitter = timedelta(minutes=rules.jitter_minutes)
    return [_row(region_id, person, slot, jitter, REASON) for person in sorted(people)]


def _row(region_id: int, person: int, slot: datetime, jitter: timedelta, reason: str) -> Row:
    number = int(slot.timestamp()) // 60
    leaves = slot + timedelta(seconds=secrets.randbelow(int(jitter.total_seconds()) + 1))
    return (new_mail_id(), region_id, number, 0, NOTIFICATION, reason, f"person:{person}", person, "{}", False,
            moment_text(slot), moment_text(leaves), WAITING)  # fmt: skip


def add_messages(session: Session, rows: Iterable[Row]) -> None:
    """Puts such rows into the outbox beside a step; a person who has one for the slot gets no second."""
    for row in rows:
        values = dict(zip(_MESSAGE, row, strict=True)) | {"case_id": NO_CASE, "content": {}}
        for moment in ("created_at", "not_before"):
            values[moment] = datetime.fromisoformat(f"{values[moment]}+00:00")
        session.execute(insert_or(session, Message).values(**values).on_conflict_do_nothing())


def add_steady_mails(session: Session, now: datetime) -> None:
    """Tomorrow's mail, or this morning's, for everybody who holds a key in regions where one comes every working day.
    Asked often, it adds what is missing; the caller commits."""
    for region_id in session.scalars(select(DisclosureRegion.region_id).order_by(DisclosureRegion.region_id)).all():
        slots = slots_of(session, region_id, snapshot(session, region_id, now))
        if not slots.rules.is_steady:
            continue
        first = Slots(MailRules(slots.rules.slots[:1]), slots.zone, slots.calendar).coming(now, 1)[0]
        people = session.scalars(
            select(OfficerKey.person_id)
            .join(Person, Person.id == OfficerKey.person_id)
            .where(OfficerKey.region_id == region_id, Person.is_active)
        ).all()
        jitter = timedelta(minutes=slots.rules.jitter_minutes)
        add_messages(session, [_row(region_id, person, first, jitter, STEADY) for person in people])


def is_sealed_mail(row: Message) -> bool:
    """Whether a row of the outbox is the constant mail."""
    return row.case_id == NO_CASE and row.notification == NOTIFICATION


def unwanted(session: Session, rows: Sequence[Message]) -> list[Message]:
    """Those of the constant mails among ``rows`` whose readers hold nothing any more: no copy of any case, or for a
    daily mail no key. Somebody who was named or left meanwhile is not told that there is something."""
    found: dict[tuple[int, bool], bool] = {}
    for row in rows:
        if is_sealed_mail(row):
            person, is_steady = int(row.person_id or 0), row.reason == STEADY
            if (person, is_steady) not in found:
                asked = (_HAS_A_KEY, (person,)) if is_steady else (_HOLDS_A_COPY, (officer(person),))
                found[person, is_steady] = bool(driver_rows(session, *asked))
    return [row for row in rows if is_sealed_mail(row) and not found[int(row.person_id or 0), row.reason == STEADY]]


def drop_old_mails(session: Session, now: datetime) -> None:
    """Forgets constant mails that left, or never will, after a month: who was written to when is nobody's business."""
    gone = delete(Message).where(
        Message.case_id == NO_CASE, Message.notification == NOTIFICATION, Message.state != WAITING,
        Message.not_before < now - KEPT_FOR,
    )  # fmt: skip
    session.execute(gone.execution_options(synchronize_session=False))
