# ruff: noqa: E501 - YAML as authors write it
"""Finished cases replayed under a draft: the same, or other in path, approver, deadline or result, or not to be told."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from engine.cases.models import History
from engine.cases.replay import Period, Tally, finished_cases, replay_case, told
from engine.cases.replaying_run import RecordedAct, Replayed
from engine.cases.replaying_structure import replay_structure
from engine.definitions.model import Definition
from engine.outbox.models import Message
from engine.publishing.library import definition
from engine.vocabulary import load
from tests.engine.cases.written import FORM, ROLES, define
from tests.kept import Kept

WRITTEN = """
lifecycle:
  initial: draft
  states:
    draft:
      task: {candidates: [starter], form: sample, fields: {amount: edit, text: edit}}
      transitions: {submit: {to: check}}
    check:
      task: {candidates: [clerk], due: {working_days: 3}, form: sample}
      timers: {late: {after: {working_days: 2}, effects: {more: {increment: count}}}}
      transitions: {go: {to: decision, guard: "filled(case.amount) and case.amount > 10"}, back: {to: draft, requires: [comment]}}
    decision:
      approval:
        ordering: parallel
        approvers: {one: {candidates: [head]}, two: {candidates: [planning]}}
      transitions: {approved: {to: end, effects: {say: {set: {field: text, value: granted}}}}, rejected: {to: draft}}
    end: {type: final}
"""


def a_finished_case(kept: Kept) -> None:
    """Sent back once, warned of once, then decided."""
    kept.publish(WRITTEN)
    kept.open(amount=5)
    for person, action, comment in (("ani", "submit", ""), ("carla", "back", "Terlalu kecil")):
        assert kept.do(person, action, comment) is None
    assert kept.do("ani", "submit", data={"amount": 50}) is None
    assert kept.do("cici", "claim") is None
    assert kept.advance(days=2, minutes=1) == ["check.late"]
    for person, action in (("cici", "go"), ("hana", "approve"), ("pia", "approve")):
        assert kept.do(person, action) is None
    assert kept.ended


def replayed(kept: Kept, *changes: tuple[str, str], form: str = FORM) -> Replayed:
    text = WRITTEN
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return replay_case(kept.session, define(text, form=form), kept.case_id)[1]


def test_under_its_own_definition_a_case_is_the_same(kept: Kept) -> None:
    a_finished_case(kept)
    rows, mails = (kept.session.scalar(select(func.count()).select_from(table)) for table in (History, Message))
    assert replayed(kept) == Replayed("same")
    own = definition(kept.session, kept.stored.row.digest, load())
    assert replay_case(kept.session, own, kept.case_id)[1] == Replayed("same")
    assert [kept.session.scalar(select(func.count()).select_from(table)) for table in (History, Message)] == [
        rows,
        mails,
    ]


@pytest.mark.parametrize(
    ("kind", "state", "change"),
    [
        ("path", "legal", ("guard: \"filled(case.amount) and case.amount > 10\"}", "guard: \"filled(case.amount)\"}")),
        ("approver", "check", ("task: {candidates: [clerk]", "task: {candidates: [finance]")),
        ("approver", "decision", ("two: {candidates: [planning]}", "two: {candidates: [planning]}, three: {candidates: [legal]}")),
        ("deadline", "check", ("due: {working_days: 3}", "due: {working_days: 5}")),
        ("deadline", "check", ("late: {after: {working_days: 2}", "late: {after: {working_days: 3}")),
        ("result", "end", ("value: granted", "value: allowed")),
        ("path", "check", ("case.amount > 10", "case.amount > 100")),
    ],
)  # fmt: skip
def test_a_difference_is_told_by_its_kind(kept: Kept, kind: str, state: str, change: tuple[str, str]) -> None:
    a_finished_case(kept)
    if state == "legal":
        step = "    legal: {task: {candidates: [legal]}, transitions: {pass: {to: decision}}}\n    decision:\n"
        found = replayed(kept, ("{to: decision,", "{to: legal,"), ("    decision:\n", step))
    else:
        found = replayed(kept, change)
    assert found.outcome == "different", found
    assert kind in found.kinds
    assert found.state == state


def test_what_the_record_does_not_hold_cannot_be_replayed(kept: Kept) -> None:
    a_finished_case(kept)
    asked = FORM.replace("day: {type: date,", "day: {type: date, required: true,")
    found = replayed(kept, ("text: edit}", "text: edit, day: edit}"), form=asked)
    assert (found.outcome, found.code, found.state) == ("cannot_be_replayed", "field_invalid", "draft")
    comment = replayed(kept, ("{to: decision, guard", "{to: decision, requires: [comment], guard"))
    assert (comment.outcome, comment.code) == ("cannot_be_replayed", "comment_required")


def test_finished_cases_are_counted_by_period_and_grouped(kept: Kept) -> None:
    a_finished_case(kept)
    first = kept.case_id
    kept.open(amount=5)
    draft = define(WRITTEN.replace("value: granted", "value: allowed"))
    ids = finished_cases(kept.session, draft, kept.region.id, Period())
    assert ids == [first], "running cases are not replayed"
    day = kept.now.date()
    assert finished_cases(kept.session, draft, kept.region.id, Period(day, day)) == [first]
    assert not finished_cases(kept.session, draft, kept.region.id, Period(last=day.replace(day=1)))
    tally = Tally()
    for case_id in ids:
        tally.add(*replay_case(kept.session, draft, case_id))
    row = told(tally, is_sealed=False)
    assert (row["cases"], row["same"], row["different"]) == (1, 0, 1)
    (group,) = row["differences"]
    assert (group["kind"], group["count"]) == ("result", 1)
    assert len(group["examples"]) == 1


def test_people_chosen_for_a_case_are_chosen_again(kept: Kept) -> None:
    roles = (
        ROLES
        + "  helper: {title: {id: Pembantu, en: Helper}, resolve: {case_role: true, from: {group: planning}, cardinality: one}}\n"
    )
    written = """
lifecycle:
  initial: choose
  states:
    choose: {task: {candidates: [clerk], assigns: [helper]}, transitions: {send: {to: help}}}
    help: {task: {candidates: [helper]}, transitions: {finish: {to: end}}}
    end: {type: final}
"""
    kept.publish(written, roles=roles)
    kept.open()
    assert kept.do("carla", "send", assign={"helper": (kept.people["pia"].id,)}) is None
    assert kept.do("pia", "finish") is None
    assert replay_case(kept.session, define(written, roles=roles), kept.case_id)[1] == Replayed("same")


# -- sealed -------------------------------------------------------------------------------------------------------


def sealed(written: str) -> Definition:
    return define(written)


def acts(kept: Kept) -> list[RecordedAct]:
    return [
        RecordedAct(row.at, row.action, None, row.state, None, "", tuple(row.states_entered), {}, {})
        for row in kept.history
    ]


def test_of_a_sealed_case_only_structure_and_times_are_looked_at(kept: Kept) -> None:
    a_finished_case(kept)
    old, steps = sealed(WRITTEN), acts(kept)
    assert replay_structure(old, sealed(WRITTEN), steps) == Replayed("same")
    assert replay_structure(old, sealed(WRITTEN.replace("[clerk]", "[finance]")), steps) == Replayed("same")
    longer = sealed(WRITTEN.replace("due: {working_days: 3}", "due: {working_days: 5}"))
    assert replay_structure(old, longer, steps) == Replayed("different", ("deadline",), "check")
    step = "    legal: {task: {candidates: [legal]}, transitions: {pass: {to: decision}}}\n    decision:\n"
    other = sealed(WRITTEN.replace("{to: decision,", "{to: legal,").replace("    decision:\n", step))
    assert replay_structure(old, other, steps) == Replayed("different", ("path",), "legal")


def test_small_counts_of_sealed_case_types_are_not_told() -> None:
    tally = Tally()
    for _ in range(4):
        tally.add("K-1", Replayed("different", ("path",), "check"))
    row = told(tally, is_sealed=True)
    assert (row["cases"], row["different"], row["same"]) == ("<5", "<5", 0)
    assert row["differences"] == [{"kind": "path", "state": "check", "count": "<5", "examples": []}]
