"""The periods a region measures by, as choices of a field (reference §5.1): a region with others changes no form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from engine.field_types.question import Context
from sakip.facts.indicator_choices import year_meant
from sakip.facts.rulebook import Rulebook
from sakip.standing import today_in


def periods(session: Session, region_id: int, context: Context, values: Mapping[str, Any]) -> dict[str, Any]:
    """For ``options_from``: every period of the year the case says, by its key with its title; those of the usual set
    first. While it says none, those of this year and the last. None where no file governs the year."""
    del values
    scope, book = context.scope, Rulebook(session, region_id)
    answered = context.beside.get("year", None if scope is None else scope.answers.get("year"))
    year = year_meant(answered)
    today = today_in(session, region_id) if scope is None or scope.today is None else scope.today
    years = (today.year, today.year - 1) if year is None else (year,)
    found: dict[str, Any] = {}
    for one in years:
        for key, (_rules, period) in book.periods(one).items():
            found.setdefault(key, {"title": period.title})
    return found
