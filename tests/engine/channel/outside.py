"""Somebody outside with a report to make, and the region's office behind the door."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from delivery.cleaning.outcome import REFUSALS, Cleaned, Refused
from engine.channel import drafting, sending, settings
from engine.channel.drafting import CaseRef, Draft, DraftRef, FileView
from engine.channel.model import Channel
from engine.channel.receipts import FreshReceipt, fresh_receipt
from engine.channel.sending import Sent
from engine.disclosure.models import DisclosureRegion
from engine.disclosure.primitives import new_pair, new_salt, pair_of
from engine.disclosure.receiving import Received
from engine.disclosure.vault import Vault
from tests.sealed_office import SealedOffice

PEPPER = b"p" * 32
STORY = "Uang retribusi pasar dibawa pulang setiap hari Jumat"
HOME = "203.0.113.7"


@dataclass
class Outside:
    """A reporter and the office; ``session`` holds whose key was used last."""

    office: SealedOffice
    channel: Channel
    vault: Vault
    fresh: FreshReceipt | None = field(default=None, repr=False)

    @property
    def session(self) -> Session:
        return self.office.session

    @property
    def now(self) -> datetime:
        return self.office.now

    def draft(self, way: str = "anonymous", **answers: Any) -> DraftRef:
        """A draft with a story, and what else is told, by field."""
        ref = drafting.new_draft(self.session, self.channel, self.now)
        self.save(ref, way=way)
        self.answer(ref, summary=answers.pop("summary", STORY))
        if answers:
            self.answer(ref, **answers)
        return ref

    def save(self, ref: DraftRef, **given: Any) -> Draft:
        saved = drafting.save_draft(self.session, ref, self.channel, self.now, **given)
        assert isinstance(saved, Draft), saved
        return saved

    def answer(self, ref: DraftRef, **answers: Any) -> Draft:
        """Each field on its page."""
        saved = None
        for key, value in answers.items():
            page = next(one for one in self.channel.questions if key in one.fields)
            saved = self.save(ref, question=page.key, answers={key: value})
        assert saved is not None
        return saved

    def attach(self, ref: DraftRef, content: bytes = b"foto", name: str = "foto.jpg") -> FileView:
        received = self.take_in(content, name)
        view = drafting.attach_to_draft(self.session, ref, self.channel, received, self.vault, self.now)
        assert isinstance(view, FileView), view
        return view

    def take_in(self, content: bytes, name: str = "foto.jpg") -> Received:
        received = drafting.take_in(self.channel, BytesIO(content), name, self.vault, as_it_is)
        assert isinstance(received, Received), received
        return received

    def send(self, ref: DraftRef, **visitor: Any) -> Sent:
        self.fresh = self.receipt()
        sent = sending.send(self.session, ref, self.channel, self.fresh, self.now, **visitor)
        assert isinstance(sent, Sent), sent
        return sent

    def report(self, way: str = "anonymous", **answers: Any) -> CaseRef:
        """A report that was sent; the office plays it on."""
        case = self.send(self.draft(way, **answers)).case
        self.office.case_id = case.case_id
        self.office.receipt = pair_of(case.private)
        return case

    def receipt(self) -> FreshReceipt:
        return fresh_receipt(self.channel, PEPPER)


def standing_before(office: SealedOffice, folder: Path) -> Outside:
    """A reporter before this office's door."""
    channel = settings.channel(office.session, office.region.key, office.now)
    return Outside(office, channel, Vault(folder / "sealed"))


def open_door(office: SealedOffice) -> None:
    """The region has salt and escrow."""
    office.session.add(
        DisclosureRegion(
            region_id=office.region.id, salt=new_salt(), escrow_public=new_pair().public, escrow_needed=2,
            escrow_custodians=3, escrow_made_at=office.now,
        )
    )  # fmt: skip
    office.session.flush()


def as_it_is(content: BinaryIO, declared_name: str) -> Cleaned | Refused:
    """Stands for cleaning: takes any file, and leaves its first byte out, so that copy and original differ."""
    read = b""
    while step := content.read(64 * 1024):
        read += step
    if not read:
        return Refused("empty", REFUSALS["empty"])
    copy = read[1:] or b"."
    extension = declared_name.rpartition(".")[2]
    return Cleaned(
        copy, "image/jpeg", extension, hashlib.sha256(read).hexdigest(), hashlib.sha256(copy).hexdigest(),
        declared_name, "-",
    )  # fmt: skip
