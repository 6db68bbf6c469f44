"""Gives a field a value: a literal, or what an expression says.

total: {set: {field: unit_budget, value: {expression: "sum(case.programmes.budget)"}}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.changes import SetAnswer
from engine.definitions.vocabulary_protocol import Option
from engine.effects import EffectFault, effect, value_of
from engine.facts import Situation


@effect("set", field=Option("field", is_required=True), value=Option("value", is_required=True))
def set_answer(options: Mapping[str, Any], situation: Situation) -> Iterator[SetAnswer]:
    """Yields the field's new answer. A choice the field does not offer is a fault."""
    name, value = options["field"], value_of(options["value"], situation)
    field = situation.definition.fields.get(name)
    offered = field.options.get("options") if field is not None and field.type == "choice" else None
    if offered and value is not None and value not in offered:
        raise EffectFault(f"{name}: there is no choice {value!r}")
    yield SetAnswer(name, value)
