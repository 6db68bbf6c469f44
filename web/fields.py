"""How one question stands on a page: which box, which choices, and its answer as text that can be typed again.

The field types on the shelf say what they are asked with (a WTForms field); this turns it into what our macros draw.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from wtforms import RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.meta import DefaultMeta
from wtforms.widgets import DateInput, MonthInput

from engine.definitions.model import Field, Form
from engine.definitions.scope import Scope
from engine.field_types.question import Context, FieldType, Unfit
from engine.field_types.table import ROW_KEY
from engine.vocabulary import load

NO_BOX = frozenset(
    ("signature", "table")
)  # a table that is filled in is drawn by its rows, one that is read by its count
FEW = 6  # required choices up to this many stand as radio buttons
KNOWN_BY_THE_REGION = frozenset({"person", "unit", "position"})
NUMERIC = frozenset({"integer", "decimal", "percent", "money", "measure"})
FILES = frozenset({"file", "files"})
NOT_TYPED = FILES | {"signature"}
Choices = tuple[tuple[str, str], ...]
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_MONTH = re.compile(r"\d{4}-\d{2}\Z")


def is_list_of_known(field: Field) -> bool:
    """Whether several people, units or positions are chosen from a list."""
    return field.type == "list" and field.options.get("of") in KNOWN_BY_THE_REGION


class RegionLists(Protocol):
    """People, units and positions a question may be answered with."""

    def of(self, kind: str, within: Any) -> Choices:
        """(id as text, words) of a person, unit or position field."""
        ...

    def rows(self, to: str, of: str) -> Choices:
        """(value as text, words) of a reference field."""
        ...


@dataclass(frozen=True, slots=True)
class Box:
    """``widget`` is select, many, radios, checks, area, date, month, text, file, shown or heading."""

    widget: str
    choices: Choices = ()
    input_mode: str = ""
    longest: int | None = None
    accept: str = ""  # of a file


class Boxes:
    """Boxes for the questions of one form in one language."""

    def __init__(
        self, form: Form, scope: Scope | None, language: str, lists: RegionLists, takes_files: bool = True
    ) -> None:
        self._form = form
        self._scope = scope
        self._language = language
        self._lists = lists
        self._takes_files = takes_files

    @cached_property
    def _types(self) -> Mapping[str, FieldType]:
        return load().field_types  # type: ignore[return-value]

    def box(self, field: Field, row: Mapping[str, Any] | None = None, text: Any = "") -> Box:
        """What a field is asked with. ``row`` holds the raw texts beside it in a table; ``text`` what it holds."""
        kind = self._types[field.type]
        if not kind.is_asked:
            return Box("heading")
        if field.computed is not None or field.type in NO_BOX or (field.type in FILES and not self._takes_files):
            return Box("shown")
        if is_list_of_known(field):
            return Box("many", self._lists.of(str(field.options["of"]), None))
        context = self._context(row)
        listed = self._listed(field, text)
        unbound = kind.form_field(field, self._language, context, listed)
        bound = unbound.bind(form=None, name=field.key, _meta=DefaultMeta())
        attributes = bound.render_kw or {}
        choices = tuple(
            (str(key), str(words)) for key, words, *_ in getattr(bound, "choices", None) or () if str(key) != ""
        )
        return Box(
            self._widget(field, bound, choices, row is not None, text),
            choices,
            str(attributes.get("inputmode") or ""),
            attributes.get("maxlength"),
            str(attributes.get("accept") or ""),
        )

    def _listed(self, field: Field, text: Any) -> Choices | None:
        if field.type in KNOWN_BY_THE_REGION:
            return self._lists.of(field.type, field.options.get("within"))
        if field.type != "reference":
            return None
        rows = self._lists.rows(str(field.options.get("to")), str(field.options.get("of") or "any"))
        # What it points at stays to be seen when it is not (or no longer) among what can be chosen.
        if text and "|" in str(text) and text not in {key for key, _words in rows}:
            rows = (*rows, (str(text), str(text).rpartition("|")[2]))
        return rows or None

    def _widget(self, field: Field, bound: Any, choices: Choices, in_row: bool, text: Any) -> str:
        if field.type in FILES:
            return "file"
        if isinstance(bound, SelectMultipleField):
            return "checks"
        if isinstance(bound, SelectField | RadioField):
            is_settled = field.is_required or field.default is not None or isinstance(bound, RadioField)
            return "radios" if not in_row and is_settled and len(choices) <= FEW else "select"
        if isinstance(bound, TextAreaField):
            return "area"
        # A browser shows nothing of a text that is no day: such a text stays in a plain box.
        if isinstance(bound.widget, DateInput) and (not text or _DAY.match(str(text))):
            return "date"
        if isinstance(bound.widget, MonthInput) and (not text or _MONTH.match(str(text))):
            return "month"
        return "text"

    def typed(self, field: Field, value: Any, row: Mapping[str, Any] | None = None) -> Any:
        """A stored answer as it would be typed: text, or texts where several are chosen; of a table rows of them."""
        if field.type == "table":
            return [
                {key: self.typed(column, one.get(key), one) for key, column in field.columns.items()}
                | ({ROW_KEY: one[ROW_KEY]} if ROW_KEY in one else {})
                for one in value or ()
            ]
        if field.type in NOT_TYPED:
            return value
        if is_list_of_known(field):
            return [str(one) for one in value or ()]
        text = self._types[field.type].to_input(value, field, self._context(row))
        return [str(one) for one in text] if isinstance(text, list | tuple) else str(text)

    def settled(self, field: Field, text: Any, row: Mapping[str, Any]) -> Any:
        """A pasted cell as its box wants it: the key of a chosen word, a day as a date box holds it."""
        kind = self._types[field.type]
        try:
            value = kind.clean(text, field, self._context(row))
        except Unfit:
            return text
        return text if value is None else self.typed(field, value, row)

    def said(self, field: Field, value: Any, row: Mapping[str, Any] | None = None) -> str:
        """A typed answer as people read it."""
        return self._types[field.type].show(value, field, self._language, self._context(row))

    def _context(self, row: Mapping[str, Any] | None) -> Context:
        return Context(self._form, self._scope, row or {})
