"""Documents that went through Alur register themselves as evidence, once, and again from the cases alone (§8.3)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sakip.case_answers import document_at
from sakip.facts.agreements import register_agreement
from sakip.facts.evidence import REFUSED, REPAIRED, offered, refuse
from sakip.facts.models import EvidenceAct, EvidencePiece, RecommendationRow
from sakip.facts.rebuild import rebuild
from sakip.facts.self_registered import register_tree
from sakip.tree.history import Revision
from sakip.tree.models import TreeRevision
from sakip.tree.revising import apply_revision
from tests.sakip.evaluation_office import (
    AT_B,
    an_evaluation_office,
    assured,
    closed,
    locked_by_the_unit,
    scored,
    verified_by_all,
)
from tests.sakip.tree_office import Office, an_office
from tests.sakip.trees import indicator


def registered(office: Office, **where: object) -> list[tuple[str, int, int | None]]:
    """Kind, year and unit of what registered itself."""
    query = select(EvidencePiece).where(EvidencePiece.registered_by.is_(None)).filter_by(**where)
    return [(one.kind, one.year, one.unit_id) for one in office.session.scalars(query.order_by(EvidencePiece.id))]


def test_an_evaluation_that_was_closed_and_its_follow_up_register_themselves(session: Session, now: datetime) -> None:
    office = an_evaluation_office(session)
    kominfo = office.units["kominfo"].id
    case_id = locked_by_the_unit(office, AT_B)
    verified_by_all(office, case_id)
    assured(office, case_id, AT_B)
    guideline = "planning.existence.guideline"
    scored(office, case_id, AT_B | {guideline: "d"}, {"path": guideline, "text": "Terbitkan pedoman"})
    closed(office, case_id)
    office.work()
    assert registered(office, from_case_id=case_id) == [("evaluation_report", 2025, kominfo)]
    follow_up = session.scalars(select(RecommendationRow.follow_up_id)).one() or 0
    plan = {"plan": "Menyusun pedoman", "responsible": "Sekretaris", "planned_until": "2026-08-01"}
    assert office.do(follow_up, "fitri", "plan", answers=plan) is None, office.refusal
    office.work()
    assert registered(office, from_case_id=follow_up) == [("follow_up_plan", 2026, kominfo)]

    pieces = select(EvidencePiece.id).where(EvidencePiece.from_case_id == case_id)
    session.execute(delete(EvidenceAct).where(EvidenceAct.piece_id.in_(pieces)))
    session.execute(delete(EvidencePiece).where(EvidencePiece.from_case_id == case_id))
    for is_check in (True, False):
        (missing,) = rebuild(session, office.region.id, office.now, is_check=is_check).different
        assert (missing.table, missing.row["case_id"], missing.stored) == ("sakip_evidence", case_id, None)
    assert registered(office, from_case_id=case_id) == [("evaluation_report", 2025, kominfo)]
    assert rebuild(session, office.region.id, office.now, is_check=True).different == []


def test_an_agreement_in_force_registers_itself_once_and_the_regions_own_is_the_regions(
    session: Session, now: datetime
) -> None:
    office = an_office(session, now)
    office.publish("performance_agreement")
    given = {"period": 2026, "level": "agency", "first_party_name": "Fitri", "first_party_position": "Kepala"}
    cases = {
        "kominfo": office.open("performance_agreement", "sari", given),
        "pemkab": office.open("performance_agreement", "gatot", {**given, "level": "region"}),
        "dinkes": office.open("performance_agreement", "wati", {**given, "level": "individual"}),
    }
    for case_id in (*cases.values(), *cases.values()):
        register_agreement(session, document_at(session, office.region.id, case_id, 1), now)
    assert registered(office, from_case_id=cases["kominfo"]) == [("agreements", 2026, office.units["kominfo"].id)]
    assert registered(office, from_case_id=cases["pemkab"]) == [("agreements", 2026, None)]
    assert registered(office, from_case_id=cases["dinkes"]) == []


def test_a_tree_in_force_registers_itself_for_the_years_it_plans_and_supersedes_the_one_before(
    session: Session, now: datetime
) -> None:
    office = an_office(session, now)
    unit = office.units["kominfo"].id
    planned = indicator("kip", unit="index", direction="higher", plan_targets={2026: 60, 2027: 65, 2040: 90})
    own = office.own("k.g", "agency_goal", indicators=(planned,))

    def put(given: Revision, on: date) -> TreeRevision:
        outcome = apply_revision(session, office.region.id, unit, given, on, now)
        assert isinstance(outcome, TreeRevision)
        return outcome

    first = put(Revision("Renstra", "Perbup 1/2026", {own.key: own}), date(2026, 1, 1))
    found = register_tree(session, first, now)
    assert {(one.kind, one.year) for one in found} == {
        (kind, year) for kind in ("tree_of_goals", "cascading_matrix", "crosscutting_matrix") for year in (2026, 2027)
    }
    assert register_tree(session, first, now) == found
    refuse(session, office.region.id, found[0].id, by=None, now=now, reason="Belum lengkap")
    second = put(Revision("Perubahan", "Perbup 2/2026", changed={own.key: own}), date(2026, 4, 1))
    newer = register_tree(session, second, now)
    assert (newer[0].supersedes_id, newer[0].state, found[0].state) == (found[0].id, REPAIRED, REFUSED)
    assert list(offered(session, office.region.id, unit, "tree_of_goals", 2026)) == [newer[0]]
