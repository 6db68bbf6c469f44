"""Takes the README's pictures from a running demonstration: ``python scripts/take_pictures.py http://127.0.0.1:8000``."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from demo.accounts import PASSWORD

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SHOWN = (("queue", "ratna", "/queue?tab=unit", 900), ("case", "dewi", None, 1500))


def main(base: str) -> None:
    """Sign in as each reader, open the page, keep what fits the height."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, username, path, height in SHOWN:
            page = browser.new_context(viewport={"width": 1280, "height": height}, locale="id-ID").new_page()
            page.goto(f"{base}/sign-in")
            page.fill("[name=username]", username)
            page.fill("[name=password]", PASSWORD)
            page.click("button.btn-primary")
            page.wait_for_url("**/queue")
            if path is None:
                page.click("tr.item .what a")
                page.wait_for_url("**/case/*")
            else:
                page.goto(base + path)
            page.screenshot(path=PICTURES / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
