"""A position of the organisation; the id is stored.

signer: {type: position, title: {id: Jabatan penanda tangan, en: Signing position}, within: unit}
"""

from __future__ import annotations

from engine.definitions.expression_types import POSITION
from engine.field_types import field_type
from engine.field_types.reading.named import NamedType


@field_type("position")
class PositionType(NamedType):
    kind = POSITION
