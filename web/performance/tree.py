"""The trees of goals to read: which there are, one as list, picture or table on any day, its revisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for
from flask_babel import gettext as _

from engine.errors import InvalidInput
from sakip.tree.impact import Impact
from sakip.tree.integrity import Finding
from sakip.tree.pages import TreePage, TreeShown, revisions_to_read, tree_page, tree_shown, trees_to_read
from web.language import short_day
from web.officer.listing import Address, csv_file
from web.performance.tree_columns import ALL, all_columns, all_columns_file
from web.performance.tree_node import chosen
from web.performance.tree_picture import picture
from web.performance.tree_table import cells, head, table
from web.performance.tree_view import Looks, counts, findings_by_node, one_level
from web.performance.tree_words import level_words, node_words
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("tree", __name__)

LIST, PICTURE, TABLE = "list", "picture", "table"
VIEWS = (LIST, PICTURE, TABLE)
LONGEST = 120  # of a value in an address
FIRST_YEAR, LAST_YEAR = 1945, 2199


@bp.get("/performance/trees")
@signed_in
def index() -> str:
    """The trees this person may read."""
    return render_template("performance/trees.html", trees=trees_to_read(db(), g.person.id, now()))


@bp.get("/performance/trees/<name>")
@signed_in
def show(name: str) -> str:
    """One tree as list, picture or table, with the chosen node beside it."""
    address = address_of(url_for("tree.show", name=name))
    shown = tree_shown(db(), g.person.id, name, day_asked(), address.values["node"], now())
    page, only = shown.page, address.values["only"]
    looks = looks_of(page, address)
    return render_template(
        "performance/tree.html",
        page=page, address=address, view=view_asked(), views=view_links(address),
        meta=counts(page.findings, address.href, only), found=found_nodes(looks, page.findings, only),
        drafts=shown.begun, may_revise=shown.may_revise,
        ties=_ties(shown), csv_href=url_for("tree.as_csv", name=name, day=address.values["day"] or None,
                         columns=address.values["columns"] or None),
        **drawn(page, looks, shown.impact),
    )  # fmt: skip


@bp.get("/performance/trees/<name>.csv")
@signed_in
def as_csv(name: str) -> Response:
    """The table of a tree for a spreadsheet."""
    page = tree_page(db(), g.person.id, name, day_asked(), now())
    if request.args.get("columns") == ALL:
        return all_columns_file(page)
    looks = looks_of(page, address_of(url_for("tree.show", name=name)))
    return csv_file(f"alur-{name}", head(), _csv_rows(looks))


@bp.get("/performance/trees/<name>/revisions")
@signed_in
def revisions(name: str) -> str:
    """Every revision of a tree, newest first, each with the tree as it stood then."""
    place, found = revisions_to_read(db(), g.person.id, name, now())
    return render_template("performance/revisions.html", place=place, revisions=found)


def _csv_rows(looks: Looks) -> Iterator[tuple[object, ...]]:
    for row in table(looks, None):
        yield cells(row)


def _ties(shown: TreeShown) -> list[tuple[str, list[tuple[str, str]]]]:
    """The units before and after this one in words, each with the trees they lead to."""
    page = shown.page
    told = [(_("From %(before)s since %(day)s", before=_named(page, one.predecessors), day=short_day(one.on)),
             one.predecessors) for one in shown.before]  # fmt: skip
    told += [(_("Continued by %(after)s since %(day)s", after=_named(page, one.successors), day=short_day(one.on)),
              one.successors) for one in shown.after]  # fmt: skip
    return [(str(said), [(page.units.get(key, key), url_for("tree.show", name=key)) for key in keys])
            for said, keys in told]  # fmt: skip


def _named(page: TreePage, keys: tuple[str, ...]) -> str:
    return ", ".join(page.units.get(key, key) for key in keys)


# -- what the pages of a draft ask too -----------------------------------------------------------------------------


def day_asked() -> date | None:
    """The day an address asks for, None for today. Raises InvalidInput for what is no day."""
    text = request.args.get("day", "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text) if len(text) == len("2025-01-31") else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidInput("no such day")
    return day


def view_asked() -> str:
    """list, picture or table. Raises InvalidInput for anything else."""
    view = request.args.get("view", LIST)
    if view not in VIEWS:
        raise InvalidInput("no such view")
    return view


def address_of(path: str) -> Address:
    """The address of a tree's page with what narrows it."""
    wanted = ("view", "day", "node", "open", "only", "columns", "below")
    return Address(path, {name: request.args.get(name, "")[:LONGEST] for name in wanted})


def view_links(address: Address) -> tuple[tuple[str, str, bool], ...]:
    """The switch between list, picture and table: (words, address, whether it is the one shown)."""
    titles = {LIST: _("List"), PICTURE: _("Picture"), TABLE: _("Table")}
    now_shown = view_asked()
    return tuple(
        (str(titles[view]), address.href(view=None if view == LIST else view), view == now_shown) for view in VIEWS
    )


def looks_of(page: TreePage, address: Address, **more: Any) -> Looks:
    """How the tree of a page is looked at, as its address says."""

    def href(**changes: str | int | None) -> str:
        """Another node is shown with the first below it."""
        return address.href(**({"below": None, **changes} if "node" in changes else changes))

    return Looks(
        page.tree, page.levels, page.measurement, page.positions, page.place.name, page.day.year, href,
        address.values["node"] if address.values["node"] in page.tree.nodes else "",
        after=address.values["below"], is_all_open=address.values["open"] == "all",
        told=findings_by_node(page.tree, page.findings), reached=page.reached, **more,
    )  # fmt: skip


def drawn(page: TreePage, looks: Looks, impact: Impact | None) -> dict[str, Any]:
    """What the template draws of the tree: its boxes, the chosen node with what breaks, the picture or table asked."""
    view = view_asked()
    boxes = looks.boxes()
    title = str(_("Tree of goals of %(name)s", name=page.place.title))
    after = request.args.get("from", "")
    is_whole = request.args.get("columns") == ALL
    return {
        "boxes": boxes, "roots": looks.roots(), "chosen": chosen(looks, page.units, impact), "level": one_level(looks),
        "is_asked_for_missing": bool(request.args.get("node")) and not looks.chosen,
        "picture": picture(boxes, title) if view == PICTURE else None,
        "rows": table(looks, after) if view == TABLE and not is_whole else None, "head": head(),
        "columns": all_columns(page, looks, after) if view == TABLE and is_whole else None,
    }  # fmt: skip


def found_nodes(looks: Looks, found: tuple[Finding, ...], only: str) -> tuple[tuple[str, str, str], ...]:
    """The nodes a check found something at: (level, statement, address)."""
    home = {one.key: node for node, one in looks.tree.indicators()}
    nodes = (home.get(one.key) or looks.tree.nodes.get(_start(one.key)) for one in found if only and one.check == only)
    listed = dict.fromkeys(node.key for node in nodes if node is not None)
    return tuple(
        (
            level_words(looks.levels, looks.tree.nodes[key].level),
            node_words(looks.tree.nodes[key]),
            looks.href(node=key),
        )
        for key in listed
    )


def _start(key: str) -> str:
    """The node an edge begins at, by the edge's key; any other key as it is."""
    return key.split(":")[1] if ":" in key else key
