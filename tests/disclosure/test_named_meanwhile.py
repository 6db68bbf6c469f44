"""Somebody is named at the moment at which they and others unlock their keys: whoever is first, they hold nothing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from engine.cases.catching_up import catch_up
from engine.database import Database
from engine.disclosure.models import CaseKey
from engine.facts import REPORTER
from engine.organisation.models import Person, Region
from engine.tasks.models import Offer
from tests.conftest import FrozenClock
from tests.sealed_office import SealedOffice, a_sealed_office

ROUNDS = 4


@dataclass
class House:
    """The office on its database: each act a transaction of its own, as a request's."""

    database: Database
    office: SealedOffice
    clock: FrozenClock
    case_id: int = 0
    number: str = ""

    @contextmanager
    def working(self, name: str) -> Iterator[SealedOffice]:
        with self.database.writing.begin() as session:
            people = {key: session.get_one(Person, person.id) for key, person in self.office.people.items()}
            region = session.get_one(Region, self.office.region.id)
            mine = replace(self.office, session=session, people=people, region=region, case_id=self.case_id,
                           number=self.number)  # fmt: skip
            mine.at_work(name)
            yield mine

    def opens(self, story: str) -> None:
        """A report, registered; then the organisation changes, so that everybody's copies have to be looked after."""
        with self.working(REPORTER) as office:
            office.report(summary=story)
            self.case_id, self.number = office.case_id, office.number
            assert office.do("ida", "register") is None
            office.region.organisation_revision += 1

    def does(self, name: str, action: str, **answers: Any) -> Any:
        with self.working(name) as office:
            return office.do(name, action, "Siapa lagi?", **answers)

    def unlocks(self, name: str) -> Any:
        with self.working(name) as office:
            return catch_up(office.session, office.people[name].id, self.clock())

    def holds(self, name: str) -> list[Any]:
        """Copies and offers of a person in the case."""
        person = self.office.people[name].id
        copies = select(CaseKey.kind).where(CaseKey.case_id == self.case_id, CaseKey.holder == f"officer:{person}")
        offers = select(Offer.number).where(Offer.case_id == self.case_id, Offer.audience == f"person:{person}")
        with self.database.reading() as session:
            return [*session.scalars(copies), *session.scalars(offers)]


def test_t31_t34_a_copy_is_neither_kept_nor_given_to_who_is_named_while_keys_are_unlocked(
    database: Database, clock: FrozenClock
) -> None:
    with database.writing.begin() as session:
        house = House(database, a_sealed_office(session, clock()), clock)

    def work(who: str) -> Any:
        if who == "vina names vito":
            return house.does("vina", "ask_reporter", reported_aliases=["Vito"])
        return house.unlocks(who)

    for number in range(ROUNDS):
        house.opens(f"Laporan ke-{number}")
        assert house.holds("vito") != []
        with ThreadPoolExecutor(5) as threads:
            done = list(threads.map(work, ("vito", "irma", "vina names vito", "vito", "vina")))
        assert done[2] is None and house.holds("vito") == []
        assert house.does(REPORTER, "provide") is None
        for name in ("vito", "irma", "vina"):
            house.unlocks(name)
        assert house.holds("vito") == []
