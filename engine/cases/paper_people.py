"""The people of a scenario, answering what the store's organisation answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from engine.definitions.model import Role
from engine.definitions.scenarios import Given
from engine.facts import Audience, CaseFacts, Person, PersonId, Seat


class PaperDirectory:
    """The people of a scenario. ``users`` holds the roles the case does not know, ``acting`` the stand-ins by role.

    Audiences are ``role:<key>``, ``person:<name>`` and, for somebody's superior, ``holder:<name>``.
    """

    def __init__(self, given: Given, people_of: Callable[[str], Sequence[PersonId]]) -> None:
        self._given = given
        self._people_of = people_of  # the people of a role the case knows, as the case stands now

    def audiences(self, role: Role, case: CaseFacts) -> tuple[Audience, ...]:  # noqa: ARG002 - the protocol's shape
        """The role itself, if somebody is named for it or stands in for it."""
        is_named = bool(self._given.users.get(role.key)) or role.key in self._given.acting
        return (Audience("role", role.key),) if is_named else ()

    def seats(self, audience: Audience, now: datetime) -> tuple[Seat, ...]:  # noqa: ARG002
        """Those named, then those who stand in for them."""
        key = audience.key
        if audience.kind == "role":
            people = self._given.users.get(key, ())
            return (*map(Seat, people), *self._stand_in(key, people[0] if people else key))
        roles = [role for role in self._given.acting if key in self._people(role, audience.kind)]
        return (Seat(key), *(seat for role in roles for seat in self._stand_in(role, key)))

    def _people(self, role: str, kind: str) -> Sequence[PersonId]:
        return self._given.users.get(role, ()) if kind == "holder" else self._people_of(role)

    def _stand_in(self, role: str, principal: PersonId) -> tuple[Seat, ...]:
        acting = self._given.acting.get(role)
        return () if acting is None else (Seat(acting.user, principal, acting.kind),)

    def ended_mandate(self, audience: Audience, person: PersonId, now: datetime) -> Seat | None:  # noqa: ARG002
        """Mandates do not end on paper."""
        return None

    def person(self, person: PersonId) -> Person:
        """The name itself, and the unit and the limit if the scenario gives them."""
        name = str(person)
        return Person(person, name, self._given.units.get(name), self._given.limits.get(name))

    def superior(self, person: PersonId, now: datetime) -> Audience | None:  # noqa: ARG002
        """The person one step above, as ``organisation.superiors`` says."""
        above = self._given.superiors.get(str(person))
        return None if above is None else Audience("holder", above)

    def line(self, person: PersonId, now: datetime) -> tuple[Audience, ...]:
        """Superior after superior, as far as the scenario names them."""
        found: list[Audience] = []
        above = self.superior(person, now)
        while above is not None and above not in found:
            found.append(above)
            above = self.superior(above.key, now)
        return tuple(found)

    def title(self, audience: Audience, language: str) -> str:  # noqa: ARG002
        """The key."""
        return audience.key
