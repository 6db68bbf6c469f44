"""Realisations that were reported and that nobody has verified yet.

figure: unverified
filters: {period: q1}
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.counted import counted
from sakip.due_indicators import units_of
from sakip.facts.models import RealisationRow
from sakip.figures import figure
from sakip.listing import MOMENT, Column, Item, Query
from sakip.looking import BUREAU, INSPECTORATE, SECRETARY, UNIT, Filters, Viewer
from sakip.tree.models import IndicatorRow

# As their partial index says it, or SQLite does not use that.
IS_CURRENT = text("sakip_realisations.is_current")
IS_REPORTED = text("sakip_realisations.state = 'reported'")


@figure(
    "unverified",
    Text("Realisasi belum diverifikasi", "Realisations not verified"),
    lambda count: Text(
        f"{count} realisasi belum diverifikasi",
        counted(count, "realisation is not verified", "realisations are not verified"),
    ),
    (
        Column("indicator", Text("Indikator", "Indicator")),
        Column("unit", Text("Perangkat daerah", "Unit")),
        Column("period", Text("Periode", "Period")),
        Column("at", Text("Dilaporkan", "Reported"), MOMENT),
    ),
    how=Text(
        "Realisasi tahun ini yang sudah dilaporkan dan belum disahkan verifikator.",
        "Realisations of this year that were reported and not yet accepted by a verifier.",
    ),
    empty=Text("Semua realisasi yang dilaporkan sudah diverifikasi.", "Every reported realisation is verified."),
    filters=("period",),
    roles=(BUREAU, INSPECTORATE, SECRETARY, UNIT),
    is_of_span=False,
)
def unverified(session: Session, viewer: Viewer, filters: Filters) -> Query:  # noqa: ARG001
    """Current rows in the state reported."""
    row = RealisationRow
    query = select(row.id, row.unit_id, row.period, row.at, row.indicator_key).where(
        row.region_id == viewer.region_id, row.year == filters.year, IS_CURRENT, IS_REPORTED,
        row.id > 0,  # every row; SQLite, which does not know how few there are, takes the index that ends with it
        *units_of(viewer, filters, row.unit_id),
    )  # fmt: skip
    if filters.get("period"):
        query = query.where(row.period == filters.get("period"))
    return Query(query, (("id", int),), lambda session, rows: _lines(session, viewer, filters, rows))


def _names(session: Session, viewer: Viewer, keys: set[str]) -> dict[str, str]:
    """What the indicators of some lines are called; of thousands that are counted nobody asks."""
    query = select(IndicatorRow.key, IndicatorRow.name).where(
        IndicatorRow.region_id == viewer.region_id, IndicatorRow.valid_to.is_(None), IndicatorRow.key.in_(sorted(keys))
    )
    return {row.key: row.name for row in session.execute(query)} if keys else {}


def _lines(session: Session, viewer: Viewer, filters: Filters, rows: Sequence[Any]) -> list[Item]:
    versions = viewer.book.versions(filters.year)
    titles = {
        key: one.title for rules in versions for known in rules.periods.values() for key, one in known.items.items()
    }
    names = _names(session, viewer, {row.indicator_key for row in rows})
    return [
        Item(
            {"indicator": names.get(row.indicator_key, row.indicator_key), "unit": viewer.unit_name(row.unit_id),
             "period": titles.get(row.period, Text(row.period, row.period)), "at": row.at},
            ("indicator", row.indicator_key),
        )
        for row in rows
    ]  # fmt: skip
