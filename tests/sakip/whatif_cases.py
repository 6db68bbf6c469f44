"""Rubrics, answers and questions made by chance, and what they mean read straight from the reference.

Nothing here uses ``sakip.whatif`` but its values: two solvers in the tests answer the same questions from this.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from engine.definitions.model import Text
from sakip.bands import Band, Bands
from sakip.configuration.evaluation import (
    Answer,
    Asked,
    Component,
    Criterion,
    Evaluation,
    FrameworkRule,
    ResultRule,
    Scale,
    SubComponent,
)
from sakip.configuration.heads import EVALUATION, WHATIF, Head
from sakip.configuration.whatif import Effort, WhatIf
from sakip.rounding import Rounding
from sakip.shares import Given
from sakip.whatif.model import Wish

NAME = Text("Contoh", "Example")
SCALES = {
    "a_to_e": (1, ("1", "0.75", "0.5", "0.25", "0")),
    "a_to_d": (1, ("1", "0.66", "0.33", "0")),
    "yes_no": (1, ("1", "0")),
    "quarters": (4, ("4", "3", "2", "1", "0")),
    "uneven": (2, ("2", "1.5", "0.5")),
    "grades": (100, ("100", "90", "80", "70", "60", "50", "30", "0")),
}
COUNTS = (1, 2, 3, 4, 5, 6)
STARTS = ((0, 30, 50, 60, 70, 80, 90), (0, 40, 65, 85), (0, 55, 75))


@dataclass(frozen=True)
class Case:
    """One question."""

    evaluation: Evaluation
    whatif: WhatIf
    answers: Mapping[str, Given]
    wish: Wish


@dataclass(frozen=True)
class Size:
    """How much a case may hold."""

    components: int
    subs: int
    criteria: int
    scales: tuple[str, ...] = tuple(SCALES)
    is_alike: bool = False  # criteria of a sub-component hardly differ


SMALL = Size(2, 3, 2, ("a_to_d", "yes_no", "uneven", "quarters"))
LINKED = Size(1, 5, 2, ("a_to_d", "yes_no", "uneven"))
LACED = Size(1, 6, 1, ("a_to_d", "yes_no", "yes_no"))
MIDDLE = Size(4, 4, 5)


def a_case(seed: int, size: Size) -> Case:
    """The case of a seed, the same at every run."""
    chance = Random(seed)
    scales = {key: _scale(key) for key in size.scales}
    components = _components(chance, size, scales)
    rows = chance.choice(STARTS)
    bands = Bands(
        Fraction(0),
        Fraction(100),
        chance.choice(("lower", "upper")),
        None,
        tuple(Band(f"p{at}", Fraction(start), None, "plain", f"P{at}") for at, start in enumerate(rows)),
    )
    rounding = Rounding(
        chance.choice((0, 1, 2, 2)),
        chance.choice(("half_up", "half_even")),
        chance.choice(("rounded",) * 3 + ("exact",)),
    )
    evaluation = Evaluation(
        _head(EVALUATION, "lke_2025"), "lke_evaluation", ("region", "unit"), bands, rounding, scales, {}, {},
        components, tuple(_framework(chance, components)), {}, ResultRule("tier", ("self",), {}, "refuse"), None,
    )  # fmt: skip
    whatif = _whatif(chance, evaluation, 0.05 if size.is_alike else 0.3)
    answers = {
        one.path: _answer(chance, one, sub) for sub in evaluation.sub_components() for one in sub.criteria.values()
    }
    answers |= {
        sub.path: chance.choice(list(sub.scale.answers))
        for sub in evaluation.sub_components()
        if sub.scoring == "graded" and sub.scale
    }
    wish = Wish(
        chance.choice([row.key for row in bands.rows[1:]] * 2 + ["next"]),
        Fraction(chance.choice((0, 0, 0, 1)), chance.choice((1, 2, 20))),
        chance.choice((None, None, None, 10)),
        tuple(path for path in answers if chance.random() < 0.06),
        3,
    )
    return Case(evaluation, whatif, answers, wish)


def _head(schema: str, key: str) -> Head:
    return Head(schema, key, "1.0.0", NAME, (), 2025, 2025, {}, {}, f"{key}.yaml", key)


def _scale(key: str) -> Scale:
    full, values = SCALES[key]
    answers = {f"{key}_{at}": Answer(f"{key}_{at}", Fraction(value), None) for at, value in enumerate(values)}
    return Scale(key, Fraction(full), None, answers)


def _components(chance: Random, size: Size, scales: Mapping[str, Scale]) -> dict[str, Component]:
    numbers = [
        chance.randint((size.subs + 1) // 2 if size.components == 1 else 1, size.subs)
        for _ in range(chance.randint(1, size.components))
    ]
    weights = iter(_weights(chance, sum(numbers)))
    found: dict[str, Component] = {}
    for at, number in enumerate(numbers):
        key = f"c{at}"
        subs = {
            f"s{place}": _sub(chance, size, scales, f"{key}.s{place}", place, next(weights)) for place in range(number)
        }
        found[key] = Component(key, at, NAME, sum((sub.weight for sub in subs.values()), Fraction(0)), subs)
    return found


def _weights(chance: Random, number: int) -> list[Fraction]:
    """Weights that add up to 100, some of them with a half, once in a while one of zero."""
    raw = [chance.choice((0, 1, 2, 3, 4, 6)) if chance.random() < 0.2 else chance.randint(1, 6) for _ in range(number)]
    raw[0] = raw[0] or 1
    halves = [200 * one // sum(raw) for one in raw]
    halves[0] += 200 - sum(halves)
    return [Fraction(one, 2) for one in halves]


def _sub(
    chance: Random, size: Size, scales: Mapping[str, Scale], path: str, order: int, weight: Fraction
) -> SubComponent:
    scoring = chance.choice(("average", "average", "points", "weighted", "graded"))
    scale = scales[chance.choice(list(scales))]
    is_evidence = scoring != "graded" and chance.random() < 0.2
    number = chance.choice([one for one in COUNTS if one <= size.criteria])
    criteria: dict[str, Criterion] = {}
    for at in range(number):
        needs = f"q{chance.randrange(at)}" if at and chance.random() < 0.35 else None
        own = scales[chance.choice(list(scales))] if not size.is_alike and chance.random() < 0.2 else scale
        points = Fraction(1 if size.is_alike else chance.randint(1, 4), chance.choice((1, 2)))
        evidence = tuple(Asked(f"e{piece}", (0,)) for piece in range(chance.randint(1, 3)))
        criteria[f"q{at}"] = Criterion(
            f"q{at}", f"{path}.q{at}", at, NAME, chance.random() < 0.95 or number == 1, ("region", "unit"), None, own,
            None if scoring in ("average", "graded") else points,
            needs, chance.choice((None, None, "full", "leave_out")), is_evidence, evidence,
        )  # fmt: skip
    if not any(one.is_active for one in criteria.values()):
        criteria = {key: _active(one) for key, one in criteria.items()}
    return SubComponent(path.partition(".")[2], path, order, NAME, weight, scoring, scale, is_evidence, criteria)


def _active(one: Criterion) -> Criterion:
    return Criterion(
        one.key, one.path, one.order, one.title, True, one.subjects, one.unit_types, one.scale, one.points, one.needs,
        one.not_applicable, one.is_answered_by_evidence, one.evidence,
    )  # fmt: skip


def _framework(chance: Random, components: Mapping[str, Component]) -> list[FrameworkRule]:
    found = []
    for component in components.values():
        subs = [sub.path for sub in component.sub_components.values()]
        for at in range(1, len(subs)):
            if chance.random() < 0.7:
                by = tuple(sorted(chance.sample(subs[:at], chance.randint(1, at))))
                then = chance.choice(("cap", "cap", "refuse", "warn"))
                found.append(FrameworkRule(subs[at].replace(".", "_"), subs[at], by, then))
    return found


def _whatif(chance: Random, evaluation: Evaluation, own: float) -> WhatIf:
    def effort(weeks: tuple[int, ...] = (2, 8, 12)) -> Effort:
        return Effort(chance.choice((1, 1, 2, 3, 5)), chance.choice(weeks), chance.choice((None, "bappeda")))

    subs = [sub.path for sub in evaluation.sub_components()]
    criteria = [one.path for sub in evaluation.sub_components() for one in sub.criteria.values()]
    return WhatIf(
        _head(WHATIF, "cheapest_way"), "lke_2025", Fraction(0), "self", None, "next", None, effort(),
        chance.choice((1, 2, 2, 3)), effort(), {path: effort() for path in subs if chance.random() < 0.6},
        {path: effort() for path in criteria if chance.random() < own}, (), 3,
    )  # fmt: skip


def _answer(chance: Random, one: Criterion, sub: SubComponent) -> Given:
    if (
        one.not_applicable
        and chance.random() < 0.3
        and not (one.not_applicable == "leave_out" and len(sub.criteria) < 3)
    ):
        return "na" if one.not_applicable == "full" or one.key == "q1" else _typed(chance, one)
    return _typed(chance, one)


def _typed(chance: Random, one: Criterion) -> Given:
    if one.is_answered_by_evidence:
        return [piece for piece in one.pieces() if chance.random() < 0.5] or "none"
    assert one.scale is not None
    keys = list(one.scale.answers)
    return chance.choice(keys[1:] or keys)


# -- what a case means ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rung:
    """A place on the ladder of a question: its share, what it costs to get there from today."""

    share: Fraction
    cost: int


@dataclass(frozen=True)
class Ladder:
    """A question that counts: the part of its sub-component it carries, its rungs from today upwards, what it needs."""

    path: str
    part: Fraction
    rungs: tuple[Rung, ...]
    needs: str | None


def ladders(case: Case) -> dict[str, list[Ladder]]:
    """The questions by sub-component, in the order of the worksheet."""
    return {sub.path: _of(case, sub) for sub in case.evaluation.sub_components()}


def _of(case: Case, sub: SubComponent) -> list[Ladder]:
    if sub.scoring == "graded":
        assert sub.scale is not None
        return [Ladder(sub.path, Fraction(1), _climb(case, sub, sub.path, sub.scale), None)]
    asked = [one for one in sub.criteria.values() if one.is_active]
    asked = [one for one in asked if not (case.answers[one.path] == "na" and one.not_applicable == "leave_out")]
    points = {one.key: Fraction(1) if sub.scoring == "average" else one.points or Fraction(0) for one in asked}
    whole = sum(points.values(), Fraction(0))
    return [
        Ladder(
            one.path,
            points[one.key] / whole,
            _pieces(case, one) if one.is_answered_by_evidence else _climb(case, sub, one.path, one.scale),
            f"{sub.path}.{one.needs}" if one.needs in points else None,
        )
        for one in asked
    ]


def _climb(case: Case, sub: SubComponent, path: str, scale: Scale | None) -> tuple[Rung, ...]:
    assert scale is not None
    given = case.answers[path]
    if given == "na":
        return (Rung(Fraction(1), 0),)
    own = scale.share(str(given))
    effort = case.whatif.criteria.get(path, case.whatif.sub_components.get(sub.path, case.whatif.default))
    rungs = [Rung(own, 0)]
    for better in sorted(one.value / scale.full for one in scale.answers.values() if one.value / scale.full > own):
        cost = effort.step * (case.whatif.last_step if better == 1 else 1)
        rungs.append(Rung(better, rungs[-1].cost + cost))
    return tuple(rungs if _offered(case, path, effort.weeks) else rungs[:1])


def _pieces(case: Case, one: Criterion) -> tuple[Rung, ...]:
    given = case.answers[one.path]
    of = len(one.pieces())
    if given == "na":
        return (Rung(Fraction(1), 0),)
    have = 0 if given == "none" else len(set(given or ()) & set(one.pieces()))
    effort = case.whatif.evidence_item
    rungs = [Rung(Fraction(have + more, of), more * effort.step) for more in range(of - have + 1)]
    return tuple(rungs if _offered(case, one.path, effort.weeks) else rungs[:1])


def _offered(case: Case, path: str, weeks: int) -> bool:
    left = case.wish.weeks_left
    fixed = any(path == one or path.startswith(f"{one}.") for one in case.wish.fixed)
    return not fixed and (left is None or weeks <= left)


def is_allowed(rows: Sequence[Ladder], levels: Sequence[int]) -> bool:
    """Whether no raised question stands above the one it needs."""
    shares = {row.path: row.rungs[level].share for row, level in zip(rows, levels, strict=True)}
    return all(
        not level or row.needs is None or row.rungs[level].share <= shares[row.needs]
        for row, level in zip(rows, levels, strict=True)
    )


def total(case: Case, shares: Mapping[str, Fraction]) -> Fraction:
    """The score of raw shares of sub-components, after the framework."""
    counted: dict[str, Fraction] = {}
    for sub in case.evaluation.sub_components():
        counted[sub.path] = shares[sub.path]
        for rule in case.evaluation.framework:
            if rule.limits == sub.path and rule.then != "warn":
                counted[sub.path] = min(counted[sub.path], *(counted[one] for one in rule.by))
    return sum((sub.weight * counted[sub.path] for sub in case.evaluation.sub_components()), Fraction(0))


def is_there(case: Case, score: Fraction, goal: str) -> bool:
    """Whether a score is judged as the goal's lowest printable score with the margin, or better."""
    rounding, bands = case.evaluation.rounding, case.evaluation.predicate
    step = Fraction(1, 10**rounding.places)
    row = next(one for one in bands.rows if one.key == goal)
    lowest = next(
        at * step for at in itertools.count(int(row.start or 0) * 10**rounding.places) if bands.of(at * step) is row
    )
    return rounding.judged(score) >= lowest + (case.wish.margin or 0)
