"""What one import works with, and what a kind of file answers: its rows looked at, and how they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.organisation.models import Region, Unit
from sakip.exchange.problems import Findings
from sakip.exchange.record import Reading

COMMA, POINT = "comma", "point"

Progress = Callable[[int], None]  # is told how many rows are done


def silent(_rows: int) -> None:
    """For whom nobody waits."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What whoever brings a file in says beside it: the region, at most one unit (with all below it), the year of rows
    that name none, and in whose name cases are opened."""

    region_id: int
    unit_id: int | None = None
    year: int | None = None
    person_id: int | None = None
    kind: str | None = None
    is_dry: bool = False
    skip_bad: bool = False
    decimal: str = COMMA  # how texts write decimals; cells that are numbers need no rule
    on: date | None = None  # from when a tree holds
    reason: str = ""
    legal_basis: str = ""
    may_verify: bool = True


@dataclass(slots=True)
class Work:
    """One import on its way."""

    session: Session
    wish: Wish
    name: str
    digest: str
    now: datetime
    findings: Findings
    units: dict[str, int] = field(default_factory=dict)  # those that may be written, by key and name, capitals folded
    region_key: str = ""
    day: date = date.min  # of the wish, otherwise today where the region is
    wrote: Progress = silent

    def __post_init__(self) -> None:
        region = self.session.get_one(Region, self.wish.region_id)
        self.region_key = region.key
        self.day = self.wish.on or self.now.astimezone(ZoneInfo(region.timezone)).date()
        query = select(Unit).where(Unit.region_id == self.wish.region_id)
        chosen = None if self.wish.unit_id is None else f"/{self.wish.unit_id}/"
        for unit in self.session.scalars(query.order_by(Unit.id)):
            if chosen is None or chosen in f"/{unit.path.strip('/')}/":
                for said in (unit.name, unit.key):
                    self.units.setdefault(said.casefold(), unit.id)

    def may_write(self, unit_id: int | None) -> bool:
        """Whether a unit (None: the region itself) is among those this file may be about."""
        if self.wish.unit_id is None:
            return unit_id is None or unit_id in self.units.values()
        return unit_id in self.units.values()


@dataclass(frozen=True, slots=True)
class Looked:
    """Rows that were looked at: how many would change something, how many would not, and what writes them. Where the
    engine itself has to say whether that may be (``is_tried``), a dry run writes too and takes everything back."""

    changed: int
    unchanged: int
    write: Callable[[], None]
    is_tried: bool = False


Readings = Iterator[Reading]
Look = Callable[[Work, Readings], Looked]
