"""On the store, on both databases: timers, history, joins, tables, numbers and linked cases do what they do on paper (§2-§8)."""

# ruff: noqa: E501 - YAML as authors write it
from __future__ import annotations

from sqlalchemy import select

from engine.cases.models import Case, Incident, Link
from engine.cases.open import case_id_of
from engine.cases.telling import history_line
from engine.outbox.models import Message
from engine.timers.models import TimerRow
from tests.kept import Kept

TIMED = """
notifications:
  nudge: {channel: email, to: [candidates], template: reminder}
lifecycle:
  initial: work
  states:
    work:
      task: {candidates: [clerk], form: sample, fields: {day: edit, text: edit}}
      timers:
        again: {after: {days: 1}, repeat: {every: {days: 2}, at_most: 3}, effects: {tell: {notify: nudge}}}
        late: {after: {days: 10}, to: late, effects: {count: {increment: count}}}
        dated: {at: case.day, do: close, as: system}
      transitions: {note: {internal: true}, close: {to: over, guard: "filled(case.text)", requires: [comment]}}
    late: {task: {candidates: [head]}, transitions: {close: {to: over}}}
    over: {type: final}
"""


def test_a_timer_repeats_as_often_as_it_may_and_one_that_interrupts_takes_the_case_along(kept: Kept) -> None:
    kept.publish(TIMED)
    kept.open()
    fired = [kept.advance(days=1) for _ in range(9)]
    assert [bool(each) for each in fired] == [True, False, True, False, True, False, False, False, False]
    assert kept.session.scalars(select(Message.reason)).all() == ["reminder"] * 3
    assert kept.advance(days=1) == ["work.late"]
    assert (kept.states, kept.answer("count")) == (["late"], 1)
    assert kept.history[-1].actor_id is None
    assert kept.session.scalars(select(TimerRow.key)).all() == []


def test_a_changed_answer_moves_its_timer_and_the_system_acts_by_the_guard_without_what_is_required_of_people(
    kept: Kept,
) -> None:
    kept.publish(TIMED)
    kept.open()
    assert kept.do("carla", "note", data={"day": "2026-03-04"}) is None
    assert kept.do("carla", "note", data={"day": "2026-03-05", "text": "isi"}) is None
    assert "work.dated" not in kept.advance(days=2)
    assert "work.dated" in kept.advance(days=1)
    assert kept.ended


CONSENT = """
lifecycle:
  initial: asked
  states:
    asked:
      approval:
        ordering: parallel
        approvers: {head: {candidates: [head]}, finance: {candidates: [finance]}, planning: {candidates: [planning]}}
        completion: {quorum: 2}
      timers: {silence: {after: {working_days: 2}, do: approve, as: system, record: deemed_consent}}
      transitions: {approved: {to: consented}, rejected: {to: refused}}
    consented: {type: final}
    refused: {type: final}
"""


def test_silence_counts_as_consent_on_record(kept: Kept) -> None:
    kept.publish(CONSENT)
    kept.open()
    assert kept.do("hana", "approve") is None
    assert kept.advance(days=2) == ["asked.silence"]
    assert kept.states == ["consented"]
    told = kept.history[-1]
    assert (told.actor_id, told.action, told.details["timer"]) == (None, "timer", "asked.silence")
    assert told.details["record"] == ["deemed_consent"]
    line = history_line(kept.stored.definition, kept.stored.directory, told)
    assert line.sentence.id.endswith("dijalankan sistem (diam dianggap setuju). Berikutnya: consented.")
    assert "(silence was taken as consent)" in line.sentence.en


def test_a_quorum_decides_whoever_comes_first_and_withdraws_what_is_open(kept: Kept) -> None:
    kept.publish(CONSENT)
    for first, second in (("hana", "fina"), ("pia", "hana"), ("fina", "pia")):
        kept.open()
        assert kept.do(first, "approve") is None
        assert kept.states == ["asked"]
        assert kept.do(second, "approve") is None
        assert kept.states == ["consented"]
    kept.open()
    assert kept.do("hana", "reject", "tidak") is None
    assert kept.do("fina", "reject", "tidak") is None
    assert kept.states == ["refused"]
    assert kept.queue("pia") == []


NESTED = """
lifecycle:
  initial: whole
  states:
    whole:
      type: compound
      history: KIND
      initial: first
      transitions: {pause: {to: waiting, by: [head]}, done: {to: over}}
      states:
        first: {task: {candidates: [clerk]}, transitions: {go: {to: second}}}
        second:
          type: parallel
          transitions: {done: {to: last}}
          regions:
            a: {initial: a1, states: {a1: {task: {candidates: [clerk]}, transitions: {go_a: {to: a2}}}, a2: {type: final}}}
            b: {initial: b1, states: {b1: {task: {candidates: [legal]}, transitions: {go_b: {to: b2}}}, b2: {task: {candidates: [legal]}, transitions: {end_b: {to: b3}}}, b3: {type: final}}}
        last: {type: final}
    waiting: {task: {candidates: [head]}, transitions: {go_on: {to: whole, resume: history}}}
    over: {type: final}
"""


def test_deep_history_finds_every_place_again_and_shallow_history_the_outer_one(kept: Kept) -> None:
    for kind, places in (("deep", ["a2", "b2"]), ("shallow", ["a1", "b1"])):
        kept.publish(NESTED.replace("KIND", kind), case_type=kind)
        kept.open(case_type=kind)
        for person, action in (
            ("carla", "go"),
            ("carla", "go_a"),
            ("leo", "go_b"),
            ("hana", "pause"),
            ("hana", "go_on"),
        ):
            assert kept.do(person, action) is None
        assert kept.states == places
    assert kept.do("carla", "go_a") is None
    assert kept.do("leo", "go_b") is None
    assert kept.do("leo", "end_b") is None
    assert kept.ended


def test_branches_join_in_any_order(kept: Kept) -> None:
    kept.publish(NESTED.replace("KIND", "deep"))
    for order in (("go_a", "go_b", "end_b"), ("go_b", "go_a", "end_b"), ("go_b", "end_b", "go_a")):
        kept.open()
        assert kept.do("carla", "go") is None
        for action in order:
            assert not kept.ended
            assert kept.do("carla" if action == "go_a" else "leo", action) is None
        assert kept.ended


TABLE = """
decision_tables:
  weigh:
    hit_policy: POLICY
    inputs: {n: case.count}
    outputs: {OUTPUT}
    rules:
      small: {order: 1, when: {n: "n < 10"}, then: {VALUE: RESULT1}}
      large: {order: 2, when: {n: "n > 20"}, then: {VALUE: RESULT2}}
lifecycle:
  initial: work
  states:
    work:
      task: {candidates: [clerk], form: sample, fields: {count: edit}}
      transitions: {close: {to: over}, weigh: {to: work, answers: incomplete, effects: {decide: {decide: weigh}}}}
    over: {type: final}
"""


def table(policy: str) -> str:
    output, value = ("names: text", "names") if policy == "collect" else ("text: text", "text")
    found = TABLE.replace("POLICY", policy).replace("OUTPUT", output).replace("VALUE", value)
    return found.replace("RESULT1", "kecil").replace("RESULT2", "besar")


def test_a_table_without_a_rule_that_holds_keeps_nothing_of_the_step_and_tells_supervisors(kept: Kept) -> None:
    for policy in ("unique", "first"):
        kept.publish(table(policy), case_type=policy)
        kept.open(case_type=policy)
        assert kept.do("carla", "weigh", data={"count": 5}) is None
        assert kept.answer("text") == "kecil"
        assert kept.do("carla", "weigh", data={"count": 15}) is None
        assert (kept.answer("text"), kept.answer("count")) == ("kecil", 5)
        incident = kept.session.scalars(select(Incident).order_by(Incident.id.desc())).first()
        assert incident is not None
        assert (incident.code, incident.case_id, incident.state) == ("no_rule_matched", kept.case_id, "work")


def test_a_table_that_collects_gives_an_empty_list_where_no_rule_holds(kept: Kept) -> None:
    kept.publish(table("collect"))
    kept.open()
    assert kept.do("carla", "weigh", data={"count": 25}) is None
    assert kept.answer("names") == ["besar"]
    assert kept.do("carla", "weigh", data={"count": 15}) is None
    assert (kept.answer("names"), kept.answer("count"), kept.incidents) == ([], 15, [])


NUMBERED = """
numbering: "SK/{year}/{month}/{seq:03}"
lifecycle:
  initial: work
  states:
    work:
      task: {candidates: [clerk], form: sample, fields: {day: edit}}
      transitions: {register: {to: over, effects: {give: {issue_number: {field: text, pattern: "REG-{seq:04}"}}}}, fail: {to: over, effects: {give: {issue_number: {field: text, pattern: "REG-{seq:04}"}}, broken: {set: {field: count, value: {expression: "1 / (case.count - case.count)"}}}}}}
    over: {type: final}
"""


def test_numbers_follow_their_pattern_without_a_gap_also_when_a_step_fails(kept: Kept) -> None:
    kept.publish(NUMBERED)
    numbers, registered = [], []
    for action in ("register", "fail", "register"):
        kept.open()
        numbers.append(kept.stored.row.number)
        assert kept.do("carla", action) is None
        registered.append(kept.answer("text"))
    assert numbers == ["SK/2026/03/001", "SK/2026/03/002", "SK/2026/03/003"]
    assert registered == ["REG-0001", None, "REG-0002"]
    assert case_id_of(kept.session, kept.region.id, "SK/2026/03/003") == kept.case_id


PARENT = """
lifecycle:
  initial: work
  states:
    work:
      task: {candidates: [clerk], form: sample, fields: {text: edit, count: edit}}
      transitions:
        follow: {to: waiting, effects: {note: {set: {field: text, value: diteruskan}}, open: {open_case: {case_type: child, link: follow_up, answers: {text: case.text, count: case.count}}}}}
    waiting:
      task: {candidates: [head]}
      transitions: {corrected: {to: over, by: [legal], guard: "case.count < 5"}, more: {internal: true, effects: {tell: {signal: {link: follow_up, event: hurry}}}}}
    over: {type: final}
"""
CHILD = """
lifecycle:
  initial: fresh
  states:
    fresh:
      task: {candidates: [finance], form: sample, fields: {text: edit, count: edit}}
      transitions:
        finish: {to: over, effects: {tell: {signal: {link: follow_up, event: corrected}}}}
        hurry: {to: urgent, by: [legal]}
    urgent: {task: {candidates: [finance]}, transitions: {finish: {to: over, effects: {tell: {signal: {link: follow_up, event: corrected}}}}}}
    over: {type: final}
"""


def linked(kept: Kept, child: str = CHILD, count: int = 1) -> tuple[int, int]:
    """Parent and child, and the child is played."""
    kept.publish(PARENT)
    kept.publish(child, case_type="child")
    parent = kept.open()
    assert kept.do("carla", "follow", data={"count": count}) is None
    found = kept.session.scalars(select(Link.other_case_id).where(Link.case_id == parent, Link.name == "follow_up"))
    kept.case_id = found.one()
    return parent, kept.case_id


def test_a_case_opens_another_with_its_answers_and_hears_from_it_as_the_system(kept: Kept) -> None:
    parent, child = linked(kept)
    assert (kept.answer("text"), kept.answer("count"), kept.states) == ("diteruskan", 1, ["fresh"])
    assert kept.session.get_one(Case, child).initiator_id == kept.people["carla"].id
    kept.case_id = parent
    assert kept.do("hana", "more") is None
    kept.case_id = child
    assert kept.states == ["urgent"]
    assert kept.do("fina", "finish") is None
    kept.case_id = parent
    assert kept.ended
    assert [(row.action, row.actor_id) for row in kept.history[-1:]] == [("corrected", None)]


def test_a_signal_that_no_active_state_knows_or_a_guard_refuses_passes_by(kept: Kept) -> None:
    parent, child = linked(kept, count=9)
    assert kept.do("fina", "finish") is None
    assert kept.ended
    kept.case_id = parent
    assert (kept.states, kept.incidents) == (["waiting"], [])
    assert kept.do("hana", "more") is None  # the other one has ended
    assert child and kept.incidents == []


def test_when_the_linked_case_cannot_be_opened_nothing_of_the_step_is_kept_and_supervisors_know(kept: Kept) -> None:
    kept.publish(PARENT)  # and no case type "child"
    kept.open()
    assert kept.do("carla", "follow", data={"count": 3}) is None
    assert kept.last is not None and kept.last.incident == "effect_failed"
    assert (kept.states, kept.answer("text"), kept.incidents) == (["work"], None, ["effect_failed"])
    assert kept.session.scalars(select(Link)).all() == []


def test_when_a_signal_makes_an_effect_of_the_other_case_fail_neither_moves(kept: Kept) -> None:
    broken = CHILD.replace(
        "hurry: {to: urgent, by: [legal]}",
        'hurry: {to: urgent, by: [legal], effects: {broken: {set: {field: count, value: {expression: "1 / (case.count - case.count)"}}}}}',
    )
    parent, child = linked(kept, broken)
    kept.case_id = parent
    assert kept.do("hana", "more") is None
    assert kept.incidents == ["effect_failed"]
    kept.case_id = child
    assert kept.states == ["fresh"]
