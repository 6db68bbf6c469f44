"""Expressions of an author: checked text in, a frozen object that evaluates and explains itself out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from engine.definitions.arithmetic import TooLarge
from engine.definitions.environment import Environment
from engine.definitions.expression_checks import Checker
from engine.definitions.expression_code import compile_node
from engine.definitions.expression_rules import kind_title
from engine.definitions.expression_syntax import ExpressionFinding, Unreadable, read
from engine.definitions.expression_tree import Comparison, Junction, Literal, Node
from engine.definitions.expression_types import BOOLEAN, UNKNOWN, Type, satisfies
from engine.definitions.expression_words import explained
from engine.definitions.model import Text
from engine.definitions.scope import ExpressionFault, Scope
from engine.errors import KeyNeeded

__all__ = ["Environment", "Expression", "ExpressionFault", "ExpressionFinding", "Scope", "compile_expression"]


NAME = re.compile(r"[\w.]+")
_COMPILED = ("run", "tree", "left", "environment")


@dataclass(frozen=True, eq=False, slots=True)
class Expression:
    """``type`` is what comes out, ``names`` the answers it reads (top-level field keys).

    ``left`` is what stands left of its (last) comparison, for ``{value}`` in the message of a check. ``environment`` is
    where it was compiled. One that was kept on disk has ``source`` instead of ``run``, ``tree`` and ``left``: it is
    compiled when somebody first asks for one of them.
    """

    text: str
    type: Type
    names: frozenset[str]
    run: Callable[[Scope], Any] = field(repr=False)
    tree: Node = field(repr=False)
    left: Expression | None = field(default=None, repr=False)
    environment: Environment | None = field(default=None, repr=False)
    source: Callable[[], Expression] | None = field(default=None, repr=False)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Only asked for what is not set yet."""
            if name not in _COMPILED:
                raise AttributeError(name)
            full = self.source()
            for each in _COMPILED:
                object.__setattr__(self, each, getattr(full, each))
            return getattr(self, name)

    @classmethod
    def kept(cls, text: str, kind: Type, names: frozenset[str], source: Callable[[], Expression]) -> Expression:
        """An expression that was checked before: ``source`` compiles it."""
        made = object.__new__(cls)
        for name, value in zip(("text", "type", "names", "source"), (text, kind, names, source), strict=True):
            object.__setattr__(made, name, value)
        return made

    def evaluate(self, scope: Scope) -> Any:
        """The value for this scope; of a yes/no expression always a bool. Raises ExpressionFault, and KeyNeeded where
        it asks for an answer that is sealed: that is no fault, and must not be taken for an answer."""
        try:
            return self.run(scope)
        except (ExpressionFault, KeyNeeded):
            raise
        except Exception as error:
            raise _fault(error) from error

    def explain(self, scope: Scope) -> Text:
        """A sentence that reads out what does not hold, with its values. Never raises."""
        return explained(self.tree, scope)


def compile_expression(
    text: str, environment: Environment, expected: str | None = None
) -> tuple[Expression | None, list[ExpressionFinding]]:
    """Reads, checks and compiles ``text``; no expression when there is a finding (WF050 to WF054).

    ``expected`` is the kind that must come out: boolean, date (or a moment), number, integer, decimal, text, person,
    unit, list (or a table), duration; None for anything.
    """
    try:
        tree = read(text)
    except Unreadable as refused:
        return None, [refused.finding]
    checker = Checker(environment)
    kind = checker.check(tree)
    if expected is not None and not checker.findings and not satisfies(kind, expected):
        wanted, actual = kind_title(expected), kind_title(kind.kind)
        checker.report(
            "WF053",
            tree.offset,
            f"Hasilnya {actual.id}, seharusnya {wanted.id}.",
            f"This gives {actual.en}; it must be {wanted.en}.",
        )
    if checker.findings:
        return None, _one_per_token([_as_amount(each, tree, text) for each in checker.findings])
    names = frozenset(checker.names)
    run = compile_node(tree)
    if kind.kind == "boolean" and kind.may_be_empty:
        raw, kind = run, BOOLEAN
        run = lambda scope: bool(raw(scope))  # noqa: E731
    return Expression(text, kind, names, run, tree, _left(text, tree, names), environment), []


def unreadable(text: str) -> Expression:
    """Stands for an expression that has findings, so that what depends on it gets none for that reason."""
    tree = Literal(0, len(text), None)
    return Expression(text, UNKNOWN, frozenset(), tree.run, tree)


def _left(text: str, tree: Node, names: frozenset[str]) -> Expression | None:
    while isinstance(tree, Junction):
        tree = tree.parts[-1]
    if not isinstance(tree, Comparison):
        return None
    side = tree.operands[0]
    shown = text[side.offset : side.end]
    return Expression(shown, side.type, names, side.run, side)


def _as_amount(finding: ExpressionFinding, tree: Node, text: str) -> ExpressionFinding:
    """Only in a condition something can stand before what may be empty; an amount or a day needs it to be there."""
    if finding.code != "WF050" or tree.type.kind in ("boolean", "unknown"):
        return finding
    path = NAME.match(text, finding.offset)
    name = path.group() if path else text
    return replace(
        finding,
        message=Text(
            f"{name} mungkin kosong; beri isiannya 'default' atau 'required: true'.",
            f"{name} may be empty; give the field a 'default' or 'required: true'.",
        ),
        suggestion=None,
    )


def _one_per_token(findings: list[ExpressionFinding]) -> list[ExpressionFinding]:
    first: dict[int, ExpressionFinding] = {}
    for finding in findings:
        first.setdefault(finding.offset, finding)
    return sorted(first.values(), key=lambda finding: finding.offset)


def _fault(error: Exception) -> ExpressionFault:
    if isinstance(error, ZeroDivisionError):
        return ExpressionFault(Text("Pembagian dengan nol.", "Division by zero."))
    if isinstance(error, TooLarge | ArithmeticError):
        return ExpressionFault(Text("Hasilnya terlalu besar.", "The result is too large."))
    return ExpressionFault(Text("Nilainya tidak dapat dihitung.", "The value cannot be calculated."))
