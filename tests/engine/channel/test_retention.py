"""How long a sealed case is kept, who lets it go, and that nothing of it is left anywhere."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from engine.all_models import metadata
from engine.audit.anchors import anchor
from engine.audit.verify import verify
from engine.cases.apply import STATEMENTS
from engine.cases.fire import perform
from engine.cases.follow import comment
from engine.cases.models import Case, History
from engine.cases.stored import read_case
from engine.changes import HistoryEntry, Plan, Refusal
from engine.channel.keeping import date_cases, kept_until, tell_due
from engine.channel.legal_hold import lift_hold, set_hold
from engine.channel.model import Retention
from engine.channel.retention import KeptCase, cancel, confirm, count_waiting, kept_cases, propose
from engine.database import Database, open_database
from engine.disclosure.conversation import OFFICE, say
from engine.disclosure.declared import Declared
from engine.disclosure.keyring import hold
from engine.disclosure.models import CaseDeletion, CaseKey, SealedCase, SealedFile, Tombstone
from engine.disclosure.primitives import new_key
from engine.disclosure.seals import seal_of
from engine.disclosure.vault import Vault, new_file_id, place_of
from engine.errors import NotFound
from engine.facts import REPORTER
from engine.outbox.models import Message
from tests.sealed_office import SECRET, SealedOffice, a_sealed_office

YEARS = timedelta(days=366)
KEPT = Retention(closed_years=5, rejected_years=1, grace_days=30, rejected_states=("closed_withdrawn",))


def withdrawn(office: SealedOffice) -> None:
    """A report that its reporter took back: kept for a year."""
    assert not isinstance(office.report(), Refusal)
    assert office.do(REPORTER, "withdraw_complaint", "Saya salah paham") is None
    date_cases(office.session)


def listed(office: SealedOffice, name: str, now: datetime) -> tuple[KeptCase, ...]:
    office.at_work(name)
    return kept_cases(office.session, office.people[name].id, now)


def why(refusal: Refusal | None) -> str:
    assert refusal is not None
    return refusal.sentence.en


@pytest.fixture
def office(session: Session, now: datetime) -> SealedOffice:
    return a_sealed_office(session, now)


@pytest.mark.parametrize(
    ("ended", "active", "until"),
    [
        (date(2026, 3, 2), {"closed": 4}, date(2031, 3, 2)),
        (date(2026, 3, 2), {"closed_withdrawn": 4}, date(2027, 3, 2)),
        (date(2028, 2, 29), {"closed_withdrawn": 4}, date(2029, 2, 28)),
    ],
)
def test_the_years_depend_on_how_a_case_ended(ended: date, active: dict[str, int], until: date) -> None:
    assert kept_until(ended, active, KEPT) == until


def test_t68_nothing_goes_before_its_time_under_hold_or_with_something_new(office: SealedOffice, now: datetime) -> None:
    withdrawn(office)
    session, case_id, ida = office.session, office.case_id, office.people["ida"].id
    (seen,) = listed(office, "ida", now)
    assert (seen.keep_until, seen.is_due, seen.proposal) == (date(2027, 3, 2), False, None)
    assert "not over yet" in why(propose(session, ida, case_id, now))
    later = now + YEARS
    assert [seen.is_due for seen in listed(office, "ida", later)] == [True]
    assert "Say why" in why(set_hold(session, ida, case_id, "x", later))
    assert set_hold(session, ida, case_id, "Diminta pengadilan negeri", later) is None
    (seen,) = listed(office, "irma", later)
    assert seen.hold is not None and (seen.hold["why"], seen.is_due) == ("Diminta pengadilan negeri", False)
    assert "legal hold" in why(propose(session, office.people["irma"].id, case_id, later))
    lift_hold(session, office.people["irma"].id, case_id, later)
    office.at_work(REPORTER)
    say(session, seal_of(session, case_id), case_id, "reporter", None, "Masih ada lagi", (later).date())
    office.at_work("ida")
    assert "new content" in why(propose(session, ida, case_id, later))
    assert propose(session, ida, case_id, later + timedelta(days=32)) is None


def test_t68_not_while_a_later_report_about_it_is_handled(office: SealedOffice, now: datetime) -> None:
    withdrawn(office)
    first, number = office.case_id, office.number
    office.way = Declared("anonymous", about=number, kind="follow_up").to_text()
    assert not isinstance(office.report(), Refusal)
    office.at_work("ida")
    assert "later report" in why(propose(office.session, office.people["ida"].id, first, now + YEARS))


def test_holders_are_told_once_when_the_time_of_a_case_is_over(office: SealedOffice, now: datetime) -> None:
    withdrawn(office)
    session = office.session
    for day, hour in ((2, 9), (3, 1), (3, 9)):
        tell_due(session, datetime(2027, 3, day, hour, tzinfo=UTC))
    rows = session.scalars(select(Message).where(Message.created_at > datetime(2027, 1, 1, tzinfo=UTC))).all()
    assert sorted(row.person_id or 0 for row in rows) == sorted(office.people[name].id for name in ("ida", "irma"))
    assert {row.created_at for row in rows} == {datetime(2027, 3, 3, 1, tzinfo=UTC)}


def test_t70_the_time_counts_from_the_last_closing(session: Session, office: SealedOffice, now: datetime) -> None:
    withdrawn(office)
    kept = session.get_one(SealedCase, office.case_id)
    reopened = {"ended_on": None}
    row = _put(session, kept, **reopened)
    assert row.keep_until is None
    row = _put(session, kept, ended_on=date(2027, 1, 15))
    assert row.keep_until is None
    date_cases(session)
    session.refresh(kept)
    assert kept.keep_until == date(2028, 1, 15)


def _put(session: Session, kept: SealedCase, **values: Any) -> SealedCase:
    """Bookkeeping as a step of the case writes it."""
    from_step = {"region_id": kept.region_id, "opened_on": kept.opened_on, "last_new_on": kept.last_new_on, **values}
    put_bookkeeping(session, kept.case_id, from_step)
    session.refresh(kept)
    return kept


def put_bookkeeping(session: Session, case_id: int, values: dict[str, Any]) -> None:
    statement = STATEMENTS["sealed_put"].sqlite
    row = (values["region_id"], values["opened_on"], values["ended_on"], values["last_new_on"], "", "", "", case_id)
    marked = statement
    names = iter("abcdefgh")
    while "?" in marked:
        marked = marked.replace("?", f":{next(names)}", 1)
    session.execute(text(marked), dict(zip("abcdefgh", row, strict=True)))


def test_t71_it_takes_two_and_each_only_who_holds_a_copy(session: Session, office: SealedOffice, now: datetime) -> None:
    withdrawn(office)
    later, ida, irma, vina = now + YEARS, *(office.people[name].id for name in ("ida", "irma", "vina"))
    office.at_work("vina")
    with pytest.raises(NotFound):
        propose(session, vina, office.case_id, later)
    office.at_work("ida")
    assert propose(session, ida, office.case_id, later) is None
    assert "waits already" in why(propose(session, ida, office.case_id, later))
    assert (count_waiting(session, ida), count_waiting(session, irma), count_waiting(session, vina)) == (0, 1, 0)
    told = session.scalars(select(Message.person_id).where(Message.case_id == 0, Message.created_at > later)).all()
    assert irma in told and ida not in told
    (seen,) = listed(office, "irma", later)
    assert (seen.may_confirm, seen.asked_by) == (True, "Ida")
    (mine,) = listed(office, "ida", later)
    assert not mine.may_confirm and mine.proposal is not None
    with pytest.raises(NotFound):
        cancel(session, vina, mine.proposal, later)
    cancel(session, irma, mine.proposal, later)
    with pytest.raises(NotFound):
        cancel(session, ida, mine.proposal, later)
    assert [seen.proposal for seen in listed(office, "irma", later)] == [None]


def test_t71_custodians_may_be_the_second_and_see_only_what_waits(office: SealedOffice, now: datetime) -> None:
    withdrawn(office)
    later = now + YEARS
    assert listed(office, "kiki", later) == ()
    office.at_work("ida")
    assert propose(office.session, office.people["ida"].id, office.case_id, later) is None
    assert [seen.may_confirm for seen in listed(office, "kiki", later)] == [True]


class Emptied:
    """A case of a database of its own that is proposed for destruction, with everything a case can have."""

    def __init__(self, database: Database, vault: Vault, now: datetime) -> None:
        self.database, self.vault, self.later = database, vault, now + YEARS
        with database.writing() as session:
            self.office = office = a_sealed_office(session, now)
            withdrawn(office)
            self.case_id, self.number = office.case_id, office.number
            office.at_work("ida")
            comment(session, self.case_id, office.people["ida"].id, "Rahasia sekali", now)
            seal = seal_of(session, self.case_id)
            say(session, seal, self.case_id, OFFICE, office.people["ida"].id, "Terima kasih", now.date())
            self.file_id = new_file_id()
            with vault.arriving(self.file_id, new_key(), place_of(office.region.key, self.file_id)) as coming:
                coming.write(b"bukti")
                coming.keep()
            session.add(
                SealedFile(id=self.file_id, region_id=office.region.id, case_id=self.case_id, kind="file",
                           side=REPORTER, day=now.date(), about="-", wrapped="-", stored_bytes=1)
            )  # fmt: skip
            self.kept = session.scalars(select(CaseKey.sealed).where(CaseKey.case_id == self.case_id)).all()
            assert propose(session, office.people["ida"].id, self.case_id, self.later) is None
            self.proposal = session.scalars(select(CaseDeletion.id)).one()
            anchor(session, now)
            hold(session, None)
            session.commit()

    def person(self, name: str) -> int:
        return self.office.people[name].id


@pytest.fixture
def emptied(database: Database, tmp_path: Path, now: datetime) -> Emptied:
    return Emptied(database, Vault(tmp_path / "vault"), now)


def test_t68_destroyed_is_gone_from_every_table_and_the_chain_still_holds(emptied: Emptied) -> None:
    """T68, T74: rows, keys, receipt, files and mails go; a tombstone without content and the history's chain stay."""
    assert "Somebody else" in why(
        confirm(emptied.database, emptied.vault, emptied.person("ida"), emptied.proposal, emptied.later)
    )
    irma = emptied.person("irma")
    assert confirm(emptied.database, emptied.vault, irma, emptied.proposal, emptied.later) is None
    with pytest.raises(NotFound):
        confirm(emptied.database, emptied.vault, irma, emptied.proposal, emptied.later)
    with emptied.database.reading() as session:
        stone = session.get_one(Tombstone, emptied.case_id)
        assert (stone.number, stone.reason) == (emptied.number, "retention")
        assert {stone.asked_by, stone.confirmed_by} == {emptied.person("ida"), irma}
        left = {
            table.name
            for table in metadata.sorted_tables
            if "case_id" in table.c
            and session.scalar(select(func.count()).select_from(table).where(table.c.case_id == emptied.case_id))
        }
        assert left == {"history", "tombstones", "case_deletions"}
        case = session.get_one(Case, emptied.case_id)
        assert (case.state, case.title) == ({}, "")
        assert verify(session) == []
        assert session.scalar(select(func.count()).select_from(History)) == 2
        emptied.office.session = session
        emptied.office.at_work("ida")
        with pytest.raises(NotFound):
            read_case(session, emptied.case_id, emptied.later)
        assert kept_cases(session, emptied.person("ida"), emptied.later) == ()
    assert not emptied.vault.path(emptied.file_id).exists()


def test_t69_copies_of_keys_are_off_the_disk_with_the_rows(sqlite_url: str, tmp_path: Path, now: datetime) -> None:
    """SQLite's file, its log and its shared memory hold no byte of a destroyed case's keys."""
    database = open_database(sqlite_url)
    emptied = Emptied(database, Vault(tmp_path / "vault"), now)
    folder = Path(sqlite_url.removeprefix("sqlite:///"))

    def on_disk() -> bytes:
        return b"".join(path.read_bytes() for path in folder.parent.glob(f"{folder.name}*"))

    assert all(key.encode() in on_disk() for key in emptied.kept)
    assert confirm(database, emptied.vault, emptied.person("irma"), emptied.proposal, emptied.later) is None
    assert not [key for key in emptied.kept if key.encode() in on_disk()]
    assert SECRET.encode() not in on_disk()
    database.close()


def test_t71_who_read_a_case_before_it_was_destroyed_brings_nothing_of_it_back(emptied: Emptied) -> None:
    """An act decided on the case as it was: on PostgreSQL it waits for the destruction and then writes."""
    office = emptied.office
    with emptied.database.reading() as session:
        office.session = session
        office.at_work("ida")
        read = read_case(session, emptied.case_id, emptied.later)
    assert confirm(emptied.database, emptied.vault, emptied.person("irma"), emptied.proposal, emptied.later) is None
    state, answers = read.facts.state, read.facts.answers
    entry = HistoryEntry(emptied.later, emptied.person("ida"), None, None, "attach", None, (), ())
    with emptied.database.writing() as session:
        office.session = session
        office.at_work("ida")
        with pytest.raises(NotFound):
            perform(session, read, Plan(state, state, answers, None, (entry,)), emptied.later)
        assert read.seal is not None
        with pytest.raises(NotFound):
            say(session, read.seal, emptied.case_id, REPORTER, None, "Masih ada?", emptied.later.date())
        session.commit()
    with emptied.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CaseKey)) == 0
        assert session.get(SealedCase, emptied.case_id) is None
        assert verify(session) == []


def test_t71_confirming_and_cancelling_at_once_has_one_outcome(emptied: Emptied) -> None:
    start, outcomes = threading.Barrier(2), []

    def confirms() -> None:
        start.wait()
        try:
            confirm(emptied.database, emptied.vault, emptied.person("irma"), emptied.proposal, emptied.later)
            outcomes.append("done")
        except NotFound:
            outcomes.append("late")

    def cancels() -> None:
        start.wait()
        try:
            with emptied.database.writing() as session:
                cancel(session, emptied.person("ida"), emptied.proposal, emptied.later)
                session.commit()
            outcomes.append("cancelled")
        except NotFound:
            outcomes.append("late")

    threads = [threading.Thread(target=act) for act in (confirms, cancels)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with emptied.database.reading() as session:
        outcome = session.scalars(select(CaseDeletion.outcome)).one()
        is_gone = session.get(Tombstone, emptied.case_id) is not None
        assert sorted(outcomes) == sorted([str(outcome), "late"])
        assert is_gone == (outcome == "done")
        assert (session.get(SealedCase, emptied.case_id) is None) == is_gone
