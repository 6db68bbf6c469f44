# ruff: noqa: E501 - YAML as authors write it
"""§8 Semantics where several of its sentences meet."""

from __future__ import annotations

from tests.language.playing import StorePlay

MARK = "effects: {add: {increment: count}}"

NESTED = """
lifecycle:
  initial: start
  states:
    start: {task: {candidates: [starter], form: sample}, transitions: {go: {to: whole}}}
    whole:
      type: compound
      history: KIND
      initial: both
      transitions: {pause: {to: waiting, by: [head]}}
      states:
        both:
          type: parallel
          join: {all_of: [a, b]}
          transitions: {done: {to: after}}
          regions:
            a: {initial: a1, states: {a1: {task: {candidates: [clerk]}, transitions: {next: {to: a2}}}, a2: {task: {candidates: [clerk]}, transitions: {next: {to: a3}}}, a3: {type: final}}}
            b:
              initial: b1
              states:
                b1:
                  type: parallel
                  join: {quorum: 1}
                  transitions: {done: {to: b9}}
                  regions:
                    c: {initial: c1, states: {c1: {task: {candidates: [finance]}, transitions: {next: {to: c2}}}, c2: {type: final}}}
                    d: {initial: d1, states: {d1: {task: {candidates: [legal]}, transitions: {next: {to: d2}, out: {to: after}}}, d2: {type: final}}}
                b9: {type: final}
        after: {task: {candidates: [head]}, transitions: {close: {to: over}}}
    waiting: {task: {candidates: [head]}, transitions: {resume: {to: whole, resume: history}}}
    over: {type: final}
"""


def test_8_6_a_join_inside_a_region_lets_the_region_finish(play):
    case = play(NESTED.replace("KIND", "deep"))
    case.do("ani", "go")
    assert case.states == ["a1", "c1", "d1"]
    assert case.do("leo", "next") is None
    assert case.states == ["a1", "b9"]
    case.do("carla", "next")
    assert case.do("carla", "next") is None
    assert case.states == ["after"]


def test_8_4_deep_history_restores_the_place_of_every_region(play):
    case = play(NESTED.replace("KIND", "deep"))
    case.do("ani", "go")
    case.do("carla", "next")
    case.do("hana", "pause")
    assert case.states == ["waiting"]
    assert case.do("hana", "resume") is None
    assert case.states == ["a2", "c1", "d1"]
    assert case.candidates() == ["carla", "fina", "leo"]


def test_8_4_deep_history_restores_a_region_that_had_finished(play):
    case = play(NESTED.replace("KIND", "deep"))
    case.do("ani", "go")
    case.do("fina", "next")
    case.do("hana", "pause")
    assert case.do("hana", "resume") is None
    assert case.states == ["a1", "b9"]
    case.do("carla", "next")
    case.do("carla", "next")
    assert case.states == ["after"]


def test_8_4_shallow_history_of_a_parallel_child_enters_its_regions_anew(play):
    case = play(NESTED.replace("KIND", "shallow"))
    case.do("ani", "go")
    case.do("carla", "next")
    case.do("hana", "pause")
    assert case.do("hana", "resume") is None
    assert case.states == ["a1", "c1", "d1"]


def test_8_4_an_arrow_out_of_a_region_inside_a_region_leaves_them_all(play):
    case = play(NESTED.replace("KIND", "deep"))
    case.do("ani", "go")
    assert case.do("leo", "out") is None
    assert case.states == ["after"] and case.candidates() == ["hana"]


def test_8_8_a_timer_of_a_compound_state_runs_on_while_its_children_change(play):
    written = NESTED.replace("KIND", "deep").replace(
        "      initial: both\n", "      initial: both\n      timers: {late: {after: {days: 2}, to: waiting}}\n"
    )
    case = play(written)
    case.do("ani", "go")
    case.advance(days=1)
    case.do("carla", "next")
    assert case.advance(days=1) == ["whole.late"]
    assert case.states == ["waiting"]


def test_8_8_a_timer_in_a_region_leaves_only_that_state(play):
    written = NESTED.replace("KIND", "deep").replace(
        "a1: {task: {candidates: [clerk]}, ",
        "a1: {task: {candidates: [clerk]}, timers: {late: {after: {days: 1}, to: a2}}, ",
    )
    case = play(written)
    case.do("ani", "go")
    assert case.advance(days=1) == ["a1.late"]
    assert case.states == ["a2", "c1", "d1"]


def test_8_8_do_takes_a_transition_of_the_state_around(play):
    written = NESTED.replace("KIND", "deep").replace(
        "a1: {task: {candidates: [clerk]}, ",
        "a1: {task: {candidates: [clerk]}, timers: {late: {after: {days: 1}, do: pause}}, ",
    )
    case = play(written)
    case.do("ani", "go")
    assert case.advance(days=1) == ["a1.late"]
    assert case.states == ["waiting"]


def test_8_8_a_timer_that_is_due_with_one_that_leaves_its_state_no_longer_fires(play):
    written = f"""
    lifecycle:
      initial: a
      states:
        a:
          task: {{candidates: [clerk], form: sample}}
          timers: {{one: {{after: {{days: 1}}, to: b}}, two: {{after: {{days: 1}}, {MARK}}}}}
          transitions: {{go: {{to: b}}}}
        b: {{task: {{candidates: [head]}}, transitions: {{close: {{to: over}}}}}}
        over: {{type: final}}
    """
    case = play(written)
    assert case.advance(days=3) == ["a.one"]
    assert case.answer("count") == 0


def test_8_8_a_repeating_timer_ends_when_its_state_is_left(play):
    written = f"""
    lifecycle:
      initial: a
      states:
        a:
          task: {{candidates: [clerk], form: sample}}
          timers: {{tick: {{after: {{days: 1}}, repeat: {{every: {{days: 1}}, at_most: 9}}, {MARK}}}, out: {{after: {{days: 3, calendar: office}}, to: b}}}}
          transitions: {{go: {{to: b}}}}
        b: {{task: {{candidates: [head]}}, transitions: {{close: {{to: over}}}}}}
        over: {{type: final}}
    """
    case = play(written)
    fired = case.advance(days=9)
    assert fired in (
        ["a.tick", "a.tick", "a.tick", "a.out"],
        ["a.tick", "a.tick", "a.out", "a.tick"],
        ["a.tick", "a.tick", "a.out"],
    )
    assert case.answer("count") == fired.count("a.tick")


PEOPLE = """
lifecycle:
  initial: each
  states:
    each:
      multi_instance: {collection: case.people, element: who, ordering: parallel, completion: all}
      task: {candidates: [clerk, head], form: sample}
      transitions:
        finish: {to: over, guard: "item == actor"}
        wave: {internal: true, effects: {add: {increment: count}}}
        stop: {to: over, by: [finance]}
    over: {type: final}
"""


def test_8_17_a_guard_may_ask_whose_item_it_is(play):
    case = play(PEOPLE, users={"clerk": ["carla", "cici"]}, data={"people": ["carla", "cici"]})
    keys = [str(case.people[name].id) if isinstance(case, StorePlay) else name for name in ("carla", "cici")]
    assert case.do("cici", "finish", item=keys[0]) == "guard"
    assert case.do("carla", "finish", item=keys[0]) is None
    assert case.do("cici", "finish", item=keys[1]) is None
    assert case.ended


def test_8_17_without_an_item_the_first_one_may_work_on_is_meant(play):
    case = play(PEOPLE, users={"clerk": ["carla", "cici"]}, data={"people": ["carla", "cici"]})
    assert case.do("cici", "finish") == "guard"  # the first is not hers
    assert case.do("carla", "finish") is None
    assert case.do("cici", "finish") is None
    assert case.ended


def test_8_17_an_act_with_by_leaves_all_items_at_once(play):
    case = play(PEOPLE, users={"clerk": ["carla", "cici"]}, data={"people": ["carla", "cici"]})
    assert case.do("fina", "stop") is None
    assert case.ended and case.candidates() == []


LINE = """
lifecycle:
  initial: vote
  states:
    vote:
      approval:
        ordering: sequential
        approvers: {a: {order: 1, candidates: [finance]}, b: {order: 2, candidates: [legal]}, c: {order: 3, candidates: [planning]}}
        completion: {quorum: 2}
        LATE
      transitions: {approved: {to: ready}, rejected: {to: ready}, stop: {to: over, by: [head]}}
    ready: {task: {candidates: [head]}, transitions: {again: {to: vote}, close: {to: over}}}
    over: {type: final}
"""


def test_4_2_in_sequence_a_refusal_under_a_quorum_passes_the_turn_on(play):
    case = play(LINE.replace("LATE", "late: withdraw"))
    assert case.do("fina", "reject", "no") is None
    assert case.candidates() == ["leo"]
    assert case.do("leo", "approve") is None
    assert case.do("pia", "approve") is None
    assert case.states == ["ready"]


def test_4_2_a_quorum_reached_in_sequence_ends_it_before_the_last(play):
    case = play(LINE.replace("LATE", "late: withdraw"))
    case.do("fina", "approve")
    assert case.do("leo", "approve") is None
    assert case.states == ["ready"]
    assert case.do("pia", "approve") == "unknown_event"


def test_4_2_a_late_vote_does_not_change_what_was_decided(play):
    case = play(LINE.replace("LATE", "late: keep").replace("ordering: sequential", "ordering: parallel"))
    case.do("fina", "approve")
    case.do("leo", "approve")
    assert case.do("pia", "reject", "no") is None
    assert case.states == ["ready"]


def test_4_2_leaving_an_approval_by_another_way_forgets_its_votes(play):
    written = LINE.replace("LATE", "late: withdraw").replace(
        "stop: {to: over, by: [head]}", "stop: {to: ready, by: [head]}"
    )
    case = play(written)
    case.do("fina", "approve")
    case.do("hana", "stop")
    case.do("hana", "again")
    assert case.candidates() == ["fina"]


def test_4_3_a_recalled_step_gives_back_its_task_and_takes_back_what_effects_changed(play):
    written = """
    lifecycle:
      initial: a
      states:
        a: {task: {candidates: [clerk], form: sample, fields: {names: edit}}, transitions: {send: {to: b, recallable: true, effects: {add: {increment: count}}}}}
        b: {task: {candidates: [head]}, transitions: {close: {to: over}, back: {to: a}}}
        over: {type: final}
    """
    case = play(written)
    assert case.do("carla", "send", data={"names": ["x", "y"]}) is None
    assert case.answer("count") == 1
    assert case.do("carla", "recall") is None
    assert case.states == ["a"] and case.candidates() == ["carla"]
    assert case.answer("count") == 0 and case.answer("names") == ["x", "y"]


def test_4_3_a_transition_onto_its_own_state_leaves_and_enters_it(play):
    written = f"""
    lifecycle:
      initial: a
      states:
        a: {{task: {{candidates: [clerk], form: sample}}, timers: {{t: {{after: {{days: 2}}, {MARK}}}}}, transitions: {{again: {{to: a}}, close: {{to: over}}}}}}
        over: {{type: final}}
    """
    case = play(written)
    case.advance(days=1)
    assert case.do("carla", "again") is None
    assert case.advance(days=1) == []
    assert case.advance(days=1) == ["a.t"]


def test_8_5_an_automatic_step_may_lead_into_a_region(play):
    written = """
    lifecycle:
      initial: a
      states:
        a: {task: {candidates: [clerk], form: sample, fields: {amount: edit}}, transitions: {go: {to: choose}}}
        choose: {always: {deep: {order: 1, guard: "filled(case.amount) and case.amount > 5", to: y2}, plain: {order: 2, to: both}}}
        both:
          type: parallel
          transitions: {done: {to: over}}
          regions:
            x: {initial: x1, states: {x1: {task: {candidates: [finance]}, transitions: {end: {to: x2}}}, x2: {type: final}}}
            y: {initial: y1, states: {y1: {task: {candidates: [legal]}, transitions: {end: {to: y2}}}, y2: {type: final}}}
        over: {type: final}
    """
    case = play(written)
    assert case.do("carla", "go", data={"amount": 9}) is None
    assert case.states == ["x1", "y2"]
    assert case.do("fina", "end") is None
    assert case.ended
    case = play(written)
    assert case.do("carla", "go", data={"amount": 1}) is None
    assert case.states == ["x1", "y1"]


def test_8_6_a_parallel_state_without_a_join_waits_for_all_its_regions(play):
    written = """
    lifecycle:
      initial: both
      states:
        both:
          type: parallel
          transitions: {done: {to: over}}
          regions:
            x: {initial: x1, states: {x1: {task: {candidates: [finance], form: sample}, transitions: {end: {to: x2}}}, x2: {type: final}}}
            y: {initial: y1, states: {y1: {task: {candidates: [legal]}, transitions: {end: {to: y2}}}, y2: {type: final}}}
        over: {type: final}
    """
    case = play(written)
    case.do("leo", "end")
    assert not case.ended
    case.do("fina", "end")
    assert case.ended


def test_8_6_regions_that_are_final_at_once_are_joined_at_once(play):
    written = """
    lifecycle:
      initial: a
      states:
        a: {task: {candidates: [clerk], form: sample}, transitions: {go: {to: both}}}
        both:
          type: parallel
          join: {all_of: [x]}
          transitions: {done: {to: ready}}
          regions:
            x: {initial: x1, states: {x1: {type: final}}}
            y: {initial: y1, states: {y1: {task: {candidates: [legal]}, transitions: {end: {to: y2}}}, y2: {type: final}}}
        ready: {task: {candidates: [head]}, transitions: {close: {to: over}}}
        over: {type: final}
    """
    case = play(written)
    assert case.do("carla", "go") is None
    assert case.states == ["ready"]


def test_6_in_state_and_was_in_state_look_at_the_case_as_it_stands(play):
    written = NESTED.replace("KIND", "deep").replace(
        "next: {to: a2}",
        "next: {to: a2, guard: \"in_state('whole') and in_state('d1') and was_in_state('start') and not was_in_state('after')\"}",
    )
    case = play(written)
    case.do("ani", "go")
    assert case.do("carla", "next") is None


def test_2_a_promise_may_start_when_a_state_is_entered_and_stop_in_another(play):
    top = "slas: {promise: {target: {days: 4}, start: b, stop: [c], at_risk: {at: 0.5, effects: {x: {increment: count}}}}}"
    written = f"""
{top}
lifecycle:
  initial: a
  states:
    a: {{task: {{candidates: [clerk], form: sample}}, transitions: {{go: {{to: b}}}}}}
    b: {{task: {{candidates: [clerk]}}, transitions: {{go: {{to: c}}}}}}
    c: {{task: {{candidates: [clerk]}}, transitions: {{go: {{to: over}}, back: {{to: b}}}}}}
    over: {{type: final}}
"""
    case = play(written)
    assert case.advance(days=9) == []
    case.do("carla", "go")
    case.advance(days=1)
    case.do("carla", "go")
    assert case.advance(days=9) == []
    case.do("carla", "back")
    assert case.advance(days=2) == ["promise.at_risk"]


def test_4_2_a_condition_that_cannot_be_calculated_leaves_nobody_out(play):
    written = """
    lifecycle:
      initial: a
      states:
        a: {task: {candidates: [clerk], form: sample}, transitions: {go: {to: v}}}
        v: {approval: {approvers: {x: {candidates: [head], needed_when: "1 / case.count > 0"}}}, transitions: {approved: {to: over}, rejected: {to: over}}}
        over: {type: final}
    """
    case = play(written)
    assert case.do("carla", "go") is None
    assert case.states == ["v"] and case.candidates() == ["hana"]
    assert case.do("hana", "approve") is None


def test_8_17_a_collection_that_cannot_be_calculated_is_no_empty_one(play):
    written = """
    lifecycle:
      initial: a
      states:
        a: {task: {candidates: [clerk], form: sample, fields: {count: edit}}, transitions: {go: {to: each}}}
        each: {multi_instance: {collection: "[1 / case.count]", element: x}, task: {candidates: [head]}, transitions: {end: {to: over}}}
        over: {type: final}
    """
    case = play(written)
    assert case.do("carla", "go") is None
    assert case.states == ["a"] and case.incidents == ["effect_failed"]
    assert case.do("carla", "go", data={"count": 1}) is None
    assert case.do("hana", "end") is None
    assert case.ended


def test_5_no_effect_makes_an_amount_larger_than_an_answer_may_be(play):
    written = """
    lifecycle:
      initial: a
      states:
        a:
          task: {candidates: [clerk], form: sample}
          transitions:
            more: {internal: true, effects: {x: {increment: {field: count, by: 400000000000000000}}}}
            much: {internal: true, effects: {x: {increment: {field: amount, by: 400000000000000000}}}}
            end: {to: over}
        over: {type: final}
    """
    case = play(written)
    for action, field in (("more", "count"), ("much", "amount")):
        for incidents in ([], [], ["effect_failed"]):
            assert case.do("carla", action) is None
            assert case.incidents == incidents
        assert case.answer(field) == 800000000000000000


def test_8_1_a_comment_is_kept_without_what_nothing_can_hold(play):
    written = """
    lifecycle:
      initial: a
      states:
        a: {task: {candidates: [clerk], form: sample}, transitions: {note: {internal: true}, end: {to: over, requires: [comment]}}}
        over: {type: final}
    """
    case = play(written)
    assert case.do("carla", "note", "a\x00b\ud800c") is None
    assert case.do("carla", "end", "\x00\ud800") == "comment_required"
    assert case.do("carla", "end", "done\x07") is None
