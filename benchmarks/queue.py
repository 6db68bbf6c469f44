"""Times the first page of a queue against the same work in plain driver SQL, at growing numbers of open tasks.

    python -m benchmarks.queue [--open 10000 --open 100000 --open 1000000] [--database …]

One person in fifty holds a group's tasks. Both sides ask who the person is and what they hold, read the first 51 rows
of each of these audiences with the names of people and units, leave out what the person is excluded from, merge, count
to a thousand, and count the other two tabs. The engine also makes rows with titles in two languages, deadlines and
moments, and says what can be filtered by.
"""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from operator import itemgetter
from typing import Any

from sqlalchemy import text

from benchmarks.databases import asked, database_urls, driver_connection, fill
from engine.cases.queue_page import queue_page
from engine.database import Database, open_database
from tests.factories import a_group
from tests.office import an_office

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
GROUPS = 50
ROUNDS = 60

_FILL = (
    "INSERT INTO cases (id, region_id, number, case_type, digest, revision, state, title, unit_id, initiator_id,"
    " opened_at, head_hash, is_suspended, attachment_count, returned_count) {n} SELECT i, :region, 'PK/' || i,"
    " 'performance_agreement', :digest, 1, '{{}}', 'Perjanjian kinerja ' || i, :unit, :person, :moment, '', false, 0, 0"
    " FROM n",
    "INSERT INTO tasks (case_id, number, entry, state, unit_id, opened_at, due_at, due_key, opened_by) {n}"
    " SELECT i, 1, 1, 'section_review', :unit, :moment, :moment, 1772000000 + (i * 7919) % 9000000, :person FROM n",
    "INSERT INTO offers (region_id, audience, due_key, case_id, number, powers) {n}"
    " SELECT :region, 'group:g' || (i % 50), 1772000000 + (i * 7919) % 9000000, i, 1, 31 FROM n",
)
_WHO = "SELECT p.region_id, p.is_active, p.unit_id FROM people p WHERE p.id = {person}"
_POSITIONS = "SELECT position_id, kind, starts_on, ends_on FROM holders WHERE person_id = {person}"
_GROUPS = (
    "SELECT g.key, m.starts_on, m.ends_on FROM group_members m JOIN groups g ON g.id = m.group_id"
    " WHERE m.person_id = {person}"
)
_NOT_EXCLUDED = (
    " AND NOT EXISTS (SELECT 1 FROM exclusions e WHERE e.case_id = o.case_id AND e.person_id = {person}"
    " AND +e.number IN (0, o.number))"
)
_PAGE = (
    "SELECT o.due_key, c.id, o.number, c.number, c.title, u.name, i.name, b.name, a.name, c.returned_count,"
    " c.is_suspended, t.state, t.opened_at, t.due_at, t.assignee_id FROM offers o JOIN cases c ON c.id = o.case_id"
    " JOIN tasks t ON t.case_id = o.case_id AND t.number = o.number"
    " LEFT JOIN units u ON u.id = c.unit_id LEFT JOIN people i ON i.id = c.initiator_id"
    " LEFT JOIN people b ON b.id = t.opened_by LEFT JOIN people a ON a.id = t.assignee_id"
    " WHERE o.region_id = {region} AND o.audience = '{audience}'"
    f"{_NOT_EXCLUDED} ORDER BY o.due_key, o.case_id, o.number LIMIT 51"
)
_COUNT = (
    "SELECT count(*) FROM (SELECT 1 FROM offers o WHERE o.region_id = {region} AND o.audience = '{audience}'"
    f"{_NOT_EXCLUDED} LIMIT 1000) n"
)
_OTHER_TABS = (
    "SELECT (SELECT count(*) FROM (SELECT 1 FROM tasks o WHERE o.unit_id = -1 AND o.closed_at IS NULL LIMIT 1000) n),"
    " (SELECT count(*) FROM (SELECT 1 FROM follows f JOIN cases c ON c.id = f.case_id"
    " WHERE f.person_id = {person} LIMIT 1000) n)"
)


def measure(kind: str, sizes: list[int]) -> None:
    """Print one line a size."""
    with database_urls(kind) as (url,):
        database = open_database(url)
        with database.writing() as session:
            office = an_office(session, NOW)
            for number in range(GROUPS):
                a_group(session, office.region, f"g{number}", *([office.people["wati"]] if number == 7 else []))
            digest = session.execute(text("SELECT digest FROM definition_versions")).scalar_one()
            values = {
                "region": office.region.id, "unit": office.unit.id, "digest": digest,
                "person": office.people["sari"].id, "moment": NOW,
            }  # fmt: skip
            session.commit()
        connection = driver_connection(url, database)
        filled = 0
        for size in sizes:
            fill(database, _FILL, values | {"low": filled + 1, "high": size})
            filled = size
            reader = office.people["wati"].id
            ours = _median(partial(_page, database, reader))
            plain = _median(partial(_plain, connection, office.region.id, reader))
            print(
                f"{kind:<11} {size:>9,} open  page {ours * 1e6:6.0f} µs  plain driver {plain * 1e6:6.0f} µs"
                f"  ratio {ours / plain:.2f}",
                flush=True,
            )
        connection.close()
        database.close()


def _page(database: Database, person_id: int) -> None:
    with database.reading() as session:
        page = queue_page(session, person_id, NOW, limit=50)
    assert len(page.rows) == 50 and page.next_key


def _plain(connection: Any, region: int, person: int) -> None:
    cursor = connection.cursor()
    is_sqlite = isinstance(connection, sqlite3.Connection)
    if is_sqlite:
        cursor.execute("BEGIN")  # all statements see one moment, as the page does
    cursor.execute(_WHO.format(person=person)).fetchone()
    positions = cursor.execute(_POSITIONS.format(person=person)).fetchall()
    groups = cursor.execute(_GROUPS.format(person=person)).fetchall()
    audiences = [
        f"person:{person}",
        *(f"position:{row[0]}" for row in positions),
        *(f"group:{row[0]}" for row in groups),
    ]
    found: list[Any] = []
    for audience in audiences:
        found += cursor.execute(_PAGE.format(region=region, person=person, audience=audience)).fetchall()
        cursor.execute(_COUNT.format(region=region, person=person, audience=audience)).fetchone()
    found.sort(key=itemgetter(0, 1, 2))
    assert len(found[:51]) == 51
    cursor.execute(_OTHER_TABS.format(person=person)).fetchone()
    if is_sqlite:
        cursor.execute("COMMIT")
    cursor.close()


def _median(work: Callable[[], None]) -> float:
    found = []
    for turn in range(ROUNDS + 10):
        begun = time.perf_counter()
        work()
        if turn >= 10:
            found.append(time.perf_counter() - begun)
    return statistics.median(found)


def main() -> None:
    """Measure and print."""
    kinds, sizes = asked(__doc__, "--open", (10_000, 100_000, 1_000_000))
    for kind in kinds:
        measure(kind, sizes)


if __name__ == "__main__":
    main()
