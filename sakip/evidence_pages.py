"""The register of evidence as pages show it: the pieces of units, and one piece with its uses and its history (§8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, BinaryIO

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from engine.cases.access import seen_among
from engine.cases.file_types import clean_name, media_type_of
from engine.cases.files import FileStore
from engine.cases.models import Case
from engine.errors import NotFound
from engine.organisation.models import Person
from sakip.evidence_begun import Begun, choices_begun
from sakip.evidence_rights import Keeper, keeper_of
from sakip.facts.due import names_of
from sakip.facts.evidence import File, history, piece_of
from sakip.facts.evidence_choosing import count_uses
from sakip.facts.evidence_uses import REALISATION, uses_of
from sakip.facts.models import EvidenceAct, EvidencePiece, EvidenceUse
from sakip.tree.models import TreeRevision

STATES = ("registered", "accepted", "refused", "repaired")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What narrows the list: a unit's key (the region's for its own), a year, a kind, a state, words of a title."""

    unit: str = ""
    year: int | None = None
    kind: str = ""
    state: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A piece in the list, with how many places use it."""

    piece: EvidencePiece
    uses: int


@dataclass(frozen=True, eq=False, slots=True)
class Page:
    """One page of the register for its reader, and the key of the next one (None: it was the last)."""

    keeper: Keeper
    rows: Sequence[Listed]
    following: int | None


@dataclass(frozen=True, eq=False, slots=True)
class Shown:
    """One piece for its reader: its uses, what was done with it (oldest first), who did, the version before and the
    newer one. ``case_number`` where it stands for a case, told when the reader may see it, ``tree`` where for a tree's
    revision (its unit, None: the region's)."""

    keeper: Keeper
    piece: EvidencePiece
    uses: Sequence[EvidenceUse]
    acts: Sequence[EvidenceAct]
    names: Mapping[int, str]
    before: EvidencePiece | None
    newer: EvidencePiece | None
    case_number: str
    may_see_case: bool
    tree: TreeRevision | None
    use_cases: Mapping[int, str]  # numbers of the cases in which it is used, as far as the reader may see them
    indicators: Mapping[str, str]  # names of those at which it is used
    begun: Sequence[Begun]  # where it is chosen in what is not sent yet


def pieces_listed(
    session: Session, person_id: int, wanted: Wanted, after: int | None, limit: int, now: datetime
) -> Page:
    """One page of the pieces a person may read, the newest first. A piece that a newer version supersedes is found on
    that one's page. Raises NotFound for a unit that is not the reader's."""
    keeper = keeper_of(session, person_id, now)
    newer = aliased(EvidencePiece)
    query = select(EvidencePiece).where(
        EvidencePiece.region_id == keeper.region_id,
        ~select(newer.id).where(newer.supersedes_id == EvidencePiece.id).exists(),
        *_whose(keeper, wanted.unit),
    )
    if wanted.year is not None:
        query = query.where(EvidencePiece.year == wanted.year)
    if wanted.kind:
        query = query.where(EvidencePiece.kind == wanted.kind)
    if wanted.state:
        query = query.where(EvidencePiece.state == wanted.state)
    if wanted.text:
        query = query.where(EvidencePiece.title.icontains(wanted.text, autoescape=True))
    if after is not None:
        query = query.where(EvidencePiece.id < after)
    found = list(session.scalars(query.order_by(EvidencePiece.id.desc()).limit(limit + 1)))
    page = found[:limit]
    uses = count_uses(session, keeper.region_id, [one.id for one in page])
    rows = [Listed(one, uses.get(one.id, 0)) for one in page]
    return Page(keeper, rows, page[-1].id if len(found) > limit else None)


def _whose(keeper: Keeper, unit: str) -> list[ColumnElement[bool]]:
    if unit == keeper.region_key:
        return [EvidencePiece.unit_id.is_(None)]
    known = {one.key: one.id for one in keeper.viewer.organisation.units.values()}
    if unit:
        if unit not in known or not (keeper.reads_all() or known[unit] in keeper.readable_units()):
            raise NotFound("There is no such unit.")
        return [EvidencePiece.unit_id == known[unit]]
    if keeper.reads_all():
        return []
    return [or_(EvidencePiece.unit_id.is_(None), EvidencePiece.unit_id.in_(sorted(keeper.readable_units())))]


def piece_to_read(session: Session, keeper: Keeper, piece_id: int) -> EvidencePiece:
    """A piece the person may read. Raises NotFound for any other."""
    piece = piece_of(session, keeper.region_id, piece_id)
    if not keeper.may_read(piece):
        raise NotFound("There is no such piece of evidence.")
    return piece


def piece_shown(session: Session, person_id: int, piece_id: int, now: datetime) -> Shown:
    """Everything the page of a piece shows. Raises NotFound for one that is not there or not the reader's."""
    keeper = keeper_of(session, person_id, now)
    piece = piece_to_read(session, keeper, piece_id)
    uses, acts = uses_of(session, keeper.region_id, piece.id), history(session, keeper.region_id, piece.id)
    people = {one for one in (piece.registered_by, *(act.by for act in acts)) if one is not None}
    named = session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    names = {row[0]: row[1] for row in named}
    newer = session.scalar(
        select(EvidencePiece).where(EvidencePiece.supersedes_id == piece.id).order_by(EvidencePiece.id.desc()).limit(1)
    )
    before = None if piece.supersedes_id is None else session.get(EvidencePiece, piece.supersedes_id)
    cases = {one for one in (piece.from_case_id, *(use.case_id for use in uses)) if one is not None}
    numbered = session.execute(select(Case.id, Case.number).where(Case.id.in_(cases)))
    numbers = {row[0]: row[1] for row in numbered}
    visible = seen_among(session, keeper.viewer.reader, numbers)
    seen = {one: number for one, number in numbers.items() if one in visible}
    tree = None if piece.from_revision_id is None else session.get(TreeRevision, piece.from_revision_id)
    begun = choices_begun(session, keeper.viewer, piece, uses)
    keys = sorted({
        *(use.place for use in uses if use.subject == REALISATION),
        *(one.place.place for one in begun if one.place.subject == REALISATION),
    })  # fmt: skip
    names_of_rows = names_of(session, keeper.region_id, keys, keeper.viewer.today) if keys else {}
    return Shown(
        keeper, piece, uses, acts, names, before, newer, numbers.get(piece.from_case_id or 0, ""),
        piece.from_case_id in seen, tree, seen,
        {key: name for key, (name, _place) in names_of_rows.items()}, begun,
    )  # fmt: skip


def stored_file(store: FileStore, stream: IO[bytes], name: str, largest: int) -> File:
    """Check and store a file of at most ``largest`` bytes. Raises UnfitFile for a kind that is not taken, InvalidInput
    for one that is too large."""
    cleaned = clean_name(name)
    kinds: list[str] = []
    kept = store.put(stream, largest, lambda arrived, path: kinds.append(media_type_of(cleaned, arrived.head, path)))
    return File(kept.sha256, cleaned, kinds[0], kept.size)


def open_file(
    session: Session, person_id: int, piece_id: int, store: FileStore, now: datetime
) -> tuple[EvidencePiece, BinaryIO]:
    """The file of a piece with its content; the caller closes it. Raises NotFound where there is none to read."""
    piece = piece_to_read(session, keeper_of(session, person_id, now), piece_id)
    if piece.file_digest is None:
        raise NotFound("This piece of evidence is no file.")
    return piece, store.open(piece.file_digest)
