"""One file.

decree: {type: file, title: {id: SK, en: Decree}, types: [pdf], max_size: 10 MB}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import FileField

from engine.definitions.expression_types import FILE
from engine.definitions.model import Field
from engine.definitions.vocabulary_protocol import Option
from engine.field_types import field_type
from engine.field_types.question import Context, FieldType, Unfit
from engine.field_types.reading.stored_files import NOT_A_FILE, OPTIONS, stored_file


@field_type("file")
class FileType(FieldType):
    options: Mapping[str, Option] = OPTIONS
    kind = FILE

    def read(self, raw: Any, field: Field, context: Context) -> dict[str, Any]:
        given = raw[0] if isinstance(raw, list | tuple) and len(raw) == 1 else raw
        if given is None:
            raise Unfit(NOT_A_FILE)
        return stored_file(given, field.options)

    def show(self, value: Any, field: Field, language: str, context: Any = None) -> str:
        return str(value.get("name", "")) if isinstance(value, Mapping) else ""

    def to_input(self, value: Any, field: Field, context: Any = None) -> Any:
        return value

    def form_field(self, field: Field, language: str, context: Any = None, choices: Any = None) -> Any:
        accepted = ",".join(f".{each.lstrip('.')}" for each in field.options.get("types", ()))
        return FileField(
            field.title.into(language),
            description=field.help.into(language) if field.help else "",
            render_kw={"data-kind": self.name} | ({"accept": accepted} if accepted else {}),
        )
