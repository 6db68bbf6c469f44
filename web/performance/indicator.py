"""One indicator: what was compared over each span of a year, and how its achievement came about."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template

from sakip.behind_figures import behind
from sakip.due_indicators import band_title
from sakip.figures import FIGURES
from sakip.one_indicator import one_indicator
from web.language import words
from web.performance.cells import number, on_page
from web.performance.looks import looks
from web.performance.result_blocks import SIGNS
from web.protection import signed_in

bp = Blueprint("indicator", __name__)


@bp.get("/performance/indicator/<key>")
@signed_in
def show(key: str) -> str:
    """Target, realisation and achievement over every span, the rules and what is not settled in them."""
    look = looks()
    found = one_indicator(look.session, look.viewer, key, look.filters.year)
    rows = [
        {
            "span": look.span_title(one.span), "target": on_page(one.target), "realisation": on_page(one.realisation),
            "shown": "" if one.shown is None else number(one.shown), "tone": one.tone, "sign": SIGNS.get(one.tone, ""),
            "band": words(band_title(look.viewer, replace(look.filters, span=one.span), one.band)) if one.band else "",
            "reason": words(one.reason), "remedy": words(one.remedy), "raw": on_page(one.raw),
            "is_provisional": one.is_provisional, "is_frozen": one.is_frozen,
        }
        for one in found.spans
    ]  # fmt: skip
    return render_template(
        "performance/indicator.html", found=found, rows=rows, look=look, back_href=look.href("dashboard.show"),
        behind=behind(FIGURES.values()["indicators"], look.viewer, look.filters),
    )  # fmt: skip
