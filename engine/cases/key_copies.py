"""Who holds a copy of a sealed case's content key, and what a step changes about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from engine.database import driver_rows
from engine.disclosure.case_keys import Kind
from engine.disclosure.keyring import officer

_HOLDERS = "SELECT kind, holder FROM case_keys WHERE case_id = ?"


@dataclass(frozen=True, slots=True)
class Copies:
    """What a step writes about copies: ``add`` (kind, holder) -> sealed, ``drop`` (kind, holder); ``people`` hold the
    content key afterwards."""

    people: frozenset[int]
    add: Mapping[tuple[str, str], str] = field(default_factory=dict)
    drop: tuple[tuple[str, str], ...] = ()


def holders_of(session: Session, case_id: int) -> frozenset[tuple[str, str]]:
    """(kind, holder) of every copy of the case's keys."""
    return frozenset((kind, holder) for kind, holder in driver_rows(session, _HOLDERS, (case_id,)))


def people_among(holders: Iterable[tuple[str, str]]) -> frozenset[int]:
    """The people of the organisation who hold the content key."""
    return frozenset(
        int(holder.partition(":")[2])
        for kind, holder in holders
        if kind == Kind.CONTENT and holder.startswith(officer(0)[:-1])
    )
