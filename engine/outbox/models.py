"""What waits to leave, or has left: messages, one row a person with its reason; calls of connectors, one row each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, Identifier, JsonText


class Message(Base):
    """A notification for an audience, or for one person.

    A step writes ``audience``. A row for a position or a group becomes one row a person when it falls due, so a new
    holder gets it; then it is ``expanded``. ``state`` is waiting, expanded, sent, failed or cancelled.
    """

    __tablename__ = "messages"
    __table_args__ = (
        # one mail a person for one notification of one act, however often it is tried
        Index("uq_messages_once", "case_id", "revision", "notification", "audience", unique=True),
        Index("ix_messages_waiting", "not_before", sqlite_where=text("state = 'waiting'"),
              postgresql_where=text("state = 'waiting'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier)
    case_id: Mapped[int] = mapped_column(Identifier)
    revision: Mapped[int] = mapped_column(Integer)  # of the act that caused it
    task: Mapped[int] = mapped_column(Integer)  # 0: about the case, not about one task
    notification: Mapped[str]  # key in the definition
    reason: Mapped[str]  # assigned, reminder, escalated, returned, outcome, incident, …
    audience: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(Identifier)
    content: Mapped[Any] = mapped_column(JsonText)  # the variables of the template
    is_urgent: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    lease_until: Mapped[datetime | None]
    leased_by: Mapped[str | None]
    recipient: Mapped[str | None]  # the address it went to
    message_id: Mapped[str | None]  # of the mail, fixed at the first attempt
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class ConnectorCall(Base):
    """Values that a step hands to a connector. ``state`` is waiting, done, failed or cancelled; ``result`` what the
    connector answered. (case, revision, place) is the identity it is made under, however often it is tried."""

    __tablename__ = "connector_calls"
    __table_args__ = (
        Index("uq_connector_calls_once", "case_id", "revision", "place", unique=True),
        Index("ix_connector_calls_waiting", "not_before", sqlite_where=text("state = 'waiting'"),
              postgresql_where=text("state = 'waiting'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier)
    case_id: Mapped[int] = mapped_column(Identifier)
    revision: Mapped[int] = mapped_column(Integer)  # of the act that caused it
    place: Mapped[int] = mapped_column(Integer)  # among the calls of that act, from 0
    connector: Mapped[str]
    content: Mapped[Any] = mapped_column(JsonText)  # the values
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    lease_until: Mapped[datetime | None]
    leased_by: Mapped[str | None]
    state: Mapped[str]
    finished_at: Mapped[datetime | None]
    result: Mapped[Any | None] = mapped_column(JsonText)
    last_error: Mapped[str | None]
