"""Pages of the reporting office of ``tests.sakip``: a report being drafted, and one that is published."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from engine.database import open_database
from tests.factories import an_account
from tests.sakip.reporting_office import FEBRUARY, a_reporting_office, drafted, money, published, two_years
from tests.sakip.tree_office import Office
from tests.web.evaluation_pages import Built, Pages, pages_of

BEFORE = datetime(2026, 3, 2, 2, tzinfo=UTC)


def build(url: str) -> Built:
    """Fill an empty database: ``published`` is Kominfo's report of 2026, ``draft`` Dinkes' of the same year, whose tree
    is empty, ``proposed`` a second one of Kominfo nobody has edited."""
    database = open_database(url)
    with database.writing.begin() as session:
        office = a_reporting_office(session, BEFORE)
        for person in office.people.values():
            an_account(session, person)
        cases = _cases(office)
        found = Built(
            url, office.region.id, {name: one.id for name, one in office.people.items()},
            {name: one.id for name, one in office.units.items()}, cases,
        )  # fmt: skip
    database.close()
    return found


def _cases(office: Office) -> dict[str, int]:
    two_years(office)
    money(office)
    proposed = office.open("performance_report", "sari", {"year": 2026})
    ready = drafted(office)
    published(office, ready)
    return {
        "published": ready,
        "proposed": proposed,
        "draft": office.open("performance_report", "wati", {"year": 2026}),
    }


def report_pages(built: Built, folder: Path) -> Pages:
    """A copy of the office with an application that shows it, on a day in February."""
    pages = pages_of(built, folder)
    pages.clock.moment = FEBRUARY
    return pages
