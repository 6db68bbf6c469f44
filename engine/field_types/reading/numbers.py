"""Numbers as Indonesian people write them (1.234,5), and as others do, as long as only one reading is possible.

A lone separator before exactly three digits (1.234 or 1,234) is grouping where the field has fewer than three
decimals; elsewhere it could be either and is refused. Both marks, or one mark several times, can be read one way only.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from engine.definitions.arithmetic import CONTEXT
from engine.definitions.model import Text
from engine.field_types.question import Unfit

LARGEST = 10**18
MOST_DECIMALS = 12
_LONGEST = 60

_CLEAN = re.compile(r"-?[0-9][0-9.,]*")
_SPACES = re.compile("[ \u00a0\u202f\u2009]")
_GROUPED_BY_SPACE = re.compile(r"-?[0-9]{1,3}( [0-9]{3})+([.,][0-9]+)?")

NOT_A_NUMBER = Text("Tulis bilangan, misalnya 1.234,5.", "Write a number, for example 1.234,5.")
TOO_LARGE = Text("Bilangan terlalu besar.", "The number is too large.")


def number(raw: Any, places: int | None) -> Decimal:
    """``raw`` (a number, or text as typed) as an exact decimal with at most ``places`` decimals; raises Unfit."""
    value = _from_number(raw) if isinstance(raw, int | float | Decimal) else _from_text(raw, places)
    if abs(value) >= LARGEST:
        raise Unfit(TOO_LARGE)
    decimals = -int(value.as_tuple().exponent)
    if decimals > 0:
        value, decimals = _without_needless_zeros(value, places)
    most = MOST_DECIMALS if places is None else places
    if decimals > most:
        raise Unfit(_too_many_decimals(most))
    # A number written as 1E+3 would otherwise be stored and shown that way.
    return value.quantize(Decimal(1), context=CONTEXT) if decimals < 0 else value


def _too_many_decimals(most: int) -> Text:
    if most == 0:
        return Text("Harus bilangan bulat.", "Must be a whole number.")
    return Text(f"Paling banyak {most} angka di belakang koma.", f"At most {most} decimals.")


def _without_needless_zeros(value: Decimal, places: int | None) -> tuple[Decimal, int]:
    digits = -int(value.as_tuple().exponent)
    keep = 0 if places == 0 else 2
    while digits > keep and value == value.quantize(Decimal(1).scaleb(1 - digits), context=CONTEXT):
        digits -= 1
        value = value.quantize(Decimal(1).scaleb(-digits), context=CONTEXT)
    if digits == 0 or value == value.to_integral_value():
        return value.quantize(Decimal(1), context=CONTEXT), 0
    return value, digits


def _from_number(raw: int | float | Decimal) -> Decimal:
    if isinstance(raw, bool):
        raise Unfit(NOT_A_NUMBER)
    if isinstance(raw, int):
        if abs(raw) >= LARGEST:
            raise Unfit(TOO_LARGE)
        return Decimal(raw)
    value = Decimal(repr(raw)) if isinstance(raw, float) else raw
    if not value.is_finite():
        raise Unfit(NOT_A_NUMBER)
    if value.adjusted() > 18:
        raise Unfit(TOO_LARGE)
    if value.adjusted() < -30 or len(value.as_tuple().digits) > _LONGEST:
        raise Unfit(_too_many_decimals(MOST_DECIMALS))
    return value


def _from_text(raw: Any, places: int | None) -> Decimal:
    if not isinstance(raw, str) or len(raw) > _LONGEST:
        raise Unfit(NOT_A_NUMBER)
    text = _SPACES.sub(" ", raw).strip().replace("\u2212", "-")
    if _GROUPED_BY_SPACE.fullmatch(text):
        return Decimal(text.replace(" ", "").replace(",", "."))
    if not _CLEAN.fullmatch(text):
        raise Unfit(NOT_A_NUMBER)
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    return Decimal(sign + _plain(digits, places))


def _plain(text: str, places: int | None) -> str:
    """Digits with at most one point, from digits with points and commas."""
    dots, commas = text.count("."), text.count(",")
    if dots and commas:
        decimal_mark = max(".", ",", key=text.rfind)
        grouping = "," if decimal_mark == "." else "."
        whole, _, part = text.partition(decimal_mark)
        if text.count(decimal_mark) > 1 or not part or not _is_grouped(whole, grouping):
            raise Unfit(NOT_A_NUMBER)
        return f"{whole.replace(grouping, '')}.{part}"
    mark = "." if dots else ","
    if dots + commas == 0:
        return text
    if dots + commas > 1:
        if not _is_grouped(text, mark):
            raise Unfit(NOT_A_NUMBER)
        return text.replace(mark, "")
    whole, _, part = text.partition(mark)
    if not part:
        raise Unfit(NOT_A_NUMBER)
    if len(part) == 3 and len(whole) <= 3 and not whole.startswith("0"):
        if places is not None and places < 3:
            return whole + part
        raise Unfit(_ambiguous(whole, part))
    return f"{whole}.{part}"


def _is_grouped(text: str, mark: str) -> bool:
    groups = text.split(mark)
    return (
        1 <= len(groups[0]) <= 3 and not groups[0].startswith("0") and all(len(each) == 3 for each in groups[1:])
    )  # fmt: skip


def _ambiguous(whole: str, part: str) -> Text:
    return Text(
        f"Ini dapat dibaca dua cara. Tulis {whole}{part} untuk ribuan, atau {whole},{part}0 untuk pecahan.",
        f"This can be read in two ways. Write {whole}{part} for thousands, or {whole},{part}0 for a fraction.",
    )
