"""An expression's text as a small tree: Python's grammar, the closed part of it, nothing of it ever run."""

from __future__ import annotations

import ast
import keyword
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

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

MAXIMUM_LENGTH = 500
MAXIMUM_NODES = 60
MAXIMUM_DIGITS = 30

_WORDS = {"true": True, "false": False, "null": None}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_UNCOUNTED = (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop)
_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
_NUMBER = re.compile(r"\d[\d_]*(\.\d+)?")
_RESERVED = "|".join(word for word in keyword.kwlist if word.islower())
_RESERVED_ATTRIBUTE = re.compile(rf"\. *({_RESERVED})\b")
_NUMBER_BEFORE_WORD = re.compile(r"(?<![\w.])\d[\d_]*\.?\d*[A-Za-z]")


@dataclass(frozen=True, slots=True)
class ExpressionFinding:
    """What is wrong, and where: ``offset`` counts characters from the start of the text."""

    code: str
    offset: int
    message: Text
    suggestion: str | None = None


class Unreadable(Exception):
    """Carries the one finding that ends reading."""

    def __init__(self, code: str, offset: int, indonesian: str, english: str, suggestion: str | None = None) -> None:
        super().__init__(english)
        self.finding = ExpressionFinding(code, offset, Text(indonesian, english), suggestion)


def read(text: str) -> Node:
    """The tree of ``text``; raises Unreadable (WF051, WF052 for True/False/None, WF054) with the place."""
    if len(text) > MAXIMUM_LENGTH:
        raise Unreadable("WF054", 0, *_too_long())
    plain = re.sub(r"[\r\n\t\f\v]", " ", text)
    stripped = plain.lstrip(" ")
    shift = len(plain) - len(stripped)
    if not stripped.strip():
        raise Unreadable("WF051", 0, "Ekspresi kosong.", "The expression is empty.")
    masked = _STRING.sub(lambda found: "'" + "x" * (len(found[0]) - 2) + "'", stripped)
    _refuse_characters(masked, shift)
    reserved = frozenset(found.end(1) for found in _RESERVED_ATTRIBUTE.finditer(masked))
    tree = _parse(_without_reserved(stripped, reserved), masked, shift)
    if sum(not isinstance(node, _UNCOUNTED) for node in ast.walk(tree)) > MAXIMUM_NODES:
        raise Unreadable("WF054", 0, *_too_long())
    return _Reader(stripped, shift, reserved).node(tree)


def _without_reserved(text: str, ends: frozenset[int]) -> str:
    """Fields may be called ``from`` or ``class``, which Python keeps for itself: after a dot such a word gets a last
    capital, which no key has, until it is read."""
    return "".join(each.upper() if place + 1 in ends else each for place, each in enumerate(text)) if ends else text


def _too_long() -> tuple[str, str]:
    return (
        f"Ekspresi terlalu panjang: paling banyak {MAXIMUM_LENGTH} huruf dan {MAXIMUM_NODES} bagian.",
        f"The expression is too long: at most {MAXIMUM_LENGTH} characters and {MAXIMUM_NODES} parts.",
    )


def _refuse_characters(masked: str, shift: int) -> None:
    for position, character in enumerate(masked):
        if character in "#\\;":
            raise Unreadable("WF054", position + shift, *_not_allowed(character))
        if not character.isascii() or character < " ":
            raise Unreadable("WF051", position + shift, "Tanda ini tidak dikenal.", "This character is not known here.")
    found = _NUMBER_BEFORE_WORD.search(masked)
    if found:
        raise Unreadable("WF054", found.start() + shift, *_not_allowed(found[0]))


def _not_allowed(what: str) -> tuple[str, str]:
    return f"{what!r} tidak boleh dipakai di sini.", f"{what!r} may not be used here."


def _parse(stripped: str, masked: str, shift: int) -> ast.expr:
    try:
        return ast.parse(stripped, mode="eval").body
    except SyntaxError as error:
        place = min(max((error.offset or 1) - 1, 0), len(masked)) + shift
        raise Unreadable("WF051", place, "Ekspresi tidak dapat dibaca.", "The expression cannot be read.") from None
    except (ValueError, RecursionError, MemoryError):
        raise Unreadable("WF051", shift, "Ekspresi tidak dapat dibaca.", "The expression cannot be read.") from None


class _Reader:
    """Turns `ast` nodes into ours and refuses every kind that is not on the list."""

    def __init__(self, text: str, shift: int, reserved: frozenset[int]) -> None:
        self.text = text
        self.reserved = reserved
        self.bytes = text.encode("utf-8", "surrogatepass")
        self.is_ascii = text.isascii()
        self.shift = shift

    def _character(self, column: int) -> int:
        if not self.is_ascii:
            column = len(self.bytes[:column].decode("utf-8", "surrogatepass"))
        return column + self.shift

    def _span(self, node: ast.expr) -> tuple[int, int]:
        return self._character(node.col_offset), self._character(node.end_col_offset or node.col_offset)

    def _source(self, node: ast.expr) -> str:
        start, end = self._span(node)
        return self.text[start - self.shift : end - self.shift]

    def node(self, tree: ast.expr) -> Node:
        start, end = self._span(tree)
        match tree:
            case ast.Constant():
                return Literal(start, end, self._constant(tree, start))
            case ast.Name(id=name) if name in _WORDS:
                return Literal(start, end, _WORDS[name])
            case ast.Name() | ast.Attribute():
                return self._path(tree)
            case ast.BoolOp(op=operator, values=values):
                return Junction(start, end, isinstance(operator, ast.And), tuple(map(self.node, values)))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(start, end, self.node(operand))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._negative(start, end, self.node(operand))
            case ast.BinOp(op=operator, left=left, right=right) if type(operator) in _ARITHMETIC:
                return Arithmetic(start, end, _ARITHMETIC[type(operator)], self.node(left), self.node(right))
            case ast.Compare(left=left, ops=operators, comparators=others) if all(
                type(each) in _COMPARISONS for each in operators
            ):
                operands = tuple(map(self.node, [left, *others]))
                return Comparison(start, end, operands, tuple(_COMPARISONS[type(each)] for each in operators))
            case ast.List(elts=items):
                return Listed(start, end, tuple(map(self.node, items)))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                self._refuse_private(name, start)
                return Call(start, end, name, tuple(map(self.node, arguments)))
        raise Unreadable("WF054", start, *_not_allowed(self._source(tree)[:40]))

    def _negative(self, start: int, end: int, part: Node) -> Node:
        if isinstance(part, Literal) and type(part.value) in (int, Decimal):
            return Literal(start, end, -part.value)
        return Negative(start, end, part)

    def _constant(self, tree: ast.Constant, start: int) -> Any:
        source, value = self._source(tree), tree.value
        if value is None or value is True or value is False:
            word = {"None": "null", "True": "true", "False": "false"}[source]
            raise Unreadable(
                "WF052",
                start,
                f"{source!r} tidak dikenal; tulis {word!r}.",
                f"{source!r} is not known; write {word!r}.",
                word,
            )
        if isinstance(value, str):
            if source not in (f"'{value}'", f'"{value}"'):
                raise Unreadable("WF054", start, *_not_allowed(source[:40]))
            return value
        if not _NUMBER.fullmatch(source) or len(source) > MAXIMUM_DIGITS:
            raise Unreadable("WF054", start, *_not_allowed(source[:40]))
        return Decimal(source) if "." in source else int(source)

    def _path(self, tree: ast.expr) -> Path:
        start, end = self._span(tree)
        names: list[str] = []
        places: list[int] = []
        while isinstance(tree, ast.Attribute):
            behind = self._span(tree)[1]
            names.append(tree.attr.lower() if behind - self.shift in self.reserved else tree.attr)
            places.append(behind - len(tree.attr))
            tree = tree.value
        if not isinstance(tree, ast.Name):
            raise Unreadable("WF054", self._span(tree)[0], *_not_allowed(self._source(tree)[:40]))
        names.append(tree.id)
        places.append(self._span(tree)[0])
        for name, place in zip(names, places, strict=True):
            self._refuse_private(name, place)
        return Path(start, end, tuple(reversed(names)), tuple(reversed(places)))

    def _refuse_private(self, name: str, place: int) -> None:
        if name.startswith("__"):
            raise Unreadable("WF054", place, *_not_allowed(name))
