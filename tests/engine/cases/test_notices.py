"""Whom notifications reach, once the step has settled (reference §5)."""

# ruff: noqa: E501 - YAML as authors write it
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from engine.cases.plan import plan_act, plan_timer
from engine.changes import QueueMessage
from engine.facts import Audience, Command

WRITTEN = """
substitution:
  acting_official: {title: {id: Plt, en: Acting}, may: [approve], record: on_behalf_of}
notifications:
  task_assigned: {channel: email, to: [candidates], template: task_assigned}
  late: {channel: email, to: [candidates, escalation_point], template: escalated, urgent: true}
  result:
    channel: email
    to: [starter, principal, substitute]
    template: {subject: {id: "{text}", en: "{case.text}"}, body: {id: "{comment} {amount}", en: "{comment} {amount}"}}
lifecycle:
  initial: draft
  states:
    draft: {task: {candidates: [starter], form: sample, fields: {text: edit, amount: edit}}, transitions: {submit: {to: review}}}
    review:
      task: {candidates: [clerk], form: sample, due: {days: 2}}
      timers: {late: {after: {days: 1}, effects: {tell: {notify: late}MORE}}}
      transitions: {approve: {to: over, effects: {tell: {notify: result}}}}
    over: {type: final}
"""


def messages(plan):
    return {change.notification: change for change in plan.changes if isinstance(change, QueueMessage)}


def submitted(play, more="", **given):
    case = play(WRITTEN.replace("MORE", more), **given)
    plan = plan_act(
        case.case.definition, case.case.facts, Command("submit", "ani", answers={"text": "judul", "amount": "7.50"})
    )
    case.do("ani", "submit", data={"text": "judul", "amount": "7.50"})
    return case, messages(plan)


def fired(case):
    case.advance(hours=23)
    facts = replace(case.case.facts, now=case.case.facts.now + timedelta(hours=1))
    return messages(plan_timer(case.case.definition, facts, "review.late", facts.state.active["review"]))


def test_every_task_that_opens_tells_its_candidates_when_the_case_type_says_how(play):
    _, sent = submitted(play)
    assert set(sent) == {"task_assigned"}
    message = sent["task_assigned"]
    assert (message.audiences, message.reason, message.task, message.is_automatic) == (
        (Audience("role", "clerk"),),
        "assigned",
        2,
        True,
    )
    assert message.values["task.title"]
    assert message.values["task.due"].startswith("2026-03-03")


def test_an_act_s_notification_carries_what_its_text_names(play):
    case, _ = submitted(play, acting={"clerk": {"user": "joko", "kind": "acting_official"}})
    plan = plan_act(case.case.definition, case.case.facts, Command("approve", "joko", comment="baik"))
    message = messages(plan)["result"]
    assert set(message.audiences) == {Audience("person", name) for name in ("ani", "carla", "joko")}
    assert message.values["text"] == message.values["case.text"] == "judul"
    assert message.values["amount"] == "7.50"
    assert message.values["comment"] == "baik"
    assert not message.is_automatic


def test_an_escalation_reaches_the_role_it_adds_or_the_superior_or_the_supervisors(play):
    case, _ = submitted(play, ", more: {add_candidate: head}")
    message = fired(case)["late"]
    assert message.is_urgent
    assert message.audiences == (Audience("role", "clerk"), Audience("role", "head"))
    case, _ = submitted(play, organisation={"superiors": {"carla": "bos"}})
    assert fired(case)["late"].audiences == (Audience("role", "clerk"), Audience("holder", "bos"))
    case, _ = submitted(play)
    assert fired(case)["late"].audiences == (Audience("role", "clerk"), Audience("group", "supervisors"))


def test_a_task_nobody_may_take_tells_the_supervisors(play):
    _, sent = submitted(play, users={"clerk": []})
    assert sent["incident"].audiences == (Audience("group", "supervisors"),)
    assert sent["incident"].reason == "incident"
