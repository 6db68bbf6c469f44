"""``earliest`` and ``latest`` of dates, months and years; ``today`` stands for the day of the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from engine.definitions.model import Field, Text
from engine.field_types.question import Context, Unfit


def not_outside(
    value: Any,
    field: Field,
    context: Context,
    read: Callable[[Any], Any],
    of_today: Callable[[date], Any],
    shown: Callable[[Any, str], str],
) -> None:
    """Raises Unfit when ``value`` lies before ``earliest`` or after ``latest``."""
    earliest = _limit(field.options.get("earliest"), context, read, of_today)
    if earliest is not None and value < earliest:
        raise Unfit(Text(f"Paling awal {shown(earliest, 'id')}.", f"Not before {shown(earliest, 'en')}."), "too_early")
    latest = _limit(field.options.get("latest"), context, read, of_today)
    if latest is not None and value > latest:
        raise Unfit(Text(f"Paling lambat {shown(latest, 'id')}.", f"Not after {shown(latest, 'en')}."), "too_late")


def _limit(option: Any, context: Context, read: Callable[[Any], Any], of_today: Callable[[date], Any]) -> Any:
    if option is None:
        return None
    if option != "today":
        return read(option)
    today = context.scope.today if context.scope else None
    return None if today is None else of_today(today)
