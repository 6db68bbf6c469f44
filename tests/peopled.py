"""A region peopled for any definition, a place for every role of it, and the same people by name on paper.

What the store knows by numbers a scenario knows by names, so people are called ``p1``, ``p2`` … and units by their key;
``Peopled`` translates answers and people from names to numbers and back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from engine.definitions.model import Definition, Field, Role
from engine.facts import CaseFacts, CaseState
from engine.organisation.directory import StoreDirectory, snapshot
from engine.organisation.models import Person, Position, Region, Unit
from tests.factories import a_delegation, a_group, a_holder, a_person, a_position, a_unit

KNOWN_BY_CASE = frozenset({"initiator", "case_role", "field", "performer_of"})
ABOVE = ("province", "region", "inspectorate", "agency", "division", "section")  # a chain, from the top
SUPERVISORS = "supervisors"


@dataclass
class Peopled:
    """``initiator`` opens the cases; ``pool`` are those who may be chosen for case roles or named in answers."""

    region: Region
    initiator: str
    home: str
    concerned: str
    pool: tuple[str, ...]
    people: dict[str, int] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    unit_keys: dict[int, str] = field(default_factory=dict)

    def name(self, person: Any) -> Any:
        """The name of a stored person; what is none (a vacant place) as it is."""
        if isinstance(person, str) and person.isdigit():
            person = int(person)
        return self.names.get(person, person) if isinstance(person, int) else person

    def stored(self, fields: Mapping[str, Field], answers: Mapping[str, Any]) -> dict[str, Any]:
        """Answers as somebody would give them to the store."""
        return {
            key: _each(fields[key], value, self.people, self.units) if key in fields else value
            for key, value in answers.items()
        }

    def told(self, fields: Mapping[str, Field], answers: Mapping[str, Any]) -> dict[str, Any]:
        """Stored answers by the names a scenario would use."""
        return {
            key: _each(fields[key], value, self.names, self.unit_keys) if key in fields else value
            for key, value in answers.items()
        }

    def given(
        self, session: Session, definition: Definition, answers: Mapping[str, Any], now: datetime
    ) -> dict[str, Any]:
        """What a scenario has to say so that its people are those of the store."""
        directory = snapshot(session, self.region.id, now)
        facts = _facts(self, directory, definition, answers, now)
        users: dict[str, list[str]] = {}
        acting: dict[str, dict[str, str]] = {}
        for role in definition.roles.values():
            seats = seats_of(directory, role, facts)
            users[role.key] = list(dict.fromkeys(self.name(seat.person) for seat in seats if seat.kind is None))
            for seat in seats:
                if seat.kind is not None:
                    acting[role.key] = {"user": self.name(seat.person), "kind": seat.kind}
        superiors = {}
        for name, identity in self.people.items():
            above = directory.superior(identity, now)
            seats = () if above is None else directory.seats(above, now)  # own right first
            if seats:
                superiors[name] = self.name(seats[0].person)
        units = {name: self.unit_keys[directory.person(number).unit] for name, number in self.people.items()}  # type: ignore[index]
        limits = {
            name: int(limit)
            for name, number in self.people.items()
            if (limit := directory.person(number).limit) is not None
        }
        return {
            "initiator": self.initiator, "users": {role: people for role, people in users.items() if people},
            "acting": acting, "organisation": {"superiors": superiors, "units": units, "limits": limits},
            "data": dict(answers),
        }  # fmt: skip


def seats_of(directory: StoreDirectory, role: Role, facts: CaseFacts) -> list[Any]:
    """Who may act for a role the case does not know itself."""
    if role.resolve in KNOWN_BY_CASE or role.resolve == "superior_of":
        return []
    return [seat for audience in directory.audiences(role, facts) for seat in directory.seats(audience, facts.now)]


def _facts(
    peopled: Peopled, directory: StoreDirectory, definition: Definition, answers: Mapping[str, Any], now: datetime
) -> CaseFacts:
    given = peopled.stored(definition.fields, answers)
    home, initiator = peopled.units[peopled.home], peopled.people[peopled.initiator]
    return CaseFacts(
        definition.case_type, "1", "", peopled.region.key, home, initiator, now, 0, CaseState(), given, now, directory
    )


def _each(asked: Field, value: Any, people: Mapping[Any, Any], units: Mapping[Any, Any]) -> Any:
    if isinstance(value, list | tuple):
        if asked.type == "table":
            columns = asked.columns
            return [
                {key: _each(columns[key], cell, people, units) if key in columns else cell for key, cell in row.items()}
                if isinstance(row, Mapping) else row
                for row in value
            ]  # fmt: skip
        return [_one(asked.options.get("of"), each, people, units) for each in value]
    return _one(asked.type, value, people, units)


def _one(kind: Any, value: Any, people: Mapping[Any, Any], units: Mapping[Any, Any]) -> Any:
    names = people if kind == "person" else units if kind == "unit" else {}
    return names.get(value, value) if isinstance(value, int | str) else value


# -- making it ----------------------------------------------------------------------------------------------------


class _Builder:
    def __init__(self, session: Session, definition: Definition, region: Region, random: Random) -> None:
        self.session, self.definition, self.region, self.random = session, definition, region, random
        self.units: dict[str, Unit] = {}
        self.positions: dict[tuple[int, str], Position] = {}
        self.people: list[Person] = []

    def person(self, unit: Unit) -> Person:
        made = a_person(self.session, unit)
        self.people.append(made)
        return made

    def unit(self, key: str, level: str, parent: Unit | None) -> Unit:
        self.units[key] = a_unit(self.session, self.region, level, parent, key=key)
        return self.units[key]

    def position(self, unit: Unit, kind: str) -> None:
        if (unit.id, kind) in self.positions:
            return
        made = self.positions[unit.id, kind] = a_position(self.session, unit, kind)
        filled = self.random.randrange(30)
        if filled:
            a_holder(self.session, made, self.person(unit))
        if filled < 8 and not self.has_superiors:
            a_holder(self.session, made, self.person(unit), kind=self.random.choice(["plt", "plh"]))

    @property
    def has_superiors(self) -> bool:
        """A paper's superior has no stand-in of their own position, only of a role."""
        states = self.definition.states.values()
        return any(role.resolve == "superior_of" for role in self.definition.roles.values()) or any(
            state.approval is not None and state.approval.along is not None for state in states
        )


def people_for(session: Session, definition: Definition, region: Region, random: Random) -> Peopled:
    """Units, positions, groups and people for every role of the definition; some places vacant or stood in for."""
    make = _Builder(session, definition, region, random)
    wanted = [role.options for role in definition.roles.values() if role.resolve == "position"]
    levels = {str(options["level"]) for options in wanted if options.get("level")} | {"region"}
    above: Unit | None = None
    for level in sorted(levels, key=lambda each: (ABOVE.index(each) if each in ABOVE else len(ABOVE), each)):
        above = make.unit(f"u_{level}", level, above)
    home = make.unit("u_home", "desk", above)
    concerned = make.unit("u_concerned", "shop", above)
    for options in wanted:
        unit = make.units.get(f"u_{options.get('level')}", home if options.get("of") == "initiator.unit" else concerned)
        make.position(unit, str(options["position"]))
        if options.get("of") is None and options.get("level") is None:
            make.position(home, str(options["position"]))
    initiator = make.person(home)
    pool = [make.person(random.choice([home, concerned, above or home])) for _ in range(5)]
    _groups(make, initiator, pool)
    for number, person in enumerate(make.people, 1):
        person.name = f"p{number}"
    session.flush()
    peopled = Peopled(region, initiator.name, "u_home", "u_concerned", tuple(person.name for person in pool))
    peopled.people = {person.name: person.id for person in make.people}
    peopled.names = {person.id: person.name for person in make.people}
    peopled.units = {key: unit.id for key, unit in make.units.items()}
    peopled.unit_keys = {unit.id: key for key, unit in make.units.items()}
    return peopled


def _groups(make: _Builder, initiator: Person, pool: Sequence[Person]) -> None:
    """Each with a few people of its own, now and then with somebody who has another place too."""
    roles = [role for role in make.definition.roles.values() if role.options.get("group")]
    keys = {str(role.options["group"]) for role in roles}
    chosen_from = {str(role.options["group"]) for role in roles if role.resolve == "case_role"}
    for key in sorted(keys | {SUPERVISORS}):
        count = make.random.choice([1, 1, 2]) if make.random.randrange(30) else 0
        members = [make.person(make.units["u_home"]) for _ in range(count)]
        if make.random.randrange(4) == 0:
            members.append(make.random.choice([initiator, *pool, *make.people]))
        members += pool if key in chosen_from else []  # on paper whoever is chosen belongs there
        a_group(make.session, make.region, key, *dict.fromkeys(members))


def somebody_is_away(
    session: Session,
    definition: Definition,
    peopled: Peopled,
    answers: Mapping[str, Any],
    now: datetime,
    random: Random,
) -> None:
    """One delegation that a scenario can say too: of somebody who is the first, or nobody, in every role they hold."""
    if any(role.resolve == "performer_of" for role in definition.roles.values()):
        return  # whoever performs a state may be away, which ``acting`` of a role cannot tell
    given = peopled.given(session, definition, answers, now)
    users, stood_in = given["users"], set(given["acting"])
    known = {peopled.initiator, *peopled.pool}
    able = [
        name for name in peopled.people
        if name not in known
        and any(name in people for people in users.values())
        and all(people[0] == name and role not in stood_in for role, people in users.items() if name in people)
    ]  # fmt: skip
    if not able:
        return
    person = lambda name: session.get_one(Person, peopled.people[name])  # noqa: E731
    stand_in = random.choice([name for name in peopled.people if name not in able] or list(peopled.people))
    a_delegation(session, person(random.choice(able)), person(stand_in), random.choice(["delegate", "out_of_office"]),
                 starts_on=datetime(2026, 1, 1, tzinfo=UTC).date())  # fmt: skip
