"""``call``: values leave through the outbox with the step, and what becomes of them (reference §5, §8.7)."""

# ruff: noqa: E501 - YAML as authors write it
from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.calling import DueCall, calls_of, claim_due_calls, mark_call_failed, run_inside
from engine.cases.hearing import hear
from engine.connectors import CONNECTORS, Call, CallRefused, connector
from engine.definitions.load import build
from engine.errors import AlurError, NotFound
from engine.outbox import calls
from engine.outbox.models import ConnectorCall
from engine.vocabulary import load
from tests.engine.cases.written import CALENDAR, FORM, HEAD, ROLES
from tests.kept import Kept

CALLING = """
lifecycle:
  initial: draft
  states:
    draft:
      task: {candidates: [starter], form: sample, fields: {amount: edit, text: edit, day: edit}}
      transitions:
        submit:
          to: over
          effects:
            first: {call: {connector: NAME, with: {number: case.number, amount: case.amount, doubled: "case.count * 2", day: case.day, who: actor}}}
            second: {call: {connector: NAME}}
    over: {type: final}
"""


def written(name: str) -> str:
    return CALLING.replace("NAME", name)


@pytest.fixture
def registered() -> Iterator[list[Call]]:
    """``registry.closed`` keeps every call it gets; ``registry.never`` and ``registry.later`` do not take any."""
    got: list[Call] = []

    @connector("registry.closed")
    def closed(session: object, call: Call) -> dict[str, int]:
        got.append(call)
        return {"kept": len(got)}

    yield got
    del CONNECTORS["registry.closed"]


def submit(kept: Kept, name: str) -> None:
    kept.publish(written(name))
    kept.open()
    assert kept.do("ani", "submit", data={"amount": "7.50", "day": "2026-03-05"}) is None


def take(kept: Kept) -> list[DueCall]:
    return claim_due_calls(kept.session, kept.now, "w", 20)


def test_a_call_waits_in_the_outbox_with_its_values_as_they_were_when_the_step_was_made(kept: Kept) -> None:
    submit(kept, "e_office")
    rows = list(kept.session.scalars(select(ConnectorCall).order_by(ConnectorCall.place)))
    assert [(row.connector, row.place, row.state, row.revision) for row in rows] == [
        ("e_office", 0, "waiting", 2),
        ("e_office", 1, "waiting", 2),
    ]
    assert rows[0].content == {
        "number": kept.stored.row.number,
        "amount": "7.50",
        "doubled": 0,
        "day": "2026-03-05",
        "who": kept.people["ani"].id,
    }
    assert rows[1].content == {}


def test_a_step_that_is_refused_calls_nobody(kept: Kept) -> None:
    kept.publish(written("e_office"))
    kept.open()
    assert kept.do("sinta", "submit") == "not_candidate"
    assert kept.session.scalars(select(ConnectorCall)).all() == []


def test_values_that_cannot_be_calculated_keep_nothing_of_the_step(kept: Kept) -> None:
    kept.publish(written("e_office").replace('"case.count * 2"', '"case.count / (case.count - case.count)"'))
    kept.open()
    assert kept.do("ani", "submit") is None
    assert (kept.states, kept.incidents) == (["draft"], ["effect_failed"])
    assert kept.session.scalars(select(ConnectorCall)).all() == []


def test_a_part_of_this_installation_gets_the_call_in_the_transaction_that_marks_it(
    kept: Kept, registered: list[Call]
) -> None:
    submit(kept, "registry.closed")
    first, second = take(kept)
    assert first.is_inside and take(kept) == []  # leased
    assert run_inside(kept.session, first, kept.now)
    assert not run_inside(kept.session, first, kept.now)  # marked already: nothing is counted twice
    assert registered[0].key == f"c{kept.case_id}.r2.0" != second.call.key
    assert (registered[0].region, registered[0].case_type) == (kept.region.key, "sample")
    newest, oldest = calls_of(kept.session, kept.people["ani"].id, kept.case_id, kept.now)
    assert (oldest.state, oldest.result, newest.state) == ("done", {"kept": 1}, "waiting")


def test_a_call_nobody_took_is_tried_again_after_a_growing_pause_and_given_up_as_an_incident(kept: Kept) -> None:
    submit(kept, "e_office")
    first, second = take(kept)
    assert not mark_call_failed(kept.session, first, kept.now, "no answer")
    assert not calls.is_any_due(kept.session, kept.now + timedelta(seconds=59))
    kept.now += timedelta(minutes=1)
    assert [due.id for due in take(kept)] == [first.id]
    assert not mark_call_failed(kept.session, first, kept.now, "no answer")
    assert not calls.is_any_due(kept.session, kept.now + timedelta(seconds=119))
    assert kept.incidents == []
    assert mark_call_failed(kept.session, second, kept.now, "answered 400", is_final=True)
    assert kept.incidents == ["message_failed"]
    for _ in range(30):
        kept.now += timedelta(days=1)
        for due in take(kept):
            mark_call_failed(kept.session, due, kept.now, "no answer")
    assert kept.incidents == ["message_failed", "message_failed"]
    calls.retry(kept.session, first.id, kept.now)
    assert [due.id for due in take(kept)] == [first.id]
    with pytest.raises(NotFound):
        calls.retry(kept.session, first.id, kept.now)


def test_a_worker_that_was_killed_gives_its_calls_to_the_next(kept: Kept) -> None:
    submit(kept, "e_office")
    assert len(take(kept)) == 2
    assert calls.release_leases(kept.session, "w") == 2
    assert len(take(kept)) == 2


def test_a_name_that_nobody_answers_to_any_more_is_refused(kept: Kept, registered: list[Call]) -> None:
    submit(kept, "registry.closed")
    run = CONNECTORS.pop("registry.closed")
    try:
        with pytest.raises(CallRefused):
            run_inside(kept.session, take(kept)[0], kept.now)
    finally:
        CONNECTORS["registry.closed"] = run
    assert registered == []


def problems(name: str) -> list[str]:
    text = HEAD + ROLES + CALENDAR + written(name)
    found = build({"workflows/sample.yaml": text, "forms_config/sample.yaml": FORM}, "sample", load())[1]
    return [f"{each.code} {each.suggestion or ''}".strip() for each in found if each.is_error]


def test_a_connector_with_a_dot_has_to_be_registered_and_a_bare_name_is_an_address_outside(
    registered: list[Call],
) -> None:
    assert problems("registry.closed") == problems("e_office") == []
    assert problems("registry.closd") == ["WF027 registry.closed"] * 2
    assert problems("Not-a-name") == ["WF027"] * 2


def test_a_connectors_name_is_used_once_and_has_two_parts(registered: list[Call]) -> None:
    assert registered == []
    for name in ("closed", "Registry.closed", "a.b.c"):
        with pytest.raises(AlurError):
            connector(name)
    elsewhere = type("run", (), {"__module__": "elsewhere"})
    with pytest.raises(AlurError):
        connector("registry.closed")(elsewhere)  # type: ignore[arg-type]


def test_exact_numbers_dates_and_people_are_kept_as_json_can_hold_them() -> None:
    class Someone:
        id = 7

    assert calls.plain({"a": Decimal("1.50"), "b": [True, None, Someone()], "c": {1}}) == {
        "a": "1.50",
        "b": [True, None, 7],
        "c": [1],
    }


HEARING = """
lifecycle:
  initial: draft
  states:
    draft:
      task: {candidates: [starter]}
      transitions: {submit: {to: waiting, effects: {first: {call: {connector: registry.asked}}}}}
    waiting:
      task: {candidates: [starter]}
      transitions: {entered: {to: over, requires: [comment]}}
    over: {type: final}
"""


def test_a_part_of_this_installation_tells_the_case_what_came_of_its_call(kept: Kept) -> None:
    heard: list[bool] = []

    @connector("registry.asked")
    def asked(session: Session, call: Call) -> None:
        heard.extend(hear(session, call.case_id, event, call.at) for event in ("unheard_of", "entered", "entered"))

    try:
        kept.publish(HEARING)
        kept.open()
        assert kept.do("ani", "submit") is None
        (due,) = take(kept)
        run_inside(kept.session, due, kept.now)
    finally:
        del CONNECTORS["registry.asked"]
    assert (heard, kept.ended, kept.history[-1].actor_id) == ([False, True, False], True, None)
