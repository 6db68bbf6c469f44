"""Search: the cases a person may see, by number, title, person or unit; newest first, paged by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.cases.access import HOLDS_ANY, Reader, candidates, reader_of, visible
from engine.cases.queue_page import CASE_COLUMNS, LONGEST_PAGE, case_rows
from engine.database import driver_rows
from engine.disclosure.keyring import officer
from engine.errors import InvalidInput
from engine.tasks.queue import like_pattern
from engine.tasks.views import QueueRow

MOST_WORDS = 6
# Who sees more cases than this finds a page of them soon by reading cases in their order; a word may occur in none.
_FEW, _FEW_WITH_WORDS = 2_000, 20_000

# People and units are looked for once, so they say their region themselves: by c.region_id it would be once a case.
_WORD = (
    "(lower(c.number) LIKE ? ESCAPE '!' OR lower(c.title) LIKE ? ESCAPE '!'"
    " OR c.initiator_id IN (SELECT p.id FROM people p WHERE p.region_id = ?"
    " AND (lower(p.name) LIKE ? ESCAPE '!' OR p.nip = ?))"
    " OR c.unit_id IN (SELECT u.id FROM units u WHERE u.region_id = ? AND lower(u.name) LIKE ? ESCAPE '!'))"
)


@dataclass(frozen=True, slots=True)
class Found:
    """``next_key`` continues the list, None at its end."""

    rows: tuple[QueueRow, ...]
    next_key: str | None
    has_sealed: bool = False  # whether the reader handles any sealed case, which a file would leave out


def search(
    session: Session, person_id: int, text: str, now: datetime, *, after: str | None = None, limit: int = 50,
    for_file: bool = False,
) -> Found:  # fmt: skip
    """Cases in which every word of ``text`` occurs in number, title, the opener's name or number, or the unit.

    Without words all cases the person may see. ``for_file`` leaves out sealed cases: of them no list leaves the
    program (reference §14). Raises InvalidInput for an unknown key.
    """
    if not 1 <= limit <= LONGEST_PAGE:
        raise InvalidInput("This list does not exist.")
    reader = reader_of(session, person_id, now)
    seen, values = visible(reader)
    conditions, parameters = [seen], [*values]
    for word in text.split()[:MOST_WORDS]:
        pattern = like_pattern(word)
        conditions.append(_WORD)
        parameters += [pattern, pattern, reader.region_id, pattern, word, reader.region_id, pattern]
    if for_file:
        conditions.append("NOT c.is_sealed")
    if _sees_few(session, reader, _FEW_WITH_WORDS if text.strip() else _FEW):
        ways, led = candidates(reader)
        conditions.append(f"c.id IN ({ways})")
        parameters += led
    before = _read_key(after)
    if before is not None:
        conditions.append("c.id < ?")
        parameters.append(before)
    wanted = f"SELECT {CASE_COLUMNS} FROM cases c WHERE {' AND '.join(conditions)} ORDER BY c.id DESC LIMIT {limit + 1}"
    rows: list[tuple[Any, ...]] = driver_rows(session, wanted, parameters)
    has_sealed = driver_rows(session, HOLDS_ANY, (officer(person_id),))[0][0] == 1
    next_key = str(rows[limit - 1][0]) if len(rows) > limit else None
    return Found(tuple(case_rows(session, reader, rows[:limit])), next_key, has_sealed)


def _sees_few(session: Session, reader: Reader, few: int) -> bool:
    """Whether so few cases may be theirs that looking these up is less than passing by all others."""
    ways, values = candidates(reader)
    counted = f"SELECT count(*) FROM (SELECT 1 FROM ({ways}) w LIMIT {few + 1}) n"
    return bool(driver_rows(session, counted, values)[0][0] <= few)


def _read_key(text: str | None) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise InvalidInput("This page of the list does not exist.")
    return int(text)
