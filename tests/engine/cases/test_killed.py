"""A process killed in the middle of a step leaves all of the step or nothing."""

from __future__ import annotations

import random
from datetime import datetime

from engine.database import Database
from tests import steps_until_killed
from tests.office import an_office
from tests.shadow import check_all
from tests.workers_to_kill import killed_at_work

TIMES = 6


def test_a_process_killed_during_its_steps_leaves_whole_ones(
    database: Database, engine_url: str, now: datetime
) -> None:
    with database.writing() as session:
        office = an_office(session, now)
        session.commit()
    people = {name: person.id for name, person in office.people.items()}
    moments = random.Random(2026)
    cases = 0
    for _ in range(TIMES):
        assert killed_at_work(  # it never ends by itself; somewhere in the middle of a step it is killed
            steps_until_killed.work, engine_url, office.region.id, people, after=moments.uniform(0.001, 0.08)
        )
        with database.writing() as session:
            found = check_all(session, now)
        assert found > cases
        cases = found
