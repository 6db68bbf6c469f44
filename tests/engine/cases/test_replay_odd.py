# ruff: noqa: E501 - YAML as authors write it
"""Finished cases with an unusual life, replayed under their own definition: the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.cases.extensions import extend_schedule
from engine.cases.pausing import pause, resume
from engine.cases.replay import replay_case
from engine.cases.replaying_run import Replayed
from engine.organisation.mandates import give_mandate
from engine.publishing.library import definition
from engine.vocabulary import load
from tests.engine.cases.written import define
from tests.factories import a_group
from tests.kept import Kept

WRITTEN = """
substitution:
  delegate: {title: {id: Penerima delegasi, en: Delegate}, may: [go, finish, approve], record: on_behalf_of, requires: [reason, until]}
schedules:
  open: {title: {id: Masa, en: Time}, from: "date(2026, 1, 1)", to: "date(2026, 3, 3)", extendable_by: [head]}
slas:
  promise: {target: {working_days: 6}, start: check, stop: [over], pause_in: [wait], at_risk: {at: 0.5, effects: {n: {increment: count}}}}
lifecycle:
  initial: draft
  states:
    draft:
      task: {candidates: [starter], form: sample, fields: {names: edit, amount: edit}}
      transitions: {submit: {to: check, recallable: true}, hurry: {to: check, window: open}}
    check:
      task: {candidates: [clerk, head], due: {working_days: 3}, auto_release: {hours: 3}}
      timers:
        late: {after: {working_days: 2}, effects: {n: {increment: count}}}
        twice: {after: {days: 1}, repeat: {every: {days: 1}, at_most: 2}, effects: {n: {increment: count}}}
      transitions: {go: {to: both}, hold: {to: wait}}
    wait: {task: {candidates: [clerk]}, transitions: {finish: {to: check}}}
    both:
      type: parallel
      transitions: {done: {to: items}}
      regions:
        a: {initial: a1, states: {a1: {task: {candidates: [finance, clerk], allocate: least_loaded}, transitions: {finish: {to: a2}}}, a2: {type: final}}}
        b: {initial: b1, states: {b1: {task: {candidates: [legal]}, transitions: {finish: {to: b2}}}, b2: {type: final}}}
    items:
      multi_instance: {collection: case.names, element: one, ordering: sequential, completion: all}
      task: {candidates: [clerk, head]}
      transitions: {finish: {to: vote}}
    vote:
      approval: {ordering: parallel, approvers: {one: {candidates: [head]}, two: {candidates: [planning]}}}
      transitions: {approved: {to: over}, rejected: {to: draft}}
    over: {type: final}
"""


def begun(kept: Kept) -> Kept:
    kept.publish(WRITTEN)
    kept.open(names=["x", "y"], amount=3)
    assert kept.do("ani", "submit") is None
    return kept


def ended(kept: Kept) -> Replayed:
    """The rest of the way; then the replay under the case's own definition."""
    acts = [("carla", "go", None), (None, "finish", "a1"), ("leo", "finish", "b1")]
    acts += [("carla", "finish", None), ("cici", "finish", None), ("hana", "approve", None), ("pia", "approve", None)]
    for person, action, inside in acts:
        if inside == "a1":
            person = kept.candidates("a1")[0]
        if person == "carla" and action == "go" and "check" not in kept.states:
            continue
        assert kept.do(str(person), action, inside=inside) is None, (person, action, kept.refusal)
    assert kept.ended
    return again(kept)


def again(kept: Kept) -> Replayed:
    own = definition(kept.session, kept.stored.row.digest, load())
    return replay_case(kept.session, own, kept.case_id)[1]


def watched(kept: Kept, **span: int) -> None:
    """The clock moves while a worker looks every hour, so that what is due fires in time."""
    for _ in range(timedelta(**span) // timedelta(hours=1)):
        kept.advance(hours=1)


SAME = Replayed("same")


def test_a_long_life_with_branches_items_and_a_repeating_timer(kept: Kept) -> None:
    begun(kept)
    watched(kept, days=5)
    assert ended(kept) == SAME


def test_a_recalled_act_a_claim_and_its_release(kept: Kept) -> None:
    begun(kept)
    assert kept.do("ani", "recall") is None
    assert kept.do("ani", "submit") is None
    assert kept.do("carla", "claim") is None
    kept.advance(hours=4)
    assert kept.do("cici", "claim") is None
    assert kept.do("cici", "release") is None
    assert ended(kept) == SAME


def test_a_task_delegated_until_a_day(kept: Kept) -> None:
    begun(kept)
    assert kept.do("hana", "delegate", "cuti", to="leo", until=date(2026, 3, 6)) is None
    assert kept.do("leo", "go") is None
    assert ended(kept) == SAME


def test_a_stand_in_whose_mandate_has_ended_since(kept: Kept) -> None:
    today = kept.now.date()
    give_mandate(
        kept.session, kept.people["hana"].id, kept.people["leo"].id, "delegate", starts_on=today,
        ends_on=today + timedelta(days=2), reason="Cuti", author=kept.author("hana"),
    )  # fmt: skip
    begun(kept)
    assert kept.do("leo", "go") is None
    kept.advance(days=10)
    assert ended(kept) == SAME


def test_a_case_that_was_paused_keeps_what_was_left_of_its_time(kept: Kept) -> None:
    begun(kept)
    watched(kept, hours=20)
    pause(kept.session, kept.people["sinta"].id, kept.case_id, "Audit", kept.now)
    kept.advance(days=20)
    resume(kept.session, kept.people["sinta"].id, kept.case_id, "", kept.now)
    watched(kept, days=2)
    assert ended(kept) == SAME


def test_a_promise_that_was_paused_in_a_state(kept: Kept) -> None:
    begun(kept)
    assert kept.do("carla", "hold") is None
    kept.advance(days=9)
    assert kept.do("carla", "finish") is None
    watched(kept, days=1)
    assert ended(kept) == SAME


def test_a_task_given_to_the_one_who_had_the_least_to_do_then(kept: Kept) -> None:
    begun(kept)
    other = kept.case_id
    assert kept.do("carla", "claim") is None
    kept.open(names=["x", "y"])
    assert kept.do("ani", "submit") is None
    assert kept.do("cici", "go") is None
    assert kept.candidates("a1") == ["cici"]  # Carla has another task
    assert kept.do("cici", "finish", inside="a1") is None
    assert kept.do("leo", "finish") is None
    for person, action in (("carla", "finish"), ("cici", "finish"), ("hana", "approve"), ("pia", "approve")):
        assert kept.do(person, action) is None
    assert again(kept) == SAME
    assert other != kept.case_id


def test_an_act_in_a_window_that_was_extended(kept: Kept) -> None:
    kept.publish(WRITTEN)
    kept.open(names=["x", "y"], amount=3)
    kept.advance(days=4)
    assert kept.do("ani", "hurry") == "outside_schedule"
    until = kept.now.date() + timedelta(days=3)
    extend_schedule(
        kept.session, kept.people["hana"].id, case_type="sample", schedule="open", unit_id=kept.units["section"].id,
        until=until, reason="Gangguan", now=kept.now,
    )  # fmt: skip
    assert kept.do("ani", "hurry") is None
    assert ended(kept) == SAME


def test_tasks_that_followed_the_organisation(kept: Kept) -> None:
    begun(kept)
    a_group(kept.session, kept.region, "other", kept.people["bela"])
    kept.region.organisation_revision += 1
    kept.session.flush()
    kept.reoffer()
    assert ended(kept) == SAME


@pytest.mark.parametrize("days", [2, 9])
def test_another_deadline_is_told_of_a_case_that_was_paused(kept: Kept, days: int) -> None:
    begun(kept)
    pause(kept.session, kept.people["sinta"].id, kept.case_id, "Audit", kept.now)
    kept.advance(days=days)
    resume(kept.session, kept.people["sinta"].id, kept.case_id, "", kept.now)
    assert ended(kept) == SAME
    longer = WRITTEN.replace("due: {working_days: 3}", "due: {working_days: 5}")
    assert replay_case(kept.session, define(longer), kept.case_id)[1] == Replayed("different", ("deadline",), "check")
