"""Budgets and spending are brought in by programme, and come out in the columns they came in (§12)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from sakip.exchange.bringing import bring_in
from sakip.exchange.exporting import exported
from sakip.exchange.outcome import Outcome
from sakip.exchange.outgoing import Asked
from sakip.exchange.work import Wish
from sakip.facts.budget import absorption, budget_of
from sakip.facts.budget_models import BudgetRow
from sakip.reasons import Reason
from tests.sakip.measured import YEAR, Measured, a_measured_region
from tests.sakip.workbooks import workbook

HEAD = ("OPD", "Kode program", "Nama program", "Pagu", "Triwulan", "Realisasi anggaran", "Keadaan")
Bring = Callable[..., Outcome]


@pytest.fixture
def year(session: Session, now: datetime) -> Measured:
    """An agency with one goal and one programme of the plan below it."""
    found = a_measured_region(session, now)
    found.node("goal")
    found.node("informing", content={"plan_code": "2.16.02"}).parent_key = "goal"
    session.flush()
    return found


@pytest.fixture
def bring(year: Measured, now: datetime) -> Bring:
    def one(*rows: Sequence[Any], head: Sequence[str] = HEAD, name: str = "anggaran.xlsx", **wish: Any) -> Outcome:
        return bring_in(
            year.session, workbook(head, *rows), name, Wish(year.region.id, year=YEAR, **wish), now
        )  # fmt: skip

    return one


def told(outcome: Outcome) -> tuple[Any, ...]:
    return outcome.kind, outcome.read, outcome.written, outcome.unchanged, [one.code for one in outcome.problems]


def test_a_table_of_programmes_and_quarters_becomes_budgets_and_spending(bring: Bring, year: Measured) -> None:
    agency = year.agency.key
    rows = [
        (agency, "2.16.02", "Informasi publik", 400_000_000, "TW I", "Rp100.000.000", "disahkan"),
        (agency, "2.16.02", "Informasi publik", 400_000_000, "TW II", 250_000_000.5, ""),
        (agency, "2.16.03", "Aplikasi", "600.000.000", 1, 0, ""),
        (agency, "2.16.01", "Penunjang", 0, None, None, ""),
    ]
    assert told(bring(*rows)) == ("budget", 4, 4, 0, [])
    assert told(bring(*rows)) == ("budget", 4, 0, 4, [])
    found = budget_of(year.session, year.region.id, year.agency.id, YEAR, "to_q1")
    assert [(one.key, one.title, one.budget, one.absorbed, sorted(one.supports)) for one in found] == [
        ("2.16.01", "Penunjang", 0, None, []),
        ("informing", "Informasi publik", 400_000_000, 100_000_000, ["goal"]),
        ("2.16.03", "Aplikasi", 600_000_000, 0, []),
    ]  # fmt: skip
    assert absorption(budget_of(year.session, year.region.id, year.agency.id, YEAR, "to_q1")) == 10
    missing = absorption(budget_of(year.session, year.region.id, None, YEAR, "to_q2"))
    assert isinstance(missing, Reason) and missing.values["programmes"] == ("Aplikasi",)


def test_a_later_amount_holds_from_its_day_and_one_of_an_agreement_stays(bring: Bring, year: Measured) -> None:
    head = (*HEAD[:4], "Berlaku sejak")
    row = (year.agency.key, "2.16.02", "Informasi publik")
    assert told(bring((*row, 400, None), head=head))[2] == 1
    assert told(bring((*row, 500, date(YEAR, 7, 1)), head=head))[2] == 1
    amounts = [
        budget_of(year.session, year.region.id, year.agency.id, YEAR, span)[0].budget for span in ("to_q2", "to_q3")
    ]
    assert amounts == [400, 500]
    for one in year.session.scalars(select(BudgetRow)):
        one.case_id = 7
    year.session.flush()
    assert told(bring((*row, 600, None), head=head)) == ("budget", 1, 0, 0, ["already_agreed"])
    assert told(bring((*row, 500, None), head=head)) == ("budget", 1, 0, 1, [])


MISFITS = {
    "unknown_unit": ("NOWHERE", "1.01", "A", 1, None, None, ""),
    "empty_cell": ("", "1.01", "A", 1, None, None, ""),
    "no_amount": (None, "1.01", "A", -5, None, None, ""),
    "not_a_number": (None, "1.01", "A", "34.49", None, None, ""),
    "not_a_number ": (None, "1.01", "A", "BB ", None, None, ""),
    "no_amount ": (None, "1.01", "A", date(2026, 1, 1), None, None, ""),
    "no_amount  ": (None, "1.01", "A", 10**19, None, None, ""),
    "too_long": (None, "1" * 31, "A", 1, None, None, ""),
    "unknown_period": (None, "1.01", "A", 1, "TW V", 1, ""),
    "empty_cell ": (None, "1.01", "A", 1, None, 1, ""),
    "no_budget": (None, "1.01", "A", None, "TW I", 1, ""),
    "unknown_state": (None, "1.01", "A", 1, "TW I", 1, "selesai"),
}


def test_what_does_not_fit_is_told_and_nothing_is_written(bring: Bring, year: Measured) -> None:
    for code, row in MISFITS.items():
        named = (year.agency.key if row[0] is None else row[0], *row[1:])
        outcome = bring(named, (year.agency.key, "2.16.09", "Baik", 5, None, None, ""))
        assert (outcome.written, [one.code for one in outcome.problems]) == (0, [code.strip()])
    assert year.session.scalars(select(BudgetRow)).all() == []


def test_one_programme_with_two_amounts_and_a_level_nobody_knows_are_told(bring: Bring, year: Measured) -> None:
    row = (year.agency.key, "1.01", "A")
    assert told(bring((*row, 5, None, None, ""), (*row, 6, None, None, "")))[-1] == ["doubled_row"]
    head = (*HEAD[:4], "Tingkat", "Mendukung")
    assert told(bring((*row, 5, "urusan", ""), (*row, 5, "kegiatan", "nowhere"), head=head))[-1] == [
        "unknown_level", "unknown_node",
    ]  # fmt: skip


def test_more_than_a_programme_s_budget_is_not_spent_as_on_the_page(bring: Bring, year: Measured) -> None:
    row = (year.agency.key, "2.16.02", "Informasi publik")
    over = bring((*row, 400, "TW I", 401, ""))
    assert told(over) == ("budget", 1, 0, 0, ["too_large"]) and over.problems[0].column == "F"
    assert told(bring((*row, 400, "TW I", 400, ""))) == ("budget", 1, 1, 0, [])
    assert told(bring((*row, None, "TW II", 401, ""))) == ("budget", 1, 0, 0, ["too_large"])
    more = [(*row, 500, "TW II", 401, "")]
    assert told(bring(*more))[2] == 1 and told(bring(*more)) == ("budget", 1, 0, 1, [])


def test_what_a_file_gives_in_one_year_is_no_budget_of_another(bring: Bring, year: Measured) -> None:
    head = ("Perangkat daerah", "Tahun", "Kode program", "Anggaran", "Triwulan", "Serapan")
    given, spent = (year.agency.key, YEAR + 1, "1.01", 5, None, None), (year.agency.key, YEAR, "1.01", None, "TW I", 1)
    assert told(bring(given, spent, head=head)) == ("budget", 2, 0, 0, ["no_budget"])
    assert told(bring(given, (*spent[:3], 5, *spent[4:]), head=head)) == ("budget", 2, 2, 0, [])


def test_what_comes_out_can_be_brought_in_again(bring: Bring, year: Measured, now: datetime) -> None:
    bring((year.agency.key, "2.16.02", "=1+1", 400, "TW I", Fraction(1).numerator, ""))
    asked = Asked(year.region.id, None, YEAR, now.date())
    file = b"".join(exported(year.session, "budget", "csv", asked))
    (row,) = csv.DictReader(io.StringIO(file.decode("utf-8-sig")), delimiter=";" if b";" in file else ",")
    assert (row["programme"], row["budget"], row["absorbed"], row["percent"], row["key"]) == (
        "'=1+1", "400", "1", "0.25", "informing",
    )  # fmt: skip
    again = bring_in(year.session, file, "anggaran.csv", Wish(year.region.id, decimal="point"), now)
    assert told(again) == ("budget", 1, 0, 1, [])
