"""One line of text. Codes and identity numbers (NIP) are text: leading zeros and dots stay.

nip: {type: text, title: {id: NIP, en: Employee number}, pattern: "[0-9]{18}", max_length: 18}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.changes import FieldFault
from engine.definitions.expression_types import TEXT
from engine.definitions.model import Field
from engine.definitions.vocabulary_protocol import Option
from engine.field_types import field_type
from engine.field_types.question import Context, FieldType, string_field
from engine.field_types.reading.words import DEFAULT_LINE, OPTIONS, beyond, line


@field_type("text")
class TextType(FieldType):
    options: Mapping[str, Option] = OPTIONS
    kind = TEXT

    def read(self, raw: Any, field: Field, context: Context) -> str:
        return line(raw, field.options)

    def outside(self, value: Any, field: Field) -> Iterable[FieldFault]:
        wrong = beyond(value, field.options, DEFAULT_LINE)
        return () if wrong is None else (FieldFault("", wrong.message, wrong.code),)

    def form_field(self, field: Field, language: str, context: Any = None, choices: Any = None) -> Any:
        longest = field.options.get("max_length", DEFAULT_LINE)
        return string_field(field, language, self.name, maxlength=longest)
