"""What is wrong with a tree as it stands or as a draft would make it, with the facts around it (reference §4.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.organisation.models import Holder, Position
from sakip.configuration.levels import ERROR, Levels
from sakip.configuration.measurement import Measurement
from sakip.standing import configuration_of
from sakip.tree.drafts import DraftFault, draft_faults
from sakip.tree.history import Revision
from sakip.tree.integrity import Finding, findings
from sakip.tree.models import NodeRow
from sakip.tree.node_checks import depth_not_reached
from sakip.tree.rows import holding, of_keys
from sakip.tree.situation import CarriedRow, Facts
from sakip.tree.store import tree_on
from sakip.tree.values import Edge, Tree
from sakip.values import Target

DEPTH = depth_not_reached.__name__


@dataclass(frozen=True, slots=True)
class Checked:
    """A tree with what was found in it: ``faults`` no tree may have at all, ``findings`` as strict as the file says."""

    tree: Tree
    levels: Levels
    measurement: Measurement | None
    faults: tuple[DraftFault, ...]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps it from going in force."""
        return tuple(one for one in self.findings if one.severity == ERROR)

    @property
    def stops(self) -> bool:
        """Whether it may not go in force."""
        return bool(self.faults or self.errors)


def check_tree(
    session: Session,
    region_id: int,
    tree: Tree,
    day: date,
    *,
    own: str | None = None,
    carried: Iterable[CarriedRow] = (),
    last_year: Mapping[str, Target] | None = None,
) -> Checked | None:
    """Check a tree by the rules of the year of ``day``; None where no levels govern it.

    ``own`` is the tree whose nodes are told about (all without one); ``carried`` are the rows of agreements in force
    and ``last_year`` what was reached, where these checks are wanted.
    """
    configuration = configuration_of(session, region_id)
    levels = configuration.levels(day.year)
    if levels is None:
        return None
    measurement = configuration.measurement(day.year)
    facts = Facts(day.year, vacant_positions(session, region_id, day), last_year or {}, tuple(carried))
    meant = _keys_of(tree, own)
    found = tuple(one for one in findings(levels, tree, measurement, facts) if own is None or one.key in meant)
    if own is not None:
        found = _without_those_that_go_on(session, region_id, tree, day, found)
    faults = tuple(one for one in draft_faults(levels, tree) if own is None or one.key in meant)
    return Checked(tree, levels, measurement, faults, found)


def _without_those_that_go_on(
    session: Session, region_id: int, tree: Tree, day: date, found: tuple[Finding, ...]
) -> tuple[Finding, ...]:
    """A branch ends where nothing hangs below it: what hangs there in another unit's tree is not in this one."""
    short = [one.key for one in found if one.check == DEPTH]
    below = {
        row.parent_key
        for wanted in of_keys("parent_key", short)
        for row in session.execute(holding(NodeRow, region_id, day, wanted(NodeRow), NodeRow.key, NodeRow.parent_key))
        if row.key not in tree.nodes
    }
    return tuple(one for one in found if one.check != DEPTH or one.key not in below)


def _keys_of(tree: Tree, own: str | None) -> frozenset[str]:
    nodes = [node for node in tree.nodes.values() if node.tree == own]
    keys = {node.key for node in nodes} | {one.key for node in nodes for one in node.indicators}
    return frozenset(keys | {edge.key for edge in tree.edges if edge.start in keys})


def vacant_positions(session: Session, region_id: int, day: date) -> frozenset[str]:
    """The positions of a region that nobody holds on a day, as trees name them."""
    held = (
        select(Holder.position_id)
        .where(or_(Holder.starts_on.is_(None), Holder.starts_on <= day))
        .where(or_(Holder.ends_on.is_(None), Holder.ends_on >= day))
    )
    rows = select(Position.id).where(Position.region_id == region_id, Position.id.not_in(held))
    return frozenset(str(one) for one in session.scalars(rows))


def revised(session: Session, region_id: int, unit_id: int | None, revision: Revision, day: date) -> Tree:
    """The tree of a unit (None: the region's) as a revision would make it on a day, with all it would hang under."""
    written = (*revision.new.values(), *revision.changed.values())
    named = {node.parent for node in written} | {edge.end for edge in revision.edges.values()}
    return with_revision(tree_on(session, region_id, unit_id, day, also=(key for key in named if key)), revision)


def with_revision(tree: Tree, revision: Revision) -> Tree:
    """A tree with a revision in force. Nodes a draft changes that are not there stand as new ones."""
    gone = revision.ended | revision.new.keys() | revision.changed.keys()
    nodes = [*(one for one in tree.nodes.values() if one.key not in gone)]
    nodes += [*revision.new.values(), *revision.changed.values()]
    return Tree(nodes, _edges(tree, revision))


def _edges(tree: Tree, revision: Revision) -> list[Edge]:
    kept = [
        edge
        for edge in tree.edges
        if edge.key not in revision.edges
        and edge.key not in revision.edges_ended
        and not {edge.start, edge.end} & revision.ended
    ]
    return [*kept, *revision.edges.values()]
