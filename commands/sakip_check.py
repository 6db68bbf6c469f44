"""``flask sakip lint`` and ``flask sakip vectors``: the field's files checked and proved, without a database."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from commands.console import (
    FINDINGS,
    USAGE,
    format_option,
    guarded,
    language_option,
    leave,
    say,
    say_json,
    tell,
)
from commands.sakip import sakip
from engine.definitions.findings import exit_code, formatted
from engine.definitions.problems import Problems
from sakip.configuration.files import SECTION
from sakip.lint import holds_files, lint
from sakip.run_vectors import VectorResult, run_vectors

paths_argument = click.argument("paths", nargs=-1, metavar="[PATH]…", type=click.Path(path_type=Path))


@sakip.command("lint", short_help="Every finding, with file, line and column.")
@paths_argument
@language_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github", "sarif"]), default="text", show_default=True
)
@guarded
def lint_command(paths: tuple[Path, ...], language: str, form: str) -> None:
    """Every finding of the levels, measurements, rubrics and efforts at PATH (sakip_config/ here), region by region."""
    try:
        problems = lint(paths)
    except FileNotFoundError as missing:
        leave(USAGE, f"there is no {missing}")
    text = formatted(problems, form, language)
    if text:
        say(text)
    sys.exit(exit_code(problems))


@sakip.command("vectors", short_help="Run test vectors.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--config",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder of the configuration; without it the folder of FILE if it holds one, else sakip_config/ here.",
)
@format_option
@language_option
@guarded
def vectors_command(file: Path, folder: Path | None, form: str, language: str) -> None:
    """Run the test vectors of FILE against a configuration: what goes in, what has to come out."""
    problems = Problems()
    results = run_vectors(file, folder or _folder_for(file), problems)
    errors = [problem for problem in problems.sorted() if problem.is_error]
    if errors:
        tell(formatted(errors, "text", language))
    for result in results:
        if result.fault is not None:
            tell(f"{result.name}: {result.fault.into(language)}")
    if form == "json":
        say_json([_plain(result) for result in results])
    else:
        _told(results)
    if errors or not all(result.passed for result in results):
        sys.exit(FINDINGS)


def _folder_for(file: Path) -> Path:
    beside = file.absolute().parent
    if holds_files(beside):
        return beside
    if not Path(SECTION).is_dir():
        leave(USAGE, f"there is no configuration beside {file} and no {SECTION}/ here: say --config DIR")
    return Path(SECTION)


def _plain(result: VectorResult) -> dict[str, object]:
    return {
        "vector": result.name,
        "passed": result.passed,
        "expected": result.expected,
        "actual": result.actual,
    }


def _told(results: Sequence[VectorResult]) -> None:
    failed = [result for result in results if not result.passed]
    for result in failed:
        for key, expected in result.expected.items():
            if result.fault is None and result.actual.get(key) != expected:
                say(f"{result.name}: {key}: expected {expected}, was {result.actual.get(key)}")
    say(f"{len(results) - len(failed)} passed, {len(failed)} failed")
