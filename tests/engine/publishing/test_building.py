"""The same texts are read, checked and compiled once, and another text never passes for them."""

from __future__ import annotations

import pytest
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


OVERLAY = """\
schema: casework/1
overlay: leave.ours
extends: {case_type: leave, version: ^1.0}
region: kab_contoh
patch: {title: {id: Izin cuti, en: Leave permit}}
"""


def test_a_region_without_files_of_its_own_has_what_everybody_has_in_its_name() -> None:
    plain, told = build_once({PATH: LEAVE}, "leave", load())
    ours, told_us = build_once({PATH: LEAVE}, "leave", load(), "kab_contoh")
    theirs, _ = build_once({PATH: LEAVE}, "leave", load(), "kab_lain")
    assert plain is not None and ours is not None and theirs is not None
    assert (plain.region, ours.region, theirs.region) == (None, "kab_contoh", "kab_lain")
    assert ours.digest == theirs.digest == plain.digest
    assert told_us == told
    assert build_once({PATH: LEAVE}, "leave", load(), "kab_contoh")[0] is ours


@pytest.mark.parametrize("place", ["workflows/regions/kab_contoh/leave.yaml", "workflows/ours.yaml"])
def test_a_region_with_an_overlay_has_its_own_wherever_the_overlay_lies(place: str) -> None:
    files = {PATH: LEAVE, place: OVERLAY}
    plain, _ = build_once(files, "leave", load())
    ours, _ = build_once(files, "leave", load(), "kab_contoh")
    theirs, _ = build_once(files, "leave", load(), "kab_lain")
    assert plain is not None and ours is not None and theirs is not None
    assert [each.title.en for each in (plain, ours, theirs)] == ["Leave", "Leave permit", "Leave"]
    assert (ours.region, theirs.region) == ("kab_contoh", "kab_lain")


def test_what_a_region_wrote_and_nobody_can_read_holds_up_that_region_alone() -> None:
    files = {PATH: LEAVE, "workflows/regions/kab_contoh/leave.yaml": "overlay: [\n"}
    ours, problems = build_once(files, "leave", load(), "kab_contoh")
    theirs, _ = build_once(files, "leave", load(), "kab_lain")
    assert ours is None and {problem.file for problem in problems if problem.is_error} == {list(files)[1]}
    assert theirs is not None
