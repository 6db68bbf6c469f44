"""Who signed, when and what: set when somebody signs, never typed.

first_party_signature: {type: signature, title: {id: Tanda tangan pihak pertama, en: Signature of the first party}}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.expression_types import Type
from engine.definitions.model import Field, Text
from engine.field_types import field_type
from engine.field_types.question import Context, FieldType, Unfit
from engine.field_types.reading.words import line

_PARTS = ("person", "name", "at", "digest", "method")


@field_type("signature")
class SignatureType(FieldType):
    """The value is a map of person, name, at (ISO moment), digest of what was signed, method; all but name optional."""

    kind = Type("file")

    def read(self, raw: Any, field: Field, context: Context) -> dict[str, Any]:
        if not isinstance(raw, Mapping) or not set(raw) <= set(_PARTS) or not raw.get("name"):
            raise Unfit(Text("Ditandatangani melalui tindakan, bukan diisi.", "Signed by an act, not filled in."))
        return {part: line(raw[part], {"max_length": 300}) for part in _PARTS if raw.get(part) not in (None, "")}

    def show(self, value: Any, field: Field, language: str, context: Any = None) -> str:
        return str(value.get("name", "")) if isinstance(value, Mapping) else ""

    def to_input(self, value: Any, field: Field, context: Any = None) -> Any:
        return value

    def form_field(self, field: Field, language: str, context: Any = None, choices: Any = None) -> None:
        """None: there is nothing to type."""
