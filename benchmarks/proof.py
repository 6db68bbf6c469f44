"""Times the proof of what is shipped: all scenarios on paper, and the strength of each definition; processor time.

    python -m benchmarks.proof

The goals: all scenarios together in under two seconds, the strength of a definition in a few. There is no outside
floor to compare with.
"""

from __future__ import annotations

import time
from pathlib import Path

from config import ROOT
from engine import vocabulary
from engine.cases.simulate import run_all
from engine.cases.strength import measure
from engine.definitions.lint import load
from engine.definitions.load import no_collection


def main() -> None:
    """Measure and print."""
    loaded = load([Path("workflows"), Path("forms_config")], vocabulary.load(), ROOT)
    count, began = 0, time.process_time()
    with no_collection():  # as the command does
        for definition in loaded.definitions.values():
            count += len(run_all(definition))
    spent = time.process_time() - began
    print(
        f"{count} scenarios of {len(loaded.definitions)} definitions: {spent:.2f} s, {spent / count * 1000:.1f} ms each"
    )
    for name in loaded.definitions:
        began = time.process_time()
        found = measure(loaded.case_types[name])
        spent = time.process_time() - began
        print(f"{name}: {found.caught} of {found.changes} changes caught in {spent:.2f} s")


if __name__ == "__main__":
    main()
