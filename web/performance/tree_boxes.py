"""Targets of an indicator in boxes, one a year and one a period, and the periods it is due in as ticks.

The case's form keeps each of these as one line of text (`2025: 60; 2026: 61,5`); here the line is taken apart and put
together again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sakip.configuration.levels import Levels
from sakip.configuration.measurement import Measurement
from sakip.tree.target_text import NoTarget, parts_of_text
from sakip.tree.values import WHOLE_YEAR
from web.performance.tree_words import period_titles

PLANNED, IN_YEAR, DUE = "plan_targets", "targets", "due_in"
LINES = (PLANNED, IN_YEAR)
_BOX = re.compile(rf"(.+\.(?:{PLANNED}|{IN_YEAR}))\.([^.]+)")
MOST_YEARS = 12


@dataclass(frozen=True, slots=True)
class Box:
    """One box of a line: the year or period, its title, what stands in it."""

    key: str
    title: str
    value: str


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes of one indicator; ``planned`` or ``in_year`` is None where the line cannot be taken apart."""

    planned: tuple[Box, ...] | None
    in_year: tuple[Box, ...] | None
    due: tuple[tuple[Box, bool], ...]


def put_together(items: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Posted names and texts with the boxes of every line joined into it, and the ticked periods into one text. A line
    that was posted whole could not be taken apart: it wins."""
    found: list[tuple[str, str]] = []
    lines: dict[str, list[str]] = {}
    for name, text in items:
        box = _BOX.fullmatch(name)
        if box is not None:
            parts = lines.setdefault(box[1], [])
            if text.strip():
                parts.append(f"{box[2]}: {text.strip()}")
        elif name.endswith(f".{DUE}"):
            parts = lines.setdefault(name, [])
            if text.strip():
                parts.append(text.strip())
        else:
            found.append((name, text))
    joined = ((name, (", " if name.endswith(DUE) else "; ").join(parts)) for name, parts in lines.items())
    return [*joined, *found]


def boxes_of(one: Mapping[str, Any], levels: Levels | None, rules: Measurement | None, year: int) -> Boxes:
    """The boxes of an indicator as its row stands: the years of the plan, the periods of its set and the whole year,
    and what the line says beside them."""
    titles = period_titles(rules, str(one.get("periods") or "") or None)
    years = {str(each): str(each) for each in _years(levels, year)}
    due = [part.strip() for part in str(one.get(DUE) or "").split(",") if part.strip()]
    ticks = {key: titles.get(key, key) for key in dict.fromkeys((*titles, *due)) if key != WHOLE_YEAR}
    return Boxes(
        _boxes(str(one.get(PLANNED) or ""), years), _boxes(str(one.get(IN_YEAR) or ""), titles),
        tuple((Box(key, title, ""), key in due) for key, title in ticks.items()),
    )  # fmt: skip


def parts_of(line: str) -> dict[str, str] | None:
    """What a line says of each year or period; None where it cannot be taken apart."""
    try:
        return parts_of_text(line)
    except NoTarget:
        return None


def _years(levels: Levels | None, year: int) -> range:
    if levels is None:
        return range(year, year + 1)
    first = levels.head.first_year
    last = levels.head.last_year or year + 4
    return range(first, min(last, first + MOST_YEARS - 1) + 1)


def _boxes(line: str, titles: Mapping[str, str]) -> tuple[Box, ...] | None:
    said = parts_of(line)
    if said is None:
        return None
    known = {**titles, **{key: key for key in said if key not in titles}}
    return tuple(Box(key, title, said.get(key, "")) for key, title in known.items())
