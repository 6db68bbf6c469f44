"""A list that adds up to its number: both come from one query, or from one set of rows."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from operator import itemgetter
from typing import Any, Protocol

import orjson
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from engine.definitions.model import Text
from engine.errors import InvalidInput

Cell = Text | str | int | Fraction | date | datetime | None
WORDS, NUMBER, DAY, MOMENT = "words", "number", "day", "moment"  # what a column holds
LONGEST_KEY = 600


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, its title, what it holds."""

    key: str
    title: Text
    holds: str = WORDS


@dataclass(frozen=True, slots=True)
class Item:
    """One line: cells by column, the address it leads to (kind and key: ``("case", 7)``), the ``tone`` of its number
    (good, warn, bad, plain), and what stands small beneath its first cell."""

    cells: Mapping[str, Cell]
    leads_to: tuple[str, Any] | None = None
    tone: str = ""
    note: Text | str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines; ``next_key`` continues the list (an opaque text for the URL), None at its end."""

    items: tuple[Item, ...]
    next_key: str | None


class Listing(Protocol):
    """What a figure counts: the number, the number by parts, the lines, all of the same rows."""

    def count(self, session: Session) -> int:
        """How many lines there are."""
        ...

    def counts(self, session: Session, *names: str) -> dict[tuple[Any, ...], int]:
        """How many by the values of some of its columns."""
        ...

    def page(self, session: Session, after: str | None, limit: int) -> Page:
        """Lines after a key. Raises InvalidInput for one that is no key of this list."""
        ...


@dataclass(frozen=True, slots=True)
class Query:
    """Rows of the database. ``statement`` has neither order, limit nor groups; ``keys`` are columns of it by name with
    their type (int or str), never NULL, in the order of the list; the last are unique. ``make`` turns rows into lines.
    """

    statement: Select[*tuple[Any, ...]]
    keys: tuple[tuple[str, type], ...]
    make: Callable[[Session, Sequence[Any]], Sequence[Item]]
    is_rising: bool = True

    def count(self, session: Session) -> int:
        rows = self.statement.subquery()
        return int(session.scalar(select(func.count()).select_from(rows)) or 0)

    def counts(self, session: Session, *names: str) -> dict[tuple[Any, ...], int]:
        columns = [self.statement.selected_columns[name] for name in names]
        found = session.execute(self.statement.with_only_columns(*columns, func.count()).group_by(*columns))
        return {tuple(row[:-1]): int(row[-1]) for row in found}

    def page(self, session: Session, after: str | None, limit: int) -> Page:
        columns = [self.statement.selected_columns[name] for name, _ in self.keys]
        wanted = self.statement
        if after:
            wanted = wanted.where(self._beyond(columns, read_key(after, [kind for _, kind in self.keys])))
        wanted = wanted.order_by(*(column if self.is_rising else column.desc() for column in columns)).limit(limit + 1)
        found = session.execute(wanted).all()
        shown = found[:limit]
        key = [getattr(shown[-1], name) for name, _ in self.keys] if len(found) > limit else None
        return Page(tuple(self.make(session, shown)), None if key is None else write_key(key))

    def _beyond(self, columns: Sequence[Any], key: Sequence[Any]) -> ColumnElement[bool]:
        """Behind the key in the order of the list, written out: not every database compares rows by an index."""
        ways = []
        for place, (column, value) in enumerate(zip(columns, key, strict=True)):
            same = [before == given for before, given in zip(columns[:place], key[:place], strict=True)]
            ways.append([*same, column > value if self.is_rising else column < value])
        return or_(*(_all(way) for way in ways))


def _all(conditions: Sequence[Any]) -> Any:
    found = conditions[0]
    for one in conditions[1:]:
        found = found & one
    return found


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that are all at hand: put together from several sources, or shared with other figures; at most as many as a
    region's unit heads have indicators. Each has the values ``counts`` may ask for, and what ``make`` turns into its
    line (the line itself without it); they stand in the order of the list. ``getter`` reads values by name: of a
    mapping, or (``attrgetter``) of a row of the database."""

    rows: Sequence[tuple[Any, Any]] = field(default_factory=tuple)
    make: Callable[[Session, Sequence[Any]], Sequence[Item]] = lambda _, shown: shown
    getter: Callable[..., Callable[[Any], Any]] = itemgetter

    def count(self, session: Session) -> int:  # noqa: ARG002
        return len(self.rows)

    def counts(self, session: Session, *names: str) -> dict[tuple[Any, ...], int]:  # noqa: ARG002
        read = self.getter(*names)
        found = Counter([read(values) for values, _ in self.rows])
        return dict(found) if len(names) > 1 else {(value,): count for value, count in found.items()}

    def page(self, session: Session, after: str | None, limit: int) -> Page:
        start = read_key(after, [int])[0] if after else 0
        items = tuple(self.make(session, [one for _, one in self.rows[start : start + limit]]))
        return Page(items, write_key([start + limit]) if start + limit < len(self.rows) else None)


def write_key(values: Sequence[Any]) -> str:
    """A place in a list as a text for an address."""
    return base64.urlsafe_b64encode(orjson.dumps(list(values))).decode().rstrip("=")


def read_key(text: str, kinds: Sequence[type]) -> list[Any]:
    """The place behind its text. Raises InvalidInput for a text that names none."""
    wrong = InvalidInput("This page of the list does not exist.")
    if len(text) > LONGEST_KEY:
        raise wrong
    try:
        values = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError):
        raise wrong from None
    if not isinstance(values, list) or [type(one) for one in values] != list(kinds):
        raise wrong
    if any(isinstance(one, int) and not 0 <= one < 2**63 for one in values) or any(
        isinstance(one, str) and "\x00" in one for one in values
    ):
        raise wrong
    return values
