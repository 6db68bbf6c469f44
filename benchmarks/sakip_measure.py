"""Times achievements: processor time of the pure part, from facts in memory to numbers with bands or reasons.

    python -m benchmarks.sakip_measure [--indicators 10000]

Every indicator is measured over eight spans: four quarters, three to date, the year. The floor does the same divisions
in binary numbers, rounds and looks a band up, without exactness, completeness or reasons; only the ratio inside one
run counts. Goal: 80,000 achievements within 3 s on one processor.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction

from config import ROOT
from engine.definitions.problems import Problems
from sakip.configuration.folder import load
from sakip.configuration.measurement import Measurement
from sakip.judged import Achievement
from sakip.measure import Facts, Reported, measure
from sakip.plan import Indicator
from sakip.values import Range, Target

YEAR = 2025
QUARTERS = ("q1", "q2", "q3", "q4")
SPANS = (*QUARTERS, "to_q2", "to_q3", "to_q4", "year")
NUMERIC = ("maximise", "minimise_ratio", "minimise_difference", "reduction", "precision", "range")
GRADES = ("D", "C", "CC", "B", "BB", "A", "AA")
ENDS = {"q1": (3, 31), "q2": (6, 30), "q3": (9, 30), "q4": (12, 31)}
STARTS = (0.0, 75.0, 100.0)

Subject = tuple[Indicator, Facts]


def subjects(count: int) -> list[Subject]:
    """Indicators of every method with their facts, the same at every run; one quarter in twenty is still empty."""
    chance = random.Random(20251231)
    return [_graded(chance) if number % 10 == 9 else _numeric(chance, number) for number in range(count)]


def _numeric(chance: random.Random, number: int) -> Subject:
    method = NUMERIC[number % len(NUMERIC)]
    consolidation = ("last", "sum", "average", "maximum")[number % 4]
    aims = {key: Fraction(chance.randrange(100, 99_999), 100) for key in (*QUARTERS, "year")}
    targets: dict[str, Target] = (
        {key: Range(aim, aim + 10) for key, aim in aims.items()} if method == "range" else dict(aims)
    )
    realisations = {
        key: Reported(aims[key] * Fraction(chance.randrange(50, 131), 100)) for key in QUARTERS if chance.randrange(20)
    }
    return Indicator("number", method, consolidation=consolidation), Facts(targets, realisations)


def _graded(chance: random.Random) -> Subject:
    grade = chance.choice(GRADES[2:])
    return (
        Indicator("sakip", "grade", due_in=("q4",)),
        Facts({"q4": grade, "year": grade}, {"q4": Reported(chance.choice(GRADES))}),
    )


def measured(rules: Measurement, given: Sequence[Subject]) -> Counter[str]:
    """Every indicator over every span; how often each band and each reason came out."""
    found: Counter[str] = Counter()
    days = {span: date(YEAR, *ENDS.get(span.removeprefix("to_"), (12, 31))) for span in SPANS}
    for indicator, facts in given:
        for span in SPANS:
            result = measure(rules, indicator, facts, span, days[span])
            found[result.band.key if isinstance(result, Achievement) else result.code] += 1
    return found


def plain(pairs: Sequence[tuple[float, float]]) -> Counter[int]:
    """The floor: the same number of divisions, roundings and bands, in binary numbers."""
    found: Counter[int] = Counter()
    for target, realisation in pairs:
        for _ in SPANS:
            value = round(realisation / target * 100, 2)
            found[bisect_right(STARTS, value)] += 1
    return found


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--indicators", type=int, default=10_000)
    count = parser.parse_args().indicators
    rules = load(ROOT / "sakip_config", None, Problems()).measurement(YEAR)
    if rules is None:
        raise SystemExit(f"sakip_config holds no measurement of {YEAR}")
    given = subjects(count)
    floor = _seconds(lambda: plain([(250.5, 260.75)] * count))
    found: Counter[str] = Counter()
    spent = _seconds(lambda: found.update(measured(rules, given)))
    print(f"achievements      {sum(found.values()):>9,}")
    print(f"measured          {spent:>9.2f} s")
    print(f"each              {spent / sum(found.values()) * 1e6:>9.1f} µs")
    print(f"floor             {floor:>9.2f} s   ratio {spent / floor:.0f}")
    print("outcomes          ", ", ".join(f"{key} {number:,}" for key, number in found.most_common()))


if __name__ == "__main__":
    main()
