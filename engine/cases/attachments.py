"""Files that hang on a case: checked, kept by digest, told in the history, and read by those who see the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.cases import sealed_attaching
from engine.cases.access import Reader, reader_of, require_visible
from engine.cases.file_types import UnfitFile, clean_name, media_type_of
from engine.cases.files import FileStore, StoredFile
from engine.cases.fire import TRIES, perform
from engine.cases.models import Attachment, Case
from engine.cases.reading_rights import Rights
from engine.cases.refusals import refuse
from engine.cases.stored import StoredCase, read_case
from engine.cases.views import AttachmentView
from engine.changes import HistoryEntry, Plan, Refusal
from engine.database import driver_rows
from engine.definitions.model import Text
from engine.disclosure.receiving import Received
from engine.disclosure.vault import Vault
from engine.errors import Conflict, InvalidInput, KeyNeeded, NotFound

MOST_FILES = 50  # on one case

_HAS_ACTED = "SELECT 1 FROM participants WHERE audience = ? AND case_id = ? AND has_acted"


def attach(
    session: Session,
    case_id: int,
    person_id: int,
    stream: IO[bytes],
    filename: str,
    *,
    now: datetime,
    store: FileStore,
    largest: int,
    vault: Vault | None = None,
) -> AttachmentView | Refusal:
    """Hang a file of at most ``largest`` bytes on a case; the caller commits. A refusal says what is wrong with the
    file or the moment.

    Whoever opened the case, acted in it or is asked now may attach while it runs; of a sealed case every recipient, and
    its files lie encrypted in the ``vault``. Raises NotFound for others, KeyNeeded.
    """
    reader = reader_of(session, person_id, now)
    require_visible(session, reader, case_id)
    stored = read_case(session, case_id, now)
    if not may_attach(session, reader, stored):
        return refuse("not_candidate", who=Text("mereka yang terlibat", "those who take part"))
    if stored.facts.attachments >= MOST_FILES:
        return _unfit(
            Text(f"Satu kasus memuat paling banyak {MOST_FILES} berkas.", f"A case holds {MOST_FILES} files.")
        )
    try:
        name = clean_name(filename)
        if stored.definition.is_sealed:
            if stored.seal is None or vault is None:
                raise KeyNeeded
            received = sealed_attaching.seal_in(stream, name, stored.facts.region, vault, largest)
            return _record(session, stored, person_id, received, now)
        kinds: list[str] = []

        def check(arrived: StoredFile, path: Path) -> None:
            kinds.append(media_type_of(name, arrived.head, path))

        kept = store.put(stream, largest, check)
    except UnfitFile as error:
        return _unfit(error.reason)
    except InvalidInput:
        megabytes = largest // 1_000_000
        return _unfit(Text(f"Berkas lebih besar dari {megabytes} MB.", f"The file is larger than {megabytes} MB."))
    return _record(session, stored, person_id, _Kept(name, kinds[0], kept), now)


def may_attach(session: Session, reader: Reader, stored: StoredCase) -> bool:
    """Whether the reader takes part in a case that still runs."""
    if stored.facts.state.is_ended or stored.facts.is_suspended:
        return False
    if stored.definition.is_sealed or stored.row.initiator_id == reader.person_id:
        return True  # whoever sees a sealed case is asked in it
    if driver_rows(session, _HAS_ACTED, (f"person:{reader.person_id}", stored.row.id)):
        return True
    own = {audience for audience, _ in reader.audiences}
    return any(str(audience) in own for task in stored.facts.state.tasks.values() for audience in task.audiences)


def open_attachment(
    session: Session, case_id: int, attachment_id: int, person_id: int, now: datetime, store: FileStore
) -> tuple[AttachmentView, BinaryIO]:
    """A file of a case with its content; the caller closes it. Raises NotFound when the case may not be seen."""
    require_visible(session, reader_of(session, person_id, now), case_id)
    row = session.get(Attachment, attachment_id)
    if row is None or row.case_id != case_id:
        raise NotFound("There is no such file.")
    return _view(row, ""), store.open(row.sha256)


def attachments_of(session: Session, stored: StoredCase, person_id: int, rights: Rights) -> tuple[AttachmentView, ...]:
    """The files of a case, oldest first; of a sealed one those that ``person_id`` may read."""
    if stored.definition.is_sealed:
        return sealed_attaching.files_of(session, stored, person_id, rights)
    rows = session.scalars(select(Attachment).where(Attachment.case_id == stored.row.id).order_by(Attachment.id))
    return tuple(_view(row, stored.directory.person(row.person_id).name) for row in rows)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file of an ordinary case that lies in the store."""

    name: str
    media_type: str
    file: StoredFile

    @property
    def about(self) -> dict[str, Any]:
        return {"name": self.name, "size": self.file.size, "sha256": self.file.sha256}


def _record(
    session: Session, stored: StoredCase, person_id: int, kept: _Kept | Received, now: datetime
) -> AttachmentView | Refusal:
    details = {key: kept.about[key] for key in ("name", "size", "sha256")}
    for _ in range(TRIES):
        state, answers = stored.facts.state, stored.facts.answers
        entry = HistoryEntry(now, person_id, None, None, "attach", None, (), (), details=details)
        try:
            perform(session, stored, Plan(state, state, answers, None, (entry,)), now)
        except Conflict:
            stored = read_case(session, stored.row.id, now, is_locked=True)
            continue
        counted = update(Case).where(Case.id == stored.row.id).values(attachment_count=Case.attachment_count + 1)
        session.execute(counted.execution_options(synchronize_session=False))
        if isinstance(kept, Received):
            return sealed_attaching.keep(session, stored, kept, person_id, now)
        return _row(session, stored, person_id, kept, now)
    return refuse("stale_revision")


def _row(session: Session, stored: StoredCase, person_id: int, kept: _Kept, now: datetime) -> AttachmentView:
    row = Attachment(
        case_id=stored.row.id,
        sha256=kept.file.sha256,
        name=kept.name,
        media_type=kept.media_type,
        size=kept.file.size,
        person_id=person_id,
        attached_at=now,
    )
    session.add(row)
    session.flush()
    return _view(row, stored.directory.person(person_id).name)


def _view(row: Attachment, person_name: str) -> AttachmentView:
    return AttachmentView(row.id, row.name, row.media_type, row.size, row.sha256, person_name, row.attached_at)


def _unfit(reason: Text) -> Refusal:
    return Refusal("field_invalid", reason)
