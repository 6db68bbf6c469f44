"""A performance report on a page of its own: its figures, what is still open, what changed since it was published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, render_template, url_for

from engine.cases.views import CasePage
from engine.definitions.model import Text
from engine.errors import NotFound
from sakip.facts.published_reports import PERFORMANCE_REPORT
from sakip.reporting.of_cases import report_told
from web.officer.printed import printables
from web.officer.reading import read_case_page
from web.performance.cells import number
from web.performance.result_blocks import PROVISIONAL, SIGNS
from web.protection import signed_in
from web.transaction import db

bp = Blueprint("report", __name__)

_SUMS = ("absorbed", "percent", "sentence")


@bp.get("/performance/annual-reports/<int:case_id>")
@signed_in
def show(case_id: int) -> str:
    """The report of a case: figures, open rows, and the document to download. NotFound for a case of another type."""
    page = read_case_page(case_id)
    if page.facts.case_type != PERFORMANCE_REPORT:
        raise NotFound("There is no such page.")
    is_published = page.closed_at is not None and any(not item.is_draft for item in printables(page))
    values, changed = report_told(db(), page, is_published=is_published)
    names = {one["key"]: one["name"] for objective in values["objectives"] for one in objective["indicators"]}
    return render_template(
        "performance/report.html", case=page, values=values, documents=_documents(page), is_published=is_published,
        data_per=date.fromisoformat(values["data_per"]), to_edit=_to_edit(values),
        objectives=[_objective(one) for one in values["objectives"]],
        result=_figure(values["result"]), budget=_budget(values["budget"]),
        changed=[
            {"name": names.get(one.key, one.key), "published": _percent(one.published), "now": _percent(one.now),
             "reason": _said(one.reason)}
            for one in changed
        ],
    )  # fmt: skip


def has_year(page: CasePage) -> bool:
    """Whether the report says of which year it is: before that it has no figures."""
    return page.answers.get("year") is not None


def _documents(page: Any) -> list[dict[str, Any]]:
    """Where the report may be had, as PDF and as a Word document."""
    found = []
    for item in printables(page):
        address = {"case_id": page.case_id, "field": item.field}
        found.append({
            "title": item.title, "is_draft": item.is_draft, "pdf": url_for("files.document", **address),
            "word": url_for("files.word_document", **address) if item.has_word else "",
        })  # fmt: skip
    return found


def _to_edit(values: dict[str, Any]) -> list[str]:
    """The indicators whose texts are still the proposal."""
    rows = [one for objective in values["objectives"] for one in objective["indicators"]]
    return [one["name"] for one in rows if one["is_proposal"]]


def _objective(objective: dict[str, Any]) -> dict[str, Any]:
    lines = [
        {
            "name": one["name"], "is_key": one["is_key"], "unit": _said(one["unit_title"]), "how": _said(one["how"]),
            "target": _said(one.get("target")), "realisation": _said(one.get("realisation")),
            "plan": _plan(one["plan"]),
            "is_proposal": one["is_proposal"], "change": _change(one["history"]), **_figure(one),
        }
        for one in objective["indicators"]
    ]  # fmt: skip
    return {"statement": objective["statement"], "indicators": lines, **_figure(objective["result"])}


def _figure(figure: dict[str, Any]) -> dict[str, Any]:
    tone = figure.get("tone") or ""
    return {
        "shown": _percent(figure["shown"]), "band": _said(figure.get("band_title")), "tone": tone,
        "sign": SIGNS.get(tone, ""), "reason": _said(figure.get("sentence")),
        "note": PROVISIONAL if figure.get("is_provisional") else None,
    }  # fmt: skip


def _percent(shown: str | None) -> str:
    return "" if shown is None else f"{number(shown)} %"


def _plan(plan: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if plan is None else {"year": plan["year"], "target": _said(plan["target"]), **_figure(plan)}


def _change(history: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The difference from the last year that can be compared; a break is told instead."""
    if not history:
        return None
    last = history[-1]
    by = last.get("change")
    sign = "" if by is None or str(by["value"]).startswith("-") or by["value"] == "0" else "+"
    return {"year": last["year"], "break": _said(last.get("break")), "by": _said(by), "sign": sign}


def _budget(budget: dict[str, Any]) -> dict[str, Any]:
    whole = {"title": "", "code": "", "budget": budget["total"], **{name: budget[name] for name in _SUMS}}
    rows = [*budget["programmes"], whole]
    return {
        "rows": [
            {
                "title": one["title"], "code": one["code"], "budget": _said(one["budget"]),
                "absorbed": _said(one["absorbed"]), "percent": _percent(one["percent"]),
                "reason": _said(one["sentence"]),
            }
            for one in rows
        ] if budget["programmes"] else [],
    }  # fmt: skip


def _said(pair: Mapping[str, Any] | None) -> Text | None:
    """A value or sentence of the document as words in both languages."""
    return None if pair is None else Text(str(pair["id"]), str(pair["en"]))
