"""Times the configuration of the base and three regions, in processor time: cold from its files, and kept.

    python -m benchmarks.sakip_configuration [--runs 9]

Cold is a process that has read nothing yet: YAML, overlays, checks of shape. Kept is one that finds what an earlier
process compiled. The floor is PyYAML's C parser building plain values of the same texts; only the ratio inside one run
counts. Goals: 300 ms cold, 20 ms kept.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from config import ROOT
from engine.definitions import source
from engine.definitions.problems import Problems
from sakip.configuration import regional
from sakip.configuration.cache import ConfigurationCache
from sakip.configuration.folder import load

FOLDER = ROOT / "sakip_config"
REGIONS = (None, "kab_serdang_bedagai", "kab_tasikmalaya", "kota_bandung")


def _forget() -> None:
    """As in a process that has just begun."""
    source._read.cache_clear()
    regional._parsed.cache_clear()


def _cold() -> None:
    _forget()
    for region in REGIONS:
        problems = Problems()
        load(FOLDER, region, problems)
        if problems.has_errors:
            raise SystemExit(f"{region}: {problems.sorted()[0].message.en}")


def _milliseconds(work: Callable[[], object], runs: int) -> list[float]:
    found = []
    for _ in range(runs):
        began = time.process_time()
        work()
        found.append((time.process_time() - began) * 1000)
    return found


def main() -> None:
    """Measure and print medians and the worst run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    texts = [path.read_bytes() for path in sorted(FOLDER.glob("*.yaml")) + sorted(FOLDER.glob("regions/*/*.yaml"))]
    with tempfile.TemporaryDirectory() as folder:
        place, key = Path(folder) / "compiled", b"benchmark"
        for region in REGIONS:
            ConfigurationCache(place, key).load(FOLDER, region, Problems())

        def kept() -> None:
            cache = ConfigurationCache(place, key)
            for region in REGIONS:
                cache.load(FOLDER, region, Problems())

        told = {
            "floor: YAML alone": _milliseconds(lambda: [yaml.load(text, yaml.CSafeLoader) for text in texts], runs),
            "four regions, cold": _milliseconds(_cold, runs),
            "four regions, kept": _milliseconds(kept, runs),
        }
    for name, times in told.items():
        print(f"{name:20} median {statistics.median(times):7.1f} ms   worst {max(times):7.1f} ms")


if __name__ == "__main__":
    main()
