"""The mean of several figures: of a goal, a unit, a region; and efficiency (reference §5.12, §5.15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from engine.definitions.model import Text
from sakip import reasons
from sakip.configuration.measurement import ACHIEVEMENT, EFFICIENCY, Measurement
from sakip.exact import exact_sum
from sakip.judged import Achievement, Result, judge, limit, no_bands
from sakip.reasons import Reason

WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class Item:
    """One figure below: its key, its result, its weight (None: it has none)."""

    key: str
    result: Result
    weight: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Aggregated:
    """A figure of figures: its number or reason, how many items count, of how many."""

    result: Result
    counted: int
    total: int

    @property
    def said(self) -> Text:
        """How many of how many, aloud: "2 dari 3"."""
        return Text(f"{self.counted} dari {self.total}", f"{self.counted} of {self.total}")


def aggregate(rules: Measurement, level: str, items: Sequence[Item], on: date) -> Aggregated:
    """The figure of ``level`` (a key of ``aggregates``) over ``items``, judged by the bands of ``on``.

    Items whose reason the level leaves out stay outside and are counted; any other reason stops the figure. Exact
    values are used, before limits unless the level says ``limited``. Raises KeyError for an unknown level.
    """
    rule = rules.aggregates[level]
    if rules.bands_on(ACHIEVEMENT, on) is None:
        return Aggregated(no_bands(on), 0, len(items))
    counted: list[tuple[Item, Achievement]] = []
    stopped: Reason | None = None
    for item in items:
        if isinstance(item.result, Achievement):
            counted.append((item, item.result))
        elif stopped is None and item.result.code not in rule.leave_out:
            stopped = Reason(reasons.ITEM_NOT_COMPUTABLE, {"item": item.key, "because": item.result})
    total = len(items)
    if stopped is not None:
        return Aggregated(stopped, len(counted), total)
    if not counted:
        return Aggregated(Reason(reasons.NOTHING_TO_AGGREGATE, {"total": total}), 0, total)
    weights = _weights([item for item, _ in counted], rule.by)
    if isinstance(weights, Reason):
        return Aggregated(weights, len(counted), total)
    values = [limit(rules, one.raw)[0] if rule.is_limited else one.raw for _, one in counted]
    mean = exact_sum(values, len(values)) if weights is None else _weighted(values, weights)
    result = judge(
        rules, mean, on,
        is_limited=rule.is_limited,
        is_provisional=any(one.is_provisional for _, one in counted),
        is_partial=any(one.is_partial for _, one in counted),
    )  # fmt: skip
    return Aggregated(result, len(counted), total)


def _weighted(values: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    return exact_sum([value * weight for value, weight in zip(values, weights, strict=True)]) / exact_sum(weights)


def _weights(items: Sequence[Item], by: str) -> list[Fraction] | Reason | None:
    """The weight of each item; None where all count the same."""
    if by != WEIGHT:
        return None
    weights = [item.weight for item in items if item.weight is not None]
    if len(weights) < len(items):
        return Reason(reasons.NO_WEIGHT, {"items": tuple(item.key for item in items if item.weight is None)})
    return weights if sum(weights) > 0 else Reason(reasons.NO_WEIGHT, {"items": tuple(item.key for item in items)})


def efficiency(rules: Measurement, achievement: Fraction, absorption: Fraction, on: date) -> Result:
    """Achievement less absorption of the programmes' budget (both exact, in percent), in points, judged by the bands
    of ``efficiency`` on that day; ``no_bands`` where the figure is off. No limits hold here."""
    return judge(rules, achievement - absorption, on, figure=EFFICIENCY, is_limited=False)
