# ruff: noqa: E501 - YAML as authors write it
"""Running cases go over to a newer version in the store: every row follows, and they come back."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import select

from engine.audit.verify import verify
from engine.cases.migrate import Outcome, begin_run, move_next, plan_of, try_case
from engine.cases.migrate_back import undo_next
from engine.cases.migration_models import MigratedCase, MigrationRun
from engine.cases.models import Case, History
from engine.definitions.model import Definition
from engine.errors import NotFound
from engine.publishing.library import definition
from engine.vocabulary import load
from tests.engine.cases.written import FORM, define
from tests.kept import Kept
from tests.shadow import check_case

FIRST = """
lifecycle:
  initial: draft
  states:
    draft:
      task: {candidates: [starter], form: sample, fields: {text: edit, amount: edit}}
      transitions: {submit: {to: check}}
    check:
      task: {candidates: [clerk], form: sample}
      timers: {late: {after: {working_days: 2}, effects: {more: {increment: count}}}}
      transitions: {go: {to: both}, old: {to: archive}}
    archive:
      task: {candidates: [clerk]}
      transitions: {go: {to: both}}
    both:
      type: parallel
      regions:
        money: {initial: finance_check, states: {finance_check: {task: {candidates: [finance]}, transitions: {fine: {to: finance_done}}}, finance_done: {type: final}}}
        law: {initial: legal_check, states: {legal_check: {task: {candidates: [legal]}, transitions: {legal_ok: {to: legal_done}}}, legal_done: {type: final}}}
      transitions: {done: {to: decision}}
    decision:
      approval:
        ordering: parallel
        approvers: {one: {candidates: [head]}, two: {candidates: [planning]}}
      transitions: {approved: {to: end}, rejected: {to: draft}}
    end: {type: final}
"""
SECOND = FIRST.replace("check:\n      task", "inspection:\n      task").replace("{to: check}", "{to: inspection}").replace(
    ", old: {to: archive}", "").replace("""    archive:
      task: {candidates: [clerk]}
      transitions: {go: {to: both}}
""", "").replace("amount: edit", "total: edit")  # fmt: skip
SECOND_FORM = FORM.replace("amount:", "total:")
PLAN = """
migrations:
  from_1:
    from: 1.0.0
    states: {check: inspection, ARCHIVE}
    fields: {amount: total}
"""


class Moving:
    """Publishes both versions and moves cases of the first."""

    def __init__(self, kept: Kept, archive: str = "archive: {to: inspection, reason: Langkah dihapus}", **parts: str) -> None:
        self.kept = kept
        kept.publish(parts.get("first", FIRST))
        self.plan_text = parts.get("plan", PLAN).replace("ARCHIVE", archive)
        self.second_text = parts.get("second", SECOND)
        self._definition: Definition | None = None

    @property
    def definition(self) -> Definition:
        if self._definition is None:
            digest = self.kept.publish(self.second_text + self.plan_text, form=SECOND_FORM, version="2.0.0")
            self._definition = definition(self.kept.session, digest, load())
        return self._definition

    def try_it(self) -> Outcome:
        plan = plan_of(self.definition, "from_1")
        return try_case(self.kept.session, self.definition, plan, self.kept.case_id, self.kept.now)

    def run(self) -> list[Outcome]:
        kept = self.kept
        plan = plan_of(self.definition, "from_1")
        run = begin_run(kept.session, self.definition, plan, region_id=kept.region.id, reason="Uji", by=None, now=kept.now)
        found = []
        while (outcome := move_next(kept.session, run.id, self.definition, kept.now)) is not None:
            found.append(outcome)
            check_case(kept.session, outcome.case_id, kept.now)
        return found

    def undo(self) -> list[Outcome]:
        kept, found, after = self.kept, [], 0
        run = kept.session.scalars(select(MigrationRun)).one()
        while (outcome := undo_next(kept.session, run.id, None, kept.now, after)) is not None:
            after = outcome.case_id
            found.append(outcome)
            check_case(kept.session, outcome.case_id, kept.now)
        return found


def answers(kept: Kept) -> Mapping[str, object]:
    return dict(kept.stored.facts.answers)


def test_a_renamed_step_keeps_its_task_its_claim_and_its_timer(kept: Kept) -> None:
    moving = Moving(kept)
    kept.open(amount=5)
    kept.do("ani", "submit")
    kept.do("cici", "claim")
    due = kept.stored.facts.state.timers["check.late"].due_at
    number = next(iter(kept.stored.facts.state.tasks))
    (outcome,) = moving.run()
    assert (outcome.outcome, outcome.states) == ("moved", ("inspection",))
    state = kept.stored.facts.state
    assert state.tasks[number].state == "inspection"
    assert kept.candidates() == ["cici"]
    assert state.timers["inspection.late"].due_at == due
    assert kept.stored.row.digest == moving.definition.digest
    assert answers(kept)["total"] == 5
    assert kept.do("cici", "go") is None
    assert kept.states == ["finance_check", "legal_check"]


def test_the_history_names_both_versions_and_the_chain_holds(kept: Kept) -> None:
    moving = Moving(kept)
    kept.open()
    before = kept.stored.row.digest
    moving.run()
    row = kept.history[-1]
    assert (row.action, row.actor_id) == ("migrate", None)
    assert (row.details["from"], row.details["to"]) == (before, moving.definition.digest)
    assert row.details["migration"] == "from_1"
    assert not verify(kept.session)


def test_trying_writes_nothing(kept: Kept) -> None:
    moving = Moving(kept)
    kept.open(amount=5)
    kept.do("ani", "submit")
    before = kept.stored.row
    outcome = moving.try_it()
    assert (outcome.outcome, outcome.states) == ("moved", ("inspection",))
    assert kept.stored.row == before
    assert kept.states == ["check"]
    assert not kept.session.scalars(select(MigratedCase)).all()


def test_a_version_that_is_not_published_can_be_tried(kept: Kept) -> None:
    moving = Moving(kept)
    kept.open()
    draft = define(SECOND.replace("total:", "amount:") + moving.plan_text.replace("{amount: total}", "{}"))
    outcome = try_case(kept.session, draft, plan_of(draft, "from_1"), kept.case_id, kept.now)
    assert outcome.outcome == "moved"
    with pytest.raises(NotFound):
        begin_run(
            kept.session, draft, plan_of(draft, "from_1"), region_id=None, reason="Uji", by=None, now=kept.now
        )  # fmt: skip


def test_branches_go_on_where_each_stands(kept: Kept) -> None:
    moving = Moving(kept)
    kept.open()
    for person, action in (("ani", "submit"), ("carla", "go"), ("leo", "legal_ok")):
        assert kept.do(person, action) is None
    moving.run()
    assert kept.states == ["finance_check", "legal_done"]
    assert kept.do("fina", "fine") is None
    assert kept.states == ["decision"]


def test_votes_are_kept_or_dropped_as_the_plan_says(kept: Kept) -> None:
    for votes, waiting in (("keep", ["pia"]), ("drop", ["hana", "pia"])):
        moving = Moving(kept, plan=PLAN + f"    votes: {votes}\n")
        kept.open()
        for person, action in (("ani", "submit"), ("carla", "go"), ("leo", "legal_ok"), ("fina", "fine")):
            assert kept.do(person, action) is None
        assert kept.do("hana", "approve") is None
        assert [outcome.outcome for outcome in moving.run()] == ["moved"]
        assert kept.candidates() == waiting
        assert kept.queue("hana") == (["decision"] if votes == "drop" else [])
        kept.do("pia", "approve")
        kept.do("hana", "approve")
        assert kept.ended
