"""Holds the chains against the anchors: what they remember and the rows no longer show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from engine.audit.anchors import ADMINISTRATION, AnchorLine, Leaf, anchor_hash, root_of
from engine.audit.findings import AuditFinding, ChainName, about_anchor
from engine.audit.models import Anchor
from engine.audit.record import GENESIS
from engine.audit.stored import CASES, ENTRIES, HISTORY

AT_ONCE = 500  # cases asked for in one query
ANCHORS_AT_ONCE = 100


def anchor_findings(session: Session) -> Iterator[AuditFinding]:
    """What is wrong with the anchors themselves, and what an intact one remembers that is gone or different."""
    for region_id, group in groupby(_all_anchors(session), key=lambda row: row.region_id):
        previous, expected = GENESIS, 1
        for row in group:
            yield from (about_anchor(region_id, seq, "hilang", "is missing") for seq in range(expected, row.seq))
            if row.seq == expected and row.previous_hash != previous:
                yield about_anchor(region_id, row.seq, "tidak menyambung", "does not follow the one before it")
            if _is_intact(row):
                yield from _leaf_findings(session, row)
            else:
                yield about_anchor(region_id, row.seq, "diubah", "was changed")
            previous, expected = row.hash, row.seq + 1


def _all_anchors(session: Session) -> Iterator[Anchor]:
    last = (-1, -1)
    in_order = select(Anchor).order_by(Anchor.region_id, Anchor.seq).limit(ANCHORS_AT_ONCE)
    while rows := session.scalars(in_order.where(tuple_(Anchor.region_id, Anchor.seq) > last)).all():
        yield from rows
        last = (rows[-1].region_id, rows[-1].seq)


def kept_findings(session: Session, kept: Iterable[AnchorLine]) -> Iterator[AuditFinding]:
    """Where the stored anchors differ from those kept elsewhere."""
    for line in kept:
        hashes = select(Anchor.hash).where(Anchor.region_id == line.region_id, Anchor.seq == line.seq)
        stored = session.scalar(hashes)
        if stored is None:
            yield about_anchor(line.region_id, line.seq, "hilang", "is missing")
        elif stored != line.hash:
            yield about_anchor(line.region_id, line.seq, "bukan yang disimpan di luar", "is not the one kept elsewhere")


def _is_intact(row: Anchor) -> bool:
    values = {
        "region_id": row.region_id,
        "seq": row.seq,
        "at": row.at,
        "row_count": row.row_count,
        "root": row.root,
    }
    return root_of(row.leaves) == row.root and anchor_hash(row.previous_hash, values) == row.hash


def _leaf_findings(session: Session, anchor: Anchor) -> Iterator[AuditFinding]:
    leaves = [Leaf(*leaf) for leaf in anchor.leaves]
    for leaf in leaves:
        if leaf.case_id == ADMINISTRATION:
            hashes = select(ENTRIES.c.hash).where(ENTRIES.c.region_id == anchor.region_id, ENTRIES.c.seq == leaf.seq)
            yield from _held_against(leaf, ChainName(anchor.region_id, None, None), session.scalar(hashes), anchor.seq)
    cases = [leaf for leaf in leaves if leaf.case_id != ADMINISTRATION]
    for start in range(0, len(cases), AT_ONCE):
        yield from _case_findings(session, anchor, cases[start : start + AT_ONCE])


def _case_findings(session: Session, anchor: Anchor, leaves: Sequence[Leaf]) -> Iterator[AuditFinding]:
    ids = [leaf.case_id for leaf in leaves]
    present = set(session.scalars(select(CASES.c.id).where(CASES.c.id.in_(ids))))
    rows = session.execute(select(HISTORY.c.case_id, HISTORY.c.seq, HISTORY.c.hash).where(HISTORY.c.case_id.in_(ids)))
    hashes = {(case_id, seq): value for case_id, seq, value in rows}
    with_history = {case_id for case_id, _ in hashes}
    for leaf in leaves:
        name = ChainName(anchor.region_id, leaf.case_id, leaf.number)
        if leaf.case_id in present:
            yield from _held_against(leaf, name, hashes.get((leaf.case_id, leaf.seq)), anchor.seq)
        elif leaf.case_id not in with_history:  # with history left, the chain itself has said it
            yield name.removed_whole(leaf.seq, anchor.seq)


def _held_against(leaf: Leaf, name: ChainName, found: str | None, anchor: int) -> Iterator[AuditFinding]:
    if found is None:
        yield name.missing(leaf.seq)
    elif found != leaf.hash:
        yield name.rewritten(leaf.seq, anchor)
