"""A reporter's file on its way in: taken in before the transaction, counted inside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import IO, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.channel.model import EVIDENCE, Channel
from engine.definitions.model import Text
from engine.disclosure import receiving, sealed_files
from engine.disclosure.models import SealedFile
from engine.disclosure.receiving import Cleaning, Received, Unfit
from engine.disclosure.sealed_files import FileView, Owner
from engine.disclosure.vault import Vault

UNSENT_SHARES = 50  # reports as large as one may be: what strangers may leave in a region's vault without sending it
NO_ROOM = Text(
    "Saat ini tidak ada ruang untuk berkas. Tulisan Anda sudah tersimpan; kirim berkas ini beberapa hari lagi.",
    "There is no room for files now. What you wrote is saved; send this file in a few days.",
)


def take_in(channel: Channel, stream: IO[bytes], name: str, vault: Vault, clean: Cleaning) -> Received | Unfit:
    """Cleans and seals one file, in seconds: before the transaction begins, since nobody could write meanwhile.
    ``stream`` is read once, never beyond one step over the limit. What is then not attached has to be given up
    (``receiving.give_up``); a process killed in between leaves it to the worker."""
    rules = channel.settings.files
    return receiving.receive(
        stream,
        name,
        region=channel.region,
        vault=vault,
        clean=clean,
        largest=rules.largest,
        extensions=rules.extensions,
        keeps_original=rules.keeps_original,
    )


def too_many(session: Session, channel: Channel, owner: Owner, received: Received, today: date) -> Unfit | None:
    """Why one more file is one too many: of all, of their bytes, or of this day."""
    rules = channel.settings.files
    if owner.draft_id is not None and _unsent(session, channel) > UNSENT_SHARES * rules.most_bytes:
        return Unfit(NO_ROOM, 503)
    count, size, on_this_day = sealed_files.counted(session, owner, today)
    if count >= rules.most:
        return Unfit(
            Text(f"Satu laporan memuat paling banyak {rules.most} berkas.", f"A report holds {rules.most} files."), 413
        )
    if size + received.copy.stored_bytes > rules.most_bytes:
        megabytes = rules.most_bytes // 1_000_000
        return Unfit(
            Text(
                f"Semua berkas bersama paling besar {megabytes} MB. Kirim bagian yang penting saja.",
                f"All files together may have {megabytes} MB. Send the parts that matter.",
            ),
            413,
        )
    if on_this_day >= rules.most_a_day:
        return Unfit(
            Text("Cukup untuk hari ini. Kirim berkas lain besok.", "That is enough for today. Send more tomorrow."), 413
        )
    return None


def _unsent(session: Session, channel: Channel) -> int:
    """Bytes in the vault of everything in the region that was not sent yet."""
    of_drafts = select(func.coalesce(func.sum(SealedFile.stored_bytes), 0)).where(
        SealedFile.region_id == channel.region_id, SealedFile.draft_id.is_not(None)
    )
    return int(session.scalar(of_drafts) or 0)


@contextmanager
def given_up_on_failure(received: Received, vault: Vault) -> Iterator[None]:
    """What was taken in goes when it cannot be kept."""
    try:
        yield
    except BaseException:
        receiving.give_up(received, vault)
        raise


def with_files(channel: Channel, answers: Mapping[str, Any], files: tuple[FileView, ...]) -> dict[str, Any]:
    """The answers with the files where the form keeps them."""
    evidence = next((one for one in channel.questions if one.kind == EVIDENCE), None)
    if evidence is None or not files:
        return dict(answers)
    return {**answers, evidence.fields[0]: [file.as_answer() for file in files]}
