# ruff: noqa: E501 - YAML as authors write it
"""§8 Semantics: deciding, the order of checks, where a case goes."""

from __future__ import annotations

import pytest

BRANCHES = """
lifecycle:
  initial: start
  states:
    start: {task: {candidates: [starter], form: sample}, transitions: {go: {to: work}, jump: {to: b2}}}
    work:
      type: parallel
      join: {all_of: [a, b]}
      transitions:
        done: {to: finished}
        halt: {to: paused, by: [head]}
        inside: {to: b2, by: [head]}
        tick: {internal: true, by: [head], effects: {add: {increment: count}}}
      regions:
        a: {initial: a1, states: {a1: {task: {candidates: [clerk]}, transitions: {finish: {to: a_end}, across: {to: b2}}}, a_end: {type: final}}}
        b: {initial: b1, states: {b1: {task: {candidates: [finance]}, transitions: {next: {to: b2}}}, b2: {task: {candidates: [finance]}, transitions: {finish: {to: b_end}}}, b_end: {type: final}}}
        c: {initial: c1, states: {c1: {task: {candidates: [planning]}, transitions: {finish: {to: c_end}}}, c_end: {type: final}}}
    paused: {task: {candidates: [head]}, transitions: {again: {to: work}, close: {to: finished}}}
    finished: {type: final}
"""

EVERY_CHECK = """
substitution: {delegate: {title: Wakil, may: [look]}}
separation_of_duties: {conflict: {applies_to: [clerk], exclude_when: "user in case.people"}}
schedules: {opening: {title: Buka, from: "date('2026-03-10')", to: "date('2026-03-20')"}}
lifecycle:
  initial: start
  states:
    start:
      task: {candidates: [clerk], excluded: [finance], form: sample, fields: {names: edit, count: edit}}
      transitions:
        send: {to: over, window: opening, requires: [comment], guard: "case.count > 5"}
        look: {internal: true}
    over: {type: final}
"""


def test_8_2_the_checks_come_in_one_order_whatever_else_is_wrong_too(play):
    case = play(
        EVERY_CHECK,
        users={"clerk": ["carla", "cici", "fina", "sari"], "finance": ["fina"]},
        acting={"clerk": {"user": "dita", "kind": "delegate"}},
        data={"people": ["sari"], "names": ["x", "y"]},
        others=["olga"],
    )
    assert case.do("olga", "sned") == "unknown_event"
    assert case.do("olga", "send") == "not_candidate"
    assert case.do("cici", "claim") is None
    assert case.do("fina", "send") == "excluded"
    assert case.do("sari", "send") == "separation_of_duties"
    assert case.do("dita", "send") == "not_within_acting_powers"
    assert case.do("carla", "send", data={"names": ["x"]}) == "claimed_by_other"
    assert case.do("cici", "send", data={"names": ["x"]}) == "outside_schedule"
    case.advance(days=9)
    assert case.do("cici", "send", data={"names": ["x"]}, revision=0) == "comment_required"
    assert case.do("cici", "send", "note", data={"names": ["x"]}, revision=0) == "field_invalid"
    assert case.do("cici", "send", "note", data={"names": ["x", "y"]}, revision=0) == "guard"
    assert case.do("cici", "send", "note", data={"count": 6}, revision=0) == "stale_revision"
    assert case.do("cici", "send", "note", data={"count": 6}) is None
    assert case.ended


def test_8_2_an_item_that_is_unknown_is_told_before_who_is_no_candidate(play):
    case = play(ITEMS, data={"names": ["x", "y"]}, others=["olga"])
    assert case.do("olga", "finish", item="z") == "unknown_item"
    assert case.do("olga", "finish", item="x") == "not_candidate"


def test_8_2_a_turn_and_a_decision_already_made_are_told_before_an_exclusion(play):
    written = """
    lifecycle:
      initial: vote
      states:
        vote:
          approval:
            ordering: sequential
            excluded: [starter]
            approvers: {one: {order: 10, candidates: [finance]}, two: {order: 20, candidates: [head, starter]}}
          transitions: {approved: {to: over}, rejected: {to: over}}
        over: {type: final}
    """
    case = play(written)
    assert case.do("hana", "approve") == "not_your_turn"
    assert case.do("fina", "approve") is None
    assert case.do("fina", "approve") == "already_decided"
    assert case.do("ani", "approve") == "excluded"
    assert case.do("hana", "approve") is None


ITEMS = """
lifecycle:
  initial: each
  states:
    each:
      multi_instance: {collection: case.names, element: one, ordering: parallel, completion: all}
      task: {candidates: [clerk], form: sample}
      transitions: {finish: {to: over}}
    over: {type: final}
"""

NESTED = """
lifecycle:
  initial: outer
  states:
    outer:
      type: compound
      initial: one
      transitions:
        stop: {to: stopped, by: [head]}
        shared: {to: three, by: [head]}
        blocked: {to: three, by: [head]}
        again: {to: three, by: [head]}
        done: {to: after}
      states:
        one:
          task: {candidates: [clerk], form: sample, fields: {count: edit}}
          transitions:
            next: {to: two}
            shared: {to: two, by: [head]}
            blocked: {to: two, by: [head], guard: "case.count > 5"}
        two: {task: {candidates: [clerk]}, transitions: {next: {to: three}}}
        three: {task: {candidates: [clerk]}, transitions: {end: {to: inner_end}}}
        inner_end: {type: final}
    after: {task: {candidates: [head]}, transitions: {back: {to: outer}, close: {to: closed}}}
    stopped: {type: final}
    closed: {type: final}
"""


def test_8_3_the_innermost_state_that_knows_the_action_wins(play):
    case = play(NESTED)
    assert case.do("hana", "shared") is None
    assert case.states == ["two"]
    assert case.do("hana", "shared") is None
    assert case.states == ["three"]


def test_8_3_the_parent_is_not_tried_where_the_guard_of_the_inner_one_refuses(play):
    case = play(NESTED)
    assert case.do("hana", "blocked") == "guard"
    assert case.states == ["one"]


def test_8_3_without_a_place_the_open_ones_are_tried_in_document_order(play):
    case = play(BRANCHES, users={"clerk": ["carla"], "planning": ["carla"]})
    case.do("ani", "go")
    assert case.do("carla", "finish") is None
    assert case.states == ["a_end", "b1", "c1"]
    assert case.do("carla", "finish") is None
    assert case.states == ["a_end", "b1", "c_end"]


def test_8_3_the_first_place_that_does_not_refuse_wins(play):
    case = play(BRANCHES)
    case.do("ani", "go")
    assert case.do("pia", "finish") is None
    assert case.states == ["a1", "b1", "c_end"]


def test_8_3_when_all_refuse_the_first_refusal_is_the_answer(play):
    written = BRANCHES.replace("candidates: [clerk]}", "candidates: [legal, clerk], excluded: [legal]}")
    case = play(written)
    case.do("ani", "go")
    assert case.do("leo", "finish") == "excluded"


def test_8_3_with_a_place_only_that_one_is_asked(play):
    case = play(BRANCHES)
    case.do("ani", "go")
    assert case.do("pia", "finish", inside="a1") == "not_candidate"
    assert case.do("pia", "finish", inside="paused") == "unknown_event"
    assert case.do("pia", "finish", inside="c1") is None


def test_8_4_leaving_a_parallel_state_leaves_all_its_regions(play):
    case = play(BRANCHES)
    case.do("ani", "go")
    case.do("fina", "next")
    assert case.do("hana", "halt") is None
    assert case.states == ["paused"]
    assert case.candidates() == ["hana"]


def test_8_4_only_what_lies_below_the_common_compound_ancestor_is_left(play):
    written = NESTED.replace(
        "initial: one\n", "initial: one\n      timers: {late: {after: {days: 3}, to: stopped}}\n", 1
    )
    case = play(written)
    case.advance(days=2)
    assert case.do("carla", "next") is None  # inside outer: its timer runs on
    assert case.advance(days=1) == ["outer.late"]
    assert case.states == ["stopped"]


HISTORY = """
lifecycle:
  initial: chain
  states:
    chain:
      type: compound
      history: KIND
      initial: one
      transitions: {pause: {to: waiting, by: [head]}}
      states:
        one: {task: {candidates: [clerk]}, transitions: {next: {to: inner}}}
        inner:
          type: compound
          initial: deep_one
          states:
            deep_one: {task: {candidates: [clerk]}, transitions: {next: {to: vote}}}
            vote:
              approval: {approvers: {a: {candidates: [finance]}, b: {candidates: [legal]}}}
              timers: {late: {after: {days: 5}, effects: {mark: {set: {field: text, value: late}}}}}
              transitions: {approved: {to: over}, rejected: {to: over}}
    waiting: {task: {candidates: [head], form: sample}, transitions: {resume: {to: chain, resume: history}, restart: {to: chain}}}
    over: {type: final}
"""


def test_8_4_deep_history_restores_the_innermost_place(play):
    case = play(HISTORY.replace("KIND", "deep"))
    case.do("carla", "next")
    case.do("carla", "next")
    case.do("hana", "pause")
    assert case.do("hana", "resume") is None
    assert case.states == ["vote"]


def test_8_4_shallow_history_restores_the_child_at_its_start(play):
    case = play(HISTORY.replace("KIND", "shallow"))
    case.do("carla", "next")
    case.do("carla", "next")
    case.do("hana", "pause")
    assert case.do("hana", "resume") is None
    assert case.states == ["deep_one"]


def test_8_4_history_restores_places_only_votes_and_timers_start_anew(play):
    case = play(HISTORY.replace("KIND", "deep"))
    case.do("carla", "next")
    case.do("carla", "next")
    assert case.do("fina", "approve") is None
    case.advance(days=4)
    case.do("hana", "pause")
    assert case.do("hana", "resume") is None
    assert case.candidates() == ["fina", "leo"]
    assert case.advance(days=4) == []
    assert case.advance(days=1) == ["vote.late"]


def test_8_4_without_resume_the_start_is_entered(play):
    case = play(HISTORY.replace("KIND", "deep"))
    case.do("carla", "next")
    case.do("hana", "pause")
    assert case.do("hana", "restart") is None
    assert case.states == ["one"]


def test_8_5_regions_are_entered_in_document_order_at_their_initial_state(play):
    case = play(BRANCHES)
    case.do("ani", "go")
    assert case.states == ["a1", "b1", "c1"]


def test_8_5_a_compound_state_is_entered_at_its_initial_child(play):
    assert play(NESTED).states == ["one"]


def test_8_5_after_entering_always_is_tried_in_order_and_runs_to_completion(play):
    written = """
    lifecycle:
      initial: start
      states:
        start: {task: {candidates: [starter], form: sample, fields: {amount: edit}}, transitions: {send: {to: first}}}
        first: {always: {out: {order: 20, to: second}, big: {order: 10, guard: "filled(case.amount) and case.amount > 9", to: big}}}
        second: {always: {out: {to: little}}}
        big: {task: {candidates: [head]}, transitions: {end: {to: over}}}
        little: {task: {candidates: [clerk]}, transitions: {end: {to: over}}}
        over: {type: final}
    """
    for amount, state in ((10, "big"), (9, "little"), (None, "little")):
        case = play(written)
        assert case.do("ani", "send", data={"amount": amount}) is None
        assert case.states == [state]


def test_8_5_at_most_a_hundred_automatic_steps_run(play):
    def steps(count):
        states = "".join(f"    s{n}: {{always: {{on_: {{to: s{n + 1}}}}}}}\n" for n in range(count))
        start = "    start: {task: {candidates: [starter]}, transitions: {go: {to: s0}}}\n"
        return f"lifecycle:\n  initial: start\n  states:\n{start}{states}    s{count}: {{type: final}}\n"

    case = play(steps(100))
    assert case.do("ani", "go") is None
    assert case.states == ["s100"]
    case = play(steps(101))
    assert case.do("ani", "go") is None
    assert case.states == ["start"] and case.incidents == ["effect_failed"]


@pytest.mark.parametrize("order", [("fina", "carla"), ("carla", "fina")])
def test_8_6_a_parallel_state_is_done_in_whatever_order_its_regions_finish(play, order):
    case = play(BRANCHES)
    case.do("ani", "go")
    case.do("fina", "next")
    for person in order:
        assert not case.ended
        assert case.do(person, "finish") is None
    assert case.states == ["finished"] and case.ended


@pytest.mark.parametrize("last", ["carla", "pia"])
def test_8_6_a_quorum_of_regions_is_met_by_any_of_them(play, last):
    case = play(BRANCHES.replace("{all_of: [a, b]}", "{quorum: 2}"))
    case.do("ani", "go")
    for person in {"carla", "pia"} - {last}:
        assert case.do(person, "finish") is None
    assert not case.ended
    assert case.do(last, "finish") is None
    assert case.ended


def test_8_6_done_is_raised_once(play):
    written = BRANCHES.replace("{all_of: [a, b]}", "{quorum: 1}").replace(
        "done: {to: finished}",
        "done: {internal: true, effects: {add: {increment: count}}}\n        close: {to: finished, by: [head]}",
    )
    case = play(written)
    case.do("ani", "go")
    case.do("carla", "finish")
    case.do("pia", "finish")
    assert case.answer("count") == 1


def test_8_6_a_compound_state_whose_child_becomes_final_is_done(play):
    case = play(NESTED)
    for action in ("next", "next", "end"):
        assert case.do("carla", action) is None
    assert case.states == ["after"] and not case.ended


def test_8_6_done_is_not_passed_to_the_states_around(play):
    written = """
    lifecycle:
      initial: outer
      states:
        outer:
          type: compound
          initial: inner
          transitions: {done: {to: over}, leave: {to: over, by: [head]}}
          states:
            inner:
              type: compound
              initial: one
              transitions: {on_: {to: last, by: [head]}}
              states: {one: {task: {candidates: [clerk]}, transitions: {end: {to: inner_end}}}, inner_end: {type: final}}
            last: {type: final}
        over: {type: final}
    """
    case = play(written)
    assert case.do("carla", "end") is None
    assert case.states == ["inner_end"] and not case.ended
    assert case.do("hana", "on_") is None
    assert case.states == ["over"]


def test_8_6_a_guard_on_done_that_fails_is_asked_again_after_every_step(play):
    case = play(BRANCHES.replace("done: {to: finished}", 'done: {to: finished, guard: "case.count >= 2"}'))
    for person, action in (("ani", "go"), ("fina", "next"), ("fina", "finish"), ("carla", "finish"), ("hana", "tick")):
        assert case.do(person, action) is None
    assert case.states == ["a_end", "b_end", "c1"]
    assert case.do("hana", "tick") is None
    assert case.states == ["finished"]


def test_8_6_a_guard_on_approved_that_fails_is_asked_again_after_every_step(play):
    written = """
    lifecycle:
      initial: vote
      states:
        vote:
          approval: {approvers: {one: {candidates: [finance]}}, form: sample}
          transitions:
            approved: {to: over, guard: "case.count >= 1"}
            rejected: {to: over}
            tick: {internal: true, by: [head], effects: {add: {increment: count}}}
        over: {type: final}
    """
    case = play(written)
    assert case.do("fina", "approve") is None
    assert case.states == ["vote"]
    assert case.do("hana", "tick") is None
    assert case.states == ["over"]


def test_8_14_an_act_of_the_parallel_state_itself_waits_for_its_branches(play):
    case = play(BRANCHES)
    case.do("ani", "go")
    case.do("carla", "finish")
    assert case.do("hana", "done") == "waiting_for_branch"


def test_8_20_a_target_inside_a_region_from_outside_enters_the_others_at_their_initial_state(play):
    case = play(BRANCHES)
    assert case.do("ani", "jump") is None
    assert case.states == ["a1", "b2", "c1"]


def test_8_20_from_another_region_all_regions_are_left_and_entered_anew(play):
    case = play(BRANCHES)
    case.do("ani", "go")
    case.do("pia", "finish")
    assert case.do("carla", "across") is None
    assert case.states == ["a1", "b2", "c1"]


def test_8_20_from_the_parallel_state_itself_all_regions_are_left_and_entered_anew(play):
    case = play(BRANCHES)
    case.do("ani", "go")
    case.do("carla", "finish")
    assert case.do("hana", "inside") is None
    assert case.states == ["a1", "b2", "c1"]
