"""Who else can open the cases one can open oneself: looked at before and after copies were given for one."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.database import driver_rows
from engine.disclosure.keyring import officer
from engine.organisation.models import Person

# Of cases whose content this holder opens: case and holder of every officer's copy.
_FELLOWS = """
SELECT other.case_id, other.holder FROM case_keys mine JOIN case_keys other ON other.case_id = mine.case_id
WHERE mine.holder = ? AND mine.kind = 'content-key' AND other.kind = 'content-key' AND other.holder LIKE 'officer:%'
"""


def fellow_holders(session: Session, person_id: int) -> frozenset[tuple[int, int]]:
    """(case, person) of everybody who holds a copy of the content's key of a case this person holds one of."""
    prefix = officer(0)[:-1]
    rows = driver_rows(session, _FELLOWS, (officer(person_id),))
    return frozenset((int(case_id), int(str(holder).removeprefix(prefix))) for case_id, holder in rows)


def names_of(session: Session, people: Iterable[int]) -> list[str]:
    """Their names, in order."""
    return list(session.scalars(select(Person.name).where(Person.id.in_(set(people))).order_by(Person.name)))
