"""A tree as a picture: boxes from left to right and lines between them, laid out here, coloured by the stylesheet."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from web.performance.tree_view import Box

WIDE, TALL, GAP_X, GAP_Y, MARGIN = 220, 76, 44, 14, 8
LETTERS, LINES = 31, 3  # of a statement in its box


@dataclass(frozen=True, slots=True)
class Placed:
    box: Box
    x: int
    y: int
    parent: tuple[int, int] | None


def picture(boxes: tuple[Box, ...], title: str) -> Markup:
    """The picture as SVG; every box is a link to its node. Empty without boxes."""
    if not boxes:
        return Markup()
    placed: list[Placed] = []
    bottom = MARGIN
    for box in boxes:
        bottom = _place(box, 0, bottom, None, placed) + GAP_Y
    width = max(one.x for one in placed) + WIDE + MARGIN
    parts = [
        f'<svg class="diagram tree-picture" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {bottom}" '
        f'width="{width}" height="{bottom}" role="group" aria-labelledby="tree-picture-title">'
        f'<title id="tree-picture-title">{escape(title)}</title>'
    ]
    parts += [_line(one) for one in placed if one.parent is not None]
    parts += [part for one in placed for part in _drawn(one)]
    return Markup("".join(parts) + "</svg>")


def _place(box: Box, depth: int, top: int, parent: tuple[int, int] | None, placed: list[Placed]) -> int:
    """Put a box and everything under it from ``top`` downwards; the bottom of what was put."""
    x = MARGIN + depth * (WIDE + GAP_X)
    here = len(placed)
    placed.append(Placed(box, x, top, parent))
    below = top
    for child in box.children:
        below = _place(child, depth + 1, below, (x + WIDE, top + TALL // 2), placed) + GAP_Y
    bottom = max(top + TALL, below - GAP_Y)
    middle = top if not box.children else (top + bottom - TALL) // 2
    placed[here] = Placed(box, x, middle, parent)
    for number in range(here + 1, len(placed)):
        one = placed[number]
        if one.parent == (x + WIDE, top + TALL // 2):
            placed[number] = Placed(one.box, one.x, one.y, (x + WIDE, middle + TALL // 2))
    return bottom


def _line(one: Placed) -> str:
    assert one.parent is not None
    (x, y), to = one.parent, one.y + TALL // 2
    half = x + GAP_X // 2
    return f'<path d="M{x} {y}H{half}V{to}H{one.x}"/>'


def _drawn(one: Placed) -> Iterator[str]:
    box = one.box
    shape = "at" if box.is_chosen else "ok" if box.mark else ""
    yield f'<g class="{shape}"><a href="{escape(box.href)}">'
    yield f'<rect x="{one.x}" y="{one.y}" width="{WIDE}" height="{TALL}" rx="6"/>'
    yield f'<text class="sub" x="{one.x + 10}" y="{one.y + 17}">{escape(_short(_head(box), 36))}</text>'
    lines = textwrap.wrap(box.statement, LETTERS) or [""]
    for number, line in enumerate(lines[:LINES]):
        shown = line if number < LINES - 1 or len(lines) <= LINES else _short(f"{line} …", LETTERS + 2)
        yield f'<text x="{one.x + 10}" y="{one.y + 35 + 15 * number}">{escape(shown)}</text>'
    yield "</a></g>"


def _head(box: Box) -> str:
    return f"{box.level} {box.number}" + (f" · +{box.more}" if box.more else "")


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
