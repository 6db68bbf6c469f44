"""Every shipped definition, every region's too: what happens on paper happens in the store, whatever people try.

Rows that a part of the installation proposes and judges by its own data are there in the store only: paper has no such
data. The walks are taken without what those parts registered.
A sealed case type has no store yet; its walks are taken by a copy without ``confidentiality`` and what goes with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from engine.definitions.model import Definition
from engine.field_types import sources
from engine.organisation.models import Region
from engine.organisation.snapshot import forget
from tests.factories import a_region
from tests.peopled import people_for, somebody_is_away
from tests.shadow import check_case
from tests.twins import Twins
from tests.walks import Step, Walker, answer_bank, opening_answers, published, random_step, shipped

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LONGEST = 40
WALKS = 3  # a definition and a database
small = st.integers(min_value=0, max_value=59)
steps = st.lists(st.tuples(st.integers(0, 11), small, small, st.integers(0, 23), small, small), max_size=LONGEST)


class Place:
    """A region in which a definition is published; every walk begins anew there. No dataclass: a failing walk would
    be told by a text of a whole definition, which hides what failed."""

    def __init__(self, connection: Connection, definition: Definition, region: Region, now: datetime) -> None:
        self.connection, self.definition, self.region, self.now = connection, definition, region, now

    def walk(self, seed: int, taken: list[Step] | None) -> Twins:
        """One case from its opening, with people drawn by ``seed``, and steps drawn by it unless they are given."""
        forget()
        random = Random(seed)
        beginning = self.connection.begin_nested()
        try:
            with session_on(self.connection) as session:
                peopled = people_for(session, self.definition, self.region, random)
                bank = answer_bank(self.definition, peopled)
                answers = opening_answers(self.definition, bank, random)
                if random.randrange(3) == 0:
                    somebody_is_away(session, self.definition, peopled, answers, self.now, random)
                session.commit()  # as the organisation is for a walk: read once
                twins = Twins(session, self.definition, peopled, answers, self.now)
                walker = Walker(twins, bank)
                for step in taken if taken is not None else (random_step(random) for _ in range(LONGEST)):
                    walker.take(step)
                check_case(session, twins.case_id, twins.paper.facts.now)
                return twins
        finally:
            beginning.rollback()


@pytest.fixture(scope="module", autouse=True)
def _nothing_looks_into_the_database() -> Iterator[None]:
    registries = (sources.STORE_SOURCES, sources.ROW_CHECKS)
    kept = [dict(registry) for registry in registries]
    for registry in registries:
        registry.clear()
    yield
    for registry, entries in zip(registries, kept, strict=True):
        registry.update(entries)  # type: ignore[arg-type]


def session_on(connection: Connection) -> Session:
    return Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)


@pytest.fixture(scope="module", params=sorted(shipped()))
def place(request: pytest.FixtureRequest, shared_engine: Engine) -> Iterator[Place]:
    name = request.param
    with shared_engine.connect() as connection:
        transaction = connection.begin()
        with session_on(connection) as session:
            region = a_region(session, key=shipped()[name].parent.name if "." in name else None)
            definition = published(session, name, region, NOW - timedelta(days=40))
            session.commit()
        yield Place(connection, definition, region, NOW)
        transaction.rollback()
        forget()


@settings(max_examples=WALKS, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), taken=st.one_of(steps, st.none()))
def test_paper_and_store_agree_step_by_step(place: Place, seed: int, taken: list[Step] | None) -> None:
    place.walk(seed, taken)
