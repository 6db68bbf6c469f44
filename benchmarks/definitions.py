"""Times definitions: processor time to read and check them, to read their YAML alone, to load them from the cache.

    python -m benchmarks.definitions [--copies 334]

The floor is PyYAML's C parser building plain values of the same texts. Only the ratio inside one run counts. From the
cache a definition is loaded when lists can show it; its larger parts are read at their first use, timed beside it.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from config import ROOT
from engine import vocabulary
from engine.definitions.cache import DefinitionCache
from engine.definitions.load import load_tree, no_collection
from engine.definitions.model import Definition
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
    parser.add_argument("--copies", type=int, default=334)
    files = texts(parser.parse_args().copies)
    words = vocabulary.load()
    count = sum(path.startswith("workflows/") for path in files)
    floor = _seconds(lambda: [yaml.load(text, yaml.CSafeLoader) for text in files.values()])
    began = time.process_time()
    with no_collection():  # as the command does
        loaded = load_tree(from_texts(files), words)
    ours = time.process_time() - began
    print(f"{count} definitions: {ours / count * 1000:.1f} ms each to read and check, {ours:.1f} s in all")
    print(f"reading alone:   {floor / count * 1000:.1f} ms each, ratio {ours / floor:.1f}")
    definitions = list(loaded.definitions.values())
    del loaded
    _from_cache(definitions)


def _from_cache(definitions: list[Definition]) -> None:
    words, digests = vocabulary.load(), [each.digest for each in definitions]
    with tempfile.TemporaryDirectory(prefix="alur-benchmark-") as folder:
        cache = DefinitionCache(Path(folder) / "compiled", b"benchmark")
        storing = _seconds(lambda: [cache.store(each) for each in definitions])
        definitions.clear()
        gc.collect()
        found: list[Definition | None] = []
        loading = _seconds(lambda: found.extend(cache.load(digest, words) for digest in digests))
        cases = _seconds(lambda: [each.states for each in found if each is not None])
        proof = _seconds(lambda: [each.scenarios for each in found if each is not None])
    count = len(digests)
    print(f"kept:            {storing / count * 1000:.2f} ms each to write")
    print(f"from the cache:  {loading:.2f} s for {count}, {loading / count * 1000:.2f} ms each")
    print(f"first use:       {cases / count * 1000:.2f} ms each for cases, {proof / count * 1000:.2f} ms for the proof")


if __name__ == "__main__":
    main()
