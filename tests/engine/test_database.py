"""The ground everything stored stands on: moments, JSON, and transactions that lose nothing."""

from __future__ import annotations

import json
import threading
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import InvalidRequestError, StatementError
from sqlalchemy.orm import Session

from engine import database as own
from engine.database import Database, json_text, make_engine, open_database
from engine.errors import EnvironmentFault
from engine.organisation.models import Account, Person, Region
from tests.factories import a_person, a_region

PREPARE = own._prepare_sqlite  # as it is where a power cut matters: tests replace it


def test_a_moment_comes_back_the_same_in_utc(session: Session) -> None:
    person = a_person(session, region_id=a_region(session).id)
    jakarta = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=timezone(timedelta(hours=7)))
    session.add(
        Account(
            person_id=person.id,
            username="rina",
            password_hash="-",
            password_changed_at=datetime.now(UTC),
            last_sign_in_at=jakarta,
        )
    )
    session.flush()
    session.expire_all()
    read = session.execute(select(Account.last_sign_in_at)).scalar_one()
    assert read == jakarta
    assert read is not None
    assert read.tzinfo == UTC


def test_a_moment_without_a_zone_is_refused(session: Session) -> None:
    person = a_person(session, region_id=a_region(session).id)
    naive = datetime(2026, 3, 2)
    session.add(
        Account(
            person_id=person.id,
            username="rina",
            password_hash="-",
            password_changed_at=datetime.now(UTC),
            last_sign_in_at=naive,
        )
    )
    with pytest.raises(StatementError, match="without a time zone"):
        session.flush()


def test_moments_sort_and_compare_in_the_database(session: Session) -> None:
    region = a_region(session)
    start = datetime(2026, 3, 2, tzinfo=UTC)
    for day in (3, 1, 2):
        person = a_person(session, region_id=region.id)
        moment = start + timedelta(days=day, microseconds=day)
        session.add(
            Account(
                person_id=person.id,
                username=f"u{day}",
                password_hash="-",
                password_changed_at=datetime.now(UTC),
                last_sign_in_at=moment,
            )
        )
    session.flush()
    later = select(Account.username).where(Account.last_sign_in_at > start + timedelta(days=1, hours=1))
    assert list(session.scalars(later.order_by(Account.last_sign_in_at))) == ["u2", "u3"]


def test_json_is_kept_as_the_same_text_on_both_databases(session: Session) -> None:
    region = a_region(session, settings={"warna": "hijau", "a": [1, None, "é"]})
    stored = session.execute(text("SELECT settings FROM regions WHERE id = :id"), {"id": region.id}).scalar_one()
    assert stored == '{"a":[1,null,"é"],"warna":"hijau"}'


def test_six_threads_reading_and_writing_lose_no_update_on_sqlite(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    with database.writing() as session:
        region_id = a_region(session, organisation_revision=0).id
        session.commit()
    failures: list[Exception] = []

    def increment() -> None:
        try:
            for _ in range(100):
                with database.writing() as session:
                    region = session.get_one(Region, region_id)
                    region.organisation_revision = region.organisation_revision + 1
                    session.commit()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=increment) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.get_one(Region, region_id).organisation_revision == 600
    assert failures == []
    database.close()


def test_a_page_is_read_while_somebody_writes(database: Database) -> None:
    with database.writing() as session:
        a_region(session, key="before")
        session.commit()
    with database.writing() as writer, database.reading() as reader:
        a_region(writer, key="during")
        assert list(reader.scalars(select(Region.key))) == ["before"]
        writer.commit()


def test_a_reading_session_refuses_to_write(database: Database) -> None:
    with database.reading() as session:
        session.add(Region(key="x", name="X"))
        with pytest.raises(InvalidRequestError, match="reading session"):
            session.flush()


def test_what_is_told_as_done_is_on_the_disk_of_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "_prepare_sqlite", PREPARE)
    database = open_database(f"sqlite:///{tmp_path / 'kept.sqlite'}")
    with database.reading() as session:
        assert session.scalar(text("PRAGMA synchronous")) == 2  # FULL: a commit waits for the disk
    database.close()


def test_foreign_keys_hold_on_both_databases(database: Database) -> None:
    with database.writing() as session:
        session.add(Person(region_id=4711, name="Tanpa daerah"))
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            session.flush()


def test_a_lost_connection_is_noticed_after_a_pause(postgres_databases, monkeypatch: pytest.MonkeyPatch) -> None:
    url = postgres_databases.new()
    database = open_database(url)
    with database.reading() as session:
        session.execute(text("SELECT 1"))
    other = make_engine(url)
    with other.connect() as connection:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))
    monkeypatch.setattr("engine.database.PING_AFTER_SECONDS", 0.0)
    with database.reading() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1
    database.close()
    other.dispose()
    postgres_databases.drop(url)


def test_an_unknown_database_is_named_in_one_sentence() -> None:
    with pytest.raises(EnvironmentFault, match="not with 'mysql'"):
        make_engine("mysql://host/alur")
    with pytest.raises(EnvironmentFault, match="cannot be read"):
        make_engine("nonsense")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="folder of the database file does not exist"):
        make_engine(f"sqlite:///{tmp_path}/nowhere/alur.sqlite")


def test_a_database_file_that_cannot_be_made_is_a_fault_of_the_environment(tmp_path: Path) -> None:
    link = tmp_path / "alur.sqlite"
    link.symlink_to(tmp_path / "nowhere" / "alur.sqlite")
    with pytest.raises(EnvironmentFault, match=r"database file cannot be written: .*alur\.sqlite: No such file"):
        open_database(f"sqlite:///{link}")


def test_a_new_database_file_is_its_owners_alone(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/new.sqlite")
    with database.writing.begin() as session:
        session.execute(text("CREATE TABLE one (id INTEGER PRIMARY KEY)"))
        assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}
    database.close()


def _json_values() -> st.SearchStrategy[Any]:
    leaves = st.none() | st.booleans() | st.integers() | st.text()
    return st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12)


@given(_json_values())
def test_the_stored_text_is_the_same_whoever_writes_it(value: Any) -> None:
    """Hashes of the history are made of it: another library must not change a byte."""
    plain = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert json_text(value) == plain
    assert json.loads(json_text(value)) == value


@pytest.mark.parametrize("value", [{"on": date(2026, 3, 2)}, [Decimal("1.5")], {"at": datetime.now(UTC)}, {"a", "b"}])
def test_what_json_does_not_know_is_not_stored(value: Any) -> None:
    with pytest.raises(TypeError):
        json_text(value)
