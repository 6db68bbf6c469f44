"""The answers a scenario begins with: what of them a case could never hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.changes import FieldFault
from engine.definitions.model import Definition
from engine.errors import InvalidInput
from engine.field_types.reading.given import is_of_another_kind


def refuse_unreadable(definition: Definition, data: Mapping[str, Any], faults: tuple[FieldFault, ...]) -> None:
    """Raises InvalidInput for the first answer that is of another kind than its field: a case with it is none that
    could be, and expressions would meet a text where they count. Answers without a field are the author's own."""
    for fault in faults:
        name, *inner = fault.path.split(".")
        field = definition.fields.get(name)
        if field is not None and is_of_another_kind(field, data.get(name), inner):
            raise InvalidInput(f"data: {fault.path}: {fault.message.en}")
