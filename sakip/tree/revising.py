"""A revision of a tree goes in force: old rows end the day before, new ones begin, nothing is lost (reference §4.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine.organisation.models import Position, Region
from sakip.tree.content import indicator_to_plain
from sakip.tree.history import ALREADY_THERE, NOT_THERE, Refusal, Revision, Version, refusals
from sakip.tree.models import EdgeRow, IndicatorRow, NodeRow, TreeRevision
from sakip.tree.rows import edge_key, of_keys, unit_keys
from sakip.tree.values import AGREED, Edge, Indicator, Node

UNKNOWN_OWNER, UNKNOWN_TREE = "unknown_owner", "unknown_tree"


def apply_revision(
    session: Session,
    region_id: int,
    unit_id: int | None,
    revision: Revision,
    on: date,
    now: datetime,
    *,
    act: tuple[int, int] | None = None,
    agreed_kinds: Iterable[str] = (),
    across: bool = False,
) -> TreeRevision | tuple[Refusal, ...]:
    """Put a revision of a unit's tree (None: the region's) in force from the (local) day ``on``, or say what keeps it.

    ``act`` is (case, seq): one that was applied already is given back as it stands, nothing is written twice. Edges of
    ``agreed_kinds`` wait for their partner, others count at once. ``across`` lets nodes of other trees change too:
    units that are split, merged or renamed. Integrity is not asked here. The caller commits.
    """
    known = None if act is None else applied(session, region_id, act)
    if known is not None:
        return known
    session.execute(select(Region.id).where(Region.id == region_id).with_for_update())  # revisions go one by one
    written = _Writing(session, region_id, unit_id, revision, on, across)
    refused = written.refusals()
    if refused:
        return refused
    row = _new_revision(session, region_id, unit_id, revision, on, now, act)
    written.write(row.id, frozenset(agreed_kinds))
    session.flush()
    return row


def what_keeps(
    session: Session, region_id: int, unit_id: int | None, revision: Revision, on: date
) -> tuple[Refusal, ...]:
    """Why a revision could not go in force today, in the words of ``apply_revision``; nothing is written."""
    return _Writing(session, region_id, unit_id, revision, on, across=False).refusals()


def applied(session: Session, region_id: int, act: tuple[int, int]) -> TreeRevision | None:
    """The revision an act (case, seq) put in force, None when it has not."""
    return session.scalar(
        select(TreeRevision).where(
            TreeRevision.region_id == region_id, TreeRevision.case_id == act[0], TreeRevision.seq == act[1]
        )
    )


def _new_revision(
    session: Session, region_id: int, unit_id: int | None, revision: Revision, on: date, now: datetime,
    act: tuple[int, int] | None,
) -> TreeRevision:  # fmt: skip
    of_tree = TreeRevision.unit_id.is_(None) if unit_id is None else TreeRevision.unit_id == unit_id
    last = session.scalar(select(func.max(TreeRevision.number)).where(TreeRevision.region_id == region_id, of_tree))
    case_id, seq = act or (None, None)
    row = TreeRevision(
        region_id=region_id, unit_id=unit_id, number=(last or 0) + 1, reason=revision.reason.strip(),
        legal_basis=revision.legal_basis.strip(), case_id=case_id, seq=seq, in_force_on=on, made_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


class _Writing:
    """One revision on its way into the rows."""

    def __init__(
        self, session: Session, region_id: int, unit_id: int | None, revision: Revision, on: date, across: bool
    ) -> None:
        self._session, self._region_id, self._unit_id = session, region_id, unit_id
        self._revision, self._on, self._across = revision, on, across
        self._after: Mapping[str, Node] = {**revision.new, **revision.changed}
        self._rows = _by_key(session, region_id, NodeRow, {*self._after, *revision.ended})
        self._nodes = {key: rows[-1] for key, rows in self._rows.items() if rows[-1].valid_to is None}
        self._trees = {key: each for each, key in unit_keys(session, region_id).items()}
        self._hung = _hung(session, region_id, [key for key in self._nodes if self._is_touched(key)])
        named = {one.key for node in self._after.values() for one in node.indicators}
        self._elsewhere = _by_key(session, region_id, IndicatorRow, named - self._hung.keys())

    def _is_touched(self, key: str) -> bool:
        return key in self._after or key in self._revision.ended

    def refusals(self) -> tuple[Refusal, ...]:
        """Everything that keeps it from going in force, in words of `history.refusals` and of the store."""
        versions = [
            Version(Node(key, row.level), 1, row.valid_from, row.valid_to)
            for key, rows in self._rows.items()
            for row in rows
        ]
        found = list(refusals(versions, self._revision, self._on))
        strange = [] if self._across else self._of_others()
        taken = [key for key, rows in self._elsewhere.items() if rows[-1].valid_to is None]
        more = (
            Refusal(NOT_THERE, tuple(sorted(strange))),
            Refusal(ALREADY_THERE, tuple(sorted(taken))),
            Refusal(UNKNOWN_TREE, tuple(sorted(n.key for n in self._after.values() if not self._fits(n)))),
            Refusal(UNKNOWN_OWNER, tuple(sorted(self._without_position()))),
        )
        return (*found, *(one for one in more if one.keys))

    def _of_others(self) -> list[str]:
        touched = {*self._revision.changed, *self._revision.ended}
        return [key for key in touched if key in self._nodes and self._nodes[key].unit_id != self._unit_id]

    def _fits(self, node: Node) -> bool:
        return node.tree in self._trees and (self._across or self._trees[node.tree] == self._unit_id)

    def _without_position(self) -> list[str]:
        """Nodes and indicators whose owner or verifier is no position of the region."""
        asked: dict[str, set[str]] = {}
        for node in self._after.values():
            for key, names in ((node.key, (node.owner,)), *((i.key, (i.owner, i.verifier)) for i in node.indicators)):
                for name in names:
                    if name is not None:
                        asked.setdefault(name, set()).add(key)
        ids = {int(name) for name in asked if name.isascii() and name.isdigit()}
        known = select(Position.id).where(Position.region_id == self._region_id, Position.id.in_(ids))
        there = {str(one) for one in self._session.scalars(known)} if ids else set()
        return [key for name, keys in asked.items() if name not in there for key in keys]

    def write(self, revision_id: int, agreed_kinds: frozenset[str]) -> None:
        """Write everything under a new revision."""
        changed = {
            key: node
            for key, node in self._after.items()
            if key not in self._nodes or not _is_same_node(self._nodes[key], node, self._trees)
        }
        self._end(NodeRow, [*(key for key in changed if key in self._nodes), *self._revision.ended])
        self._session.flush()
        for node in changed.values():
            self._session.add(self._node_row(node, revision_id))
        self._write_indicators(revision_id)
        self._write_edges(revision_id, agreed_kinds)

    def _node_row(self, node: Node, revision_id: int) -> NodeRow:
        return NodeRow(
            region_id=self._region_id, unit_id=self._trees[node.tree], key=node.key, revision_id=revision_id,
            level=node.level, parent_key=node.parent, owner_id=_id(node.owner), statement=node.statement,
            result_kind=node.result_kind, place=node.place, content=dict(node.fields), valid_from=self._on,
            valid_to=None,
        )  # fmt: skip

    def _write_indicators(self, revision_id: int) -> None:
        after = {
            one.key: (node, place, one) for node in self._after.values() for place, one in enumerate(node.indicators)
        }
        rows = {key: self._indicator_row(node, place, one, revision_id) for key, (node, place, one) in after.items()}
        same = {key for key, row in rows.items() if key in self._hung and _is_same_indicator(self._hung[key], row)}
        self._end(IndicatorRow, self._hung.keys() - same)
        self._session.flush()
        self._session.add_all(row for key, row in rows.items() if key not in same)

    def _indicator_row(self, node: Node, place: int, one: Indicator, revision_id: int) -> IndicatorRow:
        return IndicatorRow(
            region_id=self._region_id, unit_id=self._trees[node.tree], node_key=node.key, key=one.key,
            revision_id=revision_id, name=one.name, owner_id=_id(one.owner), verifier_id=_id(one.verifier),
            is_key=one.is_key, is_published=one.is_published, place=place, content=indicator_to_plain(one),
            valid_from=self._on, valid_to=None,
        )  # fmt: skip

    def _end(self, table: Any, keys: Iterable[str]) -> None:
        for wanted in of_keys("key", sorted(keys)):
            self._session.execute(
                update(table)
                .where(table.region_id == self._region_id, wanted(table), table.valid_to.is_(None))
                .values(valid_to=self._on - timedelta(days=1))
                .execution_options(synchronize_session=False)
            )

    def _write_edges(self, revision_id: int, agreed_kinds: frozenset[str]) -> None:
        standing = _edges(self._session, self._region_id, self._revision)
        day_before = self._on - timedelta(days=1)
        for key, row in standing.items():
            new = self._revision.edges.get(key)
            gone = key in self._revision.edges_ended or {row.starts, row.ends} & self._revision.ended
            if gone or (new is not None and not self._is_same_edge(row, new)):
                row.valid_to = day_before
        self._session.flush()
        for key, edge in self._revision.edges.items():
            before = standing.get(key)
            if before is None or before.valid_to is not None:
                self._session.add(self._edge_row(edge, revision_id, agreed_kinds, before))

    def _is_same_edge(self, row: EdgeRow, edge: Edge) -> bool:
        return row.weight == _whole(edge) and row.partner_id == self._trees.get(edge.partner or "")

    def _edge_row(self, edge: Edge, revision_id: int, agreed_kinds: frozenset[str], before: EdgeRow | None) -> EdgeRow:
        partner_id = self._trees.get(edge.partner or "")
        row = EdgeRow(
            region_id=self._region_id, kind=edge.kind, starts=edge.start, ends=edge.end or "", weight=_whole(edge),
            partner_id=partner_id, partner="" if partner_id is not None else edge.partner or "",
            state="waiting" if edge.kind in agreed_kinds else AGREED, reason="", case_id=None, seq=None,
            revision_id=revision_id, valid_from=self._on, valid_to=None,
        )  # fmt: skip
        if before is not None and before.partner_id == partner_id:  # the weight alone changed: the answer stands
            row.state, row.reason, row.case_id, row.seq = before.state, before.reason, before.case_id, before.seq
        return row


def _by_key(session: Session, region_id: int, table: Any, keys: Iterable[str]) -> dict[str, list[Any]]:
    """Every row of these keys, ended ones too, the newest last."""
    found: dict[str, list[Any]] = {}
    for wanted in of_keys("key", sorted(keys)):
        rows = select(table).where(table.region_id == region_id, wanted(table))
        for row in session.scalars(rows.execution_options(populate_existing=True)):
            found.setdefault(row.key, []).append(row)
    for each in found.values():
        each.sort(key=lambda row: (row.valid_to is None, row.valid_to or date.max, row.id))
    return found


def _hung(session: Session, region_id: int, keys: Iterable[str]) -> dict[str, IndicatorRow]:
    """The indicators that hang on these nodes now, by their keys."""
    found: dict[str, IndicatorRow] = {}
    for wanted in of_keys("node_key", sorted(keys)):
        rows = select(IndicatorRow).where(
            IndicatorRow.region_id == region_id, wanted(IndicatorRow), IndicatorRow.valid_to.is_(None)
        )
        found.update((row.key, row) for row in session.scalars(rows.execution_options(populate_existing=True)))
    return found


def _edges(session: Session, region_id: int, revision: Revision) -> dict[str, EdgeRow]:
    """The edges that hold now and may be touched by a revision, by their keys."""
    ends = {edge.start for edge in (*revision.edges.values(), *revision.edges_ended.values())} | revision.ended
    found: dict[str, EdgeRow] = {}
    for column in ("starts", "ends"):
        for wanted in of_keys(column, sorted(ends)):
            rows = select(EdgeRow).where(EdgeRow.region_id == region_id, wanted(EdgeRow), EdgeRow.valid_to.is_(None))
            for row in session.scalars(rows.execution_options(populate_existing=True)):
                found[edge_key(row.kind, row.starts, row.ends, row.partner)] = row
    return found


def _is_same_node(row: NodeRow, node: Node, trees: Mapping[str, int | None]) -> bool:
    return (
        row.level, row.unit_id, row.parent_key, row.statement, row.place, row.result_kind, row.owner_id, row.content,
    ) == (
        node.level, trees[node.tree], node.parent, node.statement, node.place, node.result_kind, _id(node.owner),
        dict(node.fields),
    )  # fmt: skip


def _is_same_indicator(row: IndicatorRow, new: IndicatorRow) -> bool:
    return all(
        getattr(row, name) == getattr(new, name)
        for name in (
            "unit_id", "node_key", "name", "owner_id", "verifier_id", "is_key", "is_published", "place", "content"
        )
    )  # fmt: skip


def _whole(edge: Edge) -> int | None:
    return None if edge.weight is None else int(edge.weight)


def _id(position: str | None) -> int | None:
    return None if position is None else int(position)
