"""What an expression may look at while it is evaluated: one case at one moment, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from engine.definitions.model import Text

NOTHING: Mapping[str, Any] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return NOTHING


class PersonLike(Protocol):
    """What an expression may ask of a person."""

    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> Any: ...
    @property
    def limit(self) -> Decimal | None: ...
    @property
    def nip(self) -> str: ...


class CalendarLike(Protocol):
    """The two questions expressions have about working days; both count whole days."""

    def working_days_between(self, start: date, end: date) -> int: ...
    def add_working_days(self, start: date, days: int) -> date: ...


class Row(dict[str, Any]):
    """A row of a table standing for ``item``: its columns, and its ``number`` from 1, which ``item`` alone means."""

    def __init__(self, cells: Mapping[str, Any], number: int) -> None:
        super().__init__(cells)
        self.number = number


@dataclass(slots=True)
class Scope:
    """One case at one moment.

    People are ids (``initiator``, ``actor``, ``user``, the lists in ``case_roles`` and answers of type person);
    ``person`` looks one up when an expression asks for ``.unit``, ``.limit`` or ``.name``. ``answers`` are typed
    values (see the field types). ``now`` and ``opened_at`` are aware moments; ``zone`` decides which day it is.
    ``item`` is the item of a multi-instance, or the row while a column is calculated. ``inputs`` holds the inputs
    of a decision table by name. ``active`` and ``visited`` are state keys. ``knows`` says whether the organisation has
    such a ``person``, ``unit`` or ``position``, for answers that name one; None where everything is taken for known.
    ``above`` names everybody who sits above a person, ``units_over`` a unit and those it belongs to. ``store`` is what
    sources of the database are asked with (session and region's id); None on paper.
    """

    answers: Mapping[str, Any] = field(default_factory=_nothing)
    now: datetime | None = None
    zone: tzinfo = ZoneInfo("Asia/Jakarta")
    case_number: str | None = None
    opened_at: datetime | None = None
    unit: Any = None
    region: str | None = None
    case_roles: Mapping[str, Any] = field(default_factory=_nothing)
    initiator: Any = None
    actor: Any = None
    user: Any = None
    item: Any = None
    parameters: Mapping[str, Any] = field(default_factory=_nothing)
    active: frozenset[str] = frozenset()
    visited: frozenset[str] = frozenset()
    person: Callable[[Any], PersonLike] | None = None
    calendar: CalendarLike | None = None
    inputs: Mapping[str, Any] = field(default_factory=_nothing)
    knows: Callable[[str, Any], bool] | None = None
    above: Callable[[Any], Sequence[Any]] | None = None
    units_over: Callable[[Any], Sequence[Any]] | None = None
    store: tuple[Any, int] | None = None

    @property
    def today(self) -> date | None:
        """The day it is in the calendar's zone."""
        return None if self.now is None else self.now.astimezone(self.zone).date()


class ExpressionFault(Exception):
    """An expression met something it cannot calculate with. ``reason`` is a sentence for people."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def day_of(scope: Scope, when: date | datetime | None) -> date:
    """The calendar day of a date or moment in the scope's zone; raises ExpressionFault when it is empty."""
    if when is None:
        raise ExpressionFault(Text("Tanggalnya masih kosong.", "The date is empty."))
    if isinstance(when, datetime):
        return when.astimezone(scope.zone).date() if when.tzinfo else when.date()
    return when


def calendar_of(scope: Scope) -> CalendarLike:
    """The calendar of the place; raises ExpressionFault where there is none."""
    if scope.calendar is None:
        raise ExpressionFault(Text("Kalender hari kerja belum ada.", "There is no calendar of working days."))
    return scope.calendar
