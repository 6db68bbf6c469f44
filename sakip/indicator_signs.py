"""How the numbers of some indicators are shown: the signs of their units of measure, by their keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from sakip.looking import Viewer
from sakip.tree.models import IndicatorRow
from sakip.unit_signs import UnitSign, unit_sign


def indicator_signs(session: Session, viewer: Viewer, keys: Collection[str], year: int) -> Mapping[str, UnitSign]:
    """The sign and decimals of each indicator of today's tree among ``keys``, by the rules of ``year``."""
    if not keys:
        return {}
    rules = viewer.configuration.measurement(year)
    query = select(IndicatorRow.key, IndicatorRow.content).where(
        IndicatorRow.region_id == viewer.region_id, IndicatorRow.key.in_(keys), IndicatorRow.valid_to.is_(None)
    )  # fmt: skip
    return {key: unit_sign(rules, (content or {}).get("unit")) for key, content in session.execute(query)}
