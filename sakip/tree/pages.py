"""A tree as a page shows it: its nodes on a day, its faults, its revision, and what hangs on a chosen node (§13.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.access import Reader, reader_of
from engine.organisation.snapshot import organisation
from sakip.configuration.levels import Levels
from sakip.configuration.measurement import ACHIEVEMENT, Measurement
from sakip.facts.models import ResultRow
from sakip.facts.tree_facts import around_tree
from sakip.spans import TO, YEAR, span_day
from sakip.standing import configuration_of
from sakip.tree.checking import check_tree
from sakip.tree.drafts import DraftFault
from sakip.tree.impact import Impact, impact
from sakip.tree.integrity import Finding
from sakip.tree.models import TreeRevision
from sakip.tree.moving import ties_of
from sakip.tree.open_revisions import Begun, begun_revisions, may_revise
from sakip.tree.readers import TreePlace, place_called, places_of
from sakip.tree.store import revision_on, revisions_of, tree_on
from sakip.tree.successions import Succession
from sakip.tree.surroundings import INDICATOR, MOST_AT_ONCE, around
from sakip.tree.values import Tree


@dataclass(frozen=True, slots=True)
class TreePage:
    """A tree on a day. ``levels`` None: no rules govern that year, and nothing was checked. ``positions`` are titles
    by id as nodes name them, ``units`` names by the key of their tree, ``reached`` the newest achievement of the year
    by key of indicator, a number as it is shown, with a point."""

    place: TreePlace
    region_id: int
    day: date
    today: date
    tree: Tree
    levels: Levels | None
    measurement: Measurement | None
    findings: tuple[Finding, ...]
    faults: tuple[DraftFault, ...]
    revision: TreeRevision | None
    positions: Mapping[str, str]
    units: Mapping[str, str]
    reached: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TreeShown:
    """A tree's page and what stands beside the tree: ``impact``, what breaks when the chosen ``node`` changes or ends
    ("" where none of that key is there, None without levels); the changes of units ``before`` it and ``after`` it; the
    revisions under way that the reader may see, and whether they may begin one."""

    page: TreePage
    node: str
    impact: Impact | None
    before: tuple[Succession, ...]
    after: tuple[Succession, ...]
    begun: tuple[Begun, ...]
    may_revise: bool


def tree_shown(
    session: Session, person_id: int, name: str, day: date | None, node: str, now: datetime
) -> TreeShown:  # fmt: skip
    """A tree on a (local) day, today without one, with the node of a key chosen. Raises NotFound where the person may
    not read it."""
    place, reader = place_called(session, person_id, name, now), reader_of(session, person_id, now)
    page = _page(session, reader, place, day)
    chosen = node if node in page.tree.nodes else ""
    impact = None if page.levels is None or not chosen else broken_by(
        session, page.region_id, page.levels, page.tree, (chosen,), page.day.year
    )  # fmt: skip
    ties = ties_of(session, page.region_id, place.name) if place.unit_id is not None else ((), ())
    return TreeShown(
        page, chosen, impact, *ties, begun_revisions(session, reader, place), may_revise(session, reader, place, now)
    )


def tree_page(session: Session, person_id: int, name: str, day: date | None, now: datetime) -> TreePage:
    """A tree on a (local) day, today without one. Raises NotFound where the person may not read it."""
    return _page(session, reader_of(session, person_id, now), place_called(session, person_id, name, now), day)


def _page(session: Session, reader: Reader, place: TreePlace, day: date | None) -> TreePage:
    on = day or reader.today
    configuration = configuration_of(session, reader.region_id)
    tree = tree_on(session, reader.region_id, place.unit_id, on)
    carried, last_year = around_tree(session, reader.region_id, place.unit_id, tree, on, name=place.name)
    checked = check_tree(
        session, reader.region_id, tree, on, own=place.name, carried=carried, last_year=last_year
    )  # fmt: skip
    positions, units = names_of(session, reader.region_id)
    return TreePage(
        place, reader.region_id, on, reader.today, tree, configuration.levels(on.year),
        configuration.measurement(on.year), checked.findings if checked else (), (),
        revision_on(session, reader.region_id, place.unit_id, on), positions, units,
        reached_in(session, reader.region_id, tree, on.year),
    )  # fmt: skip


def trees_to_read(session: Session, person_id: int, now: datetime) -> tuple[TreePlace, ...]:
    """The trees a person may read today. Raises NotFound for somebody who is not there."""
    reader = reader_of(session, person_id, now)
    levels = configuration_of(session, reader.region_id).levels(reader.today.year)
    return places_of(session, person_id, levels, now)


def revisions_to_read(
    session: Session, person_id: int, name: str, now: datetime
) -> tuple[TreePlace, tuple[TreeRevision, ...]]:
    """The revisions of a tree, newest first. Raises NotFound where the person may not read it."""
    place = place_called(session, person_id, name, now)
    region_id = reader_of(session, person_id, now).region_id
    return place, tuple(revisions_of(session, region_id, place.unit_id))


def broken_by(session: Session, region_id: int, levels: Levels, tree: Tree, keys: tuple[str, ...], year: int) -> Impact:
    """What breaks when these nodes of a tree in force change or end: they and everything below them, with the budgets
    of a fiscal year and of those after it (§4.4)."""
    reached = [*(tree.nodes[key] for key in keys if key in tree.nodes), *tree.below(keys)]
    return impact(levels, tree, keys, around(session, region_id, reached, year))


def names_of(session: Session, region_id: int) -> tuple[dict[str, str], dict[str, str]]:
    """Titles of positions by id as text, and names of units by key."""
    known = organisation(session, region_id)
    positions = {str(one.id): one.title for one in known.positions.values()}
    return positions, {one.key: one.name for one in known.units.values()}


def reached_in(session: Session, region_id: int, tree: Tree, year: int) -> dict[str, str]:
    """The newest achievement of each indicator of a tree in a fiscal year, as shown; those without a number are left
    out. To date wins over a period alone, the later day over the earlier, and the whole year over all."""
    rules = configuration_of(session, region_id).measurement(year)
    found: dict[str, tuple[tuple[bool, date, str], str]] = {}
    keys = [one.key for _node, one in tree.indicators()]
    for start in range(0, len(keys), MOST_AT_ONCE):
        wanted = select(ResultRow.subject, ResultRow.span, ResultRow.shown).where(
            ResultRow.region_id == region_id, ResultRow.figure == ACHIEVEMENT, ResultRow.year == year,
            ResultRow.subject_kind == INDICATOR, ResultRow.subject.in_(keys[start : start + MOST_AT_ONCE]),
        )  # fmt: skip
        for key, span, shown in session.execute(wanted):
            if not shown or not (span == YEAR or span.startswith(TO)):
                continue
            day = None if rules is None else span_day(rules, None, span, year)
            rank = (span == YEAR, day or date.min, span)
            if key not in found or rank > found[key][0]:
                found[key] = (rank, shown)
    return {key: shown for key, (_rank, shown) in found.items()}
