"""An amount of rupiah as a cell holds it: a number as it is, a text as it is typed, a currency before it or not."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sakip.exchange.cells import Cell
from sakip.reasons import Reason
from sakip.typed_numbers import read_number

LARGEST = 10**18  # rupiah
_POINTED = re.compile(r"[0-9]{1,18}(\.[0-9]{1,6})?")


def rupiah(cell: Cell, is_pointed: bool) -> Fraction | Reason | None:
    """The amount of a cell; ``is_pointed``: texts write decimals with a point. A reason for a text that is no number,
    None for what is no amount at all."""
    if isinstance(cell, bool | date) or not isinstance(cell, str | int | float):
        return None
    text = ""
    if isinstance(cell, str):
        text = cell.strip().removeprefix("Rp").removeprefix(".").strip().removesuffix(",-")
        if not is_pointed or not _POINTED.fullmatch(text):
            return read_number(text, places=2)
    if isinstance(cell, int) and abs(cell) >= LARGEST:
        return None
    number = Decimal(text or str(cell))
    return Fraction(number) if number.is_finite() else None
