"""``flask disclosure lint``: the reporting channels' files, strictly read and held against the case types."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from commands.console import USAGE, guarded, language_option, leave, say
from commands.disclosure import disclosure
from config import ROOT
from engine import vocabulary
from engine.channel.files import FOLDER
from engine.channel.lint import lint_channels
from engine.definitions.findings import exit_code, formatted
from engine.definitions.lint import load
from engine.errors import NotFound


@disclosure.command("lint")
@click.argument("region", required=False)
@click.option(
    "--folder", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Another folder of channels."
)
@language_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github", "sarif"]), default="text", show_default=True
)
@guarded
def lint(region: str | None, folder: Path | None, language: str, form: str) -> None:
    """Every finding of the reporting channels' files (of REGION alone), with file, line and column; no database."""
    loaded = load((ROOT / "workflows", ROOT / "forms_config"), vocabulary.load())
    faults = [problem for problem in loaded.problems if problem.is_error]
    if faults:  # a channel cannot be held against what cannot be used
        say(formatted(faults, form, language))
        sys.exit(exit_code(faults))
    try:
        problems, regions = lint_channels(loaded.definitions.values(), folder or FOLDER, region)
    except NotFound as unknown:
        leave(USAGE, str(unknown))
    text = formatted(problems, form, language)
    if text:
        say(text)
    elif form == "text":
        say(", ".join(regions if region is None else (region,)))
    sys.exit(exit_code(problems))
