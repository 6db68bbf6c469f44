"""A sealed case is destroyed: its keys first, so that nothing that lies anywhere opens again, then what can go.

Rows of history are append-only and hash-chained, so they stay, and `flask audit verify` goes on holding: their texts
are ciphertext under a key that is gone (crypto-shredding). Who acted when, by which button, stays on record.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from engine.cases.models import (
    Attachment,
    Case,
    CaseAnswers,
    Comment,
    Document,
    Draft,
    Exclusion,
    Follow,
    Incident,
    Link,
    Participant,
)
from engine.database import Database
from engine.disclosure.models import (
    CaseKey,
    Conversation,
    IdentityRelease,
    ReceiptRow,
    SealedCase,
    SealedFile,
    Tombstone,
)
from engine.disclosure.vault import Vault
from engine.errors import NotFound
from engine.outbox.models import ConnectorCall, Message
from engine.tasks.models import Offer, Task
from engine.timers.models import TimerRow

log = logging.getLogger("alur.sealed")

# In this order: keys before what they open.
TABLES = (
    CaseKey, ReceiptRow, CaseAnswers, Conversation, SealedFile, IdentityRelease, Document, Comment, Attachment, Task,
    Offer, TimerRow, Participant, Exclusion, Follow, Incident, Message, ConnectorCall,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agreed:
    """Which two people destroy it, on which day, and why (``retention``)."""

    asked_by: int
    confirmed_by: int
    on: date
    reason: str


def destroy(session: Session, case_id: int, agreed: Agreed) -> tuple[str, ...]:
    """Everything of the case is gone but its number, its history's chain and a tombstone. Gives the ids of its files,
    whose bytes ``wipe`` removes once this is committed. Raises NotFound for a case that is not sealed or not there."""
    case = session.get(Case, case_id, with_for_update=True, populate_existing=True)
    kept = session.get(SealedCase, case_id)
    if case is None or kept is None or not case.is_sealed:
        raise NotFound("There is no such case.")
    files = tuple(session.scalars(select(SealedFile.id).where(SealedFile.case_id == case_id).order_by(SealedFile.id)))
    session.add(
        Tombstone(
            case_id=case_id, region_id=case.region_id, number=case.number, case_type=case.case_type,
            opened_on=kept.opened_on, ended_on=kept.ended_on, destroyed_on=agreed.on, reason=agreed.reason,
            asked_by=agreed.asked_by, confirmed_by=agreed.confirmed_by,
        )
    )  # fmt: skip
    session.flush()
    for table in TABLES:
        session.execute(delete(table).where(table.case_id == case_id).execution_options(synchronize_session=False))
    session.execute(delete(Link).where(or_(Link.case_id == case_id, Link.other_case_id == case_id)))
    session.execute(delete(Draft).where(Draft.subject == f"case:{case_id}"))
    session.execute(delete(SealedCase).where(SealedCase.case_id == case_id))
    bare = update(Case).where(Case.id == case_id).values(state={}, title="", suspended_note=None, attachment_count=0)
    session.execute(bare.execution_options(synchronize_session=False))
    session.expire_all()
    return files


def wipe(database: Database, vault: Vault | None = None, files: Iterable[str] = ()) -> None:
    """What a destroyed case leaves on the disks: the bytes of its files, and rows a database has deleted and still
    keeps in its log or its pages. After the commit, with no transaction open; asked again it does no harm."""
    if vault is not None:
        for one in files:
            vault.remove(one)
    try:
        _sweep(database)
    except SQLAlchemyError as fault:  # busy now; a worker does it again within the hour
        log.warning("deleted rows still lie in the database (%s)", type(fault).__name__)


def was_destroyed(session: Session, now: datetime) -> bool:
    """Whether a case was destroyed these days, so that something of it may still have to be wiped."""
    recent = select(Tombstone.case_id).where(Tombstone.destroyed_on >= now.date() - timedelta(days=2))
    return session.scalar(recent.limit(1)) is not None


def _sweep(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        # secure_delete has overwritten the pages; their older pictures still lie in the log
        with database.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SET lock_timeout = '3s'")
        try:
            connection.exec_driver_sql("VACUUM FULL case_keys")  # the only rows that mattered: copies of keys
        finally:
            connection.exec_driver_sql("RESET lock_timeout")
