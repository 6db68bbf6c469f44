"""One indicator over the years, with whose numbers they are: a unit that was split, merged or renamed makes a break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from sakip.configuration.measurement import ACHIEVEMENT
from sakip.due_indicators import stored_of, value_cell
from sakip.facts.computing import INDICATOR
from sakip.facts.models import ResultRow
from sakip.facts.stored_values import realisation_from_plain, target_from_plain
from sakip.listing import Cell
from sakip.looking import Filters, Viewer, to_dates
from sakip.spans import YEAR
from sakip.tree.moving import trend_of
from sakip.tree.successions import Succession, TrendYear

MOST_YEARS = 10


@dataclass(frozen=True, slots=True)
class Break:
    """Where the line is interrupted: the kind of change, its day, the names of the units until then."""

    kind: str
    on: date
    before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A year: whose numbers they are, the whole year's target and realisation, its printed achievement and tone
    (None and "" without one), and the breaks before it."""

    year: int
    units: tuple[str, ...]
    target: Cell
    realisation: Cell
    shown: str | None
    tone: str
    breaks: tuple[Break, ...]


def indicator_trend(
    session: Session, viewer: Viewer, key: str, unit_id: int | None, until: int
) -> tuple[TrendPoint, ...]:
    """The years up to ``until`` that have a result, oldest first, and those in which its unit changed. Whether the
    indicator is the viewer's to look at was asked before."""
    rows = {
        row.year: row
        for row in session.scalars(
            select(ResultRow).where(
                ResultRow.region_id == viewer.region_id, ResultRow.figure == ACHIEVEMENT, ResultRow.span == YEAR,
                ResultRow.subject_kind == INDICATOR, ResultRow.subject == key, ResultRow.year <= until,
                ResultRow.year > until - MOST_YEARS,
            )
        )
    }  # fmt: skip
    if not rows:
        return ()
    years = range(min(rows), until + 1)
    names = {one.key: one.name for one in viewer.organisation.units.values()}
    unit = None if unit_id is None else viewer.organisation.units.get(unit_id)
    whose = (
        [TrendYear(year, (), ()) for year in years]
        if unit is None
        else trend_of(session, viewer.region_id, unit.key, years)
    )
    return tuple(_point(one, rows.get(one.year), names) for one in whose if one.year in rows or one.is_break)


def realised_so_far(
    session: Session, viewer: Viewer, filters: Filters, keys: Sequence[str]
) -> dict[str, list[Fraction]]:  # fmt: skip
    """By indicator its realisations to date in the spans of the year up to the one looked at, where they are plain
    numbers. Whether the indicators are the viewer's to look at was asked before."""
    spans = to_dates(viewer, filters.year)
    if filters.span in spans:
        spans = spans[: spans.index(filters.span) + 1]
    if not keys or not spans:
        return {}
    query = select(ResultRow.subject, ResultRow.span, ResultRow.details).where(
        ResultRow.region_id == viewer.region_id, ResultRow.figure == ACHIEVEMENT, ResultRow.year == filters.year,
        ResultRow.span.in_(spans), ResultRow.subject_kind == INDICATOR, ResultRow.subject.in_(keys),
    )  # fmt: skip
    found: dict[str, dict[str, Fraction]] = {}
    for subject, span, details in session.execute(query):
        plain = (details or {}).get("realisation")
        if isinstance(plain, str):
            found.setdefault(subject, {})[span] = Fraction(plain)
    return {key: [told[span] for span in spans if span in told] for key, told in found.items()}


def _point(whose: TrendYear, row: ResultRow | None, names: dict[str, str]) -> TrendPoint:
    details = {} if row is None else stored_of(row).details
    target, realisation = details.get("target"), details.get("realisation")
    return TrendPoint(
        whose.year, tuple(names.get(key, key) for key in whose.units),
        None if target is None else value_cell(target_from_plain(target)),
        None if realisation is None else value_cell(realisation_from_plain(realisation)),
        None if row is None else row.shown, "" if row is None else row.tone or "",
        tuple(_break(one, names) for one in whose.breaks),
    )  # fmt: skip


def _break(one: Succession, names: dict[str, str]) -> Break:
    return Break(one.kind, one.on, tuple(names.get(key, key) for key in one.predecessors))
