"""Rows put right after they were drawn again: changed where they are wrong, added, removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from sakip.facts.fact_tables import FactTable, Key
from sakip.tree.models import TreeRevision

_CURRENT = "is_current"


def put_right(
    session: Session,
    region_id: int,
    tables: Sequence[FactTable],
    stored: Mapping[Key, Mapping[str, Any]],
    drawn: Mapping[Key, Mapping[str, Any]],
) -> None:
    """Make the stored rows those that were drawn. Removed first, then changed, then added, so that no two rows are
    ever current at one place."""
    for table in reversed(tables):
        gone = [row["id"] for key, row in stored.items() if key[0] == table.name and key not in drawn]
        for row_id in gone:
            session.execute(delete(table.own).where(table.own.c.id == row_id))
    for table in tables:
        changed = [
            (row["id"], {name: drawn[key][name] for name in wrong})
            for key, row in stored.items()
            if key[0] == table.name and key in drawn and (wrong := table.differing(row, drawn[key]))
        ]
        _change(session, region_id, table, changed)
        for key, row in drawn.items():
            if key[0] == table.name and key not in stored:
                _add(session, region_id, table, row)
    session.flush()
    session.expire_all()


def _change(session: Session, region_id: int, table: FactTable, changed: Sequence[tuple[int, dict[str, Any]]]) -> None:
    # whoever is not current any more gives way first
    for row_id, values in sorted(changed, key=lambda one: bool(one[1].get(_CURRENT))):
        session.execute(update(table.own).where(table.own.c.id == row_id).values(**_linked(session, region_id, values)))


def _add(session: Session, region_id: int, table: FactTable, row: Mapping[str, Any]) -> None:
    values = {name: value for name, value in row.items() if name != "id"}
    session.execute(insert(table.own).values(**_linked(session, region_id, values)))


def _linked(session: Session, region_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values with the revision's own number where it is named by its tree and count."""
    if "revision_id" not in values or values["revision_id"] is None:
        return dict(values)
    unit, _, number = str(values["revision_id"]).partition("/")
    query = select(TreeRevision.id).where(TreeRevision.region_id == region_id, TreeRevision.number == int(number))
    of = TreeRevision.unit_id.is_(None) if unit == "None" else TreeRevision.unit_id == int(unit)
    return dict(values) | {"revision_id": session.scalar(query.where(of))}
