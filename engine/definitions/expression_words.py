"""An expression read out with its values, for the person it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

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
    paths,
)
from engine.definitions.model import Text
from engine.definitions.scope import ExpressionFault, Scope

_MUST_BE = {
    "==": Text("harus sama dengan", "must be"),
    "!=": Text("tidak boleh", "must not be"),
    "<": Text("harus kurang dari", "must be less than"),
    "<=": Text("paling banyak", "must be at most"),
    ">": Text("harus lebih dari", "must be more than"),
    ">=": Text("paling sedikit", "must be at least"),
    "in": Text("harus salah satu dari", "must be one of"),
    "not in": Text("tidak boleh salah satu dari", "must not be one of"),
}
_MUST_BE_DAY = {
    "<": Text("harus sebelum", "must be before"),
    "<=": Text("paling lambat", "must be no later than"),
    ">": Text("harus sesudah", "must be after"),
    ">=": Text("paling awal", "must be no earlier than"),
}
_HOLDS = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥", "in": "∈", "not in": "∉"}
_NOT_MET = Text("Syarat belum terpenuhi.", "The condition does not hold.")


def explained(node: Node, scope: Scope) -> Text:
    """Why ``node`` is not true for this scope: the first part that fails, in words. Never raises."""
    try:
        return _upper(_reason(node, scope))
    except ExpressionFault as fault:
        return fault.reason
    except Exception:
        # Reading out must not hide the refusal it belongs to, whatever the values are.
        return _NOT_MET


def _reason(node: Node, scope: Scope) -> Text:
    match node:
        case Junction(is_and=True):
            failing = next((part for part in node.parts if not part.run(scope)), node.parts[0])
            return _reason(failing, scope)
        case Junction():
            reasons = [_reason(part, scope) for part in node.parts]
            return Text(" Atau: ".join(each.id for each in reasons), " Or: ".join(each.en for each in reasons))
        case Comparison():
            return _comparison(node, scope)
        case Not():
            return _both("{} seharusnya tidak terpenuhi.", _words(node.part), english="{} should not be so.")
        case Call(name="filled"):
            return _both("{} belum diisi.", _words(node.arguments[0]), english="{} is not filled in.")
        case Literal():
            return _NOT_MET
    return _both("{} belum terpenuhi.", _words(node), english="{} does not hold.")


def _comparison(node: Comparison, scope: Scope) -> Text:
    for position, sign in enumerate(node.operators):
        left, right = node.operands[position], node.operands[position + 1]
        single = Comparison(node.offset, node.end, (left, right), (sign,))
        if len(node.operators) > 1 and _holds(single, scope):
            continue
        must = _MUST_BE_DAY.get(sign) if left.type.kind in ("date", "moment") else None
        must = must or _MUST_BE[sign]
        if isinstance(left, Literal) and not isinstance(right, Literal):
            # "1 < x" is read out from the side of x, as people say it.
            flipped = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(sign, sign)
            left, right, must = right, left, _MUST_BE[flipped]
        if any(path.is_private for path in paths(single)):
            return _both("{} tidak memenuhi syarat.", _words(left), english="{} does not meet the condition.")
        labels = _labels(left) or _labels(right)
        value, wanted = _labelled(_named(left, scope), labels), _labelled(_named(right, scope), labels)
        held = "" if isinstance(left, Literal) else "{0} adalah {1}; "
        name, wish = _words(left), value_in_words(wanted)
        if not _is_written_out(right):
            wish = Text(f"{_words(right).id} ({wish.id})", f"{_words(right).en} ({wish.en})")
        shown = value_in_words(value)
        english = held.replace("adalah", "is")
        return Text(
            f"{held.format(name.id, shown.id)}{must.id} {wish.id}.",
            f"{english.format(name.en, shown.en)}it {must.en} {wish.en}.",
        )
    return _NOT_MET


def _labels(node: Node) -> Mapping[str, Text]:
    return node.type.labels or (node.type.of.labels if node.type.of is not None else None) or {}


def _labelled(value: Any, labels: Mapping[str, Text]) -> Any:
    """Keys of a choice as what people read for them."""
    if isinstance(value, list | tuple):
        return [_labelled(each, labels) for each in value]
    return labels.get(value, value) if labels and isinstance(value, str) else value


def _named(node: Node, scope: Scope) -> Any:
    """The value, people by name."""
    value = node.run(scope)
    of_people = node.type.of is not None and node.type.of.kind == "person"
    if scope.person is None or not (of_people or node.type.kind == "person") or value is None:
        return value
    if of_people:
        return [scope.person(each).name or each for each in value]
    return scope.person(value).name or value


def _holds(single: Comparison, scope: Scope) -> bool:
    from_left, to_right = single.operands
    value, other = from_left.run(scope), to_right.run(scope)
    match single.operators[0]:
        case "<":
            return bool(value < other)
        case "<=":
            return bool(value <= other)
        case ">":
            return bool(value > other)
        case ">=":
            return bool(value >= other)
        case "==":
            return value is not None and bool(value == other)
        case "!=":
            return value is None or bool(value != other)
        case "in":
            return value in other
    return value not in other


def _is_written_out(node: Node) -> bool:
    """Whether its value says all there is to say: literals, and what is made of them."""
    if isinstance(node, Call):
        return all(map(_is_written_out, node.arguments))
    return isinstance(node, Literal | Listed)


def _words(node: Node) -> Text:
    """What a part is called."""
    match node:
        case Literal(value=value):
            return value_in_words(value)
        case Path(title=Text() as title):
            return title
        case Call():
            parts = [_words(argument) for argument in node.arguments]
            reads = node.function.reads
            return Text(reads.id.format(*(p.id for p in parts)), reads.en.format(*(p.en for p in parts)))
        case Arithmetic():
            left, right = _words(node.left), _words(node.right)
            return Text(f"{left.id} {node.operator} {right.id}", f"{left.en} {node.operator} {right.en}")
        case Negative():
            return _both("-{}", _words(node.part))
        case Listed():
            items = [_words(item) for item in node.items]
            return Text(", ".join(each.id for each in items), ", ".join(each.en for each in items))
        case Not():
            return _both("bukan ({})", _words(node.part), english="not ({})")
        case Junction():
            parts = [_words(part) for part in node.parts]
            word = ("dan", "and") if node.is_and else ("atau", "or")
            return Text(f" {word[0]} ".join(p.id for p in parts), f" {word[1]} ".join(p.en for p in parts))
        case Comparison():
            signs = [_HOLDS.get(sign, sign) for sign in node.operators]
            names = [_words(operand) for operand in node.operands]
            return Text(_interleaved([n.id for n in names], signs), _interleaved([n.en for n in names], signs))
    return Text("nilai", "a value")


def _interleaved(names: list[str], signs: list[str]) -> str:
    return names[0] + "".join(f" {sign} {name}" for sign, name in zip(signs, names[1:], strict=True))


def value_in_words(value: Any) -> Text:
    """A value as people write it, in both languages."""
    match value:
        case Text():
            return value
        case None:
            return Text("(kosong)", "(empty)")
        case bool():
            return Text("ya", "yes") if value else Text("tidak", "no")
        case int() | Decimal():
            pattern = "#,##0" if value == int(value) else "#,##0.00####"
            return Text(format_decimal(value, pattern, locale="id"), format_decimal(value, pattern, locale="en"))
        case datetime():
            return Text(
                format_datetime(value, "d MMMM y HH.mm", locale="id"),
                format_datetime(value, "d MMMM y HH:mm", locale="en"),
            )
        case date():
            return Text(format_date(value, "d MMMM y", locale="id"), format_date(value, "d MMMM y", locale="en"))
        case list() | tuple():
            items = [value_in_words(item) for item in value[:10]]
            return Text(", ".join(each.id for each in items), ", ".join(each.en for each in items))
    text = str(value)[:200]
    return Text(text, text)


def _both(pattern: str, part: Text, *, english: str | None = None) -> Text:
    return Text(pattern.format(part.id), (english or pattern).format(part.en))


def _upper(text: Text) -> Text:
    return Text(text.id[:1].upper() + text.id[1:], text.en[:1].upper() + text.en[1:])
