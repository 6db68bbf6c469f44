"""``flask workflow …``: check, prove and walk definitions. Only ``lint --region`` opens a database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from commands.console import (
    FINDINGS,
    USAGE,
    format_option,
    guarded,
    language_option,
    leave,
    reading,
    say,
    say_json,
    tell,
)
from engine import vocabulary
from engine.cases.failures import failures
from engine.cases.simulate import run_all, run_scenario
from engine.cases.walk import walk_lines
from engine.clock import system_clock
from engine.definitions.check.holders import holder_findings
from engine.definitions.findings import exit_code, formatted
from engine.definitions.lint import load
from engine.definitions.load import Loaded, no_collection
from engine.definitions.model import Definition
from engine.definitions.problems import Problem, Problems
from engine.organisation.regions import region_called
from engine.organisation.vacancies import Vacancies

workflow = AppGroup("workflow", help="Definitions: check, prove, draw, walk, publish.")

paths_argument = click.argument("paths", nargs=-1, metavar="[PATH]…", type=click.Path(path_type=Path))


def read_paths(paths: tuple[Path, ...]) -> Loaded:
    """The definitions at the paths typed, with all findings; a path that is not there ends the command."""
    try:
        return load(paths, vocabulary.load())
    except FileNotFoundError as missing:
        leave(USAGE, f"there is no {missing}")


@workflow.command("lint", short_help="Every finding, with file, line and column.")
@paths_argument
@language_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github", "sarif"]), default="text", show_default=True
)
@click.option(
    "--region", "region_key", help="Tell also which roles nobody holds in this region; only this opens the database."
)
@guarded
def lint(paths: tuple[Path, ...], language: str, form: str, region_key: str | None) -> None:
    """Every finding of the definitions at PATH, with file, line and column."""
    loaded = read_paths(paths)
    problems = loaded.problems if region_key is None else _with_holders(loaded, region_key)
    text = formatted(problems, form, language)
    if text:
        say(text)
    sys.exit(exit_code(problems))


def _with_holders(loaded: Loaded, region_key: str) -> list[Problem]:
    with reading() as session:
        organisation = Vacancies(session, region_called(session, region_key).id, system_clock())
        vacant = holder_findings(loaded.case_types.values(), region_key, organisation)
    every = Problems()
    every.take_all(loaded.problems)
    every.take_all(problem for problem in vacant if problem.file in loaded.asked)
    return every.sorted()


@workflow.command("test", short_help="Run the scenarios on paper.")
@paths_argument
@click.option("--scenario", "only", help="Run only the scenario of this name.")
@language_option
@format_option
@guarded
def test(paths: tuple[Path, ...], only: str | None, language: str, form: str) -> None:
    """Run the scenarios of the definitions at PATH on paper."""
    loaded = read_paths(paths)
    errors = [problem for problem in loaded.problems if problem.is_error]
    if errors:
        tell(formatted(errors, "text", language))
    rows: list[dict[str, Any]] = []
    found: list[Problem] = []
    with no_collection():
        for name, definition in asked_for(loaded):
            if only is None:
                results = run_all(definition)
            else:
                chosen = (one for key, one in definition.scenarios.items() if key == only)
                results = tuple(run_scenario(definition, one) for one in chosen)
            rows += [{"file": loaded.files[name], **result.to_plain()} for result in results]
            found += failures(loaded.case_types[name], results, loaded.files[name])
    if only is not None and not rows:
        leave(USAGE, f"there is no scenario '{only}'")
    failed = [row for row in rows if not row["passed"]]
    if form == "json":
        say_json(rows)
    else:
        if found:
            say(formatted(found, "text", language))
        say(f"{len(rows) - len(failed)} passed, {len(failed)} failed")
    if failed or errors:
        sys.exit(FINDINGS)


def asked_for(loaded: Loaded) -> list[tuple[str, Definition]]:
    """The definitions of the files asked for; where only forms were named, all that are read with them."""
    everything = list(loaded.definitions.items())
    asked = [(name, one) for name, one in everything if loaded.files[name] in loaded.asked]
    has_errors = any(problem.is_error for problem in loaded.problems)
    return asked if asked or has_errors else everything


def _one(path: Path) -> Definition:
    loaded = read_paths((path,))
    if any(problem.is_error for problem in loaded.problems):
        tell(formatted(loaded.problems))
        sys.exit(FINDINGS)
    found = loaded.definitions
    if len(found) > 1:  # a file's overlays are read with it
        found = {name: one for name, one in found.items() if Path(loaded.files[name]).resolve() == path.resolve()}
        if not found:
            leave(USAGE, f"{path} holds several workflows: name one file")
    if not found:
        leave(USAGE, f"{path} holds no workflow")
    return next(iter(found.values()))


@workflow.command("try", short_help="Walk through a definition on paper.")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--fixture", help="People and data to begin with; the first of the file if left out.")
@click.option("--commands", "lines", type=click.File("rb"), help="Steps as JSON lines; - is stdin.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), help="json where --commands is given, else text."
)
@guarded
def try_command(path: Path, fixture: str | None, lines: Any, form: str | None) -> None:
    """Walk through the definition at PATH on paper."""
    definition = _one(path)
    if fixture is not None and fixture not in definition.fixtures:
        leave(USAGE, f"there is no fixture '{fixture}'")
    source = lines or click.open_file("-", "rb")
    if lines is None:
        tell('One step a line, as in a scenario: {"as": "sari", "do": "submit"}. Ctrl-D ends.')
    for answer in walk_lines(definition, source, fixture):
        say(answer if (form or ("json" if lines else "text")) == "json" else _in_words(json.loads(answer)))
        sys.stdout.flush()


def _in_words(answer: dict[str, Any]) -> str:
    if "error" in answer:
        return f"not understood: {answer['error']}"
    if answer["refused"]:
        return f"refused: {answer['refused']}"
    parts = [f"now in {', '.join(answer['states'])}" + (" (ended)" if answer["ended"] else "")]
    for name in ("candidates", "fired", "incident", "on_behalf_of"):
        if answer[name]:
            parts.append(f"{name}: {', '.join(answer[name]) if isinstance(answer[name], list) else answer[name]}")
    parts += [f"mail {mail['template']} to {mail['to']}" for mail in answer["mails"]]
    return " · ".join(parts)
