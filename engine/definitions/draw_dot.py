"""A case type in Graphviz' language: boxes, frames around what holds others, and one arrow between each two."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from engine.definitions.diff.words import duration
from engine.definitions.model import Definition, State, Text, Timer

WIDEST_WORD = "MMMMMMMM"  # what the layout keeps free for the word of a mark
EMPTY = "\u00a0"  # Graphviz reads memory that is not its own where a line of a label is empty
_UNSAFE = re.compile(r"[^a-z0-9_-]")
LONGEST_LINE = 26  # letters of a title in one line
MANY_STATES = 16  # more than these are easier to follow from top to bottom
MANY_STANDING = 8  # fewer where arrows say their actions


@dataclass(frozen=True, slots=True)
class Arrow:
    """All ways from one state to another. ``is_back`` when it leads to what was written earlier."""

    source: str
    target: str
    titles: tuple[str, ...]
    is_back: bool

    @property
    def key(self) -> str:
        """Names the arrow in marks."""
        return f"{safe(self.source)}--{safe(self.target)}"


def arrows(definition: Definition, language: str) -> tuple[Arrow, ...]:
    """Every pair of states that something leads from and to, in document order."""
    found: dict[tuple[str, str], list[str]] = {}
    for state in definition.states.values():
        for title, to in ways(definition, state, language):
            if to != state.key:
                found.setdefault((state.key, to), []).append(title)
    places = {key: state.position for key, state in definition.states.items()}
    return tuple(
        Arrow(source, target, tuple(dict.fromkeys(filter(None, titles))), places[target] < places[source])
        for (source, target), titles in found.items()
    )


def ways(definition: Definition, state: State, language: str) -> Iterator[tuple[str, str]]:
    """The title and the target of everything that leads out of a state."""
    for transition in state.transitions.values():
        if transition.to in definition.states:
            yield transition.title.into(language), str(transition.to)
    for always in state.always:
        if always.to in definition.states:
            yield "", always.to
    for timer in state.timers.values():
        if timer.to in definition.states:
            yield moment(timer).into(language), str(timer.to)


def moment(timer: Timer) -> Text:
    """A timer's title; where it has none, when it is due."""
    if timer.title is not None:
        return timer.title
    if timer.after is not None:
        span = duration(timer.after)
        return Text(f"setelah {span.id}", f"after {span.en}")
    written = timer.at.text if timer.at is not None else ""
    return Text(f"pada {written}", f"on {written}")


def lines_of(title: str) -> list[str]:
    """A title in lines that keep a box narrow."""
    return textwrap.wrap(title, LONGEST_LINE, break_long_words=False) or [EMPTY]


def safe(key: str) -> str:
    """A key as it may stand in an id or a class. A definition with findings may have keys of any letters."""
    return _UNSAFE.sub(lambda found: f"-{ord(found[0]):x}-", key)


def dot(definition: Definition, language: str, standing: Collection[str] | None = None) -> str:
    """The graph. ``standing`` is for a picture without a page around it: arrows say their actions, boxes who works
    there, a dot where cases begin, and only the states of these keys keep a line free for the word of a mark."""
    direction = "TB" if len(definition.states) > (MANY_STATES if standing is None else MANY_STANDING) else "LR"
    graph = f"rankdir={direction}, compound=true, bgcolor=transparent, nodesep=0.25, margin=0"
    lines = [
        "digraph alur {",
        f'graph [{graph}, ranksep={0.35 if direction == "LR" else 0.3}, fontname="Helvetica", fontsize=14];',
        'node [shape=box, style=rounded, fontname="Helvetica", fontsize=14, margin="0.23,0.12"];',
        'edge [arrowsize=0.7, fontname="Helvetica", fontsize=12];',
    ]
    writer = _Writer(definition, language, standing)
    for state in definition.states.values():
        if state.parent is None:
            lines.extend(writer.group(state))
    lines.extend(writer.edges())
    return "\n".join([*lines, "}"])


class _Writer:
    """Writes one graph."""

    def __init__(self, definition: Definition, language: str, standing: Collection[str] | None) -> None:
        self.definition = definition
        self.states = definition.states
        self.language = language
        self.is_standing = standing is not None
        self.marked = standing or ()

    def group(self, state: State) -> Iterator[str]:
        """A state, with what it holds."""
        rows = lines_of(state.title.into(self.language))
        if not state.children:
            rows += [f"○ {title}" for title in approvers(self.definition, state, self.language)]
            if self.is_standing and state.task is not None and state.task.candidates:
                rows += lines_of(roles_of(self.definition, state.task.candidates, self.language))
            rows += [WIDEST_WORD] if not self.is_standing or state.key in self.marked else []
            kind = "final" if state.kind == "final" else "atomic"
            name = safe(state.key)
            yield f'"{name}" [id="dg-{name}", class="state {kind}", label="{_label(rows)}"];'
            return
        rows += [WIDEST_WORD] if state.key in self.marked else []
        name = safe(state.key)
        yield f'subgraph "cluster_{name}" {{ id="dg-{name}"; class="state whole"; style=rounded; margin=14;'
        yield f'label="{_label(rows)}";'
        for child in state.children:
            yield from self.group(self.states[child])
        yield "}"

    def edges(self) -> Iterator[str]:
        """One arrow between each two states. Those that lead back do not pull their target down the page."""
        if self.is_standing and self.definition.initial in self.states:
            first = self.states[self.definition.initial]
            frame = f', lhead="cluster_{safe(first.key)}"' if first.children else ""
            yield '"@start" [shape=circle, label="", width=0.18, class="start"];'
            yield f'"@start" -> "{self._leaf(first, last=False)}" [class="on"{frame}];'
        for arrow in arrows(self.definition, self.language):
            source, target = self.states[arrow.source], self.states[arrow.target]
            tail, head = self._leaf(source, last=True), self._leaf(target, last=False)
            if tail == head:
                continue
            ends = {"tail": self._frame(source, target), "head": self._frame(target, source)}
            options = [f'class="{"back" if arrow.is_back else "on"} @class:{arrow.key}@"']
            if self.is_standing and arrow.titles:
                options.append(f'label="{_label([f"  {title}  " for title in arrow.titles])}"')
            if arrow.is_back:
                tail, head = head, tail
                ends = {"tail": ends["head"], "head": ends["tail"]}
                options.append("dir=back")
            options += [f'l{end}="{frame}"' for end, frame in ends.items() if frame]
            yield f'"{tail}" -> "{head}" [{", ".join(options)}];'

    def _frame(self, state: State, other: State) -> str:
        """The frame an arrow ends at, where it does not end at a box."""
        is_frame = bool(state.children) and not self._is_inside(other, state)
        return f"cluster_{safe(state.key)}" if is_frame else ""

    def _is_inside(self, state: State, whole: State) -> bool:
        parent = state.parent
        while parent is not None and parent != whole.key:
            parent = self.states[parent].parent
        return parent == whole.key

    def _leaf(self, state: State, *, last: bool) -> str:
        while state.children:
            inner = state.children[-1] if last else (state.initial or state.children[0])
            state = self.states[inner if inner in self.states else state.children[0]]
        return safe(state.key)


def approvers(definition: Definition, state: State, language: str) -> tuple[str, ...]:
    """The titles of those who decide, one a place of the approval."""
    if state.approval is None:
        return ()
    return tuple(roles_of(definition, approver.candidates, language) for approver in state.approval.approvers)


def roles_of(definition: Definition, keys: Iterable[str], language: str) -> str:
    """The titles of roles."""
    roles = definition.roles
    return ", ".join(roles[key].title.into(language) for key in keys if key in roles)


def _label(rows: list[str]) -> str:
    return "\\n".join(_line(row) for row in rows)


def _line(row: str) -> str:
    kept = row.replace("@", "").replace("\n", " ")
    return (kept if kept.strip() else EMPTY).replace("\\", "\\\\").replace('"', '\\"')
