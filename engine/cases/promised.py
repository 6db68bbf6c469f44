"""The days a reporter is promised, the same for both sides: clocks that run, and the spans of those not yet begun."""

from __future__ import annotations

from engine.cases.chart import chart_of
from engine.cases.sealed_values import Promise
from engine.cases.stored import StoredCase
from engine.definitions.model import Sla, Text
from engine.facts import RunningSla

_UNITS = {"working_days": ("hari kerja", "working days"), "days": ("hari", "days")}


def promises_of(stored: StoredCase) -> tuple[Promise, ...]:
    """The clocks of a case in the order of the definition; those that have not begun come last, none once it ended."""
    running, specs = stored.facts.state.slas, stored.definition.slas
    found = tuple(_promise(stored, specs[key].title, running[key]) for key in specs if key in running)
    if stored.facts.state.is_ended:
        return found
    return found + tuple(
        Promise(sla.title, None, span=span)
        for key, sla in specs.items()
        if key not in running and (span := _span(stored, sla)) is not None
    )


def owed(stored: StoredCase) -> tuple[Promise, ...]:
    """What is still to be kept; nothing once the case has ended."""
    if stored.facts.state.is_ended:
        return ()
    return tuple(each for each in promises_of(stored) if not each.is_kept)


def _promise(stored: StoredCase, title: Text, sla: RunningSla) -> Promise:
    due, now = sla.due_at, stored.facts.now
    is_kept = sla.stopped_at is not None
    return Promise(
        title,
        None if due is None else stored.directory.day(due),
        is_late=not is_kept and due is not None and due <= now,
        is_paused=not is_kept and sla.paused_at is not None,
        is_kept=is_kept,
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
