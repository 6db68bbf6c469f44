"""Tampering is found and named: changed, missing and moved rows, cases removed whole, anchors rewritten.

Every attack drops the triggers first, as somebody who owns the database could.
"""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from engine.audit.anchors import anchor, anchors
from engine.audit.append_only import TABLES, dropping
from engine.audit.models import INSTALLATION, Anchor, AuditEntry
from engine.audit.record import GENESIS, history_hash, record
from engine.audit.verify import verify
from engine.cases.models import Case, History
from engine.database import Database
from engine.organisation.models import Region
from engine.publishing.models import DefinitionVersion
from tests.factories import a_region

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def region(session: Session) -> Region:
    return a_region(session)


def a_case(session: Session, region: Region, rows: int = 4, at: datetime = NOW) -> Case:
    """A case with a chain of ``rows`` history rows, a minute apart."""
    if session.get(DefinitionVersion, "d") is None:
        version = DefinitionVersion(
            digest="d", case_type="t", number=1, version="1.0.0", title={}, files={}, stored_at=at
        )
        session.add(version)
        session.flush()
    case = Case(
        region_id=region.id, number="-", case_type="t", digest="d", revision=0, state={}, title="", opened_at=at,
        head_hash=GENESIS, is_suspended=False, attachment_count=0, returned_count=0,
    )  # fmt: skip
    session.add(case)
    session.flush()
    case.number = f"PK/2026/{case.id:04}"
    for number in range(rows):
        a_step(session, case, at + timedelta(minutes=number))
    return case


def a_step(session: Session, case: Case, at: datetime) -> None:
    values: dict[str, Any] = {
        "case_id": case.id, "seq": case.revision + 1, "at": at, "actor_id": 7, "principal": None, "kind": None,
        "action": "approve", "state": "review", "states_left": ["review"], "states_entered": ["next"],
        "comment": f"Catatan {case.revision}", "item": None, "details": {"b": 1, "a": "é"}, "answers_changed": None,
    }  # fmt: skip
    case.head_hash = history_hash(case.head_hash, values)
    session.add(History(**values, hash=case.head_hash))
    case.revision += 1
    session.flush()


def tamper(session: Session, *statements: str) -> None:
    session.flush()
    dialect = session.get_bind().dialect.name
    for table in TABLES:
        for statement in dropping(dialect, table):
            session.execute(text(statement))
    for statement in statements:
        session.execute(text(statement))
    session.expire_all()


def found(session: Session) -> list[tuple[str, int | None, int | None]]:
    return sorted(
        ((one.kind, one.case_id, one.seq) for one in verify(session)),
        key=lambda one: (one[0], one[1] or 0, one[2] or 0),
    )


def test_what_nobody_touched_is_sound(session: Session, region: Region) -> None:
    for _ in range(3):
        a_case(session, region)
    record(session, region.id, None, "unit_added", "unit:1", None, {"name": "Dinas"}, NOW)
    record(session, INSTALLATION, None, "definition_published", "case_type:t", None, "teks", NOW)
    anchor(session, NOW + timedelta(minutes=10))
    assert verify(session) == []


@pytest.mark.parametrize(
    "change",
    [
        "comment = 'Setuju tanpa catatan'",
        "actor_id = 8",
        "principal = '9'",
        "action = 'reject'",
        "details = '{}'",
        "answers_changed = '{}'",
        "states_entered = '[]'",
        "item = '1'",
        "hash = 'abc'",
    ],
)
def test_a_changed_row_is_named(session: Session, region: Region, change: str) -> None:
    a_case(session, region)
    case = a_case(session, region)
    tamper(session, f"UPDATE history SET {change} WHERE case_id = {case.id} AND seq = 2")
    assert ("changed", case.id, 2) in found(session)
    assert {kind for kind, _, _ in found(session)} == {"changed"}
    sentence = verify(session)[0].sentence
    assert case.number in sentence.id
    assert "baris 2" in sentence.id
    assert "row 2" in sentence.en


def test_a_changed_moment_is_named(session: Session, region: Region) -> None:
    case = a_case(session, region)
    tamper(session)
    session.execute(update(History).where(History.seq == 2).values(at=NOW - timedelta(days=1)))
    assert found(session) == [("changed", case.id, 2)]


@pytest.mark.parametrize("seq", [1, 2, 4])
def test_a_missing_row_is_named_wherever_it_stood(session: Session, region: Region, seq: int) -> None:
    case = a_case(session, region)
    tamper(session, f"DELETE FROM history WHERE case_id = {case.id} AND seq = {seq}")
    assert found(session) == [("missing", case.id, seq)]


def test_all_missing_rows_are_named(session: Session, region: Region) -> None:
    case = a_case(session, region)
    tamper(session, f"DELETE FROM history WHERE case_id = {case.id} AND seq IN (2, 3)")
    assert found(session) == [("missing", case.id, 2), ("missing", case.id, 3)]
    tamper(session, f"DELETE FROM history WHERE case_id = {case.id}")
    assert found(session) == [("missing", case.id, seq) for seq in (1, 2, 3, 4)]


def test_rows_that_changed_places_are_named_with_where_they_were(session: Session, region: Region) -> None:
    case = a_case(session, region)
    which = f"WHERE case_id = {case.id} AND seq"
    tamper(
        session,
        f"UPDATE history SET seq = 99 {which} = 2",
        f"UPDATE history SET seq = 2 {which} = 3",
        f"UPDATE history SET seq = 3 {which} = 99",
    )
    assert found(session) == [("moved", case.id, 2), ("moved", case.id, 3)]
    assert [one.origin for one in verify(session)] == [(case.id, 3), (case.id, 2)]


def test_a_row_moved_to_the_end_is_named(session: Session, region: Region) -> None:
    case = a_case(session, region)
    tamper(session, f"UPDATE history SET seq = 5 WHERE case_id = {case.id} AND seq = 2")
    assert found(session) == [("moved", case.id, 5)]
    assert verify(session)[0].origin == (case.id, 2)


def test_a_row_moved_into_another_case_is_named(session: Session, region: Region) -> None:
    first, second = a_case(session, region), a_case(session, region)
    tamper(session, f"UPDATE history SET case_id = {second.id}, seq = 5 WHERE case_id = {first.id} AND seq = 2")
    moved = [one for one in verify(session) if one.kind == "moved"]
    assert [(one.case_id, one.seq, one.origin) for one in moved] == [(second.id, 5, (first.id, 2))]
    assert first.number in moved[0].sentence.en


def test_an_added_row_is_named(session: Session, region: Region) -> None:
    case = a_case(session, region)
    revision, head = case.revision, case.head_hash
    a_step(session, case, NOW)
    tamper(session, f"UPDATE cases SET revision = {revision}, head_hash = '{head}' WHERE id = {case.id}")
    assert found(session) == [("added", case.id, 5)]


def test_a_changed_head_is_named(session: Session, region: Region) -> None:
    case = a_case(session, region)
    tamper(session, f"UPDATE cases SET head_hash = 'abc' WHERE id = {case.id}")
    assert found(session) == [("head", case.id, 4)]


def test_a_case_whose_row_alone_was_removed_is_named(session: Session, region: Region) -> None:
    case_id = a_case(session, region).id
    tamper(session, f"DELETE FROM cases WHERE id = {case_id}")
    assert found(session) == [("case_removed", case_id, None)]


# -- anchors -----------------------------------------------------------------------------------------------------


def test_a_case_removed_whole_is_named_by_the_anchor(session: Session, region: Region) -> None:
    case, other = a_case(session, region), a_case(session, region)
    case_id, number = case.id, case.number
    anchor(session, NOW + timedelta(minutes=10))
    tamper(session, f"DELETE FROM history WHERE case_id = {case_id}", f"DELETE FROM cases WHERE id = {case_id}")
    findings = verify(session)
    assert [(one.kind, one.case_id, one.number) for one in findings] == [("case_removed", case_id, number)]
    assert number in findings[0].sentence.id
    assert other.number not in findings[0].sentence.id


def test_a_chain_rewritten_with_good_hashes_is_named_by_the_anchor(session: Session, region: Region) -> None:
    case = a_case(session, region)
    anchor(session, NOW + timedelta(minutes=10))
    tamper(session, f"UPDATE history SET comment = 'Lain' WHERE case_id = {case.id} AND seq = 2")
    previous = GENESIS
    for row in session.scalars(select(History).order_by(History.seq)):
        values = {column.name: getattr(row, column.name) for column in History.__table__.columns}
        previous = row.hash = history_hash(previous, values)
    case.head_hash = previous
    session.flush()
    assert found(session) == [("changed", case.id, 4)]
    assert "jangkar 1" in verify(session)[0].sentence.id


def test_the_end_of_a_case_cut_off_cleanly_is_named_by_the_anchor(session: Session, region: Region) -> None:
    case = a_case(session, region)
    anchor(session, NOW + timedelta(minutes=10))
    third = session.scalars(select(History.hash).where(History.seq == 3)).one()
    tamper(
        session,
        f"DELETE FROM history WHERE case_id = {case.id} AND seq = 4",
        f"UPDATE cases SET revision = 3, head_hash = '{third}' WHERE id = {case.id}",
    )
    assert found(session) == [("missing", case.id, 4)]


def test_an_anchor_covers_what_grew_since_the_one_before(session: Session, region: Region) -> None:
    first, second = a_case(session, region), a_case(session, region)
    one = anchor(session, NOW + timedelta(minutes=5))
    assert [(made.row_count, [leaf[:2] for leaf in made.leaves]) for made in one] == [
        (8, [[first.id, 4], [second.id, 4]])
    ]
    assert anchor(session, NOW + timedelta(minutes=6)) == []
    a_step(session, second, NOW + timedelta(minutes=7))
    a_step(session, second, NOW + timedelta(minutes=8))
    later = anchor(session, NOW + timedelta(minutes=9))
    assert [(made.seq, made.row_count, [leaf[:2] for leaf in made.leaves]) for made in later] == [
        (2, 2, [[second.id, 6]])
    ]
    assert verify(session) == []


def test_a_sealed_case_is_anchored_when_its_day_is_over(session: Session, region: Region) -> None:
    day = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)  # 00:00 in Jakarta, where an act from outside stands
    anchor(session, day - timedelta(hours=1))
    case = a_case(session, region, rows=1, at=day)
    case.is_sealed = True
    a_case(session, region, rows=1, at=NOW)
    session.flush()
    leaves = [leaf[0] for made in anchor(session, NOW + timedelta(minutes=5)) for leaf in made.leaves]
    assert case.id not in leaves and len(leaves) == 1
    a_step(session, case, NOW + timedelta(minutes=30))
    assert anchor(session, NOW + timedelta(minutes=31)) == []
    made = anchor(session, day + timedelta(days=1, minutes=1))
    assert [(leaf[0], leaf[1]) for each in made for leaf in each.leaves] == [(case.id, 2)] and made[0].row_count == 2
    a_step(session, case, day + timedelta(days=1))
    assert anchor(session, day + timedelta(days=1, hours=9)) == []
    assert anchor(session, day + timedelta(days=2, hours=9))[0].row_count == 1
    case_id = case.id
    tamper(session, f"DELETE FROM history WHERE case_id = {case_id}", f"DELETE FROM cases WHERE id = {case_id}")
    assert {(one.kind, one.case_id) for one in verify(session)} == {("case_removed", case_id)}


def test_a_row_that_shows_late_is_still_anchored(session: Session, region: Region) -> None:
    a_case(session, region)
    anchor(session, NOW + timedelta(minutes=5))
    late = a_case(session, region, rows=1, at=NOW + timedelta(minutes=1))  # committed after the anchor
    made = anchor(session, NOW + timedelta(minutes=6))
    assert [leaf[:2] for leaf in made[0].leaves] == [[late.id, 1]]


def test_regions_are_anchored_apart_and_may_be_printed(session: Session, region: Region) -> None:
    other = a_region(session)
    a_case(session, region)
    a_case(session, other)
    anchor(session, NOW + timedelta(minutes=5))
    assert [(line.region_id, line.seq, line.row_count) for line in anchors(session, region.id)] == [(region.id, 1, 4)]
    assert len(anchors(session, other.id)) == 1
    assert anchors(session, INSTALLATION) == []


def test_a_large_region_is_anchored_in_pieces(
    session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.audit.anchors.LARGEST", 2)
    for _ in range(5):
        a_case(session, region, rows=1)
    assert [len(made.leaves) for made in anchor(session, NOW + timedelta(minutes=5))] == [2, 2, 1]
    assert anchor(session, NOW + timedelta(minutes=6)) == []
    assert verify(session) == []


def test_a_changed_or_missing_anchor_is_named(session: Session, region: Region) -> None:
    for minutes in (5, 15, 25):
        a_case(session, region, rows=1, at=NOW + timedelta(minutes=minutes - 1))
        anchor(session, NOW + timedelta(minutes=minutes))
    tamper(session, "UPDATE anchors SET row_count = 9 WHERE seq = 1", "DELETE FROM anchors WHERE seq = 2")
    assert found(session) == [("anchor", None, 1), ("anchor", None, 2)]


def test_anchors_kept_elsewhere_catch_who_rewrote_the_anchors_too(session: Session, region: Region) -> None:
    case = a_case(session, region)
    anchor(session, NOW + timedelta(minutes=5))
    kept = anchors(session, region.id)
    assert verify(session, kept) == []
    tamper(
        session,
        "DELETE FROM anchors",
        f"DELETE FROM history WHERE case_id = {case.id}",
        f"DELETE FROM cases WHERE id = {case.id}",
    )
    assert found(session) == []
    assert [(one.kind, one.seq) for one in verify(session, kept)] == [("anchor", 1)]
    a_case(session, region, rows=3)
    anchor(session, NOW + timedelta(minutes=5))
    assert [(one.kind, one.seq) for one in verify(session, kept)] == [("anchor", 1)]


# -- the administration's chain ----------------------------------------------------------------------------------


@pytest.fixture
def administered(session: Session, region: Region) -> Region:
    for number in range(3):
        record(session, region.id, 7, "unit_added", f"unit:{number}", None, {"name": f"Dinas {number}"}, NOW)
    return region


def test_each_region_has_a_chain_of_its_own(session: Session, administered: Region) -> None:
    other = a_region(session)
    record(session, other.id, None, "unit_added", "unit:9", None, None, NOW)
    rows = session.execute(select(AuditEntry.region_id, AuditEntry.seq).order_by(AuditEntry.region_id, AuditEntry.seq))
    assert [tuple(row) for row in rows] == [
        (administered.id, 1),
        (administered.id, 2),
        (administered.id, 3),
        (other.id, 1),
    ]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE audit_entries SET new = '{}' WHERE seq = 2", [("changed", 2)]),
        ("UPDATE audit_entries SET actor_id = NULL WHERE seq = 3", [("changed", 3)]),
        ("DELETE FROM audit_entries WHERE seq = 2", [("missing", 2)]),
        ("DELETE FROM audit_entries WHERE seq = 3", [("missing", 3)]),
        ("DELETE FROM audit_entries", [("missing", 1), ("missing", 2), ("missing", 3)]),
        ("UPDATE audit_entries SET seq = 4 WHERE seq = 1", [("moved", 4)]),
    ],
)
def test_tampering_with_the_administrations_chain_is_named(
    session: Session, administered: Region, statement: str, expected: list[tuple[str, int]]
) -> None:
    tamper(session, statement)
    findings = verify(session)
    assert sorted((one.kind, one.seq) for one in findings) == expected
    assert {one.region_id for one in findings} == {administered.id}


def test_the_end_of_the_administrations_chain_cut_off_cleanly_is_named_by_the_anchor(
    session: Session, administered: Region
) -> None:
    anchor(session, NOW + timedelta(minutes=5))
    second = session.scalars(select(AuditEntry.hash).where(AuditEntry.seq == 2)).one()
    tamper(
        session,
        "DELETE FROM audit_entries WHERE seq = 3",
        f"UPDATE audit_heads SET seq = 2, hash = '{second}' WHERE seq = 3",
    )
    assert [(one.kind, one.region_id, one.seq) for one in verify(session)] == [("missing", administered.id, 3)]


def test_a_database_is_verified_while_it_is_only_read(database: Database) -> None:
    with database.writing.begin() as session:
        region = a_region(session)
        for _ in range(3):
            a_case(session, region)
        record(session, region.id, None, "unit_added", "unit:1", None, None, NOW)
        anchor(session, NOW + timedelta(minutes=5))
        assert session.scalars(select(Anchor)).one().row_count == 13
    with database.reading() as session:
        assert verify(session) == []


def test_a_check_never_mistakes_a_running_step_for_an_attack(database: Database) -> None:
    with database.writing.begin() as session:
        region = a_region(session)
        cases = [a_case(session, region) for _ in range(4)]
    stop = threading.Event()
    failures: list[Exception] = []

    def write(case_id: int) -> None:
        try:
            while not stop.is_set():
                with database.writing.begin() as session:
                    a_step(session, session.get_one(Case, case_id, with_for_update=True), NOW)
                    record(session, region.id, None, "unit_added", "unit:1", None, None, NOW)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(case.id,)) for case in cases]
    for thread in threads:
        thread.start()
    findings = []
    for number in range(5):
        with database.writing.begin() as session:
            anchor(session, NOW + timedelta(minutes=number))
        with database.reading() as session:
            findings += verify(session)
    stop.set()
    for thread in threads:
        thread.join()
    assert (findings, failures) == ([], [])


@pytest.mark.parametrize("seed", range(30))
def test_whatever_is_done_to_one_or_two_rows_its_case_is_named(session: Session, region: Region, seed: int) -> None:
    chance = random.Random(seed)
    cases = [a_case(session, region, rows=chance.randint(1, 6)) for _ in range(3)]
    anchor(session, NOW + timedelta(minutes=10))
    victim, other = chance.sample(cases, 2)
    seq = chance.randint(1, victim.revision)
    row = f"WHERE case_id = {victim.id} AND seq = {seq}"
    attacks = [
        [f"UPDATE history SET comment = comment || ' ' {row}"],
        [f"UPDATE history SET hash = '{'0' * 64}' {row}"],
        [f"DELETE FROM history {row}"],
        [f"DELETE FROM history WHERE case_id = {victim.id} AND seq >= {seq}"],
        [f"UPDATE history SET seq = seq + 20 {row}"],
        [f"UPDATE history SET seq = seq + 20 WHERE case_id = {victim.id} AND seq >= {seq}"],
        [f"UPDATE history SET case_id = {other.id}, seq = {other.revision + 1} {row}"],
        [f"DELETE FROM history WHERE case_id = {victim.id}", f"DELETE FROM cases WHERE id = {victim.id}"],
        [f"UPDATE cases SET revision = {victim.revision + 1} WHERE id = {victim.id}"],
    ]
    victim_id = victim.id
    tamper(session, *chance.choice(attacks))
    findings = verify(session)
    involved = {one.case_id for one in findings} | {one.origin[0] for one in findings if one.origin}
    assert victim_id in involved
