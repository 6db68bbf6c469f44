# ruff: noqa: E501 - YAML as authors write it
"""§4 and §8: timers, deadlines, promises, calendars."""

from __future__ import annotations

import pytest


def timed(
    timers: str, arrows: str = "end: {to: over}", *, task: str = "candidates: [clerk]", top: str = "", more: str = ""
) -> str:
    return f"""{top}
lifecycle:
  initial: start
  states:
    start: {{task: {{candidates: [starter], form: sample, fields: {{day: edit, count: edit}}}}, transitions: {{go: {{to: wait}}, skip: {{to: late}}}}}}
    wait:
      task: {{{task}}}
      timers: {{{timers}}}
      transitions: {{{arrows}}}
{more}
    late: {{task: {{candidates: [head]}}, transitions: {{back: {{to: wait}}, close: {{to: over}}}}}}
    over: {{type: final}}
"""


MARK = "effects: {add: {increment: count}}"


def test_8_8_leaving_cancels_a_timer_and_coming_again_starts_it_anew(play):
    case = play(timed("t: {after: {days: 3}, to: late}", "end: {to: over}, away: {to: late}"))
    case.do("ani", "go")
    case.advance(days=2)
    case.do("carla", "away")
    assert case.advance(days=5) == []
    case.do("hana", "back")
    assert case.advance(days=2) == []
    assert case.advance(days=1) == ["wait.t"]
    assert case.states == ["late"]


def test_8_8_due_means_that_now_is_not_earlier(play):
    case = play(timed("t: {after: {minutes: 90}, to: late}"))
    case.do("ani", "go")
    assert case.advance(minutes=89) == []
    assert case.advance(minutes=1) == ["wait.t"]


def test_8_8_so_many_working_days_later_is_the_same_time_on_the_nth_working_day_after(play):
    case = play(timed("t: {after: {working_days: 5}, to: late}"))  # the case opens on Monday
    case.do("ani", "go")
    assert case.advance(days=6) == []
    assert case.advance(days=1) == ["wait.t"]


def test_8_8_without_to_or_do_a_timer_does_not_interrupt(play):
    case = play(timed(f"t: {{after: {{days: 1}}, {MARK}}}"))
    case.do("ani", "go")
    assert case.advance(days=1) == ["wait.t"]
    assert case.states == ["wait"] and case.answer("count") == 1


def test_4_a_timer_repeats_at_most_so_often(play):
    case = play(timed(f"t: {{after: {{days: 2}}, repeat: {{every: {{days: 1}}, at_most: 3}}, {MARK}}}"))
    case.do("ani", "go")
    assert case.advance(days=10) == ["wait.t"] * 3
    assert case.answer("count") == 3


def test_8_8_a_date_is_midnight_in_the_zone_of_the_calendar(play):
    case = play(timed("t: {at: case.day, to: late}"), data={"day": "2026-03-04"})
    case.do("ani", "go")
    case.advance(days=1)
    assert case.advance(hours=23) == []
    assert case.advance(hours=1) == ["wait.t"]


def test_8_8_a_moment_already_past_fires_at_once_on_entry(play):
    case = play(timed("t: {at: case.day, to: late}"), data={"day": "2026-01-01"})
    assert case.do("ani", "go") is None
    case.advance(minutes=1)
    assert case.states == ["late"]


def test_8_8_a_changed_answer_moves_the_timer(play):
    case = play(
        timed(
            "t: {at: case.day, to: late}",
            "move: {internal: true}, end: {to: over}",
            task="candidates: [clerk], form: sample, fields: {day: edit}",
        ),
        data={"day": "2026-03-04"},
    )
    case.do("ani", "go")
    assert case.do("carla", "move", data={"day": "2026-03-10"}) is None
    assert case.advance(days=7) == []
    assert case.advance(days=1) == ["wait.t"]


def test_8_8_an_empty_date_sets_no_timer(play):
    case = play(timed("t: {at: case.day, to: late}"))
    case.do("ani", "go")
    assert case.advance(days=300) == []


def test_8_8_do_takes_the_transition_as_the_system_without_what_it_requires(play):
    case = play(timed("t: {after: {days: 1}, do: end}", "end: {to: over, requires: [comment]}"))
    case.do("ani", "go")
    assert case.do("carla", "end") == "comment_required"
    case.advance(days=1)
    assert case.ended


def test_8_8_do_asks_the_guard(play):
    case = play(timed("t: {after: {days: 1}, do: end}", 'end: {to: over, guard: "case.count > 3"}'))
    case.do("ani", "go")
    case.advance(days=1)
    assert case.states == ["wait"]


@pytest.mark.parametrize(("outcome", "state"), [("approve", "over"), ("reject", "late")])
def test_8_8_do_in_an_approval_raises_approved_or_rejected(play, outcome, state):
    written = timed(
        "t: {after: {working_days: 10}, do: OUT, as: system, record: deemed_consent}",
        "approved: {to: over}, rejected: {to: late}",
    )
    written = written.replace(
        "task: {candidates: [clerk]}", "approval: {approvers: {a: {candidates: [finance]}, b: {candidates: [legal]}}}"
    )
    case = play(written.replace("OUT", outcome))
    case.do("ani", "go")
    case.advance(working_days=10)
    assert case.states == [state]


def test_11_timers_fire_in_the_order_of_their_moments(play):
    timers = (
        f"b: {{after: {{days: 2}}, {MARK}}}, a: {{after: {{days: 3}}, to: late}}, c: {{after: {{days: 1}}, {MARK}}}"
    )
    case = play(timed(timers))
    case.do("ani", "go")
    assert case.advance(days=9) == ["wait.c", "wait.b", "wait.a"]


def test_11_the_clock_stands_at_each_timer_that_fires(play):
    case = play(
        timed("t: {after: {days: 1}, to: late}", more="").replace(
            "late: {task: {candidates: [head]}",
            f"late: {{task: {{candidates: [head]}}, timers: {{u: {{after: {{days: 2}}, {MARK}}}}}",
        )
    )
    case.do("ani", "go")
    assert case.advance(days=2) == ["wait.t"]
    assert case.advance(days=1) == ["late.u"]


def test_8_19_at_most_a_hundred_timers_fire_at_one_moment(play):
    written = timed("t: {after: {days: 0}, to: late}").replace(
        "late: {task: {candidates: [head]}",
        "late: {task: {candidates: [head]}, timers: {u: {after: {days: 0}, to: wait}}",
    )
    case = play(written)
    assert case.do("ani", "go") is None
    assert case.incidents == ["timer_failed"]
    assert case.advance(minutes=1) == []


SLA = "slas: {promise: {target: {working_days: 10}, start: start.go, stop: [over], pause_in: [late], at_risk: {at: 0.75, effects: {add: {increment: count}}}}}"


def test_8_19_a_share_of_a_target_in_working_days_is_rounded_up(play):
    case = play(timed("t: {after: {days: 99}, to: late}", top=SLA))
    case.do("ani", "go")
    assert case.advance(working_days=7) == []
    assert case.advance(working_days=1) == ["promise.at_risk"]
    assert case.answer("count") == 1


def test_8_8_a_promise_warns_once_a_run(play):
    case = play(timed("t: {after: {days: 99}, to: late}", top=SLA))
    case.do("ani", "go")
    assert case.advance(days=60) == ["promise.at_risk"]


def test_2_a_promise_is_paused_in_the_states_it_names(play):
    case = play(timed("t: {after: {days: 99}, to: over}", "away: {to: late}, end: {to: over}", top=SLA))
    case.do("ani", "go")
    case.advance(working_days=5)
    case.do("carla", "away")
    assert case.advance(working_days=20) == []
    case.do("hana", "back")
    assert case.advance(working_days=2) == []
    assert case.advance(working_days=1) == ["promise.at_risk"]


def test_8_8_an_extension_moves_a_warning_that_has_not_fired(play):
    arrows = "more: {internal: true, effects: {longer: {extend_sla: {sla: promise, by: {working_days: 10}}}}}, end: {to: over}"
    case = play(timed("t: {after: {days: 99}, to: late}", arrows, top=SLA))
    case.do("ani", "go")
    assert case.do("carla", "more") is None
    assert case.advance(working_days=14) == []
    assert case.advance(working_days=1) == ["promise.at_risk"]


def test_2_a_promise_ends_where_it_stops(play):
    case = play(
        timed(
            "t: {after: {days: 99}, to: late}",
            top=SLA.replace("stop: [over]", "stop: [late]").replace("pause_in: [late], ", ""),
            more="",
        )
    )
    case.do("ani", "go")
    case.advance(working_days=1)
    case.advance(days=98)
    assert case.states == ["late"]
    assert case.advance(days=200) == []


HOURS = """
calendars:
  office:
    timezone: Asia/Makassar
    working_days: [mon, tue, wed, thu, fri]
    hours: {from: "07:30", to: "16:00", break: {from: "12:00", to: "13:00"}, fri: {from: "07:30", to: "11:30"}}
    holidays: [2026-03-03]
"""


def test_2_working_hours_count_inside_the_hours_of_the_day_without_the_break(paper):
    case = paper(timed("t: {after: {working_hours: 8}, to: late}"), calendar=HOURS, clock="2026-03-02T07:30")
    case.do("ani", "go")  # Monday: 7,5 hours; Tuesday is a holiday
    assert case.advance(hours=47) == []
    assert case.advance(hours=1) == []
    assert case.advance(minutes=30) == ["wait.t"]


def test_2_a_friday_may_have_hours_of_its_own(paper):
    case = paper(timed("t: {after: {working_hours: 4}, to: late}"), calendar=HOURS, clock="2026-03-06T07:30")
    case.do("ani", "go")
    assert case.advance(hours=3) == []
    assert case.advance(hours=1) == ["wait.t"]


def test_2_a_holiday_of_the_list_is_no_working_day(paper):
    case = paper(timed("t: {after: {working_days: 1}, to: late}"), calendar=HOURS)
    case.do("ani", "go")
    assert case.advance(days=1) == []
    assert case.advance(days=1) == ["wait.t"]


def test_2_national_holidays_count_with_what_is_added_and_removed(paper):
    calendar = """
calendars:
  office: {timezone: Asia/Jakarta, working_days: [mon, tue, wed, thu, fri], holidays: {from: national, add: [2026-08-18], remove: [2026-08-17]}}
"""
    case = paper(timed("t: {after: {working_days: 1}, to: late}"), calendar=calendar, clock="2026-08-14")  # a Friday
    case.do("ani", "go")
    assert case.advance(days=2) == []
    assert case.advance(days=1) == ["wait.t"]  # Monday the 17th is a working day here
    case = paper(timed("t: {after: {working_days: 2}, to: late}"), calendar=calendar, clock="2026-08-14")
    case.do("ani", "go")
    assert case.advance(days=4) == []  # the 18th is not
    assert case.advance(days=1) == ["wait.t"]


def test_4_a_duration_may_name_its_calendar(paper):
    calendar = """
calendars:
  five: {timezone: Asia/Jakarta, working_days: [mon, tue, wed, thu, fri]}
  six: {timezone: Asia/Jakarta, working_days: [mon, tue, wed, thu, fri, sat]}
"""
    for key, days in (("five", 7), ("six", 6)):
        case = paper(
            timed(f"t: {{after: {{working_days: 5, calendar: {key}}}, to: late}}"),
            calendar=calendar,
            clock="2026-02-02" if key == "five" else "2026-02-03",
        )
        case.do("ani", "go")
        assert case.advance(days=days - 1) == []
        assert case.advance(days=1) == ["wait.t"]


def test_4_otherwise_the_calendar_of_its_task_counts(paper):
    calendar = """
calendars:
  five: {timezone: Asia/Jakarta, working_days: [mon, tue, wed, thu, fri]}
  six: {timezone: Asia/Jakarta, working_days: [mon, tue, wed, thu, fri, sat]}
"""
    case = paper(
        timed(
            "t: {after: {working_days: 5}, to: late}", task="candidates: [clerk], calendar: six, due: {working_days: 5}"
        ),
        calendar=calendar,
        clock="2026-02-03",
    )
    case.do("ani", "go")
    assert case.advance(days=5) == []
    assert case.advance(days=1) == ["wait.t"]


@pytest.mark.parametrize(("zone", "hour"), [("Asia/Jakarta", 24), ("Asia/Makassar", 23), ("Asia/Jayapura", 22)])
def test_2_a_calendar_counts_in_its_own_zone(paper, zone, hour):
    calendar = f"\ncalendars:\n  office: {{timezone: {zone}, working_days: [mon, tue, wed, thu, fri]}}\n"
    case = paper(
        timed("t: {at: case.day, to: late}"),
        calendar=calendar,
        clock="2026-03-02T00:00+07:00",
        data={"day": "2026-03-03"},
    )
    case.do("ani", "go")
    assert case.advance(hours=hour - 1) == []
    assert case.advance(hours=1) == ["wait.t"]
