"""Times bringing in realisations: a dry run and a written one of a workbook, and the memory of 100,000 rows.

    python -m benchmarks.sakip_import [--rows 10000] [--database sqlite|postgresql]

The indicators stand in the trees of 50 agencies, four quarters each; written means realisations and the results that
follow from them, committed. Goals for 10,000 rows: dry run within 10 s, written within 20 s; memory below 300 MB.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction

from sqlalchemy import insert
from sqlalchemy.orm import Session

from benchmarks.databases import database_urls
from config import ROOT
from engine.database import Database, open_database
from engine.organisation.models import Region, Unit
from sakip.exchange.bringing import bring_in
from sakip.exchange.outcome import Outcome
from sakip.exchange.work import Wish
from sakip.exchange.writing import XLSX, written
from sakip.publish_folder import publish_folder
from sakip.tree.models import IndicatorRow, NodeRow, TreeRevision

YEAR, AGENCIES, QUARTERS = 2026, 50, 4
NOW = datetime(2026, 4, 1, tzinfo=UTC)
HEAD = ("indicator", "period", "value")


def region_with(session: Session, indicators: int) -> int:
    """A region measured as shipped, its indicators spread over agencies; returns its id."""
    region = Region(key="bench", name="Bench", timezone="Asia/Jakarta")
    session.add(region)
    session.flush()
    revision = TreeRevision(region_id=region.id, unit_id=None, number=1, reason="-", legal_basis="-", made_at=NOW)
    revision.case_id, revision.seq, revision.in_force_on = None, None, date(YEAR, 1, 1)
    units = [Unit(region_id=region.id, key=f"u{n}", name=f"Dinas {n}", level="agency") for n in range(AGENCIES)]
    session.add_all([revision, *units])
    session.flush()
    for unit in units:
        unit.path = f"/{unit.id}/"
    since = {"region_id": region.id, "revision_id": revision.id, "valid_from": date(YEAR, 1, 1), "owner_id": None}
    nodes = [
        {
            **since,
            "unit_id": unit.id,
            "key": f"n{n}",
            "level": "agency_goal",
            "statement": "-",
            "place": 0,
            "content": {},
        }
        for n, unit in enumerate(units)
    ]  # fmt: skip
    session.execute(insert(NodeRow), nodes)
    content = {"direction": "higher", "consolidation": "sum", "targets": {f"q{q}": "100" for q in range(1, 5)}}
    rows = [
        {**since, "unit_id": units[n % AGENCIES].id, "node_key": f"n{n % AGENCIES}", "key": f"i{n}", "name": f"I {n}",
         "verifier_id": None, "valid_to": None, "is_key": False, "is_published": True, "place": n, "content": content}
        for n in range(indicators)
    ]  # fmt: skip
    session.execute(insert(IndicatorRow), rows)
    publish_folder(
        session, ROOT / "sakip_config", region=None, reason="Bench", by=None, approved_by=None, now=NOW
    )  # fmt: skip
    return region.id


def workbook(rows: int) -> bytes:
    """A workbook of so many realisations."""
    given = ((f"i{n // QUARTERS}", f"q{n % QUARTERS + 1}", Fraction(n % 9_000 + 100, 100)) for n in range(rows))
    return b"".join(written(XLSX, HEAD, given))


def timed(database: Database, content: bytes, region_id: int, *, is_dry: bool) -> tuple[float, Outcome]:
    """Wall-clock seconds of one import, committed."""
    began = time.perf_counter()
    with database.writing() as session, session.begin():
        outcome = bring_in(session, content, "bench.xlsx", Wish(region_id, year=YEAR, is_dry=is_dry), NOW)
    return time.perf_counter() - began, outcome


def measured(url: str, rows: int) -> Iterator[str]:
    """Lines of the table."""
    database = open_database(url)
    with database.writing() as session, session.begin():
        region_id = region_with(session, rows // QUARTERS)
    content = workbook(rows)
    for name, is_dry in (("dry run", True), ("written", False), ("again, nothing changes", False)):
        seconds, outcome = timed(database, content, region_id, is_dry=is_dry)
        assert not outcome.problems, outcome.problems[0]
        yield f"{name:<24}{seconds:>8.2f} s   read {outcome.read:,}, written {outcome.written:,}"
    seconds, outcome = timed(database, workbook(100_000), region_id, is_dry=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    yield f"{'100,000 rows, dry':<24}{seconds:>8.2f} s   problems {len(outcome.problems):,}"
    yield f"{'memory at most':<24}{peak:>8} MB"
    database.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = parser.parse_args()
    with database_urls(given.database) as urls:
        for line in measured(urls[0], given.rows):
            print(line)


if __name__ == "__main__":
    main()
