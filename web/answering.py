"""What was typed, read: values, what is wrong with it, what is still missing, and what is asked at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from engine.cases.answers import clean_answers, completeness, computed, visible
from engine.cases.step import Step
from engine.changes import FieldFault
from engine.definitions.model import Definition, Field, Form
from engine.definitions.scope import Scope
from engine.facts import CaseFacts, PersonId


@dataclass(frozen=True, slots=True)
class Reading:
    """``values`` are typed answers with the computed ones; ``invalid`` cannot be taken, ``missing`` is required and not
    there; ``asked`` are the fields a visible section asks for as things stand."""

    values: Mapping[str, Any]
    invalid: tuple[FieldFault, ...]
    missing: tuple[FieldFault, ...]
    asked: frozenset[str]

    @property
    def faults(self) -> tuple[FieldFault, ...]:
        """Everything that stands in the way, once a place."""
        taken = {fault.path for fault in self.invalid}
        return (*self.invalid, *(fault for fault in self.missing if fault.path not in taken))


class Answering:
    """Reads the answers of one form for one person and case."""

    def __init__(
        self, definition: Definition, form: Form, facts: CaseFacts, actor: PersonId, editable: frozenset[str]
    ) -> None:
        self._definition = definition
        self._form = form
        self._facts = facts
        self._actor = actor
        self._editable = editable

    def scope(self, answers: Mapping[str, Any] | None = None) -> Scope:
        """What expressions see, with ``answers`` in place of the stored ones."""
        return Step(self._definition, self._facts, self._actor, answers=answers).scope()

    def _clean(self, typed: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[FieldFault, ...]]:
        return clean_answers(self._definition, self._form.key, typed, self._editable, self.scope())

    def read(self, raw: Mapping[str, Any]) -> Reading:
        """Read what was typed; nothing is stored."""
        typed = {key: value for key, value in raw.items() if key in self._editable}
        values, unread = self._clean(typed)
        invalid = _at_boxes(unread, self._form.fields)
        if invalid:
            # One cell that cannot be read must not hide what else is missing in its table.
            values, _rest = self._clean(_without(typed, [fault.path for fault in invalid]))
        together = computed(self._definition, {**self._facts.answers, **values}, self.scope())
        scope = self.scope(together)
        # Rows are proposed when a case opens, and held against their source then.
        held = scope if self._facts.revision else replace(scope, store=None)
        missing = completeness(self._definition, self._form, together, self._editable, held)
        asked = visible(self._definition, self._form, together, scope)
        return Reading(together, invalid, tuple(missing), frozenset(asked))


def box_of(path: str, fields: Mapping[str, Field]) -> str:
    """The path of what is typed into: a fault of one item stands at its whole list, which is one box."""
    parts = path.split(".")
    for place, part in enumerate(parts):
        if part.isdecimal():
            continue
        field = fields.get(part)
        if field is None or field.type != "table":
            return ".".join(parts[: place + 1]) if field is not None and field.type == "list" else path
        fields = field.columns
    return path


def _at_boxes(faults: Iterable[FieldFault], fields: Mapping[str, Field]) -> tuple[FieldFault, ...]:
    """The faults where people type, each sentence once a box."""
    found: dict[tuple[str, str], FieldFault] = {}
    for fault in faults:
        box = box_of(fault.path, fields)
        found.setdefault((box, fault.message.id), replace(fault, path=box))
    return tuple(found.values())


def _without(raw: Mapping[str, Any], paths: list[str]) -> dict[str, Any]:
    """``raw`` with the cells at ``paths`` empty."""
    copy: dict[str, Any] = deepcopy(dict(raw))
    for path in paths:
        *way, last = path.split(".")
        place: Any = copy
        for part in way:
            place = place[int(part)] if isinstance(place, list) else place.get(part)
        if isinstance(place, dict):
            place[last] = None
    return copy
