"""What is measured changes in the middle of a year, other periods among it: what was reported before stays (§5.8)."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.stored import read_case
from sakip.facts.models import ResultRow
from sakip.facts.rebuild import rebuild
from tests.conftest import FrozenClock
from tests.sakip.measured import Measured
from tests.sakip.measuring_office import (
    a_measuring_office,
    a_year,
    filled,
    opened,
    piece,
    reported,
    rows_of,
    sent,
    ticks,
)
from tests.sakip.regional_patch import publish_patch
from tests.sakip.tree_office import Office

JUNE = datetime(2026, 6, 10, 3, tzinfo=UTC)
ENDS = {"c1": "04-30", "c2": "08-31", "c3": "12-31"}
FOUR_MONTHS: dict[str, Any] = {
    "periods": {
        "four_months": {
            "items": {
                key: {"order": at, "title": {"id": f"CW {at}", "en": f"Third {at}"}, "ends": ends}
                for at, (key, ends) in enumerate(ENDS.items(), 1)
            }
        }
    },
    "default_periods": "four_months",
}
CHANGES: dict[str, dict[str, Any]] = {
    "four months beside the quarters": FOUR_MONTHS,
    "four months in their place": FOUR_MONTHS | {"periods": FOUR_MONTHS["periods"] | {"quarterly": None}},
    "half-years": {"default_periods": "semester"},
    "months": {"default_periods": "monthly"},
    "whole years": {"default_periods": "yearly"},
    "a unit of measure is taken away": {"units_of_measure": {"percent": None}},
    "a direction is called otherwise": {"directions": {"higher": None, "naik": "maximise"}},
}


@pytest.fixture
def office(session: Session, now: datetime) -> Office:
    return a_measuring_office(session, now)


@pytest.fixture
def year(office: Office) -> Measured:
    return a_year(office)


def of_the_first_quarter(office: Office) -> dict[tuple[str, str], tuple[Any, ...]]:
    """What is told of it, and of the year to its end: number, band, tone or reason."""
    office.session.expire_all()
    rows = office.session.scalars(
        select(ResultRow).where(ResultRow.region_id == office.region.id, ResultRow.span.in_(("q1", "to_q1")))
    )
    return {(row.subject, row.span): (row.shown, row.band, row.tone, row.reason) for row in rows}


@pytest.mark.parametrize("change", CHANGES)
def test_the_quarter_before_keeps_its_figures_and_its_report_goes_on(
    office: Office, year: Measured, clock: FrozenClock, tmp_path: Path, change: str
) -> None:
    case_id = reported(office, permits="1.000", served="95,5")
    office.work()
    before = of_the_first_quarter(office)
    assert before["kominfo", "q1"][:2] == ("93.06", "near") and len(before) == 12
    clock.moment = office.now = JUNE
    publish_patch(office, tmp_path, measurement=CHANGES[change])
    assert of_the_first_quarter(office) == before
    assert [row["row_key"] for row in rows_of(office, opened(office))] == ["permits", "served"]
    assert office.do(case_id, "vina", "verify", answers={"verification": ticks(office, case_id)}) is None
    office.work()
    assert {key: told[:2] for key, told in of_the_first_quarter(office).items()} == {
        key: told[:2] for key, told in before.items()
    }
    assert rebuild(office.session, office.region.id, office.now, is_check=True).different == []


def test_a_region_that_measures_by_other_periods_reports_them_and_changes_no_form(
    office: Office, year: Measured, tmp_path: Path
) -> None:
    publish_patch(office, tmp_path, measurement=FOUR_MONTHS)
    year.aim("served", c1=Fraction(80))
    office.now = JUNE
    case_id = opened(office, period="CW 1")
    assert read_case(office.session, case_id, office.now).facts.answers["period"] == "c1"
    given = {key: {"value": value, "evidence": [piece(office)]} for key, value in (("served", "60"), ("permits", "1"))}
    given["served"] |= {"drivers": "a", "obstacles": "b", "actions": "c"}
    assert sent(office, case_id, rows=filled(office, case_id, **given)) == {}
    office.work()
    assert year.said("served", "c1") == ["75.00 near"]
