"""The tables of published definitions: immutable versions, and the log of which one counts where and from when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, Identifier, JsonText


class DefinitionVersion(Base):
    """One text of a case type, by the digest of workflow, forms and templates after the overlay. Never changed.

    ``number`` counts up per case type and region, for people; ``files`` are path -> text, byte for byte.
    ``base_digest`` is of the definition a region's overlay was laid on; None for a version without an overlay.
    """

    __tablename__ = "definition_versions"
    __table_args__ = (Index(None, "case_type", "region_id", "number"),)

    digest: Mapped[str] = mapped_column(primary_key=True)
    case_type: Mapped[str]
    region_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("regions.id"))
    region_key: Mapped[str | None]
    number: Mapped[int]
    version: Mapped[str]
    title: Mapped[Any] = mapped_column(JsonText)
    files: Mapped[Any] = mapped_column(JsonText)
    stored_at: Mapped[datetime]
    base_digest: Mapped[str | None]


class Publication(Base):
    """From when a version counts for new cases. Publishing an older digest again is a new row: that is a roll back.

    ``counts_from`` is the day of publishing, or the definition's ``valid_from`` where that is later.
    """

    __tablename__ = "publications"
    __table_args__ = (Index(None, "case_type", "counts_from", "id"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    case_type: Mapped[str]
    region_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("regions.id"))
    digest: Mapped[str] = mapped_column(ForeignKey("definition_versions.digest"))
    counts_from: Mapped[date]
    published_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"))
    reason: Mapped[str]
    legal_basis: Mapped[Any] = mapped_column(JsonText, default=list)


class PublicationRecord(Base):
    """What was known and decided when a publication was made; written with it, never changed.

    ``findings`` are the warnings of the checks. ``strength`` says how many changes the scenarios caught; ``decisions``
    what becomes of running cases whose step is gone. None in either: nobody looked, as before this was kept.
    """

    __tablename__ = "publication_records"

    publication_id: Mapped[int] = mapped_column(Identifier, ForeignKey("publications.id"), primary_key=True)
    approved_by: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"))
    findings: Mapped[Any] = mapped_column(JsonText)
    strength: Mapped[Any | None] = mapped_column(JsonText)
    decisions: Mapped[Any | None] = mapped_column(JsonText)
