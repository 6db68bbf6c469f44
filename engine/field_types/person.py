"""A person of the region; the id is stored.

reported_person: {type: person, title: {id: Terlapor, en: Who it is about}, classification: confidential}
"""

from __future__ import annotations

from engine.definitions.expression_types import PERSON
from engine.field_types import field_type
from engine.field_types.reading.named import NamedType


@field_type("person")
class PersonType(NamedType):
    kind = PERSON
