"""Every route there is, as people whom a sealed case is hidden from: the same as before it came, T30, T33 and T37."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter
from werkzeug.test import TestResponse

from tests.disclosure.scene import PREFIX, Scene
from tests.web.browser import Browser

MISSING = 987_654_321
KEPT_AWAY = ("udin", "admin", "stranger", "sam")  # reported, administrator, of another region, a supervisor
VALUES = {"field": "assignment_letter", "file_id": "0" * 32, "case_type": "complaint_investigation"}
_TOKEN = re.compile(rb'(name="csrf_token" value|content)="[^"]{40,}"|[0-9]{1,2}[:.][0-9]{2}|id="[a-z]+-[0-9a-f]{6,}"')


def addresses(app: Flask, case_id: int) -> Iterator[tuple[str, frozenset[str]]]:
    """Every address of the application with its methods; those of a case are this one's."""
    site = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {}
        for name in rule.arguments:
            other = 987_654 if isinstance(rule._converters[name], IntegerConverter) else "x"
            values[name] = {"case_id": case_id, **VALUES}.get(name, other)
        yield site.build(rule.endpoint, values), frozenset(rule.methods or ())


def same(answer: bytes, case_id: int) -> bytes:
    """An answer without what differs with every request, or because its address does."""
    return _TOKEN.sub(b"", answer).replace(str(case_id).encode(), b"ID")


def different(scene: Scene, name: str, address: str, there: TestResponse, missing: TestResponse) -> list[Any]:
    """In what two answers differ, if they do."""
    one, other = same(there.data, scene.case_id), same(missing.data, MISSING)
    if (there.status_code, one) == (missing.status_code, other):
        return []
    lines = zip(one.splitlines(), other.splitlines(), strict=False)
    return [(name, address, there.status_code, missing.status_code, [pair for pair in lines if pair[0] != pair[1]][:1])]


def says_nothing(scene: Scene, content: bytes, *typed: str) -> bool:
    """Whether nothing of the case is in it: no word, number, id or key; what the reader typed does not count."""
    for each in typed:
        content = content.replace(each.encode(), b"").replace(quote(each).encode(), b"")
    return not any(each.encode() in content for each in (PREFIX, scene.number, str(scene.case_id)))


def browsers(scene: Scene) -> Iterator[tuple[str, Browser]]:
    yield "nobody", scene.browser(None)
    for name in KEPT_AWAY:
        yield name, scene.browser(name)
    yield "rani", scene.browser("rani")  # held a copy until the step before


def test_t30_t37_every_page_is_the_same_with_the_case_and_for_one_that_is_not_there(scene: Scene) -> None:
    told: list[Any] = []
    both = list(zip(addresses(scene.app, scene.case_id), addresses(scene.app, MISSING), strict=True))
    for name, browser in browsers(scene):
        for (address, methods), (other, _) in both:
            if "GET" not in methods:
                continue
            answer = browser.get(address)
            if not says_nothing(scene, answer.data, address, *([str(scene.case_id)] if address != other else [])):
                told.append((name, address, "tells of it"))
            if address != other:
                told += different(scene, name, address, answer, browser.get(other))
    assert told == []


def test_t30_every_form_is_answered_as_for_a_case_that_is_not_there(scene: Scene) -> None:
    told: list[Any] = []
    both = list(zip(addresses(scene.app, scene.case_id), addresses(scene.app, MISSING), strict=True))
    for name, browser in browsers(scene):
        for (address, methods), (other, _) in both:
            if "POST" not in methods or address == other or name == "nobody":
                continue
            for form in ({"action": "examine", "comment": "x", "text": "x", "reason": "x"},):
                answer = browser.post(address, form)
                browser.get("/help")  # shows what there was to be told, so that the next answer does not
                told += different(scene, name, address, answer, browser.post(other, form))
                browser.get("/help")
                if not says_nothing(scene, answer.data, str(scene.case_id)):
                    told.append((name, address, "tells of it"))
    assert told == []


@pytest.mark.parametrize("name", ["irma", "kiki"])
def test_who_may_see_it_does(scene: Scene, name: str) -> None:
    page = scene.browser(name).get(f"/case/{scene.case_id}")
    assert (scene.number in page.text) == (name == "irma")
    assert (page.status_code == 200) == (name == "irma")


def test_t37_searches_and_filters_of_lists_find_nothing(scene: Scene) -> None:
    for name, browser in browsers(scene):
        if name == "nobody":
            continue
        for query in (scene.number, scene.number[:7], "Penanda"):
            for page in ("/cases", "/cases.csv", "/queue", "/queue.csv"):
                for key in ("q", "person"):
                    answer = browser.get(page, query_string={key: query})
                    assert says_nothing(scene, answer.data, query), (name, page, key, query)
        if name == "admin":
            for view in ("cases", "audit", "outbox", "calls", "people"):
                for query in (scene.number, f"case:{scene.case_id}"):
                    for end in ("", "list.csv"):
                        answer = browser.get(f"/admin/{view}/{end}", query_string={"q": query})
                        assert says_nothing(scene, answer.data, query), (view, query)


def test_t37_lists_and_spreadsheets_are_empty_for_who_holds_no_copy(scene: Scene) -> None:
    for name, browser in browsers(scene):
        for page in ("/cases.csv", "/queue.csv"):
            if name not in ("nobody", "rani"):
                assert len(browser.get(page).text.strip().splitlines()) == 1, (name, page)
    irma = scene.browser("irma")
    assert scene.number in irma.get("/cases").text and scene.number not in irma.get("/cases.csv").text


def test_the_health_of_the_installation_counts_no_sealed_case(scene: Scene) -> None:
    answer = scene.browser(None).get("/health")
    assert says_nothing(scene, answer.data) and answer.get_json()["incidents"] == 0


def test_t33_t37_what_an_administrator_reads_of_keys_is_the_same_for_who_holds_a_case_and_who_was_left_out(
    scene: Scene,
) -> None:
    """Compared among colleagues, numbers of cases would tell whom a new case is kept from."""
    page = scene.browser("admin").get("/key-ceremony").text
    rows = dict(re.findall(r'<tr><th scope="row">(\w+).*?</th>(.*?)</tr>', page, re.S))
    assert len(rows) > 10 and rows["Irma"] == rows["Vito"] == rows["Kiki"]
    assert not re.search(r">\s*\d+\s*</td>", page)
