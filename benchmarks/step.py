"""Times a step of the real performance agreement against the same work in plain driver SQL, in one run.

    python -m benchmarks.step [--cases 40] [--database sqlite --database postgresql]

Both take eight steps a case, turn by turn, each step durable in its own transaction. Only the ratio counts.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from benchmarks.databases import database_url, driver_connection
from benchmarks.raw import Raw
from engine.cases.answer_store import to_store
from engine.cases.fire import Fired, fire
from engine.cases.stored import read_case
from engine.database import Database, json_text, open_database
from engine.facts import Command
from tests.office import ROAD, Office, an_office

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
WARM_UP = 6  # cases whose steps are not counted


def measure(kind: str, cases: int) -> tuple[list[float], list[float]]:
    """Seconds of each step, engine and plain driver, in the order they were taken."""
    with database_url(kind) as url:
        database = open_database(url)
        with database.writing() as session:
            office = an_office(session, NOW)
            session.commit()
        ids = [_open(database, office) for _ in range(cases + WARM_UP)]
        with database.reading() as session:
            stored = read_case(session, ids[0], NOW)
            answers = json_text(to_store(stored.definition.fields, stored.facts.answers))
        connection = driver_connection(url, database)
        raw = Raw(connection, kind == "sqlite", answers)
        for case_id in ids:
            raw.open(case_id)
        ours: list[float] = []
        plain: list[float] = []
        for turn, case_id in enumerate(ids):
            for at, (who, action) in enumerate(ROAD):
                command = Command(action, office.people[who].id)
                first = _timed(partial(_act, database, case_id, command))
                second = _timed(partial(raw.step, case_id, at))
                if turn >= WARM_UP:
                    ours.append(first)
                    plain.append(second)
        connection.close()
        database.close()
        return ours, plain


def _open(database: Database, office: Office) -> int:
    with database.writing() as session:
        opened = office.open(session, NOW)
        session.commit()
    return opened.case_id


def _act(database: Database, case_id: int, command: Command) -> None:
    with database.writing() as session:
        outcome = fire(session, case_id, command, now=NOW)
        assert isinstance(outcome, Fired), outcome
        session.commit()


def _timed(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def report(kind: str, ours: list[float], plain: list[float]) -> str:
    """One line: median and 99th percentile in microseconds, and the ratio of the medians and of the sums."""
    middle, floor = statistics.median(ours), statistics.median(plain)
    late = statistics.quantiles(ours, n=100)[98]
    return (
        f"{kind:<11} step {middle * 1e6:7.0f} µs (p99 {late * 1e6:.0f})  plain driver {floor * 1e6:7.0f} µs"
        f"  ratio {middle / floor:.2f} (of the sums {sum(ours) / sum(plain):.2f})"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=40)
    parser.add_argument("--database", action="append", choices=("sqlite", "postgresql"))
    options = parser.parse_args()
    for kind in options.database or ("sqlite", "postgresql"):
        print(report(kind, *measure(kind, options.cases)))


if __name__ == "__main__":
    main()
