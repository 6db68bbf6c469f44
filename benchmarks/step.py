"""Times a step of the real performance agreement against the same work in plain driver SQL, in one run.

    python -m benchmarks.step [--cases 40] [--database sqlite --database postgresql]

Turn by turn: the engine takes a step; the bare driver does the same work on a database of its own, a statement a row
(``benchmarks/raw.py`` says what that is); it writes the same rows with every text given; and it takes the smallest step
there is, in eight statements. Each step is durable in a transaction of its own, and all have the same settings. Only
ratios inside one run count.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from typing import Any

from benchmarks.databases import database_urls, driver_connection
from benchmarks.raw import Driver, Made
from engine.cases import fire as firing
from engine.cases import open as opening
from engine.cases.answer_store import to_store
from engine.cases.apply import apply_opening
from engine.cases.fire import Fired, fire
from engine.cases.rows import StepRows, rows_of
from engine.cases.stored import read_case
from engine.database import Database, json_text, open_database
from engine.facts import Command
from tests.office import ROAD, Office, an_office

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
WARM_UP = 6  # cases whose steps are not counted
KINDS = ("engine", "same work", "rows given", "eight statements")
Times = dict[str, list[float]]


class Recorder:
    """Keeps the rows the engine writes, so that the driver can write the same."""

    def __init__(self) -> None:
        self.rows: StepRows | None = None
        self.openings: list[tuple[Any, ...]] = []

    def rows_of(self, *arguments: Any, **options: Any) -> StepRows:
        """The engine's own function, its result kept."""
        self.rows = rows_of(*arguments, **options)
        return self.rows

    def apply_opening(self, session: Any, *arguments: Any) -> None:
        """The same for a case that is opened."""
        self.openings.append(arguments)
        apply_opening(session, *arguments)


def measure(kind: str, cases: int) -> Times:
    """Seconds of each step of each kind, in the order they were taken."""
    recorder = Recorder()
    firing.rows_of, opening.apply_opening = recorder.rows_of, recorder.apply_opening  # type: ignore[assignment]
    with database_urls(kind, 3) as urls, ExitStack() as closing:
        databases = [open_database(url) for url in urls]
        for each in databases:
            closing.callback(each.close)
        offices = [_office(each) for each in databases]
        ids = [_open(databases[0], offices[0]) for _ in range(cases + WARM_UP)]
        drivers = [_driver(url, each, recorder) for url, each in zip(urls[1:], databases[1:], strict=True)]
        for driver in drivers:
            closing.callback(driver.connection.close)
        return _take_turns(databases[0], offices[0], drivers, recorder, ids)


def _office(database: Database) -> Office:
    with database.writing() as session:
        office = an_office(session, NOW, "kab_ukur")
        session.commit()
    return office


def _driver(url: str, database: Database, recorder: Recorder) -> Driver:
    """A bare driver on a database with the same cases."""
    with database.writing() as session:
        for arguments in recorder.openings:
            apply_opening(session, *arguments)
        session.commit()
    return Driver(driver_connection(url, database), database.engine.dialect.name == "sqlite")


def _take_turns(database: Database, office: Office, drivers: list[Driver], recorder: Recorder, ids: list[int]) -> Times:
    with database.reading() as session:
        stored = read_case(session, ids[0], NOW)
        answers = json_text(to_store(stored.definition.fields, stored.facts.answers))
    works, writes = drivers
    roles = [f"step {number}" for number in range(len(ROAD) + 1)]
    writes.prepare_small(roles)
    for case_id in ids:
        writes.open_small(case_id, roles[0], answers)
    found: Times = {kind: [] for kind in KINDS}
    for turn, case_id in enumerate(ids):
        for at, (who, action) in enumerate(ROAD):
            person = office.people[who].id
            times = [_timed(partial(_act, database, case_id, Command(action, person)))]
            assert recorder.rows is not None
            rows, made = recorder.rows, Made.of(recorder.rows)
            times.append(_timed(partial(works.same_work, case_id, at + 1, rows, person, made)))
            times.append(_timed(partial(writes.same_rows, case_id, at + 1, rows)))
            times.append(_timed(partial(writes.eight_statements, case_id, at + 1, roles[at + 1])))
            if turn >= WARM_UP:
                for name, seconds in zip(KINDS, times, strict=True):
                    found[name].append(seconds)
    return found


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


def report(kind: str, found: Times) -> str:
    """Lines: medians in microseconds, and the ratios of the medians and of the sums."""
    ours = found["engine"]
    late = statistics.quantiles(ours, n=100)[98]
    lines = [f"{kind:<11} engine            {statistics.median(ours) * 1e6:6.0f} µs a step (p99 {late * 1e6:.0f})"]
    for name in KINDS[1:]:
        floor = found[name]
        middle = statistics.median(ours) / statistics.median(floor)
        lines.append(
            f"{'':<11} {name:<17} {statistics.median(floor) * 1e6:6.0f} µs  ratio {middle:.2f}"
            f" (of the sums {sum(ours) / sum(floor):.2f})"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=40)
    parser.add_argument("--database", action="append", choices=("sqlite", "postgresql"))
    options = parser.parse_args()
    for kind in options.database or ("sqlite", "postgresql"):
        print(report(kind, measure(kind, options.cases)), flush=True)


if __name__ == "__main__":
    main()
