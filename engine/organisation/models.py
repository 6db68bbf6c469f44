"""The tables of an organisation: regions, units, positions and who holds them, people, accounts, groups, mandates.

Validity is a period in every row: history by date, never by overwriting. A period's last day is inclusive; None means
open. ``regions.organisation_revision`` counts every change, so a snapshot of the directory knows when it is old;
``regions.definitions_revision`` counts what is published there, so running cases notice hot changes.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, Identifier, JsonText


class Region(Base):
    """A local government. Regions of one installation never see each other."""

    __tablename__ = "regions"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    timezone: Mapped[str] = mapped_column(default="Asia/Jakarta")
    settings: Mapped[Any] = mapped_column(JsonText, default=dict)
    organisation_revision: Mapped[int] = mapped_column(default=1)
    definitions_revision: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    def __str__(self) -> str:
        return self.name


class Unit(Base):
    """A part of the organisation. ``path`` holds the ids from the top, ``/1/4/9/``, so a subtree is a prefix."""

    __tablename__ = "units"
    __table_args__ = (UniqueConstraint("region_id", "key"), Index(None, "region_id", "path"))

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    key: Mapped[str]
    name: Mapped[str]
    level: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("units.id"), index=True)
    path: Mapped[str] = mapped_column(default="/")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    def __str__(self) -> str:
        return self.name


class UnitParent(Base):
    """Under which unit a unit stood, and when: one row a period, so last year's tree can still be drawn."""

    __tablename__ = "unit_parents"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    unit_id: Mapped[int] = mapped_column(Identifier, ForeignKey("units.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("units.id"))
    name: Mapped[str]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class Person(Base):
    """Somebody who works for the region. ``mail_settings``: pace (each or digest), muted reasons, quiet hours;
    ``page_settings``: shortcuts (whether keys work on pages)."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("region_id", "nip"), Index(None, "region_id", "name", "id"))

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    name: Mapped[str]
    nip: Mapped[str | None]
    rank: Mapped[str | None]
    email: Mapped[str | None]
    unit_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("units.id"), index=True)
    language: Mapped[str] = mapped_column(default="id")
    is_active: Mapped[bool] = mapped_column(default=True)
    mail_settings: Mapped[Any] = mapped_column(JsonText, default=dict)
    page_settings: Mapped[Any | None] = mapped_column(JsonText)

    def __str__(self) -> str:
        return self.name


class Account(Base):
    """How a person signs in. ``is_admin`` opens the administration pages, never a case."""

    __tablename__ = "accounts"

    person_id: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"), primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    needs_second_factor: Mapped[bool] = mapped_column(default=False, server_default=text("false"))  # who holds keys
    password_changed_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]

    def __str__(self) -> str:
        return self.username


class Position(Base):
    """A seat in a unit. ``kind`` is the word definitions use (head, secretary, staff); ``is_structural`` seats have
    one definitive holder at a time; ``decision_limit`` is what its holder may decide on, in rupiah."""

    __tablename__ = "positions"
    __table_args__ = (Index(None, "unit_id", "kind"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"), index=True)
    unit_id: Mapped[int] = mapped_column(Identifier, ForeignKey("units.id"))
    kind: Mapped[str]
    title: Mapped[str]
    is_structural: Mapped[bool] = mapped_column(default=True)
    superior_position_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("positions.id"), index=True)
    decision_limit: Mapped[int | None] = mapped_column(BigInteger)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    def __str__(self) -> str:
        return self.title


HOLDER_KINDS = ("definitif", "pj", "plt", "plh")


class Holder(Base):
    """Who sits in a position, from when to when and by which decree."""

    __tablename__ = "holders"
    __table_args__ = (
        CheckConstraint("kind IN ('definitif', 'pj', 'plt', 'plh')", name="kind"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="period"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    position_id: Mapped[int] = mapped_column(Identifier, ForeignKey("positions.id"), index=True)
    person_id: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(default="definitif")
    decree_number: Mapped[str | None]
    decree_on: Mapped[date | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class Group(Base):
    """People who do one job for the whole region, whatever their unit."""

    __tablename__ = "groups"
    __table_args__ = (UniqueConstraint("region_id", "key"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    key: Mapped[str]
    title: Mapped[str]

    def __str__(self) -> str:
        return self.title


class GroupMember(Base):
    __tablename__ = "group_members"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    group_id: Mapped[int] = mapped_column(Identifier, ForeignKey("groups.id"), index=True)
    person_id: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"), index=True)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class Delegation(Base):
    """A person lets another act for them: ``kind`` is delegate or out_of_office; ``scope`` narrows it to case types."""

    __tablename__ = "delegations"
    __table_args__ = (
        CheckConstraint("kind IN ('delegate', 'out_of_office')", name="kind"),
        CheckConstraint("principal_id <> delegate_id", name="two_people"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="period"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"), index=True)
    principal_id: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"), index=True)
    delegate_id: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"), index=True)
    kind: Mapped[str]
    scope: Mapped[Any] = mapped_column(JsonText, default=dict)
    reason: Mapped[str] = mapped_column(default="")
    decree_number: Mapped[str | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class Holiday(Base):
    """A region's own calendar, which wins: ``is_off`` False makes a national holiday a working day."""

    __tablename__ = "holidays"

    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"), primary_key=True)
    on_date: Mapped[date] = mapped_column(primary_key=True)
    title: Mapped[str]
    is_off: Mapped[bool] = mapped_column(default=True)


class SignInSession(Base):
    """A signed-in browser. Only the hash of its token is kept; both limits are moments."""

    __tablename__ = "sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"), index=True)
    opened_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    browser: Mapped[str] = mapped_column(default="")
    network: Mapped[str] = mapped_column(default="")
    sealed_key: Mapped[bytes | None]  # the person's private key, wrapped by a key that only the browser's token gives


class SecondFactor(Base):
    """The secret of a person's one-time codes, sealed. In force once a first right code has confirmed it;
    ``last_step`` is the newest step of thirty seconds whose code was taken."""

    __tablename__ = "second_factors"

    person_id: Mapped[int] = mapped_column(Identifier, ForeignKey("accounts.person_id"), primary_key=True)
    sealed_secret: Mapped[str]
    begun_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int | None] = mapped_column(BigInteger)


class RecoveryCode(Base):
    """A code for somebody without their telephone, kept as a keyed hash; its row goes when it is used."""

    __tablename__ = "recovery_codes"

    person_id: Mapped[int] = mapped_column(Identifier, ForeignKey("accounts.person_id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(primary_key=True)


class PendingSignIn(Base):
    """A sign-in whose password was right and whose code is still asked for. Only the hash of its token is kept;
    ``sealed_key`` is as in a session, wrapped by a key that only this token gives."""

    __tablename__ = "pending_sign_ins"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(Identifier, ForeignKey("accounts.person_id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    sealed_key: Mapped[bytes | None]


class SignInAttempt(Base):
    """Sign-ins tried in a window of time, per account name (hashed) and per coarse network (hashed)."""

    __tablename__ = "sign_in_attempts"

    bucket: Mapped[str] = mapped_column(primary_key=True)
    window_starts_at: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]
