"""The page that takes rows of a tree from a spreadsheet into a draft: all of them, or none with the lines at fault."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from engine.errors import InvalidInput
from web.performance.tree_desk import Drafting, TooManyRows, read_drafting
from web.performance.tree_pasted import read_lines
from web.performance.tree_refused import too_many_words
from web.performance.tree_table import head
from web.posted import MOST_PASTED, cells_pasted
from web.protection import signed_in

bp = Blueprint("tree_paste", __name__, url_prefix="/performance/tree-drafts/<int:case_id>")

MOST_TOLD = 50


@bp.get("/paste")
@signed_in
def show(case_id: int) -> str:
    """The box to paste into."""
    return _form(read_drafting(case_id), "", ())


@bp.post("/paste")
@signed_in
def put(case_id: int) -> Any:
    """Put all pasted nodes into the draft, or say of each line what is wrong and change nothing."""
    drafting = read_drafting(case_id)
    drafting.at_work  # noqa: B018
    levels = drafting.draft.page.levels
    if levels is None:
        raise InvalidInput("No levels govern this year.")
    pasted = request.form.get("rows", "")
    if len(pasted) > MOST_PASTED:
        return _form(drafting, pasted[:MOST_PASTED], ((1, str(_("This is too long to be pasted at once."))),)), 422
    found = read_lines(drafting, levels, cells_pasted(pasted))
    faults = tuple(found.faults)
    if not found.nodes and not faults:
        faults = ((1, str(_("Paste at least one row."))),)
    if faults:
        return _form(drafting, pasted, faults), 422
    try:
        drafting.put(drafting.typed(node) for node in found.nodes.values())
    except TooManyRows as refused:
        return _form(drafting, pasted, ((len(found.nodes), too_many_words(refused)),)), 422
    flash(ngettext("%(num)d node was put into the draft.", "%(num)d nodes were put into the draft.", len(found.nodes)),
          "good")  # fmt: skip
    return redirect(url_for("tree_draft.show", case_id=case_id), 303)


def _form(drafting: Drafting, pasted: str, faults: tuple[tuple[int, str], ...]) -> str:
    drafting.at_work  # noqa: B018
    told = [("rows", str(_("Line %(number)s: %(said)s", number=number, said=said))) for number, said in faults]
    return render_template(
        "performance/paste.html", drafting=drafting, pasted=pasted, faults=told[:MOST_TOLD], has_errors=bool(faults),
        columns=head(), year=drafting.draft.page.day.year,
    )  # fmt: skip
