"""Every kind of question a region's form may ask: shown without a script, posted, and shown again as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask import Flask, g, render_template_string
from werkzeug.datastructures import MultiDict

from engine.definitions.model import EMPTY, Field, Text
from engine.field_types import kind_of
from tests.reporting.conftest import HERE
from web.disclosure import asking

OPTIONS = {"options": {"one": {"title": {"id": "Satu", "en": "One"}}, "two": {"title": {"id": "Dua", "en": "Two"}}}}
KINDS: Mapping[str, tuple[Mapping[str, Any], Any, str, Any]] = {  # options, what is typed, shape, what is read
    "text": ({"max_length": 40}, "Pasar <Baru>", "line", "Pasar <Baru>"),
    "paragraph": ({}, "Baris satu\nBaris dua", "text", "Baris satu\nBaris dua"),
    "choice": (OPTIONS, "two", "one", "two"),
    "choices": (OPTIONS, ["one", "two"], "some", ["one", "two"]),
    "yes_no": ({}, "true", "one", True),
    "date": ({}, "2026-03-02", "date", "2026-03-02"),
    "integer": ({}, "12", "line", 12),
    "money": ({}, "1.250.000", "line", "1250000"),
    "year": ({}, "2026", "line", 2026),
    "list": ({"of": "text"}, ["Badu, kepala", "Tini"], "rows", ["Badu, kepala", "Tini"]),
}
TEMPLATE = "{% from 'parts.html' import question with context %}{% for one in fields %}{{ question(one) }}{% endfor %}"


def _field(kind: str) -> Field:
    options = KINDS[kind][0]
    return Field(kind, kind, Text("Judul", "Title"), None, False, None, "ordinary", None, options, EMPTY)


@pytest.fixture
def page(reports: Flask) -> Iterator[Flask]:
    with reports.test_request_context(f"/{HERE}/ask/what"):
        g.region = HERE
        yield reports


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_is_posted_read_stored_and_shown_for_editing_again(page: Flask, kind: str) -> None:
    _options, typed, shape, stored = KINDS[kind]
    field = _field(kind)
    sent: MultiDict[str, str] = MultiDict()
    for one in typed if isinstance(typed, list) else [typed]:
        sent.add(kind, one)
    posted = asking.posted([field], sent)
    assert posted == {kind: typed}
    value = kind_of(kind).clean(posted[kind], field)
    plain = kind_of(kind).to_store(value, field)
    assert plain == stored
    (shown,) = asking.asked([field], asking.as_typed([field], {kind: plain}))
    assert shown.shape == shape
    assert kind_of(kind).clean(shown.value, field) == value


def test_every_kind_has_its_own_control_with_its_name_and_no_script(page: Flask) -> None:
    fields = [_field(kind) for kind in KINDS]
    typed = {kind: values[1] for kind, values in KINDS.items()}
    html = render_template_string(TEMPLATE, fields=asking.asked(fields, typed), fault_of={}, region=HERE)
    assert [kind for kind in KINDS if f'name="{kind}"' not in html] == []
    assert "Pasar &lt;Baru&gt;" in html
    assert html.count("checked") == 4  # one choice, two choices, yes
    assert "<script" not in html


def test_an_emptied_list_is_posted_as_empty_and_an_absent_one_not_at_all() -> None:
    field = _field("list")
    assert asking.posted([field], MultiDict({"list#": "1", "list": " "})) == {"list": []}
    assert asking.posted([field], MultiDict()) == {}


def test_many_choices_become_a_native_list(page: Flask) -> None:
    many = {"options": {f"k{number}": {"title": f"Pilihan {number}"} for number in range(30)}}
    field = Field("choice", "choice", Text("Unit", "Unit"), None, False, None, "ordinary", None, many, EMPTY)
    (shown,) = asking.asked([field], {"choice": "k7"})
    assert shown.shape == "list"
    html = render_template_string(TEMPLATE, fields=[shown], fault_of={}, region=HERE)
    assert '<option value="k7" selected>' in html


def test_what_was_typed_is_shown_as_text_whatever_it_is(page: Flask) -> None:
    bad = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'"
    fields = [_field(kind) for kind in KINDS]
    html = render_template_string(
        TEMPLATE, fields=asking.asked(fields, dict.fromkeys(KINDS, bad), faults={"text": Text(bad, bad)}),
        fault_of={"text": bad}, region=HERE,
    )  # fmt: skip
    assert "<script" not in html
    assert "<img" not in html
