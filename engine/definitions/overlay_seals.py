"""What a base seals: no overlay may touch it, what is in it, what it stands in or the template it is made of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.definitions.expand import expand_templates
from engine.definitions.outline import outline
from engine.definitions.problems import Problems, shorten
from engine.definitions.reading import Reader
from engine.definitions.source import MAP, TEXT, Node

Path = tuple[str, ...]
NAMES = ("schema", "case_type", "form")  # what a base is; a patch is of it


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing an overlay changes: where in the definition, and the token in the overlay's file."""

    path: Path
    at: Node
    value: Node


def check_sealed(
    base: Node, merged: Node, touches: Sequence[Touch], problems: Problems, names: Collection[str] = NAMES
) -> None:
    """Touching a sealed node, something in it or what it stands in is WF111, with the reason; so is a name of the
    base."""
    sealed: dict[Path, str] = {("sealed_nodes",): "", **{(name,): "" for name in names}}
    written = base.get("sealed_nodes")
    if written is not None:
        for name, entry in written.entries.items():
            reason = str(entry.value.value) if entry.value.kind == TEXT else ""
            for parts in _sealed_paths(name, base):
                sealed[parts] = reason
    _check_paths(sealed, frozenset(names), touches, problems)
    templates = [touch for touch in touches if touch.path[0] == "state_templates"]
    if templates and written is not None:
        _check_templates(base, merged, sealed, templates, problems)


def _check_paths(
    sealed: Mapping[Path, str], names: Collection[str], touches: Sequence[Touch], problems: Problems
) -> None:
    told: list[Path] = []
    for touch in touches:
        if any(touch.path[: len(path)] == path for path in told):
            continue  # inside something new that was reported as a whole
        for path, reason in sealed.items():
            shared = min(len(path), len(touch.path))
            if path[:shared] != touch.path[:shared]:
                continue
            if len(touch.path) < len(path) and touch.value.kind == MAP:
                continue
            _report(touch, path, reason, problems, is_name=".".join(path) in names)
            told.append(touch.path)
            break


def _report(touch: Touch, path: Path, reason: str, problems: Problems, is_name: bool = False) -> None:
    joined = ".".join(path)
    if is_name:
        problems.add(
            "WF111",
            touch.at,
            f'"{joined}" adalah nama dasar; lapisan tidak mengubahnya.',
            f'"{joined}" is the name of the base; an overlay does not change it.',
        )
        return
    because = f": {shorten(reason, 120)}" if reason else ""
    problems.add("WF111", touch.at, f'"{joined}" disegel{because}.', f'"{joined}" is sealed{because}.')


def _check_templates(
    base: Node, merged: Node, sealed: Mapping[Path, str], touches: Sequence[Touch], problems: Problems
) -> None:
    """A sealed state reads otherwise than in the base because the template it is made of was changed."""
    before, after = (expand_templates(root, Reader(Problems())) for root in (base, merged))
    for path, reason in sealed.items():
        if path[0] != "lifecycle" or _plain(before, path) == _plain(after, path):
            continue
        used = set(_templates_of(base, path))
        for touch in touches:
            if len(touch.path) == 1 or touch.path[1] in used:
                _report(touch, path, reason, problems)


def _plain(root: Node, path: Path) -> object:
    node = root.get(*path)
    return None if node is None else node.plain()


def _templates_of(base: Node, path: Path) -> Iterator[str]:
    """The templates that make up a sealed node: of the states it stands in, and of those in it."""
    for length in range(len(path) + 1):
        uses = base.get(*path[:length], "uses")
        if uses is not None:
            yield str(uses.value)
    node = base.get(*path)
    for inner in node.walk() if node is not None else ():
        uses = inner.get("uses")
        if uses is not None:
            yield str(uses.value)


def _sealed_paths(written: str, base: Node) -> Iterator[Path]:
    """A sealed path as written; one to a state may leave out the states around it."""
    parts = tuple(written.split("."))
    yield parts
    yield from _with_dotted_keys(written, base, ())
    if parts[:2] != ("lifecycle", "states") or len(parts) < 3:
        return
    states = outline(base.entries.get("lifecycle"), Problems())
    if parts[2] not in states.entries:
        return
    full: Path = ()
    for key in states.ancestors(parts[2]):
        region, parent = states.regions[key], states.parents[key]
        step: Path = ("states", key)
        full = (("regions", region) if region is not None and parent is not None else ()) + step + full
    yield ("lifecycle", *full, *parts[3:])


def _with_dotted_keys(written: str, node: Node, path: Path) -> Iterator[Path]:
    """A sealed path where a key has dots of its own, as paths of other files have."""
    for key, entry in node.entries.items():
        if written == key:
            if "." in key or any("." in each for each in path):
                yield (*path, key)
        elif written.startswith(f"{key}."):
            yield from _with_dotted_keys(written[len(key) + 1 :], entry.value, (*path, key))
