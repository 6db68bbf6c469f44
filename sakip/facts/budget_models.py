"""The tables of money: what a programme was given in a year, and what of it was spent by the end of a period (§11).

Amounts are exact rupiah as text. Programmes are named by the key of their node, or by their code where the tree has no
such node; the same code of two units are two programmes.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, Identifier, JsonText

_CURRENT: dict[str, Any] = {"sqlite_where": text("is_current"), "postgresql_where": text("is_current")}


class BudgetRow(Base):
    """The budget of a programme, an activity or a sub-activity (``kind``) for a year, in force from a day on.

    ``supports`` are the keys of the nodes it serves: the goals of its agreement's annex, and those above its own node.
    ``amount`` None takes the budget away from that day. A row changes in nothing but ``is_current``. From a case (with
    the act's ``seq``) or an import (``digest`` of its file).
    """

    __tablename__ = "sakip_budgets"
    __table_args__ = (
        Index("uq_sakip_budgets_current", "region_id", "year", "unit_id", "programme_key", unique=True, **_CURRENT),
        Index("ix_sakip_budgets_year", "region_id", "year", "kind", "unit_id"),
        Index("ix_sakip_budgets_programme", "region_id", "programme_key", **_CURRENT),
        Index("ix_sakip_budgets_case", "case_id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    unit_id: Mapped[int] = mapped_column(Identifier, ForeignKey("units.id"))
    programme_key: Mapped[str]
    code: Mapped[str]
    title: Mapped[str]
    kind: Mapped[str]  # programme, activity, sub_activity
    supports: Mapped[Any] = mapped_column(JsonText)
    year: Mapped[int]
    amount: Mapped[str | None]
    case_id: Mapped[int | None] = mapped_column(Identifier)
    seq: Mapped[int | None]
    digest: Mapped[str | None]
    valid_from: Mapped[date]
    at: Mapped[datetime]
    is_current: Mapped[bool]


class AbsorptionRow(Base):
    """What of a programme's budget was spent from new year to the end of a period, as reported or verified; append-only
    like a realisation."""

    __tablename__ = "sakip_absorptions"
    __table_args__ = (
        Index(
            "uq_sakip_absorptions_current", "region_id", "year", "unit_id", "programme_key", "period",
            unique=True, **_CURRENT,
        ),
        Index("ix_sakip_absorptions_case", "case_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    unit_id: Mapped[int] = mapped_column(Identifier, ForeignKey("units.id"))
    programme_key: Mapped[str]
    year: Mapped[int]
    period: Mapped[str]
    amount: Mapped[str]
    state: Mapped[str]  # reported, verified
    case_id: Mapped[int | None] = mapped_column(Identifier)
    seq: Mapped[int | None]
    digest: Mapped[str | None]
    at: Mapped[datetime]
    is_current: Mapped[bool]
