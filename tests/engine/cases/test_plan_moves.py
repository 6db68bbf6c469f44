# ruff: noqa: E501 - YAML as authors write it
"""Moves: who wins, what is left and entered, joins, history, automatic steps (reference §8.3-8.7, §8.20)."""

from __future__ import annotations

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
      regions:
        a:
          initial: a1
          states:
            a1: {task: {candidates: [clerk]}, transitions: {finish: {to: a_end}, across: {to: b2}}}
            a_end: {type: final}
        b:
          initial: b1
          states:
            b1: {task: {candidates: [finance]}, transitions: {next: {to: b2}}}
            b2: {task: {candidates: [finance]}, transitions: {finish: {to: b_end}}}
            b_end: {type: final}
        c:
          initial: c1
          states:
            c1: {task: {candidates: [planning]}, transitions: {finish: {to: c_end}}}
            c_end: {type: final}
    paused: {task: {candidates: [head]}, transitions: {again: {to: work}, close: {to: finished}}}
    finished: {type: final}
"""


def test_a_join_is_met_in_either_order_and_other_regions_do_not_hold_it(play):
    for first, second in (("carla", "fina"), ("fina", "carla")):
        case = play(BRANCHES)
        assert case.do("ani", "go") is None
        assert case.states == ["a1", "b1", "c1"]
        assert case.do("fina", "next") is None
        assert case.do(first, "finish") is None
        assert not case.ended
        assert case.do(second, "finish") is None
        assert case.states == ["finished"]
        assert case.ended


def test_done_cannot_be_done_by_hand_and_names_the_branch_that_is_waited_for(play):
    case = play(BRANCHES)
    case.do("ani", "go")
    case.do("carla", "finish")
    assert case.do("hana", "done") == "waiting_for_branch"
    assert case.last.refusal.sentence.en


def test_leaving_a_parallel_state_leaves_all_its_regions_and_coming_back_starts_anew(play):
    case = play(BRANCHES)
    case.do("ani", "go")
    case.do("fina", "next")
    case.do("carla", "finish")
    assert case.do("hana", "halt") is None
    assert case.states == ["paused"]
    assert len(case.case.facts.state.tasks) == 1
    case.do("hana", "again")
    assert case.states == ["a1", "b1", "c1"]


def test_a_target_inside_a_region_from_outside_enters_the_other_regions_at_their_start(play):
    case = play(BRANCHES)
    case.do("ani", "jump")
    assert case.states == ["a1", "b2", "c1"]


def test_a_target_in_another_region_leaves_and_enters_all_regions_anew(play):
    case = play(BRANCHES)
    case.do("ani", "go")
    case.do("pia", "finish")
    assert case.states == ["a1", "b1", "c_end"]
    assert case.do("carla", "across") is None
    assert case.states == ["a1", "b2", "c1"]


def test_the_command_without_a_place_tries_those_that_know_the_action_in_document_order(play):
    case = play(BRANCHES, users={"clerk": ["carla"], "planning": ["carla"]})
    case.do("ani", "go")
    case.do("fina", "next")
    assert case.do("carla", "finish", inside="c1") is None
    assert case.states == ["a1", "b2", "c_end"]
    assert case.do("carla", "finish") is None
    assert case.states == ["a_end", "b2", "c_end"]
    assert case.do("carla", "finish", inside="a1") == "unknown_event"
    assert case.do("leo", "finish") == "not_candidate"


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


def test_the_innermost_state_that_knows_the_action_wins_even_when_its_guard_refuses(play):
    case = play(NESTED)
    assert case.do("hana", "blocked") == "guard"
    assert case.states == ["one"]
    assert case.do("hana", "shared") is None
    assert case.states == ["two"]
    assert case.do("hana", "shared") is None
    assert case.states == ["three"]


def test_a_child_that_becomes_final_raises_done_on_its_compound_state(play):
    case = play(NESTED)
    case.do("carla", "next")
    case.do("carla", "next")
    assert case.do("carla", "end") is None
    assert case.states == ["after"]
    assert not case.ended


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
          transitions: {leave: {to: over, by: [clerk]}}
          states:
            deep_one: {task: {candidates: [clerk]}, transitions: {next: {to: deep_two}}}
            deep_two: {task: {candidates: [clerk]}, transitions: {next: {to: over}}}
    waiting: {task: {candidates: [head]}, transitions: {resume: {to: chain, resume: history}, restart: {to: chain}}}
    over: {type: final}
"""


def test_shallow_history_restores_the_child_and_enters_it_at_its_start(play):
    case = play(HISTORY.replace("KIND", "shallow"))
    for _ in range(2):
        case.do("carla", "next")
    assert case.states == ["deep_two"]
    case.do("hana", "pause")
    case.do("hana", "resume")
    assert case.states == ["deep_one"]


def test_deep_history_restores_the_innermost_places(play):
    case = play(HISTORY.replace("KIND", "deep"))
    for _ in range(2):
        case.do("carla", "next")
    case.do("hana", "pause")
    case.do("hana", "resume")
    assert case.states == ["deep_two"]
    case.do("hana", "pause")
    case.do("hana", "restart")
    assert case.states == ["one"]


def test_resuming_what_was_never_left_enters_it_at_its_start(play):
    written = """
    lifecycle:
      initial: waiting
      states:
        waiting: {task: {candidates: [head]}, transitions: {resume: {to: chain, resume: history}}}
        chain:
          type: compound
          history: deep
          initial: one
          transitions: {pause: {to: waiting, by: [head]}}
          states:
            one: {task: {candidates: [clerk]}, transitions: {next: {to: two}}}
            two: {task: {candidates: [clerk]}, transitions: {end: {to: over}}}
        over: {type: final}
    """
    case = play(written)
    case.do("hana", "resume")
    assert case.states == ["one"]


ALWAYS = """
lifecycle:
  initial: start
  states:
    start:
      task: {candidates: [starter], form: sample, fields: {amount: edit}}
      transitions: {send: {to: choice}}
    choice:
      always:
        large: {order: 10, guard: "filled(case.amount) and case.amount >= 1000", to: big, effects: {mark: {set: {field: text, value: large}}}}
        small: {order: 20, to: little}
    big: {task: {candidates: [head]}, transitions: {end: {to: over}}}
    little: {task: {candidates: [clerk]}, transitions: {end: {to: over}}}
    over: {type: final}
"""


def test_always_takes_the_first_arrow_whose_guard_holds(play):
    for amount, state, text in ((2000, "big", "large"), (5, "little", None), (None, "little", None)):
        case = play(ALWAYS)
        assert case.do("ani", "send", data={} if amount is None else {"amount": amount}) is None
        assert case.states == [state]
        assert case.answer("text") == text
        assert case.case.facts.state.visited >= {"choice", state}


def test_a_guard_on_done_that_fails_is_asked_again_after_every_step(play):
    written = BRANCHES.replace("done: {to: finished}", 'done: {to: finished, guard: "case.count >= 1"}').replace(
        "halt: {to: paused, by: [head]}",
        "halt: {to: paused, by: [head]}\n        tick: {internal: true, by: [head], effects: {add: {increment: count}}}",
    )
    case = play(written)
    case.do("ani", "go")
    case.do("fina", "next")
    case.do("fina", "finish")
    case.do("carla", "finish")
    assert case.states == ["a_end", "b_end", "c1"]
    assert case.do("ani", "done") == "guard"
    assert case.do("hana", "tick") is None
    assert case.states == ["finished"]


def test_a_quorum_join_is_met_by_any_regions(play):
    case = play(BRANCHES.replace("{all_of: [a, b]}", "{quorum: 2}"))
    case.do("ani", "go")
    case.do("pia", "finish")
    case.do("carla", "finish")
    assert case.ended


def test_an_internal_done_is_raised_once(play):
    written = (
        BRANCHES.replace("{all_of: [a, b]}", "{quorum: 1}")
        .replace("done: {to: finished}", "done: {internal: true, effects: {add: {increment: count}}}")
        .replace(
            "halt: {to: paused, by: [head]}",
            "halt: {to: paused, by: [head]}\n        close: {to: finished, by: [head]}",
        )
    )
    case = play(written)
    case.do("ani", "go")
    case.do("carla", "finish")
    case.do("pia", "finish")
    assert case.answer("count") == 1
    assert case.do("hana", "close") is None


def test_automatic_steps_stop_after_a_hundred_and_nothing_of_the_step_is_kept(play):
    steps = "\n".join(f"    s{n}: {{always: {{on: {{order: 1, to: s{n + 1}}}}}}}" for n in range(120))
    written = f"""
lifecycle:
  initial: start
  states:
    start: {{task: {{candidates: [starter]}}, transitions: {{go: {{to: s0}}}}}}
{steps}
    s120: {{type: final}}
"""
    case = play(written)
    assert case.do("ani", "go") is None
    assert case.incidents == ["effect_failed"]
    assert case.states == ["start"]


def test_an_effect_that_fails_keeps_nothing_of_the_step(play):
    written = """
    lifecycle:
      initial: start
      states:
        start:
          task: {candidates: [starter], form: sample, fields: {count: edit, text: edit}}
          transitions:
            go:
              to: over
              effects:
                first: {set: {field: text, value: changed}}
                second: {set: {field: count, value: {expression: "1 / case.count"}}}
        over: {type: final}
    """
    case = play(written, data={"text": "kept"})
    assert case.do("ani", "go") is None
    assert case.incidents == ["effect_failed"]
    assert case.states == ["start"]
    assert case.answer("text") == "kept"
    assert case.do("ani", "go", data={"count": 2}) is None
    assert case.answer("text") == "changed"
    assert case.ended


def test_effects_run_in_the_order_written_and_see_each_other(play):
    written = """
    lifecycle:
      initial: start
      states:
        start:
          task: {candidates: [starter], form: sample}
          transitions:
            go:
              to: over
              effects:
                a: {increment: {field: count, by: 3}}
                b: {increment: {field: count, by: {expression: "case.count"}}}
                c: {append: {field: people, value: actor}}
                d: {append: {field: people, value: actor}}
        over: {type: final}
    """
    case = play(written)
    case.do("ani", "go")
    assert case.answer("count") == 6
    assert case.answer("people") == ["ani", "ani"]


def test_nothing_is_known_in_a_case_that_has_ended(play):
    case = play(NESTED)
    case.do("hana", "stop")
    assert case.ended
    assert case.do("hana", "stop") == "unknown_event"
    assert case.do("hana", "claim") == "unknown_event"
    assert case.candidates() == []
    assert not case.case.facts.state.tasks
    assert not case.case.facts.state.timers
