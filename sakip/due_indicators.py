"""The indicators the dashboards speak of: those of unit heads' agreements, with their result over a span."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, func, select, type_coerce
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.bands import Bands
from sakip.configuration.measurement import ACHIEVEMENT
from sakip.facts.computing import INDICATOR, span_day
from sakip.facts.models import AgreementRow, ResultRow
from sakip.facts.stored_results import Stored, from_stored
from sakip.facts.stored_values import realisation_from_plain, target_from_plain
from sakip.facts.subjects import INDIVIDUAL
from sakip.listing import NUMBER, Column, Item, Rows
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


def agreed(session: Session, viewer: Viewer, filters: Filters) -> Sequence[Any]:
    """Those rows, with ``case_id``, ``unit_id``, ``indicator_key`` and ``in_force_on``; read once a look."""
    row = AgreementRow
    query = select(row.case_id, row.unit_id, row.indicator_key, row.in_force_on).where(*head_rows(viewer, filters))
    return filters.once("agreed", lambda: session.connection().execute(query).all())


def head_indicators(viewer: Viewer, filters: Filters) -> Select[str]:
    """The keys of their indicators."""
    return select(AgreementRow.indicator_key).where(*head_rows(viewer, filters))


def measured(session: Session, viewer: Viewer, filters: Filters) -> Sequence[Any]:
    """One row an indicator of unit heads' agreements with its result over the span, those that are not due included;
    key indicators first, then by name. Read once a look: what most figures of a dashboard count, keep or draw.

    ``name``, ``is_key``, ``place`` (0 a key indicator), ``node_key`` come from the tree, the rest from `ResultRow`;
    ``computed_at`` is as the database has it, because few of hundreds are told, and ``details`` are there only with a
    reason: those of numbers are megabytes, of which a page tells a few lines.
    """
    return filters.once("measured", lambda: _measured(session, viewer, filters))


def _measured(session: Session, viewer: Viewer, filters: Filters) -> Sequence[Any]:
    standing = and_(
        IndicatorRow.region_id == viewer.region_id, IndicatorRow.key == ResultRow.subject,
        IndicatorRow.valid_to.is_(None),
    )  # fmt: skip
    query = (
        select(
            ResultRow.id, ResultRow.subject, ResultRow.unit_id,
            func.coalesce(IndicatorRow.name, ResultRow.subject).label("name"),
            func.coalesce(IndicatorRow.is_key, False).label("is_key"),
            case((IndicatorRow.is_key, 0), else_=1).label("place"), IndicatorRow.node_key,
            ResultRow.numerator, ResultRow.denominator, ResultRow.shown, ResultRow.band, ResultRow.tone,
            func.coalesce(ResultRow.reason, "").label("reason"), ResultRow.because, ResultRow.is_provisional,
            case((ResultRow.reason.is_not(None), ResultRow.details)).label("details"),
            type_coerce(ResultRow.computed_at, String).label("computed_at"),
        )
        .outerjoin(IndicatorRow, standing)
        .where(*_results(viewer, filters), ResultRow.subject.in_(head_indicators(viewer, filters)))
    )  # fmt: skip
    found = session.connection().execute(query).all()  # hundreds of rows: past what sessions do for objects
    return sorted(found, key=lambda row: (row.place, row.name, row.subject))


def _results(viewer: Viewer, filters: Filters) -> list[ColumnElement[bool]]:
    return [
        ResultRow.region_id == viewer.region_id, ResultRow.figure == ACHIEVEMENT, ResultRow.year == filters.year,
        ResultRow.span == filters.span, ResultRow.subject_kind == INDICATOR,
    ]  # fmt: skip


def due(session: Session, viewer: Viewer, filters: Filters) -> list[Any]:
    """Those of `measured` that are due over the span. The filters ``band``, ``tone``, ``reason`` and ``key`` narrow
    them."""
    asked = [(name, filters.get(name)) for name in ("band", "tone", "reason") if filters.get(name)]
    keys_only = filters.get("key") == "yes"
    return [
        row
        for row in measured(session, viewer, filters)
        if row.reason != NOT_DUE
        and (row.is_key or not keys_only)
        and all(getattr(row, name) == value for name, value in asked)
    ]


def due_list(session: Session, viewer: Viewer, filters: Filters) -> Rows:
    """The same as a list, to be counted by ``band``, ``tone``, ``reason`` and ``is_key``."""

    def make(session: Session, rows: Sequence[Any]) -> list[Item]:
        return [item_of(viewer, filters, *one) for one in _with_details(session, viewer, filters, rows)]

    names = ("band", "tone", "reason", "is_key")
    rows = due(session, viewer, filters)
    return Rows([({name: getattr(row, name) for name in names}, row) for row in rows], make)


def _with_details(
    session: Session, viewer: Viewer, filters: Filters, rows: Sequence[Any]
) -> list[tuple[Any, Mapping[str, Any]]]:
    """Rows of `measured` with their details."""
    numbers = [row.subject for row in rows if not row.reason]
    query = select(ResultRow.subject, ResultRow.details).where(
        *_results(viewer, filters), ResultRow.subject.in_(numbers)
    )
    told = {row.subject: row.details for row in session.execute(query)} if numbers else {}
    return [(row, row.details if row.reason else told.get(row.subject, {})) for row in rows]


def stored_of(row: Any) -> Stored:
    """What `ResultRow` keeps, of a row of it."""
    return _stored(row, row.details)


def _stored(row: Any, details: Mapping[str, Any]) -> Stored:
    return Stored(
        row.numerator, row.denominator, row.shown, row.band, row.tone, row.reason or None, row.because,
        bool(row.is_provisional), details,
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


def item_of(viewer: Viewer, filters: Filters, row: Any, details: Mapping[str, Any]) -> Item:
    """One indicator as a line: its row of `measured` and the details of its result."""
    stored = _stored(row, details)
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
