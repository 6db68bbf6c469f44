"""Each way to be too near a case, told by the report or found later: behind every route there is nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.database import Database, open_database
from engine.disclosure.models import CaseKey
from engine.disclosure.primitives import new_pair
from engine.facts import REPORTER
from engine.organisation.models import Group, GroupMember
from engine.outbox.models import Message
from engine.tasks.models import Offer
from tests.conftest import FrozenClock
from tests.factories import a_person, a_unit, an_account
from tests.sealed_office import a_key_of, a_sealed_office
from tests.web.sealed_pages import Kept, SealedPages, app_of
from tests.web.test_sealed_matrix import MISSING, NUMBERED, TOKENS, address, ask, case_routes, text_of

Told = Mapping[str, str | list[str]]

# Who is kept away, and by what is told. Vera works at a stall with Usman; Umar is above them, in another unit.
WAYS: dict[str, tuple[str, Told]] = {
    "by number": ("vera", {"reported_person": "vera"}),
    "by number among several": ("vera", {"reported_others": ["udin", "vera"]}),
    "by a name as people write it": ("vera", {"reported_aliases": ["Bu Vera, S.E."]}),
    "colleague": ("vera", {"reported_person": "usman"}),
    "colleague of one of several": ("vera", {"reported_others": ["udin", "usman"]}),
    "of the unit concerned": ("vera", {"unit": "stall"}),
    "superior": ("umar", {"reported_person": "usman"}),
    "superior of one of several": ("umar", {"reported_others": ["usman"]}),
}
LISTS = ("/queue", "/queue.csv", "/cases", "/cases.csv", "/queue?tab=unit", "/queue?tab=follow", "/queue?tab=done")

Make = Callable[[Told], SealedPages]


@pytest.fixture
def make(sqlite_url: str, clock: FrozenClock, tmp_path: Path) -> Iterator[Make]:
    """``make(told)``: an office with a report that tells so much, registered; Vera and Umar are among the verifiers."""
    database = open_database(sqlite_url)
    yield lambda told: SealedPages(database, _kept(database, clock, told), app_of(database, clock, tmp_path), clock)
    database.close()


def _kept(database: Database, clock: FrozenClock, told: Told) -> Kept:
    with database.writing.begin() as session:
        office = a_sealed_office(session, clock())
        stall = a_unit(session, office.region, "agency", parent=office.units["market"])
        people = {**office.people, **{name: a_person(session, stall, name.capitalize()) for name in ("vera", "usman")}}
        units = {**office.units, "stall": stall}
        office.pairs["vera"] = new_pair()
        session.add(a_key_of(people["vera"], clock(), office.pairs["vera"]))
        verifiers = select(Group.id).where(Group.key == "complaint_verifiers", Group.region_id == office.region.id)
        for name in ("vera", "umar"):
            session.add(GroupMember(group_id=session.scalars(verifiers).one(), person_id=people[name].id))
            an_account(session, people[name], name)
        an_account(session, people["vito"], "vito")  # whom nothing keeps away
        office.region.organisation_revision += 1
        session.flush()
        numbers = {name: row.id for name, row in {**people, **units}.items()}
        office.report(**answers(told, numbers))
        assert office.do("ida", "register") is None
        return Kept(
            office.region.id, {name: person.id for name, person in people.items()},
            {name: unit.id for name, unit in units.items()}, office.pairs, office.receipt, office.case_id,
            office.number,
        )  # fmt: skip


def answers(told: Told, numbers: Mapping[str, int]) -> dict[str, Any]:
    """As the form keeps them: people and units by their numbers."""
    return {
        field: value if field == "reported_aliases"
        else numbers[value] if isinstance(value, str) else [numbers[one] for one in value]
        for field, value in told.items()
    }  # fmt: skip


def nothing_anywhere(pages: SealedPages, name: str) -> None:
    """No key, offer, mail to come, list entry, search hit, and on no route another answer than for a missing case."""
    case_id, person = pages.kept.case_id, pages.kept.people[name]
    with pages.database.reading() as session:
        kinds = select(CaseKey.kind).where(CaseKey.holder == f"officer:{person}")
        offers = select(Offer.number).where(Offer.audience == f"person:{person}")
        assert [*session.scalars(kinds), *session.scalars(offers)] == []
    browser = pages.browser(name)
    browser.get("/queue")
    for method, pattern in case_routes(pages):
        own, missing = (ask(browser, method, address(pattern, case)) for case in (case_id, MISSING))
        said = [TOKENS.sub("", NUMBERED.sub("", text_of(answer))) for answer in (own, missing)]
        assert (own.status_code, said[0]) == (missing.status_code, said[1]), (method, pattern)
    begins, ends = pages.kept.number[:9], pages.kept.number[9:]
    for where in (*LISTS, f"/cases?q={begins}", "/cases?q=Retribusi"):
        page = text_of(browser.get(where))
        assert str(case_id) not in page and ends not in page, where


def mails_to(pages: SealedPages, name: str) -> int:
    with pages.database.reading() as session:
        return len(session.scalars(select(Message.id).where(Message.person_id == pages.kept.people[name])).all())


@pytest.mark.parametrize("way", WAYS)
def test_t31_t32_who_is_too_near_by_what_the_report_tells_meets_nothing_at_any_route(make: Make, way: str) -> None:
    name, told = WAYS[way]
    pages = make(told)
    nothing_anywhere(pages, name)
    assert mails_to(pages, name) == 0
    assert pages.browser("vito").get(f"/case/{pages.kept.case_id}").status_code == 200


@pytest.mark.parametrize("way", WAYS)
def test_t31_t32_who_is_found_too_near_later_meets_nothing_at_any_route_from_then_on(make: Make, way: str) -> None:
    name, told = WAYS[way]
    pages = make({})
    where, open_since = f"/case/{pages.kept.case_id}", pages.browser(name)
    assert open_since.get(where).status_code == 200 and where in open_since.get("/queue").text
    numbers = {**pages.kept.units, **pages.kept.people}
    assert pages.do("vina", "ask_reporter", "Siapa lagi?", **answers(told, numbers)) is None
    assert open_since.get(where).status_code == 404 and where not in open_since.get("/queue").text
    nothing_anywhere(pages, name)
    before = mails_to(pages, name)
    assert pages.do(REPORTER, "provide", "Ini keterangannya") is None  # and back to those who verify
    nothing_anywhere(pages, name)
    assert mails_to(pages, name) == before
    assert pages.browser("vito").get(where).status_code == 200


def test_t32_who_declares_a_conflict_meets_nothing_at_any_route_from_then_on(make: Make) -> None:
    pages = make({})
    assert pages.browser("vera").get(f"/case/{pages.kept.case_id}").status_code == 200
    assert pages.do("vera", "declare_conflict", "Ia ipar saya") is None
    nothing_anywhere(pages, "vera")
    assert pages.do("vina", "ask_reporter", "Siapa lagi?") is None
    assert pages.do(REPORTER, "provide", "Ini keterangannya") is None
    nothing_anywhere(pages, "vera")
