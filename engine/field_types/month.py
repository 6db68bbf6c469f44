"""A month of a year, stored as 2026-05.

realised_in: {type: month, title: {id: Bulan, en: Month}, earliest: 2026-01}
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from wtforms.widgets import MonthInput

from engine.definitions.expression_types import TEXT
from engine.definitions.model import Field
from engine.definitions.vocabulary_protocol import Option
from engine.field_types import field_type
from engine.field_types.question import Context, FieldType, string_field
from engine.field_types.reading.days import month
from engine.field_types.reading.periods import not_outside


@field_type("month")
class MonthType(FieldType):
    options: Mapping[str, Option] = {"earliest": Option("month"), "latest": Option("month")}
    kind = TEXT

    def read(self, raw: Any, field: Field, context: Context) -> str:
        value = month(raw)
        not_outside(
            value, field, context, month, lambda day: f"{day:%Y-%m}", lambda limit, to: self.show(limit, field, to)
        )
        return value

    def show(self, value: Any, field: Field, language: str, context: Any = None) -> str:
        if value is None:
            return ""
        first = date.fromisoformat(f"{value}-01")
        return str(format_date(first, "MMMM y", locale="en" if language == "en" else "id"))

    def form_field(self, field: Field, language: str, context: Any = None, choices: Any = None) -> Any:
        return string_field(field, language, self.name, MonthInput(), placeholder="2026-05")
