"""Files of a draft or a case: kept, listed and read by whoever holds the key, moved to another owner, removed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.disclosure.models import SealedFile
from engine.disclosure.newest import note_new
from engine.disclosure.primitives import unwrap, wrap
from engine.disclosure.receiving import Received
from engine.disclosure.seals import CaseSeal, to_bytes, to_text
from engine.disclosure.streams import checked_pieces
from engine.disclosure.vault import Vault, place_of
from engine.errors import NotFound

FILE, ORIGINAL = "file", "original"


@dataclass(frozen=True, slots=True)
class FileView:
    """A file as its readers see it. ``size`` in bytes, of the cleaned copy; digests are SHA-256 in hex; ``notes`` say
    what did not come along, told once."""

    id: str
    name: str
    size: int
    media_type: str
    sha256: str
    original_sha256: str
    side: str
    person_id: int | None
    day: date
    original_id: str | None = None
    notes: tuple[Text, ...] = ()

    def as_answer(self) -> dict[str, Any]:
        """As an answer of type ``files`` holds it."""
        return {"id": self.id, "name": self.name, "size": self.size, "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose files: those of a case or of a draft."""

    region_id: int
    case_id: int | None = None
    draft_id: str | None = None


def keep(
    session: Session, seal: CaseSeal, owner: Owner, received: Received, *, side: str, person_id: int | None, on: date
) -> FileView:
    """The file belongs to the owner from now on, named and opened by ``seal``'s key."""
    for one, kind in ((received.copy, FILE), (received.original, ORIGINAL)):
        if one is None:
            continue
        session.add(
            SealedFile(
                id=one.id,
                region_id=owner.region_id,
                case_id=owner.case_id,
                draft_id=owner.draft_id,
                kind=kind,
                of_file=None if kind == FILE else received.copy.id,
                side=side,
                person_id=person_id,
                day=on,
                about=seal.lock_json(f"file:{one.id}", received.about),
                wrapped=_wrapped(seal, one.id, one.key),
                stored_bytes=one.stored_bytes,
            )
        )
    session.flush()
    if owner.case_id is not None:
        note_new(session, owner.case_id, on)
    original = None if received.original is None else received.original.id
    return _view(received.copy.id, received.about, side, person_id, on, original, received.notes)


def listed(session: Session, seal: CaseSeal, owner: Owner, *, side: str | None = None) -> tuple[FileView, ...]:
    """The files of an owner, or of one ``side`` alone, in the order of their ids, which is none: when each came is not
    kept."""
    wanted = _of(owner) if side is None else (*_of(owner), SealedFile.side == side)
    rows = session.scalars(select(SealedFile).where(*wanted).order_by(SealedFile.day, SealedFile.id)).all()
    originals = {row.of_file: row.id for row in rows if row.kind == ORIGINAL}
    return tuple(
        _view(row.id, seal.unlock_json(f"file:{row.id}", row.about), row.side, row.person_id, row.day,
              originals.get(row.id))
        for row in rows
        if row.kind == FILE
    )  # fmt: skip


def pieces_of(
    session: Session, seal: CaseSeal, owner: Owner, file_id: str, vault: Vault, *, side: str | None = None
) -> tuple[FileView, Iterator[bytes]]:
    """One file (a copy, or an original) to be read, verified as a whole before its first byte is given. Raises NotFound
    for one that is not the owner's, or of another ``side``; CannotOpen for one that was changed."""
    row = session.get(SealedFile, file_id)
    if row is None or (row.case_id, row.draft_id) != (owner.case_id, owner.draft_id) or side not in (None, row.side):
        raise NotFound("There is no such file.")
    about = seal.unlock_json(f"file:{row.id}", row.about)
    key = unwrap(seal.content, to_bytes(row.wrapped), seal.name.context(f"file-key:{row.id}"))
    view = _view(row.id, about, row.side, row.person_id, row.day, None)
    return view, _closing(vault.open(row.id), key, seal.name.region, row.id)


def move(session: Session, owner: Owner, seal: CaseSeal, to: Owner, to_seal: CaseSeal, on: date) -> None:
    """The files of a draft become those of a case; the bytes stay as they lie, their keys are wrapped anew."""
    for row in session.scalars(select(SealedFile).where(*_of(owner))):
        key = unwrap(seal.content, to_bytes(row.wrapped), seal.name.context(f"file-key:{row.id}"))
        row.about = to_seal.lock_json(f"file:{row.id}", seal.unlock_json(f"file:{row.id}", row.about))
        row.wrapped = _wrapped(to_seal, row.id, key)
        row.case_id, row.draft_id, row.day = to.case_id, to.draft_id, on
    session.flush()


def remove(session: Session, owner: Owner, file_id: str, vault: Vault) -> None:
    """A file and its original are gone. Raises NotFound for one that is not the owner's."""
    rows = session.scalars(
        select(SealedFile).where(*_of(owner), (SealedFile.id == file_id) | (SealedFile.of_file == file_id))
    ).all()
    if not any(row.id == file_id for row in rows):
        raise NotFound("There is no such file.")
    _destroy(session, [row.id for row in rows], vault)


def remove_all(session: Session, owner: Owner, vault: Vault) -> int:
    """Every file of an owner is gone; how many there were."""
    ids = session.scalars(select(SealedFile.id).where(*_of(owner))).all()
    _destroy(session, ids, vault)
    return len(ids)


def counted(session: Session, owner: Owner, on: date) -> tuple[int, int, int]:
    """How many files there are, how many bytes they take in the vault, and how many came on that day."""
    files = (*_of(owner), SealedFile.kind == FILE)
    count, size = session.execute(
        select(func.count(), func.coalesce(func.sum(SealedFile.stored_bytes), 0)).where(*files)
    ).one()
    today = session.scalar(select(func.count()).select_from(SealedFile).where(*files, SealedFile.day == on))
    return int(count), int(size), int(today or 0)


def drop_ownerless(session: Session, vault: Vault) -> int:
    """Removes what lies in the vault without a row, older than a day; how many there were."""
    lying = vault.left_behind()
    known: set[str] = set()
    for start in range(0, len(lying), 500):
        known.update(session.scalars(select(SealedFile.id).where(SealedFile.id.in_(lying[start : start + 500]))))
    ownerless = [one for one in lying if one not in known]
    for one in ownerless:
        vault.remove(one)
    return len(ownerless)


def _wrapped(seal: CaseSeal, file_id: str, key: bytes) -> str:
    return to_text(wrap(seal.content, key, seal.name.context(f"file-key:{file_id}")))


def _of(owner: Owner) -> tuple[Any, ...]:
    if owner.case_id is not None:
        return (SealedFile.case_id == owner.case_id,)
    return (SealedFile.draft_id == owner.draft_id,)


def _view(
    file_id: str,
    about: dict[str, Any],
    side: str,
    person_id: int | None,
    day: date,
    original: str | None,
    notes: tuple[Text, ...] = (),
) -> FileView:
    return FileView(
        file_id, about["name"], about["size"], about["media_type"], about["sha256"], about["original_sha256"], side,
        person_id, day, original, notes,
    )  # fmt: skip


def _destroy(session: Session, ids: Sequence[str], vault: Vault) -> None:
    session.execute(delete(SealedFile).where(SealedFile.id.in_(ids)).execution_options(synchronize_session=False))
    for one in ids:
        vault.remove(one)


def _closing(source: BinaryIO, key: bytes, region: str, file_id: str) -> Iterator[bytes]:
    """The pieces of an open file, which is closed after the last; verified here, before anything is given."""
    try:
        found = checked_pieces(source, key, place_of(region, file_id))
    except BaseException:
        source.close()
        raise

    def given() -> Iterator[bytes]:
        with source:
            yield from found

    return given()
