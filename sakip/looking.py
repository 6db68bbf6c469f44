"""Who looks at the figures, how much of the region they see, and what they ask for: values of a page's address."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from engine.cases.access import Reader, reader_of
from engine.errors import NotFound
from engine.organisation.snapshot import Organisation, UnitRow, organisation
from engine.organisation.standing import covers, held, is_valid
from engine.timers.calendar import WorkingCalendar
from sakip.configuration.folder import Configuration
from sakip.facts.rulebook import Rulebook
from sakip.spans import TO
from sakip.standing import configuration_of

HEAD, SECRETARY, BUREAU, INSPECTORATE, UNIT = "head", "secretary", "bureau", "inspectorate", "unit"
ROLES = (HEAD, SECRETARY, BUREAU, INSPECTORATE, UNIT)  # in the order they are offered
WHOLE_REGION = frozenset({HEAD, SECRETARY, BUREAU, INSPECTORATE})
BUREAU_GROUP, REGION_LEVEL, INSPECTORATE_LEVEL, HEAD_KIND = "organisation_bureau", "region", "inspectorate", "head"
FIRST_YEAR, LAST_YEAR = 2000, 2200
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody at the dashboards. ``unit_ids`` are the units they see figures of, None for the whole region; ``units``
    those of the dashboard in their order: what stands directly under the region, or the viewer's own."""

    reader: Reader
    organisation: Organisation
    role: str
    roles: tuple[str, ...]
    unit_ids: frozenset[int] | None
    units: tuple[UnitRow, ...]
    configuration: Configuration
    book: Rulebook
    calendar: WorkingCalendar
    today: date
    now: datetime

    @property
    def region_id(self) -> int:
        """The region's id."""
        return self.reader.region_id

    def unit_name(self, unit_id: int | None) -> str:
        """A unit's name; the region's own for None."""
        unit = None if unit_id is None else self.organisation.units.get(unit_id)
        return "" if unit is None else unit.name

    def belongs_to(self, unit_id: int | None) -> bool:
        """Whether the viewer works in a unit or under it, or sees figures of it as one of its people."""
        if unit_id is None:
            return False
        person = self.organisation.people.get(self.reader.person_id)
        own = None if person is None or person.unit_id is None else self.organisation.units.get(person.unit_id)
        return self.unit_ids is not None or (own is not None and f"/{unit_id}/" in f"/{own.path.strip('/')}/")

    def below(self, unit: UnitRow) -> frozenset[int]:
        """A unit and all under it."""
        return frozenset(one.id for one in self.organisation.units.values() if one.path.startswith(unit.path))

    def agency_of(self, unit_id: int | None) -> UnitRow | None:
        """The unit directly under the region that a unit belongs to; itself where there is none."""
        return _agency(self.organisation, unit_id)

    def head_positions(self) -> tuple[int, ...]:
        """The positions whose agreements make the figures: heads of the region and of the units directly under it."""
        units = {unit.id for unit in _agencies(self.organisation, self.today)}
        found = []
        for position in self.organisation.positions.values():
            unit = self.organisation.units[position.unit_id]
            if (unit.id in units and position.kind == HEAD_KIND) or _is_top(unit):
                found.append(position.id)
        return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows figures: fiscal year, span, a unit with all under it, and values by name of a single figure.

    They are made for one look (a page, a file, a mail); ``shared`` is what its figures have read together."""

    year: int
    span: str
    unit: UnitRow | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    shared: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def get(self, name: str) -> str:
        """The value of a filter, "" when it is not set."""
        return self.values.get(name, "")

    def narrowed(self, **values: str) -> Filters:
        """The same look with more values."""
        return replace(self, values={**self.values, **values})

    def once(self, name: str, read: Callable[[], T]) -> T:
        """What ``read`` gives for this year, span and unit: read by the figure that asks first, the same for all
        others of the look. ``values`` must not change it."""
        key = (name, self.year, self.span, None if self.unit is None else self.unit.id)
        if key not in self.shared:
            self.shared[key] = read()
        found: T = self.shared[key]
        return found


def viewer_of(session: Session, person_id: int, now: datetime, role: str = "") -> Viewer:
    """The person as the dashboards see them. ``role`` is one of those they have; the first without one.

    By their posts that day (acting ones count) and groups: who sits in the region's own unit as its head or otherwise,
    who belongs to the group ``organisation_bureau``, who works in an inspectorate; everybody else sees the agency they
    work in, with all under it. Raises NotFound for a role they do not have.
    """
    reader = reader_of(session, person_id, now)
    org = organisation(session, reader.region_id)
    day = reader.today
    own = org.people[person_id].unit_id
    seats = [org.positions[one.position] for one in held(org, person_id, day)]
    found: dict[str, None] = {}
    for seat in seats:
        if _is_top(org.units[seat.unit_id]) and seat.is_structural:
            found[HEAD if seat.kind == HEAD_KIND else SECRETARY] = None
    if any(one.group == BUREAU_GROUP and covers((one.starts_on, one.ends_on), day)
           for one in org.memberships.get(person_id, ())):  # fmt: skip
        found[BUREAU] = None
    worked_in = dict.fromkeys([*(seat.unit_id for seat in seats), *([own] if own is not None else [])])
    if any(_is_inspectorate(org, unit) for unit in worked_in):
        found[INSPECTORATE] = None
    agencies = {unit.id: unit for one in worked_in if (unit := _agency(org, one)) is not None and not _is_top(unit)}
    if agencies:
        found[UNIT] = None
    roles = tuple(one for one in ROLES if one in found)
    if role and role not in roles:
        raise NotFound("There is no such dashboard.")
    chosen = role or (roles[0] if roles else UNIT)
    is_whole = chosen in WHOLE_REGION
    units = _agencies(org, day) if is_whole else tuple(agencies.values())
    seen = None if is_whole else frozenset(
        one.id for one in org.units.values() if any(one.path.startswith(unit.path) for unit in units)
    )  # fmt: skip
    return Viewer(
        reader, org, chosen, roles, seen, tuple(sorted(units, key=lambda unit: (unit.name, unit.id))),
        configuration_of(session, reader.region_id), Rulebook(session, reader.region_id),
        WorkingCalendar(None, org.holidays), day, now,
    )  # fmt: skip


def _is_top(unit: UnitRow) -> bool:
    return unit.level == REGION_LEVEL and unit.parent_id is None


def _is_inspectorate(org: Organisation, unit_id: int) -> bool:
    on_the_way = (org.units[int(one)] for one in org.units[unit_id].path.strip("/").split("/"))
    return any(unit.level == INSPECTORATE_LEVEL for unit in on_the_way)


def _agency(org: Organisation, unit_id: int | None) -> UnitRow | None:
    unit = None if unit_id is None else org.units.get(unit_id)
    if unit is None:
        return None
    path = [org.units[int(one)] for one in unit.path.strip("/").split("/")]
    return next((one for one in path if not _is_top(one)), path[0])


def _agencies(org: Organisation, day: date) -> tuple[UnitRow, ...]:
    return tuple(
        unit
        for unit in org.units.values()
        if is_valid(unit, day) and not _is_top(unit) and (unit.parent_id is None or _is_top(org.units[unit.parent_id]))
    )


# -- what an address asks ------------------------------------------------------------------------------------------


def read_filters(viewer: Viewer, asked: Mapping[str, str], names: frozenset[str] = frozenset()) -> Filters:
    """The filters of an address: ``year``, ``span``, ``unit`` (its key), and the ``names`` a figure knows.

    Without a year the one whose newest period has ended last; without a span the newest to date that has ended.
    Raises NotFound for a year, a span or a unit that is not there or not for the viewer.
    """
    year = _year(viewer, asked.get("year", ""))
    values = {name: asked[name][:200] for name in names if asked.get(name)}
    return Filters(year, _span(viewer, year, asked.get("span", "")), _unit(viewer, asked.get("unit", "")), values)


def usual_year(viewer: Viewer) -> int:
    """The year whose figures are looked at without another word: this one once its first period has ended."""
    this = viewer.today.year
    ends = ended_spans(viewer, this)
    return this if ends or viewer.configuration.measurement(this - 1) is None else this - 1


def ended_spans(viewer: Viewer, year: int) -> tuple[str, ...]:
    """The spans to date of a year that have ended by today, in their order."""
    days = {one: viewer.book.day_of(year, one) for one in to_dates(viewer, year)}
    return tuple(one for one, day in days.items() if day is not None and day < viewer.today)


def to_dates(viewer: Viewer, year: int) -> tuple[str, ...]:
    """The spans to date of the region's usual periods in a year."""
    return tuple(one for one in viewer.book.spans(year) if one.startswith(TO))


def _year(viewer: Viewer, text: str) -> int:
    if not text:
        return usual_year(viewer)
    if not (text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR):
        raise NotFound("There is no such year.")
    return int(text)


def _span(viewer: Viewer, year: int, text: str) -> str:
    rules = viewer.configuration.measurement(year)
    if rules is None:
        if text:
            raise NotFound("There is no such span.")
        return ""
    if text:
        if text not in viewer.book.spans(year):
            raise NotFound("There is no such span.")
        return text
    ended = ended_spans(viewer, year)
    return ended[-1] if ended else to_dates(viewer, year)[0]


def _unit(viewer: Viewer, key: str) -> UnitRow | None:
    if not key:
        return None
    unit_id = viewer.organisation.unit_keys.get(key)
    if unit_id is None or (viewer.unit_ids is not None and unit_id not in viewer.unit_ids):
        raise NotFound("There is no such unit.")
    return viewer.organisation.units[unit_id]
