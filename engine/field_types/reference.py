"""A pointer into another case of a type: ``to`` says which type and place, ``of`` whose.

parent_indicator:
  type: reference
  title: {id: Indikator atasan, en: Indicator of the superior}
  to: performance_agreement.goals.indicators
  of: superior
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.expression_types import REFERENCE
from engine.definitions.model import Field, Text
from engine.definitions.vocabulary_protocol import Option
from engine.field_types import field_type
from engine.field_types.question import Context, FieldType, Unfit
from engine.field_types.reading.words import line

NOT_A_REFERENCE = Text("Pilih dari daftar.", "Choose from the list.")
_PARTS = frozenset({"case", "item", "title"})


@field_type("reference")
class ReferenceType(FieldType):
    """The value is ``{case, item, title}``: the case's id or number, the row's key there, what people read.

    In a form it is the text ``case|item|title``. Whether the case exists and may be pointed at is the store's to say.
    """

    options: Mapping[str, Option] = {
        "to": Option("source", is_required=True),
        "of": Option("one_of", choices=("superior", "unit", "any")),
    }
    kind = REFERENCE

    def read(self, raw: Any, field: Field, context: Context) -> dict[str, Any]:
        if isinstance(raw, str):
            raw = dict(zip(("case", "item", "title"), raw.split("|", 2), strict=False))
        if not isinstance(raw, Mapping) or not set(raw) <= _PARTS:
            raise Unfit(NOT_A_REFERENCE)
        case = raw.get("case")
        if isinstance(case, int) and not isinstance(case, bool) and 0 < case < 10**18:
            value: dict[str, Any] = {"case": case}
        elif isinstance(case, str) and case.strip():
            text = line(case, {"max_length": 200})
            value = {"case": int(text) if text.isascii() and text.isdigit() and len(text) < 18 else text}
        else:
            raise Unfit(NOT_A_REFERENCE)
        for part in ("item", "title"):
            if raw.get(part) not in (None, ""):
                value[part] = line(raw[part], {"max_length": 500}).replace("|", "/")
        return value

    def show(self, value: Any, field: Field, language: str, context: Any = None) -> str:
        return str(value.get("title") or value.get("case") or "") if isinstance(value, Mapping) else ""

    def to_input(self, value: Any, field: Field, context: Any = None) -> str:
        if not isinstance(value, Mapping):
            return ""
        return "|".join(str(value.get(part, "")) for part in ("case", "item", "title")).rstrip("|")
