"""People who wander about the pages of performance: what a page offers, filled in somehow, and what must hold always.

Everything comes from a seed, so a walk that finds something can be walked again; ``trail`` tells how it came there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import lxml.html
from werkzeug.test import TestResponse

OURS = re.compile(r"/(performance|case|cases|queue)(?=[/?.]|$)")
LEFT_OUT = re.compile(r"\.pdf|\.docx|\.xlsx|/public/|/language|/sign-out|/cases/new/complaint")
FRUITFUL = re.compile(r"/performance/[\w-]+|/case/\d+|/cases/new/")
TYPED = frozenset({"text", "textarea", "date", "url", "number", "search"})
RAW = re.compile(r"\bNone\b|\bnan\b|\{\w*\}|%\(\w+\)s|\bUndefined\b|Traceback|<\w+ object at")
KEY_IN_CHIP = re.compile(r": [a-z]+_[a-z_]+$")
USUAL = ("12,5", "80", "1.250", "Sudah sesuai rencana", "Kendala anggaran & SDM")
UNUSUAL = (
    "", " ", "-5,5", "34.49", "1.2.3", "10 juta", "99999999999999999999", "Proses Penilaian", "=1+1", "2026-02-30", "٣",
    "x" * 700, "z" * 11_000, "<b>uji</b>", "../..", "😀" * 20, "a;b", "abc\x00d",
)  # fmt: skip


@dataclass
class Box:
    """One name of a form: what it holds, and what may be chosen."""

    name: str
    kind: str
    value: str
    choices: list[str] = field(default_factory=list)
    longest: int = 100_000  # a browser sends no more


@dataclass
class Form:
    """A form of a page; ``buttons`` are (name, value)."""

    page: str
    action: str
    is_post: bool
    boxes: list[Box]
    buttons: list[tuple[str, str]]


class Page:
    """A page as somebody without scripts finds it."""

    def __init__(self, address: str, answer: TestResponse) -> None:
        self.address, self.status = address, answer.status_code
        self.tree = lxml.html.document_fromstring(answer.text)
        self.token = next(iter(self.tree.xpath("//input[@name='csrf_token']/@value")), "")

    def here(self, href: str) -> str:
        parts = urlsplit(urljoin(f"http://localhost{self.address}", href))
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def links(self) -> list[str]:
        """Where it leads within the walk."""
        found = [self.here(href) for href in self.tree.xpath("//a[@href]/@href") if not href.startswith("#")]
        return [one for one in found if OURS.match(one) and not LEFT_OUT.search(one)]

    def forms(self) -> list[Form]:
        """What can be sent from it."""
        found = []
        for form in self.tree.iter("form"):
            own = [
                one
                for one in self.tree.iter("input", "select", "textarea", "button")
                if (one.get("form") == form.get("id") if one.get("form") else form in one.iterancestors("form"))
            ]
            action = self.here(form.get("action") or self.address)
            made = Form(self.address, action, (form.get("method") or "get") == "post", *_inside(own))
            if OURS.match(action) and not LEFT_OUT.search(action) and (made.buttons or not made.is_post):
                found.append(made)
        return found

    def text(self) -> str:
        """All that can be read or is held by a box, blanks made one."""
        held = [*self.tree.xpath("//input/@value"), *(one.text_content() for one in self.tree.iter("textarea"))]
        return one_blank(" ".join([*held, self.tree.text_content()]))

    def faults(self, foreign: re.Pattern[str], typed: Sequence[str]) -> Iterator[str]:
        """What no page may have, whoever looks at it; ``typed`` is what somebody has just written themselves."""
        headings, ids = self.tree.xpath("//h1"), set(self.tree.xpath("//@id"))
        if len(headings) != 1 or not headings[0].text_content().strip():
            yield f"{len(headings)} headings"
        if not self.tree.get("lang") or not "".join(self.tree.xpath("//head/title/text()")).strip():
            yield "no language or no title"
        yield from (f"nothing has the name #{one[1:]}" for one in self.tree.xpath("//a[starts-with(@href, '#')]/@href")
                    if one[1:] and one[1:] not in ids)  # fmt: skip
        if "<b>uji</b>" in lxml.html.tostring(self.tree, encoding="unicode"):
            yield "typed signs became a part of the page"
        chips = [one_blank("".join(chip.xpath("text()"))) for chip in self.tree.xpath("//a[@class='chip']")]
        yield from (f"a key instead of words: {one}" for one in chips if KEY_IN_CHIP.search(one))
        for said in self.tree.xpath("//body//text()[not(ancestor::textarea or ancestor::code or ancestor::script)]"):
            if (raw := RAW.search(said)) and not any(one_blank(one) in one_blank(said) for one in typed if one.strip()):
                yield f"not for people: {raw[0]} in {said.strip()[:80]}"
        told = foreign.search(self.text())
        if told and not any(told[0] in one for one in typed):
            yield f"of another region: {told[0]}"

    def lost(self, form: Form, sent: Sequence[tuple[str, str]]) -> Iterator[str]:
        """What was typed into a form that came back and cannot be read on the page any more."""
        kinds, text = {box.name: box.kind for box in form.boxes}, self.text()
        for name, value in sent:
            whole = one_blank(value)
            if kinds.get(name) in TYPED and len(whole) > 1 and whole.isprintable() and whole not in text:
                yield f"{name}={whole[:60]}"


def one_blank(text: str) -> str:
    return " ".join(text.split())


def _inside(controls: Sequence[Any]) -> tuple[list[Box], list[tuple[str, str]]]:
    boxes: dict[str, Box] = {}
    buttons = []
    for one in controls:
        name, kind = one.get("name") or "", one.get("type", "text") if one.tag == "input" else one.tag
        if one.get("disabled") is not None:
            continue
        if one.tag == "button" or kind == "submit":
            if one.get("type") != "button":
                buttons.append((name, one.get("value") or ""))
        elif name and kind != "file":
            box = boxes.setdefault(name if kind != "checkbox" else f"{name}={one.get('value')}", Box(name, kind, ""))
            box.longest = int(one.get("maxlength") or box.longest)
            if kind in ("radio", "checkbox"):
                box.choices.append(one.get("value") or "on")
                box.value = box.choices[-1] if one.get("checked") is not None else box.value
            elif one.tag == "select":
                box.choices = [option.get("value", option.text or "") for option in one.iter("option")]
                box.value = next(iter(one.xpath("option[@selected]/@value")), next(iter(box.choices), ""))
            else:
                box.value = (one.text or "").removeprefix("\n") if one.tag == "textarea" else one.get("value") or ""
    return list(boxes.values()), buttons


def filled(form: Form, random: Random, token: str) -> list[tuple[str, str]]:
    """The form as somebody sends it: mostly as it is meant, now and then with one or several boxes filled in wrongly,
    forgotten, or sent twice; always by one of its buttons and with the reader's own token."""
    mood = random.choices(("meant", "wrong", "forgotten", "twice"), (55, 30, 8, 7))[0]
    asked = [box for box in form.boxes if box.kind != "hidden"]
    wrong = {box.name for box in random.sample(asked, min(len(asked), 2))} if mood == "wrong" else set()
    sent: list[tuple[str, str]] = []
    for box in form.boxes:
        if box.name == "csrf_token":
            sent.append((box.name, token))
        elif box.name in wrong:
            sent.append((box.name, random.choice(UNUSUAL)[: box.longest]))
        elif not (mood == "forgotten" and random.random() < 0.3):
            value = _meant(box, random)
            if value is not None:
                sent.append((box.name, value[: box.longest] if box.kind in TYPED else value))
    if mood == "twice" and sent:
        sent.append(random.choice(sent))
    name, value = random.choice(form.buttons) if form.buttons else ("", "")
    return [*sent, (name, value)] if name else sent


def _meant(box: Box, random: Random) -> str | None:
    """What somebody enters who means well; None for a box that is not ticked."""
    keeps = random.random() < 0.6
    if box.kind == "hidden" or (box.value and keeps):
        return box.value
    if box.kind in ("radio", "checkbox"):
        return random.choice(box.choices) if random.random() < 0.6 else None
    if box.kind == "select":
        return random.choice(box.choices) if box.choices else ""
    return f"2026-{random.randint(1, 12):02}-15" if box.kind == "date" else random.choice(USUAL)


def other_address(page: Page, ids: Mapping[str, Sequence[int]], random: Random) -> str:
    """An address that is near the page's: another number in it, or something else asked."""
    path = page.address.partition("?")[0]
    if random.random() < 0.5:
        return re.sub(r"/\d+", lambda _: f"/{random.choice(ids['cases'])}", path)
    names = ("year", "unit", "span", "role", "component", "tier", "only", "state", "to", "day", "page", "q")
    values = (*UNUSUAL, "2025", "9999", "to_q2", "q1", "self", "BB", "0001-01-01")
    return f"{path}?{urlencode({random.choice(names): random.choice(values) for _ in range(2)})}"
