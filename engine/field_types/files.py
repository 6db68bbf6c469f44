"""Several files.

evidence: {type: files, title: {id: Bukti dukung, en: Evidence}, types: [pdf, jpg], max_size: 10 MB, max_count: 5}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import MultipleFileField

from engine.changes import FieldFault
from engine.definitions.expression_types import FILE, list_of
from engine.definitions.model import Field, Text
from engine.definitions.vocabulary_protocol import Option
from engine.field_types import field_type
from engine.field_types.question import Context, FieldType, Unfit
from engine.field_types.reading.stored_files import MOST_FILES, NOT_A_FILE, OPTIONS, stored_file


@field_type("files")
class FilesType(FieldType):
    options: Mapping[str, Option] = OPTIONS
    kind = list_of(FILE)

    def read(self, raw: Any, field: Field, context: Context) -> list[dict[str, Any]]:
        given = [raw] if isinstance(raw, Mapping) else raw
        if not isinstance(given, list | tuple):
            raise Unfit(NOT_A_FILE)
        most = field.options.get("max_count", MOST_FILES)
        if len(given) > most:
            raise Unfit(Text(f"Paling banyak {most} berkas.", f"At most {most} files."), "too_many")
        values: list[dict[str, Any]] = []
        faults: list[FieldFault] = []
        for position, each in enumerate(given):
            try:
                values.append(stored_file(each, field.options))
            except Unfit as unfit:
                faults += unfit.at(str(position))
        if faults:
            raise Unfit(faults[0].message, faults=faults)
        return values

    def show(self, value: Any, field: Field, language: str, context: Any = None) -> str:
        return ", ".join(str(each.get("name", "")) for each in value or ())

    def to_input(self, value: Any, field: Field, context: Any = None) -> Any:
        return list(value or ())

    def form_field(self, field: Field, language: str, context: Any = None, choices: Any = None) -> Any:
        accepted = ",".join(f".{each.lstrip('.')}" for each in field.options.get("types", ()))
        return MultipleFileField(
            field.title.into(language),
            description=field.help.into(language) if field.help else "",
            render_kw={"data-kind": self.name} | ({"accept": accepted} if accepted else {}),
        )
