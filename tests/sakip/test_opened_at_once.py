"""What two people open in the same instant is opened once: the second one waits, and finds what the first one began."""

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
from sakip.looking import viewer_of
from tests.databases import PostgresDatabases
from tests.sakip.measured import YEAR
from tests.sakip.measuring_office import APRIL, a_measuring_office, a_year


@pytest.fixture
def two(postgres_databases: PostgresDatabases, now: datetime) -> Iterator[tuple[Database, dict[str, int]]]:
    """A database two connections can be opened to at once, with the office committed; its people."""
    url = postgres_databases.new()
    database = open_database(url)
    with database.writing.begin() as session:
        office = a_measuring_office(session, now)
        a_year(office)
        people = {name: person.id for name, person in office.people.items()}
    yield database, people
    database.close()
    postgres_databases.drop(url)


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
