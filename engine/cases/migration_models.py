"""The tables of migrations: each run of a plan, and what became of each case in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, Identifier, JsonText


class MigrationRun(Base):
    """One run of a plan. ``digest`` is the version it leads to, whose ``plan`` it is; ``next_case_id`` where it goes on
    after an interruption. ``state`` is running, done or undone. The worker carries out what is ``in_background``."""

    __tablename__ = "migration_runs"
    __table_args__ = (Index(None, "digest", "plan"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    case_type: Mapped[str]
    region_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("regions.id"))
    plan: Mapped[str]
    digest: Mapped[str] = mapped_column(ForeignKey("definition_versions.digest"))
    reason: Mapped[str]
    state: Mapped[str]
    started_at: Mapped[datetime]
    started_by: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"))
    next_case_id: Mapped[int] = mapped_column(Identifier)
    finished_at: Mapped[datetime | None]
    in_background: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))


class MigratedCase(Base):
    """What became of a case: ``outcome`` is moved, closed, stays, blocked or undone. ``reason`` is a sentence per
    language, ``state`` the older state it is about. ``before`` is how the case stood, for taking it back while its
    revision is still ``revision``."""

    __tablename__ = "migrated_cases"
    __table_args__ = (PrimaryKeyConstraint("run_id", "case_id"), Index(None, "case_id"), {"sqlite_with_rowid": False})

    run_id: Mapped[int] = mapped_column(Identifier)
    case_id: Mapped[int] = mapped_column(Identifier)
    outcome: Mapped[str]
    state: Mapped[str | None]
    reason: Mapped[Any | None] = mapped_column(JsonText)
    revision: Mapped[int] = mapped_column(Integer)
    before: Mapped[Any | None] = mapped_column(JsonText)
