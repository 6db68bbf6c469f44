"""Writes the chains: the hash of a case's history row, and the administration's entries with theirs.

A row's hash covers its content, its place and the hash of the row before it, so a changed, missing or moved row no
longer fits. Everything is hashed as it is stored, so both databases give the same hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.models import AuditEntry, AuditHead
from engine.database import insert_or, json_in_order, json_text, moment_text

GENESIS = ""  # what the first row of a chain has before it

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode  # of any whole number


def chain_hash(previous: str, payload: list[Any]) -> str:
    """SHA-256 (hex) over the hash before and a list of plain values in a fixed order."""
    content = [previous, *payload]
    try:
        text = json_in_order(content)
    except TypeError:
        text = _encode(content)
    return hashlib.sha256(text.encode()).hexdigest()


def history_hash(previous: str, row: Mapping[str, Any]) -> str:
    """The hash of one row of ``history``; ``previous`` is the hash of the row before it in its case, or GENESIS.

    ``row`` has the table's columns by name. ``at`` may be an aware moment or its stored text; JSON columns may be
    maps and lists, or their stored texts; ``details`` and ``answers_changed`` may be None.
    """
    return chain_hash(
        previous,
        [
            row["case_id"],
            row["seq"],
            _moment(row["at"]),
            _key(row["actor_id"]),
            _key(row["principal"]),
            row["kind"],
            row["action"],
            row["state"],
            _json(row["states_left"]),
            _json(row["states_entered"]),
            row["comment"],
            row["item"],
            _json(row["details"]),
            _json(row["answers_changed"]),
        ],
    )


def stored_row_hash(previous: str, case_id: int, row: tuple[Any, ...]) -> str:
    """``history_hash`` of a row that is about to be stored: the columns' stored values from ``seq`` on, in the order
    in which they are hashed. This runs with every step."""
    seq, at, actor_id, *others = row
    return chain_hash(previous, [case_id, seq, at, _key(actor_id), *others])


def entry_hash(previous: str, row: Mapping[str, Any]) -> str:
    """The hash of one row of ``audit_entries``, with the same liberties as ``history_hash``."""
    place = [row["region_id"], row["seq"], _moment(row["at"]), _key(row["actor_id"])]
    return chain_hash(previous, [*place, row["event"], row["subject"], _json(row["old"]), _json(row["new"])])


def record(
    session: Session,
    region_id: int,
    actor_id: int | None,
    event: str,
    subject: str,
    old: Any,
    new: Any,
    now: datetime,
) -> AuditEntry:
    """Add an act of administration to its region's chain (INSTALLATION for none) in the same transaction as the act.

    ``event`` is past tense (``unit_moved``), ``subject`` names the thing (``unit:12``), ``old`` and ``new`` are
    JSON-able values before and after, or None. ``actor_id`` None is the system or the command line.
    """
    head = lock_chain(session, region_id)
    values = {
        "region_id": region_id,
        "seq": head.seq + 1,
        "at": now,
        "actor_id": actor_id,
        "event": event,
        "subject": subject,
        "old": old,
        "new": new,
    }
    stored = values | {"old": None if old is None else json_text(old), "new": None if new is None else json_text(new)}
    entry = AuditEntry(**values, previous_hash=head.hash, hash=entry_hash(head.hash, stored))
    session.add(entry)
    head.seq, head.hash = entry.seq, entry.hash
    session.flush()
    return entry


def lock_chain(session: Session, region_id: int) -> AuditHead:
    """The newest entry of a region's chain; until this transaction ends nobody else adds one."""
    wanted = select(AuditHead).where(AuditHead.region_id == region_id).with_for_update()
    wanted = wanted.execution_options(populate_existing=True)
    head = session.scalars(wanted).one_or_none()
    if head is None:
        insert = insert_or(session, AuditHead).values(region_id=region_id, seq=0, hash=GENESIS)
        session.execute(insert.on_conflict_do_nothing())  # two first entries at once: both then wait for one row
        head = session.scalars(wanted).one()
    return head


def _moment(value: datetime | str) -> str:
    return value if isinstance(value, str) else moment_text(value)


def _json(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json_text(value)


def _key(value: Any) -> str | None:
    return None if value is None else str(value)
