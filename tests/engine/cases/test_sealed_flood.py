"""A flood of reports costs an officer's pages nothing: the work of a page does not grow with the cases there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from engine.cases.queue_page import queue_page
from engine.cases.search import search
from engine.changes import Refusal
from engine.database import Database, open_database
from tests.sealed_office import SealedOffice, a_sealed_office


@pytest.fixture
def flooded(sqlite_url: str) -> Iterator[Database]:
    database = open_database(sqlite_url)
    yield database
    database.close()


def statements(office: SealedOffice, work: Callable[[], object]) -> int:
    """How many statements reach the database while ``work`` is done."""
    said: list[str] = []
    raw = office.session.connection().connection.dbapi_connection
    assert raw is not None
    raw.set_trace_callback(said.append)
    work()
    raw.set_trace_callback(None)
    return len(said)


def test_t78_the_queue_and_the_search_do_as_much_for_eighty_reports_as_for_fifty(
    flooded: Database, now: datetime
) -> None:
    with flooded.writing() as session:
        office = a_sealed_office(session, now)
        ida = office.people["ida"].id
        counts = []
        for flood in (50, 30):
            for _ in range(flood):
                assert not isinstance(office.report(), Refusal)
            office.at_work("ida")
            queue_page(session, ida, now)  # the organisation and the definition are read once a process
            shown = queue_page(session, ida, now).rows
            counts.append((
                statements(office, lambda: queue_page(session, ida, now)),
                statements(office, lambda: search(session, ida, "COM", now)),
                len(shown),
            ))  # fmt: skip
        assert counts[0] == counts[1] and counts[0][2] == 50
