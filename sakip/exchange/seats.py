"""Positions as files name them: by title, with the unit behind where a region has several of that title."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.organisation.models import Position, Unit


class Seats:
    """The positions of one region."""

    def __init__(self, session: Session, region_id: int) -> None:
        query = select(Position.id, Position.title, Unit.id, Unit.name, Unit.key)
        query = query.join(Unit, Unit.id == Position.unit_id).where(Position.region_id == region_id)
        rows = session.execute(query.order_by(Position.id)).all()
        titles = Counter(title for _, title, *_ in rows)
        pairs = Counter((title, key) for _, title, _, _, key in rows)
        self._names: Mapping[int, str] = {
            seat: title if titles[title] == 1 else f"{title} ({key})" + (f" #{seat}" if pairs[title, key] > 1 else "")
            for seat, title, _, _, key in rows
        }
        self._ids: dict[str, int] = {name.casefold(): seat for seat, name in self._names.items()}
        self._own: dict[tuple[str, int], list[int]] = {}  # by title and unit: a file names thousands
        for seat, title, unit, name, key in rows:
            self._own.setdefault((title.casefold(), unit), []).append(seat)
            if pairs[title, key] == 1:
                self._ids.setdefault(f"{title} ({name})".casefold(), seat)
                self._ids.setdefault(f"{title} ({key})".casefold(), seat)

    def name(self, position: str | None) -> str:
        """What a position is called in a file; "" for none or an unknown one."""
        return "" if position is None else self._names.get(int(position), "")

    def meant(self, said: str, unit_id: int | None) -> str | None:
        """The position a text means, one of ``unit_id`` first; None where none or several are called so."""
        folded = said.casefold()
        own = () if unit_id is None else self._own.get((folded, unit_id), ())
        if len(own) == 1:
            return str(own[0])
        found = self._ids.get(folded)
        return None if found is None else str(found)
