"""Puts one more item at the end of a list.

    record: {append: {field: conflicted, value: actor}}

`actor` is the person acting.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.changes import SetAnswer
from engine.definitions.vocabulary_protocol import Option
from engine.effects import EffectFault, effect, value_of
from engine.facts import Situation


@effect("append", field=Option("field", is_required=True), value=Option("actor_value", is_required=True))
def append(options: Mapping[str, Any], situation: Situation) -> Iterator[SetAnswer]:
    """Yields the list, longer by one, whether the value is there already or not."""
    name, value = options["field"], options["value"]
    if value == "actor" and isinstance(value, str):
        value = situation.actor
        if value is None:
            raise EffectFault(f"{name}: the system acts, there is no person to append")
    else:
        value = value_of(value, situation)
    items = situation.answers.get(name) or []
    if not isinstance(items, list):
        raise EffectFault(f"{name} is not a list")
    yield SetAnswer(name, [*items, value])
