"""Statistics of sealed cases: over the cases a reader holds a key of, with small counts left out (T37, T81)."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from engine.disclosure.declared import Declared
from engine.errors import KeyNeeded
from engine.facts import REPORTER
from engine.reports.sealed_statistics import Statistics, bare_numbers, statistics, years
from tests.sealed_office import SealedOffice, a_sealed_office

CATEGORIES = ["corruption"] * 12 + ["service"] * 7 + ["ethics"] * 2


@pytest.fixture
def office(session: Session, now: datetime) -> SealedOffice:
    """Twenty-one reports, one of them about the inspector, five taken back by who made them."""
    office = a_sealed_office(session, now)
    for number, category in enumerate(CATEGORIES):
        office.way = Declared("open" if number % 3 else "anonymous", came_by="letter" if number == 6 else "").to_text()
        named = {"reported_others": [office.people["irma"].id]} if number == 0 else {}
        office.report(category=category, **named)
        if 2 <= number < 7:
            assert office.do(REPORTER, "withdraw_complaint", "Salah paham") is None
    return office


def told(found: Statistics, title: str) -> dict[str, int | None]:
    return {line.title.en: line.count for table in found.tables if table.title.en == title for line in table.lines}


def test_t81_only_counts_of_three_and_more_are_told(office: SealedOffice, now: datetime) -> None:
    office.at_work("ida")
    found = statistics(office.session, office.people["ida"].id, 2026, now)
    assert found.total == 20  # of the case about the inspector the intake officer knows nothing
    kinds = told(found, "Kind of violation")
    assert kinds["Corruption, bribery, gratuities, illegal levies"] == 11
    assert kinds["Code of ethics and conduct"] is None
    assert kinds["Obstruction of public service"] is None  # or the total would tell the two
    assert told(found, "Channel") == dict.fromkeys(told(found, "Channel"))  # nineteen would tell the one letter
    assert told(found, "Way of reporting")["Open"] == 14
    assert told(found, "Stage")["Received"] == 15 and told(found, "Stage")["Withdrawn"] == 5
    assert not [line for table in found.tables for line in table.lines if line.count in (1, 2)]
    assert [mean.days for mean in found.means if mean.title.en == "Days until closed"] == [0]


def test_t37_whoever_is_kept_away_from_a_case_counts_without_it(office: SealedOffice, now: datetime) -> None:
    office.at_work("irma")
    assert statistics(office.session, office.people["irma"].id, 2026, now).total == 20
    office.at_work("vina")
    assert statistics(office.session, office.people["vina"].id, 2026, now).total is None
    office.at_work("udin")
    assert statistics(office.session, office.people["udin"].id, 2026, now).tables == ()


def test_a_year_without_cases_and_a_locked_key_tell_nothing(office: SealedOffice, now: datetime) -> None:
    office.at_work(None)
    ida = office.people["ida"].id
    with pytest.raises(KeyNeeded):
        statistics(office.session, ida, 2026, now)
    assert years(office.session, ida, now) == (2026,)
    assert statistics(office.session, ida, 2025, now).total is None


def test_without_a_key_only_years_and_whether_cases_have_ended_are_told(office: SealedOffice) -> None:
    ((year, table),) = bare_numbers(office.session, office.region.id, office.region.key)
    assert (year, [(line.title.en, line.count) for line in table.lines]) == (
        2026,
        [("Being handled", 16), ("Ended", 5)],
    )
