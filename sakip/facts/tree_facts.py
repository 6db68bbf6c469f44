"""What the checks of a tree ask of agreements and results: rows in force, what was reached last year (§4.7)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from sakip.configuration.measurement import ACHIEVEMENT
from sakip.facts.agreed import carried_rows
from sakip.facts.computing import INDICATOR
from sakip.facts.models import ResultRow, TargetRow
from sakip.facts.stored_values import realisation_from_plain, target_from_plain
from sakip.tree.checking import Checked, check_tree
from sakip.tree.rows import MOST_AT_ONCE
from sakip.tree.situation import CarriedRow
from sakip.tree.store import tree_on, whole_tree_on
from sakip.tree.values import OF_REGION, WHOLE_YEAR, Tree
from sakip.values import Target


def checked_tree(session: Session, region_id: int, unit_id: int | None, day: date, *, name: str) -> Checked | None:
    """The tree of a unit (None: the region's own), called ``name``, with everything found in it on a day: also against
    agreements in force and last year. None where no levels govern the year."""
    return _checked(session, region_id, tree_on(session, region_id, unit_id, day), day, name, unit_id)


def checked_region(session: Session, region_id: int, day: date) -> Checked | None:
    """The same for everything of a region: its own tree and those of all units."""
    return _checked(session, region_id, whole_tree_on(session, region_id, day), day, None, None)


def _checked(
    session: Session, region_id: int, tree: Tree, day: date, name: str | None, unit_id: int | None
) -> Checked | None:
    of_unit = None if name in (None, OF_REGION) else unit_id
    carried = [row for _, row in carried_rows(session, region_id, day.year, unit_id=of_unit)]
    last_year = reached(session, region_id, day.year - 1)
    return check_tree(session, region_id, tree, day, own=name, carried=carried, last_year=last_year)


def around_tree(
    session: Session, region_id: int, unit_id: int | None, tree: Tree, day: date, *, name: str
) -> tuple[tuple[CarriedRow, ...], Mapping[str, Target]]:
    """What the checks of one tree ask of the world around it: the rows of its unit's agreements in force, and what its
    own indicators reached in the year before."""
    keys = [one.key for node, one in tree.indicators() if node.tree == name]
    carried = tuple(row for _, row in carried_rows(session, region_id, day.year, unit_id=unit_id))
    return carried, reached(session, region_id, day.year - 1, keys)


def reached(session: Session, region_id: int, year: int, keys: Collection[str] | None = None) -> Mapping[str, Target]:
    """What indicators (``keys``, None: all) reached in a fiscal year, by key; of one without a result its target of
    that year."""
    wanted = None if keys is None or len(keys) > MOST_AT_ONCE else list(keys)
    aimed = select(TargetRow.indicator_key, TargetRow.value).where(
        TargetRow.region_id == region_id, TargetRow.year == year, TargetRow.period == WHOLE_YEAR,
        true() if wanted is None else TargetRow.indicator_key.in_(wanted),
    )  # fmt: skip
    found: dict[str, Target] = {
        key: target_from_plain(value)
        for key, value in session.execute(aimed.order_by(TargetRow.valid_from, TargetRow.id))
        if value is not None
    }
    results = select(ResultRow.subject, ResultRow.details).where(
        ResultRow.region_id == region_id, ResultRow.year == year, ResultRow.span == WHOLE_YEAR,
        ResultRow.figure == ACHIEVEMENT, ResultRow.subject_kind == INDICATOR, ResultRow.reason.is_(None),
        true() if wanted is None else ResultRow.subject.in_(wanted),
    )  # fmt: skip
    for key, details in session.execute(results):
        plain = details.get("realisation")
        value = None if plain is None else realisation_from_plain(plain)
        if value is not None and not isinstance(value, frozenset):
            found[key] = value
    return found
