"""Opens a case of another type, with answers taken from this one, and remembers it under a name.

follow: {open_case: {case_type: follow_up, answers: {summary: case.summary}, link: follow_up}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.changes import OpenCase
from engine.definitions.vocabulary_protocol import Option
from engine.effects import effect
from engine.facts import Situation


@effect(
    "open_case",
    case_type=Option("key", is_required=True),
    answers=Option("expressions"),
    link=Option("key", is_required=True),
)
def open_case(options: Mapping[str, Any], situation: Situation) -> Iterator[OpenCase]:
    """Yields the case to open with its answers."""
    answers = {name: value.evaluate(situation.scope) for name, value in (options.get("answers") or {}).items()}
    yield OpenCase(options["case_type"], answers, options["link"])
