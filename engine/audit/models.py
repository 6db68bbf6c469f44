"""The tables of the audit: the administration's chain and the anchors. A case's own chain is its ``history``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, Identifier, JsonText

INSTALLATION = 0  # the chain of what belongs to no single region


class AuditEntry(Base):
    """One act of administration. ``region_id`` 0 is the installation; ``old`` and ``new`` are values before and after.

    There is no foreign key on purpose: nothing that happens to a region or person may touch a row here.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (Index(None, "region_id", "subject"),)

    region_id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(Identifier)
    event: Mapped[str]
    subject: Mapped[str]
    old: Mapped[Any | None] = mapped_column(JsonText)
    new: Mapped[Any | None] = mapped_column(JsonText)
    previous_hash: Mapped[str]
    hash: Mapped[str]


class AuditHead(Base):
    """The newest entry of each chain: the row writers lock, so two of them never take the same number."""

    __tablename__ = "audit_heads"

    region_id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Identifier)
    hash: Mapped[str]


class Anchor(Base):
    """What a region's chains looked like at a moment.

    ``leaves`` lists ``[case id or 0 for the administration, seq, hash]`` of every chain that grew since the anchor
    before; ``root`` is a hash over them and ``hash`` chains the anchors, so a case removed whole leaves a gap.
    """

    __tablename__ = "anchors"

    region_id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    row_count: Mapped[int]
    administration_seq: Mapped[int] = mapped_column(Identifier)  # the newest one anchored so far
    leaves: Mapped[Any] = mapped_column(JsonText)
    root: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str]
