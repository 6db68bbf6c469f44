"""Who is meant by a position a reporter wrote: whoever holds it is kept out as surely as who is named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from engine.facts import Audience
from engine.organisation.directory import StoreDirectory, snapshot
from engine.organisation.snapshot import PositionRow, organisation

_WORD = re.compile(r"\w+")
_ENOUGH = 2  # words: a title of one word has to be all that is written


def holders_named(session: Session, region_id: int, rows: Sequence[str], now: datetime) -> tuple[str, ...]:
    """The names of those who hold a position that one of ``rows`` names, acting officials too: the position's title as
    a whole, or with more words around it where the title has several. Somebody too many is put right by an officer;
    somebody too few would have read the report."""
    told = [words for row in rows for part in row.split(",") if (words := _words(part))]
    if not told:
        return ()
    directory = snapshot(session, region_id, now)
    positions = organisation(session, region_id).positions.values()
    found = (
        name
        for position in positions
        if any(_is_meant(_words(position.title), words) for words in told)
        for name in _holders(directory, position, now)
    )
    return tuple(dict.fromkeys(found))


def _holders(directory: StoreDirectory, position: PositionRow, now: datetime) -> Iterator[str]:
    for seat in directory.seats(Audience("position", str(position.id)), now):
        yield directory.person(seat.person).name


def _is_meant(title: tuple[str, ...], words: tuple[str, ...]) -> bool:
    if title == words:
        return bool(title)
    inside = any(words[at : at + len(title)] == title for at in range(len(words) - len(title) + 1))
    return len(title) >= _ENOUGH and inside


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))
