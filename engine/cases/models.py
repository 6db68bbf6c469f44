"""Cases and what hangs on one: answers, history, participants, files, drafts, links, incidents.

The tables a step writes carry no foreign keys to ``cases``: their rows are written together with the update of the
case's own row, by its id, and a case is never deleted. Checking that again for each row would cost more than
writing it (docs/explanation/performance.md).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, PrimaryKeyConstraint, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, Identifier, JsonText


class Case(Base):
    """One case: where it stands, in one small row. ``state`` is ``CaseState`` as JSON, ``revision`` its last seq."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("uq_cases_region_number", "region_id", "number", unique=True),
        Index("ix_cases_region", "region_id", "id"),
        Index("ix_cases_unit", "unit_id", "id"),
        Index("ix_cases_initiator", "initiator_id", "id"),
        Index("ix_cases_open_unit", "unit_id", "id", sqlite_where=text("closed_at IS NULL"),
              postgresql_where=text("closed_at IS NULL")),
        Index("ix_cases_open_type", "region_id", "case_type", "id", sqlite_where=text("closed_at IS NULL"),
              postgresql_where=text("closed_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    number: Mapped[str]
    case_type: Mapped[str]
    digest: Mapped[str] = mapped_column(Text, ForeignKey("definition_versions.digest"))
    revision: Mapped[int] = mapped_column(Integer)
    state: Mapped[Any] = mapped_column(JsonText)
    title: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("units.id"))
    initiator_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    head_hash: Mapped[str]
    is_suspended: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    suspended_note: Mapped[str | None]
    attachment_count: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    returned_count: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    returned_seq: Mapped[int | None] = mapped_column(Integer)  # the history row by which it was last sent back
    suspended_at: Mapped[datetime | None]
    is_sealed: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))  # seen by holders of a key alone


class CaseAnswers(Base):
    """What was answered, as JSON in stored form. Apart, so that a step changing no answer does not rewrite it."""

    __tablename__ = "case_answers"

    case_id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=False)
    answers: Mapped[Any] = mapped_column(JsonText)


class History(Base):
    """One act in a case, never changed. ``hash`` covers the row and the hash of the row before it in its case."""

    __tablename__ = "history"
    __table_args__ = (
        PrimaryKeyConstraint("case_id", "seq"),
        Index("ix_history_at", "at", postgresql_using="brin"),  # what was added since the last anchor
        {"sqlite_with_rowid": False},
    )

    case_id: Mapped[int] = mapped_column(Identifier)
    seq: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(Identifier)  # None: the system
    principal: Mapped[str | None]  # a person's id, or the key of a vacant role or position
    kind: Mapped[str | None]  # of the substitution
    action: Mapped[str]
    state: Mapped[str | None]
    states_left: Mapped[Any] = mapped_column(JsonText)  # list of keys
    states_entered: Mapped[Any] = mapped_column(JsonText)  # list of keys
    comment: Mapped[str]
    item: Mapped[str | None]
    details: Mapped[Any] = mapped_column(JsonText)
    answers_changed: Mapped[Any | None] = mapped_column(JsonText)  # field -> [old, new], stored form
    hash: Mapped[str]


class Participant(Base):
    """To whom a task of the case was offered, who was chosen for a role, who acted: they may see it (``access``)."""

    __tablename__ = "participants"
    __table_args__ = (
        PrimaryKeyConstraint("audience", "case_id"),
        Index("ix_participants_case", "case_id", "audience"),
        {"sqlite_with_rowid": False},
    )

    audience: Mapped[str]
    case_id: Mapped[int] = mapped_column(Identifier)
    has_acted: Mapped[bool] = mapped_column(Boolean)


class Exclusion(Base):
    """Somebody among a task's candidates who may never take it; ``number`` 0 means the whole case."""

    __tablename__ = "exclusions"
    __table_args__ = (PrimaryKeyConstraint("person_id", "case_id", "number"), {"sqlite_with_rowid": False})

    case_id: Mapped[int] = mapped_column(Identifier)
    person_id: Mapped[int] = mapped_column(Identifier)
    number: Mapped[int] = mapped_column(Integer)


class NumberCounter(Base):
    """The last number given under one prefix of a numbering pattern, a region each: gap-free by its row lock."""

    __tablename__ = "number_counters"
    __table_args__ = (PrimaryKeyConstraint("region_id", "prefix"),)

    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    prefix: Mapped[str]
    last: Mapped[int] = mapped_column(Integer)


class Attachment(Base):
    """A file of a case. The bytes lie outside the database under their digest."""

    __tablename__ = "case_attachments"
    __table_args__ = (Index("ix_case_attachments_case", "case_id"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    case_id: Mapped[int] = mapped_column(Identifier, ForeignKey("cases.id"))
    sha256: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    person_id: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"))
    attached_at: Mapped[datetime]


class Draft(Base):
    """What a person has typed and not yet sent. ``subject`` is ``case:<id>`` or ``new:<case type>``."""

    __tablename__ = "drafts"
    __table_args__ = (PrimaryKeyConstraint("person_id", "subject"),)

    person_id: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"))
    subject: Mapped[str]
    form: Mapped[str | None]
    answers: Mapped[Any] = mapped_column(JsonText)  # raw, as typed
    comment: Mapped[str]
    revision: Mapped[int | None] = mapped_column(Integer)
    updated_at: Mapped[datetime]


class Follow(Base):
    """A person who wants to see a case under "I follow"."""

    __tablename__ = "follows"
    __table_args__ = (PrimaryKeyConstraint("person_id", "case_id"),)

    person_id: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"))
    case_id: Mapped[int] = mapped_column(Identifier, ForeignKey("cases.id"))


class Link(Base):
    """A case that another one opened or refers to, under the name the definition gives."""

    __tablename__ = "case_links"
    __table_args__ = (
        PrimaryKeyConstraint("case_id", "name", "other_case_id"),
        Index("ix_case_links_other", "other_case_id"),
    )

    case_id: Mapped[int] = mapped_column(Identifier, ForeignKey("cases.id"))
    name: Mapped[str]
    other_case_id: Mapped[int] = mapped_column(Identifier, ForeignKey("cases.id"))


class Comment(Base):
    """A remark beside the acts; it moves nothing."""

    __tablename__ = "comments"
    __table_args__ = (Index("ix_comments_case", "case_id"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    case_id: Mapped[int] = mapped_column(Identifier, ForeignKey("cases.id"))
    person_id: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"))
    said_at: Mapped[datetime]
    text: Mapped[str]


class ScheduleExtension(Base):
    """More time for one unit in a window of a case type, with who gave it and why. The latest day holds."""

    __tablename__ = "schedule_extensions"
    __table_args__ = (Index("ix_schedule_extensions_unit", "unit_id", "case_type", "schedule"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    unit_id: Mapped[int] = mapped_column(Identifier, ForeignKey("units.id"))
    case_type: Mapped[str]
    schedule: Mapped[str]
    until: Mapped[date]  # the last day, inclusive
    reason: Mapped[str]
    granted_by: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"))
    granted_at: Mapped[datetime]


class Incident(Base):
    """Something supervisors have to see to. ``code`` is of the reference §9."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index("ix_incidents_open", "region_id", "raised_at", sqlite_where=text("resolved_at IS NULL"),
              postgresql_where=text("resolved_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    case_id: Mapped[int | None] = mapped_column(Identifier)
    code: Mapped[str]
    state: Mapped[str | None]
    detail: Mapped[str]
    raised_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]


class Document(Base):
    """A document asked for by a step, with everything it shows as it was then; rendered when somebody wants it."""

    __tablename__ = "case_documents"
    __table_args__ = (PrimaryKeyConstraint("case_id", "field", "revision"),)

    case_id: Mapped[int] = mapped_column(Identifier)
    field: Mapped[str]
    revision: Mapped[int] = mapped_column(Integer)  # of the history row that asked
    template: Mapped[str]
    answers: Mapped[Any] = mapped_column(JsonText)  # stored form
    requested_at: Mapped[datetime]
