"""The indicators a unit answers for, as choices of a field or as rows of a table of any case type (reference §3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from engine.field_types.question import Context
from engine.field_types.table import ROW_KEY
from sakip.facts.due import answered_for, names_of, reporting_unit
from sakip.facts.evidence import units_above
from sakip.facts.reports import number_of, target_text
from sakip.facts.self_registered import register_place
from sakip.facts.subjects import held_on, indicators_of
from sakip.facts.targets import targets_on
from sakip.spans import YEAR
from sakip.standing import today_in

EARLIEST, LATEST = 2000, 2099


def indicators(session: Session, region_id: int, context: Context, values: Mapping[str, Any]) -> Any:
    """For ``options_from`` (asked without values) a map of keys to names; for ``rows_from`` a row an indicator with its
    key, name, unit of measure and target of the year.

    ``year`` is that of ``with``, else of the case's answer of that name, else today's; ``of`` the case's unit and
    ``unit`` a chosen one near it, else the unit of the case. They are those of the nearest unit upwards that has any:
    of its agreements of the year, otherwise of its tree; of the region's own unit those of the region.
    """
    scope = context.scope
    today = today_in(session, region_id) if scope is None or scope.today is None else scope.today
    answered = None if scope is None else scope.answers.get("year")
    year = year_meant(values.get("year", answered)) or today.year
    case_unit = number_of(values.get("of", None if scope is None else scope.unit))
    unit = reporting_unit(session, region_id, case_unit, number_of(values.get("unit")))
    day = min(max(today, date(year, 1, 1)), date(year, 12, 31))
    keys = _of_the_nearest(session, region_id, unit, year, day)
    words = names_of(session, region_id, keys, day)
    keys = sorted((key for key in keys if key in words), key=lambda key: words[key][1])
    if not values:
        return {key: {"title": words[key][0]} for key in keys}
    targets = targets_on(session, region_id, keys, year, day)
    held = indicators_of(session, region_id, year, keys)
    return [
        {
            ROW_KEY: key,
            "indicator": words[key][0],
            "unit": (held_on(held[key], day) or held[key][-1]).measured.unit,
            "target": target_text(targets.get(key, {}).get(YEAR)),
        }
        for key in keys
        if key in held
    ]


def _of_the_nearest(session: Session, region_id: int, unit_id: int | None, year: int, day: date) -> list[str]:
    for unit in reversed(units_above(session, unit_id)):
        found = answered_for(session, region_id, register_place(session, unit) if unit == unit_id else unit, year, day)
        if found:
            return found
    return []


def year_meant(given: Any) -> int | None:
    """A performance year as an answer holds it; None for anything else."""
    is_number = isinstance(given, int | Fraction | Decimal) and not isinstance(given, bool)
    return int(given) if is_number and EARLIEST <= given <= LATEST else None
