"""Ways to look at the queue that people named: for themselves, or for everybody of their unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from engine.errors import InvalidInput, NotFound
from engine.organisation.models import Person
from engine.tasks.models import SavedView

LONGEST_NAME, LONGEST_QUERY = 60, 2000
MOST = 30  # of one person


@dataclass(frozen=True, slots=True)
class View:
    """A saved view as a list shows it. ``owner_name`` is told for those others share."""

    id: int
    name: str
    query: str
    is_mine: bool
    is_shared: bool
    owner_name: str


def views_of(session: Session, person_id: int) -> tuple[View, ...]:
    """The person's own and those shared with their unit, by name."""
    unit = select(Person.unit_id).where(Person.id == person_id).scalar_subquery()
    rows = session.execute(
        select(SavedView, Person.name)
        .join(Person, Person.id == SavedView.person_id)
        .where(or_(SavedView.person_id == person_id, SavedView.unit_id == unit))
        .order_by(func.lower(SavedView.name), SavedView.id)
    )
    return tuple(
        View(view.id, view.name, view.query, view.person_id == person_id, view.unit_id is not None, owner)
        for view, owner in rows
    )


def save_view(session: Session, person_id: int, name: str, query: str, *, is_shared: bool, now: datetime) -> None:
    """Keep a view under a name; one's own of that name is replaced. Raises InvalidInput for no name or too much."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or len(query) > LONGEST_QUERY:
        raise InvalidInput(f"A view has a name of at most {LONGEST_NAME} characters.")
    view = session.scalars(select(SavedView).where(SavedView.person_id == person_id, SavedView.name == name)).first()
    if view is None:
        if session.scalars(select(func.count()).where(SavedView.person_id == person_id)).one() >= MOST:
            raise InvalidInput(f"At most {MOST} views can be kept.")
        view = SavedView(person_id=person_id, name=name)
    view.unit_id = session.get_one(Person, person_id).unit_id if is_shared else None
    view.query, view.saved_at = query, now
    session.add(view)
    session.flush()


def retire_view(session: Session, person_id: int, view_id: int) -> None:
    """Take away one's own view. Raises NotFound for one that is not there or not one's own."""
    gone = session.execute(
        delete(SavedView).where(SavedView.id == view_id, SavedView.person_id == person_id).returning(SavedView.id)
    ).one_or_none()
    if gone is None:
        raise NotFound("There is no such view.")
