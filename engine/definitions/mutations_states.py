"""Changes of how a state is left: its arrows, their guards and what they require, its timers and its join."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions import unseen
from engine.definitions.expressions import Expression
from engine.definitions.graph import is_raised
from engine.definitions.model import Text, Transition
from engine.definitions.mutations import Mutation, Path, Subject, numbered
from engine.definitions.source import INTEGER, LIST, MAP, TEXT, Entry, Node


def arrows(subject: Subject) -> Iterator[Mutation]:
    """Each arrow removed, led elsewhere, without its guard, without one thing it requires."""
    key, state = subject.key, subject.state
    for action, entry in subject.inside("transitions").items():
        transition = state.transitions[action]
        path = ("transitions", action)
        yield _removed(subject, path, entry.key, action, f"{key}.{action}", transition.to or "")
        if transition.to is not None:
            yield from _retargeted(subject, path, action, transition.to, resumes=transition.resumes)
        yield from _without_guard(subject, path, action, f"{key}.{action}", transition.guard)
        yield from _requirements(subject, path, transition)


def automatic_arrows(subject: Subject) -> Iterator[Mutation]:
    """The same of ``always``; what stands after one without a guard is never tried."""
    for always in subject.state.always:
        path = ("always", always.key)
        found = subject.find(*path)
        assert found is not None
        name = f"always.{always.key}"
        yield _removed(subject, path, found.key, name, f"{subject.key}.{name}", always.to)
        yield from _retargeted(subject, path, name, always.to)
        if always.guard is None:
            return
        yield from _without_guard(subject, path, name, f"{subject.key}.{name}", always.guard)


def _removed(subject: Subject, path: Path, at: Node, action: str, arrow: str, target: str) -> Mutation:
    change = Text(
        f'tindakan "{action}" di "{subject.key}" tidak ada', f'there is no "{action}" in "{subject.key}"'
    )  # fmt: skip
    return subject.mutation("arrow_removed", path, None, at, change, action=action, mark=f"taken:{arrow}", goal=target)


def _retargeted(subject: Subject, path: Path, action: str, target: str, resumes: bool = False) -> Iterator[Mutation]:
    other = other_target(subject, target, resumes)
    found = subject.find(*path, "to")
    if other is None or found is None:
        return
    change = Text(
        f'"{action}" di "{subject.key}" menuju "{other}", bukan "{target}"',
        f'"{action}" in "{subject.key}" leads to "{other}" instead of "{target}"',
    )
    value = found.value.with_value(other)
    yield subject.mutation(
        "arrow_retargeted", (*path, "to"), value, found.value, change, action=action, name=other, goal=target
    )


def other_target(subject: Subject, target: str, resumes: bool) -> str | None:
    """The state an arrow is mistakenly led to: the one after its target among those beside it, of its kind if there
    is one: the mistake that is hardest to notice. An arrow that resumes needs a target with history."""
    states = subject.definition.states
    here = states[target]
    beside = [key for key, each in states.items() if (each.parent, each.region) == (here.parent, here.region)]
    place = beside.index(target)
    order = [*beside[place + 1 :], *beside[:place]]
    order += [key for key in states if key not in beside]
    if resumes:
        order = [key for key in order if states[key].history is not None]
    order.sort(key=lambda key: (states[key].kind == "final") != (here.kind == "final"))
    return order[0] if order else None


def _without_guard(
    subject: Subject, path: Path, action: str, arrow: str, guard: Expression | None
) -> Iterator[Mutation]:  # fmt: skip
    found = subject.find(*path, "guard")
    if guard is None or found is None or unseen.is_literally(guard, True):
        return
    change = Text(
        f'"{action}" di "{subject.key}" tanpa syarat {guard.text}',
        f'"{action}" in "{subject.key}" has no guard {guard.text}',
    )
    yield subject.mutation(
        "guard", (*path, "guard"), None, found.value, change, action=action, name=guard.text, mark=f"guard:{arrow}"
    )


def _requirements(subject: Subject, path: Path, transition: Transition) -> Iterator[Mutation]:
    action = transition.action
    if not transition.by and subject.find(*path, "by") is not None:
        return  # nobody makes it, so nobody is asked
    for number, word in numbered(transition.requires):
        if not unseen.asks(subject.state, transition, word):
            continue
        change = Text(
            f'"{action}" di "{subject.key}" tidak meminta {word}',
            f'"{action}" in "{subject.key}" does not require {word}',
        )
        mark = f"requires:{subject.key}.{action}.{word}"
        yield subject.without_item("requires", (*path, "requires"), number, change, action=action, name=word, mark=mark)


def timers(subject: Subject) -> Iterator[Mutation]:
    """Each timer removed, and led elsewhere where it moves the case."""
    for key, entry in subject.inside("timers").items():
        timer = subject.state.timers[key]
        path = ("timers", key)
        change = Text(
            f'pengatur waktu "{key}" di "{subject.key}" tidak ada', f'there is no timer "{key}" in "{subject.key}"'
        )
        mark = f"fired:{subject.key}.{key}" if timer.to is not None else ""
        yield subject.mutation("timer", path, None, entry.key, change, name=key, mark=mark, goal=timer.to or "")
        if timer.to is not None:
            yield from _retargeted(subject, path, key, timer.to)


def joins(subject: Subject) -> Iterator[Mutation]:
    """A parallel state that does not wait for one of its regions, or for one more or less of them."""
    state = subject.state
    if state.kind != "parallel" or "done" not in state.transitions or not is_raised(state, "done"):
        return
    written = subject.find("join")
    if state.join is not None and state.join.quorum is not None:
        quorum = subject.find("join", "quorum")
        if quorum is not None:
            yield from quorums(subject, ("join", "quorum"), quorum.value, len(state.regions))
        return
    regions = list(state.join.regions) if state.join is not None else list(state.regions)
    if len(regions) < 2:
        return
    for number, region in numbered(tuple(regions)):
        left = [name for name in regions if name != region]
        listed = subject.find("join", "all_of")
        at = listed.value.items[number] if listed is not None else subject.inside("regions")[region].key
        change = Text(
            f'"{subject.key}" tidak menunggu cabang "{region}"', f'"{subject.key}" does not wait for region "{region}"'
        )
        names = Node(LIST, [Node(TEXT, name, at.position) for name in left], at.position)
        place = written.value if written is not None else at
        value = Node(MAP, {"all_of": Entry(Node(TEXT, "all_of", place.position), names)}, place.position)
        mark = f"last:{subject.key}.{region}"
        yield subject.mutation("join", ("join",), value, at, change, action="done", name=region, mark=mark)


def quorums(subject: Subject, path: Path, written: Node, most: int | None) -> Iterator[Mutation]:
    """One fewer and one more than a number of decisions, items or regions; ``most`` is how many there can be."""
    if written.kind != INTEGER:
        return
    for other in (written.value - 1, written.value + 1):
        if other < 1 or (most is not None and other > most):
            continue
        change = Text(
            f'"{subject.key}" selesai dengan {other}, bukan {written.value}',
            f'"{subject.key}" is complete with {other} instead of {written.value}',
        )
        yield subject.mutation(
            "quorum", path, written.with_value(other), written, change, name=str(other), goal=str(written.value)
        )
