# ruff: noqa: E501 - steps in one line

"""A walk on paper over JSON lines (reference §15)."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cases.walk import Walk, walk_lines
from tests.engine.cases.test_simulate import SMALL
from tests.engine.cases.written import define

FIXTURES = """
fixtures:
  first: {initiator: ani, users: {clerk: [carla]}, data: {amount: 1}, clock: 2026-03-02}
  second: {initiator: budi, users: {clerk: [cici]}}
"""
KEYS = {"refused", "states", "candidates", "ended", "fired", "incident", "mails", "on_behalf_of", "data"}


def walked(*lines, fixture=None):
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    return [json.loads(answer) for answer in walk_lines(define(SMALL + FIXTURES), written, fixture)]


def test_every_step_has_one_answer_with_all_keys():
    answers = walked(
        {"as": "carla", "do": "approve"}, {"as": "ani", "do": "submit"}, {"advance": {"working_days": 2}}, "",
        {"drive": "approve", "until": "over"},
    )  # fmt: skip
    assert len(answers) == 4
    assert all(set(answer) == KEYS for answer in answers)
    assert answers[0]["refused"] == "unknown_event"
    assert answers[1]["states"] == ["review"]
    assert answers[1]["candidates"] == ["carla"]
    assert answers[1]["data"] == {"amount": 1, "count": 0}
    assert answers[1]["mails"] == [{"template": "returned", "to": "clerk"}, {"template": "returned", "to": "starter"}]
    assert answers[2]["fired"] == ["promise.at_risk"]
    assert answers[3]["ended"] is True


def test_the_first_line_may_say_what_is_given_and_has_no_answer():
    answers = walked({"given": {"initiator": "dewi", "users": {"clerk": ["eka"]}}}, {"as": "dewi", "do": "submit"})
    assert len(answers) == 1
    assert answers[0]["candidates"] == ["eka"]


def test_a_fixture_may_be_named_and_the_first_one_is_taken_otherwise():
    assert walked({"as": "budi", "do": "submit"}, fixture="second")[0]["candidates"] == ["cici"]
    assert walked({"as": "budi", "do": "submit"})[0]["refused"] == "not_candidate"
    assert walked({"given": {"users": {"clerk": ["fajar"]}}}, {"as": "budi", "do": "submit"}, fixture="second")[0][
        "candidates"
    ] == ["fajar"]


def test_lines_that_cannot_be_read_are_answered_and_change_nothing():
    lines = [
        "{",
        "[]",
        "7",
        '{"dance": 1}',
        '{"advance": {"years": 2}}',
        '{"as": ["x"], "do": {"y": 1}}',
        "\x00",
        '{"drive": 3}',
    ]
    answers = walked(*lines, {"as": "ani", "do": "submit"})
    assert len(answers) == len(lines) + 1
    assert all("error" in answer or answer["refused"] for answer in answers[:-1])
    assert answers[-1]["states"] == ["review"]


def test_a_given_that_cannot_be_used_is_answered_with_an_error():
    assert "error" in walked({"given": {"uses": "nothing"}})[0]
    assert "error" in walked({"given": 3})[0]


def test_a_walk_starts_where_the_case_opens():
    walk = Walk(define(SMALL + FIXTURES), {"uses": "first"})
    assert walk.start()["states"] == ["draft"]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**20) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
WORDS = st.sampled_from(
    ["as", "do", "with", "in", "item", "data", "comment", "assign", "attachments", "advance", "drive", "until", "days", "amount", "clerk",
     "text", "people", "lines", "revision", "to", "ani", "submit", "review", "migrate"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    lines=st.lists(
        st.dictionaries(WORDS, JUNK | WORDS | st.dictionaries(WORDS, JUNK | WORDS, max_size=3), max_size=5), max_size=4
    ),
    first=st.none()
    | st.dictionaries(
        st.sampled_from(["users", "data", "acting", "clock", "initiator", "organisation", "case_roles", "uses"]), JUNK
    ),
)
def test_junk_is_answered_line_by_line_and_never_raises(lines, first):
    definition = define(SMALL + FIXTURES)
    written = [json.dumps(line) for line in lines]
    head = [] if first is None else [json.dumps({"given": first})]
    answers = [json.loads(answer) for answer in walk_lines(definition, [*head, *written])]
    assert len(written) <= len(answers) <= len(written) + len(head)
