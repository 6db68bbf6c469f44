"""Conditions of decision tables so plain that the values written in them are all the values worth trying."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine.definitions.expression_tree import Call, Comparison, Junction, Listed, Literal, Negative, Node, Not, Path
from engine.definitions.expressions import Expression

_NUMBERS = ("integer", "decimal")
_ORDERED = (*_NUMBERS, "date")
_ORDERS = ("<", "<=", ">", ">=")


def is_plain(condition: Expression, inputs: Collection[str]) -> bool:
    """Whether it compares single inputs with written values and nothing else: ``n > 10``, not ``n / 100 > 50``."""
    return _plain(condition.tree, inputs)


def are_independent(inputs: Mapping[str, Expression]) -> bool:
    """Whether each input may have any value beside those of the others: no two look at the same answer."""
    seen: set[str] = set()
    for expression in inputs.values():
        if seen & expression.names:
            return False
        seen |= expression.names
    return True


def _plain(node: Node, inputs: Collection[str]) -> bool:
    if isinstance(node, Junction):
        return all(_plain(part, inputs) for part in node.parts)
    if isinstance(node, Not):
        return _plain(node.part, inputs)
    if isinstance(node, Call):
        return node.name == "filled" and all(_is_input(argument, inputs) for argument in node.arguments)
    if isinstance(node, Comparison):
        return _plain_comparison(node, inputs)
    return isinstance(node, Literal) or _is_input(node, inputs)


def _plain_comparison(node: Comparison, inputs: Collection[str]) -> bool:
    compared = [each for each in node.operands if not _is_written(each)]
    if len(compared) > 1 or not all(_is_input(each, inputs) for each in compared):
        return False
    if any(each.type.kind in ("list", "table", "moment", "duration") for each in compared):
        return False
    has_order = any(operator in _ORDERS for operator in node.operators)
    return not has_order or all(each.type.kind in _ORDERED or bool(each.type.choices) for each in compared)


def _is_input(node: Node, inputs: Collection[str]) -> bool:
    return isinstance(node, Path) and len(node.names) == 1 and node.names[0] in inputs


def _is_written(node: Node) -> bool:
    """A value that stands in the table: a literal, a list of them, a day in quotes, a parameter that is no day."""
    if isinstance(node, Negative):
        return _is_written(node.part)
    if isinstance(node, Listed):
        return all(_is_written(item) for item in node.items)
    if isinstance(node, Call):
        return node.name == "date" and len(node.arguments) == 1 and isinstance(node.arguments[0], Literal)
    if isinstance(node, Path):
        return node.names[0] == "parameters" and node.type.kind in (*_NUMBERS, "text", "choice", "boolean")
    return isinstance(node, Literal)
