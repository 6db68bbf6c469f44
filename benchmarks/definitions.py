"""Times the checks of definitions: processor time a file, and the same for reading its YAML alone, in one run.

    python -m benchmarks.definitions [--copies 100]

The floor is PyYAML's C parser building plain values of the same texts. Only the ratio inside one run counts.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import yaml

from config import ROOT
from engine import vocabulary
from engine.definitions.load import load_tree
from engine.definitions.tree import from_texts

EXAMPLES = ROOT / "tests" / "engine" / "definitions" / "examples"
CASE_TYPES = ("performance_agreement", "complaint_investigation", "sakip_document")


def texts(copies: int) -> dict[str, str]:
    """``copies`` of each worked example under names of their own, with the forms they share, by path."""
    found = {
        path.relative_to(EXAMPLES).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(EXAMPLES.rglob("forms_config/*.yaml"))
    }
    for name in CASE_TYPES:
        text = (EXAMPLES / "workflows" / f"{name}.yaml").read_text(encoding="utf-8")
        for number in range(copies):
            key = f"{name}_{number}"
            found[f"workflows/{key}.yaml"] = text.replace(f"case_type: {name}\n", f"case_type: {key}\n")
    return found


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=100)
    files = texts(parser.parse_args().copies)
    words = vocabulary.load()
    count = sum(path.startswith("workflows/") for path in files)
    floor = _seconds(lambda: [yaml.load(text, yaml.CSafeLoader) for text in files.values()])
    ours = _seconds(lambda: load_tree(from_texts(files), words))
    print(f"{count} definitions: {ours / count * 1000:.1f} ms each to read and check, {ours:.1f} s in all")
    print(f"reading alone:   {floor / count * 1000:.1f} ms each, ratio {ours / floor:.1f}")


if __name__ == "__main__":
    main()
