"""``flask workflow overlays``: how every region's overlay stands on its base, or on a new base that is tried."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from commands.console import FINDINGS, USAGE, format_option, guarded, language_option, leave, say, say_json, tell
from commands.workflow import paths_argument, workflow
from engine import vocabulary
from engine.cases.simulate import run_all
from engine.definitions.findings import as_plain, line
from engine.definitions.lint import mail_templates
from engine.definitions.load import read_tree
from engine.definitions.model import Definition, Text
from engine.definitions.overlay_changes import BothTouched, lines_of
from engine.definitions.overlay_standing import CLEAN, STATUSES, NoSuchBase, Standing, standings
from engine.definitions.source import Node
from engine.definitions.tree import Tree

OLD, NEW, MINE = Text("dasar lama", "old base"), Text("dasar baru", "new base"), Text("overlay", "overlay")
ABSENT, REMOVED = Text("(tidak ada)", "(absent)"), Text("(dibuang)", "(removed)")
STEP = Text("langkah", "step")
EXPECTED, ACTUAL = Text("diharapkan", "expected"), Text("kenyataan", "actual")


@workflow.command("overlays", short_help="Every overlay: clean, needs a look, broken.")
@paths_argument
@click.option(
    "--base",
    "bases",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A new base to try, a file or a folder; may be given several times.",
)
@format_option
@language_option
@guarded
def overlays(paths: tuple[Path, ...], bases: tuple[Path, ...], form: str, language: str) -> None:
    """Every overlay at PATH: clean, needs a look (the base changed a node it touches) or broken."""
    here = Path.cwd()
    tree, tried = _tree(paths, here), _tree(bases, here) if bases else None
    try:
        found = standings(tree, vocabulary.load(), mail_templates(here), _prove, tried)
    except NoSuchBase as missing:
        leave(USAGE, f"no overlay here lies on what is in {missing}")
    if form == "json":
        say_json([_plain(each, language) for each in found])
    else:
        for each in found:
            _say(each, language)
        counts = {status: sum(each.status == status for each in found) for status in STATUSES}
        tell(", ".join(f"{count} {status}" for status, count in counts.items()))
    if any(each.status != CLEAN for each in found):
        sys.exit(FINDINGS)


def _tree(paths: tuple[Path, ...], here: Path) -> Tree:
    tree = read_tree(paths, here)
    if tree.missing:
        leave(USAGE, f"there is no {tree.missing[0]}")
    return tree


def _prove(definition: Definition) -> list[dict[str, Any]]:
    return [result.to_plain() for result in run_all(definition) if not result.passed]


def _plain(standing: Standing, language: str) -> dict[str, Any]:
    overlay = standing.overlay
    return {
        "file": standing.file,
        "overlay": overlay.name if overlay else None,
        "region": overlay.region if overlay else None,
        "base": overlay.base if overlay else None,
        "status": standing.status,
        "touched": [
            {
                "path": ".".join(each.path),
                "line": each.at.line,
                "column": each.at.column,
                "old": each.old.plain() if each.old else None,
                "new": each.new.plain() if each.new else None,
                "overlay": each.mine.plain(),
            }
            for each in standing.both
        ],
        "findings": [as_plain(problem, language) for problem in standing.findings],
        "failures": list(standing.failures),
    }


def _say(standing: Standing, language: str) -> None:
    """The status is the same word in every language, as the level of a finding is."""
    say(f"{standing.file}: {standing.status}")
    for problem in standing.findings:
        if problem.is_error:  # a changed base is told in full below; other warnings are for ``lint``
            say(f"  {line(problem, language)}")
    for each in standing.both:
        _say_three(each, language)
    for failure in standing.failures:
        say(f"  {failure['scenario']}, {STEP.into(language)} {failure['step']}")
        say(f"    {EXPECTED.into(language)}: {failure['expected']}")
        say(f"    {ACTUAL.into(language)}: {failure['actual']}")


def _say_three(each: BothTouched, language: str) -> None:
    say(f"  {each.at.file}:{each.at.line}:{each.at.column}: {'.'.join(each.path)}")
    for name, node in ((OLD, each.old), (NEW, each.new), (MINE, each.mine)):
        place = f" ({node.file}:{node.line})" if node is not None and name is not MINE else ""
        say(f"    {name.into(language)}{place}:")
        for text in _lines(node, language, is_patch=name is MINE):
            say(f"      {text}")


def _lines(node: Node | None, language: str, *, is_patch: bool) -> list[str]:
    if node is None:
        return [ABSENT.into(language)]
    if is_patch and node.value is None:
        return [REMOVED.into(language)]
    return list(lines_of(node.plain()))
