# ruff: noqa: E501 - scenario steps in one line
"""What scenarios may say about a definition, tried with files as an author keeps them (reference §11)."""

from __future__ import annotations

import json

from engine import vocabulary
from engine.cases.simulate import run_all, run_scenario
from engine.cases.walk import walk_lines
from engine.definitions.load import build
from engine.definitions.model import Scenario
from tests.engine.cases.written import FORM, HEAD, ROLES, define

JOINED = """
lifecycle:
  initial: start
  states:
    start: {task: {candidates: [starter], excluded: [clerk]}, transitions: {go: {to: both}}}
    both:
      type: parallel
      join: {all_of: [a, b]}
      transitions: {done: {to: over}}
      regions:
        a: {initial: a1, states: {a1: {task: {candidates: [clerk], excluded: [starter]}, transitions: {finish: {to: a2}}}, a2: {type: final}}}
        b: {initial: b1, states: {b1: {task: {candidates: [head], excluded: [starter]}, transitions: {finish: {to: b2}}}, b2: {type: final}}}
    over: {type: final}
scenarios:
  nobody_declares_a_join_done:
    given: {initiator: ani, users: {clerk: [carla], head: [hana]}, clock: 2026-03-02}
    steps:
      - {as: ani, do: go}
      - {as: hana, do: finish}
      - {as: carla, do: done, refused: waiting_for_branch}
      - {as: carla, do: finish, expect: {state: over}}
"""


def test_a_scenario_may_try_to_declare_a_join_done():
    files = {"workflows/sample.yaml": HEAD + ROLES + JOINED, "forms_config/sample.yaml": FORM}
    definition, problems = build(files, "sample", vocabulary.load())
    assert definition is not None, [f"{each.line}: {each.code} {each.message.en}" for each in problems]
    assert [result for result in run_all(definition) if not result.passed] == []


def test_a_number_issued_on_paper_follows_its_pattern(play):
    case = play(
        """
    lifecycle:
      initial: start
      states:
        start:
          task: {candidates: [starter], form: sample}
          transitions:
            go: {to: again, effects: {n: {issue_number: {field: text, pattern: "800/{seq:03}/{year}"}}}}
        again:
          task: {candidates: [starter], form: sample}
          transitions:
            go: {to: over, effects: {n: {issue_number: {field: text, pattern: "800/{seq:03}/{year}"}}}}
        over: {type: final}
    """
    )
    case.do("ani", "go")
    assert case.answer("text") == "800/001/2026"
    case.do("ani", "go")
    assert case.answer("text") == "800/002/2026"


def test_an_internal_act_of_a_sole_candidate_is_a_claim(play):
    case = play(
        """
    lifecycle:
      initial: start
      states:
        start:
          task: {candidates: [clerk], form: sample}
          transitions:
            note: {internal: true, effects: {n: {increment: count}, more: {add_candidate: head}}}
            go: {to: over}
        over: {type: final}
    """
    )
    assert case.do("carla", "note") is None
    assert case.candidates() == ["carla"]
    assert case.do("hana", "go") == "claimed_by_other"


EVERY_MINUTE = """
notifications:
  told: {channel: email, to: [candidates], template: returned}
lifecycle:
  initial: start
  states:
    start:
      task: {candidates: [clerk, head], form: sample}
      transitions: {go: {to: over}, tell: {internal: true, effects: {t: {notify: told}}}}
      timers: {tick: {after: {minutes: 1}, repeat: {every: {minutes: 1}}, effects: {n: {increment: count}}}}
    over: {type: final}
"""


def test_a_walk_answers_a_clock_that_goes_too_far_and_stays_where_it_was():
    definition = define(EVERY_MINUTE)
    given = '{"given": {"initiator": "ani", "users": {"clerk": ["carla"]}, "clock": "9999-12-30"}}'
    far = ['{"advance": {"days": 3}}', '{"advance": {"days": 99999999999}}', '{"advance": {"minutes": 1}}']
    answers = [json.loads(answer) for answer in walk_lines(definition, [given, *far])]
    assert [sorted(answer) for answer in answers[:2]] == [["error"], ["error"]]
    assert answers[2]["data"]["count"] == 1
    answers = [json.loads(answer) for answer in walk_lines(definition, ['{"advance": {"days": 3000}}', far[2]])]
    assert list(answers[0]) == ["error"]
    assert answers[1]["data"]["count"] == 1


def test_mails_to_candidates_may_be_expected_as_such_or_role_by_role():
    for wanted in (
        [{"template": "told", "to": "candidates"}],
        [{"template": "told", "to": "head"}, {"template": "told", "to": "clerk"}],
    ):
        given = {"initiator": "ani", "users": {"clerk": ["carla"], "head": ["hana"]}, "clock": "2026-03-02"}
        steps = ({"as": "carla", "do": "tell", "expect": {"mails": wanted}},)
        assert run_scenario(define(EVERY_MINUTE), Scenario("mails", given, steps)).passed


def test_a_day_is_a_day_of_the_calendar_that_counts():
    written = """
    calendars:
      east: {timezone: Asia/Jayapura, working_days: [tue, thu], holidays: []}
      west: {timezone: Asia/Jakarta, working_days: [mon], holidays: []}
    lifecycle:
      initial: start
      states:
        start:
          task: {candidates: [starter], form: sample, calendar: east, due: {working_days: 1}}
          transitions: {go: {to: over}}
        over: {type: final}
    """
    definition = define(written, calendar="")
    for clock, due in (("2026-03-02T22:00:00+07:00", "2026-03-05"), ("2026-03-02", "2026-03-03")):
        given = {"initiator": "ani", "clock": clock}
        steps = ({"as": "carla", "do": "go", "refused": "not_candidate", "expect": {"due": due}},)
        assert run_scenario(definition, Scenario("due", given, steps)).passed, clock


def test_item_alone_is_the_number_of_a_table_s_row_and_with_a_name_its_column(play):
    case = play(
        """
    lifecycle:
      initial: start
      states:
        start: {task: {candidates: [starter], form: sample, fields: {lines: edit}}, transitions: {go: {to: rows}}}
        rows:
          multi_instance: {collection: case.lines, element: line, ordering: parallel, completion: all}
          task: {candidates: [clerk]}
          transitions:
            finish:
              to: over
              guard: "item == 2 or item.who == actor"
              effects: {n: {set: {field: count, value: {expression: "item * 10"}}}}
        over: {type: final}
    """,
        data={"lines": [{"what": "a", "who": "leo"}, {"what": "b"}]},
    )
    case.do("ani", "go")
    assert case.do("carla", "finish", item="1") == "guard"
    assert case.do("carla", "finish", item="2") is None
    assert case.answer("count") == 20


def test_an_effect_that_sets_a_choice_nobody_offers_keeps_nothing():
    form = FORM.replace(
        "  text: {", "  kind: {type: choice, title: {id: Jenis, en: Kind}, options: {one: {}, two: {}}}\n  text: {"
    )
    written = """
    lifecycle:
      initial: start
      states:
        start:
          task: {candidates: [starter], form: sample, fields: {text: edit}}
          transitions: {go: {to: over, effects: {n: {increment: count}, k: {set: {field: kind, value: {expression: "case.text"}}}}}}
        over: {type: final}
    """
    definition = define(written, form=form)
    for typed, state, count in (("three", "start", 0), ("two", "over", 1)):
        steps = (
            {
                "as": "ani",
                "do": "go",
                "with": {"data": {"text": typed}},
                "expect": {"state": state, "data": {"count": count}},
            },
        )
        result = run_scenario(definition, Scenario("choice", {"initiator": "ani"}, steps))
        assert result.passed, result
