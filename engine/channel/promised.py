"""The days a reporter is promised: those of the officers' clocks, and the spans of clocks that have not begun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.cases.chart import chart_of
from engine.cases.sealed_view import promises_of
from engine.cases.stored import StoredCase
from engine.definitions.model import Sla, Text

_UNITS = {"working_days": ("hari kerja", "working days"), "days": ("hari", "days")}


@dataclass(frozen=True, slots=True)
class PromisedDay:
    """A clock of the case as the officers see it; ``on`` is None while it stands still. One that has not begun has
    ``span`` in its place: how long it takes, and from when."""

    title: Text
    on: date | None
    is_late: bool = False
    is_paused: bool = False
    span: Text | None = None


def promised_days(stored: StoredCase) -> tuple[PromisedDay, ...]:
    """What is still owed, in the order of the definition; clocks that have not begun come last. None once it ended."""
    if stored.facts.state.is_ended:
        return ()
    running = tuple(
        PromisedDay(each.title, each.on, each.is_late, each.is_paused)
        for each in promises_of(stored)
        if not each.is_kept
    )
    specs = stored.definition.slas
    return running + tuple(
        PromisedDay(sla.title, None, span=span)
        for key, sla in specs.items()
        if key not in stored.facts.state.slas and (span := _span(stored, sla)) is not None
    )


def _span(stored: StoredCase, sla: Sla) -> Text | None:
    """In working days or days from a step people can read of; None of a clock that begins in another way."""
    units, begins = _UNITS.get(sla.target.unit), _begins(stored, sla)
    if units is None or begins is None:
        return None
    amount = sla.target.amount
    return Text(
        f"Paling lama {amount} {units[0]} sejak status “{begins.id}”",
        f"At most {amount} {units[1]} from the status “{begins.en}”",
    )


def _begins(stored: StoredCase, sla: Sla) -> Text | None:
    """What people read of the step the clock begins with."""
    path, states = chart_of(stored.definition).path, stored.definition.states
    for start in sla.start:
        for state in path.get(start, ()):  # from the inside out
            title = states[state].public_title
            if title is not None:
                return title
    return None
