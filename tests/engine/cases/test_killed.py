"""A process killed in the middle of a step leaves all of the step or nothing."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from engine.database import Database
from tests.office import an_office
from tests.shadow import check_all

ROOT = Path(__file__).parents[3]
TIMES = 6


def test_a_process_killed_during_its_steps_leaves_whole_ones(
    database: Database, engine_url: str, now: datetime
) -> None:
    with database.writing() as session:
        office = an_office(session, now)
        session.commit()
    people = [f"{name}={person.id}" for name, person in office.people.items()]
    command = [sys.executable, "-m", "tests.steps_until_killed", engine_url, str(office.region.id), *people]
    moments = random.Random(2026)
    cases = 0
    for _ in range(TIMES):
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "going\n"
        with pytest.raises(subprocess.TimeoutExpired):  # it never ends; somewhere in the middle of a step it is killed
            process.wait(moments.uniform(0.001, 0.08))
        process.kill()
        process.wait()
        process.stdout.close()
        with database.writing() as session:
            found = check_all(session, now)
        assert found > cases
        cases = found
