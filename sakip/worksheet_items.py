"""What the page of a worksheet shows of each row, and rows read as they are typed or stored (§13.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.definitions.model import Text
from sakip.configuration.evaluation import Component, SubComponent, Tier
from sakip.facts.sheets import Sheet
from sakip.reasons import Reason
from sakip.score import Judged, Scored
from sakip.shares import Given, Share, is_open
from sakip.worksheet import Question

OPEN, REFUSED_ROWS, LIMITED, CHANGED = "open", "refused", "limited", "changed"
FILTERS = (OPEN, REFUSED_ROWS, LIMITED, CHANGED)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered piece that fits here: its number, how it stands, whether this row uses it, how many rows do."""

    number: int
    title: str
    state: str
    is_used: bool
    uses: int
    link: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A piece that is asked: its name in the worksheet, its kind and year, what the register has of it (the newest, all
    that are used here; ``more`` older ones beside them), and how the check judged it (accepted, refused, "")."""

    piece: str
    kind: str
    year: int
    registered: tuple[Registered, ...]
    judged: str
    more: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One row. ``question`` is None in a tier that looks at evidence. ``earlier`` is the answer of the tier before with
    its note; ``warning`` what `needs` says; ``suggested`` the grade that ticks propose. ``agency`` looks at it."""

    path: str
    component: str
    title: Text
    question: Question | None
    row: Row
    given: Given
    is_done: bool
    earlier: Given
    earlier_note: str
    asked: tuple[Asked, ...]
    ticks: tuple[tuple[str, Text], ...]
    suggested: str
    warning: Text | None
    agency: str
    marks: frozenset[str]
    below: bool  # a recommendation is asked for


@dataclass(frozen=True, slots=True)
class Panel:
    """A sub-component: ``share`` before and after the framework once its answers allow, ``sentence`` what limits it."""

    component: Component
    sub: SubComponent
    share: Share | None
    sentence: Text | None
    items: tuple[Item, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Worksheet:
    """Everything the page of a tier shows. ``judged`` is None in a tier that looks at evidence."""

    sheet: Sheet
    tier: Tier
    panels: tuple[Panel, ...]
    judged: Judged | Reason | None
    scored: Scored | None
    answered: int
    asked: int
    accepted: int
    pieces: int
    may_be_locked: bool = field(default=True)

    @property
    def items(self) -> Iterator[Item]:
        """Every row in the order of the worksheet."""
        return (item for panel in self.panels for item in panel.items)

    def count(self, mark: str) -> int:
        """How many rows a filter leaves."""
        return sum(mark in item.marks for item in self.items)


def many(value: Any) -> tuple[str, ...]:
    """The entries of a list cell, stored or as typed (a line each)."""
    given = value.splitlines() if isinstance(value, str) else value or ()
    return tuple(str(one) for one in given if str(one).strip())


def plain_row(row: Row) -> dict[str, Any]:
    """A row as typed or stored with lists as tuples, ``evidence`` as numbers and ``checked`` as yes or no."""
    found = {name: value for name, value in row.items() if value not in (None, "", [])}
    for name in ("pieces", "met", "refused", "asked"):
        if name in found:
            found[name] = many(found[name])
    found["evidence"] = tuple(int(one) for one in many(row.get("evidence")) if one.isdecimal() and len(one) < 19)
    found["checked"] = str(row.get("checked")).casefold() in ("true", "yes", "1")
    return found


def differs(given: Given, earlier: Given) -> bool:
    """Whether an answer is another than the earlier one; pieces are compared whatever their order."""
    if is_open(given) or is_open(earlier):
        return False
    return _comparable(given) != _comparable(earlier)


def differs_from_last(question: Question, given: Given, row: Row) -> bool:
    """Whether a key of the scale is another than last year's; pieces are of another year and are not compared."""
    last = row.get("last_answer")
    return isinstance(given, str) and isinstance(last, str) and last in question.shares and given != last


def _comparable(given: Given) -> object:
    return given if isinstance(given, str) or given is None else frozenset(given)
