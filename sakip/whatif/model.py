"""What is asked of the what-if, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from engine.errors import AlurError
from sakip.score import Judged

NEXT = "next"
FIXED, WEEKS, NEEDS = "fixed", "weeks", "needs"


class WhatIfFault(AlurError):
    """The question names a predicate or a criterion that this evaluation does not have."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked. None means as the file says.

    ``goal`` is ``next`` or the key of a predicate; ``margin`` are printable points above its lowest printable score;
    ``weeks_left`` are weeks until the target date (None: no limit); ``fixed`` are paths of criteria, sub-components or
    components nobody can move, beside those of the file; ``alternatives`` is how many further ways.
    """

    goal: str | None = None
    margin: Fraction | None = None
    weeks_left: int | None = None
    fixed: tuple[str, ...] = ()
    alternatives: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One answer raised to the next better value.

    ``path`` is the criterion, or the sub-component under `graded`. ``start`` and ``end`` are keys of the scale; where
    evidence answers they are ``2/4`` and ``3/4``. ``adds`` are exact points of the score, counted with the framework,
    the steps taken in the order they are listed. ``missing`` are the pieces of evidence asked there and not held.
    """

    path: str
    start: str
    end: str
    cost: int
    weeks: int
    who: str | None
    adds: Fraction
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Criteria of one sub-component of which any ``pick`` may be raised by ``steps`` steps: weight, steps, cost alike.

    ``chosen`` are those the way names; ``criteria`` are all of them, in the order of the worksheet.
    """

    sub_component: str
    pick: int
    steps: int
    chosen: tuple[str, ...]
    criteria: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Way:
    """A set of steps. ``spends`` is the cost in each sub-component that has steps; ``weeks`` the longest step;
    ``spares`` the sub-components in which it spends less than the cheapest way (none for that one itself)."""

    cost: int
    score: Fraction
    judged: Judged
    weeks: int
    steps: tuple[Step, ...]
    choices: tuple[Choice, ...]
    spends: Mapping[str, int]
    spares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """A question that cannot reach its best answer, and what holds it: fixed, weeks, needs."""

    path: str
    by: str


@dataclass(frozen=True, eq=False, slots=True)
class Answer:
    """The answer: a calculation on answers, not a promise of a predicate.

    ``goal`` is the key of the predicate, ``least`` the judged score that is asked, margin included. ``way`` is the
    cheapest way when ``is_reachable``, otherwise the cheapest to the best score that can be had; ``alternatives`` are
    further ways in order of cost. ``holds`` say what keeps answers down, when the goal is out of reach.
    """

    start: Judged
    score: Fraction
    goal: str
    least: Fraction
    is_reachable: bool
    way: Way
    alternatives: tuple[Way, ...]
    holds: tuple[Hold, ...]
