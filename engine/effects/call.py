"""Hands values to a connector, through the outbox: the worker makes the call once the step is written.

announce: {call: {connector: e_office, with: {number: case.number}}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.changes import CallConnector
from engine.definitions.vocabulary_protocol import Option
from engine.effects import effect
from engine.facts import Situation


@effect("call", connector=Option("connector", is_required=True), **{"with": Option("expressions")})
def call(options: Mapping[str, Any], situation: Situation) -> Iterator[CallConnector]:
    """Yields the connector and the values for it."""
    values = {name: value.evaluate(situation.scope) for name, value in (options.get("with") or {}).items()}
    yield CallConnector(options["connector"], values)
