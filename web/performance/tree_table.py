"""A tree as a table: one row an indicator, paged by key, the same columns that can be pasted from a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from sakip.tree.values import Node
from web.performance.tree_view import Line, Looks, line_of
from web.performance.tree_words import level_words, node_words

PAGE = 200  # rows


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator of a node, or a node without any."""

    key: str
    level: str
    parent: str
    statement: str
    line: Line | None
    href: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class Table:
    """One page of rows; ``next_href`` continues it, empty at its end."""

    rows: tuple[Row, ...]
    next_href: str
    is_first: bool

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)


def table(looks: Looks, after: str | None) -> Table:
    """The rows from the node after the one called ``after`` on ("" from the top); None gives all of them."""
    nodes = list(_in_order(looks))
    keys = [node.key for node in nodes]
    start = keys.index(after) + 1 if after and after in keys else 0
    rows: list[Row] = []
    for number, node in enumerate(nodes[start:], start):
        if after is not None and len(rows) >= PAGE:
            return Table(tuple(rows), looks.href(**{"from": keys[number - 1]}), start == 0)
        rows += _rows(looks, node)
    return Table(tuple(rows), "", start == 0)


def _in_order(looks: Looks) -> Iterator[Node]:
    waiting = list(reversed(looks.tree.roots()))
    seen: set[str] = set()
    while waiting:
        node = waiting.pop()
        if node.key in seen:
            continue
        seen.add(node.key)
        yield node
        waiting += reversed(looks.tree.children(node.key))
    yield from (node for key, node in looks.tree.nodes.items() if key not in seen)  # those in circles


def _rows(looks: Looks, node: Node) -> list[Row]:
    above = looks.tree.parent(node)
    told = (
        node.key, level_words(looks.levels, node.level), node_words(above) if above is not None else "",
        node_words(node),
    )  # fmt: skip
    lines: list[Line | None] = [line_of(looks, node, one) for one in node.indicators]
    return [Row(*told, line, looks.href(node=node.key), number == 0) for number, line in enumerate(lines or [None])]


def head() -> tuple[str, ...]:
    """The titles of the columns, in the order of ``cells``."""
    titles = (_("Key"), _("Level"), _("Parent"), _("Statement"), _("Indicator"), _("Unit of measure"), _("Target"),
              _("Owner"))  # fmt: skip
    return tuple(str(title) for title in titles)


def cells(row: Row) -> tuple[str, ...]:
    """A row as the cells of a file, in the order of ``head``."""
    line = row.line
    more = ("", "", "", "") if line is None else (line.name, line.unit, line.target, line.owner)
    return (row.key, row.level, row.parent, row.statement, *more)
