"""A number that is judged: limited, rounded once, and put into its band (reference §5.9–§5.11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sakip import reasons
from sakip.bands import Band
from sakip.configuration.measurement import ACHIEVEMENT, Measurement
from sakip.exact import is_below
from sakip.reasons import Reason
from sakip.rounding import ROUNDED, printed_steps

FLOOR, CAP = "floor", "cap"
GOOD, PLAIN = "good", "plain"


@dataclass(frozen=True, slots=True)
class Achievement:
    """A figure with its number.

    ``raw`` is exact and before limits, ``exact`` after them; ``shown`` is the printed value with a point. ``limited``
    is ``floor``, ``cap`` or None. ``is_provisional`` marks it as *Sementara*; ``is_partial`` says that periods are
    missing. ``target`` and ``realisation`` are what was compared, after consolidation (None for an aggregate).
    """

    raw: Fraction
    exact: Fraction
    limited: str | None
    shown: str
    band: Band
    is_provisional: bool = False
    is_partial: bool = False
    target: Any = None
    realisation: Any = None

    @property
    def tone(self) -> str:
        """The tone of the band; a figure with missing periods never turns good (§5.7)."""
        return PLAIN if self.is_partial and self.band.tone == GOOD else self.band.tone


Result = Achievement | Reason


def limit(rules: Measurement, value: Fraction) -> tuple[Fraction, str | None]:
    """The value inside floor and cap, and which of them held it back."""
    if rules.floor is not None and is_below(value, rules.floor):
        return rules.floor, FLOOR
    if rules.cap is not None and is_below(rules.cap, value):
        return rules.cap, CAP
    return value, None


def judge(
    rules: Measurement,
    raw: Fraction,
    on: date,
    *,
    figure: str = ACHIEVEMENT,
    is_limited: bool = True,
    is_provisional: bool = False,
    is_partial: bool = False,
    target: Any = None,
    realisation: Any = None,
) -> Result:
    """The figure ``raw`` (exact, in percent) makes on the day ``on``, or ``no_bands`` when none hold then."""
    bands = rules.bands_on(figure, on)
    if bands is None:
        return no_bands(on)
    exact, limited = limit(rules, raw) if is_limited else (raw, None)
    rounding, places = rules.rounding, rules.rounding.places
    steps = rounding.steps(exact, places)
    if rounding.band_on != ROUNDED:
        band = bands.of(exact)
    elif bands.places is None or bands.places == places:
        band = bands.of_ratio(steps, 10**places)
    else:
        band = bands.of(rounding.rounded(exact, bands.places))
    shown = printed_steps(steps, places)
    return Achievement(raw, exact, limited, shown, band, is_provisional, is_partial, target, realisation)


def no_bands(on: date) -> Reason:
    """The reason that nothing judges a figure on a day."""
    return Reason(reasons.NO_BANDS, {"day": on})


def as_row(result: Result) -> dict[str, Any]:
    """A result as every machine-readable output writes it: a printed value with its band, or a reason, and for a figure
    of figures the reason of the item because of which."""
    if isinstance(result, Reason):
        because = result.values.get("because")
        return {
            "value": None,
            "band": None,
            "reason": result.code,
            "because": because.code if isinstance(because, Reason) else None,
            "limited": None,
            "provisional": False,
        }
    return {
        "value": result.shown,
        "band": result.band.key,
        "reason": None,
        "because": None,
        "limited": result.limited,
        "provisional": result.is_provisional,
    }
