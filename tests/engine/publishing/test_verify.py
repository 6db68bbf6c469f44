"""What was kept of a publication is held against the audit's chain: changed, removed or slipped in, it is named.

Every attack drops the triggers first, as somebody who owns the database could.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from engine.audit.append_only import TABLES, dropping
from engine.audit.models import INSTALLATION
from engine.audit.record import record
from engine.publishing.publish import publish
from engine.publishing.record import Considered
from engine.publishing.verify import verify_all
from engine.vocabulary import load
from tests.factories import a_region
from tests.publishers import publishers_if_needed

LEAVE = """\
schema: casework/1
case_type: leave
version: 1.0.0
title: {id: Cuti, en: Leave}
legal_basis: [PP 11/2017]
roles: {employee: {title: {id: Pegawai, en: Employee}, resolve: initiator}}
lifecycle:
  initial: asking
  states:
    asking:
      title: {id: Pengajuan, en: Asking}
      task: {candidates: [employee]}
      transitions: {submit: {to: granted, title: {id: Ajukan, en: Submit}}}
    granted: {type: final, title: {id: Disetujui, en: Granted}}
"""
ASKED = Considered({"changes": 9, "caught": 1, "score": 11, "survivors": 8, "untested": 0}, ())


def published(session: Session, now: datetime, version: str = "1.0.0", region: int | None = None) -> None:
    publish(
        session, {"workflows/leave.yaml": LEAVE.replace("1.0.0", version)}, "leave", reason="Berlaku", region=region,
        vocabulary=load(), now=now, prove=lambda definition: (), considered=ASKED,
        **publishers_if_needed(session, "leave", region),
    )  # fmt: skip


@pytest.fixture
def twice(session: Session, now: datetime) -> Session:
    """A database in which the case type was published, and a day later its next version."""
    published(session, now)
    published(session, now + timedelta(days=1), "1.1.0")
    return session


def tamper(session: Session, *statements: str) -> None:
    session.flush()
    for table in TABLES:
        for statement in dropping(session.get_bind().dialect.name, table):
            session.execute(text(statement))
    for statement in statements:
        session.execute(text(statement))
    session.expire_all()


def found(session: Session) -> list[tuple[str, int | None, int | None]]:
    return [(one.kind, one.region_id, one.seq) for one in verify_all(session)]


NEWEST = "(SELECT max(id) FROM publications)"
RECORD = f"WHERE publication_id = {NEWEST}"
PUBLICATION = f"WHERE id = {NEWEST}"


def test_what_nobody_touched_is_sound(twice: Session, now: datetime) -> None:
    region = a_region(twice)
    published(twice, now + timedelta(days=2), region=region.id)
    assert found(twice) == []


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE publication_records SET strength = '[]' {RECORD}",
        f"UPDATE publication_records SET findings = '[1]' {RECORD}",
        f"UPDATE publication_records SET decisions = NULL {RECORD}",
        f"UPDATE publication_records SET approved_by = NULL {RECORD}",
        f"UPDATE publication_records SET findings = 'no json' {RECORD}",
        f"UPDATE publications SET reason = 'Lain' {PUBLICATION}",
        f"UPDATE publications SET published_by = NULL {PUBLICATION}",
        f"UPDATE publications SET legal_basis = '[]' {PUBLICATION}",
        f"UPDATE publications SET legal_basis = 'null' {PUBLICATION}",
        f"UPDATE publications SET counts_from = '2020-01-01' {PUBLICATION}",
    ],
)
def test_what_was_changed_is_named_with_the_entry_that_vouches_for_it(twice: Session, statement: str) -> None:
    tamper(twice, statement)
    assert found(twice) == [("publication", INSTALLATION, 2)]
    (one,) = verify_all(twice)
    assert "baris 2" in one.sentence.id and "penerbitan leave" in one.sentence.id
    assert "row 2" in one.sentence.en and "the publication of leave is not as it was recorded" in one.sentence.en


@pytest.mark.parametrize(
    "statements",
    [
        (f"DELETE FROM publication_records {RECORD}",),
        (f"DELETE FROM publication_records {RECORD}", f"DELETE FROM publications {PUBLICATION}"),
    ],
)
def test_what_is_missing_is_named(twice: Session, statements: tuple[str, ...]) -> None:
    tamper(twice, *statements)
    assert found(twice) == [("publication", INSTALLATION, 2)]
    assert "has lost its record" in verify_all(twice)[0].sentence.en


def test_a_publication_told_to_be_of_another_day_is_named_for_what_is_gone_and_for_what_is_new(twice: Session) -> None:
    tamper(twice, f"UPDATE publications SET published_at = '2026-01-01 00:00:00.000000' {PUBLICATION}")
    assert found(twice) == [("publication", INSTALLATION, 2), ("publication", INSTALLATION, None)]


def test_a_publication_slipped_in_is_named(twice: Session) -> None:
    region = a_region(twice)
    twice.flush()
    tamper(
        twice,
        "INSERT INTO publications (id, case_type, region_id, digest, counts_from, published_at, reason, legal_basis)"
        f" SELECT 99, case_type, {region.id}, digest, counts_from, published_at, reason, legal_basis"
        f" FROM publications {PUBLICATION}",
        "INSERT INTO publication_records (publication_id, findings, strength) VALUES (99, '[]', NULL)",
    )
    assert found(twice) == [("publication", region.id, None)]


def test_what_was_published_before_records_were_kept_is_no_finding(twice: Session, now: datetime) -> None:
    tamper(twice, "DELETE FROM audit_entries", "DELETE FROM audit_heads", "DELETE FROM publication_records")
    new = {"digest": "d", "number": 1, "version": "1.0.0", "reason": "Berlaku"}
    record(twice, INSTALLATION, None, "definition_published", "case_type:leave", None, new, now)
    assert found(twice) == []
    tamper(twice, "INSERT INTO publication_records (publication_id, findings) SELECT min(id), '[]' FROM publications")
    assert found(twice) == [("publication", INSTALLATION, None)]


def test_an_entry_that_cannot_be_read_is_the_chains_own_finding(twice: Session) -> None:
    tamper(twice, "UPDATE audit_entries SET new = 'no json' WHERE seq = 2 AND region_id = 0")
    assert found(twice) == [("changed", INSTALLATION, 2), ("publication", INSTALLATION, None)]
