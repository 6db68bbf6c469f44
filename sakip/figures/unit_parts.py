"""What the figure of a unit over a span is made of: its goals, or their indicators where the region's rule says so.

figure: unit_parts
filters: {reason: no_realisation}
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.aggregate import WEIGHT
from sakip.configuration.heads import MEASUREMENT
from sakip.configuration.measurement import ACHIEVEMENT
from sakip.counted import counted
from sakip.due_indicators import PROVISIONAL, band_title, stored_of
from sakip.facts.computing import INDICATOR, NODE
from sakip.facts.models import ResultRow
from sakip.facts.results import INDICATORS
from sakip.facts.stored_results import from_stored
from sakip.facts.subjects import held_on, indicators_of, nodes_of
from sakip.figures import figure
from sakip.listing import NUMBER, Column, Item, Query
from sakip.looking import Filters, Viewer
from sakip.reasons import Reason, named
from sakip.tree.models import IndicatorRow, NodeRow
from sakip.tree.names import names_of
from sakip.values import as_text


@figure(
    "unit_parts",
    Text("Isi capaian perangkat daerah", "What a unit's achievement is made of"),
    lambda count: Text(
        f"{count} butir capaian perangkat daerah",
        counted(count, "item of a unit's achievement", "items of a unit's achievement"),
    ),
    (
        Column("what", Text("Sasaran atau indikator", "Goal or indicator")),
        Column("achievement", Text("Capaian (%)", "Achievement (%)"), NUMBER),
        Column("band", Text("Kategori", "Band")),
        Column("state", Text("Keterangan", "Note")),
    ),
    how=Text(
        "Butir yang dirata-ratakan menjadi capaian perangkat daerah, menurut bobot bila bobotnya tertulis. Rata-rata "
        "memakai nilai tepat, bukan yang dibulatkan.",
        "The items whose mean is the unit's achievement, by weight where one is written. The mean is of the exact "
        "values, not of the rounded ones.",
    ),
    empty=Text(
        "Belum ada hasil untuk perangkat daerah dan rentang ini.", "There is no result for this unit and span yet."
    ),
    filters=("reason", "band", "tone"),
    governed_by=MEASUREMENT,
    parts=("aggregates", "bands", "limits", "rounding", "applies"),
)
def unit_parts(session: Session, viewer: Viewer, filters: Filters) -> Query:  # noqa: ARG001
    """One row an item of the unit asked for (of all the viewer's units without one)."""
    judged = viewer.book.judged(filters.year, filters.span)
    rule = None if judged is None else judged.rules.aggregates.get("unit")
    kind = INDICATOR if rule is not None and rule.of == INDICATORS else NODE
    table: Any = IndicatorRow if kind == INDICATOR else NodeRow
    words = IndicatorRow.name if kind == INDICATOR else NodeRow.statement
    units = (filters.unit,) if filters.unit is not None else viewer.units
    standing = and_(table.region_id == viewer.region_id, table.key == ResultRow.subject, table.valid_to.is_(None))
    query = (
        select(
            ResultRow.id, ResultRow.subject, ResultRow.unit_id, func.coalesce(words, ResultRow.subject).label("name"),
            ResultRow.numerator, ResultRow.denominator, ResultRow.shown, ResultRow.band, ResultRow.tone,
            ResultRow.reason, ResultRow.because, ResultRow.is_provisional, ResultRow.details,
        )
        .outerjoin(table, standing)
        .where(
            ResultRow.region_id == viewer.region_id, ResultRow.year == filters.year, ResultRow.span == filters.span,
            ResultRow.unit_id.in_([unit.id for unit in units]), ResultRow.figure == ACHIEVEMENT,
            ResultRow.subject_kind == kind,
        )
    )  # fmt: skip
    for name, column in (("reason", ResultRow.reason), ("band", ResultRow.band), ("tone", ResultRow.tone)):
        if filters.get(name):
            query = query.where(column == filters.get(name))
    return Query(query, (("id", int),), lambda within, rows: _lines(within, viewer, filters, kind, rows))


def _lines(session: Session, viewer: Viewer, filters: Filters, kind: str, rows: Sequence[Any]) -> list[Item]:
    found = []
    results = [from_stored(stored_of(row)) for row in rows]
    names = names_of(session, viewer.region_id, results)
    weights = _weights(session, viewer, filters, kind, [row.subject for row in rows])
    for row, result in zip(rows, results, strict=True):
        cells: dict[str, Any] = {"what": row.name}
        if isinstance(result, Reason):
            cells["state"] = named(result, names).sentence
        else:
            cells |= {
                "achievement": Fraction(result.shown), "band": band_title(viewer, filters, row.band or ""),
                "state": _state(weights.get(row.subject), is_provisional=row.is_provisional),
            }  # fmt: skip
        leads_to = ("indicator", row.subject) if kind == INDICATOR else None
        found.append(Item(cells, leads_to, row.tone or ""))
    return found


def _state(weight: Fraction | None, *, is_provisional: bool) -> Text | None:
    if weight is None:
        return PROVISIONAL if is_provisional else None
    number = as_text(weight)
    told = Text(f"bobot {number.replace('.', ',')}", f"weight {number}")
    return Text(f"{told.id}; {PROVISIONAL.id}", f"{told.en}; {PROVISIONAL.en}") if is_provisional else told


def _weights(
    session: Session, viewer: Viewer, filters: Filters, kind: str, keys: Sequence[str]
) -> dict[str, Fraction | None]:
    """What the items weigh as they stood on the span's last day, where the region's rule weighs them."""
    judged = viewer.book.judged(filters.year, filters.span)
    rule = None if judged is None else judged.rules.aggregates.get("unit")
    if judged is None or rule is None or rule.by != WEIGHT or not keys:
        return {}
    day = judged.day
    read = indicators_of if kind == INDICATOR else nodes_of
    held = {key: held_on(those, day) for key, those in read(session, viewer.region_id, filters.year, keys).items()}
    return {key: one.weight for key, one in held.items() if one is not None}
