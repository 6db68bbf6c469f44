"""Due moments of running cases. A row is gone when its timer is cancelled or done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, Identifier


class TimerRow(Base):
    """A running timer. ``lease_until`` keeps other workers away while one fires it."""

    __tablename__ = "timers"
    __table_args__ = (
        PrimaryKeyConstraint("case_id", "key"),
        Index("ix_timers_due", "due_at"),
        {"sqlite_with_rowid": False},
    )

    case_id: Mapped[int] = mapped_column(Identifier)
    key: Mapped[str]
    entry: Mapped[int] = mapped_column(Integer)
    count: Mapped[int] = mapped_column(Integer)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    leased_by: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")


class WorkerRow(Base):
    """A worker that runs. ``seen_at`` is its last sign of life; ``/health`` asks for the newest."""

    __tablename__ = "workers"

    name: Mapped[str] = mapped_column(primary_key=True)  # host:process:start, never used twice
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
