"""Times the what-if: processor time of the cheapest way of many units, from answers in memory.

    python -m benchmarks.sakip_whatif [--units 50] [--region kota_bandung]

Every unit answers the shipped worksheet about as well as its own level, differently each time, and asks for the way to
the next predicate, and then to the highest one, which costs most. The floor spends the same cost on the same criteria
in binary numbers, without needs, framework or anything to tell; only the ratio inside one run counts.
Goals, to the next predicate: one unit 50 ms in the median, 150 ms at worst; 50 units 1 s; with three further ways 2 s.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable

from config import ROOT
from engine.definitions.problems import Problems
from sakip.configuration.evaluation import UNIT, Evaluation
from sakip.configuration.folder import load
from sakip.configuration.whatif import WhatIf
from sakip.reasons import Reason
from sakip.shares import Given
from sakip.whatif.model import Answer, Wish
from sakip.whatif.ways import cheapest
from sakip.worksheet import Question, worksheet

YEAR = 2025
FURTHER = (0, 3)
Sheet = dict[str, Given]


def sheets(evaluation: Evaluation, units: int) -> list[Sheet]:
    """The answers of all units, the same at every run."""
    chance = random.Random(20251231)
    questions = [one for section in worksheet(evaluation, UNIT, None) for one in section.questions]
    return [
        {one.path: _answer(chance, one, level) for one in questions}
        for level in (chance.uniform(0.35, 0.95) for _ in range(units))
    ]


def _answer(chance: random.Random, question: Question, level: float) -> Given:
    if question.pieces is not None:
        return [one for one in question.pieces if chance.random() < level]
    near = chance.gauss(level, 0.2)
    return min(question.shares, key=lambda key: abs(float(question.shares[key]) - near))


def plain(found: list[Answer], evaluation: Evaluation) -> float:
    """The floor: for each unit one table cost -> points over all criteria, up to the cost of its way."""
    steps = [(cost, 0.5) for cost in (1, 2, 3, 4)]
    number = sum(len(section.questions) for section in worksheet(evaluation, UNIT, None))
    total = 0.0
    for answer in found:
        table = [0.0] * (answer.way.cost + 1)
        for _ in range(number):
            for place in range(len(table) - 1, 0, -1):
                table[place] = max(
                    [table[place], *(table[place - cost] + gain for cost, gain in steps if cost <= place)]
                )
        total += table[-1]
    return total


def asked(evaluation: Evaluation, whatif: WhatIf, given: list[Sheet], wish: Wish) -> tuple[list[Answer], list[float]]:
    """The answers of all units, and the seconds each took."""
    found: list[Answer] = []
    seconds = []
    gc.collect()
    for sheet in given:
        began = time.process_time()
        answer = cheapest(evaluation, whatif, UNIT, None, sheet, wish)
        seconds.append(time.process_time() - began)
        if not isinstance(answer, Reason):
            found.append(answer)
    return found, seconds


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    began = time.process_time()
    work()
    return time.process_time() - began


def _region(region: str | None, units: int) -> None:
    configuration = load(ROOT / "sakip_config", region, Problems())
    evaluation, whatif = configuration.evaluation(YEAR), configuration.whatif(YEAR)
    if evaluation is None or whatif is None:
        raise SystemExit(f"sakip_config holds no evaluation or what-if of {YEAR}")
    given = sheets(evaluation, units)
    for goal in ("next", evaluation.predicate.rows[-1].key):
        for further in FURTHER:
            found, seconds = asked(evaluation, whatif, given, Wish(goal=goal, alternatives=further))
            floor = _seconds(lambda answers=found: plain(answers, evaluation))
            costs = Counter(one.way.cost for one in found if one.is_reachable)
            print(
                f"{region or 'base':<16} to {goal:<5} {further} further {len(found):>4} units {sum(seconds):>6.2f} s"
                f"   median {statistics.median(seconds) * 1000:>5.1f} ms   worst {max(seconds) * 1000:>5.1f} ms"
                f"   floor {floor:>5.2f} s   costs {min(costs, default=0)}–{max(costs, default=0)}"
            )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=50)
    parser.add_argument("--region", action="append")
    given = parser.parse_args()
    regions = given.region or [path.name for path in sorted((ROOT / "sakip_config" / "regions").iterdir())]
    for region in (None, *regions):
        _region(region, given.units)


if __name__ == "__main__":
    main()
