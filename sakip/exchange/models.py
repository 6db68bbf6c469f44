"""Files brought in from a page: kept between looking and writing, and what came of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, Identifier, JsonText


class ImportRow(Base):
    """A file somebody looked at. ``state`` is seen, waiting (a worker writes it), written, refused or dropped;
    ``content`` is gone as soon as the file is not needed any more, its ``digest`` stays. ``outcome`` is what the last
    look or the writing found."""

    __tablename__ = "sakip_imports"
    __table_args__ = (
        Index(None, "person_id", "id"),
        Index("ix_sakip_imports_kept", "state", "seen_at", sqlite_where=text("content IS NOT NULL"),
              postgresql_where=text("content IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    person_id: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"))
    name: Mapped[str]
    digest: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # megabytes that no list needs
    wish: Mapped[Any] = mapped_column(JsonText)
    state: Mapped[str]
    outcome: Mapped[Any] = mapped_column(JsonText)
    seen_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
