"""The same hands in a real browser with its scripts on: one tab, whoever sits in front of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import ElementHandle, Page

SOON = 30_000  # milliseconds
LOOK_EVERY = 25  # the same; with every frame, as is usual, waiting itself would be work
# One field chosen, and what came of it: null when it offers no such thing, otherwise whether its scripts now ask the
# server for the form anew.
_CHOOSE = """([name, value]) => {
  const all = [...document.getElementsByName(name)].filter((one) => one.type !== "hidden")
  const there = all.filter((one) => ["radio", "checkbox"].includes(one.type))
  const fitting = there.filter((one) => typeof value === "boolean" || one.value === value)
  const form = document.getElementById("answers")
  const asks = (one) => one.dataset.changes !== undefined && form !== null && one.form === form
  if (form) form.dataset.old = "yes"
  if (there.length === 0 && all.length > 0) {
    const offered = [...(all[0].options ?? [])]
    const option = offered.find((one) => one.value === value) ?? offered.find((one) => one.text.trim() === value)
    if (all[0].options && !option) return null
    all[0].value = option ? option.value : value
    all[0].dispatchEvent(new Event("input", {bubbles: true}))
    all[0].dispatchEvent(new Event("change", {bubbles: true}))
    return asks(all[0])
  }
  if (fitting.length === 0) return null
  const other = fitting.filter((one) => one.checked !== (value !== false))
  other.forEach((one) => one.click())
  return other.some(asks)
}"""
# Many at once, up to the first that makes the form anew: how many were chosen, and what came of the last.
_CHOOSE_MANY = f"""(choices) => {{
  const choose = {_CHOOSE}
  let done = 0
  for (const choice of choices) {{
    const outcome = choose(choice)
    if (outcome !== false) return [done, outcome]
    done += 1
  }}
  return [done, false]
}}"""
# What is folded is opened before anything is looked for.
_OPEN = "document.querySelectorAll('main details:not([open])').forEach((one) => { one.open = true })"
_FLAT = r'const flat = (one) => one.textContent.replace(/\s+/g, " ").trim()'
# Those of exactly these words, otherwise those that begin with them and go on about what; none that is out of sight.
_NAMED = f"""([kind, words]) => {{
  {_OPEN}; {_FLAT}
  const said = (one) => one.getAttribute("aria-label") ?? flat(one)
  const all = [...document.querySelectorAll(kind)].filter((one) => one.checkVisibility({{visibilityProperty: true}})
    && !one.closest("[aria-hidden=true]"))
  const begun = (one) => [" ", ","].some((end) => said(one).startsWith(words + end))
  return all.find((one) => said(one) === words) ?? all.find(begun) ?? null
}}"""
_FIELD = f"""(field) => {{
  {_OPEN}; {_FLAT}
  const typed = [...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
  const labels = [...document.querySelectorAll("label")].filter((one) => one.control)
  return typed.find((one) => one.name === field)
    ?? labels.find((one) => flat(one) === field)?.control
    ?? labels.find((one) => flat(one).startsWith(`${{field}} (`))?.control
    ?? typed.find((one) => one.getAttribute("aria-label") === field) ?? null
}}"""
# Pressed where a finger would: whatever lies over the button would be pressed instead. Gives whether a page is to come,
# at once or when what the page has asked is answered; otherwise scripts exchange the form in its place.
_PRESS = """(button) => {
  button.scrollIntoView({block: "center", behavior: "instant"})
  const {x, y, width, height} = button.getBoundingClientRect()
  const met = document.elementFromPoint(x + width / 2, y + height / 2)
  if (!button.contains(met)) throw new Error(`${met?.outerHTML.slice(0, 200)} lies over it`)
  let comes = false
  const look = (event) => { comes = !event.defaultPrevented }
  window.addEventListener("submit", look)
  for (const one of [document.documentElement, document.getElementById("answers")]) if (one) one.dataset.old = "yes"
  button.click()
  window.removeEventListener("submit", look)
  return comes || button.getAttribute("aria-busy") === "true"
}"""
_IS_EXCHANGED = "() => document.getElementById('answers')?.dataset.old === undefined"
# A page on its way has no first element yet.
_HAS_COME = """() => document.documentElement !== null && document.documentElement.dataset.old === undefined
  && performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd > 0"""


class InChromium:
    """``Hands`` over a tab."""

    def __init__(self, page: Page, host: str) -> None:
        self._page, self._host = page, host
        page.set_default_timeout(SOON)

    def sign_in(self, token: str) -> None:
        self._page.context.add_cookies([{"name": "alur", "value": token, "url": self._host}])

    def open(self, address: str) -> None:
        answer = self._page.goto(
            urljoin(self._page.url if self._page.url.startswith("http") else self._host, address),
            wait_until="domcontentloaded",
        )
        assert answer is None or answer.status == 200, (address, answer.status)

    def fill(self, field: str, value: str) -> None:
        found = self._field(field)
        if found.evaluate("(one) => one.tagName") == "SELECT":
            self.choose({found.get_attribute("name") or "": value})
        else:
            found.fill(value)

    def choose(self, choices: Mapping[str, str | bool]) -> None:
        left = list(choices.items())
        while left:
            done, outcome = self._page.evaluate(_CHOOSE_MANY, left)
            assert outcome is not None, f"{left[done]} is not offered at {self.address}"
            left = left[done + 1 :]
            if outcome:
                self._wait(_IS_EXCHANGED)

    def press(self, button: str) -> None:
        found = self._named("button", button)
        assert found is not None, f"no button '{button}' at {self.address}"
        self._wait(_HAS_COME if found.evaluate(_PRESS) else _IS_EXCHANGED)

    def follow(self, link: str) -> None:
        found = self._named("a[href]", link)
        assert found is not None, f"no link '{link}' at {self.address}"
        self.open(found.get_attribute("href") or "")

    def has(self, button: str) -> bool:
        return self._named("button", button) is not None

    def fields(self) -> list[str]:
        named: list[str] = self._page.evaluate(
            "[...new Set([...document.querySelectorAll('input, select, textarea')].map((one) => one.name))]"
        )
        return [name for name in named if name]

    def options(self, field: str) -> dict[str, str]:
        return _offered(self._field(field))

    @property
    def heading(self) -> str:
        return _flat(self._page.locator("h1").first.text_content())

    @property
    def text(self) -> str:
        return _flat(self._page.locator("body").text_content())

    @property
    def address(self) -> str:
        split = urlsplit(self._page.url)
        return split.path + (f"?{split.query}" if split.query else "")

    def _wait(self, until: str) -> None:
        self._page.wait_for_function(until, polling=LOOK_EVERY)

    def _field(self, field: str) -> ElementHandle:
        found = self._page.evaluate_handle(_FIELD, field).as_element()
        assert found is not None, f"no field '{field}' at {self.address}: {self.fields()}"
        return found

    def _named(self, kind: str, words: str) -> ElementHandle | None:
        return self._page.evaluate_handle(_NAMED, [kind, words]).as_element()


def _offered(found: ElementHandle) -> dict[str, str]:
    offered: dict[str, str] = found.evaluate(
        "(one) => Object.fromEntries([...one.options].map((option) => [option.text, option.value]))"
    )
    return offered


def _flat(said: str | None) -> str:
    return re.sub(r"\s+", " ", said or "").strip()
