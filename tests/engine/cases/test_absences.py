"""Absence: tasks go to the replacement, in both queues, and both sides are told (reference §3)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from engine.cases.outgoing import claim_due, mark_sent
from engine.organisation.mandates import end_mandate, give_mandate
from engine.outbox.models import Message
from tests.kept import Kept

WRITTEN = """
substitution:
  out_of_office: {title: {id: Pengganti, en: Replacement}, may: [approve], record: on_behalf_of, REROUTE}
notifications:
  task_assigned: {channel: email, to: [candidates], template: task_assigned}
lifecycle:
  initial: draft
  states:
    draft: {task: {candidates: [starter]}, transitions: {submit: {to: review}}}
    review: {task: {candidates: [head]}, transitions: {approve: {to: sign}, sign: {to: over}}}
    sign: {task: {candidates: [head]}, transitions: {sign: {to: over}, again: {to: review}}}
    over: {type: final}
"""
TOLD = "reroute: true, notify: [principal, substitute]"


def away(kept: Kept, days: int = 5, delegate: str = "pia") -> int:
    today = kept.now.date()
    return give_mandate(
        kept.session, kept.people["hana"].id, kept.people[delegate].id, "out_of_office", starts_on=today,
        ends_on=today + timedelta(days=days), reason="Cuti", author=kept.author("hana"),
    ).id  # fmt: skip


def mails(kept: Kept) -> list[tuple[str, list[str]]]:
    """What leaves now: notification and to whom."""
    found: dict[str, list[int]] = {}
    for due in claim_due(kept.session, kept.now, "w", 100):
        found.setdefault(due.notification, []).append(due.person_id)
        mark_sent(kept.session, due.id, kept.now, "x@daerah.example")
    return [(name, kept.names(people)) for name, people in sorted(found.items())]


def written(rest: str = TOLD) -> str:
    return WRITTEN.replace(", REROUTE", f", {rest}" if rest else "")


def test_a_task_that_opens_while_somebody_is_away_stands_in_both_queues_and_both_are_told(kept: Kept) -> None:
    away(kept)
    kept.publish(written())
    kept.open()
    assert kept.do("ani", "submit") is None
    assert len(kept.queue("hana")) == len(kept.queue("pia")) == 1
    assert mails(kept) == [("stand_in", ["hana", "pia"])]  # and no second mail that says the same
    assert kept.do("pia", "approve") is None
    assert (kept.history[-1].kind, kept.history[-1].principal) == ("out_of_office", str(kept.people["hana"].id))


def test_a_task_that_is_open_when_an_absence_begins_goes_to_the_replacement_and_both_are_told_once(kept: Kept) -> None:
    kept.publish(written())
    kept.open()
    assert kept.do("ani", "submit") is None
    assert mails(kept) == [("task_assigned", ["hana"])]
    away(kept)
    kept.reoffer()
    assert len(kept.queue("hana")) == len(kept.queue("pia")) == 1
    assert mails(kept) == [("stand_in", ["hana", "pia"])]
    kept.advance(days=1)
    kept.reoffer()
    assert mails(kept) == []
    assert kept.do("pia", "approve") is None
    kept.do("hana", "again")
    assert ("stand_in", ["hana", "pia"]) in mails(kept)  # it came again: a new task


def test_only_those_the_case_type_names_are_told_and_only_where_it_lets_tasks_go_over(kept: Kept) -> None:
    away(kept)
    for number, (rest, expected) in enumerate(
        [
            ("reroute: true, notify: [substitute]", [("stand_in", ["pia"]), ("task_assigned", ["hana"])]),
            ("reroute: true", [("task_assigned", ["hana", "pia"])]),
            ("notify: [principal, substitute]", [("task_assigned", ["hana", "pia"])]),
        ]
    ):
        kept.publish(written(rest), case_type=f"kind_{number}")
        kept.open(case_type=f"kind_{number}")
        assert kept.do("ani", "submit") is None
        assert mails(kept) == expected


def test_a_replacement_without_a_power_in_the_step_gets_neither_task_nor_mail(kept: Kept) -> None:
    away(kept)
    kept.publish(written())
    kept.open()
    assert kept.do("ani", "submit") is None
    assert kept.do("hana", "approve") is None  # on to the step where replacements have no power
    mails(kept)
    assert (kept.queue("pia"), len(kept.queue("hana"))) == ([], 1)
    rows = kept.session.scalars(select(Message.person_id).where(Message.revision == 3, Message.person_id.is_not(None)))
    assert kept.names(rows) == ["hana"]
    assert kept.do("pia", "sign") == "not_within_acting_powers"


def test_when_the_absence_ends_the_task_is_only_its_own_again(kept: Kept) -> None:
    mandate = away(kept, days=3)
    kept.publish(written())
    kept.open()
    assert kept.do("ani", "submit") is None
    assert len(kept.queue("pia")) == 1
    kept.advance(days=4)
    kept.reoffer()
    assert (kept.queue("pia"), len(kept.queue("hana"))) == ([], 1)
    assert kept.asked("pia", "approve") == "mandate_expired"
    end_mandate(kept.session, mandate, on=kept.now.date(), author=kept.author("hana"))
    assert kept.do("hana", "approve") is None
