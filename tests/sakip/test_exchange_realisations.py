"""Realisations are brought in cell by cell: what fits is written once, what does not is named (§12)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.audit.models import AuditEntry
from sakip.exchange.bringing import bring_in
from sakip.exchange.outcome import Outcome
from sakip.exchange.work import POINT, Wish
from sakip.facts.models import RealisationRow
from sakip.facts.realisations import VERIFIED, Filled, Origin, realisations, write
from sakip.values import NOT_ISSUED
from tests.factories import a_unit
from tests.sakip.measured import YEAR, Measured, a_measured_region
from tests.sakip.workbooks import Formula, Raw, workbook

HEAD = ("Indikator", "Periode", "Realisasi")
Bring = Callable[..., Outcome]


@pytest.fixture
def year(session: Session, now: datetime) -> Measured:
    found = a_measured_region(session, now)
    found.node("goal")
    found.indicator("served", "goal", consolidation="sum")
    found.indicator("share", "goal", unit="percent")
    found.indicator("grade", "goal", unit="sakip", direction="grade", due_in=["q4"])
    found.indicator("built", "goal", unit="done", direction="done", periods="semester")
    found.aim("served", q1=Fraction(10), q2=Fraction(20), year=Fraction(100))
    return found


@pytest.fixture
def bring(year: Measured, now: datetime) -> Bring:
    def one(content: bytes | Sequence[Sequence[Any]], name: str = "tw.xlsx", **wish: Any) -> Outcome:
        file = content if isinstance(content, bytes) else workbook(*content)
        told = {"year": YEAR, **wish}
        when = told.pop("now", now)
        return bring_in(year.session, file, name, Wish(told.pop("region_id", year.region.id), **told), when)

    return one


def codes(outcome: Outcome) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.code) for one in outcome.problems]


def counts(outcome: Outcome) -> tuple[int, int, int]:
    return outcome.read, outcome.written, outcome.unchanged


def rows_of(year: Measured) -> int:
    wanted = select(func.count()).select_from(RealisationRow).where(RealisationRow.region_id == year.region.id)
    return year.session.scalar(wanted) or 0


def test_numbers_texts_and_not_issued_are_read_and_results_follow(bring: Bring, year: Measured) -> None:
    outcome = bring(
        [
            ("Realisasi kinerja 2026",),
            (),
            ("No", "Indikator", "Triwulan", "Realisasi", "Pendorong", "Belum terbit"),
            (1, "served", "Triwulan I", 8, "Dua loket baru"),
            (2, "served", "TW II", "22,5"),
            (3, "share", 1, 34.49),
            (4, "share", "q2", "Belum terbit"),
            (5, "share", "III", None, None, "ya"),
            (6, "grade", "TW4", "bb "),
            (7, "built", "Semester I", "Ya"),
            (8, "built", "smt 2", None),
        ]
    )
    assert (outcome.kind, counts(outcome), codes(outcome)) == ("realisations", (8, 7, 1), [])
    found = realisations(year.session, year.region.id, YEAR)
    assert {period: one.value for period, one in found["served"].items()} == {"q1": 8, "q2": Fraction(45, 2)}
    assert {period: one.value for period, one in found["share"].items()} == {
        "q1": Fraction(3449, 100), "q2": NOT_ISSUED, "q3": NOT_ISSUED,
    }  # fmt: skip
    assert (found["grade"]["q4"].value, found["built"]["s1"].value) == ("BB", True)
    assert not any(one.is_verified for periods in found.values() for one in periods.values())
    row = year.session.scalars(select(RealisationRow).where(RealisationRow.drivers != "")).one()
    assert (row.indicator_key, row.period, row.unit_id, row.case_id) == ("served", "q1", year.agency.id, None)
    assert year.said("served", "q1", "q2") == ["80.00 near", "112.50 reached"]


def test_whoever_waits_hears_how_many_rows_are_read_and_then_written(year: Measured, now: datetime) -> None:
    rows = (HEAD, *(("served", period, 8) for period in ("q1", "q2")), ("share", "q1", 50))
    heard: list[tuple[str, int]] = []
    bring_in(
        year.session, workbook(*rows), "tw.xlsx", Wish(year.region.id, year=YEAR), now,
        lambda rows: heard.append(("read", rows)), wrote=lambda rows: heard.append(("written", rows)),
    )  # fmt: skip
    assert heard == [("read", 3), ("written", 3)]


WRONG: dict[str, tuple[Any, str]] = {
    "a point for a comma": ("34.49", "not_a_number"),
    "a grade where a number is": ("BB ", "not_a_number"),
    "a word where a number is": ("Proses Penilaian", "not_a_number"),
    "more decimals than typed ones may have": ("1,234", "too_many_places"),
    "a date that a spreadsheet made of a number": (date(2026, 3, 4), "date_for_number"),
    "a formula": (Formula("SUM(A1:A3)", 8), "formula"),
    "the error of a formula": (Raw('t="e"', "<v>#REF!</v>"), "cell_error"),
    "yes where a number is": (True, "wrong_kind"),
}


def test_a_cell_that_holds_no_number_is_named_with_its_place(bring: Bring, year: Measured) -> None:
    places = [(key, f"q{quarter}") for key in ("served", "share") for quarter in range(1, 5)]
    rows = [(*place, cell) for place, (cell, _) in zip(places, WRONG.values(), strict=True)]
    outcome = bring([HEAD, *rows])
    assert codes(outcome) == [(row, "C", code) for row, (_, code) in enumerate(WRONG.values(), 2)]
    assert (outcome.written, rows_of(year)) == (0, 0)
    for said in outcome.problems:
        assert said.sheet == "Realisasi" and said.message.id != said.message.en
    assert outcome.problems[0].message.id.startswith("Realisasi: ") and "34,49" in outcome.problems[0].message.id


ROWS: dict[str, tuple[tuple[Any, ...], tuple[str, str]]] = {
    "an indicator nobody has": (("servd", "q1", 1), ("A", "unknown_indicator")),
    "a period of another set": (("served", "s1", 1), ("B", "unknown_period")),
    "a period the indicator is not measured in": (("grade", "q1", "BB"), ("B", "not_due")),
    "a grade outside its scale": (("grade", "q4", "ZZ"), ("C", "unknown_grade")),
    "no period": (("served", None, 1), ("B", "empty_cell")),
}


def test_a_row_that_fits_nothing_is_named(bring: Bring) -> None:
    outcome = bring([HEAD, *(row for row, _ in ROWS.values())])
    assert codes(outcome) == [(row, *told) for row, (_, told) in enumerate(ROWS.values(), 2)]


def test_the_same_place_twice_in_one_file_is_refused(bring: Bring) -> None:
    outcome = bring([HEAD, ("served", "q1", 8), ("served", "TW I", 9)])
    assert codes(outcome) == [(3, "", "doubled_row")] and "2" in outcome.problems[0].message.en


def test_all_or_nothing_unless_bad_rows_are_passed_over(bring: Bring, year: Measured) -> None:
    rows = [HEAD, ("served", "q1", 8), ("nobody", "q1", 8), ("share", "q1", "x")]
    assert (counts(bring(rows)), rows_of(year)) == ((3, 0, 0), 0)
    passed = bring(rows, skip_bad=True)
    assert (counts(passed), len(passed.problems), rows_of(year)) == ((3, 1, 0), 2, 1)


def test_a_dry_run_says_the_same_and_writes_nothing(bring: Bring, year: Measured) -> None:
    rows = [HEAD, ("served", "q1", 8), ("served", "q2", 9)]
    assert (counts(bring(rows, is_dry=True)), rows_of(year)) == ((2, 2, 0), 0)
    assert counts(bring(rows)) == (2, 2, 0)
    assert (counts(bring(rows, is_dry=True)), rows_of(year)) == ((2, 0, 2), 2)


def test_one_file_brought_in_twice_changes_nothing_even_when_others_wrote_meanwhile(
    bring: Bring, year: Measured, now: datetime
) -> None:
    file = workbook(HEAD, ("served", "q1", 8))
    assert counts(bring(file)) == (1, 1, 0)
    year.fill(now + timedelta(hours=1), "q1", {"served": Fraction(9)})
    assert counts(bring(file, now=now + timedelta(hours=2))) == (1, 0, 1)
    assert realisations(year.session, year.region.id, YEAR)["served"]["q1"].value == 9
    again = bring([HEAD, ("served", "q1", 9)], now=now + timedelta(hours=3))
    assert counts(again) == (1, 0, 1)  # another file that says what stands already


def test_one_file_may_hold_two_years(bring: Bring, year: Measured) -> None:
    rows = [(*HEAD, "Tahun"), ("served", "q1", 8, 2026), ("served", "q1", 7, "2027")]
    assert counts(bring(rows)) == (2, 2, 0)
    assert realisations(year.session, year.region.id, 2027)["served"]["q1"].value == 7


def test_a_verified_value_is_changed_in_its_report_only(bring: Bring, year: Measured, now: datetime) -> None:
    report = Origin(now, case_id=1, seq=4)
    filled = [Filled("served", "q1", Fraction(9))]
    write(year.session, year.region.id, year.agency.id, YEAR, filled, VERIFIED, report)
    later = now + timedelta(hours=1)
    assert codes(bring([HEAD, ("served", "q1", 8)], now=later)) == [(2, "C", "already_verified")]
    assert counts(bring([HEAD, ("served", "q1", 9)], now=later)) == (1, 0, 1)


def test_who_may_say_so_brings_in_verified_values(bring: Bring, year: Measured) -> None:
    rows = [(*HEAD, "Keadaan"), ("served", "q1", 8, "verified")]
    assert codes(bring(rows, may_verify=False)) == [(2, "D", "unknown_state")]
    assert counts(bring(rows)) == (1, 1, 0)
    assert realisations(year.session, year.region.id, YEAR)["served"]["q1"].is_verified


def test_a_column_that_is_not_there_keeps_what_was_explained(bring: Bring, year: Measured, now: datetime) -> None:
    bring([(*HEAD, "Kendala"), ("served", "q1", 8, "Jaringan putus")])
    bring([HEAD, ("served", "q1", 9)], now=now + timedelta(hours=1))
    row = year.session.scalars(select(RealisationRow).where(RealisationRow.is_current)).one()
    assert (row.value, row.obstacles) == ("9", "Jaringan putus")


def test_texts_with_a_decimal_point_are_read_where_the_file_is_said_to_have_them(bring: Bring, year: Measured) -> None:
    file = b"indicator,period,value\nserved,q1,34.49\nserved,q2,1.250\n"
    assert codes(bring(file, "out.csv")) == [(2, "C", "not_a_number")]
    assert counts(bring(file, "out.csv", decimal=POINT)) == (2, 2, 0)
    found = realisations(year.session, year.region.id, YEAR)["served"]
    assert (found["q1"].value, found["q2"].value) == (Fraction(3449, 100), Fraction(5, 4))


def test_indicators_of_another_region_or_unit_are_not_there(bring: Bring, year: Measured, now: datetime) -> None:
    other = a_measured_region(year.session, now)
    rows = [HEAD, ("served", "q1", 8)]
    assert codes(bring(rows, region_id=other.region.id)) == [(2, "A", "unknown_indicator")]
    elsewhere = a_unit(year.session, year.region, "agency", year.top)
    assert codes(bring(rows, unit_id=elsewhere.id)) == [(2, "A", "other_unit")]
    assert counts(bring(rows, unit_id=year.top.id)) == (1, 1, 0)  # the unit above it


def test_a_unit_that_is_named_has_to_be_the_indicators_own(bring: Bring, year: Measured) -> None:
    elsewhere = a_unit(year.session, year.region, "agency", year.top)
    head = (*HEAD, "Perangkat daerah")
    assert codes(bring([head, ("served", "q1", 8, "Nobody")])) == [(2, "D", "unknown_unit")]
    assert codes(bring([head, ("served", "q1", 8, elsewhere.key)])) == [(2, "D", "other_unit")]
    assert counts(bring([head, ("served", "q1", 8, year.agency.name)])) == (1, 1, 0)


def test_the_audit_remembers_the_file_by_its_digest(bring: Bring, year: Measured) -> None:
    bring([HEAD, ("served", "q1", 8)])
    entry = year.session.scalars(select(AuditEntry).where(AuditEntry.event == "sakip_imported")).one()
    assert (entry.region_id, entry.new["rows"], entry.new["kind"]) == (year.region.id, 1, "realisations")
    row = year.session.scalars(select(RealisationRow)).one()
    assert entry.subject == f"import:{row.digest}"


def test_a_year_no_measurement_governs_is_told(bring: Bring) -> None:
    assert codes(bring([HEAD, ("served", "q1", 8)], year=2019)) == [(2, "", "no_measurement")]
    assert codes(bring([HEAD, ("served", "q1", 8)], year=None)) == [(2, "", "empty_cell")]


def test_problems_are_told_up_to_a_thousand(bring: Bring) -> None:
    outcome = bring([HEAD, *(("nobody", "q1", number) for number in range(1_200))])
    assert len(outcome.problems) == 1_001
    assert outcome.problems[-1].code == "too_many_problems" and "200" in outcome.problems[-1].message.en
