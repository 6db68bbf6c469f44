"""When a question is asked, in a few words: ``Tahap: Perubahan``. Shown where no script can hide what is not asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from engine.definitions.expression_tree import Call, Comparison, Junction, Listed, Literal, Node, Path
from engine.definitions.expressions import Expression
from engine.definitions.model import Field, Form
from engine.field_types.question import Context


def condition_words(condition: Expression, form: Form, kinds: Mapping[str, Any], language: str) -> str:
    """The condition in the words of the form; of one too intricate for that, the questions it depends on."""
    said = _said(condition.tree, form, kinds, language)
    if said is None:
        fields = [form.fields[name].title.into(language) for name in sorted(condition.names) if name in form.fields]
        return str(_("Depends on: %(fields)s", fields=", ".join(fields))) if fields else ""
    return str(_("Only if %(condition)s", condition=said)) if said else ""


def _said(node: Node, form: Form, kinds: Mapping[str, Any], language: str) -> str | None:
    if isinstance(node, Junction):
        parts = [_said(part, form, kinds, language) for part in node.parts]
        if any(part is None for part in parts):
            return None
        joint = _("and") if node.is_and else _("or")
        return f" {joint} ".join(part for part in parts if part)
    if isinstance(node, Call) and node.name == "filled":
        return ""  # goes without saying beside what is asked of the answer itself
    if isinstance(node, Comparison) and len(node.operators) == 1:
        return _compared(node, form, kinds, language)
    return None


def _compared(node: Comparison, form: Form, kinds: Mapping[str, Any], language: str) -> str | None:
    asked, given = node.operands
    operator = node.operators[0]
    field = form.fields.get(asked.names[1]) if isinstance(asked, Path) and asked.names[0] == "case" else None
    values = _values(given)
    if field is None or values is None or len(asked.names) != 2 or operator not in ("==", "!=", "in", "not in"):  # type: ignore[attr-defined]
        return None
    between = _("or")
    words = f" {between} ".join(_answer(field, value, form, kinds, language) for value in values)
    if operator in ("!=", "not in"):
        return str(_("%(question)s is not %(answer)s", question=field.title.into(language), answer=words))
    return str(_("%(question)s is %(answer)s", question=field.title.into(language), answer=words))


def _values(node: Node) -> list[Any] | None:
    if isinstance(node, Literal):
        return [node.value]
    if isinstance(node, Listed) and all(isinstance(item, Literal) for item in node.items):
        return [item.value for item in node.items if isinstance(item, Literal)]
    return None


def _answer(field: Field, value: Any, form: Form, kinds: Mapping[str, Any], language: str) -> str:
    return str(kinds[field.type].show(value, field, language, Context(form)))
