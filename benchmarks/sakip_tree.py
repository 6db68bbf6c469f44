"""Times a large tree of goals in the store, in processor time: read whole and checked, and the tree of one unit.

    python -m benchmarks.sakip_tree [--database sqlite] [--nodes 20000] [--units 50]

Both databases if none is named. Goals: everything read and checked within 1 s, one unit within 100 ms.
The floor reads the same rows without making values of them; only the ratio inside one run counts.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.databases import database_urls
from config import ROOT
from engine.database import Database, open_database
from engine.definitions.problems import Problems
from engine.organisation.models import Position, Region, Unit
from sakip.configuration.folder import load
from sakip.tree.history import Revision
from sakip.tree.integrity import findings
from sakip.tree.models import IndicatorRow, NodeRow, TreeRevision
from sakip.tree.revising import apply_revision
from sakip.tree.situation import Facts
from sakip.tree.store import tree_on, whole_tree_on
from sakip.tree.values import Indicator, Node

BEGAN, TODAY, NOW = date(2025, 1, 1), date(2025, 6, 1), datetime(2025, 1, 1, tzinfo=UTC)
LEVELS = ("agency_goal", "agency_objective", "programme_outcome", "activity_output", "sub_activity")
WIDTHS = (2, 2, 4, 5, 4)  # children of each level, until the unit has its share


def _indicator(key: str) -> Indicator:
    planned = {year: Fraction(60 + year - 2025) for year in range(2025, 2030)}
    return Indicator(key, f"Indikator {key}", "Definisi", "a / b", "index", "higher", plan_targets=planned)


def of_unit(unit: str, owner: str, share: int) -> list[Node]:
    """A unit's nodes: goals, objectives, programmes, activities, sub-activities, each with an indicator."""
    found: list[Node] = []
    above: list[str | None] = ["objective"]
    for level, width in zip(LEVELS, WIDTHS, strict=True):
        here: list[str | None] = []
        for parent in above:
            for place in range(width if level != LEVELS[-1] else max(width, share)):
                if len(found) == share:
                    return found
                key = f"{unit}.{len(found)}"
                found.append(
                    Node(key, level, unit, parent, f"Sasaran {key}", place, None, owner, {"success_factor": "x"},
                         (_indicator(f"{key}.i"),))
                )  # fmt: skip
                here.append(key)
        above = here
    return found


def plant(session: Session, nodes: int, units: int) -> tuple[int, list[int]]:
    """A region with a tree of that many nodes in that many units."""
    region = Region(key="kab_besar", name="Kabupaten Besar")
    session.add(region)
    session.flush()
    put(session, region.id, None, [
        Node("vision", "vision", statement="Visi"), Node("mission", "mission", parent="vision", statement="Misi"),
        Node("goal", "goal", parent="mission", statement="Tujuan", indicators=(replace(_indicator("g"), owner=None),)),
        Node("objective", "objective", parent="goal", statement="Sasaran", indicators=(_indicator("o"),)),
    ])  # fmt: skip
    ids = []
    for number in range(units):
        unit = Unit(region_id=region.id, key=f"dinas_{number}", name=f"Dinas {number}", level="agency", path="/")
        session.add(unit)
        session.flush()
        unit.path = f"/{unit.id}/"
        seat = Position(region_id=region.id, unit_id=unit.id, kind="head", title="Kepala")
        session.add(seat)
        session.flush()
        put(session, region.id, unit.id, of_unit(unit.key, str(seat.id), nodes // units))
        ids.append(unit.id)
    return region.id, ids


def put(session: Session, region_id: int, unit_id: int | None, nodes: list[Node]) -> None:
    """Put nodes in force as the first revision of a tree."""
    given = Revision("Awal", "Perda", {node.key: node for node in nodes})
    outcome = apply_revision(session, region_id, unit_id, given, BEGAN, NOW)
    if not isinstance(outcome, TreeRevision):
        raise SystemExit(f"the tree was refused: {outcome}")


def timed(what: str, work: Callable[[], Any], times: int = 5) -> float:
    """The median of some runs in milliseconds, printed."""
    spent = []
    for _ in range(times):
        began = time.process_time()
        work()
        spent.append((time.process_time() - began) * 1000)
    print(f"{what:48} {statistics.median(spent):8.1f} ms")
    return statistics.median(spent)


def measure(database: Database, nodes: int, units: int) -> None:
    """Plant the tree and print what reading and revising it takes."""
    configuration = load(ROOT / "sakip_config", None, Problems())
    levels, rules = configuration.levels(2025), configuration.measurement(2025)
    if levels is None:
        raise SystemExit("no levels govern 2025")
    began = time.process_time()
    with database.writing() as session, session.begin():
        region_id, ids = plant(session, nodes, units)
    print(f"{'planted, one revision a unit':48} {(time.process_time() - began) * 1000:8.1f} ms")
    with database.reading() as session:
        floor = timed("the rows alone", lambda: _rows(session, region_id))
        whole = timed("read whole", lambda: whole_tree_on(session, region_id, TODAY))
        checked = timed(
            "read whole and checked",
            lambda: findings(levels, whole_tree_on(session, region_id, TODAY), rules, Facts(TODAY.year)),
        )
        timed("one unit", lambda: tree_on(session, region_id, ids[0], TODAY))
        timed("one unit, on a past day", lambda: tree_on(session, region_id, ids[-1], BEGAN))
    print(f"read whole / rows alone {whole / floor:.1f}, with checks {checked / floor:.1f}")


def _rows(session: Session, region_id: int) -> int:
    found = [
        session.execute(select(*table.__table__.columns).where(table.region_id == region_id)).all()
        for table in (NodeRow, IndicatorRow)
    ]
    return sum(map(len, found))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--nodes", type=int, default=20_000)
    parser.add_argument("--units", type=int, default=50)
    asked = parser.parse_args()
    for kind in asked.database or ("sqlite", "postgresql"):
        with database_urls(kind) as (url,):
            print(kind)
            database = open_database(url)
            try:
                measure(database, asked.nodes, asked.units)
            finally:
                database.close()


if __name__ == "__main__":
    main()
