"""Any number of entries of one kind; empty ones are left out.

goals: {type: list, of: text, title: {id: Sasaran, en: Goals}, min_items: 1, max_items: 10}
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import TextAreaField

from engine.changes import FieldFault
from engine.definitions.environment import Environment
from engine.definitions.expression_types import UNKNOWN, Type, list_of
from engine.definitions.model import Field, Text
from engine.definitions.vocabulary_protocol import Option
from engine.field_types import field_type, kind_of
from engine.field_types.question import Context, FieldType, Unfit, is_blank

MOST_ITEMS = 500
# Kinds that need no options of their own and are one value.
ITEM_KINDS = (
    "text",
    "paragraph",
    "integer",
    "decimal",
    "percent",
    "money",
    "date",
    "month",
    "year",
    "yes_no",
    "file",
    "person",
    "unit",
    "position",
)


@field_type("list")
class ListType(FieldType):
    options: Mapping[str, Option] = {
        "of": Option("one_of", choices=ITEM_KINDS),
        "min_items": Option("integer", minimum=0, maximum=MOST_ITEMS),
        "max_items": Option("integer", minimum=1, maximum=MOST_ITEMS),
    }

    def type_of(self, field: Field, environment: Environment) -> Type:
        spec = environment.field_types.get(field.options.get("of", "text"))
        return list_of(spec.type_of(item_of(field), environment) if spec else UNKNOWN)

    def read(self, raw: Any, field: Field, context: Context) -> builtins.list[Any] | None:
        given = raw.splitlines() if isinstance(raw, str) else raw
        if not isinstance(given, builtins.list | tuple):
            raise Unfit(Text("Isi sebagai daftar.", "Give a list."))
        if len(given) > 2 * MOST_ITEMS:
            raise Unfit(_too_many(MOST_ITEMS), "too_many")
        item, kind = item_of(field), kind_of(field.options.get("of", "text"))
        values: builtins.list[Any] = []
        faults: builtins.list[FieldFault] = []
        for position, each in enumerate(given):
            try:
                if not is_blank(each):
                    values.append(kind.clean(each, item, context))
            except Unfit as unfit:
                faults += unfit.at(str(position))
        if faults:
            raise Unfit(faults[0].message, faults=faults)
        wrong = _wrong_count(len(values), field)
        if wrong is not None:
            raise wrong
        return values or None

    def outside(self, value: Any, field: Field) -> Iterable[FieldFault]:
        wrong = _wrong_count(len(value), field)
        return () if wrong is None else (FieldFault("", wrong.message, wrong.code),)

    def to_store(self, value: Any, field: Field) -> Any:
        item, kind = item_of(field), kind_of(field.options.get("of", "text"))
        return None if value is None else [kind.to_store(each, item) for each in value]

    def from_store(self, plain: Any, field: Field) -> Any:
        item, kind = item_of(field), kind_of(field.options.get("of", "text"))
        return None if plain is None else [kind.from_store(each, item) for each in plain]

    def show(self, value: Any, field: Field, language: str, context: Context | None = None) -> str:
        item, kind = item_of(field), kind_of(field.options.get("of", "text"))
        return "; ".join(kind.show(each, item, language, context) for each in value or ())

    def to_input(self, value: Any, field: Field, context: Context | None = None) -> str:
        item, kind = item_of(field), kind_of(field.options.get("of", "text"))
        return "\n".join(str(kind.to_input(each, item, context)) for each in value or ())

    def form_field(self, field: Field, language: str, context: Any = None, choices: Any = None) -> Any:
        return TextAreaField(
            field.title.into(language),
            description=field.help.into(language) if field.help else "",
            render_kw={"data-kind": self.name, "rows": 4},
        )


def item_of(field: Field) -> Field:
    """The field each entry of a list answers."""
    kind = field.options.get("of", "text")
    return Field(field.key, kind, field.title, None, True, None, field.classification, None, {}, {})


def _wrong_count(count: int, field: Field) -> Unfit | None:
    least, most = field.options.get("min_items", 0), field.options.get("max_items", MOST_ITEMS)
    if 0 < count < least:
        return Unfit(Text(f"Paling sedikit {least} butir.", f"At least {least} entries."), "too_few")
    return Unfit(_too_many(most), "too_many") if count > most else None


def _too_many(most: int) -> Text:
    return Text(f"Paling banyak {most} butir.", f"At most {most} entries.")
