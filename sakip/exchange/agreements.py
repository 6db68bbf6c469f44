"""An agreement written as data, brought in like any other file: one case, once (reference §12)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.models import AuditEntry
from engine.audit.record import record
from engine.definitions import source
from engine.definitions.problems import Problems
from sakip.exchange.outcome import EVENT, Outcome, subject_of
from sakip.exchange.problems import FileRefused, Problem
from sakip.exchange.reading import is_yaml
from sakip.exchange.work import Wish
from sakip.import_agreement import Imported, import_agreement

AGREEMENT = "agreement"
DOES_NOT_FIT = "does_not_fit"


def is_agreement(name: str, content: bytes) -> bool:
    """Whether a file is an agreement written as data: YAML with an ``agreement``."""
    if not is_yaml(name, content):
        return False
    root = source.read(content, name, Problems())
    return root is not None and root.get(AGREEMENT) is not None


def bring_in_agreement(session: Session, content: bytes, name: str, wish: Wish, now: datetime) -> Outcome:
    """Open the case of an agreement; the caller commits. The same file brought in again opens none."""
    if wish.person_id is None:
        problem = FileRefused(
            "person_needed", "Sebutkan atas nama siapa berkas ini dimasukkan (--as).",
            "Say in whose name this file is brought in (--as).",
        ).problem  # fmt: skip
        return Outcome(AGREEMENT, 0, 0, 0, [problem])
    subject = subject_of(hashlib.sha256(content).hexdigest())
    known = select(AuditEntry.new).where(AuditEntry.region_id == wish.region_id, AuditEntry.subject == subject)
    for told in session.scalars(known):
        if told and told.get("kind") == AGREEMENT:
            return Outcome(AGREEMENT, 1, 0, 1, [], str(told.get("case") or ""))
    with session.begin_nested() as savepoint:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            refused = FileRefused("not_utf8", "Berkas bukan teks UTF-8.", "The file is not UTF-8 text.")
            return Outcome(AGREEMENT, 0, 0, 0, [refused.problem])
        holds = _holds(name, content)
        opened = import_agreement(session, text, region_id=wish.region_id, person_id=wish.person_id, now=now)
        if not isinstance(opened, Imported):
            savepoint.rollback()
            problems = [Problem("", one.line, one.path, DOES_NOT_FIT, one.message) for one in opened]
            return Outcome(AGREEMENT, 1, 0, 0, problems, wrong=1, holds=holds)
        if wish.is_dry:
            savepoint.rollback()
            return Outcome(AGREEMENT, 1, 1, 0, [], "", opened.left_out, holds=holds)
    new = {"kind": AGREEMENT, "file": name, "rows": 1, "case": opened.number}
    record(session, wish.region_id, wish.person_id, EVENT, subject, None, new, now)
    return Outcome(AGREEMENT, 1, 1, 0, [], opened.number, opened.left_out, holds=holds)


def _holds(name: str, content: bytes) -> tuple[int, int, int] | None:
    """How many goals, indicators and rows of the budget an agreement has; None for what cannot be read."""
    root = source.read(content, name, Problems())
    agreement = None if root is None else root.get(AGREEMENT)
    if agreement is None:
        return None
    goals = _items(agreement, "sasaran")
    indicators = sum(len(_items(goal, "indikator")) for goal in goals)
    return len(goals), indicators, sum(len(_items(agreement, key)) for key in ("program", "kegiatan", "subkegiatan"))


def _items(node: source.Node, key: str) -> list[source.Node]:
    found = node.get(key)
    return [] if found is None else found.items
