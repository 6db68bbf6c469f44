"""Whom and what a question may be answered with: people, units and positions of the reader's region."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.organisation.models import Holder, Person, Position, Unit
from web.fields import Choices
from web.officer.reference_list import referable

MOST = 2000


class StoreLists:
    """The lists of one region, read from the store when a page first asks for them."""

    def __init__(self, session: Session, region_id: int, person_id: int) -> None:
        self._session = session
        self._region_id = region_id
        self._person_id = person_id
        self._known: dict[str, Choices] = {}

    def rows(self, to: str, of: str) -> Choices:
        """What a reference may point at."""
        key = f"reference {to} {of}"
        if key not in self._known:
            self._known[key] = referable(self._session, self._region_id, self._person_id, to, of)
        return self._known[key]

    def of(self, kind: str, within: Any) -> Choices:
        """(id, words), by words. ``within`` names a unit (its key) whose part of the organisation is meant."""
        key = f"{kind} {within}"
        if key not in self._known:
            path = self._path(within) if isinstance(within, str) else None
            self._known[key] = {"person": self._people, "unit": self._units, "position": self._positions}[kind](path)
        return self._known[key]

    def _path(self, unit: str) -> str | None:
        named = select(Unit.path).where(Unit.region_id == self._region_id, Unit.key == unit)
        return self._session.scalars(named).one_or_none()

    def _people(self, path: str | None) -> Choices:
        query = (
            select(Person.id, Person.name, Position.title)
            .join(Holder, Holder.person_id == Person.id, isouter=True)
            .join(Position, Position.id == Holder.position_id, isouter=True)
            .join(Unit, Unit.id == Person.unit_id, isouter=True)
            .where(Person.region_id == self._region_id, Person.is_active)
            .order_by(Person.name, Holder.id)
        )
        if path is not None:
            query = query.where(Unit.path.startswith(path))
        found: dict[str, str] = {}
        for person, name, position in self._session.execute(query.limit(MOST)):
            found.setdefault(str(person), f"{name}, {position}" if position else name)
        return tuple(found.items())

    def _units(self, path: str | None) -> Choices:
        query = select(Unit.id, Unit.name).where(Unit.region_id == self._region_id).order_by(Unit.path)
        if path is not None:
            query = query.where(Unit.path.startswith(path))
        return tuple((str(unit), name) for unit, name in self._session.execute(query.limit(MOST)))

    def _positions(self, path: str | None) -> Choices:
        query = (
            select(Position.id, Position.title)
            .join(Unit, Unit.id == Position.unit_id)
            .where(Position.region_id == self._region_id)
            .order_by(Unit.path, Position.title)
        )
        if path is not None:
            query = query.where(Unit.path.startswith(path))
        return tuple((str(position), title) for position, title in self._session.execute(query.limit(MOST)))
