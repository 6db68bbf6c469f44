"""Whom a conflict keeps away, found when somebody is named later and nobody of the office is asked just then."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.facts import REPORTER
from engine.organisation.models import Group, GroupMember
from tests.engine.cases.test_sealed_store import holders
from tests.factories import a_person, a_unit
from tests.sealed_office import SealedOffice, a_key_of, a_sealed_office


@pytest.fixture
def office(session: Session, now: datetime) -> SealedOffice:
    return a_sealed_office(session, now)


def with_colleagues_elsewhere(office: SealedOffice) -> None:
    """Usman works at a stall of the market office; his colleague Vera and the head above receive and verify."""
    session = office.session
    stall = a_unit(session, office.region, "agency", parent=office.units["market"])
    for name in ("vera", "usman"):
        office.people[name] = a_person(session, stall, name.capitalize())
    session.add(a_key_of(office.people["vera"], office.now))
    for group in ("complaint_intake", "complaint_verifiers"):
        found = select(Group.id).where(Group.key == group, Group.region_id == office.region.id)
        for name in ("vera", "umar"):
            session.add(GroupMember(group_id=session.scalars(found).one(), person_id=office.people[name].id))
    office.region.organisation_revision += 1
    session.flush()


def test_t32_colleagues_and_superiors_of_who_is_named_while_the_reporter_is_asked_are_out_at_once(
    office: SealedOffice,
) -> None:
    with_colleagues_elsewhere(office)
    office.report()
    assert office.do("ida", "register") is None
    assert {"vera", "umar"} <= holders(office)
    assert office.do("vina", "ask_reporter", "Siapa", reported_person=office.people["usman"].id) is None
    assert holders(office) == {"vina", "vito", "irma", "receipt"}
    assert office.do(REPORTER, "provide") is None
    assert holders(office) == {"vina", "vito", "irma", "receipt"}


def test_t32_when_all_who_hold_it_are_near_who_is_named_the_body_outside_has_it_at_once(office: SealedOffice) -> None:
    office.report()
    assert office.do("ida", "register") is None
    assert office.do("vina", "ask_reporter", "Siapa", reported_person=office.people["leo"].id) is None
    assert holders(office) == {"oscar", "receipt"}
    assert office.do(REPORTER, "provide") is None
    assert office.do("oscar", "complete", verification_note="Lengkap") is None


def test_t32_colleagues_of_who_is_named_with_the_last_act_keep_nothing(office: SealedOffice) -> None:
    with_colleagues_elsewhere(office)
    office.report()
    assert {"vera", "umar", "ida"} <= holders(office)
    usman = office.people["usman"].id
    assert office.do("ida", "duplicate", "Sama dengan laporan lama", reported_person=usman) is None
    assert holders(office) == {"ida", "irma", "receipt"}
