"""The shelf of kinds of question: one field type a file."""

from __future__ import annotations

from engine.shelf import Shelf

FIELD_TYPES: Shelf = Shelf(__name__)
