"""Answers nobody gives: defaults, and what is computed from other answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from engine.definitions.arithmetic import rounded
from engine.definitions.model import Definition, Field, Form
from engine.definitions.needs import in_order_of_need
from engine.definitions.scope import ExpressionFault, Row, Scope
from engine.field_types import kind_of
from engine.field_types.question import Context, Unfit, is_blank
from engine.field_types.reading.amounts import AmountType
from engine.field_types.sources import proposed_rows


def defaults(definition: Definition) -> dict[str, Any]:
    """The typed defaults of all fields that have one."""
    found = {}
    for key, field in definition.fields.items():
        if field.default is not None:
            value = fitting(field.default, field, form_with(definition, key))
            if value is not None:
                found[key] = value
    return found


def form_with(definition: Definition, key: str) -> Form | None:
    """The form whose field this is: its named lists say what the field may hold."""
    return next((each for each in definition.forms.values() if key in each.fields), None)


def proposed(definition: Definition, answers: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """The rows that sources propose for tables without an answer (``rows_from``), asked once, when a case opens.

    A source that is not registered, or whose ``with`` cannot be calculated, proposes nothing; of the rows only what
    the table's columns take is kept.
    """
    found = {}
    for key, field in definition.fields.items():
        asked = field.options.get("rows_from")
        if asked is None or not is_blank(answers.get(key)):
            continue
        now = replace(scope, answers=answers)
        context = Context(form_with(definition, key), now)
        try:
            values = {name: each.evaluate(now) for name, each in asked["with"].items()}
            rows = kind_of(field.type).clean(proposed_rows(asked["source"], context, values), field, context)
        except (ExpressionFault, Unfit):
            continue
        if rows is not None:
            found[key] = rows
    return found


def computed(definition: Definition, answers: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """``answers`` with every computed field and column calculated anew.

    ``scope`` is the case; its own answers are not looked at. What cannot be calculated (an empty value, a division
    by zero) is empty.
    """
    found = dict(answers)
    wanted = _wanted(definition)
    if not wanted:
        return found
    scope = replace(scope, answers=found)
    for field in wanted:
        key = field.key
        if field.computed is None:
            if key in found:
                found[key] = _rows(found[key], field, scope)
        else:
            value = _value(field, scope, form_with(definition, key))
            if value is None:
                found.pop(key, None)
            else:
                found[key] = value
    return found


def _is_computed(field: Field) -> bool:
    return field.computed is not None or any(map(_is_computed, field.columns.values()))


def _reads(field: Field) -> Iterator[str]:
    if field.computed is not None:
        yield from field.computed.names
    for column in field.columns.values():
        yield from _reads(column)


@lru_cache(maxsize=256)
def _wanted(definition: Definition) -> tuple[Field, ...]:
    """The fields that are computed or hold computed columns, each after those it reads."""
    wanted = {key: field for key, field in definition.fields.items() if _is_computed(field)}
    order = in_order_of_need(wanted, lambda key: sorted(_reads(wanted[key])))
    return tuple(wanted[key] for key in order)


@lru_cache(maxsize=4096)
def _computed_columns(table: Field) -> tuple[Field, ...]:
    """The same for the columns of a table: nested rows first."""
    wanted = [column for column in table.columns.values() if _is_computed(column)]
    return tuple(sorted(wanted, key=lambda each: each.computed is not None))


def _rows(rows: Any, table: Field, scope: Scope) -> Any:
    if not isinstance(rows, list):
        return rows
    return [
        _row(Row(row, number), table, scope) if isinstance(row, Mapping) else row for number, row in enumerate(rows, 1)
    ]


def _row(found: Row, table: Field, scope: Scope) -> dict[str, Any]:
    inner = replace(scope, item=found)
    for column in _computed_columns(table):
        key = column.key
        value = _rows(found.get(key), column, inner) if column.computed is None else _value(column, inner)
        if value is None:
            found.pop(key, None)
        else:
            found[key] = value
    return dict(found)


def _value(field: Field, scope: Scope, form: Form | None = None) -> Any:
    if field.computed is None:
        return None
    try:
        value = field.computed.evaluate(scope)
    except ExpressionFault:
        return None
    return fitting(value, field, form)


def fitting(value: Any, field: Field, form: Form | None = None) -> Any:
    """The value as the field's type holds it: amounts rounded to its decimals, limits not asked; None if it cannot.

    Grades and choices of a named list are looked up in ``form``.
    """
    kind = kind_of(field.type)
    if isinstance(kind, AmountType) and isinstance(value, int | Decimal) and not isinstance(value, bool):
        places = kind.places(field)
        value = rounded(value, 12 if places is None else places)
    try:
        return kind.clean(value, _unlimited(field), Context(form))
    except Unfit:
        return None


@lru_cache(maxsize=4096)
def _unlimited(field: Field) -> Field:
    return replace(field, options={key: each for key, each in field.options.items() if key in _SHAPES})


_SHAPES = frozenset({"options", "options_from", "of", "places", "unit", "unit_from", "scale", "to"})
