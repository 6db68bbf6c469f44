"""The list of cases of those who see many, few or none: always what they may see, whichever way they are found."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engine.cases.access import reader_of, seen_among
from engine.cases.models import Case, Exclusion, Participant
from engine.cases.search import search
from engine.organisation.groups import SUPERVISORS
from engine.publishing.models import DefinitionVersion
from tests.factories import a_group, a_holder, a_position, a_unit
from tests.office import Office, an_office

CASES = 2_600  # the section has so many of them that its head's are read in their order


@pytest.fixture
def office(session: Session, now: datetime) -> Office:
    """Cases of two sections, drafted by two people, some offered to groups; Wati may not see one she was offered."""
    office = an_office(session, now)
    small = a_unit(session, office.region, "section", office.units["division"])
    a_holder(session, a_position(session, small, "head"), office.people["joko"])
    a_group(session, office.region, SUPERVISORS, office.people["eko"])
    a_group(session, office.region, "archive", office.people["wati"])
    digest = session.scalars(select(DefinitionVersion.digest)).one()
    session.execute(insert(Case), [
        {
            "id": number, "region_id": office.region.id, "number": f"PK/{number}",
            "case_type": "performance_agreement", "digest": digest, "revision": 1, "state": {},
            "title": f"Perjanjian {number}", "unit_id": small.id if number % 40 == 0 else office.unit.id,
            "initiator_id": office.people["hadi" if number % 200 == 0 else "gita"].id, "opened_at": now,
            "closed_at": None if number % 3 else now, "head_hash": "", "is_sealed": number % 500 == 1,
        }
        for number in range(1, CASES + 1)
    ])  # fmt: skip
    session.execute(insert(Participant), [
        {"audience": "group:archive", "case_id": number, "has_acted": False} for number in range(50, CASES, 50)
    ])  # fmt: skip
    session.execute(insert(Exclusion), [{"case_id": 50, "person_id": office.people["wati"].id, "number": 1}])
    return office


@pytest.mark.parametrize(
    ("name", "count"),
    [("eko", CASES - 6), ("budi", CASES - 65 - 6), ("joko", 65), ("wati", 50), ("hadi", 13), ("indra", 0)],
)
def test_pages_of_the_list_are_all_that_somebody_may_see_newest_first(
    session: Session, office: Office, now: datetime, name: str, count: int
) -> None:
    reader = reader_of(session, office.people[name].id, now)
    allowed = sorted(seen_among(session, reader, range(1, CASES + 1)), reverse=True)
    listed, after = [], None
    while True:
        page = search(session, reader.person_id, "", now, after=after, limit=200)
        listed += [row.case_id for row in page.rows]
        after = page.next_key
        if after is None:
            break
    assert listed == allowed
    assert len(listed) == count


def test_a_word_finds_among_few_what_it_finds_among_many(session: Session, office: Office, now: datetime) -> None:
    for name, found in (("eko", [2400]), ("joko", [2400]), ("wati", [2400]), ("hadi", [2400]), ("indra", [])):
        page = search(session, office.people[name].id, "perjanjian 2400", now)
        assert [row.case_id for row in page.rows] == found, name
    assert search(session, office.people["joko"].id, "perjanjian 2401", now).rows == ()
