"""The achievement of one indicator over a span (reference §5, §6).

s_sum_to_date:
  kind: achievement
  given:
    method: maximise
    consolidation: sum
    targets: {q1: 4, q2: 6, q3: 7, q4: 8, year: 25}
    realisations: {q1: 4, q2: 5, q3: 9}
    span: to_q3
  expect: {value: "105.88", band: reached}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.definitions.model import Text
from sakip import written_values
from sakip.configuration.folder import Configuration
from sakip.configuration.heads import MEASUREMENT
from sakip.configuration.measurement import NUMBER, Measurement, Period, PeriodSet
from sakip.judged import as_row
from sakip.measure import Facts, Reported, measure
from sakip.plan import Indicator
from sakip.spans import YEAR, UnknownSpan
from sakip.vectors import VectorFault, day_of, kind, year_of

YEARLY = "yearly"
_WHOLE = Period("y", 10, Text("Tahunan", "Yearly"), (12, 31), None)


@kind("achievement", MEASUREMENT)
def run(given: Mapping[str, Any], configuration: Configuration) -> Mapping[str, Any]:
    """The printed value, its band, whether it was limited or is provisional, or the reason."""
    rules = measurement_of(given, configuration)
    is_yearly = "targets" not in given and "realisations" not in given
    if is_yearly:
        rules = with_a_yearly_set(rules)
    indicator = _indicator(given, is_yearly)
    facts = _facts(given, rules, indicator, is_yearly)
    try:
        result = measure(rules, indicator, facts, str(given.get("span", YEAR)), day_of(given))
    except UnknownSpan as fault:
        raise VectorFault(str(fault)) from fault
    return as_row(result)


def measurement_of(given: Mapping[str, Any], configuration: Configuration) -> Measurement:
    """How the vector's year is measured; of a year no file governs, how the next one is, or the last.

    A vector may ask about a day before any bands hold. Raises VectorFault when the folder measures nothing.
    """
    year = year_of(given)
    rules = configuration.measurement(year)
    if rules is not None:
        return rules
    models = [file.model for file in configuration.measurements]
    if not models:
        raise VectorFault(f"no measurement governs {year}")
    return next((model for model in models if model.head.first_year > year), models[-1])


def with_a_yearly_set(rules: Measurement) -> Measurement:
    """The same rules with a set of one period, in which a vector with one target and one realisation is measured."""
    periods = {**rules.periods, YEARLY: PeriodSet(YEARLY, _WHOLE.title, {_WHOLE.key: _WHOLE})}
    return replace(rules, periods=periods)


def _indicator(given: Mapping[str, Any], is_yearly: bool) -> Indicator:
    due_in = given.get("due_in")
    return Indicator(
        unit=str(given.get("unit", NUMBER)),
        method=_name(given, "method"),
        direction=_name(given, "direction"),
        consolidation=_name(given, "consolidation"),
        basis=_name(given, "basis"),
        periods=YEARLY if is_yearly else _name(given, "periods"),
        due_in=None if due_in is None or is_yearly else tuple(str(one) for one in due_in),
    )


def _facts(given: Mapping[str, Any], rules: Measurement, indicator: Indicator, is_yearly: bool) -> Facts:
    unit = rules.units.get(indicator.unit)
    kind_of_unit = unit.kind if unit is not None else NUMBER
    if is_yearly:
        aimed = written_values.target(kind_of_unit, given.get("target"))
        reached = written_values.realisation(kind_of_unit, given.get("realisation"))
        return Facts({_WHOLE.key: aimed, YEAR: aimed}, {_WHOLE.key: Reported(reached)})
    targets, realisations = _map(given, "targets"), _map(given, "realisations")
    return Facts(
        {key: written_values.target(kind_of_unit, one) for key, one in targets.items()},
        {key: Reported(written_values.realisation(kind_of_unit, one)) for key, one in realisations.items()},
    )


def _name(given: Mapping[str, Any], key: str) -> str | None:
    return None if given.get(key) is None else str(given[key])


def _map(given: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = given.get(key) or {}
    if not isinstance(found, Mapping):
        raise VectorFault(f"{key}: not a map of periods")
    return found
