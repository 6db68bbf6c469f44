"""An amount in rupiah, with at most two decimals (sen).

unit_budget: {type: money, title: {id: Anggaran, en: Budget}, minimum: 0}
"""

from __future__ import annotations

import re
from typing import Any

from engine.definitions.model import Field
from engine.field_types import field_type
from engine.field_types.question import Context
from engine.field_types.reading.amounts import AmountType, shown

_SIGN = re.compile(r"(-?) ?(?:Rp\.?|IDR)\s*", re.IGNORECASE)


@field_type("money")
class MoneyType(AmountType):
    def places(self, field: Field) -> int:
        return 2

    def read(self, raw: Any, field: Field, context: Context) -> Any:
        if isinstance(raw, str) and len(raw) < 100:
            text = raw.strip()
            found = _SIGN.match(text)
            if found:
                text = found[1] + text[found.end() :]
            raw = text.removesuffix(",-").removesuffix(".-")
        return super().read(raw, field, context)

    def show(self, value: Any, field: Field, language: str, context: Any = None) -> str:
        if value is None:
            return ""
        return f"{'-' if value < 0 else ''}Rp{shown(abs(value), language)}"
