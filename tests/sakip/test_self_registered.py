"""Agreements and trees in force register themselves as evidence, once (§8.3); evaluations: test_evaluation_cases."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sakip.case_answers import document_at
from sakip.facts.agreements import register_agreement
from sakip.facts.evidence import REFUSED, REPAIRED, offered, refuse
from sakip.facts.models import EvidencePiece
from sakip.facts.self_registered import register_tree
from sakip.tree.history import Revision
from sakip.tree.models import TreeRevision
from sakip.tree.revising import apply_revision
from tests.factories import a_holder, a_person, a_position, a_unit
from tests.sakip.tree_office import Office, an_office
from tests.sakip.trees import indicator


def registered(office: Office, **where: object) -> list[tuple[str, int, int | None]]:
    """Kind, year and unit of what registered itself."""
    query = select(EvidencePiece).where(EvidencePiece.registered_by.is_(None)).filter_by(**where)
    return [(one.kind, one.year, one.unit_id) for one in office.session.scalars(query.order_by(EvidencePiece.id))]


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


def test_an_agreement_is_evidence_of_the_unit_it_is_of_and_not_of_its_drafters(session: Session, now: datetime) -> None:
    office = an_office(session, now)
    office.publish("performance_agreement")
    division = a_unit(session, office.region, "division", office.units["kominfo"], key="ikp")
    section = a_unit(session, office.region, "section", division, key="media")
    people = {"tono": a_person(session, section, "Tono"), "budi": a_person(session, division, "Budi")}
    office.people = {**office.people, **people}
    a_holder(session, a_position(session, division), people["budi"])
    given = {"period": 2026, "first_party_name": "Fitri", "first_party_position": "Kepala"}
    named = {**given, "level": "division", "first_party": people["budi"].id}
    cases = [office.open("performance_agreement", "tono", {**given, "level": level})
             for level in ("region", "agency", "division", "section")]  # fmt: skip
    cases.append(office.open("performance_agreement", "sari", named))
    for case_id in cases:
        register_agreement(session, document_at(session, office.region.id, case_id, 1), now)
    found = [registered(office, from_case_id=case_id) for case_id in cases]
    units = (None, office.units["kominfo"].id, division.id, section.id, division.id)
    assert found == [[("agreements", 2026, unit)] for unit in units]


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
