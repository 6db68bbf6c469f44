"""A walk through a definition on paper: scenario steps as JSON lines in, one answer a line out (reference §15)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.cases.expectations import Miss, plain
from engine.cases.paper import Happened, PaperCase, read_given
from engine.cases.simulate import do_step
from engine.definitions.model import Definition
from engine.errors import InvalidInput


class Walk:
    """One case on paper, moved by steps."""

    def __init__(self, definition: Definition, given: Mapping[str, Any]) -> None:
        """``given`` is as in a scenario. Raises InvalidInput."""
        self.case = PaperCase(definition, read_given(definition, given))

    def start(self) -> dict[str, Any]:
        """How the case stands when it has been opened."""
        return self._answer({}, self.case.opening)

    def step(self, step: Mapping[str, Any]) -> dict[str, Any]:
        """Does one step and says what came of it. Raises InvalidInput when it cannot be read."""
        try:
            return self._answer(step, do_step(self.case, step))
        except Miss as miss:
            raise InvalidInput(str(miss)) from miss

    def _answer(self, step: Mapping[str, Any], happened: Happened) -> dict[str, Any]:
        case = self.case
        return {
            "refused": None if happened.refusal is None else happened.refusal.code,
            "states": list(case.leaves),
            "candidates": sorted(map(str, case.candidates(step.get("in")))),
            "ended": case.facts.state.is_ended,
            "fired": happened.fired,
            "incident": happened.incidents[0] if happened.incidents else None,
            "mails": [mail.to_plain() for mail in happened.mails if not mail.is_automatic],
            "on_behalf_of": happened.on_behalf_of,
            "data": {name: plain(value) for name, value in case.data().items()},
        }


def first_given(definition: Definition, fixture: str | None) -> dict[str, Any]:
    """What a walk begins with: the fixture named, otherwise the definition's first one, if it has any.

    Raises InvalidInput for a fixture that does not exist."""
    if fixture is not None:
        if fixture not in definition.fixtures:
            raise InvalidInput(f"There is no fixture {fixture!r}.")
        return {"uses": fixture}
    first = next(iter(definition.fixtures), None)
    return {} if first is None else {"uses": first}


def walk_lines(definition: Definition, lines: Iterable[str | bytes], fixture: str | None = None) -> Iterator[str]:
    """Answers each step with one JSON line. The first line may say ``{"given": {…}}``; it is not a step and has no
    answer unless it cannot be used. A line that cannot be read is answered with ``error`` and changes nothing; bytes
    that are no text are such a line, not the end."""
    walk: Walk | None = None
    is_first = True
    for line in lines:
        if not line.strip():
            continue
        try:
            step = json.loads(line)
            if not isinstance(step, Mapping):
                raise InvalidInput("A line is a JSON object.")
            if is_first and "given" in step:
                given = step["given"] or {}
                if not isinstance(given, Mapping):
                    raise InvalidInput("given is a JSON object.")
                walk = Walk(definition, {**first_given(definition, fixture), **given} if fixture else given)
                continue
            walk = walk or Walk(definition, first_given(definition, fixture))
            yield json.dumps(walk.step(step), ensure_ascii=False)
        except (ValueError, InvalidInput, RecursionError, OverflowError) as error:
            yield json.dumps({"error": str(error)}, ensure_ascii=False)
        finally:
            is_first = False
