"""The register of evidence: a piece is registered once, judged once, and used wherever it is asked (reference §8)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from engine.errors import InvalidInput, NotFound
from engine.organisation.models import Region, Unit
from sakip.facts.models import EvidenceAct, EvidencePiece
from sakip.tree.models import UnitSuccession

REGISTERED, ACCEPTED, REFUSED, REPAIRED = "registered", "accepted", "refused", "repaired"
MAY_FOLLOW = {
    ACCEPTED: (REGISTERED, REPAIRED, REFUSED),
    REFUSED: (REGISTERED, REPAIRED, ACCEPTED),
    REPAIRED: (REFUSED,),
}
LONGEST_TITLE, LONGEST_REASON = 300, 2_000
LARGEST_ID = 2**63 - 1  # what the databases can look for


class NotPossible(InvalidInput):
    """What was asked of a piece does not fit how it stands; ``code`` says which rule."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class File:
    """A file the engine has checked and stored, by its digest."""

    digest: str
    name: str
    type: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Content:
    """What a piece is: a file, or an address with the checksum of what was there if that could be fetched; or what
    went through Alur itself: a case or a revision of the tree."""

    file: File | None = None
    link: str | None = None
    link_checksum: str | None = None
    case_id: int | None = None
    revision_id: int | None = None


def register(
    session: Session,
    region_id: int,
    unit_id: int | None,
    *,
    kind: str,
    year: int,
    title: str,
    content: Content,
    by: int | None,
    now: datetime,
    supersedes: int | None = None,
) -> EvidencePiece:
    """Put a piece into the register of a unit (None: of the region). The same content of one kind, year and unit is
    registered once: then the piece that is there comes back. ``supersedes`` is the piece it is a newer version of;
    that keeps its uses. Raises NotFound for a piece of another region, NotPossible for one that has no content."""
    before = None if supersedes is None else piece_of(session, region_id, supersedes)
    if not any((content.file, content.link, content.case_id, content.revision_id)):
        raise NotPossible("content_missing", "A piece of evidence is a file, a link or something of Alur's own.")
    if not title.strip():
        raise NotPossible("title_missing", "A piece of evidence needs a title.")
    _one_at_a_time(session, region_id, unit_id)
    known = _same(session, region_id, unit_id, kind, year, content)
    if known is not None:
        return known
    piece = EvidencePiece(region_id=region_id, unit_id=unit_id, kind=kind, year=year)
    piece.title = title.strip()[:LONGEST_TITLE]
    if content.file is not None:
        piece.file_digest, piece.file_name = content.file.digest, content.file.name
        piece.file_type, piece.file_bytes = content.file.type, content.file.bytes
    piece.link, piece.link_checksum = content.link, content.link_checksum
    piece.from_case_id, piece.from_revision_id = content.case_id, content.revision_id
    piece.supersedes_id, piece.state = supersedes, REGISTERED
    piece.registered_by, piece.registered_at = by, now
    if before is not None and before.state == REFUSED:
        piece.state = REPAIRED  # a better version of what was refused is looked at again
    session.add(piece)
    session.flush()
    _note(session, piece, piece.state, "", by, now)
    return piece


def from_case(
    session: Session,
    region_id: int,
    unit_id: int | None,
    *,
    kind: str,
    year: int,
    title: str,
    case_id: int,
    now: datetime,
) -> EvidencePiece:
    """What went through Alur registers itself, with a link to its case, however often it is told (§8.3)."""
    content = Content(case_id=case_id)
    return register(session, region_id, unit_id, kind=kind, year=year, title=title, content=content, by=None, now=now)


def from_tree(
    session: Session,
    region_id: int,
    unit_id: int | None,
    *,
    kind: str,
    year: int,
    title: str,
    revision_id: int,
    now: datetime,
    supersedes: int | None = None,
) -> EvidencePiece:
    """The same for a tree that came in force, by its revision; ``supersedes`` is the piece of the one before."""
    return register(
        session, region_id, unit_id, kind=kind, year=year, title=title, content=Content(revision_id=revision_id),
        by=None, now=now, supersedes=supersedes,
    )  # fmt: skip


def _one_at_a_time(session: Session, region_id: int, unit_id: int | None) -> None:
    """Whoever registers for the same unit (None: the region) in the same instant waits: the same content twice is
    one piece."""
    place = select(Region.id).where(Region.id == region_id)
    if unit_id is not None:
        place = select(Unit.id).where(Unit.id == unit_id)
    session.execute(place.with_for_update(key_share=True))


def _same(
    session: Session, region_id: int, unit_id: int | None, kind: str, year: int, content: Content
) -> EvidencePiece | None:
    query = select(EvidencePiece).where(
        EvidencePiece.region_id == region_id, EvidencePiece.kind == kind, EvidencePiece.year == year
    )
    if content.case_id is None:  # a case is a document of one unit, also when its tree went over to another since
        query = query.where(EvidencePiece.unit_id.is_(None) if unit_id is None else EvidencePiece.unit_id == unit_id)
    if content.file is not None:
        query = query.where(EvidencePiece.file_digest == content.file.digest)
    elif content.link is not None:
        query = query.where(EvidencePiece.link == content.link, EvidencePiece.file_digest.is_(None))
        if content.link_checksum is not None:  # the page behind it may have changed
            query = query.where(EvidencePiece.link_checksum == content.link_checksum)
    elif content.case_id is not None:
        query = query.where(EvidencePiece.from_case_id == content.case_id)
    else:
        query = query.where(EvidencePiece.from_revision_id == content.revision_id)
    return session.scalar(query.order_by(EvidencePiece.id.desc()).limit(1))


def piece_of(session: Session, region_id: int, piece_id: int) -> EvidencePiece:
    """A piece of the region's register. Raises NotFound for any other."""
    piece = session.get(EvidencePiece, piece_id) if 0 < piece_id <= LARGEST_ID else None
    if piece is None or piece.region_id != region_id:
        raise NotFound("There is no such piece of evidence.")
    return piece


def pieces_of(session: Session, region_id: int, piece_ids: Iterable[int]) -> dict[int, EvidencePiece]:
    """Those of many pieces that are in the region's register, by their id, read together."""
    wanted = {one for one in piece_ids if 0 < one <= LARGEST_ID}
    query = select(EvidencePiece).where(EvidencePiece.region_id == region_id, EvidencePiece.id.in_(wanted))
    return {piece.id: piece for piece in session.scalars(query)} if wanted else {}


def offered(
    session: Session, region_id: int, unit_id: int | None, kind: str | None, year: int, limit: int = 200
) -> Sequence[EvidencePiece]:
    """The newest pieces a unit may use for a kind and year (no kind: of all): its own, those of the units above it, of
    the units it came from and the region's. One that a newer version supersedes is not offered any more; a refused one
    is, with its state."""
    query = _to_use(session, region_id, unit_id, year)
    if kind is not None:
        query = query.where(EvidencePiece.kind == kind)
    return session.scalars(query.limit(limit)).all()


def offered_of(
    session: Session, region_id: int, unit_id: int | None, kinds: Collection[str], year: int
) -> Sequence[EvidencePiece]:
    """Every piece a unit may use of some kinds and a year, newest first: what a worksheet asks is found however many
    others the register has."""
    query = _to_use(session, region_id, unit_id, year).where(EvidencePiece.kind.in_(sorted(kinds)))
    return session.scalars(query).all()


def _to_use(session: Session, region_id: int, unit_id: int | None, year: int) -> Select[EvidencePiece]:
    newer = aliased(EvidencePiece)
    return (
        select(EvidencePiece)
        .where(
            EvidencePiece.region_id == region_id,
            EvidencePiece.year == year,
            or_(EvidencePiece.unit_id.is_(None), EvidencePiece.unit_id.in_(registers_of(session, unit_id))),
            ~select(newer.id).where(newer.supersedes_id == EvidencePiece.id).exists(),
        )
        .order_by(EvidencePiece.id.desc())
    )


def units_above(session: Session, unit_id: int | None) -> list[int]:
    """A unit and everything it stands under."""
    unit = None if unit_id is None else session.get(Unit, unit_id)
    return [] if unit is None else [int(step) for step in unit.path.split("/") if step]


def registers_of(session: Session, unit_id: int | None) -> list[int]:
    """The units whose pieces a unit may use: itself, what it stands under, and the units these came from by a split, a
    merger or another name, however long ago: what a predecessor did is its successor's evidence (§4.8)."""
    return with_predecessors(session, units_above(session, unit_id))


def with_predecessors(session: Session, units: Iterable[int]) -> list[int]:
    """Units and everything they came from, the units first."""
    found = list(dict.fromkeys(units))
    new = found
    while new:
        before = select(UnitSuccession.predecessor_id).where(UnitSuccession.unit_id.in_(new))
        new = [one for one in dict.fromkeys(session.scalars(before)) if one not in found]
        found += new
    return found


def accept(session: Session, region_id: int, piece_id: int, *, by: int | None, now: datetime, reason: str = "") -> None:
    """The piece is good: shown so at every use. Raises NotFound, NotPossible."""
    _move(session, region_id, piece_id, ACCEPTED, reason, by, now)


def refuse(session: Session, region_id: int, piece_id: int, *, by: int | None, now: datetime, reason: str) -> None:
    """The piece is not good, everywhere it is used; a reason is needed. Raises NotFound, NotPossible."""
    if not reason.strip():
        raise NotPossible("reason_missing", "Whoever refuses a piece of evidence says why.")
    _move(session, region_id, piece_id, REFUSED, reason, by, now)


def repair(session: Session, region_id: int, piece_id: int, *, by: int | None, now: datetime, reason: str) -> None:
    """What was refused has been put right and is to be looked at again. A better file is registered as a newer version
    instead (``supersedes``). Raises NotFound, NotPossible."""
    _move(session, region_id, piece_id, REPAIRED, reason, by, now)


def _move(
    session: Session, region_id: int, piece_id: int, state: str, reason: str, by: int | None, now: datetime
) -> None:
    piece = piece_of(session, region_id, piece_id)
    session.refresh(piece, with_for_update={"key_share": True})  # of two who judge at once the second sees the first
    if piece.state == state:
        return
    if piece.state not in MAY_FOLLOW[state]:
        raise NotPossible("state", f"A piece of evidence that is {piece.state} cannot become {state}.")
    piece.state = state
    _note(session, piece, state, reason, by, now)


def _note(session: Session, piece: EvidencePiece, state: str, reason: str, by: int | None, now: datetime) -> None:
    session.add(EvidenceAct(piece_id=piece.id, state=state, reason=reason.strip()[:LONGEST_REASON], by=by, at=now))
    session.flush()


def history(session: Session, region_id: int, piece_id: int) -> Sequence[EvidenceAct]:
    """Everything that was done with a piece and its uses, the oldest first. Raises NotFound."""
    piece = piece_of(session, region_id, piece_id)
    return session.scalars(select(EvidenceAct).where(EvidenceAct.piece_id == piece.id).order_by(EvidenceAct.id)).all()
