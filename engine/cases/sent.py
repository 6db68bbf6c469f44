"""What came with an act: answers, checked and taken in, and the people chosen for the case's roles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.cases.answers import REQUIRED, clean_answers, completeness, computed
from engine.cases.people import is_conflicted
from engine.cases.refusals import missing_fields, refuse
from engine.cases.step import Step
from engine.changes import FieldFault, Refusal
from engine.definitions.model import Role, Task, Text
from engine.facts import Command, PersonId
from engine.field_types.question import is_blank


@dataclass(frozen=True, slots=True)
class Sent:
    """To which task or approval the answers belong: ``state`` is its state, or None when there is none.

    Case roles are filled only by an act on the task; ``is_complete_asked`` when required answers must be there.
    """

    state: str | None
    is_on_task: bool
    is_complete_asked: bool


def take_in(step: Step, sent: Sent, command: Command) -> Refusal | None:
    """Takes the answers and people that came with a command into the step, or refuses them (reference §8.13)."""
    form, editable = editable_of(step, sent.state, step.actor)
    faults: tuple[FieldFault, ...] = ()
    if command.answers:
        values, faults = clean_answers(step.definition, form, command.answers, editable, step.scope(user=step.actor))
        if faults:
            return missing_fields(faults, _titles(step))
        change_answers(step, values)
    if command.assign:
        refusal = assign_people(step, _assigns(step, sent), command.assign)
        if refusal is not None:
            return refusal
    if editable and sent.is_complete_asked:
        faults = completeness(step.definition, form, step.answers, editable, step.scope(user=step.actor))
        faults += _still_asked(step, faults)
    return missing_fields(faults, _titles(step)) if faults else None


def editable_of(step: Step, holder: str | None, person: PersonId | None) -> tuple[str | None, frozenset[str]]:
    """The form and the fields ``person`` may fill in with an act on the task of ``holder``: those of the task, and of
    the initiator what a migration asks for (docs/reference/migrations.md)."""
    form, editable = step.chart.edits(holder)
    asked = step.extras.get("asked")
    if asked is None or holder is None or person is None or person != step.facts.initiator:
        return form, editable
    theirs = next((key for key, each in step.definition.forms.items() if asked[0] in each.fields), None)
    return form or theirs, editable | frozenset(asked)


def _still_asked(step: Step, faults: tuple[FieldFault, ...]) -> tuple[FieldFault, ...]:
    """What a migration asks of the initiator and is not answered yet; once all is there nothing is asked any more."""
    asked = step.extras.get("asked")
    if asked is None or step.actor != step.facts.initiator:
        return ()
    known = {fault.path for fault in faults}
    missing = [name for name in asked if is_blank(step.answers.get(name))]
    if not missing:
        del step.extras["asked"]
    return tuple(FieldFault(name, REQUIRED, "required") for name in missing if name not in known)


def change_answers(step: Step, values: Mapping[str, Any]) -> None:
    """Typed ``values`` become answers; what is computed from them is computed anew."""
    if all(step.answers.get(name) == value for name, value in values.items()):
        return
    step.answers = {**step.answers, **values}
    step.changed()
    if step.chart.has_computed:
        step.answers = computed(step.definition, step.answers, step.scope(user=step.actor))
        step.changed()


def _titles(step: Step) -> dict[str, Text]:
    titles = {key: role.title for key, role in step.definition.roles.items()}
    titles.update({key: field.title for key, field in step.definition.fields.items()})
    return titles


def _assigns(step: Step, sent: Sent) -> tuple[str, ...]:
    work = None if sent.state is None or not sent.is_on_task else step.chart.work(sent.state)
    return work.assigns if isinstance(work, Task) else ()


def assign_people(
    step: Step, assignable: tuple[str, ...] | None, chosen: Mapping[str, tuple[PersonId, ...]]
) -> Refusal | None:  # fmt: skip
    """Fills case roles; refused when the task does not fill that role, when too many or people from elsewhere were
    chosen, or a separation of duties keeps one away. ``assignable`` None allows every case role (opening a case)."""
    faults: list[FieldFault] = []
    roles = dict(step.case_roles)
    for key, people in chosen.items():
        role = step.definition.roles.get(key)
        if role is None or role.resolve != "case_role" or (assignable is not None and key not in assignable):
            message = Text("Peran ini tidak diisi di langkah ini.", "This role is not filled in this step.")
            faults.append(FieldFault(key, message, "not_editable"))
        elif role.options.get("cardinality") == "one" and len(people) > 1:
            faults.append(FieldFault(key, Text("Pilih satu orang.", "Choose one person."), "too_many"))
        elif not all(_is_from_group(step, role, person) for person in people):
            message = Text("Orang ini bukan dari kelompoknya.", "This person is not of that group.")
            faults.append(FieldFault(key, message))
        else:
            roles[key] = tuple(dict.fromkeys(people))
    if faults:
        return missing_fields(tuple(faults), _titles(step))
    step.case_roles = roles
    step.changed()
    for key, people in chosen.items():
        if any(is_conflicted(step, key, person) for person in people):
            return _conflicted(step.definition.roles[key])
    return None


def _conflicted(role: Role) -> Refusal:
    """The refusal of a person chosen, not of the one who chooses."""
    message = Text("Orang ini memiliki benturan kepentingan.", "This person has a conflict of interest.")
    refusal = refuse("separation_of_duties", faults=(FieldFault(role.key, message),), role=role.title)
    sentence = Text(
        f"Orang yang dipilih sebagai {role.title.id} memiliki benturan kepentingan pada kasus ini.",
        f"The person chosen as {role.title.en} has a conflict of interest in this case.",
    )
    return replace(refusal, sentence=sentence, next_step=None)


def _is_from_group(step: Step, role: Role, person: PersonId) -> bool:
    group = role.options.get("group")
    if group is None:
        return True
    asked = Role(role.key, role.title, "group", {"group": group}, role.is_external)
    members = step.directory.audiences(asked, step.facts_now())
    seats = [seat for each in members for seat in step.directory.seats(each, step.now)]
    if not members or (seats and all(seat.kind is not None for seat in seats)):
        return True  # the organisation does not know the group, on paper above all: nothing to hold against it
    return any(seat.person == person for seat in seats)


_UNKEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # what no database, mail or page can hold


def legible(command: Command) -> Command:
    """The command with a comment that can be kept: without control signs and halves of characters."""
    if not _UNKEPT.search(command.comment):
        return command
    return replace(command, comment=_UNKEPT.sub("", command.comment))
