"""Custodians come and go: the copies of a running case's identity key follow the group, and never a conflict."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.cases.catching_up import catch_up
from engine.cases.identity_release import ask, decide, waiting_for
from engine.disclosure.case_keys import CaseName, opened
from engine.disclosure.declared import Declared, identity_text
from engine.disclosure.models import CaseKey
from engine.disclosure.seals import to_bytes
from engine.organisation.models import Group, GroupMember
from tests.factories import a_person
from tests.sealed_office import SealedOffice, a_key_of, a_sealed_office
from tests.sealed_type import rows_with

MOTIVE = "Saksi kunci perlu dipanggil sidang kode etik"


@pytest.fixture
def office(session: Session, now: datetime) -> SealedOffice:
    office = a_sealed_office(session, now)
    office.way, office.identity = Declared("confidential").to_text(), identity_text("confidential", {"name": "Citra"})
    office.report()
    return office


def custodians_group(office: SealedOffice) -> int:
    wanted = select(Group.id).where(Group.key == "custodians", Group.region_id == office.region.id)
    return office.session.scalars(wanted).one()


def changed(office: SealedOffice) -> None:
    office.region.organisation_revision += 1
    office.session.flush()


def joins(office: SealedOffice, name: str) -> None:
    office.session.add(GroupMember(group_id=custodians_group(office), person_id=office.people[name].id))
    changed(office)


def leaves(office: SealedOffice, *names: str) -> None:
    people = [office.people[name].id for name in names]
    mine = (GroupMember.group_id == custodians_group(office), GroupMember.person_id.in_(people))
    office.session.execute(delete(GroupMember).where(*mine))
    changed(office)


def unlocks(office: SealedOffice, name: str, days: int = 0) -> int:
    office.at_work(name)
    return catch_up(office.session, office.people[name].id, office.now + timedelta(days=days))


def copies(office: SealedOffice, prefix: str = "officer:") -> set[str]:
    mine = (CaseKey.case_id == office.case_id, CaseKey.kind == "identity-key")
    names = {f"{prefix}{person.id}": name for name, person in office.people.items()}
    return {names[holder] for holder in office.session.scalars(select(CaseKey.holder).where(*mine)) if holder in names}


def opens(office: SealedOffice, name: str) -> bool:
    place = (office.case_id, "identity-key", f"officer:{office.people[name].id}")
    sealed = office.session.get_one(CaseKey, place).sealed
    return len(opened(place[1], CaseName(office.region.key, office.number), to_bytes(sealed), office.pairs[name])) == 32  # type: ignore[arg-type]


def test_somebody_new_among_the_custodians_gets_a_copy_when_who_reads_and_a_custodian_have_come(
    office: SealedOffice,
) -> None:
    joins(office, "adi")
    assert unlocks(office, "kiki") == 0 and "adi" not in copies(office)  # a custodian cannot tell who is kept away
    assert unlocks(office, "ida") == 1 and "adi" not in copies(office)  # who reads has no identity key to give
    assert copies(office, "noted:") == {"adi"}
    assert unlocks(office, "kiki") == 1
    assert copies(office) == {"kiki", "koko", "kuku", "adi"} and copies(office, "noted:") == set()
    assert opens(office, "adi")
    assert unlocks(office, "koko") == 0
    office.at_work("ida")
    assert ask(office.session, office.case_id, office.people["ida"].id, MOTIVE, office.now) is None
    office.at_work("adi")
    (release,) = waiting_for(office.session, office.people["adi"].id, office.now)
    done = decide(
        office.session, release.id, office.people["adi"].id, is_approved=True, note="Beralasan", now=office.now
    )
    assert done is None and "ida" in copies(office)


def test_a_custodian_who_handles_the_case_gives_the_copy_at_once(session: Session, now: datetime) -> None:
    office = a_sealed_office(session, now)
    joins(office, "ida")
    office.report()
    joins(office, "adi")
    assert unlocks(office, "ida") == 1
    assert copies(office) == {"ida", "kiki", "koko", "kuku", "adi"} and opens(office, "adi")


def test_a_new_custodian_who_is_reported_gets_nothing_also_when_named_after_being_noted(office: SealedOffice) -> None:
    joins(office, "udin")
    unlocks(office, "ida")
    assert copies(office, "noted:") == {"udin"}
    assert office.do("ida", "register", reported_others=[office.people["udin"].id]) is None
    assert copies(office, "noted:") == set()
    for day, name in enumerate(("vina", "kiki", "irma", "koko", "vito", "kuku")):
        unlocks(office, name, day)
    assert copies(office) == {"kiki", "koko", "kuku"} and copies(office, "noted:") == set()


def test_who_left_before_the_copy_was_made_gets_none(office: SealedOffice) -> None:
    joins(office, "adi")
    unlocks(office, "ida")
    leaves(office, "adi")
    assert unlocks(office, "kiki") == 1
    assert "adi" not in copies(office) and copies(office, "noted:") == set()


def test_who_leaves_the_group_loses_the_copy_when_somebody_comes_or_with_the_next_step(office: SealedOffice) -> None:
    leaves(office, "kuku")
    assert unlocks(office, "kiki") == 1
    assert copies(office) == {"kiki", "koko"}
    leaves(office, "koko")
    assert office.do("ida", "register") is None
    assert copies(office) == {"kiki"}


def test_the_last_copy_stays_until_somebody_new_has_one(office: SealedOffice) -> None:
    leaves(office, "kiki", "koko", "kuku")
    unlocks(office, "ida")
    assert copies(office) == {"kiki", "koko", "kuku"}
    joins(office, "adi")
    unlocks(office, "ida", 1)
    assert unlocks(office, "kuku", 1) == 1  # no custodian any more, but nobody else could give it
    assert copies(office) == {"adi"}


def test_to_whom_the_identity_was_released_keeps_it_as_long_as_the_case(office: SealedOffice) -> None:
    office.at_work("irma")
    assert ask(office.session, office.case_id, office.people["irma"].id, MOTIVE, office.now) is None
    office.at_work("kiki")
    (release,) = waiting_for(office.session, office.people["kiki"].id, office.now)
    assert (
        decide(office.session, release.id, office.people["kiki"].id, is_approved=True, note="Ya", now=office.now)
        is None
    )
    leaves(office, "kuku")
    assert unlocks(office, "kiki") == 1
    assert copies(office) == {"kiki", "koko", "irma"}
    assert office.do("ida", "register", reported_others=[office.people["irma"].id]) is None
    assert copies(office) == {"kiki", "koko"}


def test_who_has_no_key_waits_and_what_is_noted_opens_nothing(office: SealedOffice) -> None:
    office.people["baru"] = a_person(office.session, office.units["inspectorate"], "Baru")
    joins(office, "baru")
    unlocks(office, "ida")
    assert copies(office, "noted:") == set()
    office.session.add(a_key_of(office.people["baru"], office.now))
    changed(office)
    unlocks(office, "ida")
    assert copies(office, "noted:") == {"baru"}
    row = office.session.scalars(select(CaseKey).where(CaseKey.holder.like("noted:%"))).one()
    assert row.sealed == "" and rows_with(office.session, "Citra") == []


def with_near_custodians(session: Session, now: datetime) -> SealedOffice:
    """Among the custodians are the head of the market office, a colleague there, and the head of the region."""
    office = a_sealed_office(session, now)
    for name in ("umar", "udin", "wali"):
        joins(office, name)
    office.way, office.identity = Declared("confidential").to_text(), identity_text("confidential", {"name": "Citra"})
    return office


def test_t32_custodians_near_who_is_reported_get_no_key_of_the_identity(session: Session, now: datetime) -> None:
    office = with_near_custodians(session, now)
    office.report(reported_person=office.people["udin"].id)
    assert copies(office) == {"kiki", "koko", "kuku"}
    office.at_work("ida")
    assert ask(session, office.case_id, office.people["ida"].id, MOTIVE, now) is None
    for name in ("umar", "wali", "udin"):
        office.at_work(name)
        assert waiting_for(session, office.people[name].id, now) == ()


def test_t32_custodians_near_somebody_named_later_lose_the_key_with_that_step(session: Session, now: datetime) -> None:
    office = with_near_custodians(session, now)
    office.report()
    assert copies(office) == {"kiki", "koko", "kuku", "umar", "udin", "wali"}
    assert office.do("ida", "register", reported_person=office.people["udin"].id) is None
    assert copies(office) == {"kiki", "koko", "kuku"}
    for name in ("vina", "kiki", "irma"):
        unlocks(office, name, 1)
    assert copies(office) == {"kiki", "koko", "kuku"}


def test_where_two_others_would_be_missing_a_custodian_near_stays_but_never_who_is_reported(
    session: Session, now: datetime
) -> None:
    office = with_near_custodians(session, now)
    leaves(office, "koko", "kuku")
    office.report(reported_person=office.people["udin"].id)
    assert copies(office) == {"kiki", "umar", "wali"}
    joins(office, "adi")
    assert unlocks(office, "ida") == 1
    assert copies(office) == {"kiki"} and copies(office, "noted:") == {"adi"}
    unlocks(office, "kiki")
    assert copies(office) == {"kiki", "adi"}
