"""What goes out has a decimal point, ISO dates, and no cell that a spreadsheet would run; a unit sees its own (§12)."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from sakip.exchange.bringing import bring_in
from sakip.exchange.exporting import THINGS, exported
from sakip.exchange.outgoing import Asked
from sakip.exchange.reading import read
from sakip.exchange.work import POINT, Wish
from sakip.exchange.writing import CSV, JSON, XLSX, written
from sakip.facts.evidence import Content, register
from sakip.facts.models import ResultRow
from sakip.facts.realisations import REPORTED, Filled, Origin, write
from sakip.facts.results import recompute
from sakip.facts.targets import targets_on
from sakip.values import NOT_ISSUED, Range
from tests.factories import a_unit
from tests.sakip.measured import YEAR, Measured, a_measured_region

HEAD = ("text", "number", "day", "flag")
HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1", " =1")


@pytest.fixture
def year(session: Session, now: datetime) -> Measured:
    found = a_measured_region(session, now)
    found.node("goal")
    found.indicator("served", "goal", consolidation="sum")
    found.indicator("share", "goal", unit="percent")
    found.aim("served", q1=Fraction(10), q2=Range(Fraction(1), Fraction(5, 2)))
    filled = [Filled("served", "q1", Fraction(33, 4), {"drivers": "=cmd()"}), Filled("share", "q1", NOT_ISSUED)]
    write(session, found.region.id, found.agency.id, YEAR, filled, REPORTED, Origin(now, case_id=7, seq=2))
    recompute(session, found.region.id, None, YEAR, now)
    return found


def rows(year: Measured, thing: str, unit: int | None = None) -> list[dict[str, Any]]:
    asked = Asked(year.region.id, unit, YEAR, date(YEAR, 12, 31))
    text = b"".join(exported(year.session, thing, CSV, asked)).decode()
    assert json.loads(b"".join(exported(year.session, thing, JSON, asked)))
    assert read("a.xlsx", b"".join(exported(year.session, thing, XLSX, asked)))
    return list(csv.DictReader(io.StringIO(text)))


def test_numbers_have_a_point_days_are_iso_and_texts_that_look_like_formulas_are_neutral() -> None:
    given = [(text, Fraction(-5, 4), date(2026, 3, 31), True) for text in HOSTILE]
    lines = list(csv.reader(io.StringIO(b"".join(written(CSV, HEAD, given)).decode())))
    assert lines[1:] == [[f"'{text}", "-1.25", "2026-03-31", "yes"] for text in HOSTILE]
    (sheet,) = read("a.xlsx", b"".join(written(XLSX, HEAD, given)))
    assert [list(row.cells.values()) for row in sheet.rows][1:] == [
        [text, -1.25, "2026-03-31", "yes"] for text in HOSTILE
    ]  # a text is a text there: nothing in it is a formula
    told = json.loads(b"".join(written(JSON, HEAD, [*given, (None, 3, None, False)])))
    assert told[0] == {"text": "=1+1", "number": "-1.25", "day": "2026-03-31", "flag": True}
    assert told[-1] == {"text": None, "number": 3, "day": None, "flag": False}
    assert json.loads(b"".join(written(JSON, HEAD, []))) == []


def test_a_number_with_more_digits_than_a_spreadsheet_keeps_goes_out_as_text() -> None:
    long = Fraction(12345678901234567890)
    (sheet,) = read("a.xlsx", b"".join(written(XLSX, ("a",), [(long,), (Fraction(1, 3),)])))
    assert [row.cells[0] for row in sheet.rows] == ["a", "12345678901234567890", "1/3"]


@pytest.mark.parametrize(
    ("exact", "said"), [("10/3", "3.333333"), ("-65/6", "-10.833333"), ("2/3", "0.666667"), ("34.49", "34.49")]
)
def test_a_mean_without_exact_decimals_is_no_day_in_a_spreadsheet(year: Measured, exact: str, said: str) -> None:
    of_quarter = ResultRow.subject == "served", ResultRow.span == "q1"
    row = year.session.scalars(select(ResultRow).where(*of_quarter)).one()
    row.details = {**row.details, "realisation": exact}
    asked = Asked(year.region.id, None, None, date(YEAR, 12, 31))
    told = {form: b"".join(exported(year.session, "results", form, asked)).decode() for form in (CSV, JSON)}
    of_file = [
        one for one in csv.DictReader(io.StringIO(told[CSV])) if (one["subject"], one["span"]) == ("served", "q1")
    ]
    assert [one["realisation"] for one in of_file] == [said]
    assert f'"realisation": "{exact}"' in told[JSON]


def test_targets_realisations_and_results_are_told_as_they_stand(year: Measured) -> None:
    columns = ("indicator", "period", "target", "from", "to")
    assert [tuple(one[name] for name in columns) for one in rows(year, "targets")] == [
        ("served", "q1", "10", "", ""), ("served", "q2", "1..2.5", "1", "2.5"),
    ]  # fmt: skip
    first, second = rows(year, "realisations")
    assert (first["unit"], first["value"], first["drivers"], first["source"]) == (
        year.agency.key, "8.25", "'=cmd()", "case:7",
    )  # fmt: skip
    assert (second["value"], second["not_issued"], second["at"]) == ("", "yes", "2026-03-02T09:00:00+07:00")
    found = {(one["subject"], one["span"]): one for one in rows(year, "results")}
    assert (found["served", "q1"]["value"], found["served", "q1"]["target"]) == ("82.5", "10")
    assert (found["share", "q1"]["value"], found["share", "q1"]["reason"]) == ("", "no_target")


@pytest.mark.parametrize(("form", "name"), [(CSV, "out.csv"), (XLSX, "out.xlsx")])
def test_realisations_that_went_out_come_in_again_and_change_nothing(
    year: Measured, now: datetime, form: str, name: str
) -> None:
    asked = Asked(year.region.id, None, None, date(YEAR, 12, 31))
    content = b"".join(exported(year.session, "realisations", form, asked))
    wish = Wish(year.region.id, decimal=POINT)
    outcome = bring_in(year.session, content, name, wish, now + timedelta(days=1))
    assert (outcome.problems, outcome.read, outcome.written, outcome.unchanged) == ([], 2, 0, 2)


def test_documents_are_listed_for_the_portal_of_the_ministry(year: Measured, now: datetime) -> None:
    register(
        year.session, year.region.id, year.agency.id, kind="annual_plan", year=2025, title="Renja 2025",
        content=Content(link="https://contoh.go.id/renja"), by=None, now=now,
    )  # fmt: skip
    asked = Asked(year.region.id, None, 2025, date(2025, 12, 31))
    (one,) = csv.DictReader(io.StringIO(b"".join(exported(year.session, "esr", CSV, asked)).decode()))
    assert (one["unit"], one["document"], one["link"], one["state"]) == (
        year.agency.key, "Renja 2025", "https://contoh.go.id/renja", "registered",
    )  # fmt: skip
    assert one["title"] and one["title"] != "annual_plan"


def test_a_unit_sees_its_own_and_a_region_nothing_of_another(year: Measured, now: datetime) -> None:
    elsewhere = a_unit(year.session, year.region, "agency", year.top)
    other = a_measured_region(year.session, now)
    for thing, (_, out) in THINGS.items():
        day = date(YEAR, 12, 31)
        assert not list(out(year.session, Asked(year.region.id, elsewhere.id, None, day))), thing
        assert not list(out(year.session, Asked(other.region.id, None, None, day))), thing
        assert not list(out(year.session, Asked(other.region.id, year.agency.id, None, day))), thing
    assert targets_on(year.session, year.region.id, [], YEAR, day) == {}  # none wanted is not all of them
    assert len(list(THINGS["realisations"][1](year.session, Asked(year.region.id, year.top.id, None, day)))) == 2
