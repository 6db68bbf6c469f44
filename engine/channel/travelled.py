"""The way a report has gone, in the words its reporter reads: each status it had and the day that began."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.chart import chart_of
from engine.cases.models import History
from engine.cases.stored import StoredCase
from engine.definitions.model import Text


@dataclass(frozen=True, slots=True)
class PassedStatus:
    """A status and the day it first began."""

    title: Text
    on: date


def way_of(session: Session, stored: StoredCase) -> tuple[PassedStatus, ...]:
    """Every status once, in the order they first came; the last is where the report stands, with the day it last came
    there. Steps without words for the reporter are not told apart from the one before."""
    columns = (History.at, History.states_entered, History.states_left)
    steps = select(*columns).where(History.case_id == stored.row.id).order_by(History.seq)
    first: dict[Text, date] = {}
    latest: PassedStatus | None = None
    for at, entered, left in session.execute(steps):
        passed_through = set(left or ())
        title = _title(stored, [key for key in entered or () if key not in passed_through])
        if title is not None and (latest is None or title != latest.title):
            latest = PassedStatus(title, stored.directory.day(at))
            first.setdefault(title, latest.on)
    if latest is None:
        return ()
    return (*(PassedStatus(title, on) for title, on in first.items() if title != latest.title), latest)


def _title(stored: StoredCase, entered: Iterable[str]) -> Text | None:
    """What people read of the innermost of the states entered together."""
    chart, states = chart_of(stored.definition), stored.definition.states
    keys = [key for key in entered if key in states]
    leaves = [key for key in keys if not any(key in chart.path[other] and key != other for other in keys)]
    for leaf in leaves:
        for state in chart.path[leaf]:  # from the inside out
            title = states[state].public_title
            if title is not None:
                return title
    return None
