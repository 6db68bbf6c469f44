"""A queue as a page shows it: plain values, nothing left to look up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from engine.definitions.model import Text
from engine.facts import PersonId

TABS = ("mine", "unit", "follow", "done")


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """What narrows a queue; None or empty means all. ``deadline`` is overdue, today, next or none."""

    state: str | None = None
    unit_id: int | None = None
    case_type: str | None = None
    deadline: str | None = None
    assignee: str | None = None  # me, nobody, others
    returned: int | None = None  # at least so often sent back
    text: str = ""  # in number or title
    for_file: bool = False  # without sealed cases: of them no list leaves the program (reference §14)


class QueueRow(NamedTuple):
    """One line of a queue; a tuple, since a page makes fifty of them.

    ``number`` is what people read; ``task`` counts within the case, None where no task is.

    ``deadline`` is overdue, today, next or none, by the region's calendar day.
    """

    case_id: int
    number: str
    title: str
    case_type: str
    type_title: Text
    unit_name: str | None
    initiator_name: str | None
    from_name: str | None  # who sent it here; None: the system
    task: int | None
    state: str | None
    state_title: Text
    place: str | None
    item: str | None
    opened_at: datetime
    due_at: datetime | None
    deadline: str
    assignee_id: PersonId | None
    assignee_name: str | None
    returned_count: int
    may_claim: bool
    is_mine: bool
    is_paused: bool
    closed_at: datetime | None = None
    place_title: Text | None = None  # of an approval: whose decision this line is
    may_bulk: bool = False  # the step may be decided many at once
    stands_in_for: Text | None = None  # in whose name it is the reader's


@dataclass(frozen=True, slots=True)
class Count:
    """How many, never counted further than a limit: ``is_more`` then says "999+"."""

    number: int
    is_more: bool = False

    def __str__(self) -> str:
        return f"{self.number}+" if self.is_more else str(self.number)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """``next_key`` continues the list (an opaque text for the URL), None at its end. ``counts`` are per tab."""

    tab: str
    rows: tuple[QueueRow, ...]
    next_key: str | None
    counts: Mapping[str, Count]
    states: tuple[tuple[str, Text], ...] = ()  # steps to filter by, of the case types on this page
    case_types: tuple[tuple[str, Text], ...] = ()
    units: tuple[tuple[int, str], ...] = ()
    has_sealed: bool = False  # whether the reader handles any sealed case, which a file would leave out
