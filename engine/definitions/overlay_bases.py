"""The base an overlay was written on: the lowest version its range accepts, current or kept in ``history/``.

An overlay in a file names no digest. Its ``extends.version`` says where it began: ``^2.1`` was written on 2.1, and who
has looked at a newer base says so by raising it. A range without a beginning (``*``, ``<3``) says nothing: then the
current base counts. Overlays of a province are kept in ``history/`` in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from engine.definitions.library import Library
from engine.definitions.overlay import Overlay, apply
from engine.definitions.problems import Problems
from engine.definitions.source import Node
from engine.definitions.version_ranges import Version, accepts, has_beginning, parse_version

T = TypeVar("T")


def base_now(overlay: Overlay, library: Library) -> Node | None:
    """What the overlay is laid on today: the base, or the base with the province's layer; None when it is missing."""
    below = _below(overlay, library)
    if below is not None:
        merged = library.merged(below, Problems())
        return merged[0] if merged is not None else None
    if overlay.base_kind == "overlay":
        return None
    return (library.forms if overlay.is_form else library.workflows).get(overlay.base)


def base_then(overlay: Overlay, library: Library) -> Node | None:
    """What the overlay was written on. Where another base is being tried, that is the one there is today."""
    if library.today is not None:
        return base_now(overlay, library.today)
    if overlay.base_kind != "overlay":
        now = base_now(overlay, library)
        return None if now is None else _oldest("form" if overlay.is_form else "workflow", overlay, now, library)
    below = _below(overlay, library)
    if below is None:
        return None
    if version_of(below.root) is not None:
        kept = library.older_overlays
        below = lowest_accepted(overlay, {**_of(kept, below.name), str(version_of(below.root)): below}) or below
        root = base_then(below, library)
    else:  # a province without a version of its own: the district's range is about the base below it
        now = base_now(below, library)
        kind = "form" if overlay.is_form else "workflow"
        chain = library.chain(overlay)
        root = None if now is None else _oldest(kind, overlay, now, library, chain[0].base)
    return None if root is None else apply(below, root, Problems())[0]


def version_of(root: Node) -> str | None:
    """The version a file gives itself."""
    version = root.get("version")
    return None if version is None else str(version.value)


def _below(overlay: Overlay, library: Library) -> Overlay | None:
    overlays = library.form_overlays if overlay.is_form else library.workflow_overlays
    return overlays.get(overlay.base) if overlay.base_kind == "overlay" and library.chain(overlay) else None


def _oldest(kind: str, overlay: Overlay, now: Node, library: Library, name: str | None = None) -> Node:
    wanted = name or overlay.base
    kept = {version: root for (of, key, version), root in library.older.items() if (of, key) == (kind, wanted)}
    return lowest_accepted(overlay, {**kept, version_of(now) or "": now}) or now


def _of(kept: dict[tuple[str, str], Overlay], name: str) -> dict[str, Overlay]:
    return {version: overlay for (key, version), overlay in kept.items() if key == name}


def lowest_accepted(overlay: Overlay, known: Mapping[str, T]) -> T | None:
    """Of ``known`` by version the lowest the overlay accepts; None when its range has no beginning or takes none."""
    if not has_beginning(overlay.version):
        return None
    fitting: list[tuple[Version, str]] = []
    for version in known:
        numbers = parse_version(version)
        if numbers is not None and accepts(overlay.version, version):
            fitting.append((numbers, version))
    return known[min(fitting)[1]] if fitting else None
