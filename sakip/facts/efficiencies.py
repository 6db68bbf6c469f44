"""Efficiency of indicators, goals, units and the region, where a region switched it on (reference §5.15).

Achievement is compared with the budget of the whole year, so there is a figure only where achievement is held against
the whole year as well: over the year, and to date under ``target_basis: year``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, select, true
from sqlalchemy.orm import Session

from sakip.aggregate import efficiency
from sakip.configuration import measurement as rules_of
from sakip.configuration.measurement import ACHIEVEMENT, EFFICIENCY, Measurement
from sakip.facts.asking import parts
from sakip.facts.budget import Budgets, ProgrammeBudget, absorption
from sakip.facts.computing import INDICATOR, NODE, Line
from sakip.facts.models import ResultRow
from sakip.facts.result_rows import write_lines
from sakip.facts.rulebook import Rulebook
from sakip.facts.stored_results import Stored, from_stored
from sakip.facts.subjects import HeldIndicator, held_on, indicators_of
from sakip.judged import Achievement, Result
from sakip.reasons import Reason
from sakip.spans import TO, YEAR

UNMARKED = "none"
Units = Collection[int | None]


def recompute_efficiency(session: Session, region_id: int, year: int, units: Units | None, now: datetime) -> None:
    """Write the efficiency of everything in some units and of the region itself (None: of all), from the achievements
    that are stored and the budgets; frozen rows stay, and rows of a figure that is off go."""
    session.flush()
    lines = list(efficiency_lines(session, region_id, year, units))
    if lines:
        write_lines(session, region_id, year, lines, now, EFFICIENCY)
    _drop_others(session, region_id, year, units, lines)


def efficiency_lines(
    session: Session, region_id: int, year: int, units: Units | None = None, book: Rulebook | None = None,
    lines: Iterable[Line] | None = None,
) -> Iterator[Line]:  # fmt: skip
    """The same without writing anything; ``book`` says by what is measured, if not by what counts, and ``lines`` are
    achievements to begin from, if not those that are stored."""
    book = book or Rulebook(session, region_id)
    judged = dict(_judged_spans(book, year))
    if not judged:
        return
    if lines is None:
        achieved = _achievements(session, region_id, year, list(judged), units)
    else:
        achieved = [one for one in lines if one.span in judged]
    nodes = _nodes(session, region_id, year, achieved)
    money = Budgets(session, region_id, year, book=book)  # those of the region are of every unit
    for one in achieved:
        day, rules = judged[one.span]
        made = _of(rules, day, one.result, _programmes(money, one, nodes.get(one.subject)))
        yield Line(one.kind, one.subject, one.unit, one.span, made, rules.head.digest)


def _drop_others(session: Session, region_id: int, year: int, units: Units | None, kept: list[Line]) -> None:
    """Take away what is told no longer: where nothing is achieved any more, or where the figure was switched off."""
    spans = Rulebook(session, region_id).spans(year)  # with them the index finds the few rows of a unit
    places = {(line.kind, line.subject, line.span) for line in kept}
    query = select(ResultRow.id, ResultRow.subject_kind, ResultRow.subject, ResultRow.span).where(
        ResultRow.region_id == region_id, ResultRow.year == year, ResultRow.span.in_(spans),
        ResultRow.figure == EFFICIENCY, ResultRow.frozen_at.is_(None),
    )  # fmt: skip
    gone = [
        row_id
        for among in _among(units)
        for row_id, *place in session.execute(query.where(among))
        if tuple(place) not in places
    ]
    for part in parts(gone):
        session.execute(delete(ResultRow).where(ResultRow.id.in_(part)))


def _judged_spans(book: Rulebook, year: int) -> Iterator[tuple[str, tuple[date, Measurement]]]:
    """The spans efficiency is told over, with their last day and what is measured by then."""
    for span in book.spans(year):
        judged = book.judged(year, span)
        if judged is None or judged.rules.bands_on(EFFICIENCY, judged.day) is None:
            continue
        day, rules = judged
        if span == YEAR or (span.startswith(TO) and rules.target_basis == rules_of.YEAR):
            yield span, (day, rules)


def _of(rules: Measurement, day: date, achieved: Result, programmes: tuple[ProgrammeBudget, ...]) -> Result:
    """Achievement less absorption, or why one of them is not known; it keeps both as what was compared."""
    if isinstance(achieved, Reason):
        return achieved
    spent = absorption(programmes)
    if isinstance(spent, Reason):
        return spent
    made = efficiency(rules, achieved.exact, spent, day)
    if not isinstance(made, Achievement):
        return made
    is_unverified = any(one.is_unverified for one in programmes) and rules.marks.get(rules_of.REPORTED) != UNMARKED
    return replace(
        made, is_provisional=achieved.is_provisional or is_unverified, is_partial=achieved.is_partial,
        realisation=achieved.exact, target=spent,
    )  # fmt: skip


def _programmes(money: Budgets, one: Line, node: str | None) -> tuple[ProgrammeBudget, ...]:
    """The budget behind a subject: of its goal's programmes, of its unit, of all units."""
    if one.kind in (INDICATOR, NODE):
        return () if node is None else money.of_node(node, one.span, one.unit)
    return money.of_unit(one.unit, one.span)


def _nodes(session: Session, region_id: int, year: int, achieved: Sequence[Line]) -> dict[str, str]:
    """By subject the node whose programmes count: of an indicator the one it stands under, of a node itself."""
    found = {one.subject: one.subject for one in achieved if one.kind == NODE}
    keys = list(dict.fromkeys(one.subject for one in achieved if one.kind == INDICATOR))
    return found | nodes_of_indicators(session, region_id, year, keys)


def nodes_of_indicators(session: Session, region_id: int, year: int, keys: list[str]) -> dict[str, str]:
    """The node each indicator stands under at the end of a year, or the last it stood under."""
    versions: Mapping[str, list[HeldIndicator]] = indicators_of(session, region_id, year, keys)
    ends = date(year, 12, 31)
    return {key: (held_on(those, ends) or those[-1]).node for key, those in versions.items()}


def _achievements(session: Session, region_id: int, year: int, spans: list[str], units: Units | None) -> list[Line]:
    """The stored achievements over some spans."""
    found = []
    row = ResultRow
    query = select(
        row.subject_kind, row.subject, row.unit_id, row.span, row.numerator, row.denominator, row.shown, row.band,
        row.tone, row.reason, row.because, row.is_provisional, row.details,
    ).where(row.region_id == region_id, row.figure == ACHIEVEMENT, row.year == year, row.span.in_(spans))  # fmt: skip
    for among in _among(units):
        for kind, subject, unit, span, *columns in session.execute(query.where(among)):
            found.append(Line(kind, subject, unit, span, from_stored(Stored(*columns)), ""))
    return found


def _among(units: Units | None) -> Iterator[ColumnElement[bool]]:
    if units is None:
        yield true()
        return
    yield ResultRow.unit_id.is_(None)
    for part in parts(sorted(one for one in units if one is not None)):
        yield ResultRow.unit_id.in_(part)
