"""A checked tree as closures: what is looked up once is looked up here, not while a case waits."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from engine.definitions import arithmetic
from engine.definitions.expression_tree import (
    Arithmetic,
    Call,
    Comparison,
    Junction,
    Listed,
    Literal,
    Negative,
    Node,
    Not,
    Path,
)
from engine.definitions.model import Text
from engine.definitions.scope import ExpressionFault, Scope

Run = Callable[[Any], Any]

_ORDERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_NUMERIC = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
}
_PLAIN = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def compile_node(node: Node) -> Run:
    """The closure that evaluates ``node``; also set as ``run`` on it and on every node below."""
    match node:
        case Literal(value=value):
            node.run = lambda _: value
        case Junction():
            node.run = _junction([compile_node(part) for part in node.parts], node.is_and)
        case Not():
            part = compile_node(node.part)
            node.run = lambda scope: not part(scope)
        case Comparison():
            node.run = _comparison(node)
        case Arithmetic():
            node.run = _arithmetic(node)
        case Negative():
            node.run = _negative(node)
        case Listed():
            items = [compile_node(item) for item in node.items]
            node.run = lambda scope: [item(scope) for item in items]
        case Call():
            node.run = _call(node)
    return node.run


def empty_fault(*nodes: Node) -> ExpressionFault:
    """The fault that names what was empty."""
    for node in nodes:
        if isinstance(node, Path) and node.title is not None:
            return ExpressionFault(Text(f"'{node.title.id}' masih kosong.", f"'{node.title.en}' is empty."))
    return ExpressionFault(Text("Ada nilai yang masih kosong.", "A value is empty."))


def _junction(parts: list[Run], is_and: bool) -> Run:
    if len(parts) == 2:
        one, other = parts
        if is_and:
            return lambda scope: bool(one(scope) and other(scope))
        return lambda scope: bool(one(scope) or other(scope))
    if is_and:
        return lambda scope: all(part(scope) for part in parts)
    return lambda scope: any(part(scope) for part in parts)


def _comparison(node: Comparison) -> Run:
    for operand in node.operands:
        compile_node(operand)
    links = [
        _link(sign, node.operands[position], node.operands[position + 1])
        for position, sign in enumerate(node.operators)
    ]
    if len(links) == 1:
        return links[0]
    return lambda scope: all(link(scope) for link in links)


def _link(sign: str, left: Node, right: Node) -> Run:
    one, other = left.run, right.run
    match sign:
        case "==":
            return _equal(left, right)
        case "!=":
            equal = _equal(left, right)
            return lambda scope: not equal(scope)
        case "in":
            return _contained(one, other)
        case "not in":
            contained = _contained(one, other)
            return lambda scope: not contained(scope)
    return _ordering(_ORDERS[sign], left, right)


def _equal(left: Node, right: Node) -> Run:
    one, other = left.run, right.run
    if isinstance(right, Literal) and right.value is not None:
        value = right.value
        return lambda scope: one(scope) == value

    def equal(scope: Scope) -> bool:
        value = one(scope)
        return value is not None and bool(value == other(scope))

    if "list" in (left.type.kind, right.type.kind):
        return lambda scope: list(one(scope) or ()) == list(other(scope) or ())
    return equal


def _contained(one: Run, other: Run) -> Run:
    def contained(scope: Scope) -> bool:
        value = one(scope)
        return value is not None and value in other(scope)

    return contained


def _ordering(compare: Callable[[Any, Any], bool], left: Node, right: Node) -> Run:
    one, other = left.run, right.run
    ranks = left.type.ranks or right.type.ranks
    if "scale" in (left.type.kind, right.type.kind):
        ranks = ranks or {}
        one, other = partial(_rank, ranks, left), partial(_rank, ranks, right)

    def ordered(scope: Scope) -> bool:
        first, second = one(scope), other(scope)
        try:
            return compare(first, second)
        except TypeError:
            empties = [node for node, value in ((left, first), (right, second)) if value is None]
            raise empty_fault(*empties) if empties else _unfitting() from None

    return ordered


def _rank(ranks: Any, node: Node, scope: Scope) -> Any:
    value = node.run(scope)
    if value is None:
        return None
    if value not in ranks:
        raise ExpressionFault(Text(f"{value!r} tidak ada pada skala.", f"{value!r} is not on the scale."))
    return ranks[value]


def _unfitting() -> ExpressionFault:
    return ExpressionFault(Text("Jenis nilainya tidak cocok.", "The values are of kinds that do not fit."))


def _arithmetic(node: Arithmetic) -> Run:
    one, other = compile_node(node.left), compile_node(node.right)
    is_numeric = node.type.kind in ("integer", "decimal")
    calculate = (_NUMERIC if is_numeric else _PLAIN)[node.operator]

    def calculated(scope: Scope) -> Any:
        first, second = one(scope), other(scope)
        if first is None or second is None:
            raise empty_fault(*(each for each, value in ((node.left, first), (node.right, second)) if value is None))
        if isinstance(first, timedelta) and isinstance(second, Decimal):
            second = float(second)
        return calculate(first, second)

    return calculated


def _negative(node: Negative) -> Run:
    part = compile_node(node.part)

    def negated(scope: Scope) -> Any:
        value = part(scope)
        if value is None:
            raise empty_fault(node.part)
        return -value if isinstance(value, timedelta) else arithmetic.negate(value)

    return negated


def _call(node: Call) -> Run:
    arguments = [compile_node(argument) for argument in node.arguments]
    run = node.function.run
    if node.function.takes_scope:
        if len(arguments) == 1:
            only = arguments[0]
            return lambda scope: run(scope, only(scope))
        return lambda scope: run(scope, *[argument(scope) for argument in arguments])
    if len(arguments) == 1:
        only = arguments[0]
        return lambda scope: run(only(scope))
    return lambda scope: run(*[argument(scope) for argument in arguments])
