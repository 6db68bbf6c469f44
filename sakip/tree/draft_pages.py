"""A draft of a tree as its page shows it: the tree it would make, what keeps it back, what breaks (§4.4, §13.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.organisation.models import Region, Unit
from sakip.configuration.levels import Levels
from sakip.configuration.measurement import Measurement
from sakip.facts.tree_facts import around_tree
from sakip.standing import configuration_of
from sakip.tree.checking import check_tree, with_revision
from sakip.tree.draft_answers import UnreadableDraft, revision_of
from sakip.tree.history import REASON_MISSING, Refusal, Revision
from sakip.tree.impact import Impact, touched_by
from sakip.tree.in_force import UNREADABLE, tree_meant
from sakip.tree.integrity import Finding
from sakip.tree.pages import TreePage, broken_by, names_of, reached_in
from sakip.tree.readers import TreePlace
from sakip.tree.revising import what_keeps
from sakip.tree.rows import unit_keys
from sakip.tree.store import nodes_on, tree_on
from sakip.tree.values import OF_REGION, Tree

_EXACT = ("baseline", "plan_targets", "targets", "weight")  # of an indicator: texts that may stand for nothing


@dataclass(frozen=True, slots=True)
class DraftPage:
    """``page`` holds the tree as it would be; ``before`` the one in force; ``around`` its candidates for parents too.

    ``refusals`` and ``page.faults`` and the findings that are errors keep it from being submitted.
    """

    page: TreePage
    before: Tree
    around: Tree
    revision: Revision
    refusals: tuple[Refusal, ...]

    @property
    def changes(self) -> int:
        """How many nodes and links it changes."""
        made = self.revision
        return len(made.new) + len(made.changed) + len(made.ended) + len(made.edges) + len(made.edges_ended)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that stop it."""
        return tuple(one for one in self.page.findings if one.severity == "error")

    def broken(self, session: Session, keys: tuple[str, ...] | None = None) -> Impact | None:
        """What breaks in the tree in force by everything the draft touches, or by these nodes alone."""
        if self.page.levels is None:
            return None
        touched = tuple(sorted(touched_by(self.revision))) if keys is None else keys
        return broken_by(
            session, self.page.region_id, self.page.levels, self.before, touched, self.page.today.year
        )  # fmt: skip

    def broken_beside(self, session: Session, node: str) -> tuple[Impact | None, Impact | None]:
        """What breaks by everything the draft touches, and by one node alone (None where it is not in force)."""
        return self.broken(session), self.broken(session, (node,)) if node in self.before.nodes else None


def draft_page(
    session: Session, region_id: int, case_unit: int | None, answers: Mapping[str, Any], today: date
) -> DraftPage:
    """The page of a draft from the answers of its case, typed ones too. Rows that stand for nothing are told and left
    out. Raises NotFound where the tree is none of this region."""
    trees = unit_keys(session, region_id)
    unit_id = tree_meant(case_unit, answers)
    if unit_id not in trees:
        raise NotFound("There is no such tree.")
    place = _place(session, region_id, unit_id, trees[unit_id])
    day = _day(answers.get("in_force_on")) or today
    revision, unread = _revision(answers, place.name, {key: name for key, name in trees.items() if key is not None})
    before = tree_on(session, region_id, unit_id, day)
    after = _with_parents(session, region_id, with_revision(before, revision), day)
    after = _with_ends(session, region_id, after, day)
    carried, last_year = around_tree(session, region_id, unit_id, after, day, name=place.name)
    checked = check_tree(session, region_id, after, day, own=place.name, carried=carried, last_year=last_year)
    # A reason and a legal basis are questions of the form, which says itself when they are missing.
    kept = tuple(
        one for one in what_keeps(session, region_id, unit_id, revision, day) if one.code != REASON_MISSING
    )  # fmt: skip
    levels, measurement = _rules(session, region_id, day)
    positions, units = names_of(session, region_id)
    page = TreePage(
        place, region_id, day, today, after, levels, measurement, checked.findings if checked else (),
        checked.faults if checked else (), None, positions, units, reached_in(session, region_id, after, day.year),
    )  # fmt: skip
    region = after if unit_id is None else tree_on(session, region_id, None, day)
    around = Tree({**region.nodes, **after.nodes}.values(), after.edges)
    return DraftPage(page, before, around, revision, (*unread, *kept))


def _with_parents(session: Session, region_id: int, tree: Tree, day: date) -> Tree:
    """A tree with the nodes of the region's own that its nodes were moved under, up to the top."""
    missing = {node.parent for node in tree.nodes.values() if node.parent} - tree.nodes.keys()
    if not missing:
        return tree
    region = tree_on(session, region_id, None, day)
    found = [region.nodes[key] for key in sorted(missing) if key in region.nodes]
    above = {one.key: one for node in found for one in (node, *region.ancestors(node)) if one.key not in tree.nodes}
    return Tree([*above.values(), *tree.nodes.values()], tree.edges)


def _with_ends(session: Session, region_id: int, tree: Tree, day: date) -> Tree:
    """A tree with the goals of others to which its new links lead."""
    missing = {edge.end for edge in tree.edges if edge.end} - tree.nodes.keys()
    if not missing:
        return tree
    found = nodes_on(session, region_id, sorted(missing), day)
    return Tree([*tree.nodes.values(), *found.values()], tree.edges)


def _place(session: Session, region_id: int, unit_id: int | None, name: str) -> TreePlace:
    if unit_id is None:
        return TreePlace(OF_REGION, None, session.get_one(Region, region_id).name)
    return TreePlace(name, unit_id, session.get_one(Unit, unit_id).name)


def _rules(session: Session, region_id: int, day: date) -> tuple[Levels | None, Measurement | None]:
    configuration = configuration_of(session, region_id)
    return configuration.levels(day.year), configuration.measurement(day.year)


def _day(answer: Any) -> date | None:
    if isinstance(answer, date):
        return answer
    try:
        return date.fromisoformat(str(answer)) if answer else None
    except ValueError:
        return None


def _revision(answers: Mapping[str, Any], tree: str, units: Mapping[int, str]) -> tuple[Revision, tuple[Refusal, ...]]:
    """The revision the answers stand for; rows that stand for nothing are left out and told, numbers that cannot be
    read are left out of their indicator and told."""
    try:
        return revision_of(answers, tree, units), ()
    except UnreadableDraft:
        pass
    unread: list[str] = []
    good: dict[str, list[Any]] = {"nodes": [], "edges": []}
    taken: set[str] = set()  # the keys of nodes: each row is read by itself, so that many rows take no longer each
    for table, rows in good.items():
        for row in answers.get(table) or ():
            key = str(row.get("key") or "").strip() if table == "nodes" else ""
            for tried in (row, _without_numbers(row)):
                try:
                    if key in taken:
                        raise UnreadableDraft(key, "key")
                    revision_of({table: [tried]}, tree, units)
                except UnreadableDraft as fault:
                    unread.append(str(row.get("key") or fault.args[0]))
                    continue
                rows.append(tried)
                taken |= {key} - {""}
                break
    told = (Refusal(UNREADABLE, tuple(dict.fromkeys(unread))),)
    return revision_of({**answers, **good}, tree, units), told


def _without_numbers(row: Mapping[str, Any]) -> Mapping[str, Any]:
    indicators: Sequence[Mapping[str, Any]] = row.get("indicators") or ()
    kept = [{name: value for name, value in one.items() if name not in _EXACT} for one in indicators]
    return {**row, "indicators": kept} if indicators else row
