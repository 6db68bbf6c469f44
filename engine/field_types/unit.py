"""A unit of the organisation; its id or key is stored.

unit: {type: unit, title: {id: Unit kerja, en: Unit concerned}, within: {level: agency}}
"""

from __future__ import annotations

from engine.definitions.expression_types import UNIT
from engine.field_types import field_type
from engine.field_types.reading.named import NamedType


@field_type("unit")
class UnitType(NamedType):
    kind = UNIT
