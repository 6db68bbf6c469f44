"""A result as its row keeps it, and the result behind a row: exact, with all its sentence names (reference §6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from engine.definitions.model import Text
from sakip.bands import Band
from sakip.facts.stored_values import (
    number_from_text,
    realisation_from_plain,
    realisation_to_plain,
    target_from_plain,
    target_to_plain,
)
from sakip.judged import Achievement, Result
from sakip.reasons import Reason

UNKNOWN_TONE = "plain"


@dataclass(frozen=True, slots=True)
class Stored:
    """What of a result a row holds: its columns in their order, then ``details`` as JSON."""

    numerator: str | None
    denominator: str | None
    shown: str | None
    band: str | None
    tone: str | None
    reason: str | None
    because: str | None
    is_provisional: bool
    details: Mapping[str, Any]


def to_stored(result: Result, more: Mapping[str, Any] | None = None) -> Stored:
    """A result in columns. ``details`` hold what was compared (``target``, ``realisation``), the value before limits
    (``raw``) and which limit held it (``limited``), whether periods are missing (``partial``), or the ``values`` of a
    reason; ``more`` is added to them."""
    details: dict[str, Any] = dict(more or {})
    if isinstance(result, Reason):
        because = result.values.get("because")
        if result.values:
            details["values"] = {name: _plain(value) for name, value in result.values.items()}
        return Stored(
            None, None, None, None, None, result.code, because.code if isinstance(because, Reason) else None, False,
            details,
        )  # fmt: skip
    if result.target is not None:
        details["target"] = target_to_plain(result.target)
    if result.realisation is not None:
        details["realisation"] = realisation_to_plain(result.realisation)
    if result.limited is not None:
        details |= {"limited": result.limited, "raw": _ratio(result.raw)}
    elif result.raw is not result.exact and result.raw != result.exact:
        details["raw"] = _ratio(result.raw)
    if result.is_partial:
        details["partial"] = True
    exact = result.exact
    return Stored(
        str(exact.numerator), str(exact.denominator), result.shown, result.band.key, result.tone, None, None,
        result.is_provisional, details,
    )  # fmt: skip


def from_stored(stored: Stored, bands: Mapping[str, Band] | None = None) -> Result:
    """The result behind its columns. ``bands`` give a band its words; without them it has its key alone."""
    details = stored.details
    if stored.reason is not None:
        return Reason(stored.reason, {name: _value(one) for name, one in details.get("values", {}).items()})
    exact = Fraction(int(stored.numerator or 0), int(stored.denominator or 1))
    key = stored.band or ""
    known = (bands or {}).get(key)
    target, realisation = details.get("target"), details.get("realisation")
    return Achievement(
        raw=Fraction(details["raw"]) if "raw" in details else exact,
        exact=exact,
        limited=details.get("limited"),
        shown=stored.shown or "",
        band=known or Band(key, None, Text(key, key), stored.tone or UNKNOWN_TONE, ""),
        is_provisional=stored.is_provisional,
        is_partial=bool(details.get("partial")),
        target=None if target is None else target_from_plain(target),
        realisation=None if realisation is None else realisation_from_plain(realisation),
    )


def _ratio(number: Fraction) -> str:
    return f"{number.numerator}/{number.denominator}"


def _plain(value: Any) -> Any:
    """A value a sentence names, as JSON that says what it is."""
    if isinstance(value, Text):
        return {"text": [value.id, value.en]}
    if isinstance(value, Reason):
        return {"reason": value.code, "values": {name: _plain(one) for name, one in value.values.items()}}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Fraction):
        return {"number": _ratio(value)}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def _value(plain: Any) -> Any:
    if isinstance(plain, list):
        return tuple(_value(one) for one in plain)
    if not isinstance(plain, dict):
        return plain
    if "text" in plain:
        return Text(*plain["text"])
    if "reason" in plain:
        return Reason(plain["reason"], {name: _value(one) for name, one in plain["values"].items()})
    return date.fromisoformat(plain["day"]) if "day" in plain else number_from_text(plain["number"])
