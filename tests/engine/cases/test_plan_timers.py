# ruff: noqa: E501 - YAML as authors write it
"""Timers of states and the clocks of SLAs (reference §4, §8.8, §8.19)."""

from __future__ import annotations

import pytest

TIMERS = """
notifications:
  nudge: {channel: email, to: [candidates], template: reminder}
lifecycle:
  initial: draft
  states:
    draft: {task: {candidates: [starter], form: sample, fields: {day: edit}}, transitions: {submit: {to: review}}}
    review:
      task: {candidates: [clerk], form: sample, fields: {day: edit}, due: {working_days: 3}}
      timers:
        TIMER
      transitions: {approve: {to: over, GUARD}, return: {to: draft, requires: [comment]}, note: {internal: true, effects: {add: {increment: count}}}, escape: {to: late, by: [head]}}
    late: {task: {candidates: [head]}, transitions: {close: {to: over}, back: {to: review}}}
    over: {type: final}
"""


def timed(play, timer, guard='guard: "true"', **given):
    case = play(TIMERS.replace("TIMER", timer).replace("GUARD", guard), **given)
    assert case.do("ani", "submit") is None
    return case


def mails(case):
    return [(mail.template, mail.to) for mail in case.last.mails]


def test_working_days_are_counted_from_the_time_of_day_and_due_means_not_earlier(play):
    case = timed(play, "remind: {after: {working_days: 2}, effects: {tell: {notify: nudge}}}", clock="2026-03-06T15:00")
    assert case.advance(days=3) == []
    assert case.advance(hours=23) == []
    assert case.advance(minutes=59) == []
    assert case.advance(minutes=1) == ["review.remind"]
    assert mails(case) == [("reminder", "candidates")]
    assert case.advance(days=30) == []


def test_leaving_cancels_a_timer_and_coming_again_starts_it_anew(play):
    case = timed(play, "remind: {after: {days: 4}, effects: {tell: {notify: nudge}}}")
    case.advance(days=3)
    case.do("carla", "return", "x")
    assert case.advance(days=10) == []
    case.do("ani", "submit")
    assert case.advance(days=3) == []
    assert case.advance(days=1) == ["review.remind"]


def test_a_timer_repeats_until_it_has_fired_often_enough(play):
    case = timed(
        play, "remind: {after: {days: 1}, repeat: {every: {days: 2}, at_most: 3}, effects: {add: {increment: count}}}"
    )
    assert case.advance(days=1) == ["review.remind"]
    assert case.advance(days=20) == ["review.remind", "review.remind"]
    assert case.answer("count") == 3


def test_timers_fire_in_the_order_of_their_moments_the_clock_standing_at_each(play):
    timers = """
        second: {after: {days: 2}, effects: {add: {set: {field: text, value: {expression: "'ok'"}}}}}
        first: {after: {days: 1}, effects: {add: {set: {field: day, value: {expression: "today"}}}}}
    """.strip()
    case = timed(play, timers)
    assert case.advance(days=5) == ["review.first", "review.second"]
    assert case.answer("day").isoformat() == "2026-03-03"


def test_an_interrupting_timer_leaves_the_state(play):
    case = timed(play, "late: {after: {days: 2}, to: late, effects: {add: {increment: count}}}")
    assert case.advance(days=2) == ["review.late"]
    assert case.states == ["late"]
    assert case.answer("count") == 1
    assert case.do("carla", "approve") == "unknown_event"


def test_do_takes_the_transition_as_the_system_with_its_guard_but_without_what_it_requires(play):
    case = timed(play, "silence: {after: {days: 2}, do: return, as: system, record: deemed}")
    assert case.advance(days=2) == ["review.silence"]
    assert case.states == ["draft"]
    case = timed(play, "silence: {after: {days: 2}, do: approve, as: system}", 'guard: "case.count > 0"')
    assert case.advance(days=2) == ["review.silence"]
    assert case.states == ["review"]
    case = timed(play, "silence: {after: {days: 2}, do: approve, as: system}", 'guard: "case.count > 0"')
    case.do("carla", "note")
    case.advance(days=2)
    assert case.ended


@pytest.mark.parametrize(("action", "state"), [("approve", "over"), ("reject", "draft"), ("approved", "over")])
def test_do_in_an_approval_raises_its_outcome(play, action, state):
    written = f"""
    lifecycle:
      initial: draft
      states:
        draft: {{task: {{candidates: [starter]}}, transitions: {{submit: {{to: joint}}}}}}
        joint:
          approval: {{ordering: parallel, approvers: {{a: {{candidates: [clerk]}}, b: {{candidates: [head]}}}}, completion: all}}
          timers: {{silence: {{after: {{days: 2}}, do: {action}, as: system}}}}
          transitions: {{approved: {{to: over}}, rejected: {{to: draft}}}}
        over: {{type: final}}
    """
    case = play(written)
    case.do("ani", "submit")
    case.do("carla", "approve")
    assert case.advance(days=2) == ["joint.silence"]
    assert case.states == [state]


def test_a_date_is_midnight_in_the_zone_and_a_changed_answer_moves_the_timer(play):
    case = timed(play, "due: {at: case.day, effects: {add: {increment: count}}}", data={"day": "2026-03-10"})
    assert case.advance(days=7) == []
    assert case.do("carla", "note", data={"day": "2026-03-20"}) is None
    assert case.advance(days=5) == []
    assert case.do("carla", "note", data={"day": "2026-03-15"}) is None
    assert case.advance(hours=23) == []
    assert case.advance(hours=1) == ["review.due"]
    assert case.do("carla", "note", data={"day": "2026-04-15"}) is None
    assert case.advance(days=60) == []


def test_an_empty_date_sets_no_timer_until_it_is_filled(play):
    case = timed(play, "due: {at: case.day, effects: {add: {increment: count}}}")
    assert case.advance(days=70) == []
    case.do("carla", "note", data={"day": "2026-06-01"})
    assert case.advance(days=60) == ["review.due"]


def test_a_moment_already_past_fires_at_once_on_entry(play):
    case = play(
        TIMERS.replace("TIMER", "due: {at: case.day, to: late}").replace("GUARD", ""), data={"day": "2026-03-01"}
    )
    assert case.do("ani", "submit") is None
    assert case.states == ["late"]
    assert case.last.fired == ["review.due"]


def test_a_hundred_timers_may_fire_at_one_moment_and_then_it_has_failed(play):
    written = """
    lifecycle:
      initial: ping
      states:
        ping:
          task: {candidates: [clerk], form: sample}
          timers: {over: {after: {minutes: 5}, to: pong, effects: {add: {increment: count}}}}
          transitions: {stop: {to: over}}
        pong:
          task: {candidates: [clerk]}
          timers: {back: {after: {minutes: 0}, to: pang, effects: {add: {increment: count}}}}
          transitions: {stop: {to: over}}
        pang:
          task: {candidates: [clerk]}
          timers: {back: {after: {minutes: 0}, to: pong, effects: {add: {increment: count}}}}
          transitions: {stop: {to: over}}
        over: {type: final}
    """
    case = play(written)
    assert len(case.advance(minutes=5)) == 100
    assert case.incidents == ["timer_failed"]
    assert case.answer("count") == 100
    assert case.advance(days=50) == []
    assert case.do("carla", "stop") is None


def test_a_timer_whose_effect_fails_changes_nothing_and_does_not_come_again(play):
    case = timed(
        play,
        'bad: {after: {days: 1}, to: late, effects: {add: {set: {field: count, value: {expression: "1 / case.count"}}}}}',
    )
    assert case.advance(days=1) == ["review.bad"]
    assert case.incidents == ["effect_failed"]
    assert case.states == ["review"]
    assert case.advance(days=9) == []


def test_an_escalation_adds_candidates_without_taking_the_task_from_the_first(play):
    case = timed(play, "escalate: {after: {days: 1}, effects: {more: {add_candidate: head}}}")
    case.advance(days=1)
    assert case.candidates() == ["carla", "hana"]
    assert case.do("hana", "approve") is None


def test_working_hours_are_counted_in_office_hours_only(play):
    calendar = """
calendars:
  office:
    timezone: Asia/Jakarta
    working_days: [mon, tue, wed, thu, fri]
    hours: {from: "08:00", to: "16:00", break: {from: "12:00", to: "13:00"}}
    holidays: ["2026-03-03"]
"""
    case = timed(
        play,
        "soon: {after: {working_hours: 5}, effects: {add: {increment: count}}}",
        calendar=calendar,
        clock="2026-03-02T11:00",
    )
    assert case.advance(hours=45) == []
    assert case.advance(minutes=59) == []
    assert case.advance(minutes=1) == ["review.soon"]


SLAS = """
notifications:
  warn: {channel: email, to: [candidates, head], template: at_risk}
slas:
  promise:
    target: {working_days: 10}
    calendar: office
    start: draft.submit
    stop: [over]
    pause_in: [draft]
    at_risk: {at: 0.75, effects: {tell: {notify: warn}}}
lifecycle:
  initial: draft
  states:
    draft: {task: {candidates: [starter], form: sample}, transitions: {submit: {to: review}}}
    review:
      task: {candidates: [clerk]}
      transitions:
        return: {to: draft}
        more: {internal: true, effects: {longer: {extend_sla: {sla: promise, by: {working_days: 3}}}}}
        give_up: {internal: true, effects: {end: {stop_sla: promise}}}
        approve: {to: over}
    over: {type: final}
"""


def promise(case):
    return case.case.facts.state.slas["promise"]


def test_an_sla_warns_once_at_a_share_of_its_target_rounded_up(play):
    case = play(SLAS)
    case.do("ani", "submit")
    assert promise(case).due_at.isoformat() == "2026-03-15T17:00:00+00:00"
    assert case.advance(working_days=7) == []
    assert case.advance(working_days=1) == ["promise.at_risk"]
    assert mails(case) == [("at_risk", "candidates"), ("at_risk", "head")]
    assert case.advance(working_days=30) == []


def test_a_pause_stops_the_clock_and_the_warning(play):
    case = play(SLAS)
    case.do("ani", "submit")
    case.advance(working_days=5)
    case.do("carla", "return")
    assert promise(case).due_at is None
    assert case.advance(working_days=50) == []
    case.do("ani", "submit")
    assert case.advance(working_days=2) == []
    assert case.advance(working_days=1) == ["promise.at_risk"]


def test_an_extension_moves_the_warning_and_the_end(play):
    case = play(SLAS)
    case.do("ani", "submit")
    case.do("carla", "more")
    assert case.advance(working_days=9) == []
    assert case.advance(working_days=1) == ["promise.at_risk"]
    assert promise(case).due_at.isoformat() == "2026-03-18T17:00:00+00:00"
    before = promise(case).due_at
    case.do("carla", "more")
    assert promise(case).due_at > before
    assert case.advance(working_days=20) == []


def test_an_extension_after_a_pause_still_counts_from_what_is_left(play):
    case = play(SLAS)
    case.do("ani", "submit")
    case.advance(working_days=4)
    case.do("carla", "return")
    case.advance(working_days=10)
    case.do("ani", "submit")
    case.do("carla", "more")
    assert case.advance(working_days=5) == []
    assert case.advance(working_days=1) == ["promise.at_risk"]


def test_a_stopped_or_ended_promise_does_not_warn(play):
    for action in ("give_up", "approve"):
        case = play(SLAS)
        case.do("ani", "submit")
        assert case.do("carla", action) is None
        assert promise(case).stopped_at is not None
        assert case.advance(working_days=50) == []


def test_the_due_date_of_a_task_is_counted_on_its_calendar(play):
    case = timed(play, "remind: {after: {days: 9}, effects: {add: {increment: count}}}")
    (task,) = case.case.facts.state.tasks.values()
    assert task.due_at.isoformat() == "2026-03-04T17:00:00+00:00"


def test_the_share_of_an_extended_target_is_rounded_as_a_whole(play):
    case = play(SLAS.replace("by: {working_days: 3}", "by: {working_days: 1}"))
    case.do("ani", "submit")
    case.do("carla", "more")
    case.do("carla", "more")
    assert case.advance(working_days=8) == []
    assert case.advance(working_days=1) == ["promise.at_risk"]  # 0.75 x 12 = 9


def test_a_claim_is_given_up_after_its_time(play):
    written = """
    lifecycle:
      initial: work
      states:
        work: {task: {candidates: [clerk], auto_release: {hours: 4}}, transitions: {approve: {to: over}}}
        over: {type: final}
    """
    case = play(written, users={"clerk": ["carla", "cici"]})
    case.do("carla", "claim")
    case.advance(hours=3)
    assert case.do("cici", "approve") == "claimed_by_other"
    assert case.advance(hours=1) == []
    assert case.candidates() == ["carla", "cici"]
    assert case.do("cici", "approve") is None


def test_timers_of_one_moment_fire_in_document_order_also_when_one_of_them_repeats(play):
    written = "often: {after: {days: 1}, repeat: {every: {days: 1}}, effects: {a: {increment: count}}}"
    case = timed(play, written + "\n        once: {after: {days: 2}, effects: {a: {increment: count}}}")
    assert case.advance(days=2) == ["review.often", "review.often", "review.once"]


@pytest.mark.parametrize("names", [("sla", "at_risk"), ("task", "auto_release")])
def test_a_state_may_be_called_as_the_engine_s_own_timers(play, names):
    state, timer = names
    written = TIMERS.replace("review", state).replace("TIMER", f"{timer}: {{after: {{days: 1}}, to: late}}")
    case = play(written.replace("GUARD", 'guard: "true"'))
    case.do("ani", "submit")
    assert case.advance(days=1) == [f"{state}.{timer}"]
    assert case.states == ["late"]
