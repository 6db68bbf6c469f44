"""The periods a region measures by, as choices of a field (reference §5.1): a region with others changes no form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from engine.field_types.question import Context
from sakip.standing import configuration_of, today_in


def periods(session: Session, region_id: int, context: Context, values: Mapping[str, Any]) -> dict[str, Any]:
    """For ``options_from``: every period by its key with its title, those of the usual set first.

    They are those of the measurement of the year the case says, else of today's; none where no file governs it.
    """
    del values
    scope = context.scope
    today = today_in(session, region_id) if scope is None or scope.today is None else scope.today
    answered = None if scope is None else scope.answers.get("year")
    said = "" if answered is None else str(answered)
    rules = configuration_of(session, region_id).measurement(int(said) if said.isdecimal() else today.year)
    if rules is None:
        return {}
    sets = sorted(rules.periods.values(), key=lambda one: one.key != rules.default_periods)
    found: dict[str, Any] = {}
    for one in sets:
        for period in one.items.values():
            found.setdefault(period.key, {"title": period.title})
    return found
