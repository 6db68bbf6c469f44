"""People typed by name: a list of 50,000 is no select. What was typed must name exactly one."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Select, func, or_, select

from engine.organisation.models import Person

MARKED = re.compile(r"#(\d{1,18})\s*\Z")  # the id at the end of a suggestion


def active_people(region_id: int) -> Select[Any]:
    """The people of a region who may be chosen, by name."""
    return select(Person).where(Person.region_id == region_id, Person.is_active).order_by(Person.name)


def is_called(typed: str) -> Any:
    """The condition that somebody has this name or NIP."""
    return or_(func.lower(Person.name) == typed.lower(), Person.nip == typed.replace(" ", ""))


def suggestion(person_id: int | str, name: str) -> str:
    """How a person stands in a list of suggestions; whoever chooses it has named exactly one."""
    return f"{name} #{person_id}"


def marked_id(typed: str) -> int | None:
    """The id of a chosen suggestion, None when the words were typed freely."""
    found = MARKED.search(typed)
    return int(found[1]) if found else None
