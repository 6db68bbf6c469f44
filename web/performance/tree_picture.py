"""A tree as a picture: boxes from left to right and lines between them, laid out here, coloured by the stylesheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup, escape

from web.performance.tree_view import Box

ROOM = 1168  # what a page of 1280 pixels leaves for it, beside the bar that scrolls the page
FITTING = (("narrow", 912), ("page", ROOM))  # what a picture up to so many pixels fits: a window of 1024, of 1280
WIDEST, NARROWEST, MARGIN, GAP_Y, PAD = 220, 120, 8, 14, 10
GAPS = ((4, 44), (6, 28))  # up to so many levels; with more
LEAST_GAP = 24
SIZE, SMALL_SIZE = 13, 12  # of the letters of a statement and of the line over it, as the stylesheet has them
# How wide letters are in the widest of the fonts of the pages, in parts of their size: words that fit in it fit in all.
NARROW, BROAD, CAPITAL, OTHER = 0.4, 0.98, 0.75, 0.63
NARROW_ONES, BROAD_ONES = frozenset(" .,:;'|ijlftrIJ()/-·"), frozenset("mwMW%@…")
LINE, SMALL_LINE, MOST_LINES, MOST_HEADS = 15, 14, 5, 2


@dataclass(frozen=True, slots=True)
class Picture:
    """The drawing, and the smallest window it fits without being moved sideways: ``narrow`` (1024 pixels), ``page``
    (1280), or "" for none."""

    svg: Markup
    fits: str


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large the boxes of a picture are, and how many lines of words they hold."""

    wide: int
    gap: int
    heads: int
    lines: int

    @property
    def tall(self) -> int:
        return 2 * PAD - 3 + SMALL_LINE * self.heads + LINE * self.lines


@dataclass(frozen=True, slots=True)
class Placed:
    box: Box
    x: int
    y: int
    parent: tuple[int, int] | None


def picture(boxes: tuple[Box, ...], title: str) -> Picture:
    """The picture as SVG; every box is a link to its node. Empty without boxes."""
    if not boxes:
        return Picture(Markup(), "")
    sizes = _sizes(boxes)
    placed: list[Placed] = []
    bottom = MARGIN
    for box in boxes:
        bottom = _place(box, 0, bottom, None, placed, sizes) + GAP_Y
    width = max(one.x for one in placed) + sizes.wide + MARGIN
    parts = [
        f'<svg class="diagram tree-picture" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {bottom}" '
        f'width="{width}" height="{bottom}" role="group" aria-labelledby="tree-picture-title">'
        f'<title id="tree-picture-title">{escape(title)}</title>'
    ]
    parts += [_line(one, sizes) for one in placed if one.parent is not None]
    parts += [part for one in placed for part in _drawn(one, sizes)]
    fits = next((name for name, most in FITTING if width <= most), "")
    return Picture(Markup("".join(parts) + "</svg>"), fits)


def _sizes(boxes: tuple[Box, ...]) -> Sizes:
    """The more levels, the narrower and taller the boxes, so that eight of them still fit a page."""
    levels = _deepest(boxes)
    gap = next((gap for most, gap in GAPS if levels <= most), LEAST_GAP)
    wide = min(WIDEST, max(NARROWEST, (ROOM - 2 * MARGIN - gap * (levels - 1)) // levels))
    found = Sizes(wide, gap, MOST_HEADS, MOST_LINES)
    drawn = list(_all(boxes))
    heads = max(len(_head(box, found)) for box in drawn)
    return Sizes(wide, gap, heads, max(2, *(len(_statement(box, found)) for box in drawn)))


def _all(boxes: tuple[Box, ...]) -> Iterator[Box]:
    for box in boxes:
        yield box
        yield from _all(box.children)


def _deepest(boxes: tuple[Box, ...]) -> int:
    return 1 + max((_deepest(box.children) for box in boxes if box.children), default=0)


def _place(
    box: Box, depth: int, top: int, parent: tuple[int, int] | None, placed: list[Placed], sizes: Sizes
) -> int:  # fmt: skip
    """Put a box and everything under it from ``top`` downwards; the bottom of what was put."""
    x = MARGIN + depth * (sizes.wide + sizes.gap)
    here = len(placed)
    placed.append(Placed(box, x, top, parent))
    below = top
    for child in box.children:
        below = _place(child, depth + 1, below, (x + sizes.wide, top + sizes.tall // 2), placed, sizes) + GAP_Y
    bottom = max(top + sizes.tall, below - GAP_Y)
    middle = top if not box.children else (top + bottom - sizes.tall) // 2
    placed[here] = Placed(box, x, middle, parent)
    for number in range(here + 1, len(placed)):
        one = placed[number]
        if one.parent == (x + sizes.wide, top + sizes.tall // 2):
            placed[number] = Placed(one.box, one.x, one.y, (x + sizes.wide, middle + sizes.tall // 2))
    return bottom


def _line(one: Placed, sizes: Sizes) -> str:
    assert one.parent is not None
    (x, y), to = one.parent, one.y + sizes.tall // 2
    half = x + sizes.gap // 2
    return f'<path d="M{x} {y}H{half}V{to}H{one.x}"/>'


def _drawn(one: Placed, sizes: Sizes) -> Iterator[str]:
    box = one.box
    shape = "at" if box.is_chosen else "ok" if box.mark else ""
    head, lines = _head(box, sizes), _statement(box, sizes)
    yield f'<g class="{shape}"><a href="{escape(box.href)}">'
    if f"{' '.join(head)} {' '.join(lines)}" != f"{_titled(box)} {box.statement}":
        yield f"<title>{escape(_titled(box))}: {escape(box.statement)}</title>"
    yield f'<rect x="{one.x}" y="{one.y}" width="{sizes.wide}" height="{sizes.tall}" rx="6"/>'
    for number, line in enumerate(head):
        yield f'<text class="sub" x="{one.x + PAD}" y="{one.y + 17 + SMALL_LINE * number}">{escape(line)}</text>'
    under = one.y + 21 + SMALL_LINE * len(head)
    for number, line in enumerate(lines):
        yield f'<text x="{one.x + PAD}" y="{under + LINE * number}">{escape(line)}</text>'
    yield "</a></g>"


def _head(box: Box, sizes: Sizes) -> list[str]:
    return _wrapped(_titled(box), (sizes.wide - 2 * PAD) / SMALL_SIZE, sizes.heads)


def _statement(box: Box, sizes: Sizes) -> list[str]:
    return _wrapped(box.statement, (sizes.wide - 2 * PAD) / SIZE, sizes.lines)


def _titled(box: Box) -> str:
    return f"{box.level} {box.number}" + (f" · +{box.more}" if box.more else "")


def _wrapped(text: str, room: float, most: int) -> list[str]:
    """At most ``most`` lines as wide as ``room``; one that is cut ends with an ellipsis."""
    lines, used = [""], 0.0
    for word in text.split():
        wide = _width(word)
        if lines[-1] and used + NARROW + wide > room:
            lines.append("")
        used = used + NARROW + wide if lines[-1] else wide
        lines[-1] = f"{lines[-1]} {word}".strip()
        while used > room and len(lines[-1]) > 1:  # a word wider than a line
            fits = _fitting(lines[-1], room)
            lines[-1:] = [lines[-1][:fits], lines[-1][fits:]]
            used = _width(lines[-1])
    return lines if len(lines) <= most else [*lines[: most - 1], _cut(lines[most - 1], room)]


def _fitting(word: str, room: float) -> int:
    """How many of its letters a line holds, one at least."""
    return next((count for count in range(len(word) - 1, 1, -1) if _width(word[:count]) <= room), 1)


def _cut(line: str, room: float) -> str:
    while line and _width(f"{line} …") > room:
        line = line[:-1].rstrip()
    return f"{line} …"


def _width(text: str) -> float:
    return sum(map(_letter, text))


@cache
def _letter(letter: str) -> float:
    if letter in NARROW_ONES:
        return NARROW
    if letter in BROAD_ONES:
        return BROAD
    return CAPITAL if letter.isupper() else OTHER
