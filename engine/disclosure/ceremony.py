"""A region's key ceremony: its escrow made and printed once, and the officers' second copies moved to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.audit.record import lock_chain, record
from engine.disclosure import escrow, officer_keys
from engine.disclosure.models import DisclosureRegion, OfficerKey
from engine.disclosure.officers import count_keys_revision, kept_keys, put_keys
from engine.disclosure.primitives import KeyPair, new_salt
from engine.errors import Conflict, NotFound
from engine.organisation.faults import Unacceptable
from engine.organisation.models import Region


@dataclass(frozen=True, slots=True)
class EscrowState:
    """What is known of a region's escrow. ``public`` is hexadecimal, empty before the first ceremony; ``keys`` is how
    many officers have a key."""

    public: str
    needed: int | None
    custodians: int | None
    made_at: datetime | None
    keys: int

    @property
    def is_made(self) -> bool:
        """Whether a ceremony was held."""
        return bool(self.public)


@dataclass(frozen=True, slots=True)
class Ceremony:
    """The result. ``sheets`` are printed, one a custodian, and shown this once; ``moved`` officers' second copies are
    for this escrow now, ``left`` ones wait until their owners agree (the old sheets were lost)."""

    needed: int
    custodians: int
    sheets: tuple[str, ...] = field(repr=False)
    moved: int
    left: int


def escrow_state(session: Session, region_id: int) -> EscrowState:
    """How it stands with the region's escrow."""
    row = session.get(DisclosureRegion, region_id)
    keys = session.scalar(select(func.count()).where(OfficerKey.region_id == region_id)) or 0
    if row is None or row.escrow_public is None:
        return EscrowState("", None, None, None, keys)
    return EscrowState(row.escrow_public.hex(), row.escrow_needed, row.escrow_custodians, row.escrow_made_at, keys)


def hold_ceremony(
    session: Session, region_id: int, needed: int, custodians: int, *, seen: str, old_sheets: Sequence[str] = (),
    are_old_lost: bool = False, by: int | None, now: datetime,
) -> Ceremony:  # fmt: skip
    """A new escrow for the region, and its salt the first time. ``seen`` is the ``public`` of the state people had
    before them. With enough of the old sheets the officers' second copies move to it at once; without
    (``are_old_lost``) each officer is asked first, or whoever holds a ceremony alone would get everybody's keys.

    Raises Unacceptable for impossible numbers and sheets that do not fit or are needed, Conflict when another ceremony
    was held meanwhile, NotFound for no such region.
    """
    if session.get(Region, region_id) is None:
        raise NotFound("There is no such region.")
    lock_chain(session, region_id)
    if escrow_state(session, region_id).public != seen:
        raise Conflict("Another ceremony was held meanwhile.")
    old = _old_escrow(session, region_id, old_sheets, are_old_lost)
    made = escrow.new_escrow(needed, custodians)
    row = region_row(session, region_id)
    row.escrow_public, row.escrow_needed, row.escrow_custodians = made.public, needed, custodians
    row.escrow_made_at = now
    session.flush()
    moved, left = _move(session, region_id, old, made.public)
    count_keys_revision(session, region_id)
    told = {
        "public": made.public.hex(), "needed": needed, "custodians": custodians, "moved": moved, "left": left,
        "old_sheets": "lost" if left else "used" if old else "none",
    }  # fmt: skip
    record(session, region_id, by, "escrow_made", f"disclosure_regions:{region_id}", {"public": seen}, told, now)
    return Ceremony(needed, custodians, made.shares, moved, left)


def region_row(session: Session, region_id: int) -> DisclosureRegion:
    """The region's row with the salt of its receipts, made when it is first needed."""
    row = session.get(DisclosureRegion, region_id)
    if row is None:
        row = DisclosureRegion(region_id=region_id, salt=new_salt(), keys_revision=0)
        session.add(row)
        session.flush()
    return row


def agree_to_escrow(session: Session, person_id: int, pair: KeyPair, *, seen: str, now: datetime) -> None:
    """An officer gives the custodians of the newest ceremony a copy of the own key; ``pair`` is the opened one,
    ``seen`` the escrow the officer was shown. Raises Conflict when it is another by now, NotFound without a key."""
    kept, row = kept_keys(session, person_id), session.get(OfficerKey, person_id)
    if kept is None or row is None:
        raise NotFound("This person has no key.")
    public = bytes.fromhex(seen) if escrow_state(session, row.region_id).public == seen and seen else None
    if public is None:
        raise Conflict("Another ceremony was held meanwhile.")
    put_keys(session, kept, officer_keys.under_escrow(kept, pair, public), escrow_public=public)
    record(session, row.region_id, person_id, "escrow_agreed", f"officer_keys:{person_id}", None, {"public": seen}, now)


def waits_for_agreement(session: Session, person_id: int) -> bool:
    """Whether the custodians' copy of this person's key is for an older escrow than the region's."""
    row = session.get(OfficerKey, person_id)
    region = None if row is None else session.get(DisclosureRegion, row.region_id)
    return row is not None and region is not None and region.escrow_public not in (None, row.escrow_public)


def _old_escrow(session: Session, region_id: int, sheets: Sequence[str], are_lost: bool) -> KeyPair | None:
    row = session.get(DisclosureRegion, region_id)
    if row is None or row.escrow_public is None or are_lost:
        return None
    if not sheets:
        if session.scalar(select(OfficerKey.person_id).where(OfficerKey.region_id == region_id).limit(1)) is None:
            return None  # nothing to move yet
        raise Unacceptable(
            "Ketik lembar-lembar dari upacara sebelumnya, agar salinan kunci petugas dapat dipindahkan.",
            "Type the sheets of the ceremony before, so that the officers' copies can be moved.",
            "old_sheets",
        )
    return escrow.put_together(sheets, row.escrow_public)


def _move(session: Session, region_id: int, old: KeyPair | None, new_public: bytes) -> tuple[int, int]:
    moved = left = 0
    query = select(OfficerKey).where(OfficerKey.region_id == region_id).order_by(OfficerKey.person_id)
    for row in session.scalars(query).all():
        kept = kept_keys(session, row.person_id)
        if kept is None or old is None or row.escrow_public != old.public:
            left += 1
            continue
        put_keys(session, kept, officer_keys.under_new_escrow(kept, old, new_public), escrow_public=new_public)
        moved += 1
    return moved, left
