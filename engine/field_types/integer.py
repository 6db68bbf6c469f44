"""A whole number.

period: {type: integer, title: {id: Tahun, en: Year}, minimum: 2020, required: true}
"""

from __future__ import annotations

from typing import Any

from engine.definitions.expression_types import INTEGER
from engine.definitions.model import Field
from engine.field_types import field_type
from engine.field_types.question import Context
from engine.field_types.reading.amounts import AmountType, shown


@field_type("integer")
class IntegerType(AmountType):
    kind = INTEGER

    def places(self, field: Field) -> int:
        return 0

    def read(self, raw: Any, field: Field, context: Context) -> int:
        return int(super().read(raw, field, context))

    def to_store(self, value: Any, field: Field) -> Any:
        return value

    def from_store(self, plain: Any, field: Field) -> Any:
        return plain

    def show(self, value: Any, field: Field, language: str, context: Any = None) -> str:
        # Four digits are mostly a year or a number, which people do not group.
        return "" if value is None else (str(value) if abs(value) < 10_000 else shown(value, language))

    def to_input(self, value: Any, field: Field, context: Any = None) -> str:
        return self.show(value, field, "id")
