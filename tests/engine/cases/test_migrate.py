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
from engine.cases.pages import case_page
from engine.definitions.model import Definition
from engine.errors import NotFound
from engine.outbox.models import Message
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
      title: {id: Arsip lama, en: Old archive}
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
      title: {id: Arsip lama, en: Old archive}
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

    def __init__(
        self, kept: Kept, archive: str = "archive: {to: inspection, reason: Langkah dihapus}", **parts: str
    ) -> None:
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
        run = begin_run(
            kept.session, self.definition, plan, region_id=kept.region.id, reason="Uji", by=None, now=kept.now
        )
        found: list[Outcome] = []
        if run is None:
            return found
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


def test_a_removed_step_goes_where_the_plan_says_with_its_reason(kept: Kept) -> None:
    moving = Moving(kept)
    kept.open()
    for person, action in (("ani", "submit"), ("carla", "old")):
        kept.do(person, action)
    assert kept.states == ["archive"]
    moving.run()
    assert kept.states == ["inspection"]
    assert kept.history[-1].comment == "Langkah dihapus"
    assert kept.stored.facts.state.timers["inspection.late"].due_at > kept.now


def test_a_case_may_stay_or_be_closed_with_a_reason(kept: Kept) -> None:
    for archive, outcome, has_ended in (
        ("archive: stay", "stays", False),
        ("archive: {close: {id: Sudah tidak berlaku, en: No longer valid}}", "closed", True),
    ):
        moving = Moving(kept, archive)
        kept.open()
        for person, action in (("ani", "submit"), ("carla", "old")):
            kept.do(person, action)
        before = kept.stored.row.digest
        assert [each.outcome for each in moving.run()][-1] == outcome
        assert kept.ended is has_ended
        assert kept.stored.row.digest == before, "neither of them is of the newer version"
        assert kept.queue("carla") == ([] if has_ended else ["Arsip lama"])
        assert kept.incidents == []
    assert kept.session.get_one(Case, kept.case_id).closed_at == kept.now
    assert kept.history[-1].details["reason"]["en"] == "No longer valid"


def test_a_case_the_plan_does_not_cover_is_not_moved_listed_and_told(kept: Kept) -> None:
    moving = Moving(kept, plan=PLAN.replace(", ARCHIVE", ""))
    kept.open()
    for person, action in (("ani", "submit"), ("carla", "old")):
        kept.do(person, action)
    (outcome,) = moving.run()
    assert (outcome.outcome, outcome.state) == ("blocked", "archive")
    assert outcome.reason is not None
    assert "archive" in outcome.reason.en
    assert kept.states == ["archive"]
    assert kept.incidents == ["migration_blocked"]
    assert kept.do("carla", "go") is None, "it goes on under its own version"


def test_an_answer_without_a_place_blocks_its_case_alone(kept: Kept) -> None:
    moving = Moving(kept, plan=PLAN.replace("    fields: {amount: total}\n", ""))
    kept.open(amount=5)
    empty = kept.case_id
    kept.open()
    assert [(each.case_id, each.outcome) for each in moving.run()] == [(empty, "blocked"), (kept.case_id, "moved")]


def test_fields_are_renamed_given_up_or_worked_out(kept: Kept) -> None:
    fields = '{amount: total, text: null, count: {expression: "case.count + 2"}, names: {expression: "[case.text]"}}'
    moving = Moving(kept, plan=PLAN.replace("{amount: total}", fields))
    kept.open(amount=5, text="lama")
    assert [each.outcome for each in moving.run()] == ["moved"]
    found = answers(kept)
    assert (found["total"], found["count"], found["names"]) == (5, 2, ["lama"])
    assert "text" not in found
    assert "amount" not in found
    changed = kept.history[-1].answers_changed
    assert changed["text"] == ["lama", None]
    assert changed["amount"][0] is not None
    assert changed["total"][1] == changed["amount"][0]


def test_only_selected_cases_go_over(kept: Kept) -> None:
    moving = Moving(kept, plan=PLAN + "    select: \"not in_state('check')\"\n")
    kept.open()
    first = kept.case_id
    kept.open()
    kept.do("ani", "submit")
    assert {each.case_id: each.outcome for each in moving.run()} == {first: "moved", kept.case_id: "stays"}
    assert kept.incidents == []


def test_reopened_tasks_are_offered_anew(kept: Kept) -> None:
    moving = Moving(kept, plan=PLAN + "    tasks: reopen\n    timers: restart\n")
    kept.open()
    kept.do("ani", "submit")
    kept.do("cici", "claim")
    number = next(iter(kept.stored.facts.state.tasks))
    kept.advance(hours=30)
    moving.run()
    (task,) = kept.stored.facts.state.tasks.values()
    assert task.number > number
    assert kept.candidates() == ["carla", "cici"]
    assert kept.stored.facts.state.timers["inspection.late"].due_at > kept.now


def test_what_the_plan_asks_is_asked_of_the_initiator_once(kept: Kept) -> None:
    moving = Moving(kept, plan=PLAN + "    ask: [day]\n")
    kept.open()
    moving.run()
    assert kept.do("ani", "submit") == "field_invalid"
    assert kept.refusal is not None
    assert [fault.path for fault in kept.refusal.faults] == ["day"]
    assert kept.do("ani", "submit", data={"day": "2026-03-04"}) is None
    assert "asked" not in kept.stored.facts.state.extras
    assert kept.answer("day") == "2026-03-04"


def test_whom_the_plan_names_hear_of_it(kept: Kept) -> None:
    moving = Moving(kept, plan=PLAN + "    notify: [candidates, starter]\n")
    kept.open()
    kept.do("ani", "submit")
    moving.run()
    sent = kept.session.scalars(select(Message).where(Message.notification == "case_migrated")).all()
    assert sorted(row.audience for row in sent) == sorted(["group:clerks", f"person:{kept.people['ani'].id}"])


def test_a_migration_is_taken_back_while_the_case_has_not_moved(kept: Kept) -> None:
    moving = Moving(kept, plan=PLAN + "    tasks: reopen\n    votes: drop\n")
    kept.open(amount=5)
    kept.do("ani", "submit")
    kept.do("cici", "claim")
    first, before = kept.case_id, kept.stored
    kept.open()
    moving.run()
    kept.do("ani", "submit")
    outcomes = {each.case_id: each.outcome for each in moving.undo()}
    assert outcomes == {first: "undone", kept.case_id: "stays"}
    kept.case_id = first
    after = kept.stored
    assert after.row.digest == before.row.digest
    assert dict(after.facts.state.active) == dict(before.facts.state.active)
    assert dict(after.facts.answers) == dict(before.facts.answers)
    assert kept.candidates() == ["cici"]
    assert kept.history[-1].action == "migrate_undo"
    assert kept.do("cici", "go") is None
    assert not verify(kept.session)


def test_a_closed_case_can_be_taken_back_too(kept: Kept) -> None:
    moving = Moving(kept, "archive: {close: Habis}")
    kept.open()
    for person, action in (("ani", "submit"), ("carla", "old")):
        kept.do(person, action)
    moving.run()
    assert [each.outcome for each in moving.undo()] == ["undone"]
    assert kept.states == ["archive"]
    assert kept.session.get_one(Case, kept.case_id, populate_existing=True).closed_at is None
    assert kept.do("carla", "go") is None


def test_an_interrupted_run_goes_on_where_it_stood(kept: Kept) -> None:
    moving = Moving(kept)
    for _ in range(3):
        kept.open()
    plan = plan_of(moving.definition, "from_1")
    run = begin_run(
        kept.session, moving.definition, plan, region_id=kept.region.id, reason="Uji", by=None, now=kept.now
    )  # fmt: skip
    assert run is not None
    assert move_next(kept.session, run.id, moving.definition, kept.now) is not None
    assert len(moving.run()) == 2, "the same run, the rest of the cases"
    assert len(kept.session.scalars(select(MigrationRun)).all()) == 1
    assert len(kept.session.scalars(select(History).where(History.action == "migrate")).all()) == 3


def test_every_sentence_of_the_history_can_be_read_after_the_move(kept: Kept) -> None:
    moving = Moving(kept)
    kept.open()
    for person, action in (("ani", "submit"), ("carla", "old")):
        kept.do(person, action)
    moving.run()
    page = case_page(kept.session, kept.people["carla"].id, kept.case_id, kept.now)
    said = [line.sentence.en for line in page.history]
    assert any("moved to version 2.0.0" in sentence for sentence in said)
    assert any("Arsip lama" in line.sentence.id for line in page.history), "in the words it had then"
