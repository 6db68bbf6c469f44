"""``flask sakip import``: a file of any known kind is held against what stands, and written whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit.record import record
from sakip.exchange import answers, budget, realisations, recommendations, tree
from sakip.exchange.agreements import AGREEMENT, bring_in_agreement, is_agreement
from sakip.exchange.outcome import EVENT, Outcome, subject_of
from sakip.exchange.problems import FileRefused, Findings
from sakip.exchange.reading import read
from sakip.exchange.record import Reading
from sakip.exchange.shown import Shown
from sakip.exchange.table import Kind, Table, tables_of
from sakip.exchange.work import Look, Looked, Progress, Wish, Work, silent

KINDS: Mapping[str, tuple[Kind, Look]] = {
    one.KIND.key: (one.KIND, one.look) for one in (tree, realisations, budget, answers, recommendations)
}
STEP = 1_000  # rows between two words about progress


def bring_in(
    session: Session, content: bytes, name: str, wish: Wish, now: datetime, progress: Progress = silent,
    shown: Shown | None = None, *, wrote: Progress = silent, is_only_read: bool = False,
) -> Outcome:  # fmt: skip
    """Bring a file into a region; the caller commits. ``now`` is aware; ``progress`` is told how many rows were read,
    ``wrote`` how many are written, ``shown`` keeps some of them for a page. With ``is_only_read`` rows are held against
    what stands and nothing is tried, so that reading alone is enough of a session; an agreement is not.

    The same file brought in again changes nothing. Raises NotFound for a region or unit that is not there.
    """
    if wish.kind == AGREEMENT or (wish.kind is None and is_agreement(name, content)):
        return bring_in_agreement(session, content, name, wish, now)
    findings = Findings()
    work = Work(session, wish, name, hashlib.sha256(content).hexdigest(), now, findings, wrote=wrote)
    counted = _Counted(progress, shown)
    kind: Kind | None = None
    try:
        wanted = [tree.kind_here(work) if one is tree.KIND else one for one, _ in KINDS.values()]
        tables = tables_of(read(name, content), wanted, wish.kind, findings)
        kind = tables[0].kind
        looked = KINDS[kind.key][1](work, counted.readings(tables, findings))
    except FileRefused as refused:
        findings.take(refused.problem)
        return Outcome(None if kind is None else kind.key, counted.rows, 0, 0, findings.all(), wrong=findings.rows)
    progress(counted.rows)
    if findings.count and not wish.skip_bad:
        written = 0
    elif looked.changed and not is_only_read and (looked.is_tried or not wish.is_dry):
        written = _written(work, kind, looked)
    else:
        written = looked.changed
    return Outcome(kind.key, counted.rows, written, looked.unchanged, findings.all(), wrong=findings.rows)


def _written(work: Work, kind: Kind, looked: Looked) -> int:
    """Write, and take it back on a dry run or when something was refused meanwhile. Returns the rows written."""
    before = work.findings.count
    with work.session.begin_nested() as savepoint:
        looked.write()
        if work.findings.count > before:
            savepoint.rollback()
            return 0
        if work.wish.is_dry:
            savepoint.rollback()
            return looked.changed
    wish, told = work.wish, {"kind": kind.key, "file": work.name, "rows": looked.changed}
    record(work.session, wish.region_id, wish.person_id, EVENT, subject_of(work.digest), None, told, work.now)
    return looked.changed


class _Counted:
    def __init__(self, progress: Progress, shown: Shown | None) -> None:
        self._progress, self._shown, self.rows = progress, shown, 0

    def readings(self, tables: Sequence[Table], findings: Findings) -> Iterator[Reading]:
        """Every record of every sheet."""
        for table in tables:
            for one in table.records():
                self.rows += 1
                if self.rows % STEP == 0:
                    self._progress(self.rows)
                reading = Reading(table.kind, one, findings)
                yield reading
                if self._shown is not None:
                    self._shown.take(table.kind, reading)
