"""Yes or no; unanswered is neither.

is_key: {type: yes_no, title: {id: IKU, en: Key indicator}, default: false}
"""

from __future__ import annotations

from typing import Any

from wtforms import RadioField

from engine.definitions.expression_types import BOOLEAN
from engine.definitions.model import Field, Text
from engine.field_types import field_type
from engine.field_types.question import Context, FieldType, Unfit, listed

_YES = frozenset({"ya", "yes", "true", "1", "on", "y", "v", "x", "✓", "√"})
_NO = frozenset({"tidak", "no", "false", "0", "off", "n", "t", "-"})


@field_type("yes_no")
class YesNoType(FieldType):
    kind = BOOLEAN

    def read(self, raw: Any, field: Field, context: Context) -> bool:
        if isinstance(raw, bool):
            return raw
        word = str(raw).strip().lower() if isinstance(raw, str | int) and len(str(raw)[:20]) < 20 else ""
        if word in _YES or word in _NO:
            return word in _YES
        raise Unfit(Text("Jawab ya atau tidak.", "Answer yes or no."))

    def show(self, value: Any, field: Field, language: str, context: Any = None) -> str:
        if value is None:
            return ""
        return ("Yes" if value else "No") if language == "en" else ("Ya" if value else "Tidak")

    def to_input(self, value: Any, field: Field, context: Any = None) -> str:
        return "" if value is None else ("true" if value else "false")

    def choices(self, field: Field, language: str, context: Any = None) -> list[tuple[str, str]]:
        return [("true", self.show(True, field, language)), ("false", self.show(False, field, language))]

    def form_field(self, field: Field, language: str, context: Any = None, choices: Any = None) -> Any:
        return RadioField(
            field.title.into(language),
            description=field.help.into(language) if field.help else "",
            choices=listed(self.choices(field, language)),
            validate_choice=False,
            render_kw={"data-kind": self.name},
        )
