"""Timers and SLAs of a case that goes over to a newer version: kept as they run, or begun again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.cases import clocks, promises
from engine.cases.migrating_refused import NotCovered
from engine.cases.step import Step, is_release
from engine.definitions.migration_plans import DROP, Bound
from engine.definitions.model import Text
from engine.facts import CaseState, RunningTimer


def carry_clocks(step: Step, plan: Bound, before: CaseState, origins: Mapping[str, str]) -> None:
    """Sets the clocks of the newer version. ``origins`` says which older state an active one continues; one that
    continues none was just entered. Raises NotCovered."""
    fresh = [key for key in step.chart.in_order(step.active) if key not in origins]
    if plan.plan.timers == "keep":
        _keep_timers(step, plan, before, origins)
        for key, older in origins.items():
            for timer in step.chart.states[key].timers.values():
                if timer.key not in plan.old.states[older].timers:
                    clocks.start_timer(step, key, timer)
    else:
        for key in origins:
            clocks.start(step, key)
    for key in fresh:
        clocks.start(step, key)
    _carry_slas(step, plan, before)
    promises.happened(step, fresh)
    _begin_new_slas(step, plan)


def _keep_timers(step: Step, plan: Bound, before: CaseState, origins: Mapping[str, str]) -> None:
    continued = {older: key for key, older in origins.items()}
    for timer in before.timers.values():
        state, _, name = timer.key.rpartition(".")
        if promises.is_warning(timer.key) or is_release(timer.key):
            continue  # with their SLA, with their task
        target = continued.get(state)
        if target is None:
            fate = plan.fates.get(state)
            if fate is not None and fate.kind == DROP:
                continue
        if target is None or name not in step.chart.states[target].timers:
            text = Text(
                f'Pengatur waktu "{timer.key}" tidak punya padanan.', f'Timer "{timer.key}" has no counterpart.'
            )
            raise NotCovered(text, state)
        key = f"{target}.{name}"
        step.timers[key] = replace(timer, key=key, entry=step.active[target])
    for timer_key in before.extras.get("fired", {}):
        state, _, name = timer_key.rpartition(".")
        if state in continued:
            step.remember("fired", f"{continued[state]}.{name}", step.active[continued[state]])


def _carry_slas(step: Step, plan: Bound, before: CaseState) -> None:
    for key, running in before.slas.items():
        if key not in step.definition.slas:
            if running.stopped_at is None and plan.plan.slas == "keep":
                text = Text(f'Janji waktu "{key}" tidak punya padanan.', f'SLA "{key}" has no counterpart.')
                raise NotCovered(text)
            continue
        if running.stopped_at is None and plan.plan.slas == "restart":
            promises.start(step, key)
            continue
        if running.left is not None and plan.old.slas[key].target.unit != step.definition.slas[key].target.unit:
            text = Text(
                f'Janji waktu "{key}" sedang berhenti dan satuannya berubah.',
                f'SLA "{key}" is paused, and its unit has changed.',
            )
            raise NotCovered(text)
        step.slas[key] = running
        warning: RunningTimer | None = before.timers.get(promises.warning_key(key))
        if warning is not None and step.definition.slas[key].at_risk_share is not None:
            step.timers[warning.key] = warning
        if running.left is not None and not step.definition.slas[key].pause_in:
            promises.resume(step, running)  # nothing lets it stand still any more


def _begin_new_slas(step: Step, plan: Bound) -> None:
    """A promise the older version did not know begins now, where a state that is active starts it."""
    for key, sla in step.definition.slas.items():
        if key not in plan.old.slas and any(event in step.active for event in sla.start):
            promises.start(step, key)
