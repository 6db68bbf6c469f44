"""A line that orders a form; it asks nothing and has no options.

parties: {type: heading, title: {id: Para pihak, en: The parties}}
"""

from __future__ import annotations

from typing import Any

from engine.definitions.model import Field
from engine.field_types import field_type
from engine.field_types.question import FieldType


@field_type("heading")
class HeadingType(FieldType):
    is_asked = False

    def form_field(self, field: Field, language: str, context: Any = None, choices: Any = None) -> None:
        """None: nothing is asked."""
