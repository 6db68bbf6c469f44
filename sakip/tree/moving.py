"""Units that are split, merged or renamed in the store: their nodes go over, their history stays (reference §4.8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from sakip.tree.history import REASON_MISSING, Refusal, Revision
from sakip.tree.models import EdgeRow, TreeRevision, UnitSuccession
from sakip.tree.revising import apply_revision
from sakip.tree.rows import unit_keys
from sakip.tree.store import tree_on
from sakip.tree.successions import RENAMED, SPLIT, Succession, TrendYear, succeed, trend
from sakip.tree.values import Node

NOT_POSSIBLE, UNKNOWN_UNIT, ALREADY = "succession_not_possible", "unknown_unit", "succeeded_already"


def succeed_units(
    session: Session,
    region_id: int,
    succession: Succession,
    chosen: Mapping[str, str],
    reason: str,
    now: datetime,
) -> list[TreeRevision] | tuple[Refusal, ...]:
    """From its day on the successors hold the predecessors' nodes, under the same keys, each successor in a revision of
    its own; the successors name who was before them. ``chosen`` says which successor takes a node of a split unit.

    Links of others to these nodes have the successor as their partner, and what was agreed stays agreed. Owners stay
    the positions they were: a later revision names the new ones. Refused without reason or legal basis, with units that
    are not there, with a successor that names one of them already, or with nodes that nobody takes; then nothing is
    written. The caller commits.
    """
    ids = {key: unit_id for unit_id, key in unit_keys(session, region_id).items() if unit_id is not None}
    named = (*succession.predecessors, *succession.successors)
    unknown = tuple(sorted(key for key in named if key not in ids))
    if unknown:
        return (Refusal(UNKNOWN_UNIT, unknown),)
    if not reason.strip() or not succession.legal_basis.strip():
        return (Refusal(REASON_MISSING, ("revision",)),)
    known = tuple(one for one in succession.predecessors if _is_named(session, ids, one, succession.successors))
    if known:  # a unit names each it came from once: a trend could not tell the second day
        return (Refusal(ALREADY, known),)
    try:
        moved = succeed(_nodes(session, region_id, ids, succession), succession, chosen)
    except ValueError as fault:
        return (Refusal(NOT_POSSIBLE, (str(fault),)),)
    written = []
    for successor in succession.successors:
        own = {node.key: node for node in moved if node.tree == successor}
        if not own:
            continue
        revision = Revision(reason, succession.legal_basis, changed=own)
        outcome = apply_revision(session, region_id, ids[successor], revision, succession.on, now, across=True)
        if not isinstance(outcome, TreeRevision):
            return outcome
        written.append(outcome)
    _follow_edges(session, region_id, ids, succession, {node.key: ids[node.tree] for node in moved})
    _remember(session, region_id, ids, succession)
    return written


def _is_named(session: Session, ids: Mapping[str, int], before: str, successors: Iterable[str]) -> bool:
    return any(session.get(UnitSuccession, (ids[one], ids[before])) is not None for one in successors)


def _follow_edges(
    session: Session, region_id: int, ids: Mapping[str, int], succession: Succession, takers: Mapping[str, int]
) -> None:
    """Links whose partner was a predecessor go on with who took the node they lead to; what was answered stands."""
    before = [ids[key] for key in succession.predecessors]
    rows = select(EdgeRow).where(
        EdgeRow.region_id == region_id, EdgeRow.partner_id.in_(before), EdgeRow.valid_to.is_(None)
    )
    gone = [row for row in session.scalars(rows) if row.ends in takers and row.valid_from <= succession.on]
    kept = [_with_partner(row, takers[row.ends], succession.on) for row in gone]
    for row in gone:
        row.valid_to = succession.on - timedelta(days=1)
    session.flush()
    session.add_all(kept)
    session.flush()


def _with_partner(row: EdgeRow, partner_id: int, on: date) -> EdgeRow:
    return EdgeRow(
        region_id=row.region_id, kind=row.kind, starts=row.starts, ends=row.ends, weight=row.weight,
        partner_id=partner_id, partner=row.partner, state=row.state, reason=row.reason, case_id=row.case_id,
        seq=row.seq, revision_id=row.revision_id, valid_from=on, valid_to=None,
    )  # fmt: skip


def _nodes(session: Session, region_id: int, ids: Mapping[str, int], succession: Succession) -> list[Node]:
    return [
        node
        for predecessor in succession.predecessors
        for node in tree_on(session, region_id, ids[predecessor], succession.on).nodes.values()
        if node.tree == predecessor
    ]


def _remember(session: Session, region_id: int, ids: Mapping[str, int], succession: Succession) -> None:
    for successor in succession.successors:
        for predecessor in succession.predecessors:
            key = (ids[successor], ids[predecessor])
            row = UnitSuccession(region_id=region_id, unit_id=key[0], predecessor_id=key[1])
            row.kind, row.on_date = succession.kind, succession.on
            session.add(row)
    session.flush()


def successions_of(session: Session, region_id: int) -> list[Succession]:
    """Every succession of a region, in the order of their days."""
    keys = unit_keys(session, region_id)
    rows = session.scalars(select(UnitSuccession).where(UnitSuccession.region_id == region_id)).all()
    grouped: dict[tuple[object, ...], list[UnitSuccession]] = {}
    for row in rows:
        one = row.predecessor_id if row.kind == SPLIT else row.unit_id
        grouped.setdefault((row.on_date, row.kind, one), []).append(row)
    found = []
    for _, group in sorted(grouped.items(), key=lambda each: str(each[0])):
        before = tuple(dict.fromkeys(keys[row.predecessor_id] for row in group))
        after = tuple(dict.fromkeys(keys[row.unit_id] for row in group))
        # Of several the others may have been named by an earlier change, before that was refused.
        kind = RENAMED if len(before) == len(after) == 1 else group[0].kind
        found.append(Succession(kind, before, after, group[0].on_date))
    return found


def ties_of(session: Session, region_id: int, unit: str) -> tuple[tuple[Succession, ...], tuple[Succession, ...]]:
    """The changes a unit came from, and those by which others took over from it."""
    made = successions_of(session, region_id)
    return (
        tuple(one for one in made if unit in one.successors),
        tuple(one for one in made if unit in one.predecessors),
    )  # fmt: skip


def trend_of(session: Session, region_id: int, unit: str, years: Iterable[int]) -> tuple[TrendYear, ...]:
    """Whose numbers a trend of a unit shows for each year, with the breaks."""
    return trend(unit, list(years), successions_of(session, region_id))
