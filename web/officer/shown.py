"""What people read for one answer: the field type's own words, with names for people, units and positions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.model import Field

NUMBERS = frozenset({"integer", "decimal", "money", "percent", "measure", "year"})
