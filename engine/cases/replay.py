"""Finished cases replayed under a draft: how many would have been the same, and in what the others differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.answer_store import from_store
from engine.cases.chart import chart_of
from engine.cases.impact import SUPPRESSED_BELOW
from engine.cases.lookups import Extensions
from engine.cases.models import Case, CaseAnswers, History
from engine.cases.replaying import replay
from engine.cases.replaying_run import Recorded, RecordedAct, Replayed
from engine.cases.replaying_structure import replay_structure
from engine.cases.state import from_plain
from engine.cases.stored import definition_of
from engine.definitions.model import Definition
from engine.errors import AlurError
from engine.facts import EMPTY, CaseFacts, CaseState
from engine.organisation.directory import snapshot
from engine.organisation.models import Region
from engine.publishing.models import DefinitionVersion
from engine.tasks.models import Task

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Period:
    """The (inclusive) days on which the cases were finished, in UTC; None for no limit."""

    first: date | None = None
    last: date | None = None


@dataclass(slots=True)
class Tally:
    """What came of all cases. ``groups`` is (outcome, kind or code, state) -> numbers of cases, the first few."""

    total: int = 0
    outcomes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    counts: dict[tuple[str, str, str], int] = field(default_factory=lambda: defaultdict(int))
    examples: dict[tuple[str, str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, number: str, replayed: Replayed) -> None:
        """One more case."""
        self.total += 1
        self.outcomes[replayed.outcome] += 1
        for kind in replayed.kinds or ((replayed.code,) if replayed.code else ()):
            key = (replayed.outcome, kind, replayed.state or "")
            self.counts[key] += 1
            if len(self.examples[key]) < EXAMPLES:
                self.examples[key].append(number)


def finished_cases(
    session: Session, definition: Definition, region_id: int | None, period: Period, start: int = 0, limit: int = 200
) -> list[int]:
    """Ended cases of the case type from the id ``start`` on. Without a region those of versions for all."""
    query = select(Case.id).join(DefinitionVersion, DefinitionVersion.digest == Case.digest).where(
        Case.case_type == definition.case_type, Case.closed_at.is_not(None), Case.id >= start
    )  # fmt: skip
    if region_id is None:
        query = query.where(DefinitionVersion.region_id.is_(None))
    else:
        query = query.where(Case.region_id == region_id)
    if period.first is not None:
        query = query.where(Case.closed_at >= _midnight(period.first))
    if period.last is not None:
        query = query.where(Case.closed_at < _midnight(date.fromordinal(period.last.toordinal() + 1)))
    return list(session.scalars(query.order_by(Case.id).limit(limit)))


def _midnight(day: date) -> datetime:
    return datetime.fromisoformat(f"{day.isoformat()}T00:00:00+00:00")


def replay_case(session: Session, definition: Definition, case_id: int) -> tuple[str, Replayed]:
    """The case's number, and what it would have been. Reads only; nothing of a sealed case but structure and times."""
    case = session.get_one(Case, case_id)
    try:
        old = definition_of(session, case.digest)
    except AlurError:
        return case.number, Replayed("cannot_be_replayed", (), None, "version")
    rows = session.scalars(select(History).where(History.case_id == case_id).order_by(History.seq)).all()
    if old.is_sealed or definition.is_sealed:
        return case.number, replay_structure(old, definition, [_act(row, is_sealed=True) for row in rows])
    return case.number, replay(_recorded(session, case, old, rows), definition)


def _act(row: History, *, is_sealed: bool = False) -> RecordedAct:
    changed: Mapping[str, Any] = {} if is_sealed else row.answers_changed or {}
    return RecordedAct(
        row.at, row.action, None if is_sealed else row.actor_id, row.state, None if is_sealed else row.item,
        "" if is_sealed else row.comment, tuple(row.states_entered),
        {name: pair[1] for name, pair in changed.items()},
        {"fired": row.details.get("fired", ())} if is_sealed else row.details,
    )  # fmt: skip


def _recorded(session: Session, case: Case, old: Definition, rows: Any) -> Recorded:
    region = session.get_one(Region, case.region_id)
    directory = snapshot(session, case.region_id, case.opened_at)
    state, unit = from_plain(case.state), directory.unit(case.unit_id)
    facts = CaseFacts(
        case_type=case.case_type,
        number=case.number,
        title=case.title,
        region=region.key,
        unit=case.unit_id,
        initiator=case.initiator_id,
        opened_at=case.opened_at,
        revision=0,
        state=CaseState(),
        answers={},
        now=case.opened_at,
        directory=directory,
        holidays=directory.holidays,
        extensions=EMPTY if unit is None else Extensions(session, case.case_type, unit.path),
    )
    answers = from_store(old.fields, session.get_one(CaseAnswers, case.id).answers)
    ends = chart_of(old).leaves(key for key in state.active if key in old.states)
    return Recorded(
        old, facts, tuple(_act(row) for row in rows), _dues(session, case.id), ends, answers, dict(state.case_roles)
    )  # fmt: skip


def _dues(session: Session, case_id: int) -> Mapping[str, tuple[datetime | None, ...]]:
    found: dict[str, list[datetime | None]] = {}
    query = select(Task.state, Task.due_at).where(Task.case_id == case_id).order_by(Task.number)
    for state, due in session.execute(query):
        found.setdefault(state, []).append(due)
    return {state: tuple(dues) for state, dues in found.items()}


def told(tally: Tally, *, is_sealed: bool) -> dict[str, Any]:
    """The tally as JSON; of a sealed case type no small count and no case."""
    groups: dict[str, list[dict[str, Any]]] = {"differences": [], "not_replayed": []}
    for (outcome, what, state), count in sorted(tally.counts.items(), key=lambda each: (-each[1], each[0])):
        place = "differences" if outcome == "different" else "not_replayed"
        groups[place].append({
            "kind" if place == "differences" else "code": what,
            "state": state or None,
            "count": _number(count, is_sealed),
            "examples": [] if is_sealed else tally.examples[outcome, what, state],
        })  # fmt: skip
    return {
        "cases": _number(tally.total, is_sealed),
        "same": _number(tally.outcomes["same"], is_sealed),
        "different": _number(tally.outcomes["different"], is_sealed),
        "cannot_be_replayed": _number(tally.outcomes["cannot_be_replayed"], is_sealed),
        **groups,
    }


def _number(count: int, is_sealed: bool) -> int | str:
    return f"<{SUPPRESSED_BELOW}" if is_sealed and 0 < count < SUPPRESSED_BELOW else count
