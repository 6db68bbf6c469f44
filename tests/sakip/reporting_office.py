"""An agency that writes its performance report of 2026: two years of figures, a break between them, budgets."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from engine.cases.stored import read_case
from sakip.facts.budget_rows import Absorbed, Budgeted, write_absorptions, write_budgets
from sakip.facts.published_reports import Subject
from sakip.facts.realisations import VERIFIED, Filled, Origin, write
from sakip.facts.results import recompute
from sakip.tree.models import TreeRevision
from sakip.values import NOT_ISSUED
from tests.factories import a_group, a_person
from tests.sakip.measured import YEAR, Measured
from tests.sakip.tree_office import Office, an_office

FEBRUARY = datetime(YEAR + 1, 2, 1, 2, 0, tzinfo=UTC)
BEFORE = date(YEAR - 1, 1, 1)
PLAN = {str(YEAR - 1): "90", str(YEAR): "95", str(YEAR + 3): "100"}


def a_reporting_office(session: Session, now: datetime) -> Office:
    """Sari drafts, Vina of the organisation bureau reviews, Eva and Irma are internal audit, Fitri heads the agency."""
    office = an_office(session, now)
    office.now = FEBRUARY
    for name, group in (("vina", "organisation_bureau"), ("eva", "evaluators"), ("irma", "evaluation_leads")):
        office.people[name] = a_person(session, office.units["pemkab"], name.capitalize())  # type: ignore[index]
        a_group(session, office.region, group, office.people[name])
    office.publish("report_review", "performance_report")
    return office


def two_years(office: Office) -> Measured:
    """Kominfo's tree and what was reached: services rose from 81 to 90,25 percent of people, complaints are counted the
    other way round since this year, the grade is not issued yet. Both years have their results."""
    agency = office.units["kominfo"]
    revision = TreeRevision(region_id=office.region.id, unit_id=agency.id, number=1, reason="awal", legal_basis="-")
    revision.case_id, revision.in_force_on, revision.made_at = None, BEFORE, office.now
    office.session.add(revision)
    office.session.flush()
    found = Measured(office.session, office.region, office.units["pemkab"], agency, revision)
    found.node("goal", valid_from=BEFORE).statement = "Layanan digital merata"
    found.node("answers", valid_from=BEFORE).statement = "Aduan terjawab"
    yearly = {"due_in": ["q4"], "valid_from": BEFORE}
    found.indicator("served", "goal", unit="percent", plan_targets=PLAN, formula="terlayani / penduduk", **yearly)
    found.indicator(
        "grade", "goal", unit="sakip", direction="grade", plan_targets={str(YEAR): {"grade": "BB"}}, **yearly
    )
    found.indicator("complaints", "answers", direction="lower", unit="number", **yearly)
    found.indicator(
        "complaints", "answers", direction="higher", unit="number", due_in=["q4"], valid_from=date(YEAR, 1, 1)
    )
    found.aim("complaints", year=Fraction(40))
    reached(office, YEAR - 1, served=Fraction(81), complaints=Fraction(30))
    told = {"drivers": "Menara baru", "obstacles": "Cuaca ekstrem", "actions": "Menambah teknisi"}
    reached(office, YEAR, told, served=Fraction("90.25"), complaints=Fraction(50), grade=NOT_ISSUED)
    return found


def reached(office: Office, year: int, texts: dict[str, str] | None = None, **values: Any) -> None:
    """Verified realisations of a year's last quarter, and what they make of the figures."""
    unit = office.units["kominfo"].id
    for key, value in values.items():
        filled = [Filled(key, "q4", value, texts if texts and key == "served" else {})]
        digest = f"{key} {year} {office.now.isoformat()}".ljust(64)
        write(office.session, office.region.id, unit, year, filled, VERIFIED, Origin(office.now, digest=digest))
    recompute(office.session, office.region.id, None, year, office.now)


def money(office: Office) -> None:
    """Two programmes of 100 million and 50 million rupiah, of which 90 and 45 were spent."""
    unit, origin = office.units["kominfo"].id, Origin(office.now, digest="b" * 64)
    budgets = [
        Budgeted(unit, "p1", "2.16.02", "Program informasi", "programme", ("goal",), Fraction(100_000_000)),
        Budgeted(unit, "p2", "2.16.03", "Program aplikasi", "programme", ("answers",), Fraction(50_000_000)),
    ]
    write_budgets(office.session, office.region.id, YEAR, budgets, date(YEAR, 1, 1), origin)
    spent = [Absorbed(unit, "p1", "q4", Fraction(90_000_000)), Absorbed(unit, "p2", "q4", Fraction(45_000_000))]
    write_absorptions(office.session, office.region.id, YEAR, spent, VERIFIED, origin)


def subject(office: Office) -> Subject:
    return Subject(office.region.id, office.units["kominfo"].id, YEAR)


def answers_of(office: Office, case_id: int) -> dict[str, Any]:
    return dict(read_case(office.session, case_id, office.now).facts.answers)


def drafted(office: Office) -> int:
    """A report opened by Sari, its narrative written and every row edited."""
    case_id = office.open("performance_report", "sari", {"year": YEAR})
    rows = [{**row, "settled": True} for row in answers_of(office, case_id)["objectives"]]
    written = {"objectives": rows, "closing": "Target tercapai sebagian.", "summary": "Dua sasaran, tiga indikator."}
    assert office.do(case_id, "sari", "save", answers=written) is None, office.refusal
    return case_id


def published(office: Office, case_id: int) -> None:
    """The same report reviewed on paper, signed and published; the worker has done its work."""
    assert office.do(case_id, "sari", "submit") is None, office.refusal
    assert office.do(case_id, "vina", "approve") is None, office.refusal
    assert office.do(case_id, "vina", "reviewed", comment="LHR 700/1/2027") is None, office.refusal
    signed = {"report_number": "050/12/2027", "published_on": "2027-02-26"}
    assert office.do(case_id, "fitri", "publish", answers=signed) is None, office.refusal
    office.work()
