"""The achievement of an indicator over a span: facts in, a number with its band or a reason out (reference §5, §6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from engine.definitions.model import Text
from sakip import reasons
from sakip.configuration.measurement import PROVISIONAL, REPORTED, VERIFIED, Measurement
from sakip.judged import Result, judge
from sakip.methods import DONE, RANGE, Compared
from sakip.plan import Indicator, Plan, plan
from sakip.reasons import Reason
from sakip.values import NOT_ISSUED, Absence, Milestones, Range, Realisation, Target

UNMARKED = "none"
WHOLE_YEAR = Text("setahun", "the whole year")


@dataclass(frozen=True, slots=True)
class Reported:
    """What was filled in for a period, None for nothing, and whether it is verified already."""

    value: Realisation | Absence | None
    is_verified: bool = True


@dataclass(frozen=True, eq=False, slots=True)
class Facts:
    """The facts of an indicator in a year: targets by period and ``year``, each the one in force on the period's last
    day (§5.8), and what was filled in by period. What is missing or None is empty."""

    targets: Mapping[str, Target | None]
    realisations: Mapping[str, Reported | None]


def measure(rules: Measurement, indicator: Indicator, facts: Facts, span: str, on: date) -> Result:
    """The achievement of ``indicator`` over ``span`` (``q3``, ``to_q3``, ``year``), judged by the bands of ``on``.

    The answer is a number with its band, or the first reason of §6 that holds. Raises UnknownSpan for a span that
    names no period.
    """
    planned = plan(rules, indicator, span)
    if isinstance(planned, Reason):
        return planned
    targets = _targets(planned, facts, planned.targets)
    if isinstance(targets, Reason):
        return targets
    filled = _filled(rules, planned, facts)
    if isinstance(filled, Reason):
        return filled
    is_partial = tuple(filled) != planned.needed
    if is_partial and not planned.is_against_the_year:
        targets = _targets(planned, facts, tuple(filled))
        if isinstance(targets, Reason):
            return targets
    made = _combined(planned, targets, [one.value for one in filled.values()])
    if isinstance(made, Reason):
        return made
    target, realisation = made
    raw = planned.kind.compute(Compared(target, realisation, planned.options, planned.is_whole_year))
    if isinstance(raw, Reason):
        return raw
    if planned.is_graded:
        target, realisation = _grade(planned, target), _grade(planned, realisation)
    return judge(
        rules, raw, on,
        is_provisional=is_partial or _is_marked(rules, filled), is_partial=is_partial,
        target=target, realisation=realisation,
    )  # fmt: skip


def _is_marked(rules: Measurement, filled: Mapping[str, Reported]) -> bool:
    """Whether a figure of these is *Sementara*: it counts what nobody verified yet (§5.13)."""
    may_be = rules.counts == REPORTED and rules.marks.get(REPORTED) != UNMARKED
    return may_be and not all(one.is_verified for one in filled.values())


def _targets(planned: Plan, facts: Facts, keys: tuple[str, ...]) -> list[Target] | Reason:
    found = [facts.targets.get(key) for key in keys]
    targets = [one for one in found if one is not None]
    if len(targets) == len(keys):
        return targets
    if planned.is_against_the_year:
        return Reason(reasons.NO_TARGET, {"periods": (WHOLE_YEAR,)})
    empty = tuple(planned.titles[key] for key, one in zip(keys, found, strict=True) if one is None)
    return Reason(reasons.NO_TARGET, {"periods": empty})


def _filled(rules: Measurement, planned: Plan, facts: Facts) -> dict[str, Reported] | Reason:
    """What counts, by period: of every needed one, or under ``provisional`` of those that are there (§5.7, §5.13)."""
    there: dict[str, Reported] = {}
    missing, waiting = [], []
    for key in planned.needed:
        one = _counting(rules, facts, key)
        if one is None:
            missing.append(key)
        elif one.value is NOT_ISSUED:
            waiting.append(key)
        else:
            there[key] = one
    if waiting:
        return Reason(reasons.NOT_ISSUED, {"periods": tuple(planned.titles[key] for key in waiting)})
    if not missing:
        return there
    if rules.when_incomplete == PROVISIONAL:
        if planned.is_last:
            there = _latest(rules, planned, facts)
        if there:
            return there
    code = reasons.NO_REALISATION if len(planned.due) == 1 else reasons.INCOMPLETE
    unverified = [key for key in missing if (one := facts.realisations.get(key)) is not None and one.value is not None]
    empty = [key for key in missing if key not in unverified]
    named = {"periods": empty, "unverified": unverified}
    return Reason(code, {name: tuple(planned.titles[key] for key in keys) for name, keys in named.items()})


def _counting(rules: Measurement, facts: Facts, key: str) -> Reported | None:
    one = facts.realisations.get(key)
    if one is None or one.value is None or (rules.counts == VERIFIED and not one.is_verified):
        return None
    return one


def _latest(rules: Measurement, planned: Plan, facts: Facts) -> dict[str, Reported]:
    for key in reversed(planned.due):
        one = _counting(rules, facts, key)
        if one is not None and one.value is not NOT_ISSUED:
            return {key: one}
    return {}


def _combined(planned: Plan, targets: Sequence[Any], realisations: Sequence[Any]) -> tuple[Any, Any] | Reason:
    """Target and realisation as one value each, once all of them are of the right kind and fit the method."""
    if planned.is_graded and not planned.scale:
        return Reason(reasons.NO_SCALE, {"unit": planned.unit.title})
    aimed = [planned.read_target(one) for one in targets]
    reached = [planned.read_realisation(one) for one in realisations]
    wrong = [one for one in (*aimed, *reached) if isinstance(one, Reason)]
    if wrong:
        return next((one for one in wrong if one.code == reasons.WRONG_KIND), wrong[0])
    if planned.kind.takes == DONE and isinstance(aimed[-1], Milestones):
        foreign = sorted(set().union(*reached) - aimed[-1].weights.keys())
        if foreign:
            return Reason(reasons.WRONG_KIND, {"value": tuple(foreign)})
    fits = planned.kind.fits
    if fits is not None and not all(fits(one) for one in aimed):
        return Reason(reasons.TARGET_DOES_NOT_FIT, {"method": planned.method.title})
    if planned.refuses_negative and planned.kind.takes != DONE:
        negative = [one for one in _numbers(planned, (*aimed, *reached)) if one.numerator < 0]
        if negative:
            return Reason(reasons.NEGATIVE_VALUE, {"value": negative[0]})
    return _one(planned, aimed), _one(planned, reached)


def _numbers(planned: Plan, values: Sequence[Any]) -> Sequence[Fraction]:
    if planned.kind.takes != RANGE:
        return values
    return [end for one in values for end in ((one.low, one.high) if isinstance(one, Range) else (one,))]


def _one(planned: Plan, values: Sequence[Any]) -> Any:
    """Several values as one: of ranges, their ends each (§5.6)."""
    if len(values) == 1:
        return values[0]
    if isinstance(values[0], Range):
        return Range(planned.combine([one.low for one in values]), planned.combine([one.high for one in values]))
    return planned.combine(values)


def _grade(planned: Plan, score: Fraction) -> str:
    return next(grade for grade, value in (planned.scale or {}).items() if value == score)
