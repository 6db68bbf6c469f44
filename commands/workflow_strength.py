"""``flask workflow strength``: would the scenarios notice a mistake? What survives, and the scenario to write."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from commands.console import FINDINGS, format_option, guarded, language_option, say, say_json, tell
from commands.workflow import asked_for, paths_argument, read_paths, workflow
from engine.cases.strength import Strength, measure
from engine.cases.strength_report import score_line
from engine.cases.strength_scenarios import to_write
from engine.definitions.findings import formatted
from engine.definitions.model import Text
from engine.definitions.parse import CaseType


@workflow.command("strength", short_help="Which mistakes no scenario would notice.")
@paths_argument
@format_option
@language_option
@click.option("--at-least", type=click.FloatRange(0, 100), help="Exit 1 where less than this percentage is caught.")
@guarded
def strength(paths: tuple[Path, ...], form: str, language: str, at_least: float | None) -> None:
    """Make every single mistake in the definitions at PATH, one at a time, and tell which ones no check and no
    scenario notices."""
    loaded = read_paths(paths)
    errors = [problem for problem in loaded.problems if problem.is_error]
    if errors:
        tell(formatted(errors, "text", language))
    measured = [(loaded.files[name], _measured(loaded.files[name], loaded.case_types[name], language))
                for name, _ in asked_for(loaded)]  # fmt: skip
    if form == "json":
        say_json([as_plain(file, found, language) for file, found in measured])
    else:
        for file, found in measured:
            say("\n".join(_in_words(file, found, language)))
    is_weak = at_least is not None and any(found.score < at_least for _, found in measured)
    if errors or is_weak or any(found.failing for _, found in measured):
        sys.exit(FINDINGS)


def _measured(file: str, case_type: CaseType, language: str) -> Strength:
    """With progress on stderr where somebody watches a terminal, and the scenarios that prove nothing."""
    is_watched = sys.stderr.isatty()

    def progress(tried: int, whole: int) -> None:
        if is_watched and (tried == whole or not tried % 10):
            click.echo(f"\r{file}: {tried}/{whole}", err=True, nl=tried == whole)

    found = measure(case_type, progress)
    for each in found.failing:
        failed = {"id": "gagal tanpa perubahan apa pun", "en": "fails without any change"}[language]
        tell(f"{file}: {each.scenario.key}: {failed}")
    return found


def as_plain(file: str, found: Strength, language: str) -> dict[str, Any]:
    """One definition as JSON (reference §15). A survivor that stands in another file than the row, as what an
    overlay inherits, says in which."""
    return {
        "file": file,
        "changes": found.changes,
        "caught": found.caught,
        "survivors": [
            {
                "line": each.at.line,
                "change": each.change.into(language),
                **({} if each.at.file == file else {"file": each.at.file}),
            }
            for each in found.survivors
        ],
    }


_WORDS: dict[str, Text] = {
    "write": Text("tulis skenario ini:", "write this scenario:"),
    "begin": Text("awal sebuah skenario; {missing}:", "the beginning of a scenario; {missing}:"),
    "asked": Text("diminta saat terbit: {asked}", "asked for at publishing: {asked}"),
}


def _in_words(file: str, found: Strength, language: str) -> Iterator[str]:
    def word(key: str, **values: Any) -> str:
        return _WORDS[key].into(language).format(**values)

    yield f"{file}: {score_line(found).into(language)}"
    for survivor in found.survivors:
        yield f"{survivor.at.file}:{survivor.at.line}: {survivor.change.into(language)}"
        suggestion, missing = to_write(found, survivor)
        yield "  " + (word("write") if suggestion.is_proved else word("begin", missing=missing.into(language)))
        yield from (f"    {line}" for line in suggestion.text.splitlines())
    for gap in found.gaps:
        yield f"{gap.at.file}:{gap.at.line}: " + word("asked", asked=gap.asked.into(language))
