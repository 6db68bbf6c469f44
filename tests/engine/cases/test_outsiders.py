"""On the store, on both databases: people outside come by receipt or link, never by the queue (§3 ``external``)."""

from __future__ import annotations

import pytest

from engine.cases.bulk import Line, review
from engine.cases.migrate import begin_run, move_next, plan_of
from engine.cases.queue_page import queue_page
from engine.publishing.library import definition
from engine.vocabulary import load
from tests.engine.cases.written import ROLES
from tests.factories import a_group
from tests.kept import Kept
from tests.shadow import check_case

WRITTEN = """
substitution:
  delegate: {title: {id: Penerima delegasi, en: Delegate}, may: [close, back], record: on_behalf_of}
lifecycle:
  initial: asked
  states:
    asked:
      task: {candidates: [reporter]}
      transitions: {answer: {to: read}}
    read:
      task: {candidates: [CANDIDATES], form: sample, fields: {owner: edit}, bulk: true}
      timers: {late: {after: {hours: 4}, effects: {more: {add_candidate: ADDED}}}}
      transitions: {close: {to: over, bulk: true}, back: {to: asked}, note: {internal: true}}
    over: {type: final}
"""
OUTSIDE = """
  reporter: {title: {id: Pelapor, en: Reporter}, resolve: initiator, external: true}
  witness: {title: {id: Saksi, en: Witness}, resolve: {group: legal}, external: true}
  opener: {title: {id: Pembuka, en: Opener}, resolve: initiator}
"""


def asked(kept: Kept, candidates: str, *, added: str = "planning", version: str = "1.0.0") -> str:
    written = WRITTEN.replace("CANDIDATES", candidates).replace("ADDED", added)
    return kept.publish(written, roles=ROLES + OUTSIDE, version=version)


def read(kept: Kept, candidates: str, *, added: str = "planning") -> Kept:
    asked(kept, candidates, added=added)
    kept.open("ani")
    assert kept.do("ani", "answer") is None
    return kept


def counted(kept: Kept, person: str) -> int:
    return queue_page(kept.session, kept.people[person].id, kept.now).counts["mine"].number


def test_people_outside_never_find_their_task_in_a_queue_but_may_act(kept: Kept) -> None:
    asked(kept, "clerk, reporter")
    kept.open("ani")
    assert kept.queue("ani") == []
    assert kept.do("ani", "answer") is None


def test_a_task_staff_share_with_people_outside_is_in_the_queue_of_staff_alone(kept: Kept) -> None:
    read(kept, "clerk, reporter, witness")
    for outside in ("ani", "leo"):
        assert kept.queue(outside) == []
        assert counted(kept, outside) == 0
        assert review(kept.session, kept.people[outside].id, [Line(kept.case_id, "read")], kept.now) == ()
    assert kept.queue("carla") == ["read"]
    assert counted(kept, "carla") == 1
    assert len(review(kept.session, kept.people["carla"].id, [Line(kept.case_id, "read")], kept.now)) == 1
    assert kept.do("ani", "close") is None  # by their link


def test_who_is_asked_as_staff_too_has_the_task_in_their_queue(kept: Kept) -> None:
    read(kept, "opener, reporter, witness")
    assert kept.queue("ani") == ["read"]
    assert kept.queue("leo") == []


@pytest.mark.parametrize("who", ["ani", "leo"])
def test_a_task_somebody_outside_took_is_in_no_queue_until_they_give_it_back(kept: Kept, who: str) -> None:
    read(kept, "clerk, reporter, witness")
    assert kept.do(who, "claim") is None
    assert kept.queue(who) == kept.queue("carla") == []
    assert kept.do(who, "release") is None
    assert kept.queue("carla") == ["read"]
    assert kept.queue(who) == []


def test_who_gets_a_task_delegated_has_it_in_their_queue_though_they_are_asked_from_outside_too(kept: Kept) -> None:
    read(kept, "clerk, reporter")
    assert kept.do("carla", "delegate", "cuti", to="ani") is None
    assert kept.queue("ani") == ["read"]


def test_a_role_of_staff_added_later_brings_the_task_into_the_queue(kept: Kept) -> None:
    read(kept, "reporter, clerk", added="opener")
    assert kept.queue("ani") == []
    assert kept.advance(hours=5) == ["read.late"]
    assert kept.queue("ani") == ["read"]


def test_a_role_of_people_outside_added_later_brings_it_into_no_queue(kept: Kept) -> None:
    read(kept, "clerk", added="witness")
    kept.advance(hours=5)
    assert kept.queue("leo") == []
    assert kept.do("leo", "close") is None


def test_a_task_offered_anew_stays_out_of_the_queue_of_people_outside(kept: Kept) -> None:
    read(kept, "clerk, reporter, witness")
    assert kept.do("leo", "claim") is None
    a_group(kept.session, kept.region, "more", kept.people["bela"])
    kept.region.organisation_revision += 1
    kept.session.flush()
    kept.reoffer()
    assert [kept.queue(name) for name in ("leo", "ani", "carla")] == [[], [], []]
    assert kept.do("leo", "release") is None
    kept.reoffer()
    assert [kept.queue(name) for name in ("leo", "ani", "carla")] == [[], [], ["read"]]


def test_a_task_carried_over_is_in_the_queue_of_those_who_are_asked_as_staff_by_the_newer_version(kept: Kept) -> None:
    read(kept, "clerk, opener")
    assert kept.queue("ani") == ["read"]
    carry_over(kept, "clerk, reporter", "1.1.0")
    assert kept.queue("ani") == []
    assert kept.queue("carla") == ["read"]
    carry_over(kept, "clerk, opener", "1.2.0")
    assert kept.queue("ani") == ["read"]


def carry_over(kept: Kept, candidates: str, version: str) -> None:
    written = WRITTEN.replace("CANDIDATES", candidates).replace("ADDED", "planning")
    older = kept.stored.definition.version
    plan = f"migrations: {{all: {{from: {older}, states: {{}}}}}}\n"
    digest = kept.publish(written + plan, roles=ROLES + OUTSIDE, version=version)
    newer = definition(kept.session, digest, load())
    run = begin_run(
        kept.session, newer, plan_of(newer, "all"), region_id=kept.region.id, reason="Uji", by=None, now=kept.now
    )
    assert run is not None
    moved = move_next(kept.session, run.id, newer, kept.now)
    assert moved is not None and moved.outcome == "moved"
    check_case(kept.session, kept.case_id, kept.now)
