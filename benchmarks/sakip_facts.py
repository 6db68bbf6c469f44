"""Times results: from facts in the database to figures in it, and one verified report until its results are readable.

    python -m benchmarks.sakip_facts [--indicators 10000] [--database sqlite]

A region with as many quarterly indicators, four to a goal, in fifty units; every one with targets and most realisations
of the year, over nine spans each. The floor writes and reads the same rows with the bare driver, computing nothing.
Goals on two processors: 80,000 achievements within 10 s; a report of 30 rows within 1 s from verifying it, the worker's
call included.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from benchmarks.databases import database_urls, driver_connection
from config import ROOT, Settings
from delivery.calls import Calls
from engine.cases.fire import Fired, fire
from engine.database import Database, open_database
from engine.facts import Command
from engine.organisation.models import Region, Unit
from readiness import settle
from sakip.facts.models import RealisationRow, ResultRow, TargetRow
from sakip.facts.results import recompute
from sakip.publish_folder import publish_folder
from sakip.tree.models import IndicatorRow, NodeRow, TreeRevision
from tests.sakip.measuring_office import a_measuring_office, a_year, opened, piece, rows_of, ticks

YEAR = 2026
NEW_YEAR = date(YEAR, 1, 1)
NOW = datetime(YEAR, 1, 2, 3, 0, tzinfo=UTC)
QUARTERS = ("q1", "q2", "q3", "q4")
UNITS, TO_A_GOAL, A_REPORT = 50, 4, 30
SPANS = 9  # four quarters, four to date, the year
METHODS = ("maximise", "minimise_ratio", "minimise_difference", "reduction", "precision")
CONSOLIDATIONS = ("last", "sum", "average", "maximum")


def fill(session: Session, count: int) -> int:
    """A region with ``count`` indicators and their facts; its id."""
    chance = random.Random(20261231)
    region = Region(key="kab_ukur", name="Kabupaten Ukur")
    session.add(region)
    session.flush()
    units = [
        Unit(region_id=region.id, key=f"unit_{number}", name=f"Dinas {number}", level="agency")
        for number in range(UNITS)
    ]
    session.add_all(units)
    session.flush()
    for unit in units:
        unit.path = f"/{unit.id}/"
    publish_folder(session, ROOT / "sakip_config", region=None, reason="Ukur", by=None, approved_by=None, now=NOW)
    revision = TreeRevision(region_id=region.id, unit_id=None, number=1, reason="-", legal_basis="-", made_at=NOW)
    revision.in_force_on = NEW_YEAR
    session.add(revision)
    session.flush()
    nodes, indicators, targets, realisations = [], [], [], []
    for number in range(count):
        unit, key, node = (
            units[number % UNITS].id,
            f"i{number:05}",
            f"n{number % UNITS:02}.{number // UNITS // TO_A_GOAL:04}",
        )
        if number // UNITS % TO_A_GOAL == 0:
            nodes.append(_node(region.id, unit, node, revision.id))
        indicators.append(_indicator(region.id, unit, key, node, revision.id, number))
        for period in (*QUARTERS, "year"):
            aim = chance.randrange(100, 99_999)
            targets.append(_target(region.id, key, period, aim))
            if period != "year" and chance.randrange(20):
                reached = f"{aim * chance.randrange(50, 131) // 100 / 100:.2f}"
                realisations.append(_realisation(region.id, unit, key, period, reached))
    for model, rows in (
        (NodeRow, nodes),
        (IndicatorRow, indicators),
        (TargetRow, targets),
        (RealisationRow, realisations),
    ):
        session.execute(insert(model), rows)
    return region.id


def _node(region: int, unit: int, key: str, revision: int) -> dict[str, Any]:
    return {
        "region_id": region, "unit_id": unit, "key": key, "revision_id": revision, "level": "agency_goal",
        "statement": key, "place": 0, "content": {}, "valid_from": NEW_YEAR,
    }  # fmt: skip


def _indicator(region: int, unit: int, key: str, node: str, revision: int, number: int) -> dict[str, Any]:
    content = {"method": METHODS[number % 5], "consolidation": CONSOLIDATIONS[number % 4], "unit": "number"}
    return {
        "region_id": region, "unit_id": unit, "node_key": node, "key": key, "revision_id": revision, "name": key,
        "is_key": False, "is_published": True, "place": 0, "content": content, "valid_from": NEW_YEAR,
    }  # fmt: skip


def _target(region: int, key: str, period: str, aim: int) -> dict[str, Any]:
    return {
        "region_id": region, "indicator_key": key, "year": YEAR, "period": period, "value": f"{aim / 100:.2f}",
        "valid_from": NEW_YEAR, "at": NOW,
    }  # fmt: skip


def _realisation(region: int, unit: int, key: str, period: str, value: str) -> dict[str, Any]:
    return {
        "region_id": region, "unit_id": unit, "indicator_key": key, "year": YEAR, "period": period, "value": value,
        "is_not_issued": False, "state": "reported", "drivers": "", "obstacles": "", "actions": "", "digest": "b",
        "at": NOW, "is_current": True,
    }  # fmt: skip


def floor(url: str, database: Database) -> tuple[float, int]:
    """Seconds the driver alone takes to read the facts and to write as many results as there are."""
    connection = driver_connection(url, database)
    is_sqlite = database.engine.dialect.name == "sqlite"
    columns = [one.name for one in ResultRow.__table__.columns if one.name != "id"]
    began = time.perf_counter()
    cursor = connection.cursor()
    for table in ("sakip_indicators", "sakip_targets", "sakip_realisations"):
        cursor.execute(f"SELECT * FROM {table}").fetchall()
    rows = cursor.execute(f"SELECT {', '.join(columns)} FROM sakip_results").fetchall()
    cursor.execute("BEGIN")
    cursor.execute("DELETE FROM sakip_results")
    if is_sqlite:
        marks = ", ".join("?" * len(columns))
        cursor.executemany(f"INSERT INTO sakip_results ({', '.join(columns)}) VALUES ({marks})", rows)
    else:
        with cursor.copy(f"COPY sakip_results ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    cursor.execute("ROLLBACK")
    spent = time.perf_counter() - began
    connection.close()
    return spent, len(rows)


def timed(database: Database, work: Callable[[Session], object]) -> tuple[float, float]:
    """Seconds a piece of work takes with its commit, and those of this process's processor among them."""
    began, spent = time.perf_counter(), time.process_time()
    with database.writing.begin() as session:
        work(session)
    return time.perf_counter() - began, time.process_time() - spent


def one_report(database: Database) -> tuple[float, float]:
    """Seconds from verifying a report of 30 rows until a worker has made its call and the results are readable, and
    the processor's: a case of an office of its own, beside everything else in the database."""
    with database.writing.begin() as session:
        office = a_measuring_office(session, NOW.replace(month=3))
        year = a_year(office)
        for number in range(A_REPORT):
            year.indicator(f"r{number:02}", "goal", unit="number", direction="higher")
            year.aim(f"r{number:02}", q1=Fraction(100))
        case_id, proof = opened(office), piece(office)
        texts = dict.fromkeys(("drivers", "obstacles", "actions"), "Uji")
        rows = [row | {"value": "100", "evidence": [proof]} | texts for row in rows_of(office, case_id)]
        assert office.do(case_id, "sari", "report", answers={"rows": rows}) is None, office.refusal
        office.work()
        accepted, vina, region, now = ticks(office, case_id), office.people["vina"].id, office.region.id, office.now
    began, spent = time.perf_counter(), time.process_time()
    with database.writing.begin() as session:
        done = fire(session, case_id, Command("verify", vina, answers={"verification": accepted}), now=now)
    assert isinstance(done, Fired), done
    Calls(Settings(secret_key="k" * 40), database, lambda: now, "worker", {}).make_due()
    with database.reading() as session:
        of_quarter = select(func.count()).where(ResultRow.region_id == region, ResultRow.span == "q1")
        final = of_quarter.where(~ResultRow.is_provisional, ResultRow.shown.is_not(None))
        assert (session.scalar(final) or 0) >= A_REPORT
    return time.perf_counter() - began, time.process_time() - spent


def measure(kind: str, count: int) -> None:
    """Fill a database of this kind, compute, print."""
    with database_urls(kind) as urls:
        database = open_database(urls[0])
        with database.writing.begin() as session:
            region_id = fill(session, count)
        settle()  # as in the process of a worker
        first = timed(database, lambda session: recompute(session, region_id, None, YEAR, NOW))
        again = timed(database, lambda session: recompute(session, region_id, None, YEAR, NOW))
        with database.reading() as session:
            rows = session.scalar(select(func.count()).select_from(ResultRow)) or 0
        bare, _ = floor(urls[0], database)
        report = one_report(database)
        database.close()
    share = 80_000 / (count * SPANS)
    print(f"{kind:<11} {count * SPANS:,} achievements, {rows:,} results: {first[0]:.2f} s (processor {first[1]:.2f} s)")
    print(f"{'':<11} the same again {again[0]:.2f} s; the driver alone {bare:.2f} s, ratio {first[0] / bare:.1f}")
    print(f"{'':<11} 80,000 achievements: {first[0] * share:.2f} s (processor {first[1] * share:.2f} s)")
    milliseconds = [round(part * 1000) for part in report]
    print(f"{'':<11} a report of {A_REPORT} rows, verified: {milliseconds[0]} ms (processor {milliseconds[1]} ms)")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure on both databases, or the one named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--indicators", type=int, default=10_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    given = parser.parse_args(arguments)
    for kind in given.database or ("sqlite", "postgresql"):
        measure(kind, given.indicators)


if __name__ == "__main__":
    main()
