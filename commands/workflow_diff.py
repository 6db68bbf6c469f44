"""``flask workflow diff``: what changed between two definitions, in sentences, then as text."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from commands.console import FINDINGS, USAGE, format_option, guarded, language_option, leave, say, say_json, tell
from commands.workflow import workflow
from engine import vocabulary
from engine.definitions.diff.report import as_plain, compare, in_words
from engine.definitions.diff.sides import NotComparable, Side, Unreadable, read_side
from engine.definitions.findings import formatted


@workflow.command("diff", short_help="What is not the same in B as in A.")
@click.argument("old", metavar="A", type=click.Path(path_type=Path))
@click.argument("new", metavar="B", type=click.Path(path_type=Path))
@language_option
@format_option
@guarded
def diff(old: Path, new: Path, language: str, form: str) -> None:
    """What is not the same in B as in A: workflows, overlays, forms, older versions. Exit 0 same, 1 different."""
    sides = [read_definition(path, language) for path in (old, new)]
    report = compare(*sides)
    if form == "json":
        say_json(as_plain(report, language))
    else:
        say(in_words(report, language))
    if not report.is_same:
        sys.exit(FINDINGS)


def read_definition(path: Path, language: str) -> Side:
    """The definition at a path as far as it can be read, its errors told on stderr; ends the command without one."""
    try:
        side = read_side(path, vocabulary.load(), Path.cwd())
    except FileNotFoundError as missing:
        leave(USAGE, f"there is no {missing}")
    except Unreadable as refused:
        tell(formatted(refused.problems, "text", language))
        sys.exit(FINDINGS)
    except NotComparable as refused:
        leave(USAGE, str(refused))
    if side.problems:
        tell(formatted(side.problems, "text", language))
    return side
