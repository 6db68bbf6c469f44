"""What is kept of keys, receipts, reporters and sealed cases: public halves, wrapped keys, ciphertext, days.

Nothing here opens anything by itself. What is encrypted is base64 text, so that grep, dumps and both databases treat
it alike. There is no address, no browser, and no moment of a reporter anywhere: days only.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, PrimaryKeyConstraint, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, Identifier, JsonText


class DisclosureRegion(Base):
    """A region's salt for receipts and the public half of its escrow; ``keys_revision`` counts new officers' keys."""

    __tablename__ = "disclosure_regions"

    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"), primary_key=True, autoincrement=False)
    salt: Mapped[bytes]
    escrow_public: Mapped[bytes | None]
    escrow_needed: Mapped[int | None] = mapped_column(Integer)
    escrow_custodians: Mapped[int | None] = mapped_column(Integer)
    escrow_made_at: Mapped[datetime | None]
    keys_revision: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    mail_rules: Mapped[Any | None] = mapped_column(JsonText)  # ``mail_rules.MailRules``, as the channel's file says


class OfficerKey(Base):
    """An officer's pair of keys as ``officer_keys.OfficerKeys`` keeps it; ``escrow_public`` says which escrow
    ``by_escrow`` is sealed for. Until ``vouched_at`` nobody seals a case for it."""

    __tablename__ = "officer_keys"

    person_id: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"), primary_key=True, autoincrement=False)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"), index=True)
    public: Mapped[bytes]
    by_password: Mapped[bytes]
    by_escrow: Mapped[bytes]
    escrow_public: Mapped[bytes]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    vouched_at: Mapped[datetime | None]
    vouched_by: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"))  # None: before any report


class CaseKey(Base):
    """One holder's sealed copy of one key of a case. Without a copy there is no case: not in a list, not in a count."""

    __tablename__ = "case_keys"
    __table_args__ = (
        PrimaryKeyConstraint("case_id", "kind", "holder"),
        Index("ix_case_keys_holder", "holder", "kind", "case_id"),
        {"sqlite_with_rowid": False},
    )

    case_id: Mapped[int] = mapped_column(Identifier)
    kind: Mapped[str]  # content-key or identity-key
    holder: Mapped[str]  # officer:<person id> or receipt
    sealed: Mapped[str] = mapped_column(Text)


class SealedCase(Base):
    """What a sealed case has beside an ordinary one. ``declared`` opens with the content key, ``identity`` with the
    identity key; ``recipients_seen`` says on which organisation and keys the copies were made."""

    __tablename__ = "sealed_cases"

    case_id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=False)
    region_id: Mapped[int] = mapped_column(Identifier, index=True)
    opened_on: Mapped[date]
    ended_on: Mapped[date | None]
    keep_until: Mapped[date | None] = mapped_column(index=True)
    is_held: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))  # a legal hold wins over retention
    hold: Mapped[str | None] = mapped_column(Text)  # who set it, when and why; locked
    last_new_on: Mapped[date]  # the day of the newest content, for the days of grace
    recipients_seen: Mapped[str]
    declared: Mapped[str] = mapped_column(Text)
    identity: Mapped[str] = mapped_column(Text)


class ReceiptRow(Base):
    """What finds a case or a draft when its receipt is typed; nothing leads back from here to the receipt."""

    __tablename__ = "receipts"

    lookup: Mapped[str] = mapped_column(primary_key=True)  # hex
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    public: Mapped[bytes]
    case_id: Mapped[int | None] = mapped_column(Identifier, index=True)
    draft_id: Mapped[str | None] = mapped_column(index=True)
    wrapped: Mapped[str | None] = mapped_column(Text)  # a draft's key, sealed for the receipt's public key
    day: Mapped[date]


class ReporterDraft(Base):
    """A report not yet sent, locked with a key that only the reporter's session or receipt has."""

    __tablename__ = "reporter_drafts"

    id: Mapped[str] = mapped_column(primary_key=True)  # random
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    locked: Mapped[str] = mapped_column(Text)
    has_receipt: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    day: Mapped[date] = mapped_column(index=True)


class ReporterSession(Base):
    """A reporter's open page, locked with a key that only the browser has; moments are inside the lock."""

    __tablename__ = "reporter_sessions"

    id_hash: Mapped[str] = mapped_column(primary_key=True)
    locked: Mapped[str] = mapped_column(Text)
    day: Mapped[date] = mapped_column(index=True)


class ReporterCount(Base):
    """How often something was tried or sent in one short span, by one of some thousand buckets: the key says neither
    which network nor which span to who does not have the pepper, and is gone after the day. ``ended`` counts tries that
    are over, right or wrong, so that both change the row: a write that changes nothing is faster."""

    __tablename__ = "reporter_counts"

    bucket: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    ended: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    day: Mapped[date] = mapped_column(index=True)


class Conversation(Base):
    """One message between reporter and office. ``place`` counts within the case."""

    __tablename__ = "conversations"
    __table_args__ = (Index("uq_conversations_place", "case_id", "place", unique=True),)

    id: Mapped[str] = mapped_column(primary_key=True)  # random
    case_id: Mapped[int] = mapped_column(Identifier)
    place: Mapped[int] = mapped_column(Integer)
    side: Mapped[str]  # reporter or office
    person_id: Mapped[int | None] = mapped_column(Identifier)
    said_on: Mapped[date]
    locked: Mapped[str] = mapped_column(Text)
    is_hidden: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))  # the reporter deleted it


class SealedFile(Base):
    """A file of a sealed case or draft: the bytes lie encrypted under the row's random id, everything about them here
    is locked."""

    __tablename__ = "sealed_files"

    id: Mapped[str] = mapped_column(primary_key=True)  # random
    region_id: Mapped[int] = mapped_column(Identifier)
    case_id: Mapped[int | None] = mapped_column(Identifier, index=True)
    draft_id: Mapped[str | None] = mapped_column(index=True)
    kind: Mapped[str]  # file, or original where the definition keeps it
    of_file: Mapped[str | None]  # of an original: the cleaned file's id
    side: Mapped[str]  # reporter or office
    person_id: Mapped[int | None] = mapped_column(Identifier)
    day: Mapped[date]
    about: Mapped[str] = mapped_column(Text)  # name, media type, sizes, digests
    wrapped: Mapped[str] = mapped_column(Text)  # the file's key
    stored_bytes: Mapped[int] = mapped_column(BigInteger)


class IdentityRelease(Base):
    """A request to learn who the reporter is: a motive, a second custodian's decision, told to the reporter."""

    __tablename__ = "identity_releases"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    case_id: Mapped[int] = mapped_column(Identifier, index=True)
    asked_by: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"))
    motive: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"))
    is_approved: Mapped[bool | None] = mapped_column(Boolean)
    note: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]


class CaseDeletion(Base):
    """A proposal to destroy a case whose time is over; another person confirms or cancels it."""

    __tablename__ = "case_deletions"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    case_id: Mapped[int] = mapped_column(Identifier, index=True)
    asked_by: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"))
    outcome: Mapped[str | None]  # done or cancelled
    decided_at: Mapped[datetime | None]


class Tombstone(Base):
    """That a case was here and why it is gone, without any content."""

    __tablename__ = "tombstones"

    case_id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=False)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"), index=True)
    number: Mapped[str]
    case_type: Mapped[str]
    opened_on: Mapped[date]
    ended_on: Mapped[date | None]
    destroyed_on: Mapped[date]
    reason: Mapped[str]  # retention or decision
    asked_by: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"))
    confirmed_by: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"))
