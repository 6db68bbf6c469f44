"""The indicators the dashboards speak of: those of unit heads' agreements, with their result over a span."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.bands import Bands
from sakip.configuration.measurement import ACHIEVEMENT
from sakip.facts.computing import INDICATOR, span_day
from sakip.facts.models import AgreementRow, ResultRow
from sakip.facts.stored_results import Stored, from_stored
from sakip.facts.stored_values import realisation_from_plain, target_from_plain
from sakip.facts.subjects import INDIVIDUAL
from sakip.listing import NUMBER, Column, Item
from sakip.looking import Filters, Viewer
from sakip.reasons import NOT_DUE, Reason
from sakip.shown_values import shown_value
from sakip.tree.models import IndicatorRow

COLUMNS = (
    Column("indicator", Text("Indikator", "Indicator")),
    Column("unit", Text("Perangkat daerah", "Unit")),
    Column("is_key", Text("Indikator kinerja utama", "Key indicator")),
    Column("realisation", Text("Realisasi", "Realisation"), NUMBER),
    Column("target", Text("Target", "Target"), NUMBER),
    Column("achievement", Text("Capaian (%)", "Achievement (%)"), NUMBER),
    Column("band", Text("Kategori", "Band")),
    Column("state", Text("Keterangan", "Note")),
)
KEYS: tuple[tuple[str, type], ...] = (("place", int), ("name", str), ("subject", str))  # the order of such a list
YES, PROVISIONAL = Text("ya", "yes"), Text("sementara", "provisional")


def units_of(viewer: Viewer, filters: Filters, column: Any) -> list[ColumnElement[bool]]:
    """Conditions that keep rows to the viewer's units and to the unit asked for."""
    found = []
    if viewer.unit_ids is not None:
        found.append(column.in_(sorted(viewer.unit_ids)))
    if filters.unit is not None:
        found.append(column.in_(sorted(viewer.below(filters.unit))))
    return found


def head_rows(viewer: Viewer, filters: Filters) -> list[ColumnElement[bool]]:
    """Conditions over `AgreementRow`: agreements in force of unit heads in the year, of the units asked for.

    The positions are the region's; the sum keeps SQLite from reading all rows of the region instead of theirs."""
    return [
        AgreementRow.region_id + 0 == viewer.region_id, AgreementRow.year == filters.year,
        AgreementRow.ended_on.is_(None), AgreementRow.position_id.in_(viewer.head_positions()),
        AgreementRow.kind != INDIVIDUAL, *units_of(viewer, filters, AgreementRow.unit_id),
    ]  # fmt: skip


def head_indicators(viewer: Viewer, filters: Filters) -> Select[str]:
    """The keys of those indicators."""
    return select(AgreementRow.indicator_key).where(*head_rows(viewer, filters))


def result_rows(viewer: Viewer, filters: Filters) -> list[ColumnElement[bool]]:
    """Conditions over `ResultRow`: the results of those indicators over the span, found by their keys."""
    return [
        ResultRow.region_id == viewer.region_id, ResultRow.figure == ACHIEVEMENT, ResultRow.year == filters.year,
        ResultRow.span == filters.span, ResultRow.subject_kind == INDICATOR,
        ResultRow.subject.in_(head_indicators(viewer, filters)),
    ]  # fmt: skip


def due(viewer: Viewer, filters: Filters) -> Select[*tuple[Any, ...]]:
    """One row an indicator that is due over the span: its result, ``unit_id``, ``name``, ``is_key`` and ``place`` (0 a
    key indicator). The filters ``band``, ``tone``, ``reason`` and ``key`` narrow it."""
    standing = and_(
        IndicatorRow.region_id == viewer.region_id, IndicatorRow.key == ResultRow.subject,
        IndicatorRow.valid_to.is_(None),
    )  # fmt: skip
    found: Select[*tuple[Any, ...]] = (
        select(
            ResultRow.subject, ResultRow.unit_id, func.coalesce(IndicatorRow.name, ResultRow.subject).label("name"),
            func.coalesce(IndicatorRow.is_key, False).label("is_key"),
            case((IndicatorRow.is_key, 0), else_=1).label("place"),
            ResultRow.numerator, ResultRow.denominator, ResultRow.shown, ResultRow.band, ResultRow.tone,
            func.coalesce(ResultRow.reason, "").label("reason"), ResultRow.because, ResultRow.is_provisional,
            ResultRow.details, ResultRow.computed_at,
        )
        .outerjoin(IndicatorRow, standing)
        .where(*result_rows(viewer, filters), func.coalesce(ResultRow.reason, "") != NOT_DUE)
    )  # fmt: skip
    for name, column in (("band", ResultRow.band), ("tone", ResultRow.tone), ("reason", ResultRow.reason)):
        if filters.get(name):
            found = found.where(column == filters.get(name))
    if filters.get("key") == "yes":
        found = found.where(IndicatorRow.is_key)
    return found


def stored_of(row: Any) -> Stored:
    """What `ResultRow` keeps, of a row of such a query."""
    return Stored(
        row.numerator, row.denominator, row.shown, row.band, row.tone, row.reason or None, row.because,
        bool(row.is_provisional), row.details,
    )  # fmt: skip


def bands_of(viewer: Viewer, filters: Filters) -> Bands | None:
    """The bands that judge achievement on the last day of the span."""
    rules = viewer.configuration.measurement(filters.year)
    day = None if rules is None else span_day(rules, None, filters.span, filters.year)
    return None if rules is None or day is None else rules.bands_on(ACHIEVEMENT, day)


def band_title(viewer: Viewer, filters: Filters, band: str) -> Text:
    """A band in words, its key where the file has none."""
    bands = bands_of(viewer, filters)
    for row in () if bands is None else bands.rows:
        if row.key == band and row.title is not None:
            return row.title
    return Text(band, band)


def item_of(viewer: Viewer, filters: Filters, row: Any) -> Item:
    """One indicator as a line."""
    stored = stored_of(row)
    cells: dict[str, Any] = {
        "indicator": row.name, "unit": viewer.unit_name(row.unit_id), "is_key": YES if row.is_key else None,
    }  # fmt: skip
    result = from_stored(stored)
    if isinstance(result, Reason):
        cells |= {"state": result.sentence}
        return Item(cells, ("indicator", row.subject))
    for name, read in (("target", target_from_plain), ("realisation", realisation_from_plain)):
        plain = stored.details.get(name)
        cells[name] = None if plain is None else value_cell(read(plain))
    cells |= {"achievement": _number(stored.shown), "band": band_title(viewer, filters, stored.band or "")}
    cells["state"] = PROVISIONAL if stored.is_provisional else None
    return Item(cells, ("indicator", row.subject), stored.tone or "")


def value_cell(value: Any) -> Any:
    """A target or realisation as a cell: a number stays one, the rest in words."""
    return value if isinstance(value, Fraction) else shown_value(value)


def _number(shown: str | None) -> Fraction | None:
    return None if shown is None else Fraction(shown)


def lines(viewer: Viewer, filters: Filters) -> Any:
    """How rows of such a query become lines."""

    def make(session: Session, rows: Sequence[Any]) -> list[Item]:  # noqa: ARG001
        return [item_of(viewer, filters, row) for row in rows]

    return make
