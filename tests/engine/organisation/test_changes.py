"""Changing an organisation: periods that hold, collisions that are refused, every change told with old and new."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.models import AuditEntry
from engine.audit.verify import verify
from engine.database import Database
from engine.errors import InvalidInput, NotFound
from engine.organisation import groups, mandates, people, positions, regions, sessions, units
from engine.organisation.directory import snapshot
from engine.organisation.faults import Unacceptable
from engine.organisation.models import (
    Delegation,
    Group,
    GroupMember,
    Holder,
    Person,
    Position,
    Region,
    SignInSession,
    Unit,
)
from engine.organisation.recorded import Author
from tests.factories import (
    a_delegation,
    a_group,
    a_holder,
    a_person,
    a_position,
    a_region,
    a_unit,
    an_account,
)

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CLI = Author(None, NOW)
TODAY = date(2026, 3, 2)


@pytest.fixture
def region(session: Session) -> Region:
    return a_region(session)


@pytest.fixture
def agency(session: Session, region: Region) -> Unit:
    return a_unit(session, region, "agency", name="Dinas Kesehatan")


@pytest.fixture
def position(session: Session, agency: Unit) -> Position:
    return a_position(session, agency, "head")


def last_entry(session: Session) -> AuditEntry:
    return session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()


# -- units ---------------------------------------------------------------------------------------------------------


def test_a_unit_is_added_below_another_and_told(session: Session, region: Region, agency: Unit) -> None:
    author = Author(a_person(session, agency).id, NOW)
    unit = units.add_unit(
        session, region.id, key="p2p", name=" Bidang P2P ", level="division", parent_id=agency.id, author=author
    )
    assert unit.path == f"/{agency.id}/{unit.id}/"
    entry = last_entry(session)
    assert (entry.event, entry.subject, entry.actor_id, entry.old) == (
        "unit_added",
        f"units:{unit.id}",
        author.person_id,
        None,
    )
    assert entry.new["name"] == "Bidang P2P"
    assert verify(session) == []


def test_a_key_is_given_once_in_a_region_and_may_come_again_in_another(session: Session, region: Region) -> None:
    units.add_unit(session, region.id, key="dinkes", name="Dinas", level="agency", author=CLI)
    with pytest.raises(Unacceptable, match="taken") as refused:
        units.add_unit(session, region.id, key="dinkes", name="Dinas", level="agency", author=CLI)
    assert refused.value.field == "key"
    units.add_unit(session, a_region(session).id, key="dinkes", name="Dinas", level="agency", author=CLI)


def test_a_unit_moves_with_everything_below_and_its_past_stays(session: Session, region: Region) -> None:
    old, new = (units.add_unit(session, region.id, key=key, name=key, level="agency", author=CLI) for key in ("a", "b"))
    division = units.add_unit(session, region.id, key="c", name="c", level="division", parent_id=old.id, author=CLI)
    section = units.add_unit(session, region.id, key="d", name="d", level="section", parent_id=division.id, author=CLI)
    units.move_unit(session, division.id, new.id, on=date(2026, 3, 1), author=CLI)
    assert section.path == f"/{new.id}/{division.id}/{section.id}/"
    before = {unit: parent for unit, parent, _ in units.units_on(session, region.id, date(2026, 2, 28))}
    after = {unit: parent for unit, parent, _ in units.units_on(session, region.id, date(2026, 3, 1))}
    assert (before[division.id], after[division.id]) == (old.id, new.id)
    entry = last_entry(session)
    assert (entry.old["parent_id"], entry.new["parent_id"]) == (old.id, new.id)


def test_a_name_changes_from_a_day_on(session: Session, region: Region) -> None:
    unit = units.add_unit(session, region.id, key="a", name="Bagian Ortal", level="agency", author=CLI)
    units.rename_unit(session, unit.id, "Bagian Organisasi", on=date(2026, 3, 1), author=CLI)
    units.rename_unit(session, unit.id, "Bagian Organisasi dan RB", on=date(2026, 3, 1), author=CLI)
    assert [name for *_, name in units.units_on(session, region.id, date(2026, 2, 28))] == ["Bagian Ortal"]
    assert [name for *_, name in units.units_on(session, region.id, TODAY)] == ["Bagian Organisasi dan RB"]


def test_a_unit_cannot_stand_below_itself_or_a_closed_one(session: Session, region: Region, agency: Unit) -> None:
    division = a_unit(session, region, "division", agency)
    with pytest.raises(Unacceptable, match="below itself"):
        units.move_unit(session, agency.id, division.id, on=TODAY, author=CLI)
    with pytest.raises(Unacceptable, match="below itself"):
        units.move_unit(session, agency.id, agency.id, on=TODAY, author=CLI)
    closed = a_unit(session, region, valid_to=date(2026, 1, 31))
    with pytest.raises(Unacceptable, match="closed"):
        units.move_unit(session, division.id, closed.id, on=TODAY, author=CLI)


def test_a_unit_in_use_is_not_closed_and_an_empty_one_is_with_its_positions(
    session: Session, region: Region, agency: Unit, position: Position
) -> None:
    division = a_unit(session, region, "division", agency)
    with pytest.raises(Unacceptable, match="units below"):
        units.close_unit(session, agency.id, on=TODAY, author=CLI)
    units.close_unit(session, division.id, on=TODAY, author=CLI)
    head = a_person(session, agency)
    with pytest.raises(Unacceptable, match="people"):
        units.close_unit(session, agency.id, on=TODAY, author=CLI)
    people.move_person(session, head.id, None, author=CLI)
    holding = a_holder(session, position, head)
    with pytest.raises(Unacceptable, match="still held"):
        units.close_unit(session, agency.id, on=TODAY, author=CLI)
    positions.end_holding(session, holding.id, on=TODAY, author=CLI)
    units.close_unit(session, agency.id, on=TODAY, author=CLI)
    assert (agency.valid_to, position.valid_to) == (TODAY, TODAY)


# -- positions and holders -----------------------------------------------------------------------------------------


def appoint(
    session: Session, position: Position, person: Person, kind: str, starts_on: str, ends_on: str | None
) -> Holder:
    last = None if ends_on is None else date.fromisoformat(ends_on)
    return positions.appoint(
        session, position.id, person.id, kind, starts_on=date.fromisoformat(starts_on), ends_on=last, author=CLI
    )


@pytest.mark.parametrize(
    ("first", "second", "collides"),
    [
        (("definitif", "2026-01-01", None), ("definitif", "2026-03-01", None), True),
        (("definitif", "2026-01-01", "2026-02-28"), ("definitif", "2026-03-01", None), False),
        (("definitif", "2026-01-01", "2026-03-01"), ("definitif", "2026-03-01", None), True),
        (("definitif", "2026-01-01", None), ("pj", "2026-03-01", "2026-06-30"), True),
        (("definitif", "2026-01-01", None), ("plt", "2026-03-01", "2026-06-30"), True),
        (("definitif", "2026-01-01", "2026-02-28"), ("plt", "2026-03-01", "2026-06-30"), False),
        (("definitif", "2026-01-01", None), ("plh", "2026-03-01", "2026-03-07"), False),
        (("plt", "2026-01-01", "2026-03-31"), ("plt", "2026-03-31", "2026-06-30"), True),
        (("plt", "2026-01-01", "2026-03-31"), ("plt", "2026-04-01", "2026-06-30"), False),
        (("plh", "2026-01-01", "2026-03-31"), ("plh", "2026-03-01", "2026-03-02"), True),
        (("plt", "2026-01-01", "2026-03-31"), ("definitif", "2026-03-01", None), True),
        (("plt", "2026-01-01", "2026-03-31"), ("plh", "2026-03-01", "2026-03-02"), False),
    ],
)
def test_a_structural_position_is_held_once_in_each_right(
    session: Session, agency: Unit, position: Position,
    first: tuple[str, str, str | None], second: tuple[str, str, str | None], collides: bool,
) -> None:  # fmt: skip
    one, other = a_person(session, agency, "Rina"), a_person(session, agency)
    appoint(session, position, one, *first)
    if collides:
        with pytest.raises(Unacceptable, match="Rina already holds"):
            appoint(session, position, other, *second)
    else:
        appoint(session, position, other, *second)


def test_a_position_that_is_not_structural_may_have_several_holders(session: Session, agency: Unit) -> None:
    staff = a_position(session, agency, "staff")
    first, second = a_person(session, agency), a_person(session, agency)
    appoint(session, staff, first, "definitif", "2026-01-01", None)
    appoint(session, staff, second, "definitif", "2026-01-01", None)
    with pytest.raises(Unacceptable, match="already holds"):
        appoint(session, staff, first, "definitif", "2026-02-01", None)


def test_stand_ins_need_a_last_day_and_periods_need_their_order(
    session: Session, agency: Unit, position: Position
) -> None:
    person = a_person(session, agency)
    for kind in ("plt", "plh"):
        with pytest.raises(Unacceptable, match="last day"):
            appoint(session, position, person, kind, "2026-03-01", None)
    with pytest.raises(Unacceptable, match="before the first"):
        appoint(session, position, person, "plt", "2026-03-02", "2026-03-01")
    with pytest.raises(Unacceptable, match="Unknown kind"):
        appoint(session, position, person, "raja", "2026-03-02", None)


def test_a_holding_ends_is_prolonged_and_withdrawn(session: Session, agency: Unit, position: Position) -> None:
    first, second = a_person(session, agency, "Rina"), a_person(session, agency)
    holding = appoint(session, position, first, "plt", "2026-01-01", "2026-03-31")
    positions.end_holding(session, holding.id, on=date(2026, 3, 10), author=CLI)
    entry = last_entry(session)
    assert (entry.old, entry.new) == ({"ends_on": "2026-03-31"}, {"ends_on": "2026-03-10"})
    later = appoint(session, position, second, "plt", "2026-03-11", "2026-06-30")
    with pytest.raises(Unacceptable, match="already holds"):
        positions.end_holding(session, holding.id, on=date(2026, 3, 31), author=CLI)
    with pytest.raises(Unacceptable, match="before the first"):  # its past stays
        positions.end_holding(session, holding.id, on=date(2025, 12, 31), author=CLI)
    assert positions.end_holding(session, later.id, on=date(2026, 3, 1), author=CLI) is None
    assert session.scalars(select(Holder.id)).all() == [holding.id]
    assert last_entry(session).event == "holder_withdrawn"


def test_what_began_this_local_morning_has_taken_effect(session: Session, agency: Unit, position: Position) -> None:
    early = Author(None, datetime(2026, 3, 2, 18, 0, tzinfo=UTC))  # 3 March, 01.00 in Jakarta
    holding = appoint(session, position, a_person(session, agency), "plt", "2026-03-03", "2026-03-31")
    with pytest.raises(Unacceptable, match="before the first"):
        positions.end_holding(session, holding.id, on=date(2026, 3, 1), author=early)


def test_a_position_held_is_not_closed_and_nobody_is_appointed_beyond_its_end(
    session: Session, agency: Unit, position: Position
) -> None:
    person = a_person(session, agency)
    holding = appoint(session, position, person, "definitif", "2026-01-01", None)
    with pytest.raises(Unacceptable, match="held beyond"):
        positions.close_position(session, position.id, on=TODAY, author=CLI)
    positions.end_holding(session, holding.id, on=TODAY, author=CLI)
    positions.close_position(session, position.id, on=TODAY, author=CLI)
    with pytest.raises(Unacceptable, match="closes 2026-03-02"):
        appoint(session, position, person, "plt", "2026-03-01", "2026-03-09")


def test_a_line_of_superiors_never_runs_in_a_circle(session: Session, agency: Unit, position: Position) -> None:
    below = positions.add_position(
        session, agency.id, kind="secretary", title="Sekretaris", superior_id=position.id, author=CLI
    )
    with pytest.raises(Unacceptable, match="above itself"):
        positions.change_position(session, position.id, {"superior_position_id": below.id}, author=CLI)
    positions.change_position(session, below.id, {"decision_limit": 200_000_000}, author=CLI)
    assert last_entry(session).new == {"decision_limit": 200_000_000}
    with pytest.raises(Unacceptable, match="Cannot be changed"):
        positions.change_position(session, below.id, {"region_id": 9}, author=CLI)


def test_two_appointments_at_the_same_moment_do_not_both_succeed(database: Database) -> None:
    with database.writing.begin() as session:
        region = a_region(session)
        agency = a_unit(session, region)
        position = a_position(session, agency)
        candidates = [a_person(session, agency).id for _ in range(4)]
    outcomes: list[str] = []

    def appoint_one(person_id: int) -> None:
        try:
            with database.writing.begin() as session:
                positions.appoint(session, position.id, person_id, starts_on=TODAY, author=CLI)
            outcomes.append("appointed")
        except Unacceptable:
            outcomes.append("refused")

    threads = [threading.Thread(target=appoint_one, args=(person_id,)) for person_id in candidates]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["appointed", "refused", "refused", "refused"]


# -- people --------------------------------------------------------------------------------------------------------


def test_a_person_is_added_and_changed_with_old_and_new_told(session: Session, region: Region, agency: Unit) -> None:
    person = people.add_person(session, region.id, name=" Rina ", unit_id=agency.id, nip="1980", author=CLI)
    people.change_person(session, person.id, {"name": "Rina Wulandari", "nip": "1980"}, author=CLI)
    entry = last_entry(session)
    assert (entry.old, entry.new) == ({"name": "Rina"}, {"name": "Rina Wulandari"})
    people.change_person(session, person.id, {"name": "Rina Wulandari"}, author=CLI)
    assert last_entry(session).seq == entry.seq  # nothing changed, nothing told


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "  "}, "name"),
        ({"email": "bukan alamat"}, "email"),
        ({"email": "a@b.id\r\nBcc: x@y.id"}, "email"),
        ({"language": "fr"}, "language"),
        ({"nip": "1980"}, "nip"),
    ],
)
def test_values_that_cannot_be_are_refused(
    session: Session, region: Region, agency: Unit, values: dict[str, str], field: str
) -> None:
    a_person(session, agency, nip="1980")
    with pytest.raises(Unacceptable) as refused:
        people.add_person(session, region.id, author=CLI, **({"name": "Budi"} | values))
    assert refused.value.field == field


def test_whoever_leaves_keeps_a_past_and_holds_nothing_more(
    session: Session, region: Region, agency: Unit, position: Position
) -> None:
    person, colleague = a_person(session, agency), a_person(session, agency)
    an_account(session, person)
    sessions.open_session(session, person.id, browser="", network="", now=NOW)
    holding = a_holder(session, position, person, starts_on=date(2020, 1, 1))
    group = a_group(session, region, "planning", person)
    mandate = a_delegation(session, colleague, person, starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31))
    with pytest.raises(Unacceptable, match="not come yet"):
        people.leave(session, person.id, on=date(2026, 3, 15), author=CLI)
    people.leave(session, person.id, on=TODAY, author=CLI)
    assert not person.is_active
    member = session.scalars(select(GroupMember)).one()
    assert {holding.ends_on, member.ends_on, mandate.ends_on} == {TODAY}
    assert session.scalars(select(SignInSession)).all() == []
    assert session.get(Group, group.id) is not None
    people.come_back(session, person.id, author=CLI)
    assert person.is_active
    assert holding.ends_on == TODAY


def test_people_are_found_page_by_page(session: Session, region: Region, agency: Unit) -> None:
    division = a_unit(session, region, "division", agency)
    for name in ("Dewi", "Agus", "Citra", "Budi", "Budi"):
        a_person(session, division, name)
    a_person(session, agency, "Eka", is_active=False)
    a_person(session, a_unit(session, a_region(session)), "Fajar")
    first = people.people_page(session, region.id, limit=3)
    assert [person.name for person in first.people] == ["Agus", "Budi", "Budi"]
    second = people.people_page(session, region.id, limit=3, after=first.next_key)
    assert ([person.name for person in second.people], second.next_key) == (["Citra", "Dewi"], None)
    assert [person.name for person in people.people_page(session, region.id, text="BUD").people] == ["Budi", "Budi"]
    assert people.people_page(session, region.id, text="%").people == ()
    assert len(people.people_page(session, region.id, within=division.path).people) == 5
    assert people.people_page(session, region.id, within=f"{division.path}9/").people == ()
    with pytest.raises(InvalidInput):
        people.people_page(session, region.id, after="'; DROP TABLE people")


# -- groups, mandates, regions -------------------------------------------------------------------------------------


def test_a_member_belongs_once_at_a_time(session: Session, region: Region, agency: Unit) -> None:
    person = a_person(session, agency)
    group = groups.add_group(session, region.id, key="planning", title="Tim Perencana", author=CLI)
    member = groups.add_member(session, group.id, person.id, author=CLI)
    with pytest.raises(Unacceptable, match="member already"):
        groups.add_member(session, group.id, person.id, starts_on=TODAY, author=CLI)
    groups.end_membership(session, member.id, on=date(2026, 2, 28), author=CLI)
    groups.add_member(session, group.id, person.id, starts_on=date(2026, 3, 1), author=CLI)
    groups.rename_group(session, group.id, "Tim", author=CLI)
    with pytest.raises(Unacceptable, match="taken"):
        groups.add_group(session, region.id, key="planning", title="Lagi", author=CLI)


def test_a_mandate_has_two_people_a_reason_and_a_period(session: Session, agency: Unit, position: Position) -> None:
    rina, budi = a_person(session, agency, "Rina"), a_person(session, agency, "Budi")

    def give(
        delegate: Person = budi, reason: str = "Cuti", kind: str = "delegate", last: date = date(2026, 3, 9)
    ) -> Delegation:
        return mandates.give_mandate(
            session, rina.id, delegate.id, kind, starts_on=date(2026, 3, 3), ends_on=last, reason=reason,
            positions=[position.id], author=CLI,
        )  # fmt: skip

    for wrong, why in (
        ({"delegate": rina}, "two people"),
        ({"reason": " "}, "reason"),
        ({"kind": "friend"}, "Unknown kind"),
        ({"last": date(2026, 3, 1)}, "before the first"),
    ):
        with pytest.raises(Unacceptable, match=why):
            give(**wrong)
    mandate = give()
    assert mandate.scope == {"positions": [position.id]}
    with pytest.raises(Unacceptable, match="already has a mandate"):
        give(kind="out_of_office")
    assert mandates.end_mandate(session, mandate.id, on=TODAY, author=CLI) is None  # it had not begun
    begun = a_delegation(session, rina, budi, starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 9))
    assert mandates.end_mandate(session, begun.id, on=date(2026, 3, 4), author=CLI) is begun
    assert begun.ends_on == date(2026, 3, 4)


def test_a_region_is_added_and_changed(session: Session) -> None:
    region = regions.add_region(session, key="kab_baru", name="Kabupaten Baru", timezone="Asia/Makassar", author=CLI)
    regions.change_region(session, region.id, name="Kabupaten Baru", timezone="Asia/Jayapura", author=CLI)
    assert last_entry(session).new == {"timezone": "Asia/Jayapura"}
    assert snapshot(session, region.id, NOW).day(datetime(2026, 3, 1, 15, 0, tzinfo=UTC)) == TODAY
    for wrong in (
        {"key": "Kab Baru"},
        {"key": "kab_baru"},
        {"key": "x", "timezone": "Asia/Nowhere"},
        {"key": "x", "name": " "},
    ):
        with pytest.raises(Unacceptable):
            regions.add_region(session, **({"name": "X", "author": CLI} | wrong))


def test_a_regions_calendar_is_its_own(session: Session, region: Region) -> None:
    regions.set_holiday(session, region.id, date(2026, 3, 19), "Nyepi", author=CLI)
    regions.set_holiday(session, region.id, date(2026, 3, 19), "Hari Suci Nyepi", author=CLI)
    assert snapshot(session, region.id, NOW).holidays == {date(2026, 3, 19): True}
    regions.remove_holiday(session, region.id, date(2026, 3, 19), author=CLI)
    assert snapshot(session, region.id, NOW).holidays == {}
    assert last_entry(session).old["title"] == "Hari Suci Nyepi"


# -- who may reach what --------------------------------------------------------------------------------------------


def test_an_administrator_reaches_their_own_region_only(
    session: Session, region: Region, agency: Unit, position: Position
) -> None:
    stranger = Author(a_person(session, a_unit(session, a_region(session))).id, NOW)
    person = a_person(session, agency)
    group = a_group(session, region, "planning")
    attempts = [
        lambda: units.add_unit(session, region.id, key="x", name="x", level="x", author=stranger),
        lambda: units.rename_unit(session, agency.id, "x", on=TODAY, author=stranger),
        lambda: positions.appoint(session, position.id, person.id, starts_on=TODAY, author=stranger),
        lambda: people.leave(session, person.id, on=TODAY, author=stranger),
        lambda: groups.add_member(session, group.id, person.id, author=stranger),
        lambda: regions.set_holiday(session, region.id, TODAY, "x", author=stranger),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    assert session.scalars(select(AuditEntry)).all() == []


def test_nothing_of_another_region_is_drawn_in(
    session: Session, region: Region, agency: Unit, position: Position
) -> None:
    other = a_unit(session, a_region(session))
    stranger, far_position = a_person(session, other), a_position(session, other)
    person, group = a_person(session, agency), a_group(session, region, "planning")
    attempts = [
        lambda: units.move_unit(session, agency.id, other.id, on=TODAY, author=CLI),
        lambda: positions.appoint(session, position.id, stranger.id, starts_on=TODAY, author=CLI),
        lambda: positions.change_position(session, position.id, {"superior_position_id": far_position.id}, author=CLI),
        lambda: people.move_person(session, person.id, other.id, author=CLI),
        lambda: groups.add_member(session, group.id, stranger.id, author=CLI),
        lambda: mandates.give_mandate(
            session, person.id, stranger.id, "delegate", starts_on=TODAY, ends_on=TODAY, reason="x", author=CLI
        ),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
