"""The clocks of SLAs: started, paused, extended, stopped, and when they warn. All spans keep the target's own unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

from engine.cases.step import Step
from engine.definitions.model import Duration, Sla
from engine.facts import RunningSla, RunningTimer
from engine.timers.calendar import WorkingCalendar

_SHARED: Mapping[str, tuple[str, int]] = {  # a share of a span is counted in minutes, of working days in whole days
    "working_hours": ("working_minutes", 60),
    "days": ("minutes", 1440),
    "hours": ("minutes", 60),
    "minutes": ("minutes", 1),
}


def warning_key(sla: str) -> str:
    """The key of the timer that warns."""
    return f"sla.{sla}.at_risk"


def _calendar(step: Step, sla: Sla) -> WorkingCalendar:
    return step.calendar(sla.target.calendar or sla.calendar)


def share_of(share: Decimal, unit: str, amount: int) -> tuple[str, int]:
    """A share of a span, as (unit, amount); of working days rounded up (reference §8.19)."""
    unit, factor = _SHARED.get(unit, (unit, 1))
    return unit, int((share * amount * factor).to_integral_value(ROUND_CEILING))


def happened(step: Step, events: Iterable[str]) -> None:
    """``state.action`` and states entered start and stop the SLAs that name them."""
    chart = step.chart
    for event in events:
        for key in chart.sla_starts.get(event, ()):
            start(step, key)
        for key in chart.sla_stops.get(event, ()):
            stop(step, key)


def start(step: Step, key: str) -> None:
    """Starts the clock, unless it runs already."""
    running = step.slas.get(key)
    if running is not None and running.stopped_at is None:
        return
    sla, now = step.definition.slas[key], step.now
    calendar = _calendar(step, sla)
    step.slas[key] = RunningSla(key, now, calendar.add(now, sla.target))
    if sla.at_risk_share is not None:
        unit, amount = share_of(sla.at_risk_share, sla.target.unit, sla.target.amount)
        _warn_at(step, key, calendar.add_amount(now, unit, amount))
    elif warning_key(key) in step.timers:
        del step.timers[warning_key(key)]


def _warn_at(step: Step, key: str, moment: datetime) -> None:
    step.timers[warning_key(key)] = RunningTimer(warning_key(key), 0, moment)


def stop(step: Step, key: str) -> None:
    """Stops the clock and its warning."""
    running = step.slas.get(key)
    if running is not None and running.stopped_at is None:
        step.slas[key] = replace(running, stopped_at=step.now)
        step.timers.pop(warning_key(key), None)


def stop_all(step: Step) -> None:
    """The case has ended: nothing is promised any more."""
    for key in tuple(step.slas):
        stop(step, key)


def extend(step: Step, key: str, by: Duration) -> None:
    """More time for a running clock. A warning that has not fired moves by its share of the extension."""
    running = step.slas.get(key)
    if running is None or running.stopped_at is not None:
        return
    sla = step.definition.slas[key]
    calendar = step.calendar(by.calendar or sla.target.calendar or sla.calendar)
    more = [by.unit, by.amount]
    later = _share_gained(sla, running, by)
    running = replace(running, extended=_extended(running, by))
    if running.left is not None:
        left = {**running.left, "more": [*running.left.get("more", ()), more]}
        if later is not None and "warn" in left:
            left["warn_more"] = [*left.get("warn_more", ()), list(later)]
        step.slas[key] = replace(running, left=left)
        return
    assert running.due_at is not None
    step.slas[key] = replace(running, due_at=calendar.add(running.due_at, by))
    timer = step.timers.get(warning_key(key))
    if timer is not None and later is not None:
        _warn_at(step, key, calendar.add_amount(timer.due_at, *later))


def _extended(running: RunningSla, by: Duration) -> tuple[Mapping[str, Any], ...]:
    """What was added so far, one sum a unit: a promise extended for years does not grow."""
    sums = {more["unit"]: more["amount"] for more in running.extended}
    sums[by.unit] = sums.get(by.unit, 0) + by.amount
    return tuple({"unit": unit, "amount": amount} for unit, amount in sums.items())


def _share_gained(sla: Sla, running: RunningSla, by: Duration) -> tuple[str, int] | None:
    share = sla.at_risk_share
    if share is None:
        return None
    if by.unit != sla.target.unit:
        return share_of(share, by.unit, by.amount)
    total = sla.target.amount + sum(more["amount"] for more in running.extended if more["unit"] == by.unit)
    unit, before = share_of(share, by.unit, total)
    return unit, share_of(share, by.unit, total + by.amount)[1] - before


def watch_pauses(step: Step) -> None:
    """Pauses the clocks whose ``pause_in`` states are active now, and lets the others run on."""
    for key, states in step.chart.pauses.items():
        running = step.slas.get(key)
        if running is None or running.stopped_at is not None:
            continue
        is_paused = not states.isdisjoint(step.active)
        if is_paused and running.left is None:
            _pause(step, running)
        elif not is_paused and running.left is not None:
            resume(step, running)


def _pause(step: Step, running: RunningSla) -> None:
    sla = step.definition.slas[running.key]
    calendar, unit = _calendar(step, sla), sla.target.unit
    assert running.due_at is not None
    left: dict[str, Any] = {"due": time_left(calendar, unit, step.now, running.due_at)}
    timer = step.timers.pop(warning_key(running.key), None)
    if timer is not None:
        left["warn"] = time_left(calendar, unit, step.now, timer.due_at)
    step.slas[running.key] = replace(running, due_at=None, paused_at=step.now, left=left)


def resume(step: Step, running: RunningSla) -> None:
    """A clock that stood still goes on with what was left of it."""
    sla = step.definition.slas[running.key]
    calendar, unit, left = _calendar(step, sla), sla.target.unit, running.left or {}
    due = after_left(calendar, unit, step.now, left["due"], left.get("more", ()))
    if "warn" in left:
        _warn_at(step, running.key, after_left(calendar, unit, step.now, left["warn"], left.get("warn_more", ())))
    step.slas[running.key] = replace(running, due_at=due, paused_at=None, left=None)


def time_left(calendar: WorkingCalendar, unit: str, now: datetime, due: datetime) -> dict[str, int]:
    """What is left until ``due``: whole working days and the seconds between the two times of day, working minutes,
    or seconds; a moment already past is left in seconds, below nought."""
    if unit == "working_days" and due > now:
        here, there = now.astimezone(calendar.zone), due.astimezone(calendar.zone)
        days = calendar.working_days_between(here.date(), there.date())
        return {"days": days, "seconds": int((_clock(there) - _clock(here)).total_seconds())}
    if unit == "working_hours" and due > now:
        return {"minutes": calendar.working_minutes_between(now, due)}
    return {"seconds": int((due - now).total_seconds())}


def _clock(moment: datetime) -> datetime:
    return datetime.combine(date.min, moment.time())


def after_left(
    calendar: WorkingCalendar, unit: str, now: datetime, left: Mapping[str, int], more: Iterable[Any]
) -> datetime:  # fmt: skip
    moment = now
    if "days" in left:
        moment = calendar.add_amount(moment, unit, left["days"])
    if "minutes" in left:
        moment = calendar.add_amount(moment, "working_minutes", left["minutes"])
    moment += timedelta(seconds=left.get("seconds", 0))
    for extra_unit, amount in more:
        moment = calendar.add_amount(moment, extra_unit, amount)
    return moment


def is_warning(key: str) -> bool:
    """Whether a timer's key is an SLA's warning."""
    return key.count(".") == 2 and key.startswith("sla.") and key.endswith(".at_risk")  # a state may be called sla


def sla_of(key: str) -> str:
    """The SLA a warning belongs to."""
    return key[len("sla.") : -len(".at_risk")]
