"""A target or result, whose kind follows from a unit: a number, a percentage or a predicate of a scale.

target: {type: measure, title: {id: Target, en: Target}, unit_from: unit, required: true}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.definitions.expression_types import DECIMAL
from engine.definitions.model import Field, Text
from engine.definitions.vocabulary_protocol import Option
from engine.field_types import field_type
from engine.field_types.question import Context, FieldType, Unfit, select, string_field
from engine.field_types.reading.amounts import PERCENT, amount, for_input, shown
from engine.field_types.reading.chosen import chosen
from engine.field_types.reading.units import is_graded, scale_of, unit_of

_STORED_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@field_type("measure")
class MeasureType(FieldType):
    options: Mapping[str, Option] = {"unit": Option("key"), "unit_from": Option("key")}
    kind = DECIMAL

    def faults(self, options: Mapping[str, Any]) -> list[tuple[str, Text]]:
        if "unit" in options and "unit_from" in options:
            return [("unit", Text("Pakai unit atau unit_from, bukan keduanya.", "Use unit or unit_from, not both."))]
        return []

    def read(self, raw: Any, field: Field, context: Context) -> Any:
        unit = unit_of(field, context)
        if unit is None:
            raise Unfit(Text("Pilih satuannya lebih dahulu.", "Choose the unit first."))
        if is_graded(unit):
            return chosen(raw, {key: {} for key in scale_of(unit.get("scale"), context)})
        if isinstance(raw, str) and unit.get("kind") == "percent":
            raw = raw.strip().removesuffix("%").rstrip()
        return amount(raw, unit, unit.get("places"))

    def to_store(self, value: Any, field: Field) -> Any:
        # A grade may look like a number ("1"), so it is marked.
        return str(value) if isinstance(value, Decimal | int) else {"grade": value} if value is not None else None

    def from_store(self, plain: Any, field: Field) -> Any:
        if isinstance(plain, Mapping):
            return plain.get("grade")
        return Decimal(plain) if plain is not None and _STORED_NUMBER.fullmatch(str(plain)) else plain

    def show(self, value: Any, field: Field, language: str, context: Context | None = None) -> str:
        if not isinstance(value, Decimal | int):
            return str(value or "")
        unit = unit_of(field, context or Context()) or {}
        text = shown(value, language, unit.get("places"))
        return f"{text}{PERCENT}" if unit.get("kind") == "percent" else text

    def to_input(self, value: Any, field: Field, context: Context | None = None) -> str:
        if not isinstance(value, Decimal | int):
            return str(value or "")
        unit = unit_of(field, context or Context()) or {}
        return for_input(value, unit.get("places"))

    def choices(self, field: Field, language: str, context: Context | None = None) -> list[tuple[str, str]]:
        """The grades, where the unit is known and has some."""
        context = context or Context()
        unit = unit_of(field, context) or {}
        return [(key, key) for key in scale_of(unit.get("scale"), context)] if is_graded(unit) else []

    def form_field(self, field: Field, language: str, context: Any = None, choices: Any = None) -> Any:
        grades = self.choices(field, language, context) if choices is None else choices
        return select(field, language, grades) if grades else string_field(field, language, self.name)
