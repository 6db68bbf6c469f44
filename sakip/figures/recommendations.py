"""Recommendations that are not closed, by unit, with what is overdue.

figure: recommendations
filters: {late: "yes"}
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.counted import counted
from sakip.due_indicators import units_of
from sakip.facts.models import RecommendationRow
from sakip.figures import figure
from sakip.listing import DAY, Column, Item, Query
from sakip.looking import Filters, Viewer

STATES = {"open": Text("belum ditindaklanjuti", "not followed up"), "planned": Text("direncanakan", "planned")}
SOURCES = {
    "internal": Text("Inspektorat (LHE)", "Inspektorat (evaluation report)"),
    "kemenpanrb": Text("KemenPANRB", "KemenPANRB"),
}
REGION = Text("Pemerintah daerah", "The region")


@figure(
    "recommendations",
    Text("Rekomendasi terbuka", "Open recommendations"),
    lambda count: Text(
        f"{count} rekomendasi belum selesai", counted(count, "recommendation is open", "recommendations are open")
    ),
    (
        Column("text", Text("Rekomendasi", "Recommendation")),
        Column("unit", Text("Perangkat daerah", "Unit")),
        Column("year", Text("Tahun", "Year")),
        Column("source", Text("Sumber", "Source")),
        Column("due", Text("Batas waktu", "Deadline"), DAY),
        Column("state", Text("Keadaan", "State")),
    ),
    how=Text(
        "Rekomendasi dari evaluasi, tahun berapa pun, yang belum ditutup. Lewat batas: hari batasnya sudah lewat.",
        "Recommendations of evaluations of whatever year that are not closed. Overdue: their day has passed.",
    ),
    empty=Text("Tidak ada rekomendasi terbuka.", "No recommendation is open."),
    filters=("late", "source", "state", "region"),
    is_of_span=False,
)
def recommendations(session: Session, viewer: Viewer, filters: Filters) -> Query:  # noqa: ARG001
    """Open and planned ones, the oldest first."""
    row = RecommendationRow
    is_late = case((row.due_on < viewer.today, "yes"), else_="no")
    query = select(
        row.id, row.text, row.unit_id, row.year, row.source, row.due_on, row.state, row.follow_up_id, row.case_id,
        is_late.label("late"),
    ).where(
        row.region_id == viewer.region_id, row.closed_on.is_(None), *units_of(viewer, filters, row.unit_id)
    )  # fmt: skip
    if filters.get("region") == "yes":  # those no unit has to follow up
        query = query.where(row.unit_id.is_(None))
    for name, column in (("late", is_late), ("source", row.source), ("state", row.state)):
        if filters.get(name):
            query = query.where(column == filters.get(name))
    return Query(query, (("id", int),), lambda _, rows: _lines(viewer, rows))


def _lines(viewer: Viewer, rows: Sequence[Any]) -> list[Item]:
    found = []
    for row in rows:
        cells = {
            "text": row.text, "unit": viewer.unit_name(row.unit_id) or REGION, "year": str(row.year),
            "source": SOURCES.get(row.source, row.source), "due": row.due_on,
            "state": STATES.get(row.state, Text(row.state, row.state)),
        }  # fmt: skip
        case_id = row.follow_up_id or row.case_id
        found.append(Item(cells, None if case_id is None else ("case", case_id), "bad" if row.late == "yes" else ""))
    return found
