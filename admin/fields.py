"""Fields of administration forms that stand for a person, a position or a unit of the signed-in region.

People and positions are typed, with suggestions the browser shows without a script: a list of 50,000 people is no
select. What was typed must name exactly one.
"""

from __future__ import annotations

from typing import Any

from flask import g
from flask_babel import gettext as _
from sqlalchemy import Select, func, or_, select
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import StopValidation

from engine.organisation.models import Group, Person, Position, Unit
from web.people_lookup import active_people, is_called, marked_id, suggestion
from web.transaction import db

SUGGESTIONS = 200


class LookupField(StringField):
    """Something typed that must name one row; ``data`` is what was typed, ``row_id`` the row's id or None."""

    row_id: int | None = None

    def process_data(self, value: Any) -> None:
        """A row's id becomes the words people read."""
        row = self._row(int(value)) if isinstance(value, int) else None
        self.row_id = None if row is None else row.id
        self.data = "" if row is None else self.shown(row)

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        """Find the one row meant; what is empty is left to other validators."""
        typed = (self.data or "").strip()
        self.row_id = None
        if not typed:
            return
        found = self._find(typed)
        if len(found) == 1:
            self.row_id = found[0].id
            return
        if found:
            names = "; ".join(self.shown(row) for row in found[:5])
            raise StopValidation(_("Several fit: %(names)s", names=names))
        raise StopValidation(_("Nothing is called “%(typed)s”.", typed=typed[:80]))

    def suggestions(self) -> list[str]:
        """The first rows by name, for the list the browser offers."""
        return [self.shown(row) for row in db().scalars(self.query().limit(SUGGESTIONS))]

    def _find(self, typed: str) -> list[Any]:
        marked = marked_id(typed)
        if marked is not None:
            row = self._row(marked)
            return [] if row is None else [row]
        return list(db().scalars(self.query().where(self.matches(typed)).limit(6)))

    def _row(self, row_id: int) -> Any:
        return db().scalars(self.query().where(self.model.id == row_id)).one_or_none()  # type: ignore[attr-defined]

    model: type
    shown: Any

    def query(self) -> Select[Any]:
        raise LookupError("a subclass says which rows there are")

    def matches(self, typed: str) -> Any:  # noqa: ARG002
        raise LookupError("a subclass says what a word means")


class PersonField(LookupField):
    """An active person of the region, by name or NIP."""

    model = Person

    def query(self) -> Select[Any]:
        return active_people(g.person.region_id)

    def matches(self, typed: str) -> Any:
        return is_called(typed)

    @staticmethod
    def shown(row: Person) -> str:
        return suggestion(row.id, row.name)


class PositionField(LookupField):
    """A position of the region, by title."""

    model = Position

    def query(self) -> Select[Any]:
        return select(Position).where(Position.region_id == g.person.region_id).order_by(Position.title)

    def matches(self, typed: str) -> Any:
        return func.lower(Position.title) == typed.lower()

    @staticmethod
    def shown(row: Position) -> str:
        return f"{row.title} #{row.id}"


class UnitField(LookupField):
    """A unit of the region, by name or key."""

    model = Unit

    def query(self) -> Select[Any]:
        return select(Unit).where(Unit.region_id == g.person.region_id).order_by(Unit.path)

    def matches(self, typed: str) -> Any:
        return or_(func.lower(Unit.name) == typed.lower(), Unit.key == typed)

    @staticmethod
    def shown(row: Unit) -> str:
        return f"{row.name} #{row.id}"


class GroupField(SelectField):
    """One of the region's groups; there are few."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, coerce=int, choices=_groups, **options)


def _groups() -> list[SelectChoice]:
    rows = db().scalars(select(Group).where(Group.region_id == g.person.region_id).order_by(Group.title))
    return [SelectChoice(row.id, row.title) for row in rows]


def unit_choices() -> list[tuple[int, str]]:
    """The region's units for a filter, as the tree has them."""
    rows = db().scalars(select(Unit).where(Unit.region_id == g.person.region_id).order_by(Unit.path))
    return [(row.id, row.name) for row in rows]
