"""Text of several lines.

findings: {type: paragraph, title: {id: Temuan, en: Findings}, max_length: 4000}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import TextAreaField

from engine.changes import FieldFault
from engine.definitions.expression_types import TEXT
from engine.definitions.model import Field
from engine.definitions.vocabulary_protocol import Option
from engine.field_types import field_type
from engine.field_types.question import Context, FieldType
from engine.field_types.reading.words import DEFAULT_PARAGRAPH, OPTIONS, beyond, paragraph


@field_type("paragraph")
class ParagraphType(FieldType):
    options: Mapping[str, Option] = OPTIONS
    kind = TEXT

    def read(self, raw: Any, field: Field, context: Context) -> str:
        return paragraph(raw, field.options)

    def outside(self, value: Any, field: Field) -> Iterable[FieldFault]:
        wrong = beyond(value, field.options, DEFAULT_PARAGRAPH)
        return () if wrong is None else (FieldFault("", wrong.message, wrong.code),)

    def form_field(self, field: Field, language: str, context: Any = None, choices: Any = None) -> Any:
        longest = field.options.get("max_length", DEFAULT_PARAGRAPH)
        return TextAreaField(
            field.title.into(language),
            description=field.help.into(language) if field.help else "",
            render_kw={"data-kind": self.name, "maxlength": longest, "rows": 4},
        )
