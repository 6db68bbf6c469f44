"""Drafts as they are kept: one locked text each, which nobody opens without its key."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.channel.keys import CaseRef, DraftRef, draft_seal
from engine.channel.model import REPORT
from engine.disclosure.models import ReceiptRow, ReporterDraft
from engine.disclosure.primitives import CannotOpen, new_key
from engine.disclosure.sealed_files import Owner
from engine.disclosure.seals import CaseSeal
from engine.errors import NotFound
from engine.organisation.models import Region


@dataclass(frozen=True, slots=True)
class About:
    """The first report of a linked one: its number, and what opens it."""

    number: str
    case: CaseRef = field(repr=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft's content. ``answers`` in stored form; ``answered`` are the pages passed; ``private`` is what its receipt
    turns into, once it has one: the case will be sealed for it too."""

    kind: str = REPORT
    way: str | None = None
    identity: dict[str, str] = field(default_factory=dict, repr=False)
    answers: dict[str, Any] = field(default_factory=dict, repr=False)
    answered: tuple[str, ...] = ()
    about: About | None = None
    private: bytes | None = field(default=None, repr=False)

    def to_plain(self) -> dict[str, Any]:
        """As it is locked."""
        about = None
        if self.about is not None:
            case = self.about.case
            about = {"number": self.about.number, "case_id": case.case_id, "private": _text(case.private)}
        return {
            "kind": self.kind, "way": self.way, "identity": self.identity, "answers": self.answers,
            "answered": list(self.answered), "about": about,
            "private": None if self.private is None else _text(self.private),
        }  # fmt: skip

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Kept:
        """The same again."""
        about = plain["about"]
        if about is not None:
            about = About(about["number"], CaseRef(about["case_id"], base64.b64decode(about["private"])))
        return cls(
            plain["kind"], plain["way"], plain["identity"], plain["answers"], tuple(plain["answered"]), about,
            None if plain["private"] is None else base64.b64decode(plain["private"]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft that was opened: its row for writing, its seal, its content."""

    row: ReporterDraft
    seal: CaseSeal
    kept: Kept

    @property
    def owner(self) -> Owner:
        """As its files know it."""
        return Owner(self.row.region_id, draft_id=self.row.id)


def add(session: Session, region_id: int, region: str, kept: Kept, on: date) -> DraftRef:
    """A new draft."""
    ref = DraftRef(secrets.token_hex(16), new_key())
    locked = draft_seal(region, ref).lock_json("draft", kept.to_plain())
    session.add(ReporterDraft(id=ref.id, region_id=region_id, locked=locked, has_receipt=False, day=on))
    session.flush()
    return ref


def opened(session: Session, ref: DraftRef, *, is_locked: bool = False) -> Opened:
    """The draft; ``is_locked`` keeps another tab from writing it at the same moment. Raises NotFound when it is gone,
    or the key is not its key."""
    row = session.get(ReporterDraft, ref.id, with_for_update=is_locked, populate_existing=True)
    if row is None:
        raise NotFound("There is no such draft.")
    region = session.scalar(select(Region.key).where(Region.id == row.region_id))
    seal = draft_seal(str(region), ref)
    try:
        return Opened(row, seal, Kept.from_plain(seal.unlock_json("draft", row.locked)))
    except CannotOpen:
        raise NotFound("There is no such draft.") from None


def write(session: Session, draft: Opened, kept: Kept, on: date) -> Opened:
    """The draft with other content; its days begin anew."""
    draft.row.locked = draft.seal.lock_json("draft", kept.to_plain())
    draft.row.day = on
    session.flush()
    return replace(draft, kept=kept)


def drop(session: Session, draft_id: str, *, with_receipt: bool) -> None:
    """The draft's row goes, and the receipt that found it unless it finds a case from now on."""
    if with_receipt:
        session.execute(delete(ReceiptRow).where(ReceiptRow.draft_id == draft_id))
    session.execute(delete(ReporterDraft).where(ReporterDraft.id == draft_id))
    session.flush()


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode("ascii")
