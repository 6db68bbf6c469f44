"""The part of a dashboard that draws what was spent beside what was achieved; it never says what a place means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from statistics import median
from typing import Any, NamedTuple

from engine.definitions.model import Text
from sakip.behind_figures import doubts, head_of
from sakip.counted import counted
from sakip.figures import FIGURES
from sakip.figures.budget_and_achievement import NO, YES
from sakip.listing import Item
from sakip.reasons import CODES, short
from web.language import words
from web.performance.blocks import WHOLE, Block, Count, Link
from web.performance.cells import number, numbers, on_page
from web.performance.looks import Looks
from web.performance.work_blocks import ALL, FEW, links

FIGURE = "budget_and_achievement"
MOST_DRAWN, IN_TABLE = 1_000, 10
HEIGHT = 240  # of the picture in pixels; its width is that of its place
TOPS = (120, 150, 200)  # where the upright axis may end, in percent of achievement; what is above lies on its edge
DOT = Text("serapan {spent} %, capaian {achieved} %", "spent {spent} %, achieved {achieved} %")
NOTHING_DUE = Text("Serapan anggaran dan capaian belum ada", "No spending and achievement yet")


class Dot(NamedTuple):
    """Where an indicator lies: ``x`` in percent of the width, ``y`` in pixels from above, ``words`` what it says.

    All are texts, because a page has hundreds and writes them as they are."""

    x: str
    y: str
    words: str


def budget_and_achievement(look: Looks) -> Block:
    """Indicators by absorption and achievement, those that cannot be drawn by their reason."""
    counts = look.listing(FIGURE).counts(look.session, "placed", "reason")
    total, drawn = sum(counts.values()), counts.get((YES, ""), 0)
    figure = FIGURES.values()[FIGURE]
    title = Text(
        f"Serapan anggaran dan capaian {drawn} dari {total} indikator",
        f"Spending and achievement of {drawn} of {counted(total, 'indicator', 'indicators')}",
    )
    note = Text("Serapan dari anggaran setahun, sejak awal tahun.", "Spending of the year's budget, since new year.")
    items = _drawn(look) if drawn else []
    return Block(
        "scatter", "budget", words(title if total else NOTHING_DUE),
        f"{look.span_title()} {look.filters.year}. {words(note)}", WHOLE,
        _data(look, counts, items) if total else None,
        (Link(words(ALL), look.list_href(FIGURE)), *links(look, FIGURE)) if total else links(look, FIGURE),
        tuple(words(one) for one in doubts(figure, head_of(figure, look.viewer.configuration, look.filters.year))),
        words(figure.empty),
        more={
            "total": total, "drawn": drawn, "none": total - drawn, "href": look.list_href(FIGURE),
            "drawn_href": look.list_href(FIGURE, placed=YES), "none_href": look.list_href(FIGURE, placed=NO),
        },
    )  # fmt: skip


def _data(look: Looks, counts: Mapping[tuple[Any, ...], int], items: Sequence[Item]) -> dict[str, Any]:
    return {"picture": _picture(items), "left_out": _left_out(look, counts), "rows": _rows(look, items)}


def _drawn(look: Looks) -> list[Item]:
    """Those with both numbers, of the list that was counted already."""
    items = look.listing(FIGURE).page(look.session, None, MOST_DRAWN).items
    return [item for item in items if "absorption" in item.cells and "achievement" in item.cells]


def _left_out(look: Looks, counts: Mapping[tuple[Any, ...], int]) -> list[Count]:
    """The reasons why some are not drawn, the most frequent first."""
    told = ((code, one) for (placed, code), one in counts.items() if placed == NO)
    reasons = sorted(told, key=lambda pair: (-pair[1], pair[0]))
    return [
        Count(words(short(code)) if code in CODES else code, one, look.list_href(FIGURE, placed=NO, reason=code))
        for code, one in reasons
    ]  # fmt: skip


def _picture(items: Sequence[Item]) -> dict[str, Any] | None:
    """The dots with their axes; None where there is none."""
    if not items:
        return None
    places = [(_of(item, "absorption"), _of(item, "achievement")) for item in items]
    spent, achieved = ([one.numerator / one.denominator for one in those] for those in zip(*places, strict=True))
    highest = max(achieved)
    top = next((one for one in TOPS if highest <= one), TOPS[-1])
    half = _half([one for one, _ in places], spent) if len(items) >= FEW else None
    lines = Text("Garis datar: capaian 100 %.", "Level line: achievement of 100 %.")
    if half is not None:
        told = number(half, 2)
        lines = Text(
            f"{lines.id} Garis tegak: separuh indikator berserapan di bawah {told} %.",
            f"{lines.en} Upright line: half of the indicators have spent less than {told} %.",
        )
    names, phrase, say = [item.cells["indicator"] for item in items], words(DOT), numbers(2)
    title = Text(
        f"Diagram {len(items)} indikator: serapan mendatar, capaian tegak.",
        f"Picture of {counted(len(items), 'indicator', 'indicators')}: spending across, achievement upwards.",
    )
    return {
        "height": HEIGHT, "title": words(title), "lines": words(lines),
        "across": [{"x": one, "words": f"{one}"} for one in (0, 25, 50, 75, 100)],
        "upwards": [{"y": _y(one, top), "words": f"{one}"} for one in (0, 50, 100, 150, 200) if one <= top],
        "full": _y(100, top), "half": None if half is None else _x(float(half)),
        "dots": [
            Dot(str(_x(x)), str(_y(y, top)), f"{name}: {phrase.format(spent=say(one), achieved=say(other))}")
            for name, x, y, (one, other) in zip(names, spent, achieved, places, strict=True)
        ],
    }  # fmt: skip


def _half(exact: Sequence[Fraction], spent: Sequence[float]) -> Fraction:
    """The median, of which only the one or two in the middle are compared exactly."""
    order = sorted(range(len(spent)), key=spent.__getitem__)
    return median([exact[place] for place in order[(len(order) - 1) // 2 : len(order) // 2 + 1]])


def _of(item: Item, name: str) -> Fraction:
    value = item.cells[name]
    assert isinstance(value, Fraction)
    return value


def _x(percent: float) -> float:
    return round(min(max(percent, 0.0), 100.0), 2)


def _y(percent: float, top: int) -> float:
    return round(HEIGHT * (1 - min(max(percent, 0.0), top) / top), 1)


def _rows(look: Looks, items: Sequence[Item]) -> list[dict[str, Any]]:
    """The first of them as a table."""
    return [
        {
            "words": on_page(item.cells["indicator"]), "unit": on_page(item.cells["unit"]),
            "spent": number(_of(item, "absorption"), 2), "achieved": number(_of(item, "achievement"), 2),
            "href": look.href("indicator.show", key=item.leads_to[1]) if item.leads_to is not None else "",
        }
        for item in items[:IN_TABLE]
    ]  # fmt: skip
