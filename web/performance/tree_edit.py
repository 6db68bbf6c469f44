"""The forms that change a draft of a tree: a node is changed, added, moved, ended, or stands again as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from engine.errors import InvalidInput, NotFound
from sakip.configuration.levels import AGENCY, REGION, Level, Levels
from sakip.tree.placing import allowed_parents, moved
from sakip.tree.values import Node
from web.performance.tree_desk import Drafting, Row, TooManyRows, read_drafting
from web.performance.tree_form import (
    INDICATORS,
    PATH,
    Asked,
    Faults,
    asked,
    fault_lines,
    faults_of,
    posted_row,
    settled,
)
from web.performance.tree_node import broken_words
from web.performance.tree_refused import refused_page, too_many_words
from web.performance.tree_view import refusal_words
from web.performance.tree_words import level_words, node_words
from web.protection import signed_in
from web.transaction import db, keep_on_refusal

bp = Blueprint("tree_edit", __name__, url_prefix="/performance/tree-drafts/<int:case_id>")

LONGEST_STATEMENT = 600


@bp.get("/nodes/<key>")
@signed_in
def change(case_id: int, key: str) -> str:
    """The form of one node."""
    drafting = read_drafting(case_id)
    return _form(drafting, own_row(drafting, key), {})


@bp.post("/nodes/<key>")
@signed_in
def save(case_id: int, key: str) -> Any:
    """Keep the node as typed; a row of its indicators is added or taken out by the same form."""
    drafting = read_drafting(case_id)
    row, at = posted_row(drafting, own_row(drafting, key))
    choices = asked(drafting, row)
    faults = faults_of(row, drafting.standing(key), choices)
    try:
        drafting.put([settled(row, choices)])
    except TooManyRows as refused:
        return _form(drafting, row, {**faults, f"{PATH}.statement": too_many_words(refused)}, choices), 422
    if at is not None:
        place = f"i-{at.rpartition('.')[2]}"
        return redirect(url_for("tree_edit.change", case_id=case_id, key=key, _anchor=place), 303)
    if faults or request.form.get("op"):
        keep_on_refusal()
        return _form(drafting, row, faults, choices), 422
    return _done(case_id, key, _("The node is changed in the draft."))


@bp.post("/nodes/<key>/undo")
@signed_in
def undo(case_id: int, key: str) -> Any:
    """A node is again as it stands in force."""
    drafting = read_drafting(case_id)
    drafting.undo(key)
    there = key in drafting.draft.before.nodes
    return _done(case_id, key if there else None, _("The change was taken back."))


# -- adding --------------------------------------------------------------------------------------------------------


@bp.get("/add")
@signed_in
def add(case_id: int) -> str:
    """The form of a new node: its level, what it hangs under, what it says."""
    drafting = read_drafting(case_id)
    return _add_form(drafting, {"parent": request.args.get("under", "")[:120], "level": "", "statement": ""}, {})


@bp.post("/add")
@signed_in
def put(case_id: int) -> Any:
    """Put a new node into the draft and lead to the rest of its form."""
    drafting = read_drafting(case_id)
    typed = {name: request.form.get(name, "").strip()[:10_000] for name in ("level", "parent", "statement")}
    levels = _levels(drafting)
    faults = _add_faults(drafting, levels, typed)
    if faults:
        return _add_form(drafting, typed, faults), 422
    node = _new_node(drafting, levels, typed)
    refused = _kept(drafting, lambda: drafting.put([drafting.typed(node)]))
    if refused is not None:
        return refused
    flash(_("The node stands in the draft. Add its owner and indicators."), "good")
    return redirect(url_for("tree_edit.change", case_id=case_id, key=node.key), 303)


def _new_node(drafting: Drafting, levels: Levels, typed: dict[str, str]) -> Node:
    around = drafting.draft.around
    beside = around.children(typed["parent"]) if typed["parent"] else around.roots()
    level = levels.levels[typed["level"]]
    kinds = level.result_kinds
    return Node(
        drafting.new_key(), level.key, drafting.draft.page.place.name, typed["parent"] or None,
        " ".join(typed["statement"].split()), max((one.place for one in beside), default=0) + 10,
        kinds[0] if len(kinds) == 1 else None,
    )  # fmt: skip


def _add_faults(drafting: Drafting, levels: Levels, typed: dict[str, str]) -> Faults:
    found: Faults = {}
    level = levels.levels.get(typed["level"])
    page = drafting.draft.page
    if not typed["level"]:
        found["level"] = str(_("Choose the level."))
    elif level is None or level.key not in _own_levels(drafting, levels):
        found["level"] = refusal_words("unknown_level" if level is None else "wrong_tree")
    elif level.is_one_only and any(one.level == level.key for one in page.tree.nodes.values()):
        found["level"] = refusal_words("one_only")
    parent = drafting.draft.around.nodes.get(typed["parent"])
    if level is not None and not _may_hang(level, parent):
        found["parent"] = refusal_words("parent_of_wrong_level")
    if not typed["statement"]:
        found["statement"] = refusal_words("statement_missing")
    elif len(typed["statement"]) > LONGEST_STATEMENT:
        found["statement"] = str(_("Write at most %(most)s characters.", most=LONGEST_STATEMENT))
    return found


def _may_hang(level: Level, parent: Node | None) -> bool:
    return not level.under if parent is None else parent.level in level.under


def _own_levels(drafting: Drafting, levels: Levels) -> tuple[str, ...]:
    kind = REGION if drafting.draft.page.place.unit_id is None else AGENCY
    return tuple(key for key, level in levels.levels.items() if level.tree == kind)


def _add_form(drafting: Drafting, typed: dict[str, str], faults: Faults) -> str:
    levels = _levels(drafting)
    around, own = drafting.draft.around, _own_levels(drafting, levels)
    parents = [one for one in around.nodes.values() if any(one.level in levels.levels[key].under for key in own)]
    under = around.nodes.get(typed["parent"])
    offered = [key for key in own if under is None or under.level in levels.levels[key].under or key == typed["level"]]
    return render_template(
        "performance/add.html", drafting=drafting, typed=typed, faults=fault_lines(faults), fault=faults,
        levels=[("", "–"), *((key, level_words(levels, key)) for key in offered)],
        parents=[("", str(_("Nothing: it stands at the top"))), *_titled(levels, parents)],
        has_errors=bool(faults),
    )  # fmt: skip


# -- moving and ending ---------------------------------------------------------------------------------------------


@bp.get("/nodes/<key>/move")
@signed_in
def move(case_id: int, key: str) -> str:
    """Where a node may hang, and up or down among its siblings."""
    drafting = read_drafting(case_id)
    return _move_form(drafting, own_node(drafting, key), {})


@bp.post("/nodes/<key>/move")
@signed_in
def moved_to(case_id: int, key: str) -> Any:
    """Hang a node under another, or change its place among its siblings by one."""
    drafting = read_drafting(case_id)
    node = own_node(drafting, key)
    step = {"up": -1, "down": 1}.get(request.form.get("op", ""))
    if step is None:
        parent = request.form.get("parent", "")
        if parent not in {one.key for one in _parents(drafting, node)}:
            under = {one.key for one in drafting.draft.around.below([key])} | {key}
            said = refusal_words("circle" if parent in under else "parent_of_wrong_level")
            return _move_form(drafting, node, {"parent": said}), 422
        changed: tuple[Node, ...] = (replace(node, parent=parent),)
    else:
        changed = moved(drafting.draft.page.tree, key, step)
    refused = _kept(drafting, lambda: drafting.put(_row_for(drafting, one) for one in changed))
    return refused if refused is not None else _done(case_id, key, _("The node is moved in the draft."))


def _row_for(drafting: Drafting, node: Node) -> Row:
    """The row of a moved node: what was typed of it stays as it was typed, only where it hangs and stands is new."""
    row = drafting.row_of(node.key)
    if row is None:
        raise NotFound("There is no such node in this draft.")
    return {**row, "parent": node.parent or "", "place": str(node.place or "")}


def _parents(drafting: Drafting, node: Node) -> tuple[Node, ...]:
    return allowed_parents(_levels(drafting), drafting.draft.around, node)


def _move_form(drafting: Drafting, node: Node, faults: Faults) -> str:
    levels = _levels(drafting)
    siblings = [one for one in drafting.draft.page.tree.siblings(node) if one.tree == node.tree]
    return render_template(
        "performance/move.html", drafting=drafting, node=node, statement=node_words(node), fault=faults,
        faults=fault_lines(faults), has_errors=bool(faults), parents=_titled(levels, _parents(drafting, node)),
        place=[one.key for one in siblings].index(node.key) + 1, siblings=len(siblings),
    )  # fmt: skip


@bp.get("/nodes/<key>/end")
@signed_in
def end(case_id: int, key: str) -> str:
    """What breaks when a node ends, before it does."""
    drafting = read_drafting(case_id)
    node = own_node(drafting, key)
    page, impact = drafting.draft.page, drafting.draft.broken(db(), (key,))
    below = drafting.draft.page.tree.below([key])
    return render_template(
        "performance/end.html", drafting=drafting, node=node, statement=node_words(node), below=len(below),
        level=level_words(page.levels, node.level),
        broken=broken_words(page.units, page.measurement, impact) if impact is not None else (),
    )  # fmt: skip


@bp.post("/nodes/<key>/end")
@signed_in
def ended(case_id: int, key: str) -> Any:
    """A node ends in the draft, and what hangs below it in this tree."""
    drafting = read_drafting(case_id)
    node = own_node(drafting, key)
    below = [one.key for one in drafting.draft.page.tree.below([key]) if one.tree == node.tree]
    refused = _kept(drafting, lambda: drafting.end([key, *below]))
    return refused if refused is not None else _done(case_id, node.parent, _("The node ends in the draft."))


# -- what these forms share ----------------------------------------------------------------------------------------


def own_row(drafting: Drafting, key: str) -> Row:
    """The row of a node of this tree. Raises NotFound for a node that is not there or of another tree."""
    drafting.at_work  # noqa: B018  whoever only reads has no form
    row = drafting.row_of(key)
    if row is None:
        raise NotFound("There is no such node in this draft.")
    return row


def own_node(drafting: Drafting, key: str) -> Node:
    """A node of this tree as the draft has it. Raises NotFound for one that is not there or of another tree."""
    drafting.at_work  # noqa: B018
    node = drafting.draft.page.tree.nodes.get(key)
    if node is None or node.tree != drafting.draft.page.place.name:
        raise NotFound("There is no such node in this draft.")
    return node


def _levels(drafting: Drafting) -> Levels:
    drafting.at_work  # noqa: B018
    levels = drafting.draft.page.levels
    if levels is None:
        raise InvalidInput("No levels govern this year.")
    return levels


def _kept(drafting: Drafting, keep: Callable[[], None]) -> Any:
    """Keep what was typed; the page of the draft with the refusal when it holds too much, otherwise None."""
    try:
        keep()
    except TooManyRows as refused:
        return refused_page(drafting, refused), 422
    return None


def _done(case_id: int, key: str | None, said: str) -> Any:
    flash(said, "good")
    return redirect(url_for("tree_draft.show", case_id=case_id, node=key, _anchor="chosen" if key else None), 303)


def _titled(levels: Levels, nodes: Any) -> list[tuple[str, str]]:
    order = {key: place for place, key in enumerate(levels.levels)}
    listed = sorted(nodes, key=lambda one: (order.get(one.level, 0), one.place, one.key))
    return [(one.key, f"{level_words(levels, one.level)}: {node_words(one)}") for one in listed]


def _form(drafting: Drafting, row: Row, faults: Faults, choices: Asked | None = None) -> str:
    page = drafting.draft.page
    key = str(row.get("key"))
    return render_template(
        "performance/node.html", drafting=drafting, row=row, path=PATH, indicators=row.get(INDICATORS) or [],
        asked=choices or asked(drafting, row), fault=faults, faults=fault_lines(faults), has_errors=bool(faults),
        level=level_words(page.levels, str(row.get("level") or "")), key=key,
    )  # fmt: skip
