"""Brings a region to what a file says of it: adds and changes through the recorded functions, removes nothing.

The same file twice changes nothing. People are known by their NIP, else by an account named as in the file, else by
their name; positions by unit, kind and title. What the file does not name stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.problems import Problem, Problems
from engine.errors import AlurError
from engine.organisation import groups, people, positions, regions, units
from engine.organisation.faults import Unacceptable
from engine.organisation.models import Account, Group, GroupMember, Holder, Person, Position, Region, Unit
from engine.organisation.recorded import Author, local_day, overlaps
from engine.organisation.written import Written, WrittenRegion


@dataclass
class Imported:
    """What was done, a line each: ``(+ or ~, what, key, more)``; how much was there already; and what was refused.

    ``people`` are the ids of everybody in the file by key, for accounts.
    """

    lines: list[tuple[str, str, str, str]] = field(default_factory=list)
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    people: dict[str, int] = field(default_factory=dict)


def import_region(session: Session, written: WrittenRegion, *, author: Author) -> Imported:
    """Brings the region to what is written, in this transaction. With ``problems`` it has to be rolled back."""
    return _Importing(session, written, author).run()


class _Importing:
    def __init__(self, session: Session, written: WrittenRegion, author: Author) -> None:
        self.session, self.written, self.author = session, written, author
        self.done = Imported()
        self.problems = Problems()
        self.units: dict[str, int] = {}
        self.positions: dict[str, int] = {}

    def run(self) -> Imported:
        region = self._each(self._region, Written(self.written.key, self.written.at, {}))
        if region is not None:
            self.region_id = region
            self.today = local_day(self.session, region, self.author)
            for each in self.written.units:
                self._keep(self.units, each, self._unit)
            for each in self.written.positions:
                self._keep(self.positions, each, self._position)
            for each in self.written.people:
                self._keep(self.done.people, each, self._person)
            for each in self.written.holders:
                self._each(self._holder, each)
            for each in self.written.groups:
                self._each(self._group, each)
        self.done.problems = self.problems.sorted()
        return self.done

    def _each(self, bring: Callable[[Written], int | None], written: Written) -> int | None:
        """One entry; what refuses it becomes a finding at its place."""
        try:
            return bring(written)
        except Unacceptable as fault:
            self.problems.add("WF012", written.at, fault.text.id, fault.text.en)
        except AlurError as fault:
            self.problems.add("WF012", written.at, str(fault), str(fault))
        return None

    def _keep(self, ids: dict[str, int], written: Written, bring: Callable[[Written], int | None]) -> None:
        found = self._each(bring, written)
        if found is not None:
            ids[written.key] = found

    def _told(self, sign: str, what: str, key: str, more: str = "") -> None:
        self.done.lines.append((sign, what, key, more))

    def _brought(self, what: str, row: Any, key: str, values: Mapping[str, Any], change: Callable[..., Any]) -> None:
        """Changes what differs; a value the file leaves out (None) stays."""
        wanted = {name: value for name, value in values.items() if value is not None and getattr(row, name) != value}
        if not wanted:
            self.done.unchanged += 1
            return
        change(wanted)
        self._told("~", what, key, ", ".join(wanted))

    # -- one kind of thing each ------------------------------------------------------------------------------------

    def _region(self, _: Written) -> int:
        key, name = self.written.key, self.written.name
        row = self.session.scalars(select(Region).where(Region.key == key)).one_or_none()
        if row is None:
            if name is None:
                raise Unacceptable(
                    f"Belum ada daerah '{key}'; beri 'name' di sini.", f"There is no region '{key}'; give it a 'name'."
                )
            zone = {"timezone": self.written.timezone} if self.written.timezone else {}
            row = regions.add_region(self.session, key=key, name=name, author=self.author, **zone)
            self._told("+", "region", key, name)
        else:
            region_id, present = row.id, row
            values = {"name": name, "timezone": self.written.timezone}
            self._brought("region", row, key, values, lambda wanted: regions.change_region(
                self.session, region_id, name=wanted.get("name", present.name),
                timezone=wanted.get("timezone", present.timezone), author=self.author,
            ))  # fmt: skip
        settings = {**(row.settings or {}), **self.written.settings}
        if settings != (row.settings or {}):
            regions.set_letterhead(self.session, row.id, self.written.settings, author=self.author)
            self._told("~", "region", key, "settings")
        return row.id

    def _unit(self, written: Written) -> int:
        values = written.values
        parent = None if values["parent"] is None else self.units.get(values["parent"])
        row = self.session.scalars(
            select(Unit).where(Unit.region_id == self.region_id, Unit.key == written.key)
        ).one_or_none()
        if row is None:
            row = units.add_unit(
                self.session, self.region_id, key=written.key, name=values["name"], level=values["level"],
                parent_id=parent, author=self.author,
            )  # fmt: skip
            self._told("+", "unit", written.key, row.name)
            return row.id
        if row.level != values["level"]:
            raise Unacceptable(
                f"Tingkat unit tetap: '{row.level}'.", f"The level of a unit stays: '{row.level}'.", "level"
            )
        unit_id, on = row.id, self.today
        self._brought("unit", row, written.key, {"name": values["name"]}, lambda wanted: units.rename_unit(
            self.session, unit_id, wanted["name"], on=on, author=self.author
        ))  # fmt: skip
        if row.parent_id != parent:
            units.move_unit(self.session, row.id, parent, on=on, author=self.author)
            self._told("~", "unit", written.key, "parent")
        return row.id

    def _position(self, written: Written) -> int | None:
        values = written.values
        unit_id = self.units.get(values["unit"])
        if unit_id is None:
            return None  # its unit was refused, which is told there
        superior = self.positions.get(values["superior"]) if values["superior"] else None
        row = self._position_there(unit_id, values)
        if row is None:
            row = positions.add_position(
                self.session, unit_id, kind=values["kind"], title=values["title"], superior_id=superior,
                decision_limit=values["decision_limit"], is_structural=values["kind"] != "staff", author=self.author,
            )  # fmt: skip
            self._told("+", "position", written.key, row.title)
            return row.id
        position_id = row.id
        wanted = {
            "title": values["title"], "superior_position_id": superior, "decision_limit": values["decision_limit"],
        }  # fmt: skip
        self._brought("position", row, written.key, wanted, lambda changed: positions.change_position(
            self.session, position_id, changed, author=self.author
        ))  # fmt: skip
        return row.id

    def _position_there(self, unit_id: int, values: Mapping[str, Any]) -> Position | None:
        """The one of that title; else the only one of its kind there, when the file too has only one: renamed."""
        there = self.session.scalars(
            select(Position).where(
                Position.unit_id == unit_id, Position.kind == values["kind"], Position.valid_to.is_(None)
            )
        ).all()
        same = [row for row in there if row.title == values["title"]]
        if same:
            return same[0]
        of_kind = [each for each in self.written.positions
                   if each.values["unit"] == values["unit"] and each.values["kind"] == values["kind"]]  # fmt: skip
        return there[0] if len(there) == 1 and len(of_kind) == 1 else None

    def _person(self, written: Written) -> int | None:
        values = {name: value for name, value in written.values.items() if name != "unit"}
        unit_id = self.units.get(written.values["unit"])
        if unit_id is None:
            return None
        row = self._person_there(written)
        if row is None:
            row = people.add_person(
                self.session, self.region_id, unit_id=unit_id, author=self.author,
                **{name: value for name, value in values.items() if value is not None},
            )  # fmt: skip
            self._told("+", "person", written.key, row.name)
            return row.id
        person_id = row.id
        self._brought("person", row, written.key, values, lambda wanted: people.change_person(
            self.session, person_id, wanted, author=self.author
        ))  # fmt: skip
        if row.unit_id != unit_id:
            people.move_person(self.session, row.id, unit_id, author=self.author)
            self._told("~", "person", written.key, "unit")
        return row.id

    def _person_there(self, written: Written) -> Person | None:
        here = select(Person).where(Person.region_id == self.region_id)
        if written.values["nip"] is not None:
            row = self.session.scalars(here.where(Person.nip == written.values["nip"])).one_or_none()
            if row is not None:
                return row
        with_account = here.join(Account, Account.person_id == Person.id).where(Account.username == written.key)
        row = self.session.scalars(with_account).one_or_none()
        if row is not None:
            return row
        named = self.session.scalars(here.where(Person.name == written.values["name"], Person.nip.is_(None))).all()
        return named[0] if len(named) == 1 else None

    def _holder(self, written: Written) -> None:
        values = written.values
        position, person = self.positions.get(values["position"]), self.done.people.get(values["person"])
        if position is None or person is None:
            return
        starts, ends = self._day(values["from"]), self._day(values["to"])
        present = self.session.scalars(
            select(Holder).where(
                Holder.position_id == position, Holder.person_id == person, Holder.kind == values["kind"]
            )
        ).all()
        for row in present:
            if overlaps((starts, ends), (row.starts_on, row.ends_on)):
                if isinstance(values["to"], date) and row.ends_on != ends:
                    positions.end_holding(self.session, row.id, on=ends, author=self.author)
                    self._told("~", "holder", written.key, "to")
                else:
                    self.done.unchanged += 1
                return
        positions.appoint(
            self.session, position, person, values["kind"], starts_on=starts or self.today, ends_on=ends,
            decree_number=values["decree"], author=self.author,
        )  # fmt: skip
        self._told("+", "holder", written.key, values["kind"])

    def _group(self, written: Written) -> None:
        title = written.values["title"]
        row = self.session.scalars(
            select(Group).where(Group.region_id == self.region_id, Group.key == written.key)
        ).one_or_none()
        if row is None:
            row = groups.add_group(self.session, self.region_id, key=written.key, title=title, author=self.author)
            self._told("+", "group", written.key, title)
        else:
            group_id = row.id
            self._brought("group", row, written.key, {"title": title}, lambda wanted: groups.rename_group(
                self.session, group_id, wanted["title"], author=self.author
            ))  # fmt: skip
        for name in written.values["members"]:
            person = self.done.people.get(name)
            if person is not None:
                self._member(row, written.key, name, person)

    def _member(self, group: Group, key: str, name: str, person: int) -> None:
        rows = select(GroupMember).where(GroupMember.group_id == group.id, GroupMember.person_id == person)
        for row in self.session.scalars(rows):
            if overlaps((self.today, None), (row.starts_on, row.ends_on)):
                self.done.unchanged += 1
                return
        groups.add_member(self.session, group.id, person, author=self.author)
        self._told("+", "member", f"{key} {name}")

    def _day(self, said: date | int | None) -> date | None:
        return self.today + timedelta(days=said) if isinstance(said, int) else said
