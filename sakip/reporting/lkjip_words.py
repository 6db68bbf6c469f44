"""Numbers and words of a performance report: Indonesian for the page, with a point and exact for a file."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from engine.definitions.model import Text
from sakip.facts.stored_values import realisation_to_plain, target_to_plain
from sakip.shown_values import shown_value
from sakip.unit_signs import UnitSign
from sakip.values import Milestones, Range, as_text

LONGEST = 6  # decimals a page shows
_SWAPPED = str.maketrans(",.", ".,")


def both(text: Text) -> dict[str, str]:
    """A sentence in both languages."""
    return {"id": text.id, "en": text.en}


def told(value: Any, measure: UnitSign | None = None) -> dict[str, Any]:
    """A target or what was reached: ``value`` exact, as the store keeps it, and as people read it, with at most the
    decimals of its unit (``measure``)."""
    plain = target_to_plain(value) if isinstance(value, Range | Milestones) else realisation_to_plain(value)
    if isinstance(value, Fraction):
        shown = value if measure is None else measure.of(value)
        return {"value": plain, "id": number(shown), "en": number(shown, "en")}
    if isinstance(value, Range):
        low, high = value.low, value.high
        return {"value": plain, **{each: f"{number(low, each)}–{number(high, each)}" for each in ("id", "en")}}
    return {"value": plain, **both(shown_value(value))}


def number(value: Fraction | str, locale: str = "id") -> str:
    """A number as people write it: ``1.250,75``; a printed text (``66.25``) keeps its decimals."""
    text = value if isinstance(value, str) else as_text(value)
    if "/" in text:
        exact = Fraction(text)
        with localcontext(prec=len(text) + 8):  # the usual 28 digits are fewer than people may type
            text = str((Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01")))
    places = min(len(text.partition(".")[2]), LONGEST)
    said = f"{Decimal(text):,.{places}f}"  # of thousands in a report: babel takes twenty times as long for each
    return said if locale == "en" else said.translate(_SWAPPED)
