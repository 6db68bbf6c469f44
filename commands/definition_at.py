"""The definition a command is told of by its path, exactly as publishing would take it; and the region it is for."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy.orm import Session

from commands.console import FINDINGS, USAGE, leave, tell
from config import ROOT
from engine import vocabulary
from engine.definitions.findings import formatted
from engine.definitions.load import Loaded, build, lifecycle_of
from engine.definitions.model import Definition
from engine.definitions.source import Node
from engine.organisation.regions import region_called
from engine.publishing.texts import Gathered, gather

TEMPLATES = ROOT / "delivery" / "templates"
region_option = click.option(
    "--region", "region_key", help="Only for this region; that of the overlay, or all, if left out."
)


@dataclass(frozen=True, slots=True)
class Given:
    """``definition`` has the digest it would be published under; ``at`` is where its states are written."""

    definition: Definition
    gathered: Gathered
    at: Node


def gathered_at(path: Path, language: str, region_key: str | None = None) -> tuple[Gathered, Loaded]:
    """The files of the workflow or overlay at PATH, for a region if one is named. A path that is no file is wrong
    use; findings of level error end the command, told in ``language``."""
    if not path.is_file():
        leave(USAGE, f"{path} is a folder: name the workflow's own file" if path.is_dir() else f"there is no {path}")
    gathered, loaded = gather(path, Path.cwd(), TEMPLATES, vocabulary.load(), region_key)
    if gathered is None:
        tell(formatted(loaded.problems, "text", language))
        sys.exit(FINDINGS)
    return gathered, loaded


def definition_at(path: Path, language: str) -> Given:
    """The workflow or overlay at PATH with all that belongs to it; see ``gathered_at``."""
    gathered, loaded = gathered_at(path, language)
    definition, problems = build(gathered.files, gathered.case_type, vocabulary.load(), gathered.region)
    if definition is None:
        tell(formatted(problems, "text", language))
        sys.exit(FINDINGS)
    return Given(definition, gathered, lifecycle_of(loaded, gathered.case_type))


def region_of(session: Session, given: Given, region_key: str | None) -> int | None:
    """The id of the region named, else of the overlay's; None for all. Raises NotFound."""
    key = region_key or given.gathered.region
    return region_called(session, key).id if key else None
