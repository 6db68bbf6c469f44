"""Acts on paper that nobody has to keep: who could do what in a case as it stands, and what would come of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.cases.chart import chart_of
from engine.cases.coverage import WatchedCase
from engine.cases.paper import Happened
from engine.cases.simulate import do_step
from engine.definitions.model import Definition, Duration, Text

MOST_ACTS = 20
EVERYTHING: Mapping[str, Any] = {"comment": "noted", "attachments": 1, "second_factor": True}


class Standing(WatchedCase):
    """A case that has come to where a change can be seen. ``examples`` are acts of other scenarios, with what was
    given."""

    examples: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Idea:
    """What is given besides, the steps to do, what the last step of the way should expect, and what is missing."""

    steps: Sequence[Mapping[str, Any]] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    expect: Mapping[str, Any] = field(default_factory=dict)
    missing: Text | None = None


def try_step(case: Standing, step: Mapping[str, Any]) -> tuple[Standing, Happened]:
    """A copy of the case after one step, and what happened."""
    moved = case.branch()
    return moved, do_step(moved, step)


def doers(case: Standing, action: str, state: str) -> Iterator[dict[str, Any]]:
    """The acts by which somebody takes an action in a state as the case stands: as other scenarios do it, then with no
    more than is needed."""
    for example in case.examples:
        if example["do"] == action and try_step(case, example)[1].refusal is None:
            yield dict(example)
    for person in dict.fromkeys(case.everybody()):
        for words in ((), ("comment",), ("attachments",), ("comment", "attachments"), tuple(EVERYTHING)):
            step: dict[str, Any] = {"as": str(person), "do": action}
            if len(case.leaves) > 1:
                step["in"] = state
            if words:
                step["with"] = {word: EVERYTHING[word] for word in words}
            if try_step(case, step)[1].refusal is None:
                yield step
                break


def outcome(case: Standing) -> dict[str, Any]:
    """Where a case stands, as an expectation."""
    leaves = list(case.leaves)
    return {"state": leaves[0]} if len(leaves) == 1 else {"states": leaves}


def until_left(case: Standing, action: str, state: str) -> list[dict[str, Any]]:
    """Acts by which one person after the other takes an action until the state is left, each with what comes of it."""
    steps: list[dict[str, Any]] = []
    while state in case.facts.state.active and len(steps) < MOST_ACTS:
        step = next(doers(case, action, state), None)
        if step is None:
            break
        case = try_step(case, step)[0]
        steps.append({**step, "expect": outcome(case)})
    return steps


def workers(definition: Definition, key: str) -> tuple[str, ...]:
    """The roles that work in a state: candidates, approvers, those its arrows name."""
    state = definition.states[key]
    found = list(state.task.candidates) if state.task is not None else []
    if state.approval is not None:
        found += [role for approver in state.approval.approvers for role in approver.candidates]
    for here in chart_of(definition).path[key]:
        found += [role for transition in definition.states[here].transitions.values() for role in transition.by]
    return tuple(dict.fromkeys(found))


def plain_span(span: Duration) -> dict[str, Any]:
    """A duration as a step writes it."""
    return {span.unit: span.amount, **({"calendar": span.calendar} if span.calendar else {})}
