"""What changed since the beginning of yesterday: agreements of unit heads, and targets and results of their indicators.

figure: changed
filters: {kind: target}
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, String, and_, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.due_indicators import head_indicators, head_rows, result_rows
from sakip.facts.models import AgreementRow, ResultRow, TargetRow
from sakip.figures import figure
from sakip.listing import MOMENT, Column, Item, Query
from sakip.looking import Filters, Viewer
from sakip.tree.models import IndicatorRow

AGREEMENT, TARGET, RESULT = "agreement", "target", "result"
KINDS = {
    AGREEMENT: Text("Perjanjian berlaku", "Agreement in force"),
    TARGET: Text("Target berubah", "Target changed"),
    RESULT: Text("Hasil dihitung ulang", "Result computed anew"),
}


@figure(
    "changed",
    Text("Berubah sejak kemarin", "Changed since yesterday"),
    lambda count: Text(f"{count} perubahan sejak kemarin", f"{count} changes since yesterday"),
    (
        Column("kind", Text("Perubahan", "Change")),
        Column("what", Text("Apa", "What")),
        Column("unit", Text("Perangkat daerah", "Unit")),
        Column("at", Text("Kapan", "When"), MOMENT),
    ),
    how=Text(
        "Sejak awal hari kemarin: perjanjian kepala unit yang mulai berlaku, target indikatornya yang ditetapkan atau "
        "diubah, dan hasil pada rentang ini yang angkanya berubah.",
        "Since the beginning of yesterday: agreements of unit heads that came in force, targets of their indicators "
        "that were set or changed, and results over this span whose number changed.",
    ),
    empty=Text("Tidak ada yang berubah sejak kemarin.", "Nothing has changed since yesterday."),
    filters=("kind",),
)
def changed(session: Session, viewer: Viewer, filters: Filters) -> Query:  # noqa: ARG001
    """Agreements by case, targets and results by indicator."""
    yesterday = viewer.today - timedelta(days=1)
    since = datetime.combine(yesterday, time(), viewer.organisation.timezone).astimezone(UTC)
    parts = {AGREEMENT: _agreements(viewer, filters, yesterday), TARGET: _targets(viewer, filters, since),
             RESULT: _results(viewer, filters, since)}  # fmt: skip
    asked = filters.get("kind")
    chosen = [part for kind, part in parts.items() if not asked or kind == asked]
    rows = union_all(*(chosen or [parts[AGREEMENT].where(literal(False))])).subquery()
    return Query(select(rows), (("place", int), ("id", int)), lambda _, found: _lines(viewer, found))


def _agreements(viewer: Viewer, filters: Filters, since: date) -> Select[*tuple[Any, ...]]:
    return (
        select(
            literal(AGREEMENT).label("kind"), literal(1).label("place"), AgreementRow.case_id.label("id"),
            func.min(AgreementRow.unit_id).label("unit_id"), literal("").label("what"), literal("").label("subject"),
            cast(func.max(AgreementRow.in_force_on), String).label("at"),
        )
        .where(*head_rows(viewer, filters), AgreementRow.in_force_on >= since)
        .group_by(AgreementRow.case_id)
    )  # fmt: skip


def _targets(viewer: Viewer, filters: Filters, since: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            literal(TARGET).label("kind"), literal(2).label("place"), TargetRow.id.label("id"),
            IndicatorRow.unit_id.label("unit_id"),
            func.coalesce(IndicatorRow.name, TargetRow.indicator_key).label("what"),
            TargetRow.indicator_key.label("subject"), cast(TargetRow.at, String).label("at"),
        )
        .outerjoin(IndicatorRow, _standing(viewer, TargetRow.indicator_key))
        .where(
            TargetRow.region_id == viewer.region_id, TargetRow.year == filters.year, TargetRow.at >= since,
            TargetRow.indicator_key.in_(head_indicators(viewer, filters)),
        )
    )  # fmt: skip


def _results(viewer: Viewer, filters: Filters, since: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            literal(RESULT).label("kind"), literal(3).label("place"), ResultRow.id.label("id"),
            ResultRow.unit_id.label("unit_id"), func.coalesce(IndicatorRow.name, ResultRow.subject).label("what"),
            ResultRow.subject.label("subject"), cast(ResultRow.computed_at, String).label("at"),
        )
        .outerjoin(IndicatorRow, _standing(viewer, ResultRow.subject))
        .where(*result_rows(viewer, filters), ResultRow.computed_at >= since)
    )  # fmt: skip


def _standing(viewer: Viewer, key: Any) -> Any:
    return and_(IndicatorRow.region_id == viewer.region_id, IndicatorRow.key == key, IndicatorRow.valid_to.is_(None))


def _lines(viewer: Viewer, rows: Sequence[Any]) -> list[Item]:
    found = []
    for row in rows:
        leads_to = ("case", row.id) if row.kind == AGREEMENT else ("indicator", row.subject)
        what = row.what or viewer.unit_name(row.unit_id)
        cells = {"kind": KINDS[row.kind], "what": what, "unit": viewer.unit_name(row.unit_id), "at": _moment(row)}
        found.append(Item(cells, leads_to))
    return found


def _moment(row: Any) -> date | datetime:
    if row.kind == AGREEMENT:
        return date.fromisoformat(row.at[:10])
    moment = datetime.fromisoformat(row.at)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
