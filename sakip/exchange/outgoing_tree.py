"""A tree of goals as rows: each node with its indicators, in the columns in which it is brought in (§4, §12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from sakip.configuration.levels import Levels
from sakip.exchange.outgoing import Asked, Places, Row, target_cell
from sakip.exchange.seats import Seats
from sakip.exchange.tree_columns import FIELD, INDICATOR_KEY, MORE, NODE, WORDS, with_fields
from sakip.exchange.writing import Value
from sakip.standing import configuration_of
from sakip.tree.plain import in_order
from sakip.tree.rows import unit_keys
from sakip.tree.store import whole_tree_on
from sakip.tree.target_text import FILES, text_of_targets
from sakip.tree.values import Indicator, Node

_OF_INDICATOR = (INDICATOR_KEY, *WORDS, *MORE)


def tree_head(session: Session, asked: Asked) -> list[str]:
    """The headings, with the further fields of this region's nodes."""
    return headings(configuration_of(session, asked.region_id).levels(asked.on.year))


def headings(levels: Levels | None) -> list[str]:
    """The headings where these levels govern."""
    kind = with_fields(levels)
    fields = [one.title.id if FIELD in one.key and not one.names else one.key for one in kind.columns]
    return [name.removeprefix(FIELD) for name in fields]


def tree_rows(session: Session, asked: Asked) -> Iterator[Row]:
    """The nodes of the trees asked for as they stood on the day, from the top down, a row an indicator."""
    places = Places(session, asked)
    units = {key: unit for unit, key in unit_keys(session, asked.region_id).items()}
    levels = configuration_of(session, asked.region_id).levels(asked.on.year)
    whole = in_order(whole_tree_on(session, asked.region_id, asked.on))
    wanted = (node for node in whole if places.wants(units[node.tree]))
    yield from rows_of(wanted, Seats(session, asked.region_id), levels)


def rows_of(nodes: Iterable[Node], seats: Seats, levels: Levels | None) -> Iterator[Row]:
    """The rows of these nodes, in the order of `headings`."""
    fields = [] if levels is None else list(levels.node_fields)
    for node in nodes:
        said = _node(node, seats)
        more: list[Value] = [node.fields.get(name) for name in fields]
        for one in node.indicators or (None,):
            yield (*said, *_indicator(one, seats), *more)


def _node(node: Node, seats: Seats) -> list[Value]:
    told: dict[str, Value] = {
        "tree": node.tree, "key": node.key, "level": node.level, "parent": node.parent, "place": node.place,
        "statement": node.statement, "result_kind": node.result_kind, "owner": seats.name(node.owner),
    }  # fmt: skip
    return [told[column.key] for column in NODE]


def _indicator(one: Indicator | None, seats: Seats) -> list[Value]:
    if one is None:
        return [None] * len(_OF_INDICATOR)
    told: dict[str, Value] = {
        "indicator": one.key, "measure": one.unit, "due_in": ", ".join(one.due_in or ()),
        "indicator_owner": seats.name(one.owner), "verifier": seats.name(one.verifier),
        "baseline": target_cell(one.baseline), "plan_targets": text_of_targets(one.plan_targets, FILES),
        "targets": text_of_targets(one.targets, FILES), "weight": one.weight, "is_key": one.is_key,
        "is_published": one.is_published,
    }  # fmt: skip
    return [told[column.key] if column.key in told else getattr(one, column.key) for column in _OF_INDICATOR]
