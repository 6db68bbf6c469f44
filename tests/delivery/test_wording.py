"""Words with variables: what is filled in, what vanishes, and what never leaves."""

from __future__ import annotations

import pytest

from delivery.wording import fill, named, names, plain, variables
from engine.errors import InvalidInput

CLOSED_LIST = {"case.number", "case.title", "task.title", "task.due", "actor.name", "comment", "url"}


def test_a_variable_is_replaced() -> None:
    assert fill("{case.title} is yours", {"case.title": "PK 2026"}) == "PK 2026 is yours"


def test_braces_inside_a_value_stay_braces() -> None:
    values = {"case.title": "{comment} {url}", "comment": "secret", "url": "https://here.example"}
    assert fill("{case.title}", values) == "{comment} {url}"


@pytest.mark.parametrize(
    "hostile",
    [
        "{case.__class__}",
        "{0.__globals__}",
        "{case.title!r}",
        "{case.title:>99999999}",
        "{case.title.__class__.__mro__}",
        "{{ case.title }}",
        "{% for x in y %}",
        "${case.title}",
        "{settings.secret_key}",
        "{CASE.TITLE}",
    ],
)
def test_anything_but_a_known_name_stays_as_written(hostile: str) -> None:
    shown = fill(f"x {hostile}", {"case.title": "PK"})
    assert shown is not None
    assert shown.replace("$PK", "${case.title}") == f"x {hostile}"


def test_a_line_whose_variables_are_all_empty_vanishes() -> None:
    assert fill("Note: {comment}", {"comment": ""}) is None
    assert fill("{actor.name} {comment}", {"comment": "", "actor.name": "Sari"}) == "Sari "


def test_parentheses_around_an_empty_variable_go_with_it() -> None:
    assert fill("{case.title} (due {task.due})", {"case.title": "PK", "task.due": ""}) == "PK"
    assert fill("{case.title} (due {task.due})", {"case.title": "PK", "task.due": "2 May"}) == "PK (due 2 May)"


def test_parentheses_in_a_value_are_nobodys_business() -> None:
    assert fill("{case.title}", {"case.title": "PK (revised) (due {x})"}) == "PK (revised) (due {x})"


def test_a_value_is_one_line_without_hidden_signs() -> None:
    assert plain("a\r\nBcc: b\x00\u2028c\u202ed\u200be\u2066f", "en") == "a Bcc: b cdef"


@pytest.mark.parametrize(
    "address", ["https://evil.example/x?y", "HTTP://evil.example", "javascript://x", "www.evil.id"]
)
def test_an_address_somebody_typed_does_not_leave_under_our_name(address: str) -> None:
    assert plain(f"see {address} now", "id") == "see [tautan: baca setelah masuk] now"
    assert "read it after signing in" in plain(address, "en")


def test_a_long_value_is_cut_between_words() -> None:
    cut = plain("kata " * 200, "id")
    assert len(cut) <= 300
    assert cut.endswith("kata …")


def test_every_text_of_ours_has_both_languages_and_only_known_variables() -> None:
    assert {"task_assigned", "reminder", "escalated", "returned", "outcome", "incident", "receipt"} <= set(names())
    for name in names():
        wording = named(name)
        for text in (wording.subject, wording.body):
            assert variables(text.id) == variables(text.en), name
            assert variables(text.id) <= CLOSED_LIST, name
        assert wording.subject.id != wording.subject.en
        assert "\n" not in wording.subject.id + wording.subject.en
        ways = 0 if name == "sealed" else 1
        assert wording.body.id.count("{url}") == wording.body.en.count("{url}") == ways
    assert not variables(named("sealed").body.id + named("sealed").subject.id)


@pytest.mark.parametrize("name", ["nothing", "../documents/templates", "", "frame.html"])
def test_an_unknown_text_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        named(name)
