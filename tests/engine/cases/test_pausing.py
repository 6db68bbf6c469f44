"""A supervisor pauses a case: nobody acts, nothing falls due, and when it goes on no time is lost (§8.14, §9)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.audit.verify import verify
from engine.cases.models import Case
from engine.cases.open import case_id_of
from engine.cases.pausing import pause, resume
from engine.errors import InvalidInput, NotFound
from engine.tasks.models import Task
from engine.timers.models import TimerRow
from tests.kept import Kept

WRITTEN = """
notifications:
  late: {channel: email, to: [candidates], template: reminder}
slas:
  promise:
    target: {working_days: 4}
    start: review
    stop: [over]
    at_risk: {at: 0.5, effects: {tell: {notify: late}}}
lifecycle:
  initial: review
  states:
    review:
      task: {candidates: [clerk], due: {working_days: 2}, form: sample, fields: {text: edit, day: edit}}
      timers:
        soon: {after: {hours: 10}, effects: {tell: {notify: late}}}
        working: {after: {working_days: 2}, effects: {tell: {notify: late}}}
        dated: {at: case.day, effects: {tell: {notify: late}}}
      transitions: {approve: {to: over, recallable: true}, close: {to: over}}
    over: {type: final}
"""


def paused(kept: Kept, reason: str = "menunggu dokumen") -> Kept:
    """Opened on Monday 2 March 2026 at 09.00 in Jakarta, paused an hour later."""
    kept.publish(WRITTEN)
    kept.open(day="2026-03-04")
    kept.advance(hours=1)
    pause(kept.session, kept.people["sinta"].id, kept.case_id, reason, kept.now)
    return kept


def go_on(kept: Kept, **span: float) -> list[str]:
    fired = kept.advance(**span)
    resume(kept.session, kept.people["sinta"].id, kept.case_id, "dokumen datang", kept.now)
    return fired


def test_an_act_on_a_paused_case_is_refused_with_the_day_and_the_reason(kept: Kept) -> None:
    paused(kept)
    for person, action in (("carla", "approve"), ("carla", "claim"), ("carla", "close")):
        assert kept.do(person, action) == "suspended"
    assert kept.refusal is not None
    assert kept.refusal.sentence.id == "Kasus dijeda 2 Maret 2026: menunggu dokumen."
    assert kept.refusal.sentence.en == "The case is paused since 2 March 2026: menunggu dokumen."


def test_nothing_falls_due_while_a_case_is_paused(kept: Kept) -> None:
    paused(kept)
    assert kept.advance(days=30) == []
    assert kept.session.scalars(select(TimerRow.key)).all() != []


def test_what_is_counted_goes_on_with_what_was_left_and_a_named_day_stays(kept: Kept) -> None:
    paused(kept)
    opened = kept.now - timedelta(hours=1)
    # paused on Monday at 10.00, goes on the Monday after at 10.00: the day that was named has passed
    assert go_on(kept, days=7) == []
    due = {row.key: row.due_at for row in kept.session.scalars(select(TimerRow))}
    assert due["review.soon"] == kept.now + timedelta(hours=9)
    assert due["review.working"] == opened + timedelta(days=9)  # Wednesday at 09.00
    assert due["review.dated"] < kept.now
    assert due["sla.promise.at_risk"] == opened + timedelta(days=9)
    task = kept.session.scalars(select(Task).where(Task.closed_at.is_(None))).one()
    assert task.due_at == opened + timedelta(days=9)
    assert kept.stored.facts.state.slas["promise"].due_at == opened + timedelta(days=11)  # Friday at 09.00
    assert kept.advance() == ["review.dated"]
    assert kept.advance(hours=9) == ["review.soon"]
    assert kept.advance(days=7) == ["review.working", "promise.at_risk"]
    assert kept.do("carla", "approve") is None


def test_a_pause_over_a_weekend_costs_no_working_day(kept: Kept) -> None:
    kept.publish(WRITTEN)
    kept.open(day="2026-12-01")
    kept.advance(days=3, hours=1)  # Thursday at 10.00: two working days and their timers are past
    kept.do("carla", "claim")
    pause(kept.session, kept.people["sinta"].id, kept.case_id, "rapat", kept.now)
    go_on(kept, days=4)  # Monday at 10.00; a working day was left of four, less an hour
    assert kept.stored.facts.state.slas["promise"].due_at == kept.now + timedelta(days=1, hours=-1)
    task = kept.session.scalars(select(Task).where(Task.closed_at.is_(None))).one()
    assert task.due_at == kept.now - timedelta(days=5, hours=1)  # it was late before: it stays so late


def test_pausing_and_going_on_stand_in_the_history_and_the_chain_holds(kept: Kept) -> None:
    paused(kept)
    go_on(kept, days=1)
    told = [(row.action, row.actor_id, row.comment) for row in kept.history[1:]]
    sinta = kept.people["sinta"].id
    assert told == [("suspend", sinta, "menunggu dokumen"), ("continue", sinta, "dokumen datang")]
    assert verify(kept.session) == []
    case = kept.session.get_one(Case, kept.case_id)
    assert (case.is_suspended, case.suspended_at, case.suspended_note) == (False, None, None)


def test_only_supervisors_pause_and_only_what_runs(kept: Kept) -> None:
    kept.publish(WRITTEN)
    kept.open(day="2026-12-01")
    supervisor = kept.people["sinta"].id
    for name in ("ani", "carla"):
        with pytest.raises(NotFound):
            pause(kept.session, kept.people[name].id, kept.case_id, "x", kept.now)
    with pytest.raises(InvalidInput):
        pause(kept.session, supervisor, kept.case_id, "  ", kept.now)
    with pytest.raises(InvalidInput):
        resume(kept.session, supervisor, kept.case_id, "", kept.now)
    pause(kept.session, supervisor, kept.case_id, "x", kept.now)
    with pytest.raises(InvalidInput):
        pause(kept.session, supervisor, kept.case_id, "x", kept.now)
    resume(kept.session, supervisor, kept.case_id, "", kept.now)
    kept.do("carla", "approve")
    with pytest.raises(InvalidInput):
        pause(kept.session, supervisor, kept.case_id, "x", kept.now)


def test_nothing_is_taken_back_across_a_pause(kept: Kept) -> None:
    kept.publish(
        WRITTEN.replace("to: over, recallable: true", "to: wait, recallable: true")
        + "    wait: {task: {candidates: [head]}, transitions: {close: {to: over}}}\n"
    )
    kept.open(day="2026-12-01")
    assert kept.do("carla", "approve") is None
    pause(kept.session, kept.people["sinta"].id, kept.case_id, "x", kept.now)
    resume(kept.session, kept.people["sinta"].id, kept.case_id, "", kept.now)
    assert kept.do("carla", "recall") == "not_recallable"


PARENT = """
lifecycle:
  initial: waiting
  states:
    waiting:
      task: {candidates: [starter]}
      transitions:
        ask: {internal: true, effects: {open: {open_case: {case_type: child, link: question}}}}
        answered: {to: over, by: [head]}
    over: {type: final}
"""
CHILD = """
lifecycle:
  initial: asked
  states:
    asked:
      task: {candidates: [clerk]}
      transitions: {answer: {to: over, effects: {tell: {signal: {link: question, event: answered}}}}}
    over: {type: final}
"""


def test_word_from_a_linked_case_waits_until_a_paused_case_goes_on(kept: Kept) -> None:
    kept.publish(PARENT)
    kept.publish(CHILD, case_type="child")
    parent = kept.open()
    assert kept.do("ani", "ask") is None
    kept.case_id = kept.session.scalars(select(Case.id).where(Case.case_type == "child")).one()
    pause(kept.session, kept.people["sinta"].id, parent, "x", kept.now)
    assert kept.do("carla", "answer") is None
    kept.case_id = parent
    assert (kept.states, kept.ended) == (["waiting"], False)
    resume(kept.session, kept.people["sinta"].id, parent, "", kept.now)
    assert kept.ended
    assert [row.action for row in kept.history] == ["open", "ask", "suspend", "signal", "continue", "answered"]
    assert case_id_of(kept.session, kept.region.id, kept.stored.row.number) == parent
