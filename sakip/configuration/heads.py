"""What every file of the field has in common: a name, a version, a legal basis, the years it governs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions.model import Text

LEVELS, MEASUREMENT, EVALUATION, WHATIF = (
    "sakip-levels/1", "sakip-measurement/1", "sakip-evaluation/1", "sakip-whatif/1",
)  # fmt: skip
SCHEMAS = (LEVELS, MEASUREMENT, EVALUATION, WHATIF)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one file, after its overlays. ``first_year`` to ``last_year`` (None: open) are fiscal years; an
    evaluation has one. ``unsure`` are the places that still carry ``to_confirm``, by dotted path, with their words.
    ``digest`` names this content and no other (hexadecimal SHA-256 of its canonical form)."""

    schema: str
    key: str
    version: str
    title: Text
    legal_basis: tuple[str, ...]
    first_year: int
    last_year: int | None
    parameters: Mapping[str, Any]
    unsure: Mapping[str, Text]
    file: str
    digest: str

    def governs(self, year: int) -> bool:
        """Whether the fiscal year lies in this file's years."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)
