"""A percentage as people say it: 66,40 means 66,40 %.

weight: {type: percent, title: {id: Bobot, en: Weight}, minimum: 0, maximum: 100}
"""

from __future__ import annotations

from typing import Any

from engine.definitions.model import Field
from engine.field_types import field_type
from engine.field_types.question import Context
from engine.field_types.reading.amounts import PERCENT, AmountType


@field_type("percent")
class PercentType(AmountType):
    def read(self, raw: Any, field: Field, context: Context) -> Any:
        if isinstance(raw, str):
            raw = raw.strip().removesuffix("%").rstrip()
        return super().read(raw, field, context)

    def show(self, value: Any, field: Field, language: str, context: Any = None) -> str:
        shown = super().show(value, field, language, context)
        return f"{shown}{PERCENT}" if shown else ""
