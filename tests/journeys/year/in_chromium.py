"""The same hands in a real browser with its scripts on: one tab, whoever sits in front of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Locator, Page

SOON = 15_000  # milliseconds
_CHOOSE = """(choices) => {
  const wrong = []
  for (const [name, value] of Object.entries(choices)) {
    const all = [...document.getElementsByName(name)]
    const there = all.filter((one) => ["radio", "checkbox"].includes(one.type))
    const fitting = there.filter((one) => typeof value === "boolean" || one.value === value)
    if (there.length === 0 && all.length > 0) {
      const offered = [...(all[0].options ?? [])]
      const option = offered.find((one) => one.value === value) ?? offered.find((one) => one.text.trim() === value)
      if (all[0].options && !option) wrong.push([name, value])
      all[0].value = option ? option.value : value
      all[0].dispatchEvent(new Event("input", {bubbles: true}))
      all[0].dispatchEvent(new Event("change", {bubbles: true}))
    } else if (fitting.length === 0) wrong.push([name, value])
    for (const one of fitting) if (one.checked !== (value !== false)) one.click()
  }
  return wrong
}"""
_OPEN_ALL = "document.querySelectorAll('main details:not([open])').forEach((one) => { one.open = true })"


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
            found.select_option(value if value in self.options(field).values() else self.options(field)[value])
        else:
            found.fill(value)

    def choose(self, choices: Mapping[str, str | bool]) -> None:
        wrong = self._page.evaluate(_CHOOSE, dict(choices))
        assert wrong == [], wrong

    def press(self, button: str, place: int = 0) -> None:
        found = self._named("button", button)
        assert found is not None, f"no button '{button}' at {self.address}"
        with self._page.expect_navigation(wait_until="domcontentloaded"):
            found.nth(place).click()

    def follow(self, link: str) -> None:
        found = self._named("link", link)
        assert found is not None, f"no link '{link}' at {self.address}"
        self.open(found.first.get_attribute("href") or "")

    def has(self, button: str) -> bool:
        return self._named("button", button) is not None

    def fields(self) -> list[str]:
        named: list[str] = self._page.evaluate(
            "[...new Set([...document.querySelectorAll('input, select, textarea')].map((one) => one.name))]"
        )
        return [name for name in named if name]

    def options(self, field: str) -> dict[str, str]:
        found: dict[str, str] = self._field(field).evaluate(
            "(one) => Object.fromEntries([...one.options].map((option) => [option.text, option.value]))"
        )
        return found

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

    def _field(self, field: str) -> Locator:
        named = self._page.locator(f'[name="{field}"]:not([type=hidden])')
        self._page.evaluate(_OPEN_ALL)
        labelled = (self._page.get_by_label(re.compile(rf"^\s*{re.escape(field)}{end}")) for end in (r"\s*$", r"\s*\("))
        found = next((one for one in (named, *labelled) if one.count()), None)
        assert found is not None, f"no field '{field}' at {self.address}: {self.fields()}"
        return found.first

    def _named(self, role: str, words: str) -> Locator | None:
        """Those of exactly these words, otherwise those that begin with them and go on about what."""
        self._page.evaluate(_OPEN_ALL)
        said = re.escape(words)
        for pattern in (rf"^\s*{said}\s*$", rf"^\s*{said}[\s,]"):
            found = self._page.get_by_role(role, name=re.compile(pattern))  # type: ignore[arg-type]
            if found.count():
                return found
        return None


def _flat(said: str | None) -> str:
    return re.sub(r"\s+", " ", said or "").strip()
