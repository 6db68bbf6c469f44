"""What is opened or decided twice in the same instant is done once: the second waits, and finds what the first did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from engine.cases.open import Opened, open_case
from engine.database import Database, open_database
from sakip.entry_desk_periods import UnitReports, reports_to_begin
from sakip.exchange.kept import WRITTEN, import_of, look_at, take
from sakip.exchange.work import Wish
from sakip.looking import viewer_of
from tests.databases import PostgresDatabases
from tests.sakip.measured import YEAR
from tests.sakip.measuring_office import APRIL, a_measuring_office, a_year
from tests.sakip.workbooks import workbook


@pytest.fixture(scope="module")
def two(postgres_databases: PostgresDatabases) -> Iterator[tuple[Database, dict[str, int]]]:
    """A database two connections can be opened to at once, with the office committed; its people."""
    url = postgres_databases.new()
    database = open_database(url)
    with database.writing.begin() as session:
        office = a_measuring_office(session, BEGINNING)
        a_year(office)
        people = {name: person.id for name, person in office.people.items()}
    yield database, people
    database.close()
    postgres_databases.drop(url)


BEGINNING = datetime.fromisoformat("2026-01-05T02:00:00+00:00")


def looked(session: Session, person: int) -> UnitReports:
    found = reports_to_begin(session, viewer_of(session, person, APRIL), YEAR, "kominfo")
    assert found is not None
    return found


def test_13_2_of_two_who_open_a_report_at_once_the_second_finds_it_begun(
    two: tuple[Database, dict[str, int]],
) -> None:
    database, people = two
    with database.writing() as first, database.writing() as second:
        quarter = looked(first, people["sari"]).periods[0]
        assert quarter.begun == ()
        region = viewer_of(first, people["sari"], APRIL).region_id
        opened = open_case(
            first, region_id=region, case_type="measurement_report", person_id=people["sari"],
            answers={"year": YEAR, "period": quarter.key}, now=APRIL,
        )  # fmt: skip
        assert isinstance(opened, Opened)
        second.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):  # it waits as long as the first is not done
            looked(second, people["fitri"])
        second.rollback()
        first.commit()
        assert [one.case_id for one in looked(second, people["fitri"]).periods[0].begun] == [opened.case_id]


def test_12_a_file_that_is_brought_in_by_two_presses_at_once_is_written_once(
    two: tuple[Database, dict[str, int]],
) -> None:
    database, people = two
    with database.writing() as first, database.writing() as second:
        region = viewer_of(first, people["sari"], APRIL).region_id
        content = workbook(("Indikator", "Periode", "Realisasi"), ("served", "TW I", 8))
        number = look_at(first, people["sari"], Wish(region, year=YEAR), "tw.xlsx", content, APRIL).id
        first.commit()
        take(first, import_of(first, people["sari"], number, is_to_decide=True), False, APRIL)
        second.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            import_of(second, people["sari"], number, is_to_decide=True)
        second.rollback()
        first.commit()
        assert import_of(second, people["sari"], number, is_to_decide=True).state == WRITTEN
