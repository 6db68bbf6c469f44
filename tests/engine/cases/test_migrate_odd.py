# ruff: noqa: E501 - YAML as authors write it
"""Running cases in unusual places that go over to a newer version, and come back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete

from engine.cases.follow import comment
from engine.cases.migrate import Outcome, begin_run, last_run, move_next, plan_of
from engine.cases.migrate_back import undo_next
from engine.cases.pausing import pause, resume
from engine.organisation.mandates import give_mandate
from engine.organisation.models import GroupMember
from engine.publishing.library import definition
from engine.vocabulary import load
from tests.kept import Kept
from tests.shadow import check_case

WRITTEN = """
substitution:
  delegate: {title: {id: Penerima delegasi, en: Delegate}, may: [go, finish, send, close], record: on_behalf_of}
slas:
  promise: {target: {days: 6}, start: check, stop: [over], pause_in: [wait], at_risk: {at: 0.5, effects: {n: {increment: count}}}}
lifecycle:
  initial: draft
  states:
    draft:
      task: {candidates: [starter, clerk], form: sample, fields: {names: edit, amount: edit}}
      transitions: {send: {to: check, recallable: true}}
    check:
      task: {candidates: [clerk, head], due: {working_days: 3}, auto_release: {hours: 30}}
      timers: {late: {after: {days: 2}, effects: {n: {increment: count}}}}
      transitions: {go: {to: both}, hold: {to: wait}}
    wait: {task: {candidates: [clerk]}, transitions: {finish: {to: check}}}
    both:
      type: parallel
      transitions: {done: {to: items}}
      regions:
        a: {initial: a1, states: {a1: {task: {candidates: [finance, clerk], allocate: round_robin}, transitions: {finish: {to: a2}}}, a2: {type: final}}}
        b: {initial: b1, states: {b1: {task: {candidates: [legal]}, transitions: {finish: {to: b2}}}, b2: {type: final}}}
    items:
      multi_instance: {collection: case.names, element: one, ordering: sequential, completion: all}
      task: {candidates: [clerk, head]}
      transitions: {finish: {to: last}}
    last:
      task: {candidates: [head, clerk], excluded: [performer_of.check]}
      transitions: {close: {to: over}}
    over: {type: final}
"""


class Carried:
    """A case of version 1.0.0 and newer versions it goes over to."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        kept.publish(WRITTEN)
        kept.open("ani", names=["x", "y", "z"], amount=3)
        assert kept.do("ani", "send") is None

    def over(self, version: str, *changes: tuple[str, str], plan: str = "states: {}") -> Outcome:
        """Goes over to a version with these changes, from whatever version it has."""
        kept, text = self.kept, WRITTEN
        for old, new in changes:
            assert text.count(old) >= 1, old
            text = text.replace(old, new)
        older = kept.stored.definition.version
        digest = kept.publish(text + f"migrations: {{on: {{from: {older}, {plan}}}}}\n", version=version)
        self.newest = digest
        return self.run(digest)

    def run(self, digest: str) -> Outcome:
        kept, newer = self.kept, definition(self.kept.session, digest, load())
        run = begin_run(
            kept.session, newer, plan_of(newer, "on"), region_id=kept.region.id, reason="Uji", by=None, now=kept.now
        )
        assert run is not None
        outcome = move_next(kept.session, run.id, newer, kept.now)
        while move_next(kept.session, run.id, newer, kept.now) is not None:
            pass
        assert outcome is not None
        check_case(kept.session, kept.case_id, kept.now)
        return outcome

    def back(self) -> Outcome:
        """The last run of the version the case has, taken back."""
        kept, newer = self.kept, self.kept.stored.definition
        run = last_run(kept.session, newer, plan_of(newer, "on"), kept.region.id)
        outcome = undo_next(kept.session, run.id, None, kept.now)
        assert outcome is not None
        if outcome.outcome == "undone":
            assert undo_next(kept.session, run.id, None, kept.now, outcome.case_id) is None
        check_case(kept.session, kept.case_id, kept.now)
        return outcome

    def until(self, *acts: tuple[str, str]) -> None:
        for person, action in acts:
            assert self.kept.do(person, action) is None, (person, action, self.kept.refusal)


RENAMED = (
    ("check:", "look:"),
    ("{to: check", "{to: look"),
    ("performer_of.check", "performer_of.look"),
    ("start: check", "start: look"),
)
INTO_LOOK = "states: {check: look}"


@pytest.fixture
def carried(kept: Kept) -> Carried:
    return Carried(kept)


# -- taking back ------------------------------------------------------------------------------------------------------


def test_a_remark_since_does_not_keep_a_case_from_going_back(carried: Carried) -> None:
    kept = carried.kept
    assert carried.over("1.1.0", *RENAMED, plan=INTO_LOOK).states == ("look",)
    comment(kept.session, kept.case_id, kept.people["carla"].id, "Mengapa pindah?", kept.now)
    assert carried.back().states == ("check",)
    carried.until(("carla", "go"))


def test_tasks_that_followed_the_organisation_since_do_not_either_and_follow_again(carried: Carried) -> None:
    kept = carried.kept
    carried.until(("carla", "claim"))
    carried.over("1.1.0", *RENAMED, plan=INTO_LOOK)
    carla = GroupMember.person_id == kept.people["carla"].id
    kept.session.execute(delete(GroupMember).where(carla))
    kept.region.organisation_revision += 1
    kept.session.flush()
    kept.reoffer()
    assert kept.candidates() == ["cici", "hana"]
    assert kept.history[-1].action == "reoffer"
    assert carried.back().outcome == "undone"
    assert kept.states == ["check"]
    assert kept.candidates() == ["cici", "hana"]
    assert kept.queue("carla") == []
    assert kept.queue("cici") == ["check"]


def test_whatever_else_happened_since_keeps_it_where_it_is(carried: Carried) -> None:
    kept = carried.kept
    carried.over("1.1.0", *RENAMED, plan=INTO_LOOK)
    pause(kept.session, kept.people["sinta"].id, kept.case_id, "Audit", kept.now)
    assert carried.back().outcome == "stays"
    resume(kept.session, kept.people["sinta"].id, kept.case_id, "", kept.now)
    assert carried.back().outcome == "stays"


def test_a_case_that_went_over_twice_goes_back_twice(carried: Carried) -> None:
    kept = carried.kept
    carried.until(("carla", "claim"))
    before = kept.stored.facts.state
    carried.over("1.1.0", *RENAMED, plan=INTO_LOOK)
    first = kept.stored.definition
    carried.over("1.2.0", plan="states: {look: check}, tasks: reopen")
    assert carried.back().states == ("look",)
    assert kept.stored.definition is first
    assert carried.back().states == ("check",)
    state = kept.stored.facts.state
    assert [task.assignee for task in state.tasks.values()] == [task.assignee for task in before.tasks.values()]
    assert [timer.due_at for timer in state.timers.values()] == [timer.due_at for timer in before.timers.values()]
    carried.until(("carla", "go"))


def test_a_case_that_moved_between_two_runs_goes_back_once(carried: Carried) -> None:
    carried.over("1.1.0", *RENAMED, plan=INTO_LOOK)
    carried.until(("carla", "hold"))
    carried.over("1.2.0", plan="states: {look: check}")
    assert carried.back().outcome == "undone"
    assert carried.back().outcome == "stays"


def test_what_fell_due_while_it_was_away_fires_when_it_is_back(carried: Carried) -> None:
    kept = carried.kept
    carried.over("1.1.0", ("late: {after: {days: 2}", "other: {after: {days: 9}"), plan="states: {}, timers: restart")
    kept.now += timedelta(days=3)
    assert carried.back().outcome == "undone"
    assert kept.advance(minutes=1) == ["check.late", "promise.at_risk"]


# -- clocks -----------------------------------------------------------------------------------------------------------


def test_a_promise_that_stands_still_goes_on_standing_still(carried: Carried) -> None:
    kept = carried.kept
    kept.advance(days=1)
    carried.until(("carla", "hold"))
    kept.advance(days=4)
    carried.over("1.1.0", *RENAMED, plan=INTO_LOOK)
    assert kept.stored.facts.state.slas["promise"].due_at is None
    kept.advance(days=4)
    carried.until(("carla", "finish"))
    assert kept.stored.facts.state.slas["promise"].due_at == kept.now + timedelta(days=5)


def test_a_promise_goes_on_where_the_newer_version_does_not_let_it_stand_still(carried: Carried) -> None:
    kept = carried.kept
    carried.until(("carla", "hold"))
    kept.advance(days=4)
    carried.over("1.1.0", ("pause_in: [wait], ", ""))
    assert kept.stored.facts.state.slas["promise"].due_at == kept.now + timedelta(days=6)


def test_a_promise_stands_still_from_now_where_the_newer_version_says_so(carried: Carried) -> None:
    kept = carried.kept
    kept.advance(days=1)
    carried.over("1.1.0", ("pause_in: [wait]", "pause_in: [wait, check]"))
    assert kept.stored.facts.state.slas["promise"].due_at is None
    kept.advance(days=9)
    carried.until(("carla", "go"))
    assert kept.stored.facts.state.slas["promise"].due_at == kept.now + timedelta(days=5)


def test_a_timer_that_is_due_already_fires_once_after_the_move(carried: Carried) -> None:
    kept = carried.kept
    kept.now += timedelta(days=5)
    carried.over("1.1.0", *RENAMED, plan=INTO_LOOK)
    assert kept.advance(minutes=1) == ["look.late", "promise.at_risk"]
    assert kept.answer("count") == 2


def test_a_paused_case_is_held_up_and_goes_over_when_it_goes_on(carried: Carried) -> None:
    kept = carried.kept
    pause(kept.session, kept.people["sinta"].id, kept.case_id, "Audit", kept.now)
    assert carried.over("1.1.0", *RENAMED, plan=INTO_LOOK).outcome == "blocked"
    assert kept.incidents == ["migration_blocked"]
    resume(kept.session, kept.people["sinta"].id, kept.case_id, "", kept.now)
    assert carried.run(carried.newest).outcome == "moved"
    assert kept.incidents == []


# -- people -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tasks", ["keep", "reopen"])
def test_a_delegated_task_stays_with_the_delegate_or_is_asked_anew(carried: Carried, tasks: str) -> None:
    kept = carried.kept
    assert kept.do("hana", "delegate", "cuti", to="leo", until=date(2026, 3, 9)) is None
    carried.over("1.1.0", *RENAMED, plan=f"{INTO_LOOK}, tasks: {tasks}")
    if tasks == "keep":
        assert kept.candidates() == ["leo"]
        carried.until(("leo", "go"))
        assert kept.history[-1].principal == str(kept.people["hana"].id)
    else:
        assert kept.candidates() == ["carla", "cici", "hana"]
        assert "delegated" not in kept.stored.facts.state.extras
        assert kept.asked("leo", "go") == "not_candidate"
    assert kept.queue("leo") == (["b1"] if tasks == "keep" else [])


def test_a_delegated_task_that_is_asked_anew_is_the_delegates_again_when_taken_back(carried: Carried) -> None:
    kept = carried.kept
    assert kept.do("hana", "delegate", "cuti", to="leo") is None
    carried.over("1.1.0", *RENAMED, plan=f"{INTO_LOOK}, tasks: reopen")
    assert carried.back().outcome == "undone"
    assert kept.candidates() == ["leo"]
    carried.until(("leo", "go"))
    assert kept.history[-1].principal == str(kept.people["hana"].id)


def test_a_claim_lapses_where_the_newer_version_excludes_its_holder(carried: Carried) -> None:
    kept = carried.kept
    kept.open("carla", names=["x", "y"])
    carried.until(("carla", "send"), ("carla", "claim"))
    carried.over(
        "1.1.0", ("candidates: [clerk, head], due", "candidates: [clerk, head], excluded: [performer_of.draft], due")
    )
    assert kept.stored.definition.version == "1.1.0"
    assert kept.candidates() == ["cici", "hana"]
    assert kept.do("carla", "go") == "excluded"


def test_whoever_let_somebody_do_a_renamed_step_stays_excluded(carried: Carried) -> None:
    kept = carried.kept
    today = kept.now.date()
    give_mandate(
        kept.session, kept.people["hana"].id, kept.people["bela"].id, "delegate", starts_on=today,
        ends_on=today + timedelta(days=30), reason="Cuti", author=kept.author("hana"),
    )  # fmt: skip
    carried.until(("bela", "go"))
    carried.over("1.1.0", *RENAMED, plan=INTO_LOOK)
    carried.until((kept.candidates("a1")[0], "finish"))
    for person in ("leo", "carla", "carla", "carla"):
        assert kept.do(person, "finish") is None
    assert kept.states == ["last"]
    assert kept.asked("hana", "close") == "excluded"
    assert kept.asked("bela", "close") == "excluded"
    assert kept.do("carla", "close") is None


def test_an_act_before_the_move_cannot_be_recalled_after_it(carried: Carried) -> None:
    carried.over("1.1.0", *RENAMED, plan=INTO_LOOK)
    assert carried.kept.do("ani", "recall") == "not_recallable"


# -- branches and items -----------------------------------------------------------------------------------------------

ONE_BRANCH = (
    ("""        b: {initial: b1, states: {b1: {task: {candidates: [legal]}, transitions: {finish: {to: b2}}}, b2: {type: final}}}
""", ""),
)  # fmt: skip
LEAVE_B = "states: {b1: {drop: {id: Tidak ditanya, en: Not asked}}, b2: {drop: {id: Tidak ditanya, en: Not asked}}}"


def test_the_only_branch_still_open_is_dropped_and_the_others_are_done(carried: Carried) -> None:
    kept = carried.kept
    carried.until(("carla", "go"))
    carried.until((kept.candidates("a1")[0], "finish"))
    assert kept.states == ["a2", "b1"]
    carried.over("1.1.0", *ONE_BRANCH, plan=LEAVE_B)
    assert kept.states == ["items"]
    assert kept.queue("leo") == []


def test_items_in_turn_go_on_with_the_one_whose_turn_it_is(carried: Carried) -> None:
    kept = carried.kept
    carried.until(("carla", "go"))
    carried.until((kept.candidates("a1")[0], "finish"), ("leo", "finish"), ("cici", "finish"))
    carried.over("1.1.0", *RENAMED, plan=INTO_LOOK)
    assert kept.do("carla", "finish", item="x") == "unknown_item"
    assert kept.do("carla", "finish", item="y") is None
    assert kept.do("carla", "finish", item="z") is None
    assert kept.states == ["last"]


@pytest.mark.parametrize(("completion", "states"), [("any", ["last"]), ("{quorum: 2}", ["items"])])
def test_a_newer_rule_of_completion_counts_what_is_finished(
    carried: Carried, completion: str, states: list[str]
) -> None:
    kept = carried.kept
    carried.until(("carla", "go"))
    carried.until((kept.candidates("a1")[0], "finish"), ("leo", "finish"), ("cici", "finish"))
    carried.over("1.1.0", ("completion: all", f"completion: {completion}"))
    assert kept.states == states


def test_a_task_that_was_given_out_stays_with_whom_it_was_given_and_the_round_goes_on(carried: Carried) -> None:
    kept = carried.kept
    carried.until(("carla", "go"))
    (holder,) = kept.candidates("a1")
    carried.over("1.1.0", *RENAMED, plan=INTO_LOOK)
    assert kept.candidates("a1") == [holder]
    assert kept.stored.facts.state.extras["turns"] == {"a1": 1}
    assert kept.do(holder, "finish", inside="a1") is None
