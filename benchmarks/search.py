"""Times the list of cases, newest first and by a word, for those who see all, much, little and nothing of a region.

    python -m benchmarks.search [--cases 100000 --cases 1000000] [--database …]

A supervisor sees every case; a member of a group and the head of a section see one in fifty; somebody drafted twenty;
somebody else has nothing. The bare driver reads the newest 51 cases with the names of their units and people, which is
what every such page has to read at least.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import text

from benchmarks.databases import asked, database_urls, driver_connection, fill
from engine.cases.search import search
from engine.database import Database, open_database
from engine.organisation.groups import SUPERVISORS
from tests.factories import a_group, a_holder, a_person, a_position, a_unit
from tests.office import Office, an_office

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
GROUPS = 50
DRAFTED = 20
ROUNDS = 20
WORD = "12345"

_FILL = (
    "INSERT INTO cases (id, region_id, number, case_type, digest, revision, state, title, unit_id, initiator_id,"
    " opened_at, closed_at, head_hash, is_suspended, attachment_count, returned_count) {n} SELECT i, :region,"
    " 'PK/' || i, 'performance_agreement', :digest, 1, '{{}}', 'Perjanjian kinerja ' || i, :unit + i % 50,"
    " CASE WHEN i % :every = 0 THEN :drafter ELSE :other END, :moment,"
    " CASE WHEN i % 10 = 0 THEN NULL ELSE :moment END, '', false, 0, 0 FROM n",
    "INSERT INTO participants (audience, case_id, has_acted) {n}"
    " SELECT 'person:' || CASE WHEN i % :every = 0 THEN :drafter ELSE :other END, i, true FROM n",
    "INSERT INTO participants (audience, case_id, has_acted) {n} SELECT 'group:g' || (i % 50), i, false FROM n",
)
_PLAIN = (
    "SELECT c.id, c.number, c.title, c.state, u.name, p.name FROM cases c LEFT JOIN units u ON u.id = c.unit_id"
    " LEFT JOIN people p ON p.id = c.initiator_id WHERE c.region_id = {region} ORDER BY c.id DESC LIMIT 51"
)


def measure(kind: str, sizes: list[int]) -> None:
    """Print one line a size and reader."""
    with database_urls(kind) as (url,):
        database = open_database(url)
        with database.writing() as session:
            office = an_office(session, NOW)
            sections = [a_unit(session, office.region, "section", office.units["division"]) for _ in range(GROUPS)]
            for number in range(GROUPS):
                a_group(session, office.region, f"g{number}", *([office.people["wati"]] if number == 7 else []))
            a_group(session, office.region, SUPERVISORS, office.people["joko"])
            values = {
                "region": office.region.id, "unit": sections[0].id, "drafter": office.people["sari"].id,
                "other": office.people["gatot"].id, "moment": NOW,
                "digest": session.execute(text("SELECT digest FROM definition_versions")).scalar_one(),
            }  # fmt: skip
            chief = a_person(session, sections[3], "Kepala seksi")
            a_holder(session, a_position(session, sections[3], "head"), chief)
            session.commit()
            readers = {
                "all": office.people["joko"].id, "a group": office.people["wati"].id, "a unit": chief.id,
                "twenty": office.people["sari"].id, "none": office.people["hadi"].id,
            }  # fmt: skip
        connection = driver_connection(url, database)
        filled = 0
        for size in sizes:
            fill(database, _FILL, values | {"low": filled + 1, "high": size, "every": size // DRAFTED})
            filled = size
            plain = _median(partial(_plain, connection, office))
            for name, reader in readers.items():
                newest, found = (_median(partial(_page, database, reader, words)) for words in ("", WORD))
                print(
                    f"{kind:<11} {size:>9,} cases  sees {name:<8} newest {newest * 1e3:7.1f} ms  by a word"
                    f" {found * 1e3:7.1f} ms  plain driver {plain * 1e3:5.1f} ms",
                    flush=True,
                )
        connection.close()
        database.close()


def _page(database: Database, person_id: int, words: str) -> None:
    with database.reading() as session:
        search(session, person_id, words, NOW)


def _plain(connection: Any, office: Office) -> None:
    connection.cursor().execute(_PLAIN.format(region=office.region.id)).fetchall()


def _median(work: Callable[[], None]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    kinds, asked_sizes = asked(__doc__, "--cases", (100_000, 1_000_000))
    for database_kind in kinds:
        measure(database_kind, asked_sizes)
