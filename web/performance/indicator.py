"""One indicator: what was compared over each span of a year, and how its achievement came about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template

from engine.definitions.model import Text
from sakip.behind_figures import behind
from sakip.due_indicators import band_title
from sakip.figures import FIGURES
from sakip.indicator_money import IndicatorMoney
from sakip.one_indicator import OneIndicator, one_indicator
from sakip.reasons import Reason
from sakip.tree.successions import MERGED, RENAMED, SPLIT
from web.language import short_day, words
from web.performance.cells import in_unit, number, on_page
from web.performance.looks import looks
from web.performance.result_blocks import SIGNS
from web.protection import signed_in

bp = Blueprint("indicator", __name__)

POINTS = Text("{points} poin, {band}", "{points} points, {band}")
BREAKS = {
    SPLIT: Text("Dipecah dari {before}, {day}", "Split off from {before}, {day}"),
    MERGED: Text("Gabungan {before}, {day}", "Merged from {before}, {day}"),
    RENAMED: Text("Sebelumnya {before}, sampai {day}", "Formerly {before}, until {day}"),
}


@bp.get("/performance/indicator/<key>")
@signed_in
def show(key: str) -> str:
    """Target, realisation and achievement over every span, the rules and what is not settled in them."""
    look = looks()
    found = one_indicator(look.session, look.viewer, key, look.filters.year, look.filters.span)
    rows = [
        {
            "span": look.span_title(one.span), "target": in_unit(one.target, found.measure),
            "realisation": in_unit(one.realisation, found.measure),
            "shown": "" if one.shown is None else number(one.shown), "tone": one.tone, "sign": SIGNS.get(one.tone, ""),
            "band": words(band_title(look.viewer, replace(look.filters, span=one.span), one.band)) if one.band else "",
            "reason": words(one.reason), "remedy": words(one.remedy), "raw": on_page(one.raw),
            "is_provisional": one.is_provisional, "is_frozen": one.is_frozen,
        }
        for one in found.spans
    ]  # fmt: skip
    return render_template(
        "performance/indicator.html", found=found, rows=rows, trend=_trend(found), money=_money(found.money), look=look,
        number=number, back_href=look.href("dashboard.show"),
        behind=behind(FIGURES.values()["indicators"], look.viewer, look.filters),
    )  # fmt: skip


def _money(money: IndicatorMoney) -> dict[str, Any] | None:
    """The programmes behind an indicator and what was spent of them; None where none has a budget."""
    if not money.programmes:
        return None
    told = money.absorption
    spent = [one.absorbed for one in money.programmes]
    efficiency = money.efficiency
    return {
        "rows": [
            {
                "words": f"{one.code} {one.title}".strip(), "budget": number(one.budget),
                "spent": "" if one.absorbed is None else number(one.absorbed),
                "is_provisional": one.absorbed is not None and one.is_unverified,
            }
            for one in money.programmes
        ],
        "budget": number(sum(one.budget for one in money.programmes)),
        "spent": "" if None in spent else number(sum(one for one in spent if one is not None)),
        "percent": "" if isinstance(told, Reason) else number(told, 2),
        "reason": words(told.sentence) if isinstance(told, Reason) else "",
        "efficiency": "" if efficiency is None else words(efficiency.sentence) if isinstance(efficiency, Reason)
        else words(POINTS).format(points=number(efficiency[0]), band=words(efficiency[1])),
    }  # fmt: skip


def _trend(found: OneIndicator) -> list[dict[str, Any]]:
    """The years of an indicator, where there is more than one to compare or a break to tell."""
    if len(found.trend) < 2:
        return []
    return [
        {
            "year": one.year, "units": ", ".join(one.units), "target": in_unit(one.target, found.measure),
            "realisation": in_unit(one.realisation, found.measure),
            "shown": "" if one.shown is None else number(one.shown), "tone": one.tone, "sign": SIGNS.get(one.tone, ""),
            "breaks": [words(BREAKS[each.kind]).format(before=", ".join(each.before), day=short_day(each.on))
                       for each in one.breaks],
        }
        for one in found.trend
    ]  # fmt: skip
