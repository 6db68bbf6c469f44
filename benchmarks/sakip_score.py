"""Times evaluations: processor time of the scores of many units over their tiers, from answers in memory.

    python -m benchmarks.sakip_score [--units 50] [--tiers 3]

Every unit answers the shipped worksheet in every tier, differently each time; the scores of the tiers become a result
with its predicate. The floor adds the same weights and shares as binary numbers, without framework or reasons; only the
ratio inside one run counts. Goals: 50 units × 78 criteria × 3 tiers within 0.5 s; a tree of 20,000 nodes checked
within 1 s.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
from collections import Counter
from collections.abc import Callable
from fractions import Fraction

from config import ROOT
from engine.definitions.problems import Problems
from sakip.configuration.evaluation import UNIT, Evaluation
from sakip.configuration.folder import Configuration, load
from sakip.reasons import Reason
from sakip.score import Scored, judge, score
from sakip.shares import Given
from sakip.tiers import result
from sakip.tree.integrity import findings
from sakip.tree.values import Indicator, Node, Tree
from sakip.worksheet import worksheet

YEAR = 2025
NODES = 20_000
Sheets = list[dict[str, dict[str, Given]]]  # a unit: tier -> path -> answer


def sheets(evaluation: Evaluation, units: int, tiers: int) -> Sheets:
    """The answers of all units, the same at every run."""
    chance = random.Random(20251231)
    questions = [one for section in worksheet(evaluation, UNIT, None) for one in section.questions]
    names = [tier.key for tier in evaluation.tiers.values() if tier.answers == "criteria"][:tiers]

    def answer(shares: tuple[str, ...], pieces: tuple[str, ...] | None) -> Given:
        return chance.choice(shares) if pieces is None else [one for one in pieces if chance.randrange(4)]

    return [
        {name: {one.path: answer(tuple(one.shares), one.pieces) for one in questions} for name in names}
        for _ in range(units)
    ]


def scored(evaluation: Evaluation, given: Sheets) -> Counter[str]:
    """Every tier of every unit scored, and the predicate of their result; how often each came out."""
    found: Counter[str] = Counter()
    for tiers in given:
        scores: dict[str, Fraction | None] = {}
        for tier, answers in tiers.items():
            one = score(evaluation, UNIT, None, answers)
            scores[tier] = one.score if isinstance(one, Scored) else None
        whole = result(evaluation, scores)
        found[whole.code if isinstance(whole, Reason) else judge(evaluation, whole.score).predicate.key] += 1
    return found


def plain(evaluation: Evaluation, given: Sheets) -> float:
    """The floor: the same sums in binary numbers; a piece of evidence counts as half the answer."""
    total = 0.0
    for section in worksheet(evaluation, UNIT, None):
        weight = float(section.sub.weight) / (len(section.questions) or 1)
        for one in section.questions:
            shares = {key: float(share) for key, share in one.shares.items()}
            for tiers in given:
                for answers in tiers.values():
                    answer = answers[one.path]
                    total += weight * (shares[answer] if isinstance(answer, str) else 0.5)
    return total


def tree(count: int) -> Tree:
    """A tree of a region's size: units with goals, objectives, programmes, activities."""
    nodes = [Node("v", "vision"), Node("m", "mission", parent="v"), Node("g", "goal", parent="m", owner="head")]
    nodes.append(Node("o", "objective", parent="g", owner="head", indicators=(Indicator("io", "Nilai"),)))
    levels = ("agency_goal", "agency_objective", "programme_outcome", "activity_output")
    for number in range(count - len(nodes)):
        level = number % len(levels)
        parent = "o" if level == 0 else f"n{number - 1}"
        rows = tuple(Indicator(f"i{number}-{at}", f"Indikator {number} {at}", weight=Fraction(50)) for at in (1, 2))
        nodes.append(
            Node(
                f"n{number}",
                levels[level],
                f"unit{number % 50}",
                parent,
                f"Sasaran {number}",
                owner="head",
                indicators=rows,
            )
        )
    return Tree(nodes)


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    began = time.process_time()
    work()
    return time.process_time() - began


def _tree(configuration: Configuration) -> None:
    levels = configuration.levels(YEAR)
    if levels is None:
        raise SystemExit(f"sakip_config holds no levels of {YEAR}")
    given = tree(NODES)
    spent = _seconds(lambda: findings(levels, given, configuration.measurement(YEAR)))
    print(f"tree of {NODES:,} nodes checked {spent:>6.2f} s")


def _region(region: str | None, units: int, tiers: int) -> None:
    evaluation = load(ROOT / "sakip_config", region, Problems()).evaluation(YEAR)
    if evaluation is None:
        raise SystemExit(f"sakip_config holds no evaluation of {YEAR}")
    given = sheets(evaluation, units, tiers)
    answers = sum(len(sheet) for unit in given for sheet in unit.values())
    floor = _seconds(lambda: plain(evaluation, given))
    outcomes: Counter[str] = Counter()
    spent = _seconds(lambda: outcomes.update(scored(evaluation, given)))
    said = ", ".join(f"{key} {number}" for key, number in outcomes.most_common())
    print(f"{region or 'base':<24} {answers:>7,} answers {spent:>6.3f} s   ratio {spent / floor:>4.0f}   {said}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=50)
    parser.add_argument("--tiers", type=int, default=3)
    asked = parser.parse_args()
    for region in (None, *_regions()):
        _region(region, asked.units, asked.tiers)
    _tree(load(ROOT / "sakip_config", None, Problems()))


def _regions() -> list[str]:
    folder = ROOT / "sakip_config" / "regions"
    return sorted(one.name for one in folder.iterdir() if (one / "lke_2025.yaml").exists()) if folder.exists() else []


if __name__ == "__main__":
    main()
