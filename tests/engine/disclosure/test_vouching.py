"""T33: whoever gives rights cannot give themselves a case: a new key waits for a custodian who has met its owner."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.models import AuditEntry
from engine.cases.catching_up import catch_up
from engine.disclosure.models import CaseKey, DisclosureRegion, OfficerKey
from engine.disclosure.officers import publics
from engine.disclosure.vouching import vouch, waiting_keys
from engine.errors import Conflict, KeyNeeded, NotFound
from engine.organisation.models import Group, GroupMember
from tests.factories import a_person, an_account
from tests.sealed_office import SealedOffice, a_key_of, a_sealed_office


@pytest.fixture
def office(session: Session, now: datetime) -> SealedOffice:
    office = a_sealed_office(session, now)
    if session.get(DisclosureRegion, office.region.id) is None:
        session.add(DisclosureRegion(region_id=office.region.id, salt=b"s" * 16, keys_revision=0))
        session.flush()
    office.report()
    newcomer = a_person(session, office.units["inspectorate"], "Baru")
    group = session.scalars(
        select(Group).where(Group.key == "complaint_intake", Group.region_id == office.region.id)
    ).one()
    session.add(GroupMember(group_id=group.id, person_id=newcomer.id))
    key = a_key_of(newcomer, now)
    key.vouched_at = None
    session.add(key)
    office.people = {**office.people, "baru": newcomer}
    office.region.organisation_revision += 1
    session.flush()
    return office


def has_copy(office: SealedOffice) -> bool:
    holder = f"officer:{office.people['baru'].id}"
    return office.session.get(CaseKey, (office.case_id, "content-key", holder)) is not None


def test_t33_who_is_put_into_a_role_gets_no_case_until_a_custodian_vouches(
    office: SealedOffice, session: Session, now: datetime
) -> None:
    newcomer, ida, kiki = (office.people[name].id for name in ("baru", "ida", "kiki"))
    office.at_work("ida")
    catch_up(session, ida, now)
    assert not has_copy(office)
    office.at_work("kiki")
    (waiting,) = waiting_keys(session, kiki, now)
    assert waiting.person_id == newcomer
    with pytest.raises(Conflict):
        vouch(session, kiki, whose=newcomer, public="00", now=now)
    vouch(session, kiki, whose=newcomer, public=waiting.public, now=now)
    assert waiting_keys(session, kiki, now) == ()
    told = session.scalars(select(AuditEntry).where(AuditEntry.event == "officer_key_vouched")).one()
    assert told.actor_id == kiki and told.subject == f"officer_keys:{newcomer}"
    office.at_work("ida")
    catch_up(session, ida, now)
    assert has_copy(office)


def test_t33_nobody_but_a_custodian_with_an_open_key_vouches(
    office: SealedOffice, session: Session, now: datetime
) -> None:
    newcomer, ida, kiki = (office.people[name].id for name in ("baru", "ida", "kiki"))
    office.at_work("ida")
    with pytest.raises(NotFound):
        vouch(session, ida, whose=newcomer, public="", now=now)
    office.at_work(None)
    with pytest.raises(KeyNeeded):
        vouch(session, kiki, whose=newcomer, public="", now=now)
    session.get_one(OfficerKey, kiki).vouched_at = None
    session.flush()
    office.at_work("kiki")
    with pytest.raises(NotFound):
        vouch(session, kiki, whose=kiki, public=office.pairs["kiki"].public.hex(), now=now)


def test_t33_an_administrator_is_given_no_case_whatever_key_they_have(
    office: SealedOffice, session: Session, now: datetime
) -> None:
    newcomer = office.people["baru"]
    session.get_one(OfficerKey, newcomer.id).vouched_at = now
    an_account(session, newcomer, "baru", is_admin=True)
    session.flush()
    assert publics(session, [newcomer.id]) == {}
    office.at_work("ida")
    catch_up(session, office.people["ida"].id, now)
    assert not has_copy(office)
