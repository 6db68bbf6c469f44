"""The definitions we ship, read and checked once a process: a second each time, and a dozen files of tests ask."""

from __future__ import annotations

from functools import cache

from config import ROOT
from engine.definitions.lint import load
from engine.definitions.load import Loaded
from engine.vocabulary import load as vocabulary

PATHS = (ROOT / "workflows", ROOT / "forms_config")


@cache
def shipped() -> Loaded:
    """Everything under ``workflows/`` and ``forms_config/``, with all findings; nobody changes it."""
    return load(PATHS, vocabulary(), ROOT)
