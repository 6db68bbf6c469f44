"""Recomputes every chain and every anchor, and names each row that was changed, removed or moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from engine.audit.anchored import anchor_findings, kept_findings
from engine.audit.anchors import AnchorLine
from engine.audit.chain import ChainState, Row, check_chain
from engine.audit.findings import AuditFinding, ChainName
from engine.audit.models import AuditHead
from engine.audit.record import GENESIS, entry_hash, history_hash
from engine.audit.stored import CASES, ENTRIES, HISTORY

AT_ONCE = 500  # cases read in one statement
NO_CASE = -1  # as the last row of history whose case is gone


@dataclass(frozen=True, slots=True)
class _Chain:
    """One chain as its rows are (``state``), and its end as the database has it recorded."""

    name: ChainName
    last_seq: int
    last_hash: str
    state: ChainState

    @property
    def is_sound(self) -> bool:
        state = self.state
        is_whole = (state.last_seq, state.last_hash) == (self.last_seq, self.last_hash)
        return is_whole and not (state.misfits or state.moved or state.gaps)


def verify(session: Session, kept: Iterable[AnchorLine] = ()) -> list[AuditFinding]:
    """Everything that does not hold in the whole database; empty when all is as it was written.

    ``kept`` are anchors as they were printed or sent elsewhere: they catch somebody who rewrote the anchors too.
    """
    cases = [chain for chain in _case_chains(session) if not chain.is_sound]
    findings = [found for chain in cases for found in _moved_between(chain, cases)]
    findings += [found for chain in cases for found in _chain_findings(chain)]
    for chain in _administration_chains(session):
        findings += _chain_findings(chain)
    known = {found.place for found in findings}
    for found in anchor_findings(session):
        if found.kind == "anchor" or found.place not in known:
            findings.append(found)
            known.add(found.place)
    findings += kept_findings(session, kept)
    return findings


def _case_chains(session: Session) -> Iterator[_Chain]:
    """Every case with its rows, some cases at a time: each statement sees a case and its history at one moment."""
    of_case = CASES.c.region_id, CASES.c.number, CASES.c.revision, CASES.c.head_hash
    both = select(HISTORY, *of_case).join_from(HISTORY, CASES, CASES.c.id == HISTORY.c.case_id, isouter=True)
    last = 0
    while ids := _next_cases(session, last):
        last = ids[-1]
        rows = session.execute(both.where(HISTORY.c.case_id.in_(ids)).order_by(HISTORY.c.case_id, HISTORY.c.seq))
        for case_id, group in groupby(map(_as_row, rows), key=itemgetter("case_id")):
            yield _case_chain(case_id, list(group))
    has_none = select(CASES).where(~exists().where(HISTORY.c.case_id == CASES.c.id)).order_by(CASES.c.id)
    for case in session.execute(has_none):
        yield _Chain(ChainName(case.region_id, case.id, case.number), case.revision, case.head_hash, ChainState())


def _next_cases(session: Session, last: int) -> Sequence[int]:
    ids = select(HISTORY.c.case_id).where(HISTORY.c.case_id > last).distinct()
    return session.scalars(ids.order_by(HISTORY.c.case_id).limit(AT_ONCE)).all()


def _case_chain(case_id: int, rows: Sequence[Row]) -> _Chain:
    state, case = check_chain(rows, history_hash), rows[0]
    if case["revision"] is None:
        return _Chain(ChainName(None, case_id, None), NO_CASE, "", state)
    return _Chain(ChainName(case["region_id"], case_id, case["number"]), case["revision"], case["head_hash"], state)


def _administration_chains(session: Session) -> Iterator[_Chain]:
    """Every region's chain, with its head read in the same statement."""
    head = AuditHead.seq.label("last_seq"), AuditHead.hash.label("last_hash")
    both = select(ENTRIES, *head).join_from(
        ENTRIES, AuditHead, AuditHead.region_id == ENTRIES.c.region_id, isouter=True
    )
    for region_id in session.scalars(select(ENTRIES.c.region_id).distinct().order_by(ENTRIES.c.region_id)).all():
        rows = session.execute(both.where(ENTRIES.c.region_id == region_id).order_by(ENTRIES.c.seq))
        chain = [_as_row(row) for row in rows]
        last = chain[0]["last_seq"] or 0, chain[0]["last_hash"] or GENESIS
        yield _Chain(ChainName(region_id, None, None), *last, check_chain(chain, entry_hash))
    is_empty = ~exists().where(ENTRIES.c.region_id == AuditHead.region_id)
    for row in session.execute(select(AuditHead.region_id, AuditHead.seq, AuditHead.hash).where(is_empty)):
        yield _Chain(ChainName(row.region_id, None, None), row.seq, row.hash, ChainState())


def _as_row(row: Any) -> Row:
    return dict(row._mapping)


def _moved_between(chain: _Chain, chains: Sequence[_Chain]) -> Iterator[AuditFinding]:
    """Rows that fit nowhere in their own case are tried in the gaps of the others."""
    for row in tuple(chain.state.misfits):
        origin = _gap_that_fits(row, chain, chains)
        if origin is not None:
            other, seq = origin
            chain.state.misfits.remove(row)
            other.state.gaps.pop(seq, None)
            yield chain.name.moved_from(row["seq"], other.name, seq)


def _gap_that_fits(row: Row, chain: _Chain, chains: Sequence[_Chain]) -> tuple[_Chain, int] | None:
    for other in chains:
        if other is chain:
            continue
        for seq, previous in {**other.state.gaps, other.state.last_seq + 1: other.state.last_hash}.items():
            placed = {**row, "case_id": other.name.case_id, "seq": seq}
            if previous is not None and history_hash(previous, placed) == row["hash"]:
                return other, seq
    return None


def _chain_findings(chain: _Chain) -> Iterator[AuditFinding]:
    state, name = chain.state, chain.name
    if chain.last_seq == NO_CASE:
        yield name.left_without_case()
        return
    yield from (name.moved(seq, origin) for seq, origin in state.moved.items())
    yield from (name.missing(seq) for seq in state.gaps)
    yield from (name.changed(row["seq"]) for row in state.misfits)
    origins = set(state.moved.values())
    yield from (name.missing(seq) for seq in range(state.last_seq + 1, chain.last_seq + 1) if seq not in origins)
    for seq in range(chain.last_seq + 1, state.last_seq + 1):
        if seq not in state.moved:
            yield name.added(seq)
    is_explained = state.misfits or state.moved or state.last_seq != chain.last_seq
    if state.last_hash != chain.last_hash and not is_explained:
        yield name.not_the_last(state.last_seq)
