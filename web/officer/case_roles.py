"""People chosen for a case's roles: the questions beside the decision, and what was typed into them.

People are typed by name or NIP, with suggestions the browser shows without a script. Each must name exactly one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from engine.cases.refusals import missing_fields
from engine.cases.views import CasePage
from engine.changes import ActionView, FieldFault, Refusal
from engine.definitions.model import Definition, Role, Text
from engine.facts import Audience, Command, PersonId
from engine.organisation.models import Person
from web.language import words
from web.people_lookup import active_people, is_called, marked_id, suggestion
from web.transaction import db

PREFIX = "assign."
SUGGESTIONS = 200
ROOM = 2  # empty inputs after those filled in, where several people are chosen
MOST = 60  # people for one role
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class RoleAsked:
    """One role to fill: a group of inputs with the same suggestions. ``values`` are what stands in them."""

    key: str
    id: str
    title: str
    hint: str
    is_many: bool
    values: tuple[str, ...]
    suggestions: tuple[str, ...]
    fault: str

    @property
    def name(self) -> str:
        """Under which all inputs are posted."""
        return f"{PREFIX}{self.key}"


@dataclass(frozen=True, slots=True)
class Held:
    """A filled role, for the list of people of the case."""

    title: str
    names: str


def roles_asked(page: CasePage, typed: MultiDict[str, str] | None, refusal: Refusal | None) -> tuple[RoleAsked, ...]:
    """The roles that one of the reader's possible acts fills, with what was typed, else who fills them now."""
    keys = dict.fromkeys(key for view in page.actions if view.refusal is None for key in roles_filled_by(page, view))
    faults = {fault.path: words(fault.message) for fault in refusal.faults} if refusal is not None else {}
    return tuple(_asked(page, page.definition.roles[key], typed, faults.get(key, "")) for key in keys)


def people_held(page: CasePage) -> tuple[Held, ...]:
    """Who fills the case's roles now."""
    directory, roles = page.facts.directory, page.definition.roles
    return tuple(
        Held(words(roles[key].title), ", ".join(directory.person(person).name or str(person) for person in people))
        for key, people in page.facts.state.case_roles.items()
        if key in roles and people
    )


def people_chosen(
    page: CasePage, said: Command, typed: MultiDict[str, str]
) -> Mapping[str, tuple[PersonId, ...]] | Refusal:
    """The people an act brings for the roles its task fills; what names nobody or several is refused at its field."""
    view = next((view for view in page.actions if _is_meant(view, said)), None)
    chosen: dict[str, tuple[PersonId, ...]] = {}
    faults: list[FieldFault] = []
    for key in roles_filled_by(page, view) if view is not None else ():
        lines = [line.strip() for line in typed.getlist(f"{PREFIX}{key}")][:MOST]
        people = [_person(page, page.definition.roles[key], line[:LONGEST_NAME]) for line in lines if line]
        chosen[key] = tuple(dict.fromkeys(person for person in people if not isinstance(person, Text)))
        faults += [FieldFault(key, person) for person in people if isinstance(person, Text)]
    if faults:
        return missing_fields(tuple(faults), {key: role.title for key, role in page.definition.roles.items()})
    return chosen


def _is_meant(view: ActionView, said: Command) -> bool:
    return view.action == said.action and said.state in (None, view.state) and said.item in (None, view.item)


def roles_filled_by(page: CasePage, view: ActionView) -> tuple[str, ...]:
    """The roles an action fills: those of the task it is taken on."""
    task = page.facts.state.tasks.get(view.task or 0)
    state = page.definition.states.get(task.state if task is not None else view.state)
    if state is None or state.task is None or _is_by_roles(page.definition, view):
        return ()
    return state.task.assigns


def _is_by_roles(definition: Definition, view: ActionView) -> bool:
    """Whether the action is not one of the task's candidates, but of roles it names itself."""
    key: str | None = view.state
    while key is not None and key in definition.states:
        state = definition.states[key]
        if view.action in state.transitions:
            return bool(state.transitions[view.action].by)
        key = state.parent
    return False


def _asked(page: CasePage, role: Role, typed: MultiDict[str, str] | None, fault: str) -> RoleAsked:
    name = f"{PREFIX}{role.key}"
    if typed is not None and name in typed:
        values = [line.strip()[:LONGEST_NAME] for line in typed.getlist(name)][:MOST]
    else:
        people = page.facts.state.case_roles.get(role.key, ())
        values = [suggestion(person, page.facts.directory.person(person).name) for person in people]
    is_many = role.options.get("cardinality") == "many"
    values = [value for value in values if value]
    room = ([""] * ROOM if is_many else [""]) if is_many or not values else []
    return RoleAsked(
        role.key, f"assign-{role.key.replace('_', '-')}", words(role.title), _hint(page, role, is_many), is_many,
        (*values, *room), _suggestions(page, role), fault,
    )  # fmt: skip


def _hint(page: CasePage, role: Role, is_many: bool) -> str:
    group = role.options.get("group")
    if not group:
        return str(_("Anybody of the region, by name or NIP."))
    title = words(_group_title(page, str(group)))
    if is_many:
        return str(_("One person a line, from the group %(group)s.", group=title))
    return str(_("One person, from the group %(group)s.", group=title))


def _group_title(page: CasePage, group: str) -> Text:
    audience = Audience("group", group)
    return Text(page.facts.directory.title(audience, "id"), page.facts.directory.title(audience, "en"))


def _members(page: CasePage, role: Role) -> frozenset[PersonId]:
    group = role.options.get("group")
    if not group:
        return frozenset()
    return frozenset(seat.person for seat in page.facts.directory.seats(Audience("group", str(group)), page.now))


def _suggestions(page: CasePage, role: Role) -> tuple[str, ...]:
    members = _members(page, role)
    if members:
        named = sorted((page.facts.directory.person(person).name, person) for person in members)
        return tuple(suggestion(person, name) for name, person in named[:SUGGESTIONS])
    people = db().scalars(active_people(g.person.region_id).limit(SUGGESTIONS))
    return tuple(suggestion(person.id, person.name) for person in people)


def _person(page: CasePage, role: Role, typed: str) -> PersonId | Text:
    """The one person meant; words that say why there is none."""
    query, marked = active_people(g.person.region_id), marked_id(typed)
    query = query.where(Person.id == marked) if marked is not None else query.where(is_called(typed)).limit(6)
    found: Sequence[Person] = db().scalars(query).all()
    if len(found) > 1:
        members = _members(page, role)
        found = [person for person in found if person.id in members] or found
    if len(found) == 1:
        return found[0].id
    return _not_one(typed, found)


def _not_one(typed: str, found: Iterable[Person]) -> Text:
    names = "; ".join(suggestion(person.id, person.name) for person in found)
    said = str(
        _("Several people are called so: %(names)s", names=names)
        if names
        else _("Nobody here is called “%(typed)s”.", typed=typed[:80])
    )
    return Text(said, said)
