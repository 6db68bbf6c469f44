"""Units that are split, merged or renamed, as the organisation bureau settles it: choices, preview, act (§4.8)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.record import record
from engine.organisation.models import Unit
from sakip.configuration.levels import Levels
from sakip.facts.following import after_revision
from sakip.facts.self_registered import register_tree
from sakip.looking import BUREAU, Viewer, viewer_of
from sakip.tree.history import Refusal
from sakip.tree.models import TreeRevision, UnitSuccession
from sakip.tree.moving import UNKNOWN_UNIT, succeed_units
from sakip.tree.plain import in_order
from sakip.tree.store import tree_on
from sakip.tree.successions import MERGED, RENAMED, SPLIT, Succession
from sakip.tree.values import Node

NEAR, MOST_NEAR = 2, 100  # steps below a top that are offered to be taken apart, and how many of them
KINDS = (SPLIT, MERGED, RENAMED)
NOT_THE_BUREAU, NO_FIT, NOTHING_HELD, SAME_UNIT = "not_the_bureau", "succession_count", "nothing_held", "same_unit"


@dataclass(frozen=True, slots=True)
class UnitChange:
    """One that was made: names of the units before and after, its reason and legal basis where a tree went over."""

    kind: str
    on: date
    before: tuple[str, ...]
    after: tuple[str, ...]
    reason: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Wished:
    """What is asked for; ``chosen`` says of a split which successor (key) takes a node (key)."""

    kind: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    on: date
    reason: str = ""
    legal_basis: str = ""
    chosen: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Going:
    """What would go over: ``tops`` are the nodes of the predecessors that hang under none of their own (whoever takes
    one takes what hangs below), each with what hangs near below it and may be taken apart, how many nodes and
    indicators, and why it cannot be."""

    tops: tuple[tuple[Node, tuple[Node, ...]], ...]
    nodes: int
    indicators: int
    refusals: tuple[Refusal, ...]
    levels: Levels | None


@dataclass(frozen=True, slots=True)
class UnitChanges:
    """The page of them: those made, newest first; ``units`` are (key, name) of what keeps a tree. ``may_change``: the
    reader is the organisation bureau. ``going``: what would go over by the change that was asked about, if they may."""

    changes: tuple[UnitChange, ...]
    units: tuple[tuple[str, str], ...]
    may_change: bool
    today: date
    going: Going | None


def unit_changes(session: Session, person_id: int, wished: Wished | None, now: datetime) -> UnitChanges:
    """The units of the reader's region that were split, merged or renamed, and what a wished change would move."""
    viewer = viewer_of(session, person_id, now)
    levels = viewer.configuration.levels(viewer.today.year)
    subjects = levels.subjects if levels is not None else ()
    units = sorted((one.name, one.key) for one in viewer.organisation.units.values() if one.level in subjects)
    may_change = BUREAU in viewer.roles
    going = what_goes(session, viewer, wished) if wished is not None and may_change else None
    return UnitChanges(
        _made(session, viewer), tuple((key, name) for name, key in units), may_change, viewer.today, going
    )  # fmt: skip


def what_goes(session: Session, viewer: Viewer, wished: Wished) -> Going:
    """What would go over from the predecessors on that day."""
    ids = {one.key: one.id for one in viewer.organisation.units.values()}
    refusals = _refusals(wished, ids)
    found: dict[str, Node] = {}
    for key in wished.before:
        if key in ids:
            tree = tree_on(session, viewer.region_id, ids[key], wished.on)
            found |= {one.key: one for one in in_order(tree) if one.tree == key}
    if not refusals and not found:
        refusals = (Refusal(NOTHING_HELD, wished.before),)
    tops = tuple((one, _near(one, found)) for one in found.values() if one.parent not in found)
    indicators = sum(len(one.indicators) for one in found.values())
    return Going(tops, len(found), indicators, refusals, viewer.configuration.levels(wished.on.year))


def change_units(
    session: Session, person_id: int, wished: Wished, now: datetime
) -> list[TreeRevision] | tuple[Refusal, ...]:
    """Let the successors hold what the predecessors held, and what follows from it: results, registered documents, the
    record. Refused for anybody but the organisation bureau; after a refusal the caller takes everything back."""
    viewer = viewer_of(session, person_id, now)
    if BUREAU not in viewer.roles:
        return (Refusal(NOT_THE_BUREAU, ()),)
    ids = {one.key: one.id for one in viewer.organisation.units.values()}
    refusals = _refusals(wished, ids)
    if refusals:
        return refusals
    succession = Succession(wished.kind, wished.before, wished.after, wished.on, wished.legal_basis)
    made = succeed_units(session, viewer.region_id, succession, wished.chosen or {}, wished.reason, now)
    if isinstance(made, tuple):
        return made
    for revision in made:
        after_revision(session, revision, now)
        register_tree(session, revision, now)
    told = {"kind": wished.kind, "on": wished.on.isoformat(), "before": list(wished.before),
            "after": list(wished.after), "reason": wished.reason, "legal_basis": wished.legal_basis}  # fmt: skip
    record(session, viewer.region_id, person_id, "units_succeeded", f"unit:{ids[wished.before[0]]}", None, told, now)
    return made


def _near(top: Node, found: Mapping[str, Node]) -> tuple[Node, ...]:
    """The nodes at most two steps below one, in the order of the tree."""
    near = {top.key: 0}
    for node in found.values():
        above = near.get(node.parent or "")
        if above is not None and above < NEAR and node.key != top.key:
            near[node.key] = above + 1
    return tuple(found[key] for key in near if key != top.key)[:MOST_NEAR]


def _refusals(wished: Wished, ids: Mapping[str, int]) -> tuple[Refusal, ...]:
    unknown = tuple(sorted(key for key in (*wished.before, *wished.after) if key not in ids))
    if unknown:
        return (Refusal(UNKNOWN_UNIT, unknown),)
    both = tuple(sorted({*wished.before} & {*wished.after}))
    if both:
        return (Refusal(SAME_UNIT, both),)
    try:
        Succession(wished.kind, wished.before, wished.after, wished.on)
    except ValueError:
        return (Refusal(NO_FIT, ()),)
    return ()


def _made(session: Session, viewer: Viewer) -> tuple[UnitChange, ...]:
    rows = session.scalars(select(UnitSuccession).where(UnitSuccession.region_id == viewer.region_id)).all()
    of_region = session.execute(select(Unit.id, Unit.name).where(Unit.region_id == viewer.region_id))
    names = {row.id: row.name for row in of_region}
    grouped: dict[tuple[date, str, int], list[UnitSuccession]] = {}
    for row in rows:
        one = row.predecessor_id if row.kind == SPLIT else row.unit_id
        grouped.setdefault((row.on_date, row.kind, one), []).append(row)
    wrote = _wrote(session, viewer.region_id, rows)
    return tuple(_told(group, names, wrote) for _, group in sorted(grouped.items(), reverse=True))


def _wrote(
    session: Session, region_id: int, rows: Collection[UnitSuccession]
) -> Mapping[tuple[int | None, date], TreeRevision]:  # fmt: skip
    """The first revision by which each unit took nodes over on a day, by unit and day."""
    revisions = session.scalars(
        select(TreeRevision)
        .where(
            TreeRevision.region_id == region_id, TreeRevision.unit_id.in_({row.unit_id for row in rows}),
            TreeRevision.in_force_on.in_({row.on_date for row in rows}), TreeRevision.case_id.is_(None),
        )
        .order_by(TreeRevision.id.desc())
    )  # fmt: skip
    return {(one.unit_id, one.in_force_on): one for one in revisions}


def _told(
    group: list[UnitSuccession], names: Mapping[int, str], wrote: Mapping[tuple[int | None, date], TreeRevision]
) -> UnitChange:
    after = tuple(dict.fromkeys(row.unit_id for row in group))
    known = [wrote[one, group[0].on_date] for one in after if (one, group[0].on_date) in wrote]
    revision = min(known, key=lambda one: one.id, default=None)
    return UnitChange(
        group[0].kind, group[0].on_date, tuple(dict.fromkeys(names[row.predecessor_id] for row in group)),
        tuple(names[one] for one in after), revision.reason if revision else "",
        revision.legal_basis if revision else "",
    )  # fmt: skip
