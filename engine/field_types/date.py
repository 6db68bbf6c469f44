"""A day. Typed as 5 Mei 2026, 05/05/2026 (the day first) or 2026-05-05.

signed_on: {type: date, title: {id: Tanggal, en: Signed on}, earliest: 2026-01-01, latest: today}
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from babel.dates import format_date
from wtforms.widgets import DateInput

from engine.definitions.expression_types import DATE
from engine.definitions.model import Field
from engine.definitions.vocabulary_protocol import Option
from engine.field_types import field_type
from engine.field_types.question import Context, FieldType, string_field
from engine.field_types.reading.days import day
from engine.field_types.reading.periods import not_outside


@field_type("date")
class DateType(FieldType):
    options: Mapping[str, Option] = {"earliest": Option("day"), "latest": Option("day")}
    kind = DATE

    def read(self, raw: Any, field: Field, context: Context) -> datetime.date:
        value = day(raw)
        not_outside(value, field, context, day, lambda today: today, lambda limit, to: self.show(limit, field, to))
        return value

    def to_store(self, value: Any, field: Field) -> Any:
        return None if value is None else value.isoformat()

    def from_store(self, plain: Any, field: Field) -> Any:
        return None if plain is None else datetime.date.fromisoformat(plain)

    def show(self, value: Any, field: Field, language: str, context: Any = None) -> str:
        return "" if value is None else str(format_date(value, "d MMMM y", locale="en" if language == "en" else "id"))

    def to_input(self, value: Any, field: Field, context: Any = None) -> str:
        return self.to_store(value, field) or ""

    def form_field(self, field: Field, language: str, context: Any = None, choices: Any = None) -> Any:
        return string_field(field, language, self.name, DateInput())
