"""An exact number with decimals; ``places`` limits how many.

index: {type: decimal, title: {id: Indeks, en: Index}, places: 2, minimum: 0, maximum: 5}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.model import Field
from engine.definitions.vocabulary_protocol import Option
from engine.field_types import field_type
from engine.field_types.reading.amounts import AmountType, shown


@field_type("decimal")
class DecimalType(AmountType):
    options: Mapping[str, Option] = {
        **AmountType.options,
        "places": Option("integer", minimum=0, maximum=10),
    }

    def places(self, field: Field) -> int | None:
        places: int | None = field.options.get("places")
        return places

    def show(self, value: Any, field: Field, language: str, context: Any = None) -> str:
        return "" if value is None else shown(value, language, self.places(field))
