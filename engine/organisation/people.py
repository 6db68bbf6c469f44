"""Changes people, and finds them page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from engine.errors import InvalidInput
from engine.organisation import sessions
from engine.organisation.faults import Unacceptable
from engine.organisation.models import Delegation, GroupMember, Holder, Person, Unit
from engine.organisation.recorded import Author, add, begin, change, found, local_day

CHANGEABLE = frozenset({"name", "nip", "rank", "email", "language", "mail_settings"})
LANGUAGES = ("id", "en")


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Some people by name; ``next_key`` asks for those after them, None at the end."""

    people: tuple[Person, ...]
    next_key: str | None


def add_person(
    session: Session,
    region_id: int,
    *,
    name: str,
    author: Author,
    unit_id: int | None = None,
    nip: str | None = None,
    rank: str | None = None,
    email: str | None = None,
    language: str = "id",
) -> Person:
    """A new person of the region. Raises Unacceptable for an NIP that is taken or values that cannot be, NotFound."""
    begin(session, region_id, author)
    if unit_id is not None:
        found(session, Unit, unit_id, region_id)
    values = {"name": name, "nip": nip, "rank": rank, "email": email, "language": language}
    values = _checked(session, region_id, None, values)
    person = Person(region_id=region_id, unit_id=unit_id, **values)
    return add(session, person, region_id, "person_added", author)


def change_person(session: Session, person_id: int, values: Mapping[str, Any], *, author: Author) -> Person:
    """New values for some of CHANGEABLE. Raises Unacceptable, NotFound."""
    person = _begun(session, person_id, author)
    unknown = set(values) - CHANGEABLE
    if unknown:
        raise Unacceptable(f"Tidak dapat diubah: {sorted(unknown)}", f"Cannot be changed: {sorted(unknown)}")
    checked = _checked(session, person.region_id, person.id, values)
    change(session, person, person.region_id, "person_changed", author, checked)
    return person


def move_person(session: Session, person_id: int, unit_id: int | None, *, author: Author) -> Person:
    """The person works in another unit from now on; positions are not touched."""
    person = _begun(session, person_id, author)
    if unit_id is not None:
        found(session, Unit, unit_id, person.region_id)
    change(session, person, person.region_id, "person_moved", author, {"unit_id": unit_id})
    return person


def leave(session: Session, person_id: int, *, on: date, author: Author) -> Person:
    """The person's last day is ``on``: what they hold ends, their browsers are signed out. Nothing is deleted.

    What begins after that day ends on its own first day, without ever having had effect. Raises Unacceptable for a
    day still to come, because somebody who is not active cannot work until then.
    """
    person = _begun(session, person_id, author)
    if on > local_day(session, person.region_id, author):
        raise Unacceptable("Hari terakhir belum tiba.", "The last day has not come yet.", "on")
    for row, starts_on in _held_beyond(session, person.id, on):
        last = on if starts_on is None or starts_on <= on else starts_on
        change(session, row, person.region_id, "ended_with_person", author, {"ends_on": last})
    change(session, person, person.region_id, "person_left", author, {"is_active": False})
    sessions.revoke_all(session, person.id)
    return person


def come_back(session: Session, person_id: int, *, author: Author) -> Person:
    """The person is active again; what they held stays ended."""
    person = _begun(session, person_id, author)
    change(session, person, person.region_id, "person_came_back", author, {"is_active": True})
    return person


def choose_settings(
    session: Session, person_id: int, *, language: str | None = None, has_shortcuts: bool | None = None
) -> None:
    """A person's own choices: language of pages and mails ("id", "en"), keys on pages. None leaves one as it is.

    They concern nobody else and are not recorded. Raises NotFound.
    """
    person = found(session, Person, person_id)
    if language is not None:
        person.language = language
    if has_shortcuts is not None:
        person.page_settings = {**(person.page_settings or {}), "shortcuts": has_shortcuts}


def people_page(
    session: Session,
    region_id: int,
    *,
    text: str = "",
    within: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> PeoplePage:
    """Active people of a region by name whose name or NIP contains ``text``, in the units below the path ``within``.

    ``after`` is the ``next_key`` of the page before. Raises InvalidInput for one that is not.
    """
    query = select(Person).where(Person.region_id == region_id, Person.is_active)
    words = text.strip()
    if words:
        pattern = f"%{words.lower().replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
        query = query.where(
            or_(func.lower(Person.name).like(pattern, escape="!"), Person.nip.like(pattern, escape="!"))
        )
    if within is not None:
        query = query.join(Unit, Unit.id == Person.unit_id).where(Unit.path.startswith(within, autoescape=True))
    if after is not None:
        query = query.where(tuple_(Person.name, Person.id) > _after(after))
    rows = session.scalars(query.order_by(Person.name, Person.id).limit(limit + 1)).all()
    page = tuple(rows[:limit])
    return PeoplePage(page, f"{page[-1].id}:{page[-1].name}" if len(rows) > limit else None)


def _after(key: str) -> tuple[str, int]:
    number, _, name = key.partition(":")
    if not number.isdecimal() or len(number) > 18:
        raise InvalidInput("There is no such page.")
    return name, int(number)


def _begun(session: Session, person_id: int, author: Author) -> Person:
    person = found(session, Person, person_id)
    begin(session, person.region_id, author)
    return found(session, Person, person_id)


def _held_beyond(session: Session, person_id: int, on: date) -> list[tuple[Any, date | None]]:
    """Everything of the person that does not end by that day, with the day it begins."""
    rows: list[Any] = []
    for model, whose in (
        (Holder, Holder.person_id == person_id),
        (GroupMember, GroupMember.person_id == person_id),
        (Delegation, or_(Delegation.principal_id == person_id, Delegation.delegate_id == person_id)),
    ):
        open_ended = or_(model.ends_on.is_(None), model.ends_on > on)
        rows += session.scalars(select(model).where(whose, open_ended).order_by(model.id)).all()
    return [(row, row.starts_on) for row in rows]


def _checked(session: Session, region_id: int, person_id: int | None, values: Mapping[str, Any]) -> dict[str, Any]:
    cleaned = {name: value.strip() or None if isinstance(value, str) else value for name, value in values.items()}
    if "name" in cleaned and not cleaned["name"]:
        raise Unacceptable("Nama wajib diisi.", "A name is needed.", "name")
    if cleaned.get("language", "id") not in LANGUAGES:
        raise Unacceptable("Bahasa tidak dikenal.", "Unknown language.", "language")
    email = cleaned.get("email")
    if email and ("@" not in email or any(character in email for character in "\r\n ,;<>")):
        raise Unacceptable("Alamat surel tidak dapat dibaca.", "The mail address cannot be read.", "email")
    nip = cleaned.get("nip")
    if nip:
        taken = select(Person.name).where(Person.region_id == region_id, Person.nip == nip)
        holder = session.scalar(taken.where(Person.id.is_distinct_from(person_id)))
        if holder is not None:
            raise Unacceptable(f"NIP itu milik {holder}.", f"That NIP is {holder}'s.", "nip")
    return cleaned
