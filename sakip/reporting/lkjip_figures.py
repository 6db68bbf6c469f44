"""Chapter III of a performance report in figures: indicators against target, earlier years, plan and nation.

Everything is read as it was computed and stored; only the comparison with the plan and with a national figure is made
here, by the indicator's own method (reference §10).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip import how
from sakip.configuration.measurement import ACHIEVEMENT, EFFICIENCY, Measurement
from sakip.entry import read_text
from sakip.facts.computing import INDICATOR
from sakip.facts.models import ResultRow
from sakip.facts.published_reports import Subject
from sakip.facts.rulebook import Rulebook
from sakip.facts.stored_results import Stored, from_stored
from sakip.facts.stored_values import realisation_from_plain, target_from_plain
from sakip.facts.subjects import HeldIndicator, held_on, indicators_of
from sakip.facts.targets import targets_on
from sakip.judged import Result
from sakip.measure import Facts, Reported, measure
from sakip.plan import Indicator, Plan, plan
from sakip.reasons import NO_METHOD, NO_TARGET, NOT_ISSUED, Reason, named
from sakip.reporting.lkjip_words import both, told
from sakip.spans import YEAR
from sakip.unit_signs import UnitSign, unit_sign
from sakip.values import Range, Realisation, Target

EARLIER_YEARS = 4  # of a plan of five, the years before this one
NOTHING_NAMED: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Known:
    """What the report reads once: results by (figure, year, subject), indicators by year, the year's targets."""

    book: Rulebook
    year: int
    results: Mapping[tuple[str, int, str], ResultRow]
    held: Mapping[int, Mapping[str, HeldIndicator]]
    targets: Mapping[str, Target | None]

    def rules(self, year: int) -> Measurement | None:
        """How a year is measured, by what counts at its end."""
        return self.book.of_year(year)

    def result(self, figure: str, year: int, key: str) -> ResultRow | None:
        """The stored result of an indicator over a whole year."""
        return self.results.get((figure, year, key))


def known_of(session: Session, subject: Subject, keys: Sequence[str]) -> Known:
    """Everything stored about some indicators in the report's year and those before it."""
    years = range(subject.year - EARLIER_YEARS, subject.year + 1)
    query = select(ResultRow).where(
        ResultRow.region_id == subject.region_id, ResultRow.figure.in_((ACHIEVEMENT, EFFICIENCY)),
        ResultRow.year.in_(years), ResultRow.span == YEAR, ResultRow.subject_kind == INDICATOR,
        ResultRow.subject.in_(keys),
    )  # fmt: skip
    results = {(row.figure, row.year, row.subject): row for row in session.scalars(query)}
    held = {}
    for year in years:
        ends = date(year, 12, 31)
        versions = indicators_of(session, subject.region_id, year, list(keys))
        held[year] = {key: held_on(those, ends) or those[-1] for key, those in versions.items()}
    aimed = targets_on(session, subject.region_id, list(keys), subject.year, date(subject.year, 12, 31))
    targets = {key: by_period.get(YEAR) for key, by_period in aimed.items()}
    return Known(Rulebook(session, subject.region_id), subject.year, results, held, targets)


def figure_of(
    row: ResultRow | None, rules: Measurement | None, names: Mapping[str, str] = NOTHING_NAMED,
    measure: UnitSign | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A stored result as the report tells it: target, realisation, printed value and band, or the reason; by which
    rules and when it was computed, and whether it is frozen. ``names`` are those of items a reason tells by key;
    ``measure`` says with how many decimals its target and realisation are shown."""
    if row is None:
        missing = Reason(NO_METHOD if rules is None else "no_realisation")
        return {"shown": None, "band": None, "reason": missing.code, "sentence": both(missing.sentence)}
    stored = stored_of(row)
    result = from_stored(stored, _bands(rules, row.figure, row.year))
    target, realisation = stored.details.get("target"), stored.details.get("realisation")
    found: dict[str, Any] = {
        "target": None if target is None else told(target_from_plain(target), measure),
        "realisation": None if realisation is None else told(realisation_from_plain(realisation), measure),
        "digest": row.digest, "computed_at": row.computed_at.isoformat(), "is_frozen": row.frozen_at is not None,
        "is_provisional": row.is_provisional,
    }  # fmt: skip
    return found | _said(named(result, names) if isinstance(result, Reason) else result)


def stored_of(row: ResultRow) -> Stored:
    """The columns of a row as they make its result."""
    return Stored(
        row.numerator, row.denominator, row.shown, row.band, row.tone, row.reason, row.because, row.is_provisional,
        row.details,
    )  # fmt: skip


def _said(result: Result) -> dict[str, Any]:
    if isinstance(result, Reason):
        return {"shown": None, "band": None, "reason": result.code, "sentence": both(result.sentence)}
    title = result.band.title or Text(result.band.key, result.band.key)
    return {
        "shown": result.shown, "band": result.band.key, "band_title": both(title), "tone": result.tone, "reason": None,
        "sentence": None, "limited": result.limited,
    }  # fmt: skip


def _bands(rules: Measurement | None, figure: str, year: int) -> dict[str, Any] | None:
    bands = None if rules is None else rules.bands_on(figure, date(year, 12, 31))
    return None if bands is None else {one.key: one for one in bands.rows}


def history_of(known: Known, key: str) -> list[dict[str, Any]]:
    """The earlier years of an indicator, oldest first, that have a result. One measured otherwise is a break: it is
    told how, and nothing is compared with it."""
    now = _way(known, known.year, key)
    found = []
    for year in range(known.year - EARLIER_YEARS, known.year):
        row = known.result(ACHIEVEMENT, year, key)
        if row is None:
            continue
        rules, held = known.rules(year), known.held[year].get(key)
        shown = None if held is None else unit_sign(rules, held.measured.unit)
        line = {"year": year, **figure_of(row, rules, measure=shown)}
        before = _way(known, year, key)
        if before is not None and now is not None and before != now:
            line["break"] = both(_in_words(known, year, key))
        else:
            line["change"] = _change(known.result(ACHIEVEMENT, known.year, key), row)
        found.append(line)
    return found


def _way(known: Known, year: int, key: str) -> tuple[Any, ...] | None:
    """What two years have to share to be compared: unit, method with its options, consolidation, basis. What an
    indicator does not say is what the file of the year says."""
    rules, held = known.rules(year), known.held[year].get(key)
    planned = _planned(rules, None if held is None else held.measured)
    if planned is None or held is None or rules is None:
        return None
    method, measured = planned.method, held.measured
    options = tuple(sorted((name, str(value)) for name, value in method.options.items()))
    consolidation, basis = measured.consolidation or rules.default_consolidation, measured.basis or rules.target_basis
    return (measured.unit, method.kind, options, consolidation, basis)


def _planned(rules: Measurement | None, measured: Indicator | None) -> Plan | None:
    if rules is None or measured is None:
        return None
    found = plan(rules, measured, YEAR)
    return None if isinstance(found, Reason) else found


def _in_words(known: Known, year: int, key: str) -> Text:
    rules, held = known.rules(year), known.held[year].get(key)
    return Text("", "") if rules is None or held is None else how.in_words(rules, held.measured)


def _change(now: ResultRow | None, before: ResultRow) -> dict[str, Any] | None:
    """How much the realisation differs from an earlier one; None unless both are numbers."""
    values = [_number(row) for row in (now, before)]
    if values[0] is None or values[1] is None:
        return None
    return told(values[0] - values[1])


def _number(row: ResultRow | None) -> Fraction | None:
    plain = None if row is None or row.reason is not None else (row.details or {}).get("realisation")
    value = None if plain is None else realisation_from_plain(plain)
    return value if isinstance(value, Fraction) else None


def realised(row: ResultRow | None) -> Realisation | Reason:
    """What was reached over the year, or why nobody knows."""
    if row is None:
        return Reason("no_realisation")
    stored = stored_of(row)
    plain = stored.details.get("realisation")
    if plain is not None:
        return realisation_from_plain(plain)
    result = from_stored(stored)
    return result if isinstance(result, Reason) else Reason(NOT_ISSUED)


def against_plan(known: Known, key: str) -> dict[str, Any] | None:
    """The year's realisation held against the target of the plan's last year, by the indicator's method; None for an
    indicator that no plan sets targets for."""
    held = known.held[known.year].get(key)
    if held is None or not held.planned:
        return None
    last = max(held.planned)
    return {"year": last, "target": told(held.planned[last]), **_compared(known, key, held.planned[last])}


def against_nation(known: Known, key: str, text: str, source: str) -> dict[str, Any] | None:
    """The year's realisation held against a national figure as somebody typed it; None where nobody did."""
    held, rules = known.held[known.year].get(key), known.rules(known.year)
    if not text.strip() or held is None or rules is None:
        return None
    unit = rules.units.get(held.measured.unit)
    value = Reason(NO_METHOD) if unit is None else read_text(rules, unit, text)
    found: dict[str, Any] = {"text": text.strip(), "source": source.strip()}
    if isinstance(value, Reason):
        return found | _said(value)
    return found | _compared(known, key, value)


def _compared(known: Known, key: str, target: Target | Realisation) -> dict[str, Any]:
    """What a realisation makes of another target: as the year's, reached in the last due period alone."""
    rules, held = known.rules(known.year), known.held[known.year][key]
    reached = realised(known.result(ACHIEVEMENT, known.year, key))
    if isinstance(reached, Reason) or rules is None:
        return _said(reached if isinstance(reached, Reason) else Reason(NO_METHOD))
    planned = plan(rules, held.measured, YEAR)
    if isinstance(planned, Reason):
        return _said(planned)
    if isinstance(target, frozenset):
        return _said(Reason(NO_TARGET))
    aimed = Range(target, target) if planned.kind.takes == "range" and isinstance(target, Fraction) else target
    period = planned.due[-1]
    facts = Facts({YEAR: aimed}, {period: Reported(reached)})
    once = replace(held.measured, due_in=(period,))
    return _said(measure(rules, once, facts, YEAR, date(known.year, 12, 31)))
