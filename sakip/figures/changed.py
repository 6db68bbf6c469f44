"""What changed since the beginning of yesterday: agreements of unit heads, and targets and results of their indicators.

figure: changed
filters: {kind: target}
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from engine.database import moment_from_text, moment_text
from engine.definitions.model import Text
from sakip.counted import counted
from sakip.due_indicators import agreed, head_indicators, head_values, is_narrowed, measured
from sakip.facts.models import TargetRow
from sakip.figures import figure
from sakip.listing import MOMENT, Column, Item, Rows
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
    lambda count: Text(
        f"{count} perubahan sejak kemarin", counted(count, "change since yesterday", "changes since yesterday")
    ),
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
def changed(session: Session, viewer: Viewer, filters: Filters) -> Rows:
    """Agreements by case, targets and results by indicator."""
    yesterday = viewer.today - timedelta(days=1)
    since = datetime.combine(yesterday, time(), viewer.organisation.timezone).astimezone(UTC)
    rows = [
        *_agreements(agreed(session, viewer, filters), yesterday),
        *_targets(session, viewer, filters, since),
        *_results(measured(session, viewer, filters), since),
    ]
    asked = filters.get("kind")
    return Rows(
        [({"kind": row.kind}, row) for row in rows if not asked or row.kind == asked],
        lambda _, found: [_line(viewer, row) for row in found],
    )


class _Change(NamedTuple):
    """One line: ``id`` of the case, for the other kinds ``what`` (in words) and the key of the indicator; ``at`` is a
    day, or a moment as the database has it."""

    kind: str
    id: int
    unit_id: int | None
    what: str
    subject: str
    at: Any


def _agreements(rows: Sequence[Any], since: date) -> list[_Change]:
    """The newest agreements, each once however many rows it has."""
    cases: dict[int, list[Any]] = {}
    for row in rows:
        if row.in_force_on >= since:
            cases.setdefault(row.case_id, []).append(row)
    return [
        _Change(AGREEMENT, case_id, min((row.unit_id for row in held if row.unit_id is not None), default=None), "", "",
                max(row.in_force_on for row in held))
        for case_id, held in sorted(cases.items())
    ]  # fmt: skip


def _targets(session: Session, viewer: Viewer, filters: Filters, since: datetime) -> list[_Change]:
    query = _targets_query(is_narrowed(viewer, filters))
    rows = session.connection().execute(query, {**head_values(viewer, filters), "since": since})
    return [_Change(TARGET, *row) for row in rows]


@cache
def _targets_query(is_narrowed: bool) -> Select[*tuple[Any, ...]]:
    standing = and_(
        IndicatorRow.region_id == bindparam("region"), IndicatorRow.key == TargetRow.indicator_key,
        IndicatorRow.valid_to.is_(None),
    )  # fmt: skip
    return (
        select(
            TargetRow.id, IndicatorRow.unit_id, func.coalesce(IndicatorRow.name, TargetRow.indicator_key),
            TargetRow.indicator_key, TargetRow.at,
        )
        .outerjoin(IndicatorRow, standing)
        .where(
            TargetRow.region_id == bindparam("region"), TargetRow.year == bindparam("year"),
            TargetRow.at >= bindparam("since"), TargetRow.indicator_key.in_(head_indicators(is_narrowed)),
        )
        .order_by(TargetRow.id)
    )  # fmt: skip


def _results(rows: Sequence[Any], since: datetime) -> list[_Change]:
    """Results that were written anew. Moments are compared as the database has them: hundreds are, few are told."""
    text = moment_text(since)
    found = [
        _Change(RESULT, row.id, row.unit_id, row.name, row.subject, row.computed_at)
        for row in rows
        if row.computed_at >= (text if isinstance(row.computed_at, str) else since)
    ]
    return sorted(found, key=lambda row: row.id)


def _line(viewer: Viewer, row: _Change) -> Item:
    leads_to = ("case", row.id) if row.kind == AGREEMENT else ("indicator", row.subject)
    unit = viewer.unit_name(row.unit_id)
    at = moment_from_text(row.at) if isinstance(row.at, str) else row.at
    return Item({"kind": KINDS[row.kind], "what": row.what or unit, "unit": unit, "at": at}, leads_to)
