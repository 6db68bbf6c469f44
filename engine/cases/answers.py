"""Answers sent with a command: what of them can be taken, and what is still missing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from engine.cases.answer_store import from_store, to_store
from engine.cases.calculated import computed, defaults, proposed
from engine.changes import FieldFault
from engine.definitions.expression_tree import calls
from engine.definitions.expression_words import value_in_words
from engine.definitions.expressions import Expression
from engine.definitions.model import Definition, Field, Form, FormCheck, Placement, Section, Text
from engine.definitions.problems import closest
from engine.definitions.scope import ExpressionFault, Scope
from engine.field_types import kind_of
from engine.field_types.question import Context, Unfit, is_blank, printable, without_limits
from engine.field_types.sources import row_faults

__all__ = [
    "clean_answers",
    "completeness",
    "computed",
    "defaults",
    "from_store",
    "given_answers",
    "proposed",
    "required",
    "shown",
    "to_store",
    "visible",
]

MOST_FIELDS = 1000
NOT_EDITABLE = Text("Isian ini tidak dapat diubah di langkah ini.", "This field cannot be changed in this step.")
REQUIRED = Text("Wajib diisi.", "This must be filled in.")
_STATE_FUNCTIONS = frozenset({"in_state", "was_in_state"})


def clean_answers(
    definition: Definition, form_key: str | None, raw: Any, editable: Collection[str], scope: Scope
) -> tuple[dict[str, Any], tuple[FieldFault, ...]]:
    """What ``raw`` (answers by field key, typed or as typed in) changes, and what of it cannot be taken.

    ``editable`` are the fields the task lets its performer edit; ``scope`` is the case with the answers it has. The
    values are typed, None where an answer was emptied. An answer to a field that is hidden is not taken; one that
    becomes hidden by another answer is emptied. Nothing raises, whatever ``raw`` is.
    """
    form = definition.forms.get(form_key) if form_key is not None else None
    values: dict[str, Any] = {}
    faults: list[FieldFault] = []
    for field, given in _known(definition, raw, editable, faults):
        context = Context(form or _form_of(definition, field.key), scope, {**scope.answers, **values})
        try:
            values[field.key] = kind_of(field.type).clean(given, field, context)
        except Unfit as unfit:
            faults += unfit.at(field.key)
    if form is not None:
        _drop_hidden(definition, form, values, faults, editable, scope)
    return values, tuple(faults)


def given_answers(definition: Definition, raw: Any, scope: Scope) -> tuple[dict[str, Any], tuple[FieldFault, ...]]:
    """``raw`` as the answers a case already has (a scenario's ``data``, an import): every field may be given, nothing
    is hidden; limits hold no more than the kinds of the values."""
    values: dict[str, Any] = {}
    faults: list[FieldFault] = []
    everything = {key for key, field in definition.fields.items() if field.computed is None}
    for field, given in _known(definition, raw, everything, faults):
        context = Context(_form_of(definition, field.key), scope, values)
        try:
            values[field.key] = kind_of(field.type).clean(given, without_limits(field), context)
        except Unfit as unfit:
            faults += unfit.at(field.key)
    return {key: value for key, value in values.items() if value is not None}, tuple(faults)


def completeness(
    definition: Definition,
    form: Form | str | None,
    answers: Mapping[str, Any],
    editable: Collection[str],
    scope: Scope,
) -> tuple[FieldFault, ...]:
    """What an act on a task with these ``editable`` fields still lacks, for the ``answers`` as they would be.

    Asked are required fields that are visible, limits of what is filled, and the form's checks that read one of the
    fields (reference §8.13). Not to be asked for internal acts, claim, release and ``answers: incomplete``.
    """
    if not editable:
        return ()
    form = definition.forms.get(form) if isinstance(form, str) else form
    scope = scope if scope.answers is answers else replace(scope, answers=answers)
    asked = _asked(definition, form, frozenset(editable))
    faults: list[FieldFault] = []
    for field, section, placement in asked.fields:
        if section is None or placement is None or _is_visible(section, placement, scope):
            faults += _missing(field, placement, scope)
    for check, path in asked.checks:
        if _holds(check.when, scope) and not _holds(check.that, scope):
            faults.append(FieldFault(path, _with_value(check, scope), "check"))
    return tuple(faults)


def visible(
    definition: Definition, form: Form | str | None, answers: Mapping[str, Any], scope: Scope
) -> frozenset[str]:
    """The fields of ``form`` that are shown for these answers; a field in no section is shown nowhere."""
    form = definition.forms.get(form) if isinstance(form, str) else form
    scope = replace(scope, answers=answers)
    return frozenset(
        placement.field for section, placement in _placements(form) if _is_visible(section, placement, scope)
    )


def required(definition: Definition, form: Form | str | None, answers: Mapping[str, Any], scope: Scope) -> set[str]:
    """The fields of ``form`` that must be answered for these answers."""
    form = definition.forms.get(form) if isinstance(form, str) else form
    scope = replace(scope, answers=answers)
    return {
        placement.field
        for section, placement in _placements(form)
        if _is_visible(section, placement, scope)
        and _is_required(definition.fields.get(placement.field), placement, scope)
    }


def shown(definition: Definition, key: str, value: Any, language: str, beside: Mapping[str, Any] | None = None) -> str:
    """An answer as people read it.

    ``key`` may name a column (``goals.indicators.target``); then ``beside`` is its row.
    """
    first, *columns = key.split(".")
    field = definition.fields.get(first)
    for column in columns:
        field = field.columns.get(column) if field is not None else None
    if field is None:
        return "" if value is None else value_in_words(value).into(language)
    context = Context(_form_of(definition, first), None, beside or {})
    return kind_of(field.type).show(value, field, language, context)


# -- reading what was sent ------------------------------------------------------------------------------------------


def _known(
    definition: Definition, raw: Any, editable: Collection[str], faults: list[FieldFault]
) -> Iterator[tuple[Field, Any]]:
    """The fields that were sent and may be; those read by what stands beside them (measures, then rows) last."""
    if raw is None:
        return
    if not isinstance(raw, Mapping) or len(raw) > MOST_FIELDS:
        faults.append(FieldFault("", Text("Jawaban tidak dapat dibaca.", "The answers cannot be read."), "unreadable"))
        return
    found = []
    for key, given in raw.items():
        field = definition.fields.get(key) if isinstance(key, str) else None
        if field is None:
            faults.append(_unknown(key, definition))
        elif key not in editable or field.computed is not None or not kind_of(field.type).is_asked:
            faults.append(FieldFault(key, NOT_EDITABLE, "not_editable"))
        else:
            found.append((field, given))
    yield from sorted(found, key=lambda each: ("rows_from" in each[0].options, each[0].type == "measure"))


def _unknown(key: Any, definition: Definition) -> FieldFault:
    name = printable(key)
    near = closest(name, definition.fields)
    hint = (f" Maksudnya {near!r}?", f" Did you mean {near!r}?") if near else ("", "")
    text = Text(f"Isian {name!r} tidak dikenal.{hint[0]}", f"There is no field {name!r}.{hint[1]}")
    return FieldFault(name, text, "unknown")


def _form_of(definition: Definition, key: str) -> Form | None:
    return next((form for form in definition.forms.values() if key in form.fields), None)


def _drop_hidden(
    definition: Definition,
    form: Form,
    values: dict[str, Any],
    faults: list[FieldFault],
    editable: Collection[str],
    scope: Scope,
) -> None:
    """Takes back what was sent for hidden fields, and empties what the sent answers hide.

    A section hidden by the state the case is in keeps its answers: they are shown again in another state.
    """
    after = computed(definition, {**scope.answers, **values}, scope)
    now = replace(scope, answers=after)
    shown_keys = {p.field for s, p in _placements(form) if _is_visible(s, p, now)}
    for section, placement in _placements(form):
        key = placement.field
        if key in shown_keys:
            continue
        conditions = [each for each in (section.visible_when, placement.visible_when) if each is not None]
        is_by_answers = not any(calls(each.tree) & _STATE_FUNCTIONS for each in conditions)
        values.pop(key, None)
        faults[:] = [each for each in faults if each.path != key and not each.path.startswith(f"{key}.")]
        reads_a_change = any(not each.names.isdisjoint(values) for each in conditions)
        if is_by_answers and (reads_a_change or key in editable) and not is_blank(scope.answers.get(key)):
            values[key] = None


# -- what is still missing ------------------------------------------------------------------------------------------


def _placements(form: Form | None) -> Iterator[tuple[Section, Placement]]:
    if form is not None:
        for section in form.sections:
            for placement in section.placements:
                yield section, placement


def _is_visible(section: Section, placement: Placement, scope: Scope) -> bool:
    return _holds(section.visible_when, scope) and _holds(placement.visible_when, scope)


def _holds(condition: Expression | None, scope: Scope, *, otherwise: bool = True) -> bool:
    if condition is None:
        return otherwise
    try:
        return bool(condition.evaluate(scope))
    except ExpressionFault:
        return False


def _is_required(field: Field | None, placement: Placement | None, scope: Scope) -> bool:
    if field is None:
        return False
    return field.is_required or (placement is not None and _holds(placement.required_when, scope, otherwise=False))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an act on a task with certain editable fields has to have: fields where they stand, checks with the path
    their fault is told at."""

    fields: tuple[tuple[Field, Section | None, Placement | None], ...]
    checks: tuple[tuple[FormCheck, str], ...]


@lru_cache(maxsize=4096)
def _asked(definition: Definition, form: Form | None, editable: frozenset[str]) -> _Asked:
    places: dict[str, tuple[Section | None, Placement | None]] = {}
    for section, placement in _placements(form):
        if placement.field in editable:
            places.setdefault(placement.field, (section, placement))
    for key in definition.fields:
        if key in editable:
            places.setdefault(key, (None, None))
    found = [(definition.fields[key], *place) for key, place in places.items() if key in definition.fields]
    return _Asked(
        tuple(each for each in found if kind_of(each[0].type).is_asked and each[0].computed is None),
        () if form is None else tuple(_checks(form, editable)),
    )


def _checks(form: Form, editable: Collection[str]) -> Iterator[tuple[FormCheck, str]]:
    """The checks that read one of the editable fields, and where their fault is told."""
    for check in form.checks:
        asked = [key for key in form.fields if key in check.that.names and key in editable]
        if asked or _reads_computed(form, check, editable):
            yield check, asked[0] if asked else next(iter(sorted(check.that.names)), check.key)


def _missing(field: Field, placement: Placement | None, scope: Scope) -> Iterator[FieldFault]:
    key, kind, value = field.key, kind_of(field.type), scope.answers.get(field.key)
    if not is_blank(value):
        yield from (FieldFault(f"{key}.{path}", REQUIRED, "required") for path in kind.missing(value, field))
        for fault in kind.outside(value, field):
            yield replace(fault, path=f"{key}.{fault.path}".rstrip("."))
    elif _is_required(field, placement, scope):
        yield FieldFault(key, (placement and placement.message) or REQUIRED, "required")
        return
    if "rows_from" in field.options:  # also of no rows: the source may miss some
        for fault in row_faults(field, Context(None, scope, scope.answers), value or (), is_final=True):
            yield replace(fault, path=f"{key}.{fault.path}".rstrip("."))


def _reads_computed(form: Form, check: FormCheck, editable: Collection[str]) -> bool:
    """Whether the check reads a computed field that reads an editable one."""
    fields = [form.fields[key] for key in check.that.names if key in form.fields]
    return any(each.computed is not None and any(key in editable for key in each.computed.names) for each in fields)


def _with_value(check: FormCheck, scope: Scope) -> Text:
    value: Any = None
    if check.value is not None:
        try:
            value = check.value.evaluate(scope)
        except ExpressionFault:
            value = None
    words = value_in_words(value)
    return Text(check.message.id.replace("{value}", words.id), check.message.en.replace("{value}", words.en))
