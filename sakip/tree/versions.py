"""Indicators as they stood at a revision of their tree: what the row of an agreement was copied from (§4.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from sakip.tree.content import indicator_from_plain
from sakip.tree.models import IndicatorRow, NodeRow, TreeRevision
from sakip.tree.rows import of_keys, position_key
from sakip.tree.values import Indicator


@dataclass(frozen=True, slots=True)
class IndicatorVersion:
    """An indicator at a revision, with its node: whose tree it is in, and the position that owns it."""

    indicator: Indicator
    node: str
    unit_id: int | None
    owner_id: int | None
    revision_id: int


Link = tuple[str, int]  # an indicator's key and the number of the revision of its tree


def versions_at(
    session: Session, region_id: int, links: Iterable[Link], year: int, day: date
) -> dict[Link, IndicatorVersion]:
    """What each link points at, with the targets of a fiscal year; its node's owner as of ``day``, or the last it had.
    Links to nothing are left out."""
    wanted_links = set(links)
    found: dict[Link, IndicatorRow] = {}
    for wanted in of_keys("key", sorted({key for key, _number in wanted_links})):
        rows = (
            select(IndicatorRow, TreeRevision.number)
            .join(TreeRevision, TreeRevision.id == IndicatorRow.revision_id)
            .where(IndicatorRow.region_id == region_id, wanted(IndicatorRow))
            .order_by(IndicatorRow.id)
        )
        for row, number in session.execute(rows):
            link = (row.key, number)  # another tree that took the indicator over counts its revisions from 1 too
            if link in wanted_links and (link not in found or row.valid_from <= day):
                found[link] = row
    owners = _owners(session, region_id, {row.node_key for row in found.values()}, day)
    return {
        link: IndicatorVersion(_value(row, year), row.node_key, row.unit_id, owners.get(row.node_key), row.revision_id)
        for link, row in found.items()
    }


def _value(row: IndicatorRow, year: int) -> Indicator:
    return Indicator(
        row.key, row.name, owner=position_key(row.owner_id), verifier=position_key(row.verifier_id),
        is_key=row.is_key, is_published=row.is_published,
        **indicator_from_plain(row.content, is_in_hand=row.valid_from.year == year),
    )  # fmt: skip


def _owners(session: Session, region_id: int, keys: Iterable[str], day: date) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for wanted in of_keys("key", sorted(keys)):
        rows = select(NodeRow.key, NodeRow.owner_id).where(
            NodeRow.region_id == region_id, wanted(NodeRow), NodeRow.valid_from <= day
        )
        found.update((row.key, row.owner_id) for row in session.execute(rows.order_by(NodeRow.valid_from, NodeRow.id)))
    return found
