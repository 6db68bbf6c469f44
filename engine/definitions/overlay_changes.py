"""What a base changed under an overlay: the nodes both touched, each as old base, new base and overlay have it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.definitions.expand import expand_templates
from engine.definitions.library import Library
from engine.definitions.model import Text
from engine.definitions.overlay import Overlay, apply
from engine.definitions.overlay_bases import base_now, base_then, version_of
from engine.definitions.overlay_seals import Touch
from engine.definitions.problems import Problems, shorten
from engine.definitions.reading import Reader
from engine.definitions.source import MAP, Node

Path = tuple[str, ...]
LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class BothTouched:
    """One node the base changed and the overlay touches. ``at`` is the overlay's own token; a side without the node
    is None, as where the overlay or the new base takes it away."""

    path: Path
    at: Node
    old: Node | None
    new: Node | None
    mine: Node


def both_touched(overlay: Overlay, library: Library) -> list[BothTouched]:
    """The nodes that changed between the base the overlay was written on and today's, in the overlay's order."""
    old, new = base_then(overlay, library), base_now(overlay, library)
    if old is None or new is None or old is new:
        return []
    return changed_under(overlay, old, new)


def changed_under(overlay: Overlay, old: Node, new: Node) -> list[BothTouched]:
    """What ``overlay`` touches that differs between two bases: a node itself, or the map the overlay adds to."""
    touches = {touch.path: touch for base in (new, old) for touch in _touches(overlay, base)}
    sides = [(old, new)]
    if not overlay.is_form:  # a state may have a node from its template, where the file does not show it
        sides.append((_expanded(old), _expanded(new)))
    found: dict[Path, BothTouched] = {}
    for touch in sorted(touches.values(), key=lambda each: (each.at.line, each.at.column)):
        if any(touch.path[:length] in found for length in range(len(touch.path))):
            continue  # inside something that is shown as a whole
        for before, after in sides:
            one, other = before.get(*touch.path), after.get(*touch.path)
            if not same(one, other):
                found[touch.path] = BothTouched(touch.path, touch.at, one, other, touch.value)
                break
    return list(found.values())


def report_changes(overlay: Overlay, library: Library, problems: Problems) -> None:
    """WF113 at each of the overlay's tokens whose node the base changed since the overlay was written."""
    old = base_then(overlay, library)
    version = shorten(str((version_of(old) if old is not None else None) or ""))
    tell_changes(both_touched(overlay, library), version, problems)


def tell_changes(both: Iterable[BothTouched], version: str, problems: Problems) -> None:
    """WF113 at each of these nodes; ``version`` is that of the base the overlay was written on."""
    for each in both:
        name, how = _how(each.path[-1], each.old, each.new)
        problems.add(
            "WF113",
            each.at,
            f'Dasar berubah di sini sejak versi {version}: "{name}" {how.id}.',
            f'The base changed here since version {version}: "{name}" {how.en}.',
        )


def _how(name: str, before: Node | None, after: Node | None) -> tuple[str, Text]:
    """What changed first, as deep down as it can be said, and how."""
    name = shorten(name)
    if before is None or after is None:
        is_new = before is None
        return name, Text("kini ada di dasar", "is in the base now") if is_new else Text("tidak ada lagi", "is gone")
    if before.kind == MAP and after.kind == MAP:
        for key in (*before.entries, *after.entries):
            if not same(before.get(key), after.get(key)):
                return _how(key, before.get(key), after.get(key))
    old, new = _text(before.plain()), _text(after.plain())
    if max(len(old), len(new)) > LONGEST_SHOWN:
        return name, Text("lain isinya", "reads differently")
    return name, Text(f"dulu {old}, kini {new}", f"was {old}, now {new}")


def same(one: Node | None, other: Node | None) -> bool:
    """Whether two nodes say the same, wherever they stand and in whatever order their keys are."""
    if one is None or other is None:
        return one is other
    return one is other or _text(one.plain()) == _text(other.plain())


def _touches(overlay: Overlay, base: Node) -> Iterator[Touch]:
    _, touches = apply(overlay, base, Problems())
    for touch in touches:
        if not (touch.value.kind == MAP and not touch.value.entries and base.get(*touch.path) is not None):
            yield touch


def _expanded(root: Node) -> Node:
    return expand_templates(root, Reader(Problems()))


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_number)


def _number(value: Any) -> Any:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def lines_of(value: Any, indent: str = "") -> Sequence[str]:
    """A value as lines that read like the file it came from."""
    if isinstance(value, dict) and value:
        found = []
        for key, inner in value.items():
            below = lines_of(inner, indent + "  ")
            is_short = not isinstance(inner, dict | list) or not inner
            found += [f"{indent}{key}: {below[0].strip()}"] if is_short else [f"{indent}{key}:", *below]
        return found
    if isinstance(value, list) and value:
        return [f"{indent}- {item if isinstance(item, str) and item else _text(item)}" for item in value]
    return [indent + (value if isinstance(value, str) and value else _text(value))]
