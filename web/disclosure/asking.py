"""A question's fields as a page shows them, and what was posted of them; what it means the engine says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from engine.definitions.model import Field, Text
from engine.field_types import kind_of
from engine.field_types.question import is_blank
from web.disclosure.language import language, words

Choices = Mapping[str, Sequence[tuple[str, Text]]]

ADD = "add:"  # a button that asks for one more row
MOST_ROWS = 30
LONGEST_STORY = 20_000
_MOST_RADIOS = 14
_FILES = frozenset({"file", "files", "signature"})
_PICKED = frozenset({"unit", "position", "reference"})
_NUMBERS = {"integer": "numeric", "year": "numeric", "decimal": "decimal", "percent": "decimal", "money": "decimal"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One field: ``shape`` is line, text, one, list, some, rows or date; ``value`` a text, or texts for some and rows;
    ``choices`` are (value, title); ``longest`` is in characters; ``mode`` the keyboard of a telephone; ``place`` the
    field's id on the page."""

    key: str
    shape: str
    title: str
    help: str
    is_required: bool
    value: Any
    choices: tuple[tuple[str, str], ...] = ()
    fault: str = ""
    longest: int | None = None
    mode: str = "text"
    before: str = ""
    place: str = ""


def asked(
    fields: Iterable[Field],
    values: Mapping[str, Any],
    *,
    faults: Mapping[str, Text] | None = None,
    choices: Choices | None = None,
    more: str = "",
    within: str = "",
) -> tuple[Asked, ...]:
    """The fields with ``values`` as typed; ``more`` is the field that gets an empty row; ``within`` begins the ids of
    a form among several."""
    return tuple(
        replace(
            _asked(field, values.get(field.key), faults or {}, choices or {}, more == field.key),
            place=within + field.key,
        )
        for field in fields
        if kind_of(field.type).is_asked and field.type not in _FILES and field.computed is None
    )


def _asked(field: Field, value: Any, faults: Mapping[str, Text], choices: Choices, has_more: bool) -> Asked:
    told = next((text for path, text in faults.items() if path.split(".")[0] == field.key), None)
    offered = _choices(field, choices)
    shape = _shape(field, offered)
    if shape == "one" and not field.is_required:
        offered = (*offered, ("", _("I do not know")))
    if shape == "rows":
        value = _rows(value, has_more)
    elif shape == "some":
        value = [value] if isinstance(value, str) else list(value or ())
    return Asked(
        key=field.key,
        shape=shape,
        title=words(field.title),
        help=words(field.help) if field.help else "",
        is_required=field.is_required,
        value="" if value is None else value,
        choices=offered,
        fault=words(told),
        longest=field.options.get("max_length") or (LONGEST_STORY if shape == "text" else None),
        mode=_NUMBERS.get(field.type, "text"),
        before="Rp" if field.type == "money" else "",
    )


def _choices(field: Field, choices: Choices) -> tuple[tuple[str, str], ...]:
    if field.key in choices:
        return tuple((value, words(title)) for value, title in choices[field.key])
    if field.type in _PICKED:
        return ()
    return tuple(kind_of(field.type).choices(field, language()))


def _shape(field: Field, offered: Sequence[tuple[str, str]]) -> str:
    if field.type == "choices":
        return "some"
    if offered:
        return "one" if len(offered) <= _MOST_RADIOS else "list"
    return {"paragraph": "text", "list": "rows", "date": "date"}.get(field.type, "line")


def _rows(value: Any, has_more: bool) -> list[str]:
    rows = value.splitlines() if isinstance(value, str) else [str(one) for one in value or ()]
    filled = [row for row in rows if not is_blank(row)]
    return [*filled, ""][:MOST_ROWS] if has_more or not filled else filled


def as_typed(fields: Iterable[Field], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Stored answers as a form shows them for editing."""
    typed: dict[str, Any] = {}
    for field in fields:
        stored, kind = answers.get(field.key), kind_of(field.type)
        if is_blank(stored):
            continue
        if field.type in ("list", "choices") or field.type in _PICKED or field.type == "person":
            typed[field.key] = [str(one) for one in stored] if isinstance(stored, list | tuple) else str(stored)
        else:
            typed[field.key] = kind.to_input(kind.from_store(stored, field), field)
    return typed


def posted(fields: Iterable[Field], form: MultiDict[str, str]) -> dict[str, Any]:
    """What the page sent of ``fields``, as typed; what was not on the page is not there."""
    sent: dict[str, Any] = {}
    for field in fields:
        if field.type in ("list", "choices"):
            if field.key in form or f"{field.key}#" in form:
                sent[field.key] = [one for one in form.getlist(field.key) if one.strip()][:MOST_ROWS]
        elif field.key in form:
            sent[field.key] = form.get(field.key, "").replace("\r\n", "\n")
    return sent
