"""How one kind of indicator is measured over a span, decided before any value is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from engine.definitions.model import Text
from sakip import kinds_of_value, reasons, spans
from sakip.configuration.measurement import GRADE, MILESTONES, NUMBER, PERCENT, YES_NO, Measurement, Method, Unit
from sakip.configuration.measurement import YEAR as BASIS_YEAR
from sakip.consolidations import CONSOLIDATIONS, ConsolidationKind
from sakip.kinds_of_value import Read
from sakip.methods import COMPUTE, DONE, GRADED, METHODS, NEGATIVE_OPTION, PLAIN, RANGE, MethodKind
from sakip.reasons import Reason

UNITS_A_TARGET_TAKES = {
    PLAIN: frozenset({NUMBER, PERCENT, GRADE}),
    RANGE: frozenset({NUMBER, PERCENT}),
    GRADED: frozenset({NUMBER, PERCENT, GRADE}),  # without a scale it says so (`no_scale`)
    DONE: frozenset({YES_NO, MILESTONES}),
}
UNITS_WITHOUT_A_WORD = {  # a method that names no units takes those its kind is made for
    PLAIN: (NUMBER, PERCENT),
    RANGE: (NUMBER, PERCENT),
    GRADED: (GRADE,),
    DONE: (YES_NO, MILESTONES),
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """What of an indicator decides its measure: keys of the configuration, None where it says nothing.

    ``basis`` is ``to_date`` or ``year``, ``due_in`` the periods of its set it is measured in (None: all of them).
    """

    unit: str
    method: str | None = None
    direction: str | None = None
    consolidation: str | None = None
    basis: str | None = None
    periods: str | None = None
    due_in: tuple[str, ...] | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """The decisions. ``needed`` are the due periods a full figure takes, ``targets`` the keys of the targets it is
    compared with (a period, or ``year``); ``scale`` turns grades into scores (None: there is none)."""

    unit: Unit
    method: Method
    kind: MethodKind
    combine: Callable[[Sequence[Fraction]], Fraction]
    is_last: bool
    due: tuple[str, ...]
    needed: tuple[str, ...]
    targets: tuple[str, ...]
    is_whole_year: bool
    refuses_negative: bool
    is_graded: bool
    scale: Mapping[str, Fraction] | None
    read_target: Read
    read_realisation: Read
    titles: Mapping[str, Text]

    @property
    def options(self) -> Mapping[str, Any]:
        """The options of the method."""
        return self.method.options

    @property
    def is_against_the_year(self) -> bool:
        """Whether the target is the year's."""
        return self.targets == (spans.YEAR,)


@lru_cache(maxsize=8192)
def plan(rules: Measurement, indicator: Indicator, span: str) -> Plan | Reason:
    """How ``indicator`` is measured over ``span``, or the first reason why it cannot be, whatever its values (§6).

    Raises UnknownSpan for a span that names no period.
    """
    method = method_of(rules, indicator)
    if isinstance(method, Reason):
        return method
    unit = _unit(rules, indicator, method)
    if isinstance(unit, Reason):
        return unit
    chosen = indicator.periods or rules.default_periods
    window = spans.window(rules, chosen, indicator.due_in, span)
    consolidation = _consolidation(rules, indicator, unit, window)
    if isinstance(consolidation, Reason):
        return consolidation
    titles = {key: one.title for key, one in rules.periods[chosen].items.items()} if chosen in rules.periods else {}
    if not window.due:
        due = tuple(titles[key] for key in titles if indicator.due_in is None or key in indicator.due_in)
        return Reason(reasons.NOT_DUE, {"due": due})
    return _decided(rules, indicator, method, unit, window, consolidation, titles)


def _decided(
    rules: Measurement,
    indicator: Indicator,
    method: Method,
    unit: Unit,
    window: spans.Window,
    consolidation: ConsolidationKind,
    titles: Mapping[str, Text],
) -> Plan:
    kind = METHODS.values()[method.kind]
    scale = rules.scales.get(unit.scale) if unit.scale else None
    has_basis_year = (indicator.basis or rules.target_basis) == BASIS_YEAR
    needed = window.due[-1:] if consolidation.is_last else window.due
    is_against_year = window.kind == spans.YEAR or (window.kind == spans.TO_DATE and has_basis_year)
    read_target, read_realisation = _readers(kind, unit, scale or {})
    return Plan(
        unit=unit,
        method=method,
        kind=kind,
        combine=consolidation.combine,
        is_last=consolidation.is_last,
        due=window.due,
        needed=needed,
        targets=(spans.YEAR,) if is_against_year else needed,
        is_whole_year=window.kind == spans.YEAR or has_basis_year,
        refuses_negative=method.options.get(NEGATIVE_OPTION.name, NEGATIVE_OPTION.default) != COMPUTE,
        is_graded=unit.kind == GRADE or kind.takes == GRADED,
        scale=scale,
        read_target=read_target,
        read_realisation=read_realisation,
        titles=titles,
    )


def method_of(rules: Measurement, indicator: Indicator) -> Method | Reason:
    """The method an indicator names or its direction means here, or ``no_method`` (§5.1)."""
    named, direction = indicator.method, indicator.direction
    if named is None and direction is not None:
        named = rules.directions.get(direction)  # never the name itself: a direction may be called like a method
    method = rules.methods.get(named) if named is not None else None
    if method is None or method.kind not in METHODS.values():
        return Reason(reasons.NO_METHOD, {"method": named or direction})
    return method


def _unit(rules: Measurement, indicator: Indicator, method: Method) -> Unit | Reason:
    takes = METHODS.values()[method.kind].takes
    unit = rules.units.get(indicator.unit)
    allowed = method.units or UNITS_WITHOUT_A_WORD[takes]
    if unit is None or unit.kind not in allowed or unit.kind not in UNITS_A_TARGET_TAKES[takes]:
        return _wrong_kind(indicator, unit, method.title)
    return unit


def _consolidation(
    rules: Measurement, indicator: Indicator, unit: Unit, window: spans.Window
) -> ConsolidationKind | Reason:
    if window.kind == spans.ONE:
        return CONSOLIDATIONS.values()["last"]  # one value is its own consolidation
    found = rules.consolidations.get(indicator.consolidation or rules.default_consolidation)
    kind = CONSOLIDATIONS.values().get(found.kind) if found is not None else None
    if found is None or kind is None or unit.kind not in (found.units or kind.units) or unit.kind not in kind.units:
        return _wrong_kind(indicator, unit, found.title if found is not None else indicator.consolidation)
    return kind


def _readers(kind: MethodKind, unit: Unit, scale: Mapping[str, Fraction]) -> tuple[Read, Read]:
    if unit.kind == GRADE or kind.takes == GRADED:
        score = kinds_of_value.graded(scale)
        return score, score
    if kind.takes == DONE:
        if unit.kind == YES_NO:
            return kinds_of_value.yes_or_no, kinds_of_value.yes_or_no
        return kinds_of_value.steps, kinds_of_value.steps_done
    return kinds_of_value.ends if kind.takes == RANGE else kinds_of_value.number, kinds_of_value.number


def _wrong_kind(indicator: Indicator, unit: Unit | None, rule: Text | str | None) -> Reason:
    return Reason(reasons.WRONG_KIND, {"unit": indicator.unit if unit is None else unit.title, "rule": rule})
