"""Who may see a case: the question for one case, and its twin in SQL for lists.

The one who opened it; whoever acted in it, was ever offered a task in it or chosen for a role of it, unless excluded
there; holders of a position in its unit or in one above; the region's group ``supervisors``. Never across regions, and
being administrator gives nothing. A sealed case is seen by those who hold a copy of its key, and by nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.database import driver_rows
from engine.disclosure.keyring import officer
from engine.errors import NotFound
from engine.organisation.directory import StoreDirectory
from engine.organisation.groups import SUPERVISORS
from engine.organisation.snapshot import organisation

_HOLDS_A_KEY = (
    "c.is_sealed AND EXISTS"
    " (SELECT 1 FROM case_keys k WHERE k.holder = ? AND k.kind = 'content-key' AND k.case_id = c.id)"
)
HOLDS_ANY = (  # 1 or 0, of one holder
    "SELECT count(*) FROM (SELECT 1 FROM case_keys WHERE holder = ? AND kind = 'content-key' LIMIT 1) n"
)
_AT_ONCE = 500  # cases that are asked about in one statement
_WHO = (
    "SELECT p.region_id, p.is_active, r.organisation_revision, r.definitions_revision FROM people p"
    " JOIN regions r ON r.id = p.region_id WHERE p.id = ?"
)


@dataclass(frozen=True, slots=True)
class Reader:
    """A person as lists need them: region, audiences with masks of powers, units seen, and whether a supervisor."""

    region_id: int
    person_id: int
    audiences: Sequence[tuple[str, int]]
    unit_ids: Sequence[int]
    is_supervisor: bool
    directory: StoreDirectory
    today: date  # the region's
    definitions_revision: int


def reader_of(session: Session, person_id: int, now: datetime) -> Reader:
    """Who is asking. Raises NotFound for somebody who is not there or no longer active."""
    found = driver_rows(session, _WHO, (person_id,))
    if not found or not found[0][1]:
        raise NotFound("There is no such person.")
    region_id, _, revision, published = found[0]
    directory = StoreDirectory(organisation(session, region_id, revision), now)
    paths = directory.overseen_paths(person_id, now)
    return Reader(
        region_id=region_id,
        person_id=person_id,
        audiences=tuple((str(audience), mask) for audience, mask in directory.audiences_of(person_id, now)),
        unit_ids=tuple(unit.id for unit in directory.units_below(paths)) if paths else (),
        is_supervisor=directory.is_member(person_id, SUPERVISORS, now),
        directory=directory,
        today=directory.day(now),
        definitions_revision=published,
    )


def may_see(session: Session, reader: Reader, case_id: int) -> bool:
    """Whether the reader may see this case. A case that does not exist may not be seen."""
    condition, values = visible(reader)
    return bool(driver_rows(session, f"SELECT 1 FROM cases c WHERE c.id = ? AND {condition}", (case_id, *values)))


def seen_among(session: Session, reader: Reader, case_ids: Iterable[int]) -> frozenset[int]:
    """Those of some cases that the reader may see, asked together instead of one by one."""
    wanted, (condition, values) = list(dict.fromkeys(case_ids)), visible(reader)
    found: set[int] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        rows = driver_rows(
            session, f"SELECT c.id FROM cases c WHERE c.id IN ({marks}) AND {condition}", (*some, *values)
        )
        found.update(row[0] for row in rows)
    return frozenset(found)


def require_visible(session: Session, reader: Reader, case_id: int) -> None:
    """Raises NotFound when the reader may not see the case: the same answer as for one that does not exist."""
    if not may_see(session, reader, case_id):
        raise NotFound("There is no such case.")


def candidates(reader: Reader) -> tuple[str, list[Any]]:
    """Ids of all cases the reader may see, and of some they may not, with their values: by way of what leads to them.
    For those who see few cases among many; a supervisor's are all there are."""
    own = (f"person:{reader.person_id}", *(audience for audience, _ in reader.audiences))
    roads = [
        f"SELECT p.case_id FROM participants p WHERE p.audience IN ({', '.join('?' * len(own))})",
        "SELECT c.id FROM cases c WHERE c.initiator_id = ?",
        "SELECT k.case_id FROM case_keys k WHERE k.holder = ? AND k.kind = 'content-key'",
    ]
    values: list[Any] = [*own, reader.person_id, officer(reader.person_id)]
    if reader.unit_ids:
        roads.append(f"SELECT c.id FROM cases c WHERE c.unit_id IN ({', '.join('?' * len(reader.unit_ids))})")
        values += reader.unit_ids
    if reader.is_supervisor:
        roads.append("SELECT c.id FROM cases c WHERE c.region_id = ?")
        values.append(reader.region_id)
    return " UNION ALL ".join(roads), values


def visible(reader: Reader) -> tuple[str, list[Any]]:
    """The twin in SQL: a condition over cases ``c`` with its values, for lists and searches."""
    own = f"person:{reader.person_id}"
    roads = [
        "c.initiator_id = ?",
        "EXISTS (SELECT 1 FROM participants p WHERE p.case_id = c.id AND p.audience = ? AND p.has_acted)",
    ]
    values: list[Any] = [reader.region_id, reader.person_id, own]
    if reader.audiences:
        marks = ", ".join("?" * len(reader.audiences))
        roads.append(
            f"(EXISTS (SELECT 1 FROM participants p WHERE p.case_id = c.id AND p.audience IN ({marks}))"
            " AND NOT EXISTS (SELECT 1 FROM exclusions e WHERE e.case_id = c.id AND e.person_id = ?))"
        )
        values += [*(audience for audience, _ in reader.audiences), reader.person_id]
    if reader.unit_ids:
        roads.append(f"c.unit_id IN ({', '.join('?' * len(reader.unit_ids))})")
        values += reader.unit_ids
    if reader.is_supervisor:
        roads.append("c.id IS NOT NULL")
    barred = "NOT EXISTS (SELECT 1 FROM exclusions e WHERE e.case_id = c.id AND e.person_id = ? AND e.number = 0)"
    ordinary = f"NOT c.is_sealed AND ({' OR '.join(roads)}) AND {barred}"
    values += [reader.person_id, officer(reader.person_id)]
    return f"c.region_id = ? AND (({ordinary}) OR ({_HOLDS_A_KEY}))", values
