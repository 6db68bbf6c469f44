"""A stored case as facts: one row read, nothing that grows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy.orm import Session

from engine.cases.access import Reader
from engine.cases.answer_store import StoredAnswers
from engine.cases.lookups import Extensions, Loads
from engine.cases.rows import CaseRow
from engine.cases.sealed_state import LockedAnswers, Tokens, shown
from engine.cases.state import from_plain
from engine.database import driver_moments, driver_rows, json_text
from engine.definitions.model import Definition
from engine.disclosure.case_keys import CaseName
from engine.disclosure.keyring import held
from engine.disclosure.seals import CaseSeal, locked_in, opened_with
from engine.errors import KeyNeeded, NotFound
from engine.facts import EMPTY, REPORTER, CaseFacts
from engine.organisation.directory import StoreDirectory
from engine.organisation.snapshot import organisation
from engine.publishing import library
from engine.sessions import dialect_name
from engine.vocabulary import load

SUSPENDED = "suspended"  # where the reason of a pause belongs in a sealed case
_READ = (
    "SELECT c.id, c.region_id, c.digest, c.number, c.revision, c.head_hash, c.unit_id, c.initiator_id,"
    " c.returned_count, c.returned_seq, c.case_type, c.title, c.state, c.opened_at, c.closed_at, c.is_suspended,"
    " c.suspended_note, c.suspended_at, c.attachment_count, a.answers, r.key, r.organisation_revision,"
    " r.definitions_revision"
    " FROM cases c JOIN case_answers a ON a.case_id = c.id JOIN regions r ON r.id = c.region_id WHERE c.id = ?"
)
_READ_LOCKED = _READ + " FOR UPDATE OF c"


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case as it was read: ``row`` for writing, ``facts`` and ``definition`` for deciding."""

    row: CaseRow
    definition: Definition
    facts: CaseFacts
    directory: StoreDirectory
    closed_at: datetime | None
    suspended_note: str | None
    seal: CaseSeal | None = None  # of a sealed case, where its key is at hand
    secrets: Mapping[str, Any] = field(default_factory=dict)  # what the tokens in its state stand for


def read_case(session: Session, case_id: int, now: datetime, *, is_locked: bool = False) -> StoredCase:
    """The case at this moment; ``is_locked`` keeps others from moving it in this transaction. Raises NotFound."""
    dialect = dialect_name(session)
    rows = driver_rows(session, _READ_LOCKED if is_locked and dialect != "sqlite" else _READ, (case_id,))
    if not rows:
        raise NotFound("There is no such case.")
    found = rows[0]
    case = CaseRow(*found[:10])
    case_type, title, state, opened_at, closed_at, is_suspended, note, suspended_at, attachments, answers = found[10:20]
    region, organisation_revision, published = found[20:]
    _, moment = driver_moments(dialect)
    seal, secrets, kept = None, EMPTY, None
    directory = StoreDirectory(organisation(session, case.region_id, organisation_revision), now)
    definition = library.running(session, case.digest, case.region_id, directory.day(now), load(), published)
    plain = orjson.loads(state)
    if definition.is_sealed:
        seal, plain, kept, secrets = _unsealed(session, case, region, definition, plain, answers)
        note = None if seal is None or note is None else seal.unlock(SUSPENDED, note)
    facts = CaseFacts(
        case_type=case_type,
        number=case.number,
        title=title,
        region=region,
        unit=case.unit_id,
        initiator=REPORTER if case.initiator_id is None and definition.is_sealed else case.initiator_id,
        opened_at=moment(opened_at),
        revision=case.revision,
        state=from_plain(plain),
        answers=StoredAnswers(definition.fields, answers) if kept is None else kept,
        now=now,
        directory=directory,
        is_suspended=bool(is_suspended),
        attachments=attachments,
        holidays=directory.holidays,
        extensions=_extensions(session, directory, definition, case) if definition.schedules else EMPTY,
        loads=Loads(session, case.region_id, case.id),
        store=(session, case.region_id),
        suspension={"at": suspended_at and moment(suspended_at), "reason": note} if is_suspended else EMPTY,
    )
    closed = None if closed_at is None else moment(closed_at)
    return StoredCase(case, definition, facts, directory, closed, note, seal, secrets)


def _unsealed(
    session: Session, case: CaseRow, region: str, definition: Definition, plain: Mapping[str, Any], stored: str
) -> tuple[CaseSeal | None, Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]:
    """The case's keys where this session's keyring opens them, its state, its answers and what tokens stand for."""
    try:
        seal = opened_with(session, held(session), case.id, CaseName(region, case.number))
    except KeyNeeded:
        return None, plain, LockedAnswers(), EMPTY
    locked = locked_in(orjson.loads(stored))
    kept = {"a": {}, "t": {}} if locked is None else seal.unlock_json("answers", locked)
    answers = StoredAnswers(definition.fields, json_text(kept["a"]))
    return seal, shown(Tokens(definition, seal, kept["t"]), plain), answers, kept["t"]


def _extensions(
    session: Session, directory: StoreDirectory, definition: Definition, case: CaseRow
) -> Mapping[str, date]:
    unit = directory.unit(case.unit_id)
    return EMPTY if unit is None else Extensions(session, definition.case_type, unit.path)


def definition_of(session: Session, digest: str) -> Definition:
    """The published definition with this digest, compiled, as new cases take it."""
    return library.definition(session, digest, load())


def running_definition(session: Session, digest: str, reader: Reader) -> Definition:
    """The definition a running case of this digest goes by: its own, with what is hot of the newest (§13.6)."""
    return library.running(session, digest, reader.region_id, reader.today, load(), reader.definitions_revision)
