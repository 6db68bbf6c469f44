"""The annual performance report: what its case proposes, what its values are, what publishing keeps (reference §10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from engine.cases.models import Case, Link
from engine.database import make_engine
from engine.outbox.models import ConnectorCall
from sakip.case_answers import document_at
from sakip.exchange.outgoing import Asked, results
from sakip.facts.models import AgreementRow, EvidencePiece, ResultRow
from sakip.facts.published_reports import FIGURE, draw_published, published_report, subject_said
from sakip.facts.rebuild import rebuild
from sakip.facts.results import recompute
from sakip.public_figures import public_regions
from sakip.public_reports import public_document, public_reports
from sakip.reporting.lkjip import lkjip_values
from sakip.reporting.lkjip_form import cover_of, lkjip_data
from sakip.reporting.since_published import changed_since, document_values
from sakip.tree.models import IndicatorRow
from tests.databases import PostgresDatabases, SqliteFiles
from tests.factories import a_unit
from tests.sakip.measured import YEAR, Measured
from tests.sakip.reporting_office import (
    FEBRUARY,
    a_reporting_office,
    answers_of,
    drafted,
    published,
    reached,
    subject,
    two_years,
)
from tests.sakip.tree_office import Office

OF_SERVED = (ResultRow.subject == "served", ResultRow.span == "year", ResultRow.year == YEAR)


@pytest.fixture(scope="module")
def standing(databases: SqliteFiles | PostgresDatabases) -> Iterator[tuple[Office, Measured]]:
    """The office with its two years; every test takes back what it does."""
    url = databases.new()
    engine = make_engine(url)
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            office = a_reporting_office(session, datetime(2026, 3, 2, 2, tzinfo=UTC))
            yield office, two_years(office)
        transaction.rollback()
    engine.dispose()
    databases.drop(url)


@pytest.fixture
def office(standing: tuple[Office, Measured]) -> Iterator[Office]:
    found, _ = standing
    savepoint = found.session.begin_nested()
    yield found
    savepoint.rollback()
    found.session.expire_all()
    found.now = FEBRUARY


@pytest.fixture
def figures(standing: tuple[Office, Measured]) -> Measured:
    return standing[1]


def indicator(found: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for objective in found["objectives"] for one in objective["indicators"] if one["key"] == key)


def texts(part: Any) -> str:
    """Every text of a printed part."""
    if isinstance(part, dict):
        return "\n".join(texts(each) for each in part.values())
    return "\n".join(texts(each) for each in part) if isinstance(part, list | tuple) else str(part)


# -- the case ------------------------------------------------------------------------------------------------------


def test_a_report_opens_with_a_row_an_indicator_and_first_texts_from_its_reports(
    office: Office, figures: Measured
) -> None:
    case_id = office.open("performance_report", "sari", {"year": YEAR})
    answers = answers_of(office, case_id)
    rows = {row["row_key"]: row for row in answers["objectives"]}
    assert set(rows) == {"served", "grade", "complaints"}
    served = rows["served"]
    assert (served["drivers"], served["obstacles"], served["remedies"]) == (
        "Menara baru", "Cuaca ekstrem", "Menambah teknisi",
    )  # fmt: skip
    assert served["objective"] == "Layanan digital merata" and served["settled"] is False
    assert [row["kind"] for row in answers["staff"]] == ["PNS", "PPPK", "PPPK paruh waktu", "Pegawai lainnya"]
    # nobody has edited them yet
    assert office.do(case_id, "sari", "submit", answers={"closing": "Selesai"}) == "guard"


def test_an_agreement_in_force_says_what_the_report_is_about(office: Office, figures: Measured) -> None:
    row = AgreementRow(region_id=office.region.id, case_id=7, seq=1, row_key="1", year=YEAR, kind="agency", copied={})
    row.unit_id, row.indicator_key, row.in_force_on = figures.agency.id, "served", date(YEAR, 1, 20)
    row.node_key = "goal"
    office.session.add(row)
    office.session.flush()
    case_id = office.open("performance_report", "sari", {"year": YEAR})
    assert [one["row_key"] for one in answers_of(office, case_id)["objectives"]] == ["served"]
    rows = [{**one, "row_key": "grade"} for one in answers_of(office, case_id)["objectives"]]
    assert office.do(case_id, "sari", "save", answers={"objectives": rows}) == "field_invalid"
    assert office.refusal is not None and {one.code for one in office.refusal.faults} >= {"unknown_row"}


def test_a_report_waits_for_the_review_by_internal_audit_and_hears_how_it_ended(
    office: Office, figures: Measured
) -> None:
    case_id = drafted(office)
    assert office.do(case_id, "sari", "submit") is None
    assert office.do(case_id, "vina", "approve") is None
    assert office.states(case_id) == ["audit"]
    first = office.session.scalars(select(Link.other_case_id).where(Link.case_id == case_id)).one()
    wrong = {"checklist": [{"item": "Target", "holds": False}], "findings": "Satu target berbeda."}
    assert office.do(first, "eva", "correct", answers=wrong, comment="Perbaiki") is None, office.refusal
    assert office.states(case_id) == ["drafting"]
    assert office.do(case_id, "sari", "submit") is None
    assert office.do(case_id, "vina", "approve") is None
    found = select(Link.other_case_id).where(Link.case_id == case_id, Link.other_case_id != first)
    review = office.session.scalars(found).one()
    assert office.states(review) == ["reviewing"]
    number = office.session.get_one(Case, case_id).number
    asked = answers_of(office, review)
    assert (asked["report"], asked["year"], len(asked["checklist"])) == (number, YEAR, 21)
    held = [{**row, "holds": row["row_key"] != "format_1"} for row in asked["checklist"]]
    sound = {"checklist": held, "findings": "Angka cocok.", "statement": "reliable"}
    assert office.do(review, "eva", "conclude", answers=sound) is None, office.refusal
    signed = {"statement_number": "700/9/2027", "statement_on": "2027-02-20"}
    assert office.do(review, "irma", "close", answers=signed) is None, office.refusal
    assert office.states(case_id) == ["signing"]
    told = lkjip_values(office.session, subject(office), {}, office.now, number=number)["review"]
    assert told == {
        "number": "700/9/2027", "on": "2027-02-20", "statement": "reliable", "findings": "Angka cocok.", "holds": 20,
        "of": 21,
    }  # fmt: skip
    office.work()
    kinds = select(EvidencePiece.kind).where(EvidencePiece.from_case_id == review)
    assert office.session.scalars(kinds).all() == ["report_review"]


def test_whoever_works_in_a_division_writes_the_report_of_their_agency(office: Office, figures: Measured) -> None:
    session, region = office.session, office.region
    division = a_unit(session, region, "division", office.units["kominfo"], key="bidang")
    session.flush()
    assert subject_said(session, region.id, division.id, {"year": YEAR}) == subject(office)
    of_region = subject_said(session, region.id, division.id, {"year": YEAR, "subject": "region"})
    assert of_region is not None and of_region.unit_id is None
    assert subject_said(session, region.id, division.id, {}) is None


# -- publishing ----------------------------------------------------------------------------------------------------


def said_of_served(office: Office) -> tuple[str | None, str | None]:
    query = select(ResultRow.shown, ResultRow.band).where(*OF_SERVED).execution_options(populate_existing=True)
    return tuple(office.session.execute(query).one())  # type: ignore[return-value]


def test_11_publishing_freezes_the_year_registers_the_report_and_keeps_its_document(
    office: Office, figures: Measured
) -> None:
    case_id = drafted(office)
    published(office, case_id)
    session = office.session
    row = published_report(session, subject(office))
    assert row is not None and row.details["number"] == "050/12/2027" and row.details["on"] == "2027-02-26"
    loose = select(func.count()).select_from(ResultRow).where(
        ResultRow.unit_id == figures.agency.id, ResultRow.year == YEAR, ResultRow.frozen_at.is_(None)
    )  # fmt: skip
    assert session.scalar(loose) == 0
    assert session.scalars(select(EvidencePiece.kind).where(EvidencePiece.from_case_id == case_id)).all() == [
        "performance_report"
    ]
    call = session.scalars(select(ConnectorCall).where(ConnectorCall.connector == "sakip.report_published")).one()
    document = document_at(session, office.region.id, case_id, call.revision)
    again = draw_published(session, document, call.created_at)
    assert again is row and "values" in row.details
    assert session.scalar(select(func.count()).select_from(ResultRow).where(ResultRow.figure == FIGURE)) == 1
    exported = results(session, Asked(office.region.id, None, YEAR, date(YEAR, 12, 31)))
    assert {row[5] for row in exported} == {"achievement"}  # the report itself is no result


def test_11_a_correction_after_publication_changes_nothing_frozen_and_is_told(
    office: Office, figures: Measured
) -> None:
    case_id = drafted(office)
    published(office, case_id)
    before = said_of_served(office)
    assert changed_since(office.session, subject(office)) == []
    office.now += timedelta(days=10)
    reached(office, YEAR, served=Fraction(95))
    assert said_of_served(office) == before == ("95.00", "near")
    (changed,) = changed_since(office.session, subject(office))
    assert (changed.key, changed.published, changed.now) == ("served", "95.00", "100.00")
    kept = document_values(office.session, subject(office), {}, office.now, number="", case_id=case_id)
    assert indicator(kept, "served")["realisation"]["id"] == "90,25"
    assert kept["data_per"] == "2027-02-01" and kept["narrative"]["closing"] == "Target tercapai sebagian."


def test_11_an_indicator_that_left_the_tree_since_is_among_what_changed(office: Office, figures: Measured) -> None:
    published(office, drafted(office))
    office.session.execute(delete(IndicatorRow).where(IndicatorRow.key == "served"))
    (changed,) = changed_since(office.session, subject(office))
    assert (changed.key, changed.published, changed.now) == ("served", "95.00", None)
    assert changed.reason == {"id": "tidak lagi di pohon kinerja tahun itu", "en": "no longer in that year's tree"}


def test_11_rebuild_finds_nothing_then_names_a_frozen_row_that_was_falsified(office: Office, figures: Measured) -> None:
    published(office, drafted(office))
    session, region = office.session, office.region.id
    other = [one for one in rebuild(session, region, office.now, is_check=True).different if "sakip_r" in one.table]
    assert other == []
    session.execute(update(ResultRow).where(*OF_SERVED).values(shown="99.00", frozen_at=None))
    found = rebuild(session, region, office.now, is_check=True).different
    named = [one for one in found if one.row.get("subject") == "served"]
    assert [dict(one.drawn or {}) for one in named] == [
        {"frozen_at": named[0].drawn["frozen_at"]}, {"shown": "95.00"},  # type: ignore[index]
    ]  # fmt: skip


def test_11_rebuild_draws_a_publication_again_that_is_not_there(office: Office, figures: Measured) -> None:
    case_id = drafted(office)
    published(office, case_id)
    session, region = office.session, office.region.id
    row = published_report(session, subject(office))
    session.delete(row)
    session.execute(update(ResultRow).where(ResultRow.year == YEAR).values(frozen_at=None))
    session.flush()
    found = rebuild(session, region, office.now, is_check=True).different
    assert any(one.row.get("figure") == FIGURE and one.drawn == {"case_id": case_id} for one in found)
    rebuild(session, region, office.now, is_check=False)
    row = published_report(session, subject(office))
    assert row is not None and row.details["number"] == "050/12/2027"
    recompute(session, region, None, YEAR, office.now)
    again = [one for one in rebuild(session, region, office.now, is_check=True).different if "sakip_r" in one.table]
    assert again == []


def test_10_everybody_may_have_a_published_report_and_no_person_is_in_it(office: Office, figures: Measured) -> None:
    session, region = office.session, office.region
    assert public_document(session, region.key, YEAR, "kominfo") is None
    case_id = drafted(office)
    assert public_document(session, region.key, YEAR, "kominfo") is None
    published(office, case_id)
    found = public_document(session, region.key, YEAR, "kominfo")
    assert found is not None and "case" not in found.values
    printed = texts(lkjip_data(found.values, cover_of(found.region, found.settings), is_draft=False))
    for name in ("Sari", "Vina", "Fitri", "Eva", "Irma"):
        assert name not in printed
    assert public_document(session, "elsewhere", YEAR, "kominfo") is None
    assert public_document(session, region.key, YEAR, "-") is None
    session.execute(update(IndicatorRow).values(is_published=False))
    assert region.key in [key for key, _ in public_regions(session)]
    (listed,) = public_reports(session, region.id, region.name, UTC, YEAR)  # type: ignore[arg-type]
    assert (listed.key, listed.year, listed.published_on) == ("kominfo", YEAR, date(2027, 2, 26))


def test_a_report_stays_its_units_though_the_drafters_own_division_gets_a_tree_since(
    office: Office, figures: Measured
) -> None:
    division = a_unit(office.session, office.region, "division", office.units["kominfo"])
    office.people["sari"].unit_id = division.id
    office.session.flush()
    case_id = drafted(office)
    assert office.session.get_one(Case, case_id).unit_id == division.id
    published(office, case_id)
    figures.node("d.goal", division)
    figures.indicator("d.io", "d.goal", division)
    office.session.flush()
    found = rebuild(office.session, office.region.id, office.now, is_check=True).different
    assert [one.plain() for one in found if one.row.get("figure") == "report" or one.table == "sakip_evidence"] == []
