"""How long coming back takes with a known and an unknown receipt: ``python -m benchmarks.receipt_timing [TRIES]``.

The real hash, one SQLite file, the two in turn; prints both medians and their difference in milliseconds.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from engine.channel import settings as doors
from engine.channel.coming_back import TooMany, come_back
from engine.database import open_database
from engine.disclosure import officers
from engine.disclosure import receipt as codes
from tests.databases import SqliteFiles
from tests.disclosure.scene import PEPPER, build
from tests.factories import CHEAP_COST
from tests.reporting.conftest import HERE


def main(tries: int) -> None:
    """Measures and prints."""
    officers._cost = CHEAP_COST  # what is measured is a receipt's hash
    with tempfile.TemporaryDirectory() as folder:
        url = SqliteFiles(Path(folder)).new()
        database = open_database(url)
        scene = build(database, url, Path(folder) / "scene")
        with database.reading() as session:
            channel = doors.channel(session, HERE, scene.clock())
        took: dict[bool, list[float]] = {True: [], False: []}
        for turn in range(2 * tries):
            is_known = bool(turn % 2)
            typed, address = scene.code if is_known else codes.new(), f"10.{turn % 200}.{turn // 200}.1"
            started = perf_counter()
            found = come_back(database, channel, typed, PEPPER.encode(), address, scene.clock())
            if not isinstance(found, TooMany):
                took[is_known].append((perf_counter() - started) * 1000)
        known, unknown = median(took[True]), median(took[False])
        print(f"known {known:.1f} ms, unknown {unknown:.1f} ms, difference {known - unknown:+.2f} ms")
        print(f"{len(took[True])} and {len(took[False])} tries")
        database.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
