"""What axe finds wrong with a page: the script is read once a document, and only what is wrong comes back.

All of axe's answer is thousands of lines about what is right; to bring those here took as long as finding them.
Colours take more than half of its time, and are the same in every language: once a page and width is enough.
"""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SERIOUS = ("serious", "critical")
STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_RUN = """async ([part, standards, colours]) => {
  const rules = {"color-contrast": {enabled: colours}}
  const found = await axe.run(part ?? document, {runOnly: standards, rules, resultTypes: ["violations"]})
  return found.violations.map(({id, impact, nodes}) => (
    {id, impact, nodes: nodes.map(({target, html}) => ({target, html}))}))
}"""


def violations(page: Page, part: str | None = None, *, colours: bool = True) -> list[dict[str, Any]]:
    """Everything the standards forbid on the page as it stands now, or in the ``part`` of this CSS selector: each with
    ``id``, ``impact`` and the ``nodes``, which have ``target`` and ``html``. Without ``colours`` words are looked at
    whatever they stand on: for a page whose colours another look has seen at this width."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(_RUN, [part, STANDARDS, colours])
    return found


def serious(page: Page, part: str | None = None, *, colours: bool = True) -> list[tuple[str, str, list[Any]]]:
    """What of it keeps people out: rule, impact, and where it is broken first."""
    return [
        (one["id"], one["impact"], [node["target"] for node in one["nodes"]][:3])
        for one in violations(page, part, colours=colours)
        if one["impact"] in SERIOUS
    ]
