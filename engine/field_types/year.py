"""A year, with four digits.

period: {type: year, title: {id: Tahun, en: Year}, earliest: 2020, required: true}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.expression_types import INTEGER
from engine.definitions.model import Field
from engine.definitions.vocabulary_protocol import Option
from engine.field_types import field_type
from engine.field_types.question import Context, FieldType, string_field
from engine.field_types.reading.days import year
from engine.field_types.reading.periods import not_outside


@field_type("year")
class YearType(FieldType):
    options: Mapping[str, Option] = {"earliest": Option("year"), "latest": Option("year")}
    kind = INTEGER

    def read(self, raw: Any, field: Field, context: Context) -> int:
        value = year(raw)
        not_outside(value, field, context, year, lambda day: day.year, lambda limit, _: str(limit))
        return value

    def form_field(self, field: Field, language: str, context: Any = None, choices: Any = None) -> Any:
        return string_field(field, language, self.name, inputmode="numeric", maxlength=4)
