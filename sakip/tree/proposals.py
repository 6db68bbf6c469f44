"""The rows of a revision's draft: proposed for a copy, and looked at whenever they come back (reference §4.7, §4.8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.field_types.question import Context
from engine.field_types.sources import RowFault
from engine.organisation.models import Unit
from sakip.reasons import Reason
from sakip.standing import configuration_of
from sakip.tree.check_words import words_of
from sakip.tree.copies import NEXT_PERIOD, NEXT_YEAR, copied
from sakip.tree.draft_answers import UnreadableDraft, answers_of, revision_of
from sakip.tree.history import between
from sakip.tree.in_force import NO_LEVELS, UNREADABLE, Drafted, check_draft, tree_meant
from sakip.tree.revising import what_keeps
from sakip.tree.rows import unit_keys
from sakip.tree.store import tree_on
from sakip.tree.typed_target import target_in_unit
from sakip.tree.values import Indicator

NOT_YOURS = "not_your_unit"


def tree_rows(session: Session, region_id: int, context: Context, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """For a copy into the next year or planning period every node it changes, for any other revision none.

    ``values``: ``tree``, ``chosen`` and ``unit`` say whose tree, ``kind`` which copy, ``on`` its first day.
    """
    del context
    day, trees = values.get("on"), unit_keys(session, region_id)
    unit_id = _tree_of(values)
    if values.get("kind") not in (NEXT_YEAR, NEXT_PERIOD) or not isinstance(day, date) or unit_id not in trees:
        return []
    own = [node for node in tree_on(session, region_id, unit_id, day).nodes.values() if node.tree == trees[unit_id]]
    made = copied(session, region_id, str(values["kind"]), own, day)
    revision = between(own, made.nodes, "", "")
    without = replace(revision, ended=frozenset())  # what has no level any more is for somebody to place
    rows: list[Mapping[str, Any]] = answers_of(without, {}).get("nodes", [])
    return [{**row, "row_key": row["key"]} for row in rows]


def check_tree_rows(
    session: Session,
    region_id: int,
    context: Context,
    values: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    is_final: bool,
) -> Iterator[RowFault]:
    """What keeps a draft from being submitted: rows that stand for nothing, a tree that is none of the drafter's, and,
    when it is final, every refusal of the store and every finding that is an error here, each at its row."""
    scope = context.scope
    answers = {} if scope is None else scope.answers
    trees, unit_id = unit_keys(session, region_id), _tree_of(values)
    if unit_id not in trees or not _is_theirs(session, unit_id, None if scope is None else scope.initiator, context):
        yield _fault(None, NOT_YOURS)
        return
    day = values.get("on")
    if not is_final or not isinstance(day, date):
        return
    units = {each: key for each, key in trees.items() if each is not None}
    try:
        revision = revision_of({**answers, "nodes": rows}, trees[unit_id], units)
    except UnreadableDraft as fault:
        yield _fault(_row_of(rows, str(fault.args[0])), UNREADABLE)
        return
    draft = Drafted(unit_id, trees[unit_id], day, revision)
    checked = check_draft(session, region_id, draft)
    if checked is None:
        yield _fault(None, NO_LEVELS)
        return
    for refusal in what_keeps(session, region_id, unit_id, revision, day):
        for key in refusal.keys:
            yield _fault(_row_of(rows, key), refusal.code)
    for one in checked.faults:
        yield _fault(_row_of(rows, one.key), one.code)
    for finding in checked.errors:
        yield _fault(_row_of(rows, finding.key), finding.check)
    for indicator, reason in _misfits(session, region_id, draft):
        name, said = indicator.name or indicator.key, reason.sentence
        place, told = _row_of(rows, indicator.key), Text(f"{name}: {said.id}", f"{name}: {said.en}")
        yield RowFault(place, "", reason.code, told)


def _misfits(session: Session, region_id: int, draft: Drafted) -> Iterator[tuple[Indicator, Reason]]:
    """New targets of another kind than their unit; one that stands so already is nobody's mistake today."""
    rules = configuration_of(session, region_id).measurement(draft.on.year)
    stood = {one.key: one for _, one in tree_on(session, region_id, draft.unit_id, draft.on).indicators()}
    for node in (*draft.revision.new.values(), *draft.revision.changed.values()):
        for one in node.indicators:
            before = stood.get(one.key)
            known = before if before is not None and before.unit == one.unit else Indicator(one.key)
            planned = (aim for year, aim in one.plan_targets.items() if known.plan_targets.get(year) != aim)
            aimed = (aim for period, aim in one.targets.items() if known.targets.get(period) != aim)
            for target in (*planned, *aimed):
                found = target_in_unit(rules, one.unit, target)
                if isinstance(found, Reason):
                    yield one, found


def _tree_of(values: Mapping[str, Any]) -> int | None:
    unit = values.get("unit")
    chosen = {"tree": values.get("tree"), "tree_unit": values.get("chosen")}
    return tree_meant(None if unit is None else int(unit), chosen)


def _is_theirs(session: Session, unit_id: int | None, initiator: Any, context: Context) -> bool:
    """Whether the drafter's unit is that of the tree or one above it. The region's own tree is looked at by the head of
    region, so anybody may draft it."""
    scope = context.scope
    if unit_id is None or initiator is None or scope is None or scope.person is None:
        return True
    theirs = scope.person(initiator).unit
    path = session.get_one(Unit, unit_id).path
    return theirs is not None and f"/{theirs}/" in path


def _row_of(rows: Sequence[Mapping[str, Any]], key: str) -> int | None:
    """The place of the row that is about a node or an indicator, None when no row is."""
    for place, row in enumerate(rows):
        if row.get("key") == key or any(one.get("key") == key for one in row.get("indicators") or ()):
            return place
    return None


def _fault(row: int | None, code: str) -> RowFault:
    return RowFault(row, "", code, words_of(code))
