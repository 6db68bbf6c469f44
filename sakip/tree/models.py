"""The tables of the tree of goals: history by date, never by overwriting (reference §4.3, §11).

A row holds from ``valid_from`` to ``valid_to``, both days inside; None is open. Keys never change; a new revision of a
node or an indicator is a new row under its key. ``unit_id`` None is the region's own tree.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, Identifier, JsonText

_CURRENT: dict[str, Any] = {"sqlite_where": text("valid_to IS NULL"), "postgresql_where": text("valid_to IS NULL")}
_ENDED: dict[str, Any] = {
    "sqlite_where": text("valid_to IS NOT NULL"), "postgresql_where": text("valid_to IS NOT NULL"),
}  # fmt: skip


class TreeRevision(Base):
    """A set of changes that went in force together, with its reason and legal basis; ``number`` counts up per tree.
    ``case_id`` and ``seq`` are the act it was decided by (None: an import)."""

    __tablename__ = "sakip_tree_revisions"
    __table_args__ = (Index(None, "region_id", "unit_id", "number"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    unit_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("units.id"))
    number: Mapped[int]
    reason: Mapped[str]
    legal_basis: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(Identifier, index=True)
    seq: Mapped[int | None]
    in_force_on: Mapped[date]
    made_at: Mapped[datetime]


class NodeRow(Base):
    """A node as it stood in a span of days. ``place`` orders it among its siblings; ``owner_id`` is a position;
    ``content`` are its further fields (``node_fields``)."""

    __tablename__ = "sakip_nodes"
    __table_args__ = (
        Index("uq_sakip_nodes_current", "region_id", "key", unique=True, **_CURRENT),
        Index("ix_sakip_nodes_of_unit", "region_id", "unit_id", **_CURRENT),
        Index("ix_sakip_nodes_below", "region_id", "parent_key", **_CURRENT),
        Index("ix_sakip_nodes_history", "region_id", "key", "valid_from"),
        Index("ix_sakip_nodes_ended", "region_id", "unit_id", "valid_to", **_ENDED),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    unit_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("units.id"))
    key: Mapped[str]
    revision_id: Mapped[int] = mapped_column(Identifier, ForeignKey("sakip_tree_revisions.id"), index=True)
    level: Mapped[str]
    parent_key: Mapped[str | None]
    owner_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("positions.id"), index=True)
    statement: Mapped[str]
    result_kind: Mapped[str | None]
    place: Mapped[int]
    content: Mapped[Any] = mapped_column(JsonText)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class IndicatorRow(Base):
    """An indicator of a node as it stood in a span of days. ``content`` holds the rest of §4.2 as written: definition,
    formula, unit, method or direction, consolidation, basis, periods, due_in, source, baseline, targets, weight."""

    __tablename__ = "sakip_indicators"
    __table_args__ = (
        Index("uq_sakip_indicators_current", "region_id", "key", unique=True, **_CURRENT),
        Index("ix_sakip_indicators_of_node", "region_id", "node_key", **_CURRENT),
        Index("ix_sakip_indicators_of_unit", "region_id", "unit_id", **_CURRENT),
        Index("ix_sakip_indicators_history", "region_id", "key", "valid_from"),
        Index(
            "ix_sakip_indicators_published",
            "region_id",
            sqlite_where=text("is_published"),
            postgresql_where=text("is_published"),
        ),
        Index("ix_sakip_indicators_ended", "region_id", "unit_id", "valid_to", **_ENDED),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    unit_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("units.id"))
    node_key: Mapped[str]
    key: Mapped[str]
    revision_id: Mapped[int] = mapped_column(Identifier, ForeignKey("sakip_tree_revisions.id"), index=True)
    name: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("positions.id"), index=True)
    verifier_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("positions.id"))
    is_key: Mapped[bool]
    is_published: Mapped[bool]
    place: Mapped[int]
    content: Mapped[Any] = mapped_column(JsonText)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class EdgeRow(Base):
    """A link that is neither parent nor child. ``state``: agreed, waiting, refused (with ``reason``); one that nobody
    has to agree to is agreed at once. ``partner_id`` is the unit asked; an institution that keeps no tree here is named
    in ``partner`` ("" otherwise), and then ``ends`` is "". ``case_id`` and ``seq`` are the act it was answered by."""

    __tablename__ = "sakip_edges"
    __table_args__ = (
        Index("uq_sakip_edges_current", "region_id", "kind", "starts", "ends", "partner", unique=True, **_CURRENT),
        Index("ix_sakip_edges_back", "region_id", "ends", **_CURRENT),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    kind: Mapped[str]
    starts: Mapped[str]
    ends: Mapped[str]
    weight: Mapped[int | None]
    partner_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("units.id"), index=True)
    partner: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(Identifier, index=True)
    seq: Mapped[int | None]
    revision_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("sakip_tree_revisions.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class UnitSuccession(Base):
    """A unit that came from another by splitting, merging or renaming, so that trends can show the break (§4.8)."""

    __tablename__ = "sakip_unit_successions"
    __table_args__ = (Index(None, "region_id", "predecessor_id"),)

    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    unit_id: Mapped[int] = mapped_column(Identifier, ForeignKey("units.id"), primary_key=True)
    predecessor_id: Mapped[int] = mapped_column(Identifier, ForeignKey("units.id"), primary_key=True)
    kind: Mapped[str]  # split, merge, rename
    on_date: Mapped[date]
