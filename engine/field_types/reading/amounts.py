"""What integer, decimal, percent, money and measure share: reading within limits, storing, showing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from engine.changes import FieldFault
from engine.definitions.expression_types import DECIMAL
from engine.definitions.model import Field, Text
from engine.definitions.vocabulary_protocol import Option
from engine.field_types.question import Context, FieldType, Unfit, string_field
from engine.field_types.reading.numbers import number

PERCENT = "\u00a0%"  # as all pages write it, never at the beginning of a line


class AmountType(FieldType):
    """A field type whose values are exact decimals."""

    options: Mapping[str, Option] = {"minimum": Option("number"), "maximum": Option("number")}
    kind = DECIMAL

    def places(self, field: Field) -> int | None:
        """How many decimals an answer may have; None for as many as are exact."""
        return None

    def read(self, raw: Any, field: Field, context: Context) -> Any:
        return amount(raw, field.options, self.places(field))

    def outside(self, value: Any, field: Field) -> Iterable[FieldFault]:
        wrong = _beyond(value, field.options)
        return () if wrong is None else (FieldFault("", wrong.message, wrong.code),)

    def to_store(self, value: Any, field: Field) -> Any:
        return None if value is None else str(value)

    def from_store(self, plain: Any, field: Field) -> Any:
        return None if plain is None else Decimal(plain)

    def show(self, value: Any, field: Field, language: str, context: Any = None) -> str:
        return "" if value is None else shown(value, language)

    def to_input(self, value: Any, field: Field, context: Any = None) -> str:
        return "" if value is None else for_input(value, self.places(field))

    def form_field(self, field: Field, language: str, context: Any = None, choices: Any = None) -> Any:
        mode = "numeric" if self.places(field) == 0 else "decimal"
        return string_field(field, language, self.name, inputmode=mode)


def amount(raw: Any, options: Mapping[str, Any], places: int | None) -> Decimal:
    """``raw`` as an exact decimal within minimum and maximum. Raises Unfit."""
    value = number(raw, places)
    wrong = _beyond(value, options)
    if wrong is not None:
        raise wrong
    return value


def _beyond(value: Any, options: Mapping[str, Any]) -> Unfit | None:
    least, most = options.get("minimum"), options.get("maximum")
    if least is not None and value < Decimal(least):
        return Unfit(Text(f"Paling sedikit {shown(least, 'id')}.", f"At least {shown(least, 'en')}."), "too_small")
    if most is not None and value > Decimal(most):
        return Unfit(Text(f"Paling banyak {shown(most, 'id')}.", f"At most {shown(most, 'en')}."), "too_large")
    return None


def shown(value: Any, language: str, places: int | None = None) -> str:
    """A number in the language's way of writing: whole ones without decimals, others with two or more.

    With ``places`` always that many; a value with more keeps them, so that nothing is shown rounded.
    """
    value = Decimal(value)
    held = 0 if value == value.to_integral_value() else -int(value.as_tuple().exponent)
    if places is None:
        places = max(2, held) if held else 0
    pattern = "#,##0" + ("." + "0" * max(places, held) if places or held else "")
    return str(format_decimal(value, pattern, locale="en" if language == "en" else "id"))


def for_input(value: Any, places: int | None = None) -> str:
    """A number as it stands in a form for editing: Indonesian, and so that it can be read one way only.

    Where three decimals are possible (``places`` None or more than two), 17317 is not grouped and 2,625 is written
    2,6250; see ``numbers``.
    """
    text = shown(value, "id")
    if places is not None and places < 3:
        return text
    whole, _, part = text.partition(",")
    if not part and whole.count(".") == 1:
        return whole.replace(".", "")
    return f"{whole},{part}0" if len(part) == 3 and "." not in whole else text
