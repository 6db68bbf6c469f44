"""The last copy of a case's key: taken away, the case would be shut for every officer and for good."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.database import driver_rows
from engine.disclosure.keyring import officer
from engine.organisation.faults import Unacceptable

# Copies of this person for which no other officer has one of the same kind. The reporter's own copy does not count:
# the reporter reads, and nobody handles the case any more.
_LAST = """
SELECT DISTINCT mine.case_id, c.number FROM case_keys mine LEFT JOIN cases c ON c.id = mine.case_id
WHERE mine.holder = ? AND NOT EXISTS (
  SELECT 1 FROM case_keys other WHERE other.case_id = mine.case_id AND other.kind = mine.kind
  AND other.holder <> mine.holder AND other.holder LIKE 'officer:%')
ORDER BY mine.case_id
"""


@dataclass(frozen=True, slots=True)
class LastCopy:
    """A case one officer alone holds a key of."""

    case_id: int
    number: str


def last_copies(session: Session, person_id: int) -> tuple[LastCopy, ...]:
    """The cases of which this person alone holds a key, content or identity."""
    rows = driver_rows(session, _LAST, (officer(person_id),))
    return tuple(LastCopy(case_id, number or str(case_id)) for case_id, number in rows)


def refuse(session: Session, person_id: int) -> None:
    """Raises Unacceptable, naming the cases, while this person alone holds a key of any."""
    alone = last_copies(session, person_id)
    if not alone:
        return
    numbers = ", ".join(one.number for one in alone)
    raise Unacceptable(
        f"Kunci ini satu-satunya yang membuka perkara {numbers}. Petugas lain harus mengambil alih dahulu: melalui"
        " langkah perkara, atau dengan lembar para pemegang kunci pemulihan.",
        f"This key alone opens case {numbers}. Another officer has to take over first: by a step of the case, or with"
        " the sheets of the custodians.",
        "last_copy",
    )
