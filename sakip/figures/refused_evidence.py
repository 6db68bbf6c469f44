"""Pieces of evidence that were refused and not repaired yet.

figure: refused_evidence
filters: {kind: annual_plan}
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.counted import counted
from sakip.due_indicators import units_of
from sakip.facts.models import EvidencePiece
from sakip.figures import figure
from sakip.listing import MOMENT, Column, Item, Query
from sakip.looking import BUREAU, INSPECTORATE, UNIT, Filters, Viewer

REFUSED = "refused"


@figure(
    "refused_evidence",
    Text("Bukti ditolak", "Refused evidence"),
    lambda count: Text(
        f"{count} bukti ditolak", counted(count, "piece of evidence is refused", "pieces of evidence are refused")
    ),
    (
        Column("title", Text("Bukti", "Evidence")),
        Column("kind", Text("Jenis", "Kind")),
        Column("unit", Text("Perangkat daerah", "Unit")),
        Column("at", Text("Didaftarkan", "Registered"), MOMENT),
    ),
    how=Text(
        "Bukti tahun ini yang ditolak pemeriksa dan belum diperbaiki pemiliknya.",
        "Evidence of this year that was refused and not repaired by its owner yet.",
    ),
    empty=Text("Tidak ada bukti yang ditolak.", "No evidence is refused."),
    filters=("kind",),
    roles=(INSPECTORATE, BUREAU, UNIT),
    is_of_span=False,
)
def refused_evidence(session: Session, viewer: Viewer, filters: Filters) -> Query:  # noqa: ARG001
    """Pieces in the state refused."""
    row = EvidencePiece
    query = select(row.id, row.title, row.kind, row.unit_id, row.registered_at).where(
        row.region_id == viewer.region_id, row.year == filters.year, row.state == REFUSED,
        *units_of(viewer, filters, row.unit_id),
    )  # fmt: skip
    if filters.get("kind"):
        query = query.where(row.kind == filters.get("kind"))
    return Query(query, (("id", int),), lambda _, rows: _lines(viewer, filters, rows))


def _lines(viewer: Viewer, filters: Filters, rows: Sequence[Any]) -> list[Item]:
    rubric = viewer.configuration.evaluation(filters.year)
    kinds = {} if rubric is None else {key: one.title for key, one in rubric.evidence_kinds.items()}
    return [
        Item({
            "title": row.title, "kind": kinds.get(row.kind, Text(row.kind, row.kind)),
            "unit": viewer.unit_name(row.unit_id), "at": row.registered_at,
        }, ("evidence", row.id))
        for row in rows
    ]  # fmt: skip
