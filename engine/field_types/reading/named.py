"""What person, unit and position share: the answer is the id of somebody or something of the organisation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.definitions.model import Field, Text
from engine.definitions.vocabulary_protocol import Option
from engine.field_types.question import Context, FieldType, Unfit
from engine.field_types.reading.words import line

NOT_LISTED = Text("Pilih dari daftar.", "Choose from the list.")
_DIGITS = re.compile(r"[0-9]{1,18}")


class NamedType(FieldType):
    """A field type whose values are ids: a number in the store, a name on paper.

    ``Scope.knows`` says whether there is such a thing in the region; ``within`` is for whoever offers a list.
    """

    options: Mapping[str, Option] = {"within": Option("within")}

    def read(self, raw: Any, field: Field, context: Context) -> int | str:
        value = _identity(raw)
        knows = context.scope.knows if context.scope else None
        if knows is not None and not knows(self.name, value):
            raise Unfit(NOT_LISTED)
        return value


def _identity(raw: Any) -> int | str:
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw < 10**18:
        return raw
    if not isinstance(raw, str):
        raise Unfit(NOT_LISTED)
    text = line(raw, {"max_length": 200})
    return int(text) if _DIGITS.fullmatch(text) and str(int(text)) == text else text
