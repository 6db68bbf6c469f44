"""What the first step of a case type lets be filled in: what a report can hold."""

from __future__ import annotations

from engine.cases.chart import chart_of
from engine.definitions.model import Definition, Task


def first_roles(definition: Definition) -> tuple[str, ...]:
    """The roles whose people receive a new case."""
    chart = chart_of(definition)
    entered = chart.entry((None, None), definition.initial)
    work = next((found for key in entered if (found := chart.work(key)) is not None), None)
    return work.candidates if isinstance(work, Task) else ()


def first_task(definition: Definition) -> tuple[str | None, frozenset[str]]:
    """The form of a case's first step, and the fields it lets be filled in: what a report can hold."""
    chart = chart_of(definition)
    entered = chart.entry((None, None), definition.initial)
    return chart.edits(next((key for key in entered if chart.work(key) is not None), None))
