"""The headings an empty file of a kind begins with: those that are read, the needed ones among them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from engine.organisation.models import Region
from sakip.exchange import tree
from sakip.exchange.bringing import KINDS
from sakip.exchange.table import Column
from sakip.exchange.tree_columns import with_fields
from sakip.standing import configuration_of


def head_of(session: Session, region_id: int, kind: str, now: datetime) -> tuple[Column, ...]:
    """The columns of an empty file in their order, a tree's with the further fields of the region. Raises KeyError for
    a kind nobody knows."""
    known, _ = KINDS[kind]
    if known is tree.KIND:
        day = now.astimezone(ZoneInfo(session.get_one(Region, region_id).timezone)).date()
        known = with_fields(configuration_of(session, region_id).levels(day.year))
    return tuple(column for column in known.columns if column.used)
