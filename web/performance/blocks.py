"""The parts of a dashboard as templates draw them: plain values, every number with the address of its list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

HALF_LEFT, HALF_RIGHT, WHOLE = "c7", "c5", "c12"


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Lead:
    """One of the numbers on top; ``is_bad`` colours it when it is not none."""

    number: int | str
    words: str
    detail: str
    href: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """A number with its list; ``share`` is its part of a whole in percent, for bars; ``tone`` its colour."""

    words: str
    number: int
    href: str
    share: float = 0.0
    tone: str = ""
    is_part: bool = False  # of the line above


@dataclass(frozen=True, slots=True)
class Block:
    """One panel. ``kind`` names the macro that draws ``data``; ``empty`` stands there instead when there is nothing;
    ``doubts`` are open questions of the configuration that concern it."""

    kind: str
    key: str
    title: str
    note: str = ""
    width: str = WHOLE
    data: Any = None
    links: tuple[Link, ...] = ()
    doubts: tuple[str, ...] = ()
    empty: str = ""
    more: dict[str, Any] = field(default_factory=dict)
