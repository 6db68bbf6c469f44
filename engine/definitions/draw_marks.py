"""What a picture of a definition marks: states nobody can reach, and what is new or changed against another one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from engine.definitions.check.reachable import reachable
from engine.definitions.diff import changed_states, differences
from engine.definitions.diff.values import WORDS, Difference
from engine.definitions.draw_dot import arrows
from engine.definitions.graph import Graph
from engine.definitions.model import Definition, Text

LOST, NEW, CHANGED = "lost", "new", "changed"
KINDS = (LOST, NEW, CHANGED)
WORDS_OF = {
    LOST: Text("tidak terjangkau", "unreachable"),
    NEW: Text("baru", "new"),
    CHANGED: Text("berubah", "changed"),
}
EXPLAINED = {
    LOST: Text("tidak terjangkau: tidak ada jalan ke langkah ini", "unreachable: no way leads to this step"),
    NEW: Text("baru", "new"),
    CHANGED: Text("berubah", "changed"),
}
GONE = Text("Tidak ada lagi", "Not there any more")


@dataclass(frozen=True, slots=True)
class Marks:
    """By state, and by arrow (``source--target``), the kinds of mark it bears; ``gone`` tells what is not there any
    more and so cannot be drawn."""

    states: dict[str, tuple[str, ...]] = field(default_factory=dict)
    arrows: dict[str, str] = field(default_factory=dict)
    gone: tuple[Text, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that occur, in the order of the legend."""
        found = {kind for kinds in self.states.values() for kind in kinds} | set(self.arrows.values())
        return tuple(kind for kind in KINDS if kind in found)


def marks_of(definition: Definition, against: Definition | None = None) -> Marks:
    """The marks of a definition, which may have findings; ``against`` is what it is compared with."""
    states = {key: [LOST] for key in unreachable(definition)}
    if against is None:
        return Marks({key: tuple(kinds) for key, kinds in states.items()})
    found = differences(against, definition)
    changed = changed_states(found)
    for key in definition.states:
        if key not in against.states:
            states.setdefault(key, []).append(NEW)
        elif key in changed:
            states.setdefault(key, []).append(CHANGED)
    gone = tuple(each.sentence for each in found if each.kind in ("state_removed", "transition_removed"))
    return Marks({key: tuple(kinds) for key, kinds in states.items()}, _arrows(definition, against, found), gone)


def unreachable(definition: Definition) -> tuple[str, ...]:
    """The states no case can ever be in; all of them where it is not known in which one cases begin."""
    reached = reachable(Graph(definition)) if definition.initial in definition.states else set()
    return tuple(key for key in definition.states if key not in reached)


def _arrows(definition: Definition, against: Definition, found: Collection[Difference]) -> dict[str, str]:
    before = {arrow.key for arrow in arrows(against, "en")}
    touched = {
        tuple(each.path.split(".")[2:5])
        for each in found
        if each.weight != WORDS and each.path.split(".")[3:4] in (["transitions"], ["always"], ["timers"])
    }
    marks = {}
    for arrow in arrows(definition, "en"):
        if arrow.key not in before:
            marks[arrow.key] = NEW
        elif any((arrow.source, *place) in touched for place in _written(definition, arrow.source, arrow.target)):
            marks[arrow.key] = CHANGED
    return marks


def _written(definition: Definition, source: str, target: str) -> list[tuple[str, str]]:
    """Section and key of everything in ``source`` that leads to ``target``."""
    state = definition.states[source]
    found = [("transitions", key) for key, each in state.transitions.items() if each.to == target]
    found += [("always", each.key) for each in state.always if each.to == target]
    return found + [("timers", key) for key, each in state.timers.items() if each.to == target]
