"""Copies of a tree into the next year or planning period, as they are offered before one is begun (reference §4.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from sakip.configuration.levels import Levels
from sakip.facts.tree_facts import reached
from sakip.standing import configuration_of
from sakip.tree.copying import Copied, into_period, into_year
from sakip.tree.history import between
from sakip.tree.readers import TreePlace
from sakip.tree.rows import unit_keys
from sakip.tree.store import tree_on
from sakip.tree.values import WHOLE_YEAR, Node

NEXT_YEAR, NEXT_PERIOD = "next_year", "next_period"
NO_LEVELS, NOT_IN_PERIOD, OPEN_PERIOD, NO_NEXT_PERIOD = "no_levels", "not_in_period", "open_period", "no_next_period"
NOTHING_TO_COPY, NOTHING_CHANGES, TOO_MANY_ROWS = "nothing_to_copy", "nothing_changes", "too_many_rows"
MOST_CHANGES = 500  # the form `tree_revision` takes no more; a longer copy would be cut short


@dataclass(frozen=True, slots=True)
class CopyOffer:
    """One copy: from which day, how many nodes it changes, which have no level in the new period, which indicators have
    no target there. ``refusal`` is the code of what keeps it, None when it may be begun."""

    kind: str
    day: date
    changed: int = 0
    left: tuple[Node, ...] = ()
    without_target: tuple[str, ...] = ()
    refusal: str | None = None


def offers_of(session: Session, region_id: int, place: TreePlace, today: date) -> tuple[CopyOffer, CopyOffer]:
    """The copy into the next year and the one into the next planning period, each with what keeps it."""
    levels = configuration_of(session, region_id).levels(today.year)
    next_year = date(today.year + 1, 1, 1)
    last = None if levels is None else levels.head.last_year
    next_period = date((last or today.year) + 1, 1, 1)
    return (
        _offer(session, region_id, place, NEXT_YEAR, next_year, _year_refusal(levels, next_year)),
        _offer(session, region_id, place, NEXT_PERIOD, next_period, _period_refusal(session, region_id, levels)),
    )


def copied(session: Session, region_id: int, kind: str, own: Sequence[Node], day: date) -> Copied:
    """The nodes of a tree as a copy that holds from ``day`` would have them."""
    levels = configuration_of(session, region_id).levels(day.year)
    if kind == NEXT_PERIOD and levels is not None:
        keys = {one.key for node in own for one in node.indicators}
        return into_period(own, levels, reached(session, region_id, day.year - 1, keys))
    return into_year(own, day.year)


def _year_refusal(levels: Levels | None, day: date) -> str | None:
    if levels is None:
        return NO_LEVELS
    return None if levels.head.governs(day.year) else NOT_IN_PERIOD


def _period_refusal(session: Session, region_id: int, levels: Levels | None) -> str | None:
    if levels is None:
        return NO_LEVELS
    if levels.head.last_year is None:
        return OPEN_PERIOD
    return NO_NEXT_PERIOD if configuration_of(session, region_id).levels(levels.head.last_year + 1) is None else None


def _offer(
    session: Session, region_id: int, place: TreePlace, kind: str, day: date, refusal: str | None
) -> CopyOffer:  # fmt: skip
    if refusal is not None:
        return CopyOffer(kind, day, refusal=refusal)
    name = unit_keys(session, region_id)[place.unit_id]
    tree = tree_on(session, region_id, place.unit_id, day)
    own = [node for node in tree.nodes.values() if node.tree == name]
    made = copied(session, region_id, kind, own, day)
    changed = len(between(own, made.nodes, "", "").changed)
    left = tuple(tree.nodes[key] for key in made.left)
    aimless = tuple(
        one.name or one.key
        for node in made.nodes
        for one in node.indicators
        if WHOLE_YEAR not in one.targets
    )  # fmt: skip
    if not own:
        refusal = NOTHING_TO_COPY
    elif not changed and not left:
        refusal = NOTHING_CHANGES
    elif changed > MOST_CHANGES:
        refusal = TOO_MANY_ROWS
    return CopyOffer(kind, day, changed, left, aimless, refusal)
