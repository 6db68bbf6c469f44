"""Puts a page together: what every template may use, and what a page says when something in it has to be mended."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, g, render_template, request, url_for

from engine.definitions.model import Text
from engine.disclosure import receipt
from web.disclosure.browser import browser
from web.disclosure.house import here
from web.disclosure.language import language, other_address, words

Fault = tuple[str, Text | str]  # the id of a field, and what is wrong

_STATIC = Path(__file__).resolve().parent.parent / "static" / "css"
_COMMENTS = re.compile(r"/\*.*?\*/", re.S)
_BLANKS = re.compile(r"\s*\n\s*")


def show(
    template: str,
    *,
    status: int = 200,
    at: str | None = None,
    faults: Sequence[Fault] | Mapping[str, Text | str] = (),
    **values: Any,
) -> tuple[str, int]:
    """The page and its status. ``at`` is the endpoint whose address leads here again, when a post shows the page."""
    if at is not None:
        g.shown_at = url_for(at, **(request.view_args or {})).removeprefix(request.script_root)
    listed = list(faults.items()) if isinstance(faults, Mapping) else list(faults)
    told = [(field, words(text)) for field, text in listed]
    return render_template(template, faults=told, fault_of=dict(told), **values), status


@cache
def look() -> tuple[str, str]:
    """The one style sheet, as (address, text): the tokens all pages share, and the reporters' own rules."""
    text = "".join((_STATIC / name).read_text(encoding="utf-8") for name in ("tokens.css", "reporter.css"))
    text = _BLANKS.sub("\n", _COMMENTS.sub("", text)).strip()
    return f"/look-{hashlib.sha256(text.encode()).hexdigest()[:12]}.css", text


def install(app: Flask) -> None:
    """What templates may use."""
    address, _text = look()
    app.jinja_env.filters["groups"] = lambda code: receipt.shown(code).split("-")

    @app.context_processor
    def offered() -> dict[str, Any]:
        other, name, elsewhere = other_address()
        return {
            "language": language(),
            "other": {"code": other, "name": name, "address": elsewhere},
            "look": request.script_root.removesuffix(f"/{language()}") + address,
            "region": g.get("region"),
            "has_token": browser().came_with is not None,
            "is_demo": here().settings.demo,
        }
