# ruff: noqa: E501 - YAML as authors write it
"""§5 Effects and notifications, and what §8 says of them."""

from __future__ import annotations

import pytest

from engine.effects import SHELF
from tests.language.linting import clean, codes, told

FORM = """
schema: casework-form/1
form: sample
version: 1.0.0
title: {id: Contoh, en: Sample}
fields:
  text: {type: text, title: {id: Teks, en: Text}}
  amount: {type: money, title: {id: Jumlah, en: Amount}}
  count: {type: integer, title: {id: Hitungan, en: Count}, default: 0}
  day: {type: date, title: {id: Hari, en: Day}}
  people: {type: list, of: person, title: {id: Orang, en: People}}
  names: {type: list, of: text, title: {id: Nama, en: Names}}
  letter: {type: text, title: {id: Nomor, en: Number}}
  document: {type: file, title: {id: Berkas, en: File}}
  secret: {type: text, classification: restricted, title: {id: Rahasia, en: Secret}}
sections:
  all: {order: 10, title: {id: Semua, en: All}, fields: {text: {order: 1}}}
"""


def doing(effects: str, *, top: str = "", more: str = "") -> str:
    return f"""{top}
lifecycle:
  initial: work
  states:
    work:
      task: {{candidates: [clerk], form: sample, fields: {{count: edit, names: edit}}}}
      transitions:
        go: {{to: later, effects: {{{effects}}}}}
        note: {{internal: true, effects: {{{effects}}}}}
        stop: {{to: over}}
{more}
    later: {{task: {{candidates: [head]}}, transitions: {{close: {{to: over}}, back: {{to: work}}}}}}
    over: {{type: final}}
"""


def test_5_effects_run_in_the_order_written_and_see_each_other(play):
    case = play(
        doing("b: {increment: {field: count, by: 3}}, a: {increment: {field: count, by: {expression: case.count}}}"),
        form=FORM,
    )
    assert case.do("carla", "go") is None
    assert case.answer("count") == 6


def test_5_set_gives_a_literal_or_what_an_expression_is_worth(play):
    case = play(
        doing(
            'a: {set: {field: text, value: case.count}}, b: {set: {field: day, value: {expression: "add_days(today, 2)"}}}'
        ),
        form=FORM,
    )
    assert case.do("carla", "go") is None
    assert case.answer("text") == "case.count" and case.answer("day") == "2026-03-04"


def test_5_append_puts_one_more_and_actor_is_who_acts(play):
    case = play(doing("a: {append: {field: people, value: actor}}, b: {append: {field: names, value: x}}"), form=FORM)
    assert case.do("carla", "note") is None
    assert case.do("carla", "note") is None
    assert case.answer("people") == ["carla", "carla"] and case.answer("names") == ["x", "x"]


def test_5_increment_adds_one_or_so_much(play):
    case = play(doing("a: {increment: count}, b: {increment: {field: count, by: 2}}"), form=FORM)
    assert case.do("carla", "go") is None
    assert case.answer("count") == 3


TABLE = """
decision_tables:
  size:
    hit_policy: POLICY
    inputs: {count: case.count}
    outputs: {text: text, amount: money}
    rules:
      big: {order: 10, when: {count: "count > 5"}, then: {text: big, amount: 100}}
      middle: {order: 20, when: {count: "count > 2"}, then: {text: middle, amount: 50}}
"""


def test_5_decide_makes_the_outputs_answers_of_the_same_names(play):
    case = play(doing("a: {decide: size}", top=TABLE.replace("POLICY", "first")), form=FORM)
    assert case.do("carla", "go", data={"count": 3}) is None
    assert case.answer("text") == "middle" and case.answer("amount") == 50


def test_2_first_takes_the_first_rule_by_order(play):
    case = play(doing("a: {decide: size}", top=TABLE.replace("POLICY", "first")), form=FORM)
    assert case.do("carla", "go", data={"count": 9}) is None
    assert case.answer("text") == "big"


def test_2_unique_takes_the_only_rule_that_holds(play):
    top = TABLE.replace("POLICY", "unique").replace('"count > 2"', '"count > 2 and count <= 5"')
    case = play(doing("a: {decide: size}", top=top), form=FORM)
    assert case.do("carla", "go", data={"count": 9}) is None
    assert case.answer("text") == "big"


def test_2_collect_gives_a_list_of_every_rule_that_holds(play):
    top = (
        TABLE.replace("POLICY", "collect")
        .replace("{text: text, amount: money}", "{names: text}")
        .replace("{text: big, amount: 100}", "{names: big}")
        .replace("{text: middle, amount: 50}", "{names: middle}")
    )
    case = play(doing("a: {decide: size}", top=top), form=FORM)
    assert case.do("carla", "note", data={"count": 9}) is None
    assert case.answer("names") == ["big", "middle"]
    assert case.do("carla", "note", data={"count": 3}) is None
    assert case.answer("names") == ["middle"]


@pytest.mark.parametrize("policy", ["first", "unique"])
def test_8_7_where_no_rule_matches_nothing_of_the_step_is_kept(play, policy):
    top = TABLE.replace("POLICY", policy).replace('"count > 2"', '"count > 2 and count <= 5"')
    case = play(doing("b: {set: {field: letter, value: x}}, a: {decide: size}", top=top), form=FORM)
    assert case.do("carla", "go", data={"count": 1}) is None
    assert case.incidents == ["no_rule_matched"]
    assert case.states == ["work"] and case.answer("letter") is None and case.answer("count") == 0


def test_8_7_where_an_effect_fails_nothing_of_the_step_is_kept(play):
    case = play(
        doing('b: {set: {field: letter, value: x}}, a: {set: {field: count, value: {expression: "1 / case.count"}}}'),
        form=FORM,
    )
    assert case.do("carla", "go") is None
    assert case.incidents == ["effect_failed"]
    assert case.states == ["work"] and case.answer("letter") is None
    assert case.do("carla", "go", data={"count": 1}) is None
    assert case.states == ["later"]


def test_5_a_calculated_amount_gets_the_decimals_of_its_field(play):
    case = play(
        doing(
            'a: {set: {field: count, value: {expression: "6 / case.count"}}}, b: {set: {field: amount, value: {expression: "1 / 3"}}}'
        ),
        form=FORM,
    )
    assert case.do("carla", "note", data={"count": 4}) is None
    assert case.answer("count") == 2 and case.answer("amount") == 0.33


def test_8_7_effects_run_after_leaving_and_before_entering(play):
    written = doing("a: {set: {field: names, value: {expression: \"['x']\"}}}").replace(
        "later: {task: {candidates: [head]}",
        "later: {multi_instance: {collection: case.names, element: one}, task: {candidates: [head]}",
    )
    case = play(written, form=FORM)
    assert case.do("carla", "go") is None  # entering finds the item that the effect has put there
    assert case.states == ["later"]
    assert case.do("hana", "close", item="x") is None


def test_5_add_candidate_offers_the_open_tasks_to_one_more_role(play):
    case = play(doing("a: {add_candidate: legal}").replace("internal: true", "internal: true, by: [head]"), form=FORM)
    assert case.do("hana", "note") is None
    assert case.candidates() == ["carla", "leo"]
    assert case.do("leo", "stop") is None


def test_5_release_tasks_of_puts_back_what_somebody_has_claimed(play):
    case = play(doing("a: {release_tasks_of: actor}"), form=FORM, users={"clerk": ["carla", "cici"]})
    case.do("carla", "claim")
    assert case.do("carla", "note") is None
    assert case.do("cici", "stop") is None


def test_5_issue_number_gives_the_next_of_a_pattern(play):
    case = play(doing('a: {issue_number: {field: letter, pattern: "800/{seq:03}/{year}"}}'), form=FORM)
    assert case.do("carla", "note") is None
    assert case.answer("letter") == "800/001/2026"
    assert case.do("carla", "note") is None
    assert case.answer("letter") == "800/002/2026"


SLA = "slas: {promise: {target: {days: 10}, start: later, stop: [over], at_risk: {at: 0.5, effects: {x: {increment: count}}}}}"


def test_5_start_sla_and_stop_sla_begin_and_end_a_promise(play):
    more = ""
    case = play(doing("a: {start_sla: promise}", top=SLA, more=more), form=FORM)
    assert case.do("carla", "note") is None
    assert case.advance(days=5) == ["promise.at_risk"]
    written = doing("a: {start_sla: promise}", top=SLA).replace(
        "stop: {to: over}",
        "halt: {internal: true, effects: {z: {stop_sla: promise}}}, stop: {to: over}".replace(
            ", stop", "\n        stop"
        ),
    )
    case = play(written, form=FORM)
    case.do("carla", "note")
    assert case.do("carla", "halt") is None
    assert case.advance(days=9) == []


def test_5_extend_sla_gives_a_promise_more_time(play):
    case = play(doing("a: {start_sla: promise}, b: {extend_sla: {sla: promise, by: {days: 10}}}", top=SLA), form=FORM)
    assert case.do("carla", "note") is None
    assert case.advance(days=9) == []
    assert case.advance(days=1) == ["promise.at_risk"]


def test_5_render_document_puts_a_file_into_a_field(paper):
    case = paper(doing("a: {render_document: {template: sample, field: document}}"), form=FORM)
    assert case.do("carla", "go") is None
    assert case.answer("document")["name"] == "sample.pdf"


def effect(written: str) -> tuple[str, str]:
    return (
        "return: {to: draft, requires: [comment]}",
        f"return: {{to: draft, requires: [comment], effects: {{x: {written}}}}}",
    )


@pytest.mark.parametrize(("written", "code"), [
    ("{^^explode: now}", "WF027"), ("{notify: ^^remindr}", "WF027"), ("{decide: ^^sizes}", "WF027"), ("{start_sla: ^^quick}", "WF027"), ("{stop_sla: ^^quick}", "WF027"),
    ("{extend_sla: {sla: ^^quick, by: {days: 1}}}", "WF027"), ("{increment: ^^dayz}", "WF026"), ("{set: {field: ^^dayz, value: 1}}", "WF026"), ("{append: {field: ^^days, value: 1}}", "WF012"),
    ("{add_candidate: ^^haed}", "WF025"), ("{release_tasks_of: ^^haed}", "WF025"), ("{^^set: {field: days}}", "WF011"), ("{set: {field: days, ^^valeu: 1, value: 2}}", "WF010"),
    ("{set: {field: days, value: ^^many}}", "WF012"), ('{set: {field: days, value: {expression: ^^"case.reason"}}}', "WF053"), ('{issue_number: {field: reason, pattern: ^^"{sequ:03}"}}', "WF061"),
    ("{notify: reminder, ^^increment: days}", "WF012"),
])  # fmt: skip
def test_5_an_effect_that_cannot_be_is_found_where_it_is_wrong(written, code):
    told(code, effect(written))


@pytest.mark.parametrize("written", [
    "{notify: reminder}", "{set: {field: days, value: 3}}", '{set: {field: days, value: {expression: "case.days + 1"}}}', "{append: {field: backups, value: actor}}", "{increment: days}", "{increment: {field: days, by: 2}}",
    "{add_candidate: personnel}", "{release_tasks_of: actor}", "{release_tasks_of: head}", '{open_case: {case_type: other, answers: {days: case.days}, link: follow}}', "{signal: {link: follow, event: stop}}", '{issue_number: {field: reason, pattern: "800/{seq:03}/{year}"}}',
])  # fmt: skip
def test_5_the_closed_list_of_effects(written):
    clean(effect(written))


def test_5_a_notification_says_channel_people_and_text():
    clean(
        (
            "template: reminder}",
            "template: {subject: {id: Kabar, en: News}, body: {id: Ada kabar, en: There is news}}, urgent: true}",
        )
    )


@pytest.mark.parametrize(("change", "code"), [
    (("channel: email", "channel: ^^pigeon"), "WF027"), (("to: [candidates]", "to: [^^candidate]"), "WF025"), (("template: reminder}", "template: ^^remindr}"), "WF027"),
    (("template: reminder}", "template: {subject: x, ^^bodi: y, body: z}}"), "WF010"), (("template: reminder}", "template: reminder, urgent: ^^very}"), "WF012"),
])  # fmt: skip
def test_5_a_notification_that_cannot_be_is_found(change, code):
    told(code, change)


@pytest.mark.parametrize(
    "name", ["case.number", "case.title", "task.title", "task.due", "actor.name", "comment", "url", "case.days"]
)
def test_5_a_text_may_name_these_variables_and_ordinary_fields(name):
    clean(("template: reminder}", f'template: {{subject: Kabar, body: "Ada {{{name}}}."}}}}'))


@pytest.mark.parametrize(
    "name",
    [
        "case.nummer",
        "case",
        "case.__class__",
        "task",
        "actor",
        "actor.password",
        "config",
        "0",
        "case.days.real",
        "case[days]",
    ],
)
def test_5_a_text_that_names_anything_else_is_found(name):
    told("WF061", ("template: reminder}", f'template: {{subject: Kabar, body: ^^"Ada {{{name}}}."}}}}'))


@pytest.mark.parametrize("class_", ["restricted", "confidential"])
def test_5_a_field_of_another_class_is_no_variable(class_):
    told(
        "WF061",
        ("template: reminder}", 'template: {subject: Kabar, body: ^^"Ada {case.days}."}}'),
        form=[("title: Days", f"title: Days, classification: {class_}")],
    )


def test_8_7_what_reaches_the_outside_world_waits_in_the_outbox_of_the_same_step(paper):
    top = "notifications: {news: {channel: email, to: [head, starter], template: {subject: {id: Kabar, en: News}, body: {id: Ada, en: There is}}}}"
    case = paper(doing("a: {notify: news}", top=top), form=FORM)
    assert case.do("carla", "go") is None
    assert [mail.to_plain() for mail in case.last.mails] == [
        {"template": "news", "to": "head"},
        {"template": "news", "to": "starter"},
    ]
    case = paper(doing('a: {notify: news}, b: {set: {field: count, value: {expression: "1 / 0"}}}', top=top), form=FORM)
    assert case.do("carla", "go") is None
    assert case.incidents == ["effect_failed"] and case.last.mails == []


def test_5_every_effect_of_the_reference_is_on_the_shelf():
    assert set(SHELF.values()) >= {
        "notify", "decide", "set", "append", "increment", "open_case", "signal", "add_candidate", "release_tasks_of",
        "start_sla", "stop_sla", "extend_sla", "issue_number", "render_document", "call",
    }  # fmt: skip


def test_5_a_name_that_is_no_effect_says_which_was_meant():
    assert codes(effect("{notifi: reminder}")) == ["WF027"]
