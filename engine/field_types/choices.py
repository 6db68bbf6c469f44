"""Several of a list, in the order of the list.

supports: {type: choices, title: {id: Mendukung, en: Supports}, options: {health: {}, roads: {}, schools: {}}}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from engine.definitions.environment import Environment
from engine.definitions.expression_types import Type, list_of
from engine.definitions.model import Field
from engine.definitions.vocabulary_protocol import Option
from engine.field_types import field_type
from engine.field_types.question import Context, FieldType, Unfit, listed
from engine.field_types.reading.chosen import NOT_LISTED, choice_type, chosen, known_of, listed_in, options_of, title


@field_type("choices")
class ChoicesType(FieldType):
    options: Mapping[str, Option] = {"options": Option("choices"), "options_from": Option("source")}

    def type_of(self, field: Field, environment: Environment) -> Type:
        listed = listed_in(field, environment)
        return list_of(choice_type(listed))

    def read(self, raw: Any, field: Field, context: Context) -> list[str] | None:
        options = options_of(field, context)
        given = [raw] if isinstance(raw, str) else raw
        if not isinstance(given, list | tuple) or len(given) > 2 * len(options) + 10:
            raise Unfit(NOT_LISTED)
        wanted = {chosen(each, options) for each in given if not (isinstance(each, str) and not each.strip())}
        return [key for key in options if key in wanted] or None

    def show(self, value: Any, field: Field, language: str, context: Context | None = None) -> str:
        options = known_of(field, context or Context())
        return ", ".join(title(options, key, language) for key in value or ())

    def to_input(self, value: Any, field: Field, context: Any = None) -> list[str]:
        return list(value or ())

    def choices(self, field: Field, language: str, context: Context | None = None) -> list[tuple[str, str]]:
        options = options_of(field, context or Context())
        return [(key, title(options, key, language)) for key in options]

    def form_field(self, field: Field, language: str, context: Any = None, choices: Any = None) -> Any:
        return SelectMultipleField(
            field.title.into(language),
            description=field.help.into(language) if field.help else "",
            choices=listed(self.choices(field, language, context) if choices is None else choices),
            validate_choice=False,
            widget=ListWidget(prefix_label=False),
            option_widget=CheckboxInput(),
            render_kw={"data-kind": self.name},
        )
