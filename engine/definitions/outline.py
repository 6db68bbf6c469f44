"""The states of a case type before they are read: who stands in whom, which events each knows, which forms are used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.definitions.problems import Problems, shorten
from engine.definitions.source import MAP, TEXT, Entry

DEFAULT_OUTCOMES = ("approve", "reject")


@dataclass(slots=True)
class Outline:
    """Every state by key in document order, with the state and the region it stands in."""

    entries: dict[str, Entry] = field(default_factory=dict)
    parents: dict[str, str | None] = field(default_factory=dict)
    regions: dict[str, str | None] = field(default_factory=dict)
    children: dict[str, list[str]] = field(default_factory=dict)
    written: dict[str, Entry] = field(default_factory=dict)  # as in the file, before templates were merged in

    def ancestors(self, state: str) -> Iterator[str]:
        """The state itself, then what it stands in, outwards."""
        current: str | None = state
        while current is not None:
            yield current
            current = self.parents.get(current)

    def events_of(self, state: str) -> list[str]:
        """Every action and event the state knows: its own, its approval's outcomes, its ancestors'."""
        found: list[str] = []
        for key in self.ancestors(state):
            if key not in self.entries:  # a template
                continue
            value = self.entries[key].value
            transitions = value.get("transitions")
            if transitions is not None:
                found += transitions.entries
            if value.get("approval") is not None:
                found += outcomes_of(self.entries[key])
        return found

    def forms(self) -> Iterator[str]:
        """The forms named by tasks and approvals, as written."""
        for entry in self.entries.values():
            for section in ("task", "approval"):
                form = entry.value.get(section, "form")
                if form is not None and form.kind == TEXT:
                    yield str(form.value)


def outcomes_of(state: Entry) -> list[str]:
    """The two actions of a state's approval, as far as they are written as texts."""
    names = []
    for part, default in zip(("accept", "refuse"), DEFAULT_OUTCOMES, strict=True):
        node = state.value.get("approval", "outcomes", part)
        if node is None:
            names.append(default)
        elif node.kind == TEXT:
            names.append(str(node.value))
    return names


def outline(lifecycle: Entry | None, problems: Problems) -> Outline:
    """Collect all states below ``lifecycle``; a key used twice is WF024 at the second one."""
    found = Outline()
    if lifecycle is not None:
        _collect(lifecycle.value.entries.get("states"), None, None, found, problems)
    return found


def _collect(states: Entry | None, parent: str | None, region: str | None, found: Outline, problems: Problems) -> None:
    if states is None:
        return
    for key, entry in states.value.entries.items():
        first = found.entries.get(key)
        if first is not None:
            problems.add(
                "WF024",
                entry.key,
                f'Langkah "{shorten(key)}" ada dua; yang pertama di baris {first.key.line}.',
                f'State "{shorten(key)}" stands twice; the first is on line {first.key.line}.',
            )
            continue
        found.entries[key] = entry
        found.parents[key] = parent
        found.regions[key] = region
        if parent is not None:
            found.children.setdefault(parent, []).append(key)
        _collect(entry.value.entries.get("states"), key, None, found, problems)
        for name, inner in _regions(entry):
            _collect(inner.value.entries.get("states"), key, name, found, problems)


def _regions(entry: Entry) -> list[tuple[str, Entry]]:
    regions = entry.value.get("regions")
    return list(regions.entries.items()) if regions is not None and regions.kind == MAP else []
