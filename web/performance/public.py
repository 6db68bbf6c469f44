"""What everybody may read of a region's performance: published indicators and reports, and nothing about people."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for

from engine.definitions.model import Text
from engine.errors import NotFound
from sakip.exchange.writing import neutral
from sakip.public_figures import public_indicators, public_page, public_regions
from web.language import words
from web.performance.cells import in_file, in_unit, number
from web.performance.result_blocks import PROVISIONAL, SIGNS
from web.performance.sheets import as_csv
from web.protection import anybody
from web.transaction import db, now

bp = Blueprint("public_performance", __name__)

_COLUMNS = (
    Text("Indikator", "Indicator"), Text("Perangkat daerah", "Unit"), Text("Indikator kinerja utama", "Key indicator"),
    Text("Target", "Target"), Text("Realisasi", "Realisation"), Text("Capaian (%)", "Achievement (%)"),
    Text("Kategori", "Band"), Text("Alasan tanpa angka", "Why there is no number"),
)  # fmt: skip
YES, NO = Text("ya", "yes"), Text("tidak", "no")


@bp.get("/public/performance")
@anybody
def index() -> str:
    """The regions that publish something."""
    return render_template("performance/public_regions.html", regions=public_regions(db()))


@bp.get("/public/performance/<region>")
@anybody
def show(region: str) -> str:
    """Published indicators of a region in a year, and its published reports."""
    page = public_page(db(), region, _year(request.args.get("year", "")), request.args.get("after"), now())
    rows = [
        {
            "name": one.name, "unit": one.unit, "is_key": one.is_key, "target": in_unit(one.target, one.measure),
            "realisation": in_unit(one.realisation, one.measure),
            "shown": "" if one.shown is None else number(one.shown), "band": one.band,
            "tone": one.tone, "sign": SIGNS.get(one.tone, ""), "reason": one.reason,
            "note": PROVISIONAL if one.is_provisional else None,
        }
        for one in page.indicators
    ]  # fmt: skip
    following = url_for("public_performance.show", region=region, year=page.year, after=page.next_key)
    return render_template(
        "performance/public.html", page=page, rows=rows, next_href=following if page.next_key else ""
    )  # fmt: skip


@bp.get("/public/performance/<region>/indicators.csv")
@anybody
def indicators(region: str) -> Response:
    """The published indicators of a year as a file, numbers with a point; every missing number has its reason."""
    year, found = public_indicators(db(), region, _year(request.args.get("year", "")), now())
    head = [neutral(words(title)) for title in _COLUMNS]
    rows = (
        [
            neutral(one.name), neutral(one.unit), in_file(YES if one.is_key else NO), in_file(one.target),
            in_file(one.realisation), one.shown or "", in_file(one.band),
            in_file(PROVISIONAL if one.is_provisional else one.reason),
        ]
        for one in found
    )  # fmt: skip
    return as_csv(f"{region}-{year}", head, rows)


def _year(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise NotFound("There is no such year.")
    return int(text)
