"""A process that opens agreements and takes them along their road until somebody kills it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from engine.cases.fire import Fired, fire
from engine.cases.open import Opened, open_case
from engine.database import open_database
from engine.facts import Command
from tests.office import ANSWERS, ROAD

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def work(url: str, region_id: int, people: dict[str, int], going: Callable[[], None]) -> None:
    """Calls ``going`` once it works, then never ends by itself."""
    database = open_database(url)
    is_first = True
    while True:
        with database.writing() as session:
            opened = open_case(
                session, region_id=region_id, case_type="performance_agreement", person_id=people["sari"],
                answers=ANSWERS, now=NOW,
            )  # fmt: skip
            session.commit()
        assert isinstance(opened, Opened)
        for who, action in ROAD:
            with database.writing() as session:
                assert isinstance(fire(session, opened.case_id, Command(action, people[who]), now=NOW), Fired)
                session.commit()
        if is_first:
            going()
            is_first = False
