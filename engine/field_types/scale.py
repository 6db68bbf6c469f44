"""A grade of a named scale of the form; grades can be compared (better than, at least).

predicate: {type: scale, title: {id: Predikat, en: Predicate}, scale: sakip_predicate}
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
from engine.field_types.reading.chosen import chosen
from engine.field_types.reading.units import scale_of


@field_type("scale")
class ScaleType(FieldType):
    options: Mapping[str, Option] = {"scale": Option("key", is_required=True)}

    def type_of(self, field: Field, environment: Environment) -> Type:
        grades = environment.scales.get(field.options.get("scale", ""))
        return Type("scale", choices=tuple(grades) if grades else None, ranks=grades)

    def read(self, raw: Any, field: Field, context: Context) -> str:
        return chosen(raw, {key: {} for key in scale_of(field.options.get("scale"), context)})

    def choices(self, field: Field, language: str, context: Context | None = None) -> list[tuple[str, str]]:
        return [(key, key) for key in scale_of(field.options.get("scale"), context or Context())]

    def form_field(self, field: Field, language: str, context: Any = None, choices: Any = None) -> Any:
        return select(field, language, self.choices(field, language, context) if choices is None else choices)
