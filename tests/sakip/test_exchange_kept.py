"""A file from a page is looked at, kept, and written as it was looked at: at once, or by a worker (§12)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from engine.audit.models import AuditEntry
from engine.database import Database
from engine.errors import NotFound
from engine.jobs import JOBS
from engine.organisation.models import Person
from sakip.exchange import bringing, kept
from sakip.exchange.kept import LOOKED_AT, drop, import_of, imports_of, look_at, take, write_waiting
from sakip.exchange.models import ImportRow
from sakip.exchange.outcome import EVENT
from sakip.exchange.work import Wish
from sakip.facts.models import RealisationRow
from tests.factories import a_person
from tests.sakip.measured import YEAR, Measured, a_measured_region
from tests.sakip.workbooks import workbook

HEAD = ("Indikator", "Periode", "Realisasi")


def a_year(session: Session, now: datetime) -> Measured:
    found = a_measured_region(session, now)
    found.node("goal")
    found.indicator("served", "goal", consolidation="sum")
    found.aim("served", q1=Fraction(10), q2=Fraction(20), year=Fraction(100))
    return found


@pytest.fixture
def year(session: Session, now: datetime) -> Measured:
    return a_year(session, now)


@pytest.fixture
def person(year: Measured) -> Person:
    return a_person(year.session, year.agency, "Rani")


@pytest.fixture
def look(year: Measured, person: Person, now: datetime) -> Callable[..., ImportRow]:
    def one(*rows: Sequence[Any], when: datetime = now) -> ImportRow:
        content = workbook(HEAD, *rows)
        return look_at(year.session, person.id, Wish(year.region.id, year=YEAR), "tw.xlsx", content, when)

    return one


def written(year: Measured) -> int:
    wanted = select(func.count()).select_from(RealisationRow).where(RealisationRow.region_id == year.region.id)
    return year.session.scalar(wanted) or 0


def test_looking_shows_what_will_stand_beside_what_stands_and_writes_nothing(
    look: Callable[..., ImportRow], year: Measured, now: datetime
) -> None:
    take(year.session, look(("served", "q1", 8)), False, now)
    row = look(("served", "q1", "9,5"), ("served", "q2", "Belum terbit"), ("served", "q3", None))
    assert (row.state, written(year)) == ("seen", 1)
    assert [(one["row"], one["cells"]["value"], one["before"]) for one in row.outcome["rows"]] == [
        (2, {"number": "9.5"}, {"value": {"number": "8"}}),
        (3, {"id": "belum terbit", "en": "not issued yet"}, {}),
    ]
    assert (row.outcome["read"], row.outcome["written"], row.outcome["unchanged"]) == (3, 2, 1)


def test_what_was_looked_at_is_written_once_and_its_file_is_not_kept(
    look: Callable[..., ImportRow], year: Measured, person: Person, now: datetime
) -> None:
    row = look(("served", "q1", 8))
    take(year.session, row, False, now)
    take(year.session, row, False, now)
    assert (row.state, row.content, written(year)) == ("written", None, 1)
    told = year.session.scalars(select(AuditEntry).where(AuditEntry.event == EVENT)).all()
    assert [entry.actor_id for entry in told if entry.region_id == year.region.id] == [person.id]
    again = look(("served", "q1", 8))
    assert (again.state, again.content, again.outcome["written"]) == ("written", None, 0)
    assert [one.id for one in imports_of(year.session, person.id)] == [again.id, row.id]


def test_wrong_rows_hold_up_the_file_unless_they_are_left_out_on_purpose(
    look: Callable[..., ImportRow], year: Measured, now: datetime
) -> None:
    row = look(("served", "q1", 8), ("served", "q2", "34.49"))
    assert (row.state, row.outcome["written"], row.outcome["without_bad"]) == ("seen", 0, 1)
    assert [one["is_bad"] for one in row.outcome["rows"]] == [False, True]
    take(year.session, row, False, now)
    assert (row.state, written(year)) == ("refused", 0)
    row = look(("served", "q1", 8), ("served", "q2", "34.49"))
    take(year.session, row, True, now)
    assert (row.state, row.outcome["written"], written(year)) == ("written", 1, 1)
    assert look(("served", "q2", "34.49")).state == "refused"  # nothing would be left of it


def test_a_page_brings_in_no_verified_value(year: Measured, person: Person, now: datetime) -> None:
    content = workbook((*HEAD, "Keadaan"), ("served", "q1", 8, "disahkan"))
    row = look_at(year.session, person.id, Wish(year.region.id, year=YEAR), "tw.xlsx", content, now)
    assert [one[3] for one in row.outcome["problems"]] == ["unknown_state"]


def test_a_file_of_somebody_else_is_not_there(look: Callable[..., ImportRow], year: Measured) -> None:
    other = a_person(year.session, year.agency, "Orang lain")
    with pytest.raises(NotFound):
        import_of(year.session, other.id, look(("served", "q1", 8)).id)


def test_a_long_file_is_left_to_a_worker_and_what_nobody_decides_on_is_forgotten(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "WRITTEN_AT_ONCE", 1)
    with database.writing.begin() as session:
        year = a_year(session, now)
        person = a_person(session, year.agency, "Rani")

        def looked(*rows: Sequence[Any]) -> ImportRow:
            wish = Wish(year.region.id, year=YEAR)
            return look_at(session, person.id, wish, "tw.xlsx", workbook(HEAD, *rows), now)

        row, undecided = looked(("served", "q1", 8), ("served", "q2", 9)), looked(("served", "q4", 1))
        dropped = looked(("served", "q3", 1))
        drop(dropped, now)
        take(session, row, False, now)
        assert (row.state, dropped.state, dropped.content, written(year)) == ("waiting", "dropped", None, 0)
    monkeypatch.setattr(bringing, "STEP", 1)
    seen: list[tuple[str, int | None]] = []

    def ask(_session: Session) -> None:  # what somebody who waits is told after each commit
        with database.reading() as other:
            found = other.get_one(ImportRow, row.id)
            seen.append((found.state, found.outcome.get(LOOKED_AT)))

    event.listen(database.writing, "after_commit", ask)
    assert JOBS["sakip.imports"].work(database, now) == 1
    assert list(dict.fromkeys(seen)) == [("waiting", 1), ("waiting", 2), ("written", None)]
    assert write_waiting(database, now + timedelta(days=2)) == 0
    with database.reading() as session:
        found = {one.id: (one.state, one.content) for one in session.scalars(select(ImportRow))}
        assert (found[row.id], found[undecided.id]) == (("written", None), ("dropped", None))
        assert session.scalar(select(func.count()).select_from(RealisationRow)) == 2
