"""Who may act for whom, from the stored organisation: heads, Plt, Plh, vacancies, ended mandates, delegates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.database import Database
from engine.definitions.model import Role, Text
from engine.errors import NotFound
from engine.facts import Audience, CaseFacts, CaseState, Seat
from engine.organisation.directory import (
    ACTING_OFFICIAL,
    DAILY_EXECUTOR,
    DELEGATE,
    OUT_OF_OFFICE,
    OWN_RIGHT,
    StoreDirectory,
    snapshot,
)
from engine.organisation.models import Group, GroupMember, Person, Position, Unit
from tests.factories import (
    a_delegation,
    a_group,
    a_holder,
    a_holiday,
    a_person,
    a_position,
    a_region,
    a_unit,
)


class Agency:
    """An agency with a division and a section; each has a head's position, nobody in them yet."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.region = a_region(session)
        self.agency = a_unit(session, self.region, "agency", name="Dinas Kesehatan")
        self.division = a_unit(session, self.region, "division", self.agency, name="Bidang P2P")
        self.section = a_unit(session, self.region, "section", self.division, name="Seksi Surveilans")
        self.head = a_position(session, self.agency, "head", decision_limit=2_000_000_000)
        self.secretary = a_position(session, self.agency, "secretary", self.head)
        self.division_head = a_position(session, self.division, "head", self.head, decision_limit=200_000_000)
        self.section_head = a_position(session, self.section, "head", self.division_head)

    def directory(self, now: datetime) -> StoreDirectory:
        return snapshot(self.session, self.region.id, now)

    def person(self, name: str | None = None, unit: Unit | None = None) -> Person:
        return a_person(self.session, unit or self.section, name)


@pytest.fixture
def agency(session: Session) -> Agency:
    return Agency(session)


def role(resolve: str, **options: Any) -> Role:
    return Role("role", Text("Peran", "Role"), resolve, options, False)


def resolved(
    agency: Agency,
    now: datetime,
    wanted: Role,
    *,
    initiator: Person | None = None,
    unit: Unit | None = None,
    answers: Mapping[str, Any] | None = None,
) -> tuple[Audience, ...]:
    directory = agency.directory(now)
    case = CaseFacts(
        case_type="test",
        number="1",
        title="",
        region=directory.region_key,
        unit=unit.id if unit else None,
        initiator=initiator.id if initiator else None,
        opened_at=now,
        revision=1,
        state=CaseState(),
        answers=answers or {},
        now=now,
        directory=directory,
    )
    return directory.audiences(wanted, case)


def of(row: Position) -> Audience:
    return Audience("position", str(row.id))


# -- roles become audiences --------------------------------------------------------------------------------------


def test_a_position_is_looked_for_in_the_nearest_unit_of_its_level(agency: Agency, now: datetime) -> None:
    initiator = agency.person()
    expected = {"section": agency.section_head, "division": agency.division_head, "agency": agency.head}
    for level, found in expected.items():
        wanted = role("position", position="head", level=level, of="initiator.unit")
        assert resolved(agency, now, wanted, initiator=initiator) == (of(found),)


def test_nobody_of_that_level_above_means_no_audience(agency: Agency, now: datetime) -> None:
    in_agency = agency.person(unit=agency.agency)
    wanted = role("position", position="head", level="section", of="initiator.unit")
    assert resolved(agency, now, wanted, initiator=in_agency) == ()


def test_without_a_level_the_position_is_in_that_very_unit(agency: Agency, now: datetime) -> None:
    wanted = role("position", position="secretary", of="initiator.unit")
    assert resolved(agency, now, wanted, initiator=agency.person()) == ()
    assert resolved(agency, now, wanted, initiator=agency.person(unit=agency.agency)) == (of(agency.secretary),)


def test_a_unit_in_an_answer_decides_and_hides_the_cases_own(agency: Agency, now: datetime) -> None:
    wanted = role("position", position="head", of="case.unit")
    assert resolved(agency, now, wanted, unit=agency.section) == (of(agency.section_head),)
    answers = {"unit": agency.division.id}
    assert resolved(agency, now, wanted, unit=agency.section, answers=answers) == (of(agency.division_head),)


def test_without_of_a_level_that_stands_beside_is_found_in_the_region(agency: Agency, now: datetime) -> None:
    inspectorate = a_unit(agency.session, agency.region, "inspectorate")
    inspector = a_position(agency.session, inspectorate, "head")
    wanted = role("position", position="head", level="inspectorate")
    assert resolved(agency, now, wanted, unit=agency.section) == (of(inspector),)
    other_agency = a_unit(agency.session, agency.region, "agency")
    a_position(agency.session, other_agency, "head")
    assert resolved(agency, now, role("position", position="head", level="agency"), unit=agency.section) == (
        of(agency.head),
    )


def test_a_unit_or_position_that_has_ended_is_not_found(agency: Agency, now: datetime) -> None:
    wanted = role("position", position="head", level="division", of="initiator.unit")
    initiator = agency.person()
    agency.division_head.valid_to = date(2026, 3, 1)
    agency.session.flush()
    assert resolved(agency, now, wanted, initiator=initiator) == ()
    agency.division_head.valid_to = date(2026, 3, 2)
    agency.session.flush()
    assert resolved(agency, now, wanted, initiator=initiator) == (of(agency.division_head),)
    agency.division.valid_from = date(2026, 3, 3)
    agency.session.flush()
    assert resolved(agency, now, wanted, initiator=initiator) == ()


def test_a_group_of_the_region_is_an_audience_and_an_unknown_one_is_not(agency: Agency, now: datetime) -> None:
    a_group(agency.session, agency.region, "planning")
    assert resolved(agency, now, role("group", group="planning")) == (Audience("group", "planning"),)
    assert resolved(agency, now, role("group", group="finance")) == ()


# -- audiences have seats ----------------------------------------------------------------------------------------


def test_a_definitive_holder_and_a_penjabat_act_in_their_own_right(agency: Agency, now: datetime) -> None:
    definitive, penjabat = agency.person(), agency.person()
    a_holder(agency.session, agency.section_head, definitive)
    a_holder(agency.session, agency.division_head, penjabat, "pj")
    directory = agency.directory(now)
    assert directory.seats(of(agency.section_head), now) == (Seat(definitive.id),)
    assert directory.seats(of(agency.division_head), now) == (Seat(penjabat.id),)


def test_a_plt_of_a_vacant_position_acts_for_the_position(agency: Agency, now: datetime) -> None:
    acting = agency.person()
    until = date(2026, 4, 30)
    a_holder(agency.session, agency.head, acting, "plt", date(2026, 2, 1), until, decree_number="800/12/2026")
    place = of(agency.head)
    expected = Seat(acting.id, str(place), "acting_official", until, "800/12/2026")
    assert agency.directory(now).seats(place, now) == (expected,)


def test_a_plh_acts_for_the_holder_who_keeps_the_own_right(agency: Agency, now: datetime) -> None:
    head, executor = agency.person(), agency.person()
    a_holder(agency.session, agency.head, head, starts_on=date(2024, 1, 1))
    a_holder(agency.session, agency.head, executor, "plh", date(2026, 3, 1), date(2026, 3, 7))
    expected = (Seat(head.id), Seat(executor.id, head.id, "daily_executor", date(2026, 3, 7)))
    assert agency.directory(now).seats(of(agency.head), now) == expected


def test_a_mandate_holds_on_its_first_and_last_local_day_and_no_other(agency: Agency, now: datetime) -> None:
    acting = agency.person()
    a_holder(agency.session, agency.head, acting, "plt", date(2026, 3, 10), date(2026, 3, 11))
    directory = agency.directory(now)
    place = of(agency.head)

    def has_it(moment: str) -> bool:
        return bool(directory.seats(place, datetime.fromisoformat(moment)))

    assert not has_it("2026-03-09T23:59:59+07:00")
    assert has_it("2026-03-10T00:00:00+07:00")
    assert has_it("2026-03-11T23:59:59+07:00")
    assert not has_it("2026-03-12T00:00:00+07:00")


def test_an_ended_mandate_is_remembered_with_its_last_day(agency: Agency, now: datetime) -> None:
    acting, other = agency.person(), agency.person()
    a_holder(agency.session, agency.head, acting, "plt", date(2026, 1, 1), date(2026, 1, 31))
    a_holder(agency.session, agency.head, acting, "plt", date(2026, 2, 1), date(2026, 2, 28), decree_number="2")
    a_holder(agency.session, agency.head, other, "plt", date(2026, 3, 1), date(2026, 4, 30))
    directory = agency.directory(now)
    place = of(agency.head)
    ended = directory.ended_mandate(place, acting.id, now)
    assert ended == Seat(acting.id, str(place), "acting_official", date(2026, 2, 28), "2")
    assert directory.ended_mandate(place, other.id, now) is None
    assert [seat.person for seat in directory.seats(place, now)] == [other.id]


def test_a_vacant_position_has_no_seats(agency: Agency, now: datetime) -> None:
    former = agency.person()
    a_holder(agency.session, agency.head, former, ends_on=date(2026, 2, 28))
    directory = agency.directory(now)
    assert directory.seats(of(agency.head), now) == ()
    assert directory.ended_mandate(of(agency.head), former.id, now) is None  # it was no mandate to stand in


def test_a_new_holder_has_the_seat_at_once(agency: Agency, now: datetime) -> None:
    old, new = agency.person(), agency.person()
    holding = a_holder(agency.session, agency.head, old)
    assert agency.directory(now).seats(of(agency.head), now) == (Seat(old.id),)
    holding.ends_on = date(2026, 3, 1)
    a_holder(agency.session, agency.head, new, starts_on=date(2026, 3, 2))
    assert agency.directory(now).seats(of(agency.head), now) == (Seat(new.id),)


def test_somebody_no_longer_active_holds_nothing(agency: Agency, now: datetime) -> None:
    head, executor, member = agency.person(), agency.person(), agency.person()
    a_holder(agency.session, agency.head, head)
    a_holder(agency.session, agency.secretary, executor, "plt")
    a_group(agency.session, agency.region, "planning", member)
    for person in (head, executor, member):
        person.is_active = False
    agency.session.flush()
    directory = agency.directory(now)
    for audience in (of(agency.head), of(agency.secretary), Audience("group", "planning")):
        assert directory.seats(audience, now) == ()
    assert directory.audiences_of(head.id, now) == []


def test_a_delegate_acts_for_a_holder_a_member_and_a_person_alike(agency: Agency, now: datetime) -> None:
    principal, delegate = agency.person(), agency.person()
    a_holder(agency.session, agency.section_head, principal)
    a_group(agency.session, agency.region, "planning", principal)
    a_delegation(agency.session, principal, delegate, "delegate", date(2026, 3, 1), date(2026, 3, 5))
    directory = agency.directory(now)
    for audience in (of(agency.section_head), Audience("group", "planning"), Audience("person", str(principal.id))):
        expected = (Seat(principal.id), Seat(delegate.id, principal.id, "delegate", date(2026, 3, 5)))
        assert directory.seats(audience, now) == expected


def test_mandates_do_not_chain(agency: Agency, now: datetime) -> None:
    acting, first, second = agency.person(), agency.person(), agency.person()
    a_holder(agency.session, agency.head, acting, "plt")
    a_delegation(agency.session, acting, first)  # a Plt cannot pass on the office
    a_delegation(agency.session, first, second)
    directory = agency.directory(now)
    assert [seat.person for seat in directory.seats(of(agency.head), now)] == [acting.id]
    seats = directory.seats(Audience("person", str(acting.id)), now)
    assert [seat.person for seat in seats] == [acting.id, first.id]


def test_a_delegation_may_be_for_one_position_only(agency: Agency, now: datetime) -> None:
    principal, delegate = agency.person(), agency.person()
    a_holder(agency.session, agency.section_head, principal)
    a_holder(agency.session, agency.division_head, principal)
    scope = {"positions": [agency.section_head.id]}
    a_delegation(agency.session, principal, delegate, "out_of_office", scope=scope)
    directory = agency.directory(now)
    assert [seat.person for seat in directory.seats(of(agency.section_head), now)] == [principal.id, delegate.id]
    assert [seat.person for seat in directory.seats(of(agency.division_head), now)] == [principal.id]


# -- people ------------------------------------------------------------------------------------------------------


def test_the_audiences_of_a_person_carry_the_powers_by_which_they_act(agency: Agency, now: datetime) -> None:
    person, absent, colleague = agency.person(), agency.person(), agency.person()
    a_holder(agency.session, agency.section_head, person)
    a_holder(agency.session, agency.division_head, person, "plt")
    a_holder(agency.session, agency.head, person, "plh")
    a_holder(agency.session, agency.secretary, absent)
    a_group(agency.session, agency.region, "planning", person, colleague)
    a_delegation(agency.session, absent, person, "out_of_office")
    a_delegation(agency.session, colleague, person, "delegate")
    powers = {str(audience): bits for audience, bits in agency.directory(now).audiences_of(person.id, now)}
    assert powers == {
        f"person:{person.id}": OWN_RIGHT,
        f"position:{agency.section_head.id}": OWN_RIGHT,
        f"position:{agency.division_head.id}": ACTING_OFFICIAL,
        f"position:{agency.head.id}": DAILY_EXECUTOR,
        f"position:{agency.secretary.id}": OUT_OF_OFFICE,
        f"person:{absent.id}": OUT_OF_OFFICE,
        f"person:{colleague.id}": DELEGATE,
        "group:planning": OWN_RIGHT | DELEGATE,
    }


def test_audiences_and_seats_tell_the_same_story(agency: Agency, now: datetime) -> None:
    people = [agency.person() for _ in range(4)]
    a_holder(agency.session, agency.head, people[0])
    a_holder(agency.session, agency.head, people[1], "plh", date(2026, 3, 1), date(2026, 3, 9))
    a_holder(agency.session, agency.secretary, people[1])
    a_group(agency.session, agency.region, "planning", people[0], people[2])
    a_delegation(agency.session, people[0], people[3], "delegate", date(2026, 3, 1), date(2026, 3, 9))
    a_delegation(agency.session, people[1], people[2], "out_of_office", date(2026, 2, 1), date(2026, 2, 9))
    directory = agency.directory(now)
    audiences = [of(agency.head), of(agency.secretary), Audience("group", "planning")]
    audiences += [Audience("person", str(person.id)) for person in people]
    from_seats = {(seat.person, audience) for audience in audiences for seat in directory.seats(audience, now)}
    from_people = {(person.id, audience) for person in people for audience, _ in directory.audiences_of(person.id, now)}
    assert from_seats == from_people


def test_a_persons_limit_is_the_highest_held_in_own_right(agency: Agency, now: datetime) -> None:
    person = agency.person("Rina")
    a_holder(agency.session, agency.division_head, person)
    a_holder(agency.session, agency.head, person, "plt")
    found = agency.directory(now).person(person.id)
    assert (found.name, found.unit, found.limit) == ("Rina", agency.section.id, Decimal(200_000_000))
    assert agency.directory(now).person(agency.person().id).limit is None
    assert agency.directory(now).person(4711).name == ""


def test_the_superior_is_the_next_filled_position_up(agency: Agency, now: datetime) -> None:
    staff, section, division, top = (agency.person() for _ in range(4))
    a_holder(agency.session, agency.section_head, section)
    a_holder(agency.session, agency.head, top)
    assert agency.directory(now).superior(staff.id, now) == of(agency.section_head)
    assert agency.directory(now).superior(section.id, now) == of(agency.head)  # the division has no head
    a_holder(agency.session, agency.division_head, division, "plt")
    assert agency.directory(now).superior(section.id, now) == of(agency.division_head)
    assert agency.directory(now).superior(top.id, now) is None


def test_nobody_is_their_own_superior(agency: Agency, now: datetime) -> None:
    both, top = agency.person(), agency.person()
    a_holder(agency.session, agency.section_head, both)
    a_holder(agency.session, agency.division_head, both, "plt")
    a_holder(agency.session, agency.head, top)
    assert agency.directory(now).superior(both.id, now) == of(agency.head)


def test_holders_of_structural_positions_oversee_their_unit_and_all_below(agency: Agency, now: datetime) -> None:
    head, clerk = agency.person(), agency.person()
    a_holder(agency.session, agency.division_head, head)
    a_holder(agency.session, a_position(agency.session, agency.agency, "staff"), clerk)
    directory = agency.directory(now)
    assert directory.oversees(head.id, agency.section.id, now)
    assert directory.oversees(head.id, agency.division.id, now)
    assert not directory.oversees(head.id, agency.agency.id, now)
    assert directory.overseen_paths(clerk.id, now) == ()


def test_membership_of_a_group_has_a_period(agency: Agency, now: datetime) -> None:
    person = agency.person()
    group = a_group(agency.session, agency.region, "supervisors", person)
    assert agency.directory(now).is_member(person.id, "supervisors", now)
    member = group_member(agency.session, group.id)
    member.ends_on = date(2026, 3, 1)
    agency.session.flush()
    assert not agency.directory(now).is_member(person.id, "supervisors", now)


def group_member(session: Session, group_id: int) -> GroupMember:
    return session.scalars(select(GroupMember).where(GroupMember.group_id == group_id)).one()


# -- regions and freshness ---------------------------------------------------------------------------------------


def test_regions_never_see_each_other(agency: Agency, now: datetime) -> None:
    other = a_region(agency.session)
    stranger = a_person(agency.session, a_unit(agency.session, other))
    a_group(agency.session, other, "planning", stranger)
    directory = agency.directory(now)
    assert directory.seats(Audience("group", "planning"), now) == ()
    assert directory.seats(Audience("person", str(stranger.id)), now) == ()
    assert directory.person(stranger.id).name == ""
    assert directory.audiences_of(stranger.id, now) == []
    assert resolved(agency, now, role("group", group="planning")) == ()


def test_an_unknown_region_is_not_found(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        snapshot(session, 4711, now)


def test_a_committed_change_is_seen_and_a_rolled_back_one_never_was(database: Database, now: datetime) -> None:
    with database.writing() as session:
        region = a_region(session)
        a_group(session, region, "planning")
        session.commit()
    region_id = region.id
    audience = Audience("group", "planning")

    def title() -> str:
        with database.reading() as session:
            return snapshot(session, region_id, now).title(audience, "id")

    assert title() == "Planning"
    with database.writing() as session:
        session.scalars(select(Group)).one().title = "Tidak jadi"
        session.flush()
        assert snapshot(session, region_id, now).title(audience, "id") == "Tidak jadi"
        session.rollback()
    assert title() == "Planning"
    with database.writing() as session:
        session.scalars(select(Group)).one().title = "Tim Perencana"
        session.commit()
    assert title() == "Tim Perencana"


def test_every_kind_of_change_moves_the_revision(agency: Agency, now: datetime) -> None:
    def revision() -> int:
        return agency.directory(now).revision

    person = agency.person()
    changes = [
        lambda: a_unit(agency.session, agency.region),
        lambda: a_position(agency.session, agency.section, "staff"),
        lambda: a_holder(agency.session, agency.section_head, person),
        lambda: a_group(agency.session, agency.region, "planning", person),
        lambda: a_delegation(agency.session, person, agency.person()),
        lambda: a_holiday(agency.session, agency.region, date(2026, 3, 19)),
        lambda: setattr(person, "unit_id", agency.agency.id) or agency.session.flush(),
    ]
    for change in changes:
        before = revision()
        change()
        assert revision() > before


def test_the_regions_own_calendar_comes_with_the_directory(agency: Agency, now: datetime) -> None:
    a_holiday(agency.session, agency.region, date(2026, 3, 19))
    a_holiday(agency.session, agency.region, date(2026, 3, 20), is_off=False)
    assert agency.directory(now).holidays == {date(2026, 3, 19): True, date(2026, 3, 20): False}


def test_a_persons_title_a_positions_and_a_groups_can_be_read(agency: Agency, now: datetime) -> None:
    person = agency.person("Rina Wulandari")
    a_group(agency.session, agency.region, "planning", title="Tim Perencana")
    directory = agency.directory(now)
    assert directory.title(Audience("person", str(person.id)), "id") == "Rina Wulandari"
    assert directory.title(of(agency.section_head), "id") == "Head Seksi Surveilans"
    assert directory.title(Audience("group", "planning"), "en") == "Tim Perencana"
    assert directory.title(Audience("group", "unknown"), "id") == "unknown"
