"""Adds to a number; an empty one counts as nought.

count: {increment: extensions}
more: {increment: {field: extensions, by: 2}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine.changes import SetAnswer
from engine.definitions.vocabulary_protocol import Option
from engine.effects import EffectFault, effect, value_of
from engine.facts import Situation


@effect("increment", "field", field=Option("field", is_required=True), by=Option("number"))
def increment(options: Mapping[str, Any], situation: Situation) -> Iterator[SetAnswer]:
    """Yields the field's answer plus ``by`` (1 without it)."""
    name = options["field"]
    step = options.get("by")
    step = 1 if step is None else value_of(step, situation)
    value = situation.answers.get(name)
    for number in (step, 0 if value is None else value):
        if isinstance(number, bool) or not isinstance(number, int | Decimal):
            raise EffectFault(f"{name}: {number!r} is not a number")
    yield SetAnswer(name, (value or 0) + step)
