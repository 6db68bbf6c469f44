"""The same texts are read, checked and compiled once, and another text never passes for them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.connectors import CONNECTORS, Call, connector
from engine.publishing.building import build_once
from engine.vocabulary import load
from tests.engine.publishing.test_publish import LEAVE

PATH = "workflows/leave.yaml"
CALL = "{submit: {effects: {tell: {call: {connector: leave.asked}}}, to: deciding,"
CALLING = LEAVE.replace("{submit: {to: deciding,", CALL)


def test_the_same_texts_give_the_same_definition_and_others_another() -> None:
    first, _ = build_once({PATH: LEAVE}, "leave", load())
    again, _ = build_once({PATH: LEAVE}, "leave", load())
    other, _ = build_once({PATH: LEAVE.replace("1.0.0", "1.0.1")}, "leave", load())
    assert first is not None and other is not None
    assert again is first
    assert (other.version, other.digest == first.digest) == ("1.0.1", False)


def test_findings_are_each_callers_own() -> None:
    broken = {PATH: LEAVE.replace("to: deciding", "to: nowhere")}
    nothing, problems = build_once(broken, "leave", load())
    count = len(problems)
    problems.clear()
    assert nothing is None and count
    assert len(build_once(broken, "leave", load())[1]) == count


def test_a_connector_registered_meanwhile_is_known() -> None:
    before, _ = build_once({PATH: CALLING}, "leave", load())

    @connector("leave.asked")
    def asked(session: Session, call: Call) -> None: ...

    try:
        after, problems = build_once({PATH: CALLING}, "leave", load())
    finally:
        del CONNECTORS["leave.asked"]
    assert (before, after is not None) == (None, True), problems
