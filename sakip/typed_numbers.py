"""The one rule by which typed text is a number (reference §5.4), for every box, pasted row and file that takes one.

An optional minus, digits plain or grouped by points in threes, an optional comma and decimals.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from sakip import reasons
from sakip.reasons import Reason
from sakip.values import as_text

# Digits plain or in groups of three behind points; a group that begins with zero would turn 0.125 into 125.
_NUMBER = re.compile(r"([-−]?)([0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,([0-9]+))?")
# One run of digits and marks, behind a currency or before a unit: what looks like a sum or a span means no one number.
_ONE_RUN = re.compile(r"(?:[^0-9.,−-]|[.,](?=\s))*([−-]?\s*[0-9.,][0-9.,\s]*)[^0-9]*")
# What word processors make of a minus: no number, but what is proposed instead keeps its sign.
_MINUSES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d", "-"))
_GROUP = 3
LONGEST = 60  # of a number that is meant, and of a text that is repeated in a sentence


def read_number(typed: str, *, places: int | None = None, is_percent: bool = False) -> Fraction | Reason:
    """The number a text stands for: `1.250,5` is 1250.5. ``places`` are the most decimals allowed, None any;
    a percent sign behind it is taken only where ``is_percent``.

    Anything else is `not_a_number`, with a proposal where one can be guessed; the empty text too.
    """
    said = typed.strip()
    bare = said.removesuffix("%").rstrip() if is_percent else said
    found = _NUMBER.fullmatch(bare) if len(bare) <= LONGEST else None
    if found is None:
        return Reason(reasons.NOT_A_NUMBER, {"text": shortened(said), "proposal": proposal(said)})
    sign, whole, decimals = found.groups()
    if decimals and places is not None and len(decimals) > places:
        return Reason(reasons.TOO_MANY_PLACES, {"text": shortened(said), "places": places})
    digits = whole.replace(".", "")
    exact = Fraction(int(digits + (decimals or "")), 10 ** len(decimals or ""))
    return -exact if sign else exact


def number_of_cell(cell: int | float | Decimal) -> Fraction | Reason:
    """The number a cell of a spreadsheet holds: of a float the decimal it prints as, never its binary neighbour. What
    is none (`nan`, infinite) or beyond what anybody means is `not_a_number`."""
    number = decimal_of_cell(cell)
    if not number.is_finite() or (number and abs(number.adjusted()) >= LONGEST):
        return Reason(reasons.NOT_A_NUMBER, {"text": f"{number:.6g}"})
    return Fraction(number)


def decimal_of_cell(cell: int | float | Decimal) -> Decimal:
    """The decimal a cell prints as, finite or not."""
    return Decimal(str(cell)) if isinstance(cell, float) else Decimal(cell)


def as_typed(number: Fraction) -> str:
    """A number as it is typed, without groups: ``1250,5``; one without finite decimals as a quotient: ``1/3``."""
    return as_text(number).replace(".", ",")


def proposal(typed: str) -> str | None:
    """How the number that was probably meant is written here, or None when the text is nothing like one."""
    found = _ONE_RUN.fullmatch(typed.translate(_MINUSES)) if len(typed) <= 2 * LONGEST else None
    if found is None or any(mark.isnumeric() and not mark.isascii() for mark in typed):  # `7½` does not mean 7
        return None
    kept = re.sub(r"\s", "", found.group(1)).replace("−", "-").rstrip(".,")
    sign, kept = ("-", kept[1:]) if kept.startswith("-") else ("", kept)
    if not _NUMBER.fullmatch(kept):
        kept = _rewritten(kept)
    written = f"{sign}{kept}"
    return written if len(written) <= LONGEST and _NUMBER.fullmatch(written) else None


def _rewritten(kept: str) -> str:
    """Digits whose last mark, when it stands once, is meant as the comma; marks before it divide groups."""
    mark = max(kept.rfind("."), kept.rfind(","))
    if mark < 0 or kept.count(kept[mark]) > 1:
        groups = re.split("[.,]", kept)
        return "".join(groups) if all(len(group) == _GROUP for group in groups[1:]) else ""
    return f"{re.sub('[.,]', '', kept[:mark]) or '0'},{kept[mark + 1 :]}"


def shortened(text: str) -> str:
    """A text as a sentence repeats it."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
