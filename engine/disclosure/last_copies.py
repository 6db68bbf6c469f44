"""The last copy of a case's key: taken away, the case would be shut for every officer and for good."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.database import driver_rows
from engine.disclosure.case_keys import Kind
from engine.disclosure.keyring import officer
from engine.organisation.faults import Unacceptable

# Copies of this person for which no other officer has one of the same kind. The reporter's own copy does not count:
# the reporter reads, and nobody handles the case any more.
_LAST = """
SELECT mine.case_id, mine.kind, c.number FROM case_keys mine LEFT JOIN cases c ON c.id = mine.case_id
WHERE mine.holder = ? AND NOT EXISTS (
  SELECT 1 FROM case_keys other WHERE other.case_id = mine.case_id AND other.kind = mine.kind
  AND other.holder <> mine.holder AND other.holder LIKE 'officer:%')
ORDER BY mine.case_id, mine.kind
"""


@dataclass(frozen=True, slots=True)
class LastCopy:
    """A key of a case, of its content or of the reporter's identity, that one officer alone holds."""

    case_id: int
    kind: Kind
    number: str


def last_copies(session: Session, person_id: int) -> tuple[LastCopy, ...]:
    """The keys of cases that this person alone holds."""
    rows = driver_rows(session, _LAST, (officer(person_id),))
    return tuple(LastCopy(case_id, Kind(kind), number or str(case_id)) for case_id, kind, number in rows)


def count_of(copies: Iterable[LastCopy]) -> int:
    """How many cases these are."""
    return len({copy.case_id for copy in copies})


def refuse(session: Session, person_id: int, *, by: int | None) -> None:
    """Raises Unacceptable while this person alone holds a key of any case. Only to the holder it names the cases:
    which officer holds which case is nothing for an administrator."""
    alone = last_copies(session, person_id)
    if not alone:
        return
    numbers = f" ({', '.join(dict.fromkeys(copy.number for copy in alone))})" if by == person_id else ""
    count = count_of(alone)
    raise Unacceptable(
        f"Kunci ini satu-satunya yang membuka {count} kasus{numbers}. Petugas lain harus mengambil alih dahulu:"
        " melalui langkah kasus, atau dengan lembar para penjaga kunci.",
        f"This key alone opens {count} {'case' if count == 1 else 'cases'}{numbers}. Another officer has to take over"
        " first: by a step of the case, or with the sheets of the custodians.",
        "last_copy",
    )
