"""Ideas for the step that would notice a change: who does what, and what has to come of it as the definition is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.cases.chart import chart_of
from engine.cases.expectations import due_of
from engine.cases.promises import share_of
from engine.cases.strength_acts import Idea, Standing, doers, outcome, plain_span, try_step, until_left
from engine.cases.strength_people import excluded, power, requires, separation, veto
from engine.definitions.model import Definition, Duration, Text
from engine.definitions.mutations import Mutation

_EMPTY: tuple[Any, ...] = ([], None)


def ideas(definition: Definition, mutation: Mutation, case: Standing) -> Iterator[Idea]:
    """Ideas for one change, the likeliest first; ``case`` stands where the change can be seen, and is not moved."""
    yield from _IDEAS[mutation.kind](definition, mutation, case)


def _arrow(definition: Definition, mutation: Mutation, case: Standing) -> Iterator[Idea]:
    action, state = mutation.action, definition.states[mutation.state]
    if action.startswith("always."):
        yield Idea(expect=outcome(case))
    elif action in state.timers:
        yield from _timer(definition, mutation, case)
    elif state.approval is not None and action in ("approved", "rejected"):
        yield Idea(
            until_left(case, state.approval.accept if action == "approved" else state.approval.refuse, state.key)
        )
    else:
        for step in doers(case, action, mutation.state):
            yield Idea([{**step, "expect": outcome(try_step(case, step)[0])}])
    yield Idea(missing=Text(f'lanjutkan sampai "{action}" terjadi, lalu harapkan langkah "{mutation.goal}"',
                            f'go on until "{action}" happens, then expect the state "{mutation.goal}"'))  # fmt: skip


def _guard(definition: Definition, mutation: Mutation, case: Standing) -> Iterator[Idea]:
    state = definition.states[mutation.state]
    arrow = state.transitions.get(mutation.action)
    names = sorted(arrow.guard.names) if arrow is not None and arrow.guard is not None else []
    for person in dict.fromkeys(map(str, case.everybody())):
        bare = {"as": person, "do": mutation.action}
        refusal = try_step(case, bare)[1].refusal
        if refusal is not None and refusal.code == "guard":
            yield Idea([{**bare, "refused": "guard"}])
    step = next(doers(case, mutation.action, mutation.state), None)
    for name in names if step is not None else ():
        for empty in _EMPTY:
            yield Idea([{**(step or {}), "refused": "guard"}], {"data": {name: empty}})
    missing = Text(f"isi jawaban sehingga ini tidak terpenuhi: {mutation.name}",
                   f"give answers for which this does not hold: {mutation.name}")  # fmt: skip
    steps = [] if step is None else [{**step, "refused": "guard"}]
    yield Idea(steps, missing=missing)


def _timer(definition: Definition, mutation: Mutation, case: Standing) -> Iterator[Idea]:
    timer = definition.states[mutation.state].timers.get(mutation.name or mutation.action)
    timer = timer or definition.states[mutation.state].timers.get(mutation.action)
    spans = () if timer is None else (timer.after, timer.repeat_every if "repeat" in mutation.path else None)
    yield from _waited(case, [span for span in spans if span is not None])


def _waited(case: Standing, spans: Sequence[Duration]) -> Iterator[Idea]:
    moved, steps = case.branch(), []
    for span in spans:
        happened = moved.advance(span)
        expected: dict[str, Any] = {"fired": list(happened.fired)}
        if case.leaves != moved.leaves:
            expected |= outcome(moved)
        steps.append({"advance": plain_span(span), "expect": expected})
    if steps:
        yield Idea(steps)
    yield Idea(missing=Text("majukan jam (advance) sampai saatnya, lalu harapkan fired",
                            "advance the clock to its moment, then expect what has fired"))  # fmt: skip


def _duration(definition: Definition, mutation: Mutation, case: Standing) -> Iterator[Idea]:
    if mutation.section == "slas":
        yield from _warned(definition, mutation, case)
    elif mutation.path[0] == "timers" and mutation.path[2] in ("after", "repeat"):
        yield from _timer(definition, mutation, case)
    elif mutation.path[1] == "due":
        day = due_of(case)
        if day is not None:
            yield Idea(expect={"due": day})
            yield Idea([{"advance": {"minutes": 0}, "expect": {"due": day}}])
        missing = Text("harapkan due saat tinggal satu tugas terbuka", "expect due while one task alone is open")
        yield Idea(missing=missing)
    elif mutation.path[1] == "auto_release":
        yield from _given_back(definition, mutation, case)
    else:
        yield Idea(missing=Text("majukan jam sampai peringatan janji berbunyi sesudah diperpanjang",
                                "advance the clock until the promise warns after its extension"))  # fmt: skip


def _given_back(definition: Definition, mutation: Mutation, case: Standing) -> Iterator[Idea]:
    task = definition.states[mutation.state].task
    span = None if task is None else task.auto_release
    for step in doers(case, "claim", mutation.state) if span is not None else ():
        moved = try_step(case, step)[0]
        assert span is not None
        moved.advance(span)
        people = [str(person) for person in moved.candidates(mutation.state)]
        yield Idea([step, {"advance": plain_span(span), "expect": {"candidates": people}}])


def _warned(definition: Definition, mutation: Mutation, case: Standing) -> Iterator[Idea]:
    sla = definition.slas[mutation.name]
    assert sla.at_risk_share is not None
    unit, amount = share_of(sla.at_risk_share, sla.target.unit, sla.target.amount)
    if unit == "working_minutes":
        unit, amount = "working_hours", -(-amount // 60)
    span = Duration(unit, amount, sla.target.calendar or sla.calendar)
    for start in sla.start:
        state, _, action = start.partition(".")
        for step in doers(case, action, state) if action else ():
            for idea in _waited(try_step(case, step)[0], [span]):
                yield replace(idea, steps=[step, *idea.steps])
    yield from _waited(case, [span])


def _join(definition: Definition, mutation: Mutation, case: Standing) -> Iterator[Idea]:  # noqa: ARG001 - like all
    missing = Text(f'selesaikan cabang lain dulu, lalu "{mutation.name}"; harapkan states sesudah tiap langkah',
                   f'finish the other regions, then "{mutation.name}"; expect the states after each step')  # fmt: skip
    yield Idea(missing=missing)


def _quorum(definition: Definition, mutation: Mutation, case: Standing) -> Iterator[Idea]:
    state = definition.states[mutation.state]
    if state.approval is not None:
        yield Idea(until_left(case, state.approval.accept, state.key))
    elif state.multi_instance is not None:
        for action in sorted(chart_of(definition).candidate_actions(state.key)):
            yield Idea(until_left(case, action, state.key))
    missing = Text(f"tunjukkan bahwa {mutation.goal} cukup dan kurang dari itu tidak",
                   f"show that {mutation.goal} is enough and fewer are not")  # fmt: skip
    yield Idea(missing=missing)


_IDEAS: Mapping[str, Callable[[Definition, Mutation, Standing], Iterator[Idea]]] = {
    "arrow_removed": _arrow,
    "arrow_retargeted": _arrow,
    "guard": _guard,
    "requires": requires,
    "excluded": excluded,
    "separation": separation,
    "veto": veto,
    "power": power,
    "timer": _timer,
    "join": _join,
    "quorum": _quorum,
    "duration": _duration,
}
