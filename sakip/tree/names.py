"""The names of the goals and indicators that reasons, and answers of cases, tell by their keys."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from sakip.judged import Result
from sakip.reasons import Reason, keys_in
from sakip.tree.models import IndicatorRow, NodeRow


def names_of(session: Session, region_id: int, results: Iterable[Result]) -> dict[str, str]:
    """The names, by key, of all items that the reasons among some results tell of; those of today's tree."""
    keys = {key for one in results if isinstance(one, Reason) for key in keys_in(one)}
    return names_of_keys(session, region_id, keys)


def names_of_keys(session: Session, region_id: int, keys: Collection[str]) -> dict[str, str]:
    """The statements of goals and names of indicators in today's tree, by key; what is not there is left out."""
    if not keys:
        return {}
    found: dict[str, str] = {}
    for key, name in ((NodeRow.key, NodeRow.statement), (IndicatorRow.key, IndicatorRow.name)):
        row = key.class_
        query = select(key, name).where(row.region_id == region_id, key.in_(keys), row.valid_to.is_(None))
        found |= {str(held): str(told) for held, told in session.execute(query)}
    return found
