"""Until when an ended sealed case is kept, and why it may not go yet.

The region's channel says the years by how a case ended. They count from the last closing: a step that opens the case
again forgets the day, and the next closing begins anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.access import Reader, reader_of
from engine.cases.key_copies import holders_of, people_among
from engine.cases.models import Case
from engine.cases.sealed_mail import add_messages, sealed_messages, slots_of
from engine.changes import Refusal
from engine.channel.files import settings_for
from engine.channel.model import Retention
from engine.definitions.model import Text
from engine.disclosure.keyring import officer
from engine.disclosure.models import CaseKey, IdentityRelease, SealedCase
from engine.errors import DefinitionError, NotFound
from engine.organisation.directory import snapshot
from engine.organisation.models import Person, Region

AT_ONCE = 500
WHERE_UNREADABLE = Retention(5, 5, 30, ())  # of a region whose file cannot be read: longer rather than shorter


def date_cases(session: Session) -> int:
    """Says of every ended case that has no day yet until when it is kept; how many. Needs no key; the caller
    commits."""
    wanted = (
        select(SealedCase, Case.state, Region.key)
        .join(Case, Case.id == SealedCase.case_id)
        .join(Region, Region.id == SealedCase.region_id)
        .where(SealedCase.ended_on.is_not(None), SealedCase.keep_until.is_(None))
        .order_by(SealedCase.case_id)
        .limit(AT_ONCE)
    )
    rows = session.execute(wanted).all()
    for kept, state, region in rows:
        kept.keep_until = kept_until(kept.ended_on, state.get("a", {}), retention_of(region))
    session.flush()
    return len(rows)


def tell_due(session: Session, now: datetime) -> None:
    """The constant mail for holders of cases whose time ended yesterday, once, at the first slot of this day. Nothing
    else happens by itself; the caller commits."""
    regions = select(SealedCase.region_id).where(SealedCase.keep_until.is_not(None)).distinct()
    for region_id in session.scalars(regions.order_by(SealedCase.region_id)).all():
        directory = snapshot(session, region_id, now)
        today = directory.day(now)
        over = select(SealedCase.case_id).where(
            SealedCase.region_id == region_id, SealedCase.keep_until == today - timedelta(days=1), ~SealedCase.is_held
        )
        people = {person for case_id in session.scalars(over) for person in people_among(holders_of(session, case_id))}
        begun = datetime.combine(today, time(), directory.timezone)
        slots = slots_of(session, region_id, directory)
        add_messages(session, sealed_messages(region_id, people, slots, begun) if people else [])


def kept_until(ended_on: date, active: Mapping[str, Any], rules: Retention) -> date:
    """The last day a case is kept that ended on this one in these states."""
    years = rules.rejected_years if set(active) & set(rules.rejected_states) else rules.closed_years
    try:
        return ended_on.replace(year=ended_on.year + years)
    except ValueError:  # 29 February
        return ended_on.replace(year=ended_on.year + years, day=28)


def require_copy(session: Session, person_id: int, case_id: int, now: datetime) -> Reader:
    """Who asks. Raises NotFound for somebody who holds no copy of a key of the case."""
    reader = reader_of(session, person_id, now)
    if not holds(session, person_id, case_id):
        raise NotFound("There is no such case.")
    return reader


def holds(session: Session, person_id: int, case_id: int) -> bool:
    """Of either key: custodians, who cannot read the case, may be the second person."""
    mine = select(CaseKey.case_id).where(CaseKey.case_id == case_id, CaseKey.holder == officer(person_id))
    return session.scalar(mine.limit(1)) is not None


def why_kept(session: Session, case_id: int, reader: Reader) -> Refusal | None:
    """Why the case has to stay, as the database knows it."""
    row = session.get(SealedCase, case_id, populate_existing=True)
    if row is None:
        raise NotFound("There is no such case.")
    rules = retention_of(key_of(session, row.region_id))
    asked = select(IdentityRelease.id).where(IdentityRelease.case_id == case_id, IdentityRelease.is_approved.is_(None))
    if row.is_held:
        return refused("Kasus ini ditahan atas alasan hukum.", "This case is under a legal hold.")
    if row.ended_on is None or row.keep_until is None or row.keep_until >= reader.today:
        return refused("Waktu simpannya belum berakhir.", "Its time is not over yet.")
    if row.last_new_on + timedelta(days=rules.grace_days) >= reader.today:
        return refused(
            f"Ada isi baru dalam {rules.grace_days} hari terakhir.", f"There is new content of the last "
            f"{rules.grace_days} days.",
        )  # fmt: skip
    if session.scalar(asked.limit(1)) is not None:
        return refused("Permintaan identitas masih menunggu.", "A request for the identity still waits.")
    return None


def retention_of(region: str) -> Retention:
    """The rules of a region, by its key."""
    try:
        return settings_for(region).retention
    except DefinitionError:
        return WHERE_UNREADABLE


def key_of(session: Session, region_id: int) -> str:
    """A region's key."""
    return session.get_one(Region, region_id).key


def name_of(session: Session, person_id: int) -> str:
    """A person's name."""
    return session.get_one(Person, person_id).name


def refused(indonesian: str, english: str) -> Refusal:
    """A refusal with its sentence."""
    return Refusal("not_destroyed", Text(indonesian, english))
