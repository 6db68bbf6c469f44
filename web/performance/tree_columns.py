"""A tree in all the columns in which it goes out to files and comes in again, on a page and as CSV."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response

from sakip.exchange.outgoing_tree import headings, rows_of
from sakip.exchange.seats import Seats
from sakip.exchange.writing import CSV, as_cell, written
from sakip.tree.pages import TreePage
from sakip.tree.plain import in_order
from sakip.tree.values import Node
from web.performance.tree_view import Looks
from web.transaction import db

ALL = "all"
PAGE = 200  # nodes


@dataclass(frozen=True, slots=True)
class AllColumns:
    """One page of rows as texts; ``next_href`` continues it, empty at its end."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    next_href: str


def all_columns(page: TreePage, looks: Looks, after: str) -> AllColumns:
    """The tree's own nodes in every column, from the node after the one called ``after`` on ("" from the top)."""
    nodes = _own(page)
    keys = [node.key for node in nodes]
    start = keys.index(after) + 1 if after in keys else 0
    shown = nodes[start : start + PAGE]
    rows = rows_of(shown, Seats(db(), page.region_id), page.levels)
    more = len(nodes) > start + PAGE
    return AllColumns(
        tuple(headings(page.levels)), tuple(tuple(as_cell(cell) for cell in row) for row in rows),
        looks.href(**{"from": shown[-1].key}) if more else "",
    )  # fmt: skip


def all_columns_file(page: TreePage) -> Response:
    """The same as a file of the kind `flask sakip export tree` writes."""
    rows = rows_of(_own(page), Seats(db(), page.region_id), page.levels)
    answer = Response(b"".join(written(CSV, headings(page.levels), rows)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="alur-{page.place.name}-{ALL}.csv"'
    return answer


def _own(page: TreePage) -> list[Node]:
    return [node for node in in_order(page.tree) if node.tree == page.place.name]
