"""The indicators the dashboards speak of: those of unit heads' agreements, with their result over a span."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, case, func, select, type_coerce
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.bands import Bands
from sakip.configuration.measurement import ACHIEVEMENT
from sakip.facts.computing import INDICATOR
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
    units = units_asked(viewer, filters)
    return [] if units is None else [column.in_(sorted(units))]


def units_asked(viewer: Viewer, filters: Filters) -> frozenset[int] | None:
    """The ids of the viewer's units that are in the unit asked for; None for the whole region."""
    if filters.unit is None:
        return viewer.unit_ids
    below = viewer.below(filters.unit)
    return below if viewer.unit_ids is None else below & viewer.unit_ids


@cache
def head_rows(is_narrowed: bool) -> tuple[ColumnElement[bool], ...]:
    """Conditions over `AgreementRow`: agreements in force of unit heads in the year; of some units when narrowed. Their
    parameters are `head_values`: statements are built once a process, and a page has a dozen of them.

    The positions are the region's; the sum keeps SQLite from reading all rows of the region instead of theirs."""
    of_units = AgreementRow.unit_id.in_(bindparam("units", expanding=True))
    return (
        AgreementRow.region_id + 0 == bindparam("region"), AgreementRow.year == bindparam("year"),
        AgreementRow.ended_on.is_(None), AgreementRow.position_id.in_(bindparam("positions", expanding=True)),
        AgreementRow.kind != INDIVIDUAL, *((of_units,) if is_narrowed else ()),
    )  # fmt: skip


def head_values(viewer: Viewer, filters: Filters) -> dict[str, Any]:
    """The parameters of `head_rows`, with ``span`` besides; ``units`` only where `is_narrowed`."""
    units = units_asked(viewer, filters)
    return {
        "region": viewer.region_id, "year": filters.year, "span": filters.span,
        "positions": filters.once("positions", viewer.head_positions),
        **({} if units is None else {"units": sorted(units)}),
    }  # fmt: skip


def is_narrowed(viewer: Viewer, filters: Filters) -> bool:
    """Whether only some units of the region are looked at."""
    return units_asked(viewer, filters) is not None


def agreed(session: Session, viewer: Viewer, filters: Filters) -> Sequence[Any]:
    """Those rows, with ``case_id``, ``unit_id``, ``indicator_key`` and ``in_force_on``; read once a look."""
    return filters.once("agreed", lambda: _agreed(session, viewer, filters))


def _agreed(session: Session, viewer: Viewer, filters: Filters) -> Sequence[Any]:
    query = _agreed_query(is_narrowed(viewer, filters))
    return session.connection().execute(query, head_values(viewer, filters)).all()


@cache
def _agreed_query(is_narrowed: bool) -> Select[*tuple[Any, ...]]:
    row = AgreementRow
    return select(row.case_id, row.unit_id, row.indicator_key, row.in_force_on).where(*head_rows(is_narrowed))


@cache
def head_indicators(is_narrowed: bool) -> Select[str]:
    """The keys of their indicators, to be asked with `head_values`."""
    return select(AgreementRow.indicator_key).where(*head_rows(is_narrowed))


def measured(session: Session, viewer: Viewer, filters: Filters) -> Sequence[Any]:
    """One row an indicator of unit heads' agreements with its result over the span, those that are not due included;
    key indicators first, then by name. Read once a look: what most figures of a dashboard count, keep or draw.

    ``name``, ``is_key``, ``place`` (0 a key indicator), ``node_key`` come from the tree, the rest from `ResultRow`;
    ``computed_at`` is as the database has it, because few of hundreds are told, and ``details`` are there only with a
    reason: those of numbers are megabytes, of which a page tells a few lines.
    """
    return filters.once("measured", lambda: _measured(session, viewer, filters))


def _measured(session: Session, viewer: Viewer, filters: Filters) -> Sequence[Any]:
    query, values = _measured_query(is_narrowed(viewer, filters)), head_values(viewer, filters)
    found = session.connection().execute(query, values).all()  # hundreds: past what sessions do for objects
    return sorted(found, key=attrgetter("place", "name", "subject"))


@cache
def _measured_query(is_narrowed: bool) -> Select[*tuple[Any, ...]]:
    row = ResultRow
    standing = and_(
        IndicatorRow.region_id == bindparam("region"), IndicatorRow.key == row.subject, IndicatorRow.valid_to.is_(None)
    )
    return (
        select(
            row.id, row.subject, row.unit_id, func.coalesce(IndicatorRow.name, row.subject).label("name"),
            func.coalesce(IndicatorRow.is_key, False).label("is_key"),
            case((IndicatorRow.is_key, 0), else_=1).label("place"), IndicatorRow.node_key,
            row.numerator, row.denominator, row.shown, row.band, row.tone,
            func.coalesce(row.reason, "").label("reason"), row.because, row.is_provisional,
            case((row.reason.is_not(None), row.details)).label("details"),
            type_coerce(row.computed_at, String).label("computed_at"),
        )
        .outerjoin(IndicatorRow, standing)
        .where(
            row.region_id == bindparam("region"), row.figure == ACHIEVEMENT, row.year == bindparam("year"),
            row.span == bindparam("span"), row.subject_kind == INDICATOR, row.subject.in_(head_indicators(is_narrowed)),
        )
    )  # fmt: skip


def _results(viewer: Viewer, filters: Filters) -> list[ColumnElement[bool]]:
    return [
        ResultRow.region_id == viewer.region_id, ResultRow.figure == ACHIEVEMENT, ResultRow.year == filters.year,
        ResultRow.span == filters.span, ResultRow.subject_kind == INDICATOR,
    ]  # fmt: skip


def due(session: Session, viewer: Viewer, filters: Filters) -> list[Any]:
    """Those of `measured` that are due over the span. The filters ``band``, ``tone``, ``reason`` and ``key`` narrow
    them."""
    rows = [row for row in measured(session, viewer, filters) if row.reason != NOT_DUE]
    if filters.get("key") == "yes":
        rows = [row for row in rows if row.is_key]
    for name in ("band", "tone", "reason"):
        value = filters.get(name)
        if value:
            rows = [row for row in rows if getattr(row, name) == value]
    return rows


def due_list(session: Session, viewer: Viewer, filters: Filters) -> Rows:
    """The same as a list, to be counted by ``band``, ``tone``, ``reason`` and ``is_key``."""

    def make(session: Session, rows: Sequence[Any]) -> list[Item]:
        return [item_of(viewer, filters, *one) for one in _with_details(session, viewer, filters, rows)]

    return Rows([(row, row) for row in due(session, viewer, filters)], make, attrgetter)


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
    judged = viewer.book.judged(filters.year, filters.span)
    return None if judged is None else judged.rules.bands_on(ACHIEVEMENT, judged.day)


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
