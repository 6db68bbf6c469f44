"""The cheapest way against integer programming (HiGHS) on rubrics and answers made by chance (§9.5, §9.6, §9.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

import highspy

from sakip.reasons import Reason
from sakip.score import Scored, score
from sakip.shares import Given
from sakip.whatif.goals import threshold
from sakip.whatif.model import Answer, Way
from sakip.whatif.ways import cheapest
from tests.sakip.whatif_cases import MIDDLE, Case, Ladder, a_case, ladders

CASES = 200
FURTHER = 2  # further ways the solver is asked for too, in every fifth case
Terms = list[tuple[int, float]]


@dataclass
class Programme:
    """A question as an integer programme: one 0/1 column a rung, one column a counted share, costs and points."""

    highs: highspy.Highs
    cost: Terms
    points: Terms
    spends: dict[str, Terms]
    scale: int  # points are scaled so that two different scores differ by 1 at least

    def least(self, terms: Terms, *, maximise: bool = False) -> float | None:
        """The least (or greatest) value of a sum, None when nothing fits."""
        columns = self.highs.getNumCol()
        for column in range(columns):
            self.highs.changeColCost(column, 0.0)
        for column, factor in terms:
            self.highs.changeColCost(column, factor)
        sense = highspy.ObjSense.kMaximize if maximise else highspy.ObjSense.kMinimize
        self.highs.changeObjectiveSense(sense)
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return float(self.highs.getInfo().objective_function_value)

    def demand(self, terms: Terms, low: float, high: float = highspy.kHighsInf) -> None:
        """A row: low ≤ sum ≤ high."""
        self.highs.addRow(low, high, len(terms), [one for one, _ in terms], [float(factor) for _, factor in terms])

    def column(self, high: float, *, is_whole: bool = False) -> int:
        """A new column from 0."""
        self.highs.addVar(0.0, high)
        number = int(self.highs.getNumCol()) - 1
        if is_whole:
            self.highs.changeColIntegrality(number, highspy.HighsVarType.kInteger)
        return number


def programme(case: Case) -> Programme:
    subs = ladders(case)
    weights = {sub.path: sub.weight for sub in case.evaluation.sub_components()}
    scale = scale_of(case)
    highs = highspy.Highs()
    highs.silent()
    highs.setOptionValue("threads", 1)
    for name in ("mip_rel_gap", "mip_abs_gap"):
        highs.setOptionValue(name, 0.0)
    highs.setOptionValue("mip_feasibility_tolerance", 1e-9)
    highs.setOptionValue("primal_feasibility_tolerance", 1e-9)
    found = Programme(highs, [], [], {}, scale)
    counted: dict[str, int] = {}
    for path, rows in subs.items():
        spend, share, start = _rows(found, rows)
        found.spends[path] = spend
        found.cost += spend
        column = counted[path] = found.column(1.0)
        found.demand([(column, 1.0), *((one, -factor) for one, factor in share)], -highspy.kHighsInf, float(start))
        for rule in case.evaluation.framework:
            if rule.limits == path and rule.then != "warn":
                for by in rule.by:
                    found.demand([(column, 1.0), (counted[by], -1.0)], -highspy.kHighsInf, 0.0)
        found.points.append((column, float(weights[path] * scale)))
    return found


def scale_of(case: Case) -> int:
    """What makes every score a whole number."""
    unit = lcm(
        *((row.part * rung.share).denominator for rows in ladders(case).values() for row in rows for rung in row.rungs)
    )
    return unit * lcm(*(sub.weight.denominator for sub in case.evaluation.sub_components()))


def _rows(found: Programme, rows: Sequence[Ladder]) -> tuple[Terms, Terms, Fraction]:
    """Columns and rows of one sub-component: what is spent, what the share gains, the share today."""
    columns = {row.path: [found.column(1.0, is_whole=True) for _ in row.rungs[1:]] for row in rows}
    by_path = {row.path: row for row in rows}
    spend: Terms = []
    share: Terms = []
    for row in rows:
        own = columns[row.path]
        if own:
            found.demand([(one, 1.0) for one in own], 0.0, 1.0)
        for column, rung in zip(own, row.rungs[1:], strict=True):
            spend.append((column, float(rung.cost)))
            share.append((column, float(row.part * (rung.share - row.rungs[0].share))))
            if row.needs is not None:
                needed = by_path[row.needs]
                if needed.rungs[0].share < rung.share:
                    high = [
                        (one, -1.0)
                        for one, other in zip(columns[row.needs], needed.rungs[1:], strict=True)
                        if other.share >= rung.share
                    ]
                    found.demand([(column, 1.0), *high], -highspy.kHighsInf, 0.0)
    return spend, share, sum((row.part * row.rungs[0].share for row in rows), Fraction(0))


def solved(case: Case, goal: str, number: int) -> list[tuple[int, int]]:
    """Cost and score (times scale) of the first ways, one after the other as §9.6 says; empty when out of reach."""
    found = programme(case)
    aim = threshold(case.evaluation, goal, case.wish.margin or Fraction(0)).whole(found.scale)
    found.demand(found.points, aim - 0.5)
    listed: list[tuple[int, int]] = []
    while len(listed) < number:
        least = found.least(found.cost)
        if least is None:
            break
        cost = round(least)
        found.demand(found.cost, 0.0, cost + 0.5)
        best = found.least(found.points, maximise=True)
        assert best is not None
        listed.append((cost, round(best)))
        values = found.highs.getSolution().col_value
        found.highs.changeRowBounds(found.highs.getNumRow() - 1, 0.0, highspy.kHighsInf)
        _spend_less(
            found, {path: round(sum(values[one] * cost for one, cost in terms)) for path, terms in found.spends.items()}
        )
    return listed


def _spend_less(found: Programme, spent: Mapping[str, int]) -> None:
    """From now on at least one sub-component spends less than here."""
    somewhere: Terms = []
    for path, cost in spent.items():
        if cost:
            less = found.column(1.0, is_whole=True)
            most = sum(factor for _, factor in found.spends[path])
            found.demand([*found.spends[path], (less, most - cost + 1)], -highspy.kHighsInf, most)
            somewhere.append((less, 1.0))
    found.demand(somewhere, 1.0) if somewhere else found.demand([(found.column(0.0), 1.0)], 1.0)


def furthest(case: Case) -> tuple[int, int]:
    """The best score (times scale) and its least cost."""
    found = programme(case)
    best = found.least(found.points, maximise=True)
    assert best is not None
    found.demand(found.points, round(best) - 0.5)
    least = found.least(found.cost)
    assert least is not None
    return round(least), round(best)


def test_9_5_and_9_8_the_ways_are_those_of_integer_programming() -> None:
    kinds = {"there": 0, "reached": 0, "out of reach": 0}
    for seed in range(1, CASES + 1):
        case = a_case(seed, MIDDLE)
        further = 0 if seed % 5 else FURTHER
        case = replace(case, wish=replace(case.wish, alternatives=further))
        found = cheapest(case.evaluation, case.whatif, "region", None, case.answers, case.wish)
        assert not isinstance(found, Reason), seed
        scale = scale_of(case)
        ways = [(way.cost, way.score * scale) for way in (found.way, *found.alternatives)]
        assert ways == (solved(case, found.goal, 1 + further) if found.is_reachable else [furthest(case)]), seed
        if not found.is_reachable:
            assert solved(case, found.goal, 1) == [], seed
        kinds[_kind(found)] += 1
        for way in (found.way, *found.alternatives):
            _is_what_it_says(case, way)
    assert (
        sum(kinds.values()) == CASES
        and kinds["reached"] >= 100
        and kinds["out of reach"] >= 10
        and kinds["there"] >= 10
    ), kinds


def _kind(found: Answer) -> str:
    return "out of reach" if not found.is_reachable else "reached" if found.way.cost else "there"


def _is_what_it_says(case: Case, way: Way) -> None:
    """Taking the steps leads to the score, by the scorer of the worksheet; the sums are right."""
    answers: dict[str, Given] = dict(case.answers)
    for step in way.steps:
        answers[step.path] = _raised(case, step.path, step.end)
    scored = score(case.evaluation, "region", None, answers)
    assert isinstance(scored, Scored)
    assert scored.score == way.score
    assert sum(step.cost for step in way.steps) == way.cost == sum(way.spends.values())
    begun = score(case.evaluation, "region", None, case.answers)
    assert isinstance(begun, Scored)
    assert sum((step.adds for step in way.steps), begun.score) == way.score


def _raised(case: Case, path: str, end: str) -> Given:
    number, slash, _of = end.partition("/")
    if not slash:
        return end
    criterion = next(
        one for sub in case.evaluation.sub_components() for one in sub.criteria.values() if one.path == path
    )
    return list(criterion.pieces()[: int(number)])
