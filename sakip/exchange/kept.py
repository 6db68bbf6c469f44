"""A file brought in from a page, in two steps: looked at and kept, then written as it was looked at, or dropped."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from engine.database import Database
from engine.definitions.model import Text
from engine.errors import NotFound
from sakip.exchange.agreements import AGREEMENT
from sakip.exchange.allowed import Allowed, allowed
from sakip.exchange.bringing import bring_in
from sakip.exchange.models import ImportRow
from sakip.exchange.outcome import Outcome
from sakip.exchange.problems import Problem
from sakip.exchange.shown import Shown
from sakip.exchange.work import Wish

log = logging.getLogger("alur.sakip")

SEEN, WAITING, WRITTEN, REFUSED, DROPPED = "seen", "waiting", "written", "refused", "dropped"
WRITTEN_AT_ONCE = 1_000  # rows; a file with more is left to a worker, so that nobody waits for an answer
MOST_BYTES = 5_000_000  # of a file from a page
KEPT_FOR = timedelta(days=1)  # a file nobody decided on
MOST_LISTED = 10
LOOKED_AT = "looked_at"  # in the outcome of a file a worker has begun: how many of its rows were read so far
FAILED = Problem(
    "", 0, "", "import_failed",
    Text("Berkas ini tidak dapat ditulis. Tidak ada yang berubah; hubungi administrator.",
         "This file could not be written. Nothing has changed; ask the administrator."),
)  # fmt: skip


def look_at(session: Session, person_id: int, wish: Wish, name: str, content: bytes, now: datetime) -> ImportRow:
    """Look at a file without writing anything of it, and keep it for the person's decision; the caller commits."""
    shown = Shown()
    wish = replace(wish, person_id=person_id, may_verify=False)
    outcome = bring_in(session, content, name, replace(wish, is_dry=True), now, shown=shown)
    row = ImportRow(region_id=wish.region_id, person_id=person_id, name=name, wish=_plain_wish(wish), state=SEEN)
    row.digest, row.content = hashlib.sha256(content).hexdigest(), content
    row.outcome = _plain(outcome) | shown.plain()
    row.seen_at, row.decided_at, row.finished_at = now, None, None
    if not outcome.written:  # nothing to decide: what is wrong has to be put right in the file
        row.content, row.finished_at = None, now
        row.state = REFUSED if outcome.problems else WRITTEN
        if outcome.problems and _may_skip(session, row, content, now):
            row.content, row.finished_at, row.state = content, None, SEEN
    session.add(row)
    session.flush()
    return row


def _may_skip(session: Session, row: ImportRow, content: bytes, now: datetime) -> bool:
    """Whether rows would be left to write without those that are wrong; how many is told."""
    wish = replace(_wish(row), is_dry=True, skip_bad=True)
    outcome = bring_in(session, content, row.name, wish, now)
    row.outcome = {**row.outcome, "without_bad": outcome.written}
    return outcome.written > 0


def import_of(session: Session, person_id: int, import_id: int, *, is_to_decide: bool = False) -> ImportRow:
    """A file of the person's own; to be decided on, nobody else decides on it before this transaction ends. Raises
    NotFound for any other."""
    row = session.get(ImportRow, import_id, with_for_update=is_to_decide or None)
    if row is None or row.person_id != person_id:
        raise NotFound("There is no such import.")
    return row


def import_shown(session: Session, person_id: int, import_id: int, now: datetime) -> tuple[Allowed, ImportRow]:
    """A file of the person's own, with what they may bring in today. Raises NotFound for any other."""
    return allowed(session, person_id, now), import_of(session, person_id, import_id)


def imports_of(session: Session, person_id: int) -> Sequence[ImportRow]:
    """The person's last files, newest first, without what was only looked at and dropped."""
    query = select(ImportRow).where(ImportRow.person_id == person_id, ImportRow.state != DROPPED)
    return session.scalars(query.order_by(ImportRow.id.desc()).limit(MOST_LISTED)).all()


def drop(row: ImportRow, now: datetime) -> None:
    """Forget a file that was looked at; one that was decided on stays as it is."""
    if row.state == SEEN:
        row.state, row.content, row.decided_at = DROPPED, None, now


def take(session: Session, row: ImportRow, skip_bad: bool, now: datetime) -> None:
    """Write a file as it was looked at, with ``skip_bad`` without the rows that are wrong; a long one is left to a
    worker. One that was decided on already stays as it is. The caller commits."""
    if row.state != SEEN:
        return
    row.wish, row.decided_at, row.state = {**row.wish, "skip_bad": skip_bad}, now, WAITING
    if row.outcome["read"] <= WRITTEN_AT_ONCE:
        _write(session, row, now)


def _write(session: Session, row: ImportRow, now: datetime) -> None:
    """All of it or nothing; who may write what is asked once more by the kinds themselves."""
    assert row.content is not None
    try:
        with session.begin_nested():
            outcome = bring_in(session, row.content, row.name, _wish(row), now)
            told = _plain(outcome)
    except SQLAlchemyError:
        raise  # a database that is away is no fault of the file
    except Exception:  # whatever it is, the person must hear of it, and the other files go on
        log.exception("import %d cannot be written", row.id)
        told = _plain(Outcome(row.outcome["kind"], row.outcome["read"], 0, 0, [FAILED]))
    row.outcome = {name: value for name, value in row.outcome.items() if name != LOOKED_AT} | told
    row.state = WRITTEN if told["written"] or not told["problems"] else REFUSED
    row.content, row.finished_at = None, now


def write_waiting(database: Database, now: datetime) -> int:
    """Write the files that were left to a worker, one transaction each, and forget those nobody decided on. Returns how
    many were written."""
    with database.reading() as session:
        waiting = select(ImportRow.id).where(ImportRow.state == WAITING, ImportRow.content.is_not(None))
        found = session.scalars(waiting.order_by(ImportRow.id)).all()
        old = (ImportRow.state == SEEN, ImportRow.content.is_not(None), ImportRow.seen_at < now - KEPT_FOR)
        is_any_old = session.scalar(select(ImportRow.id).where(*old).limit(1)) is not None
    done = 0
    for import_id in found:
        _count(database, import_id, now)
        with database.writing.begin() as session:
            mine = select(ImportRow).where(ImportRow.id == import_id, ImportRow.state == WAITING)
            row = session.scalar(mine.with_for_update(skip_locked=True))
            if row is not None:
                _write(session, row, now)
                done += 1
    if is_any_old:
        with database.writing.begin() as session:
            session.execute(update(ImportRow).where(*old).values(state=DROPPED, content=None))
    return done


def _count(database: Database, import_id: int, now: datetime) -> None:
    """Read a file once more before it is written, and say how far that is for who waits: while it is being written
    nothing can be said, for it is all of it or nothing. What is wrong with it the writing tells."""
    with database.reading() as session:
        row = session.get(ImportRow, import_id)
        if row is None or row.content is None or row.outcome["kind"] == AGREEMENT:
            return
        outcome = dict(row.outcome)

        def tell(rows: int) -> None:
            with database.writing.begin() as other:
                mine = update(ImportRow).where(ImportRow.id == import_id, ImportRow.state == WAITING)
                other.execute(mine.values(outcome=outcome | {LOOKED_AT: rows}))

        try:
            wish = replace(_wish(row), is_dry=True)
            bring_in(session, row.content, row.name, wish, now, tell, is_only_read=True)
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("import %d cannot be read", import_id)


# -- as the database keeps them --------------------------------------------------------------------------------------


def _plain_wish(wish: Wish) -> dict[str, Any]:
    told = asdict(wish)
    return {**told, "on": None if wish.on is None else wish.on.isoformat()}


def _wish(row: ImportRow) -> Wish:
    told = dict(row.wish)
    on = told.pop("on")
    return Wish(**told, on=None if on is None else date.fromisoformat(on))


def _plain(outcome: Outcome) -> dict[str, Any]:
    return {
        "kind": outcome.kind, "read": outcome.read, "written": outcome.written, "unchanged": outcome.unchanged,
        "problems": [
            [one.sheet, one.row, one.column, one.code, one.message.id, one.message.en] for one in outcome.problems
        ],
        "case": outcome.case, "left_out": list(outcome.left_out), "wrong": outcome.wrong,
        "holds": None if outcome.holds is None else list(outcome.holds),
    }  # fmt: skip
