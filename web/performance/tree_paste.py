"""The page that takes rows of a tree from a spreadsheet into a draft: all of them, or none with the lines at fault."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from engine.errors import InvalidInput
from sakip.configuration.levels import Levels
from sakip.exchange.tree_pasted import Draft, pasted_rows
from sakip.tree.values import Node
from web.language import words
from web.performance.tree_columns import ALL
from web.performance.tree_desk import Drafting, TooManyRows, read_drafting
from web.performance.tree_pasted import MOST_LINES, has_own_head, read_lines
from web.performance.tree_refused import too_many_words
from web.performance.tree_table import head
from web.posted import MOST_PASTED, cells_pasted
from web.protection import signed_in
from web.transaction import db

bp = Blueprint("tree_paste", __name__, url_prefix="/performance/tree-drafts/<int:case_id>")

MOST_TOLD = 50
Faults = tuple[tuple[int, str], ...]  # the line, from 1, and what is wrong with it


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
    lines = cells_pasted(pasted)
    whole = None if has_own_head(lines) else _whole_rows(drafting, levels, lines)
    nodes, faults = whole if whole is not None else _few_columns(drafting, levels, lines)
    if faults:
        return _form(drafting, pasted, faults), 422
    if not nodes:
        flash(_("All these rows stand so in the draft already."), "good")
        return redirect(url_for("tree_draft.show", case_id=case_id), 303)
    try:
        drafting.put(drafting.typed(node) for node in nodes)
    except TooManyRows as refused:
        return _form(drafting, pasted, ((len(nodes), too_many_words(refused)),)), 422
    flash(ngettext("%(num)d node was put into the draft.", "%(num)d nodes were put into the draft.", len(nodes)),
          "good")  # fmt: skip
    return redirect(url_for("tree_draft.show", case_id=case_id), 303)


def _whole_rows(drafting: Drafting, levels: Levels, lines: list[list[str]]) -> tuple[tuple[Node, ...], Faults] | None:
    """Rows under the headings of an export of trees; None for any other rows."""
    if len(lines) > MOST_LINES:
        return (), ((MOST_LINES + 1, str(_("At most %(most)s lines at once.", most=MOST_LINES))),)
    page = drafting.draft.page
    draft = Draft(
        page.place.name, page.place.unit_id, page.tree, levels, page.measurement,
        lambda beside: drafting.new_key(beside),
    )  # fmt: skip
    taken = pasted_rows(db(), page.region_id, draft, lines)
    if taken is None:
        return None
    faults = tuple((one.row, words(one.message)) for one in taken.problems)
    if not taken.rows and not faults:
        faults = ((1, str(_("Paste at least one row."))),)
    return taken.nodes, faults


def _few_columns(drafting: Drafting, levels: Levels, lines: list[list[str]]) -> tuple[tuple[Node, ...], Faults]:
    """Rows in the columns of the page's own table."""
    found = read_lines(drafting, levels, lines)
    faults = tuple(found.faults)
    if not found.nodes and not faults:
        faults = ((1, str(_("Paste at least one row."))),)
    standing = drafting.draft.page.tree.nodes
    return tuple(node for node in found.nodes.values() if node != standing.get(node.key)), faults


def _form(drafting: Drafting, pasted: str, faults: Faults) -> str:
    drafting.at_work  # noqa: B018
    told = [("rows", str(_("Line %(number)s: %(said)s", number=number, said=said))) for number, said in faults]
    return render_template(
        "performance/paste.html", drafting=drafting, pasted=pasted, faults=told[:MOST_TOLD], has_errors=bool(faults),
        columns=head(), year=drafting.draft.page.day.year,
        all_href=url_for("tree_draft.show", case_id=drafting.case.case_id, view="table", columns=ALL),
    )  # fmt: skip
