"""The case types of a tree, asked for what the field's files name: states, roles, milestones, fields shown."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from engine.definitions.expand import expand_templates
from engine.definitions.library import Library, read_library
from engine.definitions.outline import Outline, outline
from engine.definitions.problems import Problems
from engine.definitions.reading import Reader
from engine.definitions.source import Node
from engine.definitions.tree import read_tree
from sakip.configuration.check.look import entries, text, words

FOLDER = "workflows"
STEPS = ("task", "approval")


class CaseTypes(Mapping[str, "CaseType"]):
    """By name, each as one region has it."""

    def __init__(self, library: Library, region: str | None) -> None:
        self._library = library
        self._region = region
        self._known: dict[str, CaseType] = {}

    def __getitem__(self, name: str) -> CaseType:
        if name not in self._known:
            self._known[name] = CaseType(self._root(name), self._forms)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._library.workflows)

    def __len__(self) -> int:
        return len(self._library.workflows)

    def _root(self, name: str) -> Node:
        for overlay in self._library.overlays_of(name):
            merged = self._library.merged(overlay, Problems()) if overlay.region == self._region else None
            if merged is not None:
                return merged[0]
        return self._library.workflows[name]

    @cached_property
    def _forms(self) -> Mapping[str, Node]:
        return self._library.region_forms([] if self._region is None else [self._region], Problems())


class CaseType:
    """One case type. What is wrong in its own file is told by ``flask workflow lint``, not here."""

    def __init__(self, root: Node, forms: Mapping[str, Node]) -> None:
        self._root = expand_templates(root, Reader(Problems()))
        self._forms = forms

    @cached_property
    def _outline(self) -> Outline:
        return outline(self._root.entries.get("lifecycle"), Problems())

    @property
    def states(self) -> Collection[str]:
        """Every state, inner ones too."""
        return self._outline.entries.keys()

    @property
    def roles(self) -> Collection[str]:
        """Every role."""
        return entries(self._root, "roles").keys()

    @property
    def milestones(self) -> Mapping[str, Collection[str]]:
        """Every milestone with its states."""
        return {key: words(entry.value) for key, entry in entries(self._root, "milestones").items()}

    def has_task(self, state: str) -> bool:
        """Whether somebody has something to do in a state or in one inside it."""
        entry = self._outline.entries.get(state)
        if entry is None:
            return False
        if any(entry.value.get(step) is not None for step in STEPS):
            return True
        return any(self.has_task(child) for child in self._outline.children.get(state, ()))

    def showing(self, field_name: str, until: Collection[str], own: str) -> str | None:
        """The first state whose task shows a field of its form before a case comes to one of ``until``; in the state
        ``own`` it may."""
        for state in self._before(until):
            if self._is_within(state, (own,)):
                continue
            for step in STEPS:
                asked = self._outline.entries[state].value.get(step)
                if asked is not None and self._shows(asked, field_name):
                    return state
        return None

    def _shows(self, asked: Node, field_name: str) -> bool:
        """Whether a task shows a field: each of its form is read unless it is hidden (language §4.1)."""
        form = text(asked.get("form"))
        if form is None or (form in self._forms and field_name not in entries(self._forms[form], "fields")):
            return False
        return text(asked.get("fields", field_name)) != "hidden"

    def _before(self, ends: Collection[str]) -> list[str]:
        """The states a case may be in without having come to one of ``ends``, in the order of the file."""
        initial = text(self._root.get("lifecycle", "initial"))
        found: set[str] = set()
        waiting = [] if initial is None else [initial]
        while waiting:
            state = waiting.pop()
            if state in found or state not in self._outline.entries or self._is_within(state, ends):
                continue
            found.add(state)
            waiting += self._outline.children.get(state, ())
            waiting += _targets(self._outline.entries[state].value)
            waiting += list(self._outline.ancestors(state))[1:2]
        return [state for state in self._outline.entries if state in found]

    def _is_within(self, state: str, outer: Collection[str]) -> bool:
        return any(each in outer for each in self._outline.ancestors(state))


def _targets(state: Node) -> Iterator[str]:
    """The states that a state's own transitions, timers and automatic steps lead to."""
    for section in ("transitions", "always", "timers"):
        for entry in entries(state, section).values():
            target = text(entry.value.get("to"))
            if target is not None:
                yield target


def read_case_types(root: Path, cwd: Path) -> Library | None:
    """What the tree at ``root`` holds in ``workflows/``, or None where it has no such folder."""
    folder = root / FOLDER
    if not folder.is_dir():
        return None
    library = Library()
    for grove in read_tree([folder], cwd).groves:
        library = read_library(grove, Problems())
    return library
