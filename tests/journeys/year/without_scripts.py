"""A browser without scripts over plain HTTP: a page's forms are sent as a browser sends them, nothing else is."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin, urlsplit

from flask import Flask
from lxml import html
from lxml.html import HtmlElement
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

SENT_WITHOUT_PRESSING = {"submit", "button", "image", "reset", "file"}
MOST_REDIRECTS = 5


class WithoutScripts:
    """``Hands`` over the application's own test client."""

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client()
        self._address = "/"
        self._page: HtmlElement = html.fromstring("<html></html>")

    def sign_in(self, token: str) -> None:
        self._client.set_cookie("alur", token)

    def open(self, address: str) -> None:
        self._show(self._client.get(urljoin(self._address, address).partition("#")[0]), (200,))

    def fill(self, field: str, value: str) -> None:
        found = self._field(field)
        if found.tag == "select":
            offered = list(found.iter("option"))
            fitting = [one for one in offered if _value(one) == value] or [
                one for one in offered if _words(one) == value
            ]
            assert len(fitting) == 1, f"{field} offers {value} {len(fitting)} times: {[_words(one) for one in offered]}"
            for option in offered:
                option.attrib.pop("selected", None)
            fitting[0].set("selected", "selected")
        elif found.tag == "textarea":
            found.text = value
        else:
            assert found.get("type", "text") not in ("hidden", "radio", "checkbox"), f"{field} is nothing to type into"
            found.set("value", value)

    def choose(self, choices: Mapping[str, str | bool]) -> None:
        named: dict[str, list[HtmlElement]] = {}
        for one in self._page.iter("input", "select", "textarea"):
            named.setdefault(one.get("name", ""), []).append(one)
        for name, value in choices.items():
            there = [one for one in named.get(name, ()) if one.get("type") in ("radio", "checkbox")]
            if not there:
                self.fill(name, str(value))
                continue
            fitting = [one for one in there if isinstance(value, bool) or one.get("value") == value]
            assert fitting, f"{name} does not offer {value}"
            if fitting[0].get("type") == "radio":
                for one in there:
                    one.attrib.pop("checked", None)
            for one in fitting:
                one.attrib.pop("checked", None)
                if value is not False:
                    one.set("checked", "checked")

    def press(self, button: str) -> None:
        pressed = next(self._named(button, self._page.iter("button")), None)
        assert pressed is not None, f"no button '{button}' at {self._address}: {self._buttons()}"
        assert pressed.get("disabled") is None, button
        name = pressed.get("form")
        form = self._page.get_element_by_id(name) if name else next(pressed.iterancestors("form"))
        sent = MultiDict(self._sent_by(form))
        if pressed.get("name"):
            sent.add(pressed.get("name"), pressed.get("value", ""))
        action = pressed.get("formaction") or form.get("action") or self._address
        address = urljoin(self._address, action).partition("#")[0]
        if (pressed.get("formmethod") or form.get("method") or "get").lower() == "get":
            self._show(self._client.get(address.partition("?")[0], query_string=sent), (200,))
            return
        for file in form.iter("input"):
            if file.get("type") == "file" and form.get("enctype") == "multipart/form-data" and file.get("name"):
                sent.add(file.get("name"), (io.BytesIO(), ""))  # as a browser sends one that nobody chose
        self._show(self._client.post(address, data=sent), (200, 303, 302, 422, 409))

    def follow(self, link: str) -> None:
        found = next(self._named(link, self._page.iter("a")), None)
        assert found is not None, (
            f"no link '{link}' at {self._address}: {[_words(one) for one in self._page.iter('a')]}"
        )
        self.open(found.get("href"))

    def has(self, button: str) -> bool:
        return next(self._named(button, self._page.iter("button")), None) is not None

    def fields(self) -> list[str]:
        named = (one.get("name") for one in self._page.iter("input", "select", "textarea"))
        return list(dict.fromkeys(name for name in named if name))

    def options(self, field: str) -> dict[str, str]:
        return _options(self._field(field))

    @property
    def heading(self) -> str:
        return _words(next(self._page.iter("h1")))

    @property
    def text(self) -> str:
        return _words(self._page)

    @property
    def address(self) -> str:
        return self._address

    def _show(self, answer: TestResponse, expected: tuple[int, ...]) -> None:
        for _redirect in range(MOST_REDIRECTS):
            if answer.status_code not in (302, 303):
                break
            answer = self._client.get(urljoin(self._address, answer.location).partition("#")[0])
        assert answer.status_code in expected, (answer.request.path, answer.status, answer.text[-2000:])
        split = urlsplit(answer.request.url)
        self._address = split.path + (f"?{split.query}" if split.query else "")
        self._page = html.fromstring(answer.get_data())

    def _field(self, field: str) -> HtmlElement:
        named = (one for one in self._page.iter("input", "select", "textarea") if one.get("name") == field)
        found = next((one for one in named if one.get("type") != "hidden"), None)
        if found is None:
            labels = (one for one in self._page.iter("label") if _words(one) == field)
            found = next((self._labelled(one) for one in labels), None)
        if found is None:
            said = (one for one in self._page.iter("input", "select", "textarea") if one.get("aria-label") == field)
            found = next(said, None)
        assert found is not None, f"no field '{field}' at {self._address}: {self.fields()}"
        return found

    def _labelled(self, label: HtmlElement) -> HtmlElement | None:
        if label.get("for"):
            return self._page.get_element_by_id(label.get("for"))
        return next(label.iter("input", "select", "textarea"), None)

    def _sent_by(self, form: HtmlElement) -> Iterator[tuple[str, str]]:
        """What a browser sends of a form: checked, chosen or typed, also of fields elsewhere that name the form."""
        for one in self._page.iter("input", "select", "textarea"):
            owner = one.get("form")
            if not one.get("name") or one.get("disabled") is not None:
                continue
            if owner != form.get("id") if owner else form not in one.iterancestors("form"):
                continue
            if one.tag == "select":
                chosen = [option for option in one.iter("option") if option.get("selected") is not None]
                if one.get("multiple") is None:
                    chosen = chosen[-1:] or list(one.iter("option"))[:1]
                yield from ((one.get("name"), _value(option)) for option in chosen)
            elif one.tag == "textarea":
                yield one.get("name"), (one.text or "").removeprefix("\n").replace("\n", "\r\n")
            elif one.get("type") in ("radio", "checkbox"):
                if one.get("checked") is not None:
                    yield one.get("name"), one.get("value", "on")
            elif one.get("type") not in SENT_WITHOUT_PRESSING:
                yield one.get("name"), one.get("value", "")

    def _named(self, words: str, among: Iterator[HtmlElement]) -> Iterator[HtmlElement]:
        """Those of exactly these words, then those that begin with them and go on about what."""
        said = [
            (one, one.get("aria-label") or _words(one)) for one in among if one.get("aria-hidden") != "true"
        ]  # fmt: skip
        yield from (one for one, own in said if own == words)
        yield from (one for one, own in said if own.startswith((f"{words} ", f"{words},")))

    def _buttons(self) -> list[str]:
        return [_words(one) for one in self._page.iter("button")] + [
            _words(one)
            for one in self._page.xpath(
                "//*[contains(@class, 'errors') or contains(@class, 'summary') or contains(@class, 'cannot')]"
            )
        ]


def _words(element: HtmlElement) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()


def _options(select: HtmlElement) -> dict[str, str]:
    return {_words(one): _value(one) for one in select.iter("option")}


def _value(option: HtmlElement) -> str:
    return option.get("value") if option.get("value") is not None else _words(option)
