"""``flask workflow draw``: a definition as a picture, as words, or as BPMN 2.0 for other tools."""

from __future__ import annotations

from pathlib import Path

import click

from commands.console import USAGE, guarded, language_option, leave, say
from commands.workflow import workflow
from commands.workflow_diff import read_definition
from engine.definitions.bpmn import bpmn
from engine.definitions.draw_marks import marks_of
from engine.definitions.draw_standing import picture
from engine.definitions.draw_text import in_text


@workflow.command("draw", short_help="The picture, its text twin, or BPMN 2.0.")
@click.argument("path", type=click.Path(path_type=Path))
@language_option
@click.option("--format", "form", type=click.Choice(["svg", "text", "bpmn"]), default="svg", show_default=True)
@click.option("--against", type=click.Path(path_type=Path), help="Mark what is new or changed against this one.")
@guarded
def draw(path: Path, language: str, form: str, against: Path | None) -> None:
    """The picture of the definition at PATH, its text twin, or BPMN 2.0 XML. What has findings is drawn as far as it
    can be read, with the states marked that nobody can reach."""
    if form == "bpmn" and against is not None:
        leave(USAGE, "--against marks pictures and words; BPMN has no marks")
    definition = read_definition(path, language).definition
    if form == "bpmn":
        say(bpmn(definition, language))
        return
    marks = marks_of(definition, read_definition(against, language).definition if against is not None else None)
    say(picture(definition, language, marks) if form == "svg" else in_text(definition, language, marks))
