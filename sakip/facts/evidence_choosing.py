"""What the register offers one unit for one year, with how often each piece is used, for pages that choose (§8.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine.organisation.models import Region, Unit
from sakip.facts.evidence import LARGEST_ID, offered, registers_of
from sakip.facts.models import EvidencePiece, EvidenceUse


@dataclass(frozen=True, slots=True)
class Choosable:
    """A piece that may be chosen; ``is_offered`` is False for one chosen before that a newer version superseded.
    ``owner`` is the name of the unit or region in whose register it stands, "" in that of the unit that asks."""

    number: int
    title: str
    kind: str
    year: int
    state: str
    uses: int
    is_offered: bool
    owner: str


def choosable(
    session: Session, region_id: int, unit_id: int | None, year: int, chosen: Iterable[int] = ()
) -> list[Choosable]:
    """The pieces a unit may use of a year, newest first, then those of ``chosen`` that are its own to use and no longer
    offered: what uses one keeps it."""
    found = list(offered(session, region_id, unit_id, None, year))
    known = {one.id for one in found}
    others = [number for number in dict.fromkeys(chosen) if 0 < number <= LARGEST_ID and number not in known]
    kept: list[EvidencePiece] = []
    if others:
        query = select(EvidencePiece).where(
            EvidencePiece.region_id == region_id, EvidencePiece.id.in_(others),
            or_(EvidencePiece.unit_id.is_(None), EvidencePiece.unit_id.in_(registers_of(session, unit_id))),
        )  # fmt: skip
        kept = list(session.scalars(query.order_by(EvidencePiece.id.desc())))
    uses = count_uses(session, region_id, [one.id for one in (*found, *kept)])
    owners = _owners(session, region_id, {one.unit_id for one in (*found, *kept)} - {unit_id})
    return [
        Choosable(
            one.id, one.title, one.kind, one.year, one.state, uses.get(one.id, 0), one.id in known,
            owners.get(one.unit_id, ""),
        )
        for one in (*found, *kept)
    ]  # fmt: skip


def _owners(session: Session, region_id: int, units: Collection[int | None]) -> Mapping[int | None, str]:
    """The names of some units, and of the region for None."""
    named = [one for one in units if one is not None]
    rows = session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(named))) if named else ()
    found: dict[int | None, str] = {row[0]: row[1] for row in rows}
    return found | ({None: session.get_one(Region, region_id).name} if None in units else {})


def count_uses(session: Session, region_id: int, pieces: Collection[int]) -> Mapping[int, int]:
    """At how many places each of some pieces is used; a piece used nowhere is not there."""
    if not pieces:
        return {}
    query = select(EvidenceUse.piece_id, func.count()).where(
        EvidenceUse.region_id == region_id, EvidenceUse.piece_id.in_(pieces)
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(EvidenceUse.piece_id))}
