"""Files of a sealed case: an officer's evidence is kept as it is, the reporter's was cleaned; both lie encrypted.

Evidence must stay what it was, so an officer's file is not rebuilt, only looked at; it passes through memory alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import IO

from sqlalchemy.orm import Session

from engine.cases.access import reader_of, require_visible
from engine.cases.file_types import media_type_of
from engine.cases.identity_release import may_read_originals
from engine.cases.reading_rights import Rights, rights_of
from engine.cases.step import Step
from engine.cases.stored import StoredCase, read_case
from engine.cases.views import AttachmentView
from engine.database import driver_rows
from engine.disclosure import sealed_files
from engine.disclosure.conversation import OFFICE
from engine.disclosure.primitives import new_key
from engine.disclosure.receiving import Received, SealedBytes
from engine.disclosure.sealed_files import FileView, Owner
from engine.disclosure.seals import CaseSeal
from engine.disclosure.vault import Vault, new_file_id, place_of
from engine.errors import InvalidInput, KeyNeeded, NotFound

_HEAD = 64 * 1024  # bytes, for telling a file's kind

_WHOSE = "SELECT kind, person_id FROM sealed_files WHERE id = ? AND case_id = ?"


def seal_in(stream: IO[bytes], name: str, region: str, vault: Vault, largest: int) -> Received:
    """An officer's file encrypted into the vault, under a clean ``name``; nobody's yet. Raises UnfitFile, and
    InvalidInput for more than ``largest`` bytes."""
    content = stream.read(largest + 1)
    if len(content) > largest:
        raise InvalidInput(f"The file is larger than {largest // 1_000_000} MB.")
    kind = media_type_of(name, content[:_HEAD], content)
    one = SealedBytes(new_file_id(), new_key(), 0)
    with vault.arriving(one.id, one.key, place_of(region, one.id)) as arriving:
        arriving.write(content)
        arriving.keep()
    digest = hashlib.sha256(content).hexdigest()
    about = {"name": name, "media_type": kind, "size": len(content), "sha256": digest, "original_sha256": digest}
    return Received(SealedBytes(one.id, one.key, arriving.stored_bytes), None, about, ())


def keep(session: Session, stored: StoredCase, received: Received, person_id: int, now: datetime) -> AttachmentView:
    """The file belongs to the case from now on."""
    seal, day = _seal(stored), stored.directory.day(now)
    view = sealed_files.keep(session, seal, _owner(stored), received, side=OFFICE, person_id=person_id, on=day)
    return _view(stored, view, has_original=False)


def files_of(session: Session, stored: StoredCase, person_id: int, rights: Rights) -> tuple[AttachmentView, ...]:
    """The files this person reads: all of them, or their own where they may not read what the reporter sent."""
    seal = _seal(stored)
    reads_originals = may_read_originals(session, seal, stored.row.id, person_id, stored.facts.now)
    return tuple(
        _view(stored, view, has_original=view.original_id is not None and reads_originals)
        for view in sealed_files.listed(session, seal, _owner(stored))
        if rights.reads_reporter or view.person_id == person_id
    )


def open_file(
    session: Session, case_id: int, file_id: str, person_id: int, now: datetime, vault: Vault
) -> tuple[AttachmentView, Iterator[bytes]]:
    """A file of a sealed case, verified as a whole before its first byte is given. An original can show who sent it, so
    it is for whom the reporter's identity was released to, or who keeps it. Raises NotFound, KeyNeeded, CannotOpen."""
    require_visible(session, reader_of(session, person_id, now), case_id)
    stored = read_case(session, case_id, now)
    if not stored.definition.is_sealed:
        raise NotFound("There is no such file.")
    seal = _seal(stored)
    rights = rights_of(Step(stored.definition, stored.facts), person_id)
    whose = driver_rows(session, _WHOSE, (file_id, case_id))
    is_readable = bool(whose) and (rights.reads_reporter or whose[0][1] == person_id)
    is_original = is_readable and whose[0][0] == sealed_files.ORIGINAL
    if not is_readable or (is_original and not may_read_originals(session, seal, case_id, person_id, now)):
        raise NotFound("There is no such file.")
    view, pieces = sealed_files.pieces_of(session, seal, _owner(stored), file_id, vault)
    return _view(stored, view, has_original=False), pieces


def _owner(stored: StoredCase) -> Owner:
    return Owner(stored.row.region_id, case_id=stored.row.id)


def _seal(stored: StoredCase) -> CaseSeal:
    if stored.seal is None:
        raise KeyNeeded
    return stored.seal


def _view(stored: StoredCase, view: FileView, *, has_original: bool) -> AttachmentView:
    start = datetime(view.day.year, view.day.month, view.day.day, tzinfo=stored.directory.timezone)
    by = None if view.person_id is None else stored.directory.person(view.person_id).name
    original = view.original_id if has_original else None
    return AttachmentView(view.id, view.name, view.media_type, view.size, view.sha256, by, start, original)
