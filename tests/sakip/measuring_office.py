"""An agency that reports what it measured: its tree, its register of evidence, and what is sent in its cases."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from config import ROOT
from engine.cases.stored import read_case
from sakip.facts.evidence import Content, register
from sakip.tree.models import TreeRevision
from tests.factories import a_group, a_person
from tests.sakip.measured import NEW_YEAR, YEAR, Measured
from tests.sakip.tree_office import Office, an_office

APRIL = datetime(2026, 4, 6, 2, 0, tzinfo=UTC)


def a_measuring_office(session: Session, now: datetime, folder: Path = ROOT / "sakip_config") -> Office:
    """The office of the tree with a verifier (Vina), the finance bureau (Indra) and both case types of measurement."""
    found = an_office(session, now, folder)
    found.now = APRIL
    for name, group in (("vina", "organisation_bureau"), ("indra", "finance")):
        found.people[name] = a_person(session, found.units["pemkab"], name.capitalize())  # type: ignore[index]
        a_group(session, found.region, group, found.people[name])
    found.publish("measurement_report", "action_plan")
    return found


def a_year(office: Office) -> Measured:
    """Kominfo's tree: one goal with a percentage, a grade due at the end of the year and a sum."""
    agency = office.units["kominfo"]
    revision = TreeRevision(region_id=office.region.id, unit_id=agency.id, number=1, reason="awal", legal_basis="-")
    revision.case_id, revision.in_force_on, revision.made_at = None, NEW_YEAR, office.now
    office.session.add(revision)
    office.session.flush()
    found = Measured(office.session, office.region, office.units["pemkab"], agency, revision)
    found.node("goal")
    found.indicator("served", "goal", unit="percent", targets={"q1": "90", "q2": "95"}, plan_targets={"2026": "95"})
    found.indicator("grade", "goal", unit="sakip", direction="grade", due_in=["q4"])
    found.indicator("permits", "goal", unit="number", consolidation="sum")
    found.aim("permits", q1=Fraction(2500, 2), year=Fraction(5000))
    return found


def piece(office: Office, unit: str | None = "kominfo", **more: Any) -> int:
    given = {
        "kind": "plan_meeting",
        "year": YEAR,
        "title": "Berita acara",
        "content": Content(link="https://a.example"),
    }
    unit_id = None if unit is None else office.units[unit].id
    return register(office.session, office.region.id, unit_id, by=None, now=office.now, **{**given, **more}).id


def opened(office: Office, **more: Any) -> int:
    return office.open("measurement_report", "sari", {"year": YEAR, "period": "q1", **more})


def rows_of(office: Office, case_id: int, field: str = "rows") -> list[dict[str, Any]]:
    return [dict(row) for row in read_case(office.session, case_id, office.now).facts.answers.get(field) or ()]


def sent(office: Office, case_id: int, action: str = "report", by: str = "sari", **answers: Any) -> dict[str, str]:
    """The faults by path; empty when the act was made."""
    code = office.do(case_id, by, action, answers=answers, comment="Satu baris")
    if office.refusal is None:
        return {}
    assert code == "field_invalid", office.refusal
    return {fault.path: fault.code for fault in office.refusal.faults}


def filled(office: Office, case_id: int, **by_key: Any) -> list[dict[str, Any]]:
    rows = rows_of(office, case_id)
    return [row | by_key.get(row["row_key"], {}) for row in rows]


def reported(office: Office, **values: str) -> int:
    case_id = opened(office)
    proof = piece(office)
    given = {key: {"value": value, "evidence": [proof]} for key, value in values.items()}
    assert sent(office, case_id, rows=filled(office, case_id, **given)) == {}
    return case_id


def ticks(office: Office, case_id: int, *returned: str) -> list[dict[str, Any]]:
    return [
        row | ({"accepted": False, "note": "Periksa"} if row["row_key"] in returned else {"accepted": True})
        for row in rows_of(office, case_id, "verification")
    ]
