"""Tasks and to whom they are offered. Open rows are a shadow of the case's state; closed ones stay as record.

As in ``cases/models.py``, rows a step writes carry no foreign keys to ``cases``.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, Identifier

NO_DUE = 253402300799  # due_key of a task without a due moment: the last second of the year 9999


class Task(Base):
    """One place where somebody is or was asked to act. Closing it under ``closed_at IS NULL`` is the decision."""

    __tablename__ = "tasks"
    __table_args__ = (
        PrimaryKeyConstraint("case_id", "number"),
        Index("ix_tasks_open_unit", "unit_id", "due_key", "case_id", "number",
              sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")),
        {"sqlite_with_rowid": False},
    )  # fmt: skip

    case_id: Mapped[int] = mapped_column(Identifier)
    number: Mapped[int] = mapped_column(Integer)
    entry: Mapped[int] = mapped_column(Integer)
    state: Mapped[str]
    place: Mapped[str | None]
    item: Mapped[str | None]
    unit_id: Mapped[int | None] = mapped_column(Identifier)  # of the case, so that a unit's open tasks have an index
    assignee_id: Mapped[int | None] = mapped_column(Identifier)
    claimed_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    due_key: Mapped[int] = mapped_column(BigInteger)  # due_at in seconds, NO_DUE without one
    opened_by: Mapped[int | None] = mapped_column(Identifier)  # who sent it here; None: the system
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(Identifier)
    principal: Mapped[str | None]
    outcome: Mapped[str | None]


class Offer(Base):
    """An open task as one audience sees it. A claimed task is offered to its assignee only.

    ``powers`` says who of the audience may do anything there: 1 own right, 2 acting official, 4 daily executor,
    8 delegate, 16 out of office. They stand in the key so that counting reads nothing but the key.
    """

    __tablename__ = "offers"
    __table_args__ = (
        PrimaryKeyConstraint("region_id", "audience", "due_key", "case_id", "number", "powers"),
        {"sqlite_with_rowid": False},
    )

    region_id: Mapped[int] = mapped_column(Identifier)
    audience: Mapped[str]
    due_key: Mapped[int] = mapped_column(BigInteger)
    case_id: Mapped[int] = mapped_column(Identifier)
    number: Mapped[int] = mapped_column(Integer)
    powers: Mapped[int] = mapped_column(SmallInteger)


class OfferRound(Base):
    """How far a region's open tasks have been offered anew after its organisation changed, or a new day began."""

    __tablename__ = "offer_rounds"

    region_id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=False)
    reason: Mapped[str]  # revision of the organisation and day: what the round answers to
    next_case_id: Mapped[int] = mapped_column(Identifier)
    is_done: Mapped[bool] = mapped_column(Boolean)


class SavedView(Base):
    """A way to look at the queue that somebody named: ``query`` is the address's part after the question mark.

    ``unit_id`` is the unit it is shared with, None for one's own eyes.
    """

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("person_id", "name"), Index(None, "unit_id"))

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    person_id: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"))
    unit_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("units.id"))
    name: Mapped[str]
    query: Mapped[str]
    saved_at: Mapped[datetime]
