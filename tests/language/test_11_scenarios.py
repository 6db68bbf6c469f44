# ruff: noqa: E501 - YAML as authors write it
"""§11 Scenarios: what is given, the steps, what may be expected, and how a miss is told."""

from __future__ import annotations

from typing import Any

import pytest

from engine.cases.simulate import run_scenario
from engine.definitions.model import Definition, Scenario
from tests.language.linting import clean, codes, told
from tests.language.playing import defined, texts_of

WRITTEN = """
substitution: {acting_official: {title: Plt, may: [approve, note, finish], record: on_behalf_of}}
notifications: {news: {channel: email, to: [head, starter], template: {subject: {id: Kabar, en: News}, body: {id: Ada, en: There is}}}}
decision_tables:
  size: {hit_policy: first, inputs: {count: case.count}, outputs: {text: text}, rules: {big: {order: 1, when: {count: "count > 2"}, then: {text: big}}, small: {order: 2, then: {text: small}}}}
slas: {promise: {target: {working_days: 4}, start: check, stop: [over], at_risk: {at: 0.5, effects: {x: {notify: news}}}}}
lifecycle:
  initial: draft
  states:
    draft: {task: {candidates: [starter], form: sample, fields: {count: edit, names: edit}}, transitions: {send: {to: check, recallable: true, effects: {a: {decide: size}, b: {notify: news}}}, drop: {to: over, requires: [comment]}}}
    check:
      task: {candidates: [head], due: {working_days: 3}}
      timers: {late: {after: {working_days: 3}, effects: {x: {add_candidate: clerk}}}}
      transitions: {approve: {to: team}, note: {internal: true}}
    team: {task: {candidates: [head], assigns: [lead]}, transitions: {start: {to: items}}}
    items:
      multi_instance: {collection: case.names, element: one}
      task: {candidates: [lead, head]}
      transitions: {finish: {to: last}}
    last: {task: {candidates: [finance]}, transitions: {approve: {to: over}}}
    over: {type: final}
fixtures:
  people: {initiator: ani, users: {head: [hana], finance: [fina], clerk: [carla]}, clock: 2026-03-02, data: {count: 3, names: [x, y]}}
"""
ROLES = """
roles:
  starter: {title: {id: P, en: S}, resolve: initiator}
  head: {title: {id: K, en: H}, resolve: {group: heads}}
  finance: {title: {id: K, en: F}, resolve: {group: finance}}
  clerk: {title: {id: P, en: C}, resolve: {group: clerks}}
  lead: {title: {id: K, en: L}, resolve: {case_role: true, from: {group: leads}, cardinality: one}}
"""


def run(steps: str, given: str = "{uses: people}") -> Any:
    """The outcome of one scenario."""
    text = (
        WRITTEN
        + f"scenarios:\n  one:\n    given: {given}\n    steps:\n"
        + "".join(f"      - {line}\n" for line in steps.strip().splitlines())
    )
    definition: Definition = defined(texts_of(text, roles=ROLES))
    return run_scenario(definition, definition.scenarios["one"])


def passes(steps: str, given: str = "{uses: people}") -> None:
    outcome = run(steps, given)
    assert outcome.passed, outcome


def fails(steps: str, given: str = "{uses: people}") -> Any:
    outcome = run(steps, given)
    assert not outcome.passed
    return outcome


SENT = "{as: ani, do: send}\n"


@pytest.mark.parametrize("expected", [
    "state: check", "states: [check]", "candidates: [hana]", "ended: false", "data: {count: 3, text: big}", "decided: {text: big}", "fired: []",
    "mails: [{template: news, to: head}, {template: news, to: starter}]", "incident: null", "on_behalf_of: null", "due: 2026-03-05",
])  # fmt: skip
def test_11_everything_that_may_be_expected(expected):
    passes("{as: ani, do: send, expect: {" + expected + "}}")


@pytest.mark.parametrize("wrong", [
    "state: draft", "states: [draft]", "candidates: [ani]", "ended: true", "data: {count: 4}", "decided: {text: small}", "fired: [check.late]",
    "mails: []", "mails: [{template: news, to: head}]", "incident: effect_failed", "due: 2026-03-06",
])  # fmt: skip
def test_11_everything_expected_is_compared(wrong):
    outcome = fails("{as: ani, do: send, expect: {" + wrong + "}}")
    assert outcome.step == 1 and outcome.expected and outcome.actual


def test_11_on_behalf_of_is_compared():
    given = "{uses: people, acting: {head: {user: joko, kind: acting_official}}}"
    passes(SENT + "{as: joko, do: approve, expect: {on_behalf_of: hana}}", given)
    fails(SENT + "{as: joko, do: approve, expect: {on_behalf_of: ani}}", given)


def test_11_somebody_may_stand_in_for_a_person_chosen_for_the_case():
    steps = "{as: hana, do: approve}\n{as: hana, do: start, with: {assign: {lead: [lena]}}}\n"
    given = "{uses: people, acting: {lead: {user: joko, kind: acting_official}}}"
    passes(SENT + steps + "{as: joko, do: finish, item: x, expect: {on_behalf_of: lena}}", given)


def test_11_a_refusal_nobody_expected_is_told_in_the_reader_s_language():
    outcome = fails("{as: ani, do: drop}")
    assert outcome.actual["because"] == {
        "id": "Tulis alasan atau catatan untuk 'drop'.",
        "en": "Write a reason or comment for 'drop'.",
    }


def test_11_a_refusal_is_expected_by_its_code():
    passes("{as: hana, do: send, refused: not_candidate}")
    fails("{as: ani, do: send, refused: not_candidate}")
    fails("{as: hana, do: send, refused: excluded}")


def test_11_a_refusal_nobody_expected_is_a_miss():
    fails("{as: hana, do: send}")


def test_11_with_carries_comment_data_and_attachments():
    passes(
        "{as: ani, do: drop, refused: comment_required}\n{as: ani, do: drop, with: {comment: enough, attachments: 1, data: {count: 9}}, expect: {ended: true, data: {count: 9}}}"
    )


def test_11_in_names_the_state():
    passes("{as: ani, do: send, in: draft}\n{as: hana, do: approve, in: draft, refused: unknown_event}")


def test_11_item_names_the_item():
    passes(
        SENT
        + "{as: hana, do: approve}\n{as: hana, do: start, with: {assign: {lead: [lena]}}}\n{as: lena, do: finish, item: x}\n{as: lena, do: finish, item: x, refused: unknown_item}\n{as: hana, do: finish, item: y, expect: {state: last}}"
    )


@pytest.mark.parametrize("step", ["{as: ani, do: recall, expect: {state: draft}}", "{as: hana, do: claim}"])
def test_11_claim_release_and_recall_are_acts_every_task_has(step):
    passes(SENT + step)


def test_11_assign_fills_a_case_role():
    passes(
        SENT
        + "{as: hana, do: approve}\n{as: hana, do: start, with: {assign: {lead: [lena]}}, expect: {candidates: [lena, hana], state: items}}"
    )


def test_11_drive_lets_whoever_may_do_the_action_until_the_state_is_reached():
    passes("{drive: send, until: check}\n{drive: approve, until: team}")
    assert fails("{drive: approve, until: over}").step == 1


def test_11_advance_moves_the_clock_and_timers_fire():
    passes(
        SENT + "{advance: {working_days: 3}, expect: {fired: [promise.at_risk, check.late], candidates: [hana, carla]}}"
    )
    passes(SENT + "{advance: {working_days: 3}, expect: {fired: [sla.at_risk, check.late]}}")
    fails(SENT + "{advance: {working_days: 3}, expect: {fired: [check.late, promise.at_risk]}}")


def test_11_fired_are_all_timers_of_this_step():
    fails(SENT + "{advance: {working_days: 3}, expect: {fired: [check.late]}}")
    passes(
        SENT
        + "{advance: {working_days: 2}, expect: {fired: [promise.at_risk]}}\n{advance: {working_days: 1}, expect: {fired: [check.late]}}"
    )


def test_11_candidates_are_those_of_the_state_named_by_in_if_it_is_open():
    passes("{as: ani, do: send, in: draft, expect: {candidates: [hana]}}")


def test_11_the_order_of_candidates_is_free():
    passes(SENT + "{advance: {working_days: 3}, expect: {candidates: [carla, hana]}}")
    passes(SENT + "{advance: {working_days: 3}, expect: {candidates: [hana, carla]}}")


def test_11_states_are_all_active_leaves_in_document_order():
    passes("{as: ani, do: send, expect: {states: [check]}}")


def test_11_due_is_the_date_of_the_only_open_task():
    passes("{as: ani, do: send, expect: {due: 2026-03-05}}")


@pytest.mark.parametrize(
    ("clock", "due"), [("2026-03-02", "2026-03-05"), ("2026-03-06", "2026-03-11"), ("2026-03-06T10:00", "2026-03-11")]
)
def test_11_the_clock_is_a_date_or_a_moment(clock, due):
    passes("{as: ani, do: send, expect: {due: " + due + "}}", "{uses: people, clock: " + clock + "}")


def test_11_a_fixture_is_used_and_what_is_given_goes_over_it():
    passes(
        "{as: ani, do: send, expect: {candidates: [hadi], data: {count: 3}}}", "{uses: people, users: {head: [hadi]}}"
    )
    passes("{as: ana, do: send, expect: {decided: {text: small}}}", "{uses: people, initiator: ana, data: {count: 1}}")


@pytest.mark.parametrize(
    ("name", "value"),
    [("count", "many"), ("names", [{"a": 1}]), ("names", 3), ("names", {"a": "b"}), ("day", "2026-13-01")],
)
def test_11_a_case_cannot_begin_with_an_answer_of_another_kind(name, value):
    definition = defined(texts_of(WRITTEN, roles=ROLES))  # lint tells it first; a case on paper refuses it itself
    given = {"uses": "people", "data": {name: value}}
    outcome = run_scenario(definition, Scenario("one", given, ({"as": "ani", "do": "send"},)))
    assert not outcome.passed and outcome.step == 0 and name in outcome.actual


@pytest.mark.parametrize(
    "data",
    [
        "days: ^^many", "until: ^^2026-13-01", "parts: ^^3", "backups: ^^{a: b}", "backups: [budi, ^^[x]]",
        "parts: [{name: a}, {name: b, hours: ^^long}]", "parts: [^^x]",
    ],
)  # fmt: skip
def test_11_lint_tells_where_a_case_begins_with_an_answer_of_another_kind(data):
    told("WF012", ("given: {uses: people}", f"given: {{uses: people, data: {{{data}}}}}"))
    told("WF012", ("data: {reason: rest, days: 2}}", f"data: {{reason: rest, {data}}}}}"), also=frozenset({"WF121"}))


@pytest.mark.parametrize("data", ["days: 900", "days: '3'", "kind: unheard_of", "parts: null", "until: 2026-03-02"])
def test_11_lint_asks_for_the_kind_of_an_answer_and_not_for_its_limits(data):
    clean(("given: {uses: people}", f"given: {{uses: people, data: {{{data}}}}}"))


def test_11_a_miss_names_the_step_what_was_expected_and_what_came():
    outcome = fails(SENT + "{as: hana, do: approve, expect: {state: over}}")
    assert (outcome.step, outcome.expected) == (2, {"state": "over"})
    assert outcome.actual == {"state": "team"}


def test_11_roles_the_case_knows_come_from_the_case():
    passes(
        SENT + "{as: hana, do: approve}\n{as: hana, do: start}\n{as: lena, do: finish, item: x}",
        "{uses: people, case_roles: {lead: [lena]}}",
    )


def test_11_organisation_gives_superiors_and_limits():
    text = """
lifecycle:
  initial: vote
  states:
    vote:
      approval: {ordering: sequential, approvers_along: {from: starter, relation: superior, until: "filled(user.limit) and user.limit >= 100"}}
      transitions: {approved: {to: over}, rejected: {to: over}}
    over: {type: final}
scenarios:
  one:
    given: {initiator: ani, users: {}, organisation: {superiors: {ani: budi, budi: candra}, limits: {budi: 10, candra: 200}}}
    steps:
      - {as: budi, do: approve, expect: {candidates: [candra]}}
      - {as: candra, do: approve, expect: {ended: true}}
"""
    definition = defined(texts_of(text))
    assert run_scenario(definition, definition.scenarios["one"]).passed


STEP = "      - {as: sari, do: submit, expect: {state: review, candidates: [budi]}}"


@pytest.mark.parametrize("step", [
    "{as: ^^srai, do: submit}", "{as: sari, do: ^^submitt}", "{as: sari, do: submit, expect: {state: ^^reviw}}", "{as: sari, do: submit, expect: {states: [^^reviw]}}",
    "{as: sari, do: submit, in: ^^drft}", "{as: sari, do: submit, expect: {fired: [^^review.remnd]}}", "{drive: submit, until: ^^reviw}", "{as: sari, do: submit, expect: {candidates: [^^bodu]}}",
    "{as: sari, do: submit, item: ^^x}",
])  # fmt: skip
def test_12_a_scenario_that_names_something_unknown_is_found(step):
    told("WF120", (STEP, f"{STEP}\n      - {step}"))


def test_12_an_unknown_fixture_is_found():
    told("WF120", ("given: {uses: people}", "given: {uses: ^^peple}"))


@pytest.mark.parametrize(("step", "code"), [
    ("{as: sari, do: submit, refused: ^^not_allowed}", "WF012"), ("{as: sari, do: submit, expect: {incident: ^^broken}}", "WF012"), ("{as: sari, do: submit, expect: {data: {^^dayz: 1}}}", "WF026"),
    ("{as: sari, ^^dont: submit}", "WF010"), ("{advance: {^^weeks: 1}}", "WF010"),
])  # fmt: skip
def test_12_a_step_that_cannot_be_is_found(step, code):
    assert code in codes((STEP, f"{STEP}\n      - {step}".replace("^^", "")))


@pytest.mark.parametrize(
    "given",
    [
        "users: {head: [budi]}, initiator: sari",
        "initiator: sari, case_roles: {helper: [budi]}",
        "initiator: sari, acting: {head: {user: budi, kind: acting_official}}",
        "initiator: sari, data: {backups: [budi]}",
    ],
)
def test_11_people_who_are_named_anywhere_in_what_is_given_are_known(given):
    text = (
        "given: {"
        + given
        + ", clock: 2026-03-02}\n    steps:\n      - {as: budi, do: approve, refused: unknown_event}\n  other:\n    given: {uses: people}"
    )
    assert "WF120" not in codes(("given: {uses: people}", text))


def test_11_scenarios_of_the_clean_case_type_pass():
    clean()
