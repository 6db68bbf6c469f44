"""The figure of each unit over each span to date; one without a number says why.

figure: unit_results
filters: {reason: item_not_computable}
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.organisation.snapshot import UnitRow
from sakip.configuration.heads import MEASUREMENT
from sakip.configuration.measurement import ACHIEVEMENT
from sakip.counted import counted
from sakip.due_indicators import PROVISIONAL, band_title, stored_of
from sakip.facts.computing import UNIT
from sakip.facts.models import ResultRow
from sakip.facts.stored_results import from_stored
from sakip.figures import figure
from sakip.listing import NUMBER, Column, Item, Rows
from sakip.looking import Filters, Viewer, to_dates
from sakip.reasons import Reason, named
from sakip.tree.names import names_of

NOT_YET = Text("belum ada", "none yet")


@figure(
    "unit_results",
    Text("Capaian per perangkat daerah", "Achievement by unit"),
    lambda count: Text(f"Capaian {count} perangkat daerah", f"Achievement of {counted(count, 'unit', 'units')}"),
    (
        Column("unit", Text("Perangkat daerah", "Unit")),
        Column("achievement", Text("Capaian (%)", "Achievement (%)"), NUMBER),
        Column("band", Text("Kategori", "Band")),
        Column("counted", Text("Dihitung dari", "Counted of")),
        Column("state", Text("Keterangan", "Note")),
    ),
    how=Text(
        "Rata-rata capaian sasaran tiap perangkat daerah menurut aturan pengukuran. Urut nama, tidak diperingkat. Satu "
        "butir tanpa angka menghentikan rata-rata, kecuali alasannya boleh dikeluarkan; jumlah yang dihitung disebut.",
        "The mean of the goals of each unit by the rules of measurement. In the order of names, never ranked. One item "
        "without a number stops the mean, unless its reason may stay outside; how many were counted is told.",
    ),
    empty=Text("Belum ada perangkat daerah.", "There are no units yet."),
    filters=("reason", "band", "tone"),
    governed_by=MEASUREMENT,
    parts=("aggregates", "bands", "limits", "rounding", "applies"),
)
def unit_results(session: Session, viewer: Viewer, filters: Filters) -> Rows:
    """One row a unit over the span asked for, in the order of names."""
    found = by_unit(session, viewer, filters.year, (filters.span,), ResultRow.details)
    below = None if filters.unit is None else viewer.below(filters.unit)
    names = names_of(session, viewer.region_id, (from_stored(stored_of(row)) for row in found.values()))
    rows = []
    for unit in viewer.units:
        if below is not None and unit.id not in below:
            continue
        values, item = _line(viewer, filters, unit, found.get((unit.key, filters.span)), names)
        if all(not filters.get(name) or filters.get(name) == values[name] for name in ("reason", "band", "tone")):
            rows.append((values, item))
    return Rows(rows)


def by_unit(
    session: Session, viewer: Viewer, year: int, spans: tuple[str, ...], *more: Any
) -> Mapping[tuple[str, str], Any]:  # fmt: skip
    """The stored figures of units by key and span; ``more`` are further columns that somebody needs."""
    query = select(
        ResultRow.subject, ResultRow.span, ResultRow.numerator, ResultRow.denominator, ResultRow.shown, ResultRow.band,
        ResultRow.tone, ResultRow.reason, ResultRow.because, ResultRow.is_provisional, *more,
    ).where(
        ResultRow.region_id == viewer.region_id, ResultRow.figure == ACHIEVEMENT, ResultRow.year == year,
        ResultRow.span.in_(spans), ResultRow.subject_kind == UNIT,
        ResultRow.subject.in_([unit.key for unit in viewer.units]),
    )  # fmt: skip
    return {(row.subject, row.span): row for row in session.execute(query)}


def spans_of_year(viewer: Viewer, year: int) -> tuple[str, ...]:
    """The spans a year's table has as its columns."""
    return to_dates(viewer, year)


def _line(
    viewer: Viewer, filters: Filters, unit: UnitRow, row: Any, names: Mapping[str, str]
) -> tuple[Mapping[str, Any], Item]:  # fmt: skip
    leads_to = ("unit", unit.key)
    cells: dict[str, Any] = {"unit": viewer.unit_name(unit.id)}
    if row is None:
        return {"reason": "", "band": "", "tone": ""}, Item({**cells, "state": NOT_YET}, leads_to)
    stored = stored_of(row)
    result = from_stored(stored)
    total = stored.details.get("total")
    if total is not None:
        counted = stored.details.get("counted")
        cells["counted"] = Text(f"{counted} dari {total}", f"{counted} of {total}")
    if isinstance(result, Reason):
        cells["state"] = named(result, names).sentence
        return {"reason": result.code, "band": "", "tone": ""}, Item(cells, leads_to)
    cells |= {
        "achievement": Fraction(result.shown), "band": band_title(viewer, filters, stored.band or ""),
        "state": PROVISIONAL if stored.is_provisional else None,
    }  # fmt: skip
    values = {"reason": "", "band": stored.band, "tone": stored.tone}
    return values, Item(cells, leads_to, stored.tone or "")
