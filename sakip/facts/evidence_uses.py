"""Where pieces of evidence are used: a row a place, never a copy; a use may be refused alone (reference §8.2, §8.4)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from sakip.facts.evidence import LARGEST_ID, LONGEST_REASON, REFUSED, NotPossible, piece_of
from sakip.facts.models import EvidenceAct, EvidencePiece, EvidenceUse

CRITERION, REALISATION = "criterion", "realisation"  # what evidence is used for
USED = "used"


@dataclass(frozen=True, slots=True)
class Place:
    """Where: at a criterion (``place`` its path, ``piece`` the piece asked there) or a row of a report (``place`` the
    indicator, ``period`` the report's)."""

    subject: str
    place: str
    unit_id: int | None
    year: int
    period: str = ""
    piece: str = ""


def use(
    session: Session, region_id: int, piece_id: int, place: Place, *, by: int | None, now: datetime,
    case_id: int | None = None,
) -> EvidenceUse:  # fmt: skip
    """Use a registered piece at a place; used there already, that use comes back. Raises NotFound for a piece of
    another region."""
    piece = piece_of(session, region_id, piece_id)
    known = session.scalar(_at(region_id, place).where(EvidenceUse.piece_id == piece.id))
    if known is not None:
        return known
    row = EvidenceUse(region_id=region_id, piece_id=piece.id, unit_id=place.unit_id, year=place.year)
    row.period, row.subject, row.place, row.piece = place.period, place.subject, place.place, place.piece
    row.case_id, row.state, row.by, row.at = case_id, USED, by, now
    session.add(row)
    session.flush()
    return row


def use_only(
    session: Session, region_id: int, pieces: Collection[int], place: Place, *, by: int | None, now: datetime,
    case_id: int | None = None,
) -> None:  # fmt: skip
    """Use exactly these pieces at a place: uses of others there end, as long as nobody judged them."""
    judged = select(EvidenceAct.use_id).where(EvidenceAct.use_id == EvidenceUse.id).exists()
    for row in session.scalars(_at(region_id, place).where(EvidenceUse.piece_id.not_in(pieces), ~judged)):
        session.delete(row)
    for piece in pieces:
        use(session, region_id, piece, place, by=by, now=now, case_id=case_id)
    session.flush()


def uses_of(session: Session, region_id: int, piece_id: int) -> Sequence[EvidenceUse]:
    """Every use of a piece. Raises NotFound."""
    piece = piece_of(session, region_id, piece_id)
    return session.scalars(select(EvidenceUse).where(EvidenceUse.piece_id == piece.id).order_by(EvidenceUse.id)).all()


def uses_at(
    session: Session, region_id: int, unit_id: int | None, year: int, subject: str, period: str = ""
) -> Sequence[tuple[EvidenceUse, EvidencePiece]]:
    """Every use of a unit and year for a subject, with its piece, by place."""
    query = select(EvidenceUse, EvidencePiece).join(EvidencePiece, EvidencePiece.id == EvidenceUse.piece_id)
    query = query.where(
        EvidenceUse.region_id == region_id, EvidenceUse.year == year, EvidenceUse.subject == subject,
        EvidenceUse.unit_id.is_(None) if unit_id is None else EvidenceUse.unit_id == unit_id,
        EvidenceUse.period == period,
    )  # fmt: skip
    return [(row[0], row[1]) for row in session.execute(query.order_by(EvidenceUse.place, EvidenceUse.id))]


def refuse_use(session: Session, region_id: int, use_id: int, *, by: int | None, now: datetime, reason: str) -> None:
    """Not evidence for this place; elsewhere the piece stands as before. Raises NotFound, NotPossible."""
    if not reason.strip():
        raise NotPossible("reason_missing", "Whoever refuses a piece of evidence says why.")
    _judge(session, region_id, use_id, REFUSED, reason, by, now)


def restore_use(
    session: Session, region_id: int, use_id: int, *, by: int | None, now: datetime, reason: str = ""
) -> None:
    """Evidence for this place after all. Raises NotFound."""
    _judge(session, region_id, use_id, USED, reason, by, now)


def use_to_judge(session: Session, region_id: int, piece_id: int, use_id: int) -> EvidenceUse:
    """A use of this piece. Raises NotFound for one of another piece or region."""
    row = session.get(EvidenceUse, use_id) if 0 < use_id <= LARGEST_ID else None
    if row is None or row.region_id != region_id or row.piece_id != piece_id:
        raise NotFound("There is no such use of a piece of evidence.")
    return row


def _judge(
    session: Session, region_id: int, use_id: int, state: str, reason: str, by: int | None, now: datetime
) -> None:
    row = session.get(EvidenceUse, use_id) if 0 < use_id <= LARGEST_ID else None
    if row is None or row.region_id != region_id:
        raise NotFound("There is no such use of a piece of evidence.")
    session.refresh(row, with_for_update={"key_share": True})  # of two who judge at once the second sees the first
    if row.state == state:
        return
    row.state = state
    session.add(
        EvidenceAct(
            piece_id=row.piece_id, use_id=row.id, state=state, reason=reason.strip()[:LONGEST_REASON], by=by, at=now
        )
    )
    session.flush()


def _at(region_id: int, place: Place) -> Select[EvidenceUse]:
    return select(EvidenceUse).where(
        EvidenceUse.region_id == region_id, EvidenceUse.year == place.year, EvidenceUse.subject == place.subject,
        EvidenceUse.place == place.place, EvidenceUse.period == place.period, EvidenceUse.piece == place.piece,
        EvidenceUse.unit_id.is_(None) if place.unit_id is None else EvidenceUse.unit_id == place.unit_id,
    )  # fmt: skip
