"""An action plan as its case holds it: the targets of periods it sets, proposed from today's and looked at (§3.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.field_types.sources import RowFault
from engine.field_types.table import ROW_KEY
from sakip.configuration.measurement import Measurement
from sakip.facts.due import agreed_indicators, names_of, reporting_unit
from sakip.facts.evidence import units_above
from sakip.facts.reports import UNKNOWN_ROW, number_of, said_beside, target_text
from sakip.facts.rulebook import Rulebook
from sakip.facts.subjects import indicators_of
from sakip.facts.targets import targets_on
from sakip.plan import Indicator, plan
from sakip.reasons import Reason
from sakip.spans import YEAR
from sakip.tree.models import IndicatorRow
from sakip.tree.target_text import NoTarget, target_of_text, text_of_target
from sakip.values import Target

NO_TARGET = "no_target"
TARGETS = "targets"  # the table of the form
# What periods are called in the shipped files: a plan made before a region renamed them is drawn as it was meant.
SHIPPED = ("q1", "q2", "q3", "q4", "s1", "s2", "y", *(f"m{number:02}" for number in range(1, 13)))


def period_columns(rules: Measurement | None) -> tuple[str, ...]:
    """The columns of a plan that are targets of a period: they are called as the measurement calls its periods."""
    own = () if rules is None else (key for each in rules.periods.values() for key in each.items)
    return tuple(dict.fromkeys((*SHIPPED, *own)))


def planned_rows(
    session: Session, region_id: int, values: Mapping[str, Any], columns: Collection[str], day: date
) -> list[dict[str, Any]]:
    """One row an indicator of the unit's agreements (without any, of its tree): the year's target and those of the
    periods that have one of ``columns``, as they stand on ``day``."""
    keys, year = _asked(session, region_id, values, day)
    if year is None or not keys:
        return []
    aimed = targets_on(session, region_id, keys, year, day)
    names = names_of(session, region_id, keys, day)
    periods = [one for one in period_columns(Rulebook(session, region_id).of_year(year)) if one in columns]
    rows = []
    for key in sorted(aimed, key=lambda one: names[one][1] if one in names else (0, 0, one)):
        found = aimed[key]
        row = {ROW_KEY: key, "indicator": names[key][0] if key in names else key}
        row["year_target"] = target_text(found.get(YEAR)) or ""
        row |= {period: text for period in periods if (text := _text(found.get(period))) is not None}
        rows.append({name: value for name, value in row.items() if value})
    return rows


def check_planned(
    session: Session, region_id: int, values: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], day: date
) -> Iterator[RowFault]:
    """What is wrong with the rows of a plan: an indicator the unit does not answer for, a text that is no target."""
    keys, year = _asked(session, region_id, values, day)
    rules = None if year is None else Rulebook(session, region_id).of_year(year)
    known = {} if year is None else indicators_of(session, region_id, year, keys)
    seen: set[str] = set()
    for place, row in enumerate(rows):
        key = str(row.get(ROW_KEY) or "")
        if key not in keys or key in seen:
            said = Text("Indikator ini bukan milik unit ini.", "This indicator is not the unit's.")
            yield RowFault(place, "indicator", UNKNOWN_ROW, said)
            continue
        seen.add(key)
        for period in period_columns(rules):
            wrong = _fault(rules, known[key][-1].measured if key in known else None, row.get(period))
            if wrong is not None:
                yield RowFault(place, period, NO_TARGET, wrong)


def _fault(rules: Measurement | None, measured: Indicator | None, text: Any) -> Text | None:
    """Why a text is no target of an indicator: it reads as none, or as one of another kind than its method takes."""
    try:
        target = target_of_text(str(text or ""))
    except NoTarget as fault:
        told = fault.reason
        said = str(fault.args[0])
        return said_beside(told) if told else Text(f"Bukan target: {said}.", f"No target: {said}.")
    if target is None or rules is None or measured is None:
        return None
    planned = plan(rules, measured, YEAR)
    read = None if isinstance(planned, Reason) else planned.read_target(target)
    return said_beside(read) if isinstance(read, Reason) else None


def planned_targets(
    known: Sequence[str], rows: Sequence[Mapping[str, Any]], rules: Measurement | None
) -> dict[tuple[str, str], Target | None]:
    """The targets the rows of a plan set, by indicator and period; empty cells and foreign rows set none."""
    periods = period_columns(rules)
    aimed: dict[tuple[str, str], Target | None] = {}
    for row in rows:
        key = str(row.get(ROW_KEY) or "")
        for period in periods if key in known else ():
            try:
                target = target_of_text(str(row.get(period) or ""))
            except NoTarget:
                continue
            if target is not None:
                aimed[(key, period)] = target
    return aimed


def plan_unit(session: Session, region_id: int, case_unit: int | None, chosen: int | None, year: int) -> int | None:
    """The unit a plan is about: the nearest, from the chosen one or the case's own upwards, that has something."""
    return _unit_and_keys(session, region_id, case_unit, chosen, year, date(year, 12, 31))[0]


def plan_indicators(
    session: Session, region_id: int, case_unit: int | None, chosen: int | None, year: int, day: date
) -> list[str]:
    """The indicators such a plan may set targets of."""
    return _unit_and_keys(session, region_id, case_unit, chosen, year, day)[1]


def _asked(session: Session, region_id: int, values: Mapping[str, Any], day: date) -> tuple[list[str], int | None]:
    year = values.get("year")
    if year is None:
        return [], None
    own, chosen = number_of(values.get("of")), number_of(values.get("unit"))
    return plan_indicators(session, region_id, own, chosen, int(year), day), int(year)


def _unit_and_keys(
    session: Session, region_id: int, case_unit: int | None, chosen: int | None, year: int, day: date
) -> tuple[int | None, list[str]]:
    start = reporting_unit(session, region_id, case_unit, chosen)
    for unit in reversed(units_above(session, start)):
        keys = agreed_indicators(session, region_id, unit, year, day) or _of_tree(session, region_id, unit, year)
        if keys:
            return unit, keys
    return start, []


def _of_tree(session: Session, region_id: int, unit_id: int, year: int) -> list[str]:
    query = select(IndicatorRow.key).where(IndicatorRow.region_id == region_id, IndicatorRow.unit_id == unit_id)
    keys = list(dict.fromkeys(session.scalars(query.order_by(IndicatorRow.key))))
    return list(indicators_of(session, region_id, year, keys))


def _text(target: Target | None) -> str | None:
    """A target as a person writes it there."""
    return None if target is None else text_of_target(target)
