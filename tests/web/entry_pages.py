"""Pages of the measuring office of ``tests.sakip``: a report just opened, and one that came back with a row."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

from flask import Flask

from engine.database import open_database
from sakip.facts.budget_rows import Budgeted, write_budgets
from sakip.facts.realisations import VERIFIED, Filled, Origin, write
from sakip.values import Milestones
from tests.factories import a_person, an_account
from tests.sakip.measured import YEAR, Measured
from tests.sakip.measuring_office import APRIL, a_measuring_office, a_year, opened, reported, ticks
from tests.sakip.tree_office import Office
from tests.web.evaluation_pages import Built, Pages, pages_of


def build(url: str) -> Built:
    """Fill an empty database: ``back`` is Sari's report of the first quarter, returned with a row, ``open`` that of the
    second."""
    database = open_database(url)
    with database.writing.begin() as session:
        office = a_measuring_office(session, APRIL)
        year = a_year(office)
        _more(year)
        office.people["bayu"] = a_person(session, office.units["kominfo"], "Bayu")  # type: ignore[index]
        for person in office.people.values():
            an_account(session, person)
        back = _returned(office)
        _budgets(office)
        _last_year(office)
        cases = {"back": back, "open": opened(office, period="q2")}
        found = Built(
            url, office.region.id, {name: one.id for name, one in office.people.items()},
            {name: one.id for name, one in office.units.items()}, cases,
        )  # fmt: skip
    database.close()
    return found


def _more(year: Measured) -> None:
    """A second objective with every other kind of value, due in the second quarter; targets that were changed since."""
    second = year.node("service")
    second.statement, second.place = "Layanan makin mudah", 1
    year.indicator("opinion", "service", unit="sakip", direction="grade", due_in=["q2"])
    year.indicator("app", "service", unit="done", direction="done", due_in=["q2"])
    year.indicator("works", "service", unit="milestone", direction="done", due_in=["q2"])
    steps = {"Rancang": Fraction(1), "Bangun": Fraction(1), "Uji": Fraction(2)}
    year.aim("opinion", q2="BB")
    year.aim("app", q2=True)
    year.aim("works", q2=Milestones(steps))
    year.indicator("poverty", "goal", unit="percent").unit_id = None  # the region's own
    year.aim("served", valid_from=date(YEAR, 7, 10), q2=Fraction(99))


def _budgets(office: Office) -> None:
    """Two programmes of the goal, from the second quarter on."""
    unit, amount = office.units["kominfo"].id, Fraction(400_000_000)
    codes = ("2.16.02", "2.16.03")
    given = [Budgeted(unit, code, code, f"Program {code}", "programme", ("goal",), amount) for code in codes]
    write_budgets(office.session, office.region.id, YEAR, given, date(YEAR, 4, 2), Origin(office.now, digest="a" * 64))


def _last_year(office: Office) -> None:
    """What was reached in the year before."""
    filled = [Filled("served", period, Fraction(value)) for period, value in (("q3", 80), ("q4", 88))]
    origin = Origin(office.now, digest="c" * 64)
    write(office.session, office.region.id, office.units["kominfo"].id, YEAR - 1, filled, VERIFIED, origin)


def _returned(office: Office) -> int:
    case_id = reported(office, permits="1.000", served="95,5")
    office.work()
    marked = ticks(office, case_id, "permits")
    assert office.do(case_id, "vina", "return", answers={"verification": marked}, comment="Satu baris keliru") is None
    return case_id


def report_pages(built: Built, folder: Path, app: Flask | None = None) -> Pages:
    """A copy of the office with an application that shows it, on a day in April."""
    pages = pages_of(built, folder, app)
    pages.clock.moment = APRIL
    return pages
