"""The values of an annual performance report, checked by hand, and what of them is printed (reference §10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest

from engine.database import open_database
from sakip.facts.published_reports import Subject
from sakip.reporting.lkjip import lkjip_values
from sakip.reporting.lkjip_form import cover_of, lkjip_data
from sakip.reporting.lkjip_words import told
from sakip.rounding import HALF_UP, ROUNDED, Rounding
from sakip.unit_signs import NO_SIGN, UnitSign
from tests.databases import SqliteFiles
from tests.sakip.measured import YEAR
from tests.sakip.reporting_office import a_reporting_office, answers_of, drafted, money, subject, two_years
from tests.sakip.tree_office import Office

STAFF = [{"kind": "PNS", "women": 24, "men": 31}, {"kind": "PPPK", "women": 10, "men": None}, {"kind": "Lain"}]
NATIONS = {"served": "86,4", "complaints": "delapan puluh"}


@pytest.fixture(scope="module")
def office(sqlite_files: SqliteFiles) -> Iterator[Office]:
    """Written once; nothing here changes it."""
    url = sqlite_files.new()
    database = open_database(url)
    with database.writing() as session:
        found = a_reporting_office(session, datetime(2026, 3, 2, 2, tzinfo=UTC))
        two_years(found)
        money(found)
        yield found
        session.rollback()
    database.close()
    sqlite_files.drop(url)


@pytest.fixture(scope="module")
def values(office: Office) -> dict[str, Any]:
    """The report as its drafter left it, with national figures and staff."""
    answers = answers_of(office, drafted(office))
    rows = [
        {**row, "national": NATIONS.get(row["row_key"], ""), "national_source": "BPS"} for row in answers["objectives"]
    ]
    written = {**answers, "objectives": rows, "staff": STAFF}
    return lkjip_values(office.session, subject(office), written, office.now, number="LKJIP/2027/kominfo/0001")


@pytest.fixture(scope="module")
def printed(values: dict[str, Any]) -> dict[str, Any]:
    return lkjip_data(values, cover_of("Contoh", {}), is_draft=True)


def indicator(found: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for objective in found["objectives"] for one in objective["indicators"] if one["key"] == key)


def texts(part: Any) -> str:
    """Every text of a printed part."""
    if isinstance(part, dict):
        return "\n".join(texts(each) for each in part.values() if each is not None)
    return "\n".join(texts(each) for each in part) if isinstance(part, list | tuple) else str(part)


def test_10_an_indicator_stands_against_target_last_year_plan_and_nation(values: dict[str, Any]) -> None:
    served = indicator(values, "served")
    # 90.25 of 95 is 95 percent; last year 81 of 90 was 90; of the plan's 100 it is 90.25; of 86.4 it is 104.456…
    assert (served["target"]["id"], served["realisation"]["id"], served["shown"]) == ("95", "90,25", "95.00")
    assert served["band"] == "near"
    (before,) = served["history"]
    assert (before["year"], before["shown"], before["change"]["id"]) == (YEAR - 1, "90.00", "9,25")
    assert (served["plan"]["year"], served["plan"]["shown"]) == (YEAR + 3, "90.25")
    assert (served["national"]["shown"], served["national"]["source"]) == ("104.46", "BPS")
    assert served["how"]["id"].startswith("makin tinggi makin baik")
    assert len(served["digest"]) == 64 and served["computed_at"]


def test_10_a_number_is_printed_with_the_decimals_of_its_unit_and_kept_exact() -> None:
    measure = UnitSign(NO_SIGN, 2, Rounding(2, HALF_UP, ROUNDED))
    assert told(Fraction("10.375"), measure) == {"value": "10.375", "id": "10,38", "en": "10.38"}  # as the pages do
    assert told(Fraction(95), measure)["id"] == "95"


def test_10_a_value_without_number_prints_its_reason(values: dict[str, Any], printed: dict[str, Any]) -> None:
    grade = indicator(values, "grade")
    assert (grade["shown"], grade["reason"], grade["target"]["id"]) == (None, "not_issued", "BB")
    said = texts(printed["chapters"])
    assert "Tidak dapat dihitung: dari grade: nilai belum terbit: Triwulan IV" in said and "None" not in said
    assert "dihitung dari semua sasaran dalam pohon kinerjanya: tidak dapat dihitung" in said
    assert indicator(values, "complaints")["national"]["reason"] == "not_a_number"


def test_10_indicators_are_counted_by_band_the_best_first_and_those_without_number_last(values: dict[str, Any]) -> None:
    assert [(one["band"], one["count"]) for one in values["counts"]] == [("reached", 1), ("near", 1), (None, 1)]


def test_10_a_year_measured_otherwise_is_a_break_and_is_not_compared(
    values: dict[str, Any], printed: dict[str, Any]
) -> None:
    (before,) = indicator(values, "complaints")["history"]
    assert before["break"]["id"].startswith("makin rendah makin baik") and "change" not in before
    assert f"tahun {YEAR - 1} diukur dengan cara lain (makin rendah makin baik" in texts(printed["chapters"])


def test_10_budget_and_absorption_stand_by_programme_with_their_sum(values: dict[str, Any]) -> None:
    budget = values["budget"]
    assert [(one["title"], one["percent"]) for one in budget["programmes"]] == [
        ("Program informasi", "90.00"), ("Program aplikasi", "90.00"),
    ]  # fmt: skip
    assert (budget["total"]["id"], budget["absorbed"]["id"], budget["percent"]) == (
        "150.000.000", "135.000.000", "90.00",
    )  # fmt: skip


def test_10_every_table_of_figures_says_its_rules_and_day(values: dict[str, Any], printed: dict[str, Any]) -> None:
    tables = [
        part for chapter in printed["chapters"] for part in chapter["parts"] if part["kind"] in ("table", "bars")
    ]  # fmt: skip
    digest = values["rules"]["digest"][:12]
    of_figures = [one for one in tables if "Diisi" not in one["source"] and one["source"]]
    assert len(of_figures) >= 8
    assert all("Data per 1 Februari 2027" in one["source"] for one in of_figures)
    assert sum(digest in one["source"] for one in of_figures) == len(of_figures) - 1  # the budget has no rules
    (how,) = [part for part in printed["annexes"][0]["parts"] if "Rumus" in part["caption"]]
    assert texts(how["lines"]).count(f"aturan {digest}") == 3


def test_10_staff_is_what_the_case_says_with_its_sum(values: dict[str, Any], printed: dict[str, Any]) -> None:
    assert values["organisation"]["staff"] == [
        {"kind": "PNS", "women": 24, "men": 31}, {"kind": "PPPK", "women": 10, "men": 0},
    ]  # fmt: skip
    (table,) = [part for part in printed["chapters"][1]["parts"] if "Pegawai" in part.get("caption", "")]
    assert [one["text"] for one in table["lines"][-1]] == ["Jumlah", "34", "31", "65"]


def test_10_the_region_has_a_report_of_its_own_tree(office: Office) -> None:
    found = lkjip_values(office.session, Subject(office.region.id, None, YEAR), {}, office.now)
    assert (found["unit"], found["name"], found["objectives"]) == (None, f"Pemerintah {office.region.name}", [])
    assert {one["unit"] for one in found["budget"]["programmes"]} == {office.units["kominfo"].name}  # of all its units
    assert office.units["kominfo"].name in texts(lkjip_data(found, cover_of("Contoh", {}), is_draft=True)["chapters"])
    assert "Belum ada sasaran" in texts(lkjip_data(found, cover_of("Contoh", {}), is_draft=True)["chapters"])
