"""One of a list; the key is stored, the title is shown.

source: {type: choice, title: {id: Sumber, en: Source}, options: {apbd: {title: APBD}, dak: {title: DAK}}}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.environment import Environment
from engine.definitions.expression_types import Type
from engine.definitions.model import Field
from engine.definitions.vocabulary_protocol import Option
from engine.field_types import field_type
from engine.field_types.question import Context, FieldType, select
from engine.field_types.reading.chosen import choice_type, chosen, known_of, listed_in, options_of, title


@field_type("choice")
class ChoiceType(FieldType):
    options: Mapping[str, Option] = {"options": Option("choices"), "options_from": Option("source")}

    def type_of(self, field: Field, environment: Environment) -> Type:
        return choice_type(listed_in(field, environment))

    def read(self, raw: Any, field: Field, context: Context) -> str:
        return chosen(raw, options_of(field, context))

    def show(self, value: Any, field: Field, language: str, context: Context | None = None) -> str:
        return "" if value is None else title(known_of(field, context or Context()), value, language)

    def choices(self, field: Field, language: str, context: Context | None = None) -> list[tuple[str, str]]:
        options = options_of(field, context or Context())
        return [(key, title(options, key, language)) for key in options]

    def form_field(self, field: Field, language: str, context: Any = None, choices: Any = None) -> Any:
        return select(field, language, self.choices(field, language, context) if choices is None else choices)
