"""Findings as text for people, as JSON, for GitHub's annotations and as SARIF for code scanning (reference §15)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.definitions.problems import ERROR, Problem

FORMATS = ("text", "json", "github", "sarif")
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def formatted(problems: Sequence[Problem], form: str = "text", language: str = "en") -> str:
    """All findings in one of ``FORMATS``, messages in ``language`` ("id" or "en"), without a newline at the end."""
    return _FORMATTERS[form](problems, language)


def exit_code(problems: Sequence[Problem]) -> int:
    """1 when anything is of level error; warnings alone are 0."""
    return 1 if any(problem.level == ERROR for problem in problems) else 0


def _text(problems: Sequence[Problem], language: str) -> str:
    return "\n".join(line(problem, language) for problem in problems)


def line(problem: Problem, language: str = "en") -> str:
    """One finding on one line: ``workflows/x.yaml:14:11: WF020 error: …``; the level is the same word everywhere,
    for editors and scripts read it."""
    place = f"{problem.file}:{problem.line}:{problem.column}"
    return f"{place}: {problem.code} {problem.level}: {problem.message.into(language)}"


def as_plain(problem: Problem, language: str) -> dict[str, Any]:
    """One finding as the JSON of the command line."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "level": problem.level,
        "message": problem.message.into(language),
        "suggestion": problem.suggestion,
    }


def _json(problems: Sequence[Problem], language: str) -> str:
    return json.dumps([as_plain(problem, language) for problem in problems], ensure_ascii=False, indent=1)


def _github(problems: Sequence[Problem], language: str) -> str:
    return "\n".join(_annotation(problem, language) for problem in problems)


def _annotation(problem: Problem, language: str) -> str:
    properties = ",".join(
        (
            f"file={_escaped_property(problem.file)}",
            f"line={problem.line}",
            f"col={problem.column}",
            f"title={problem.code}",
        )
    )
    return f"::{problem.level} {properties}::{_escaped(f'{problem.code} {problem.message.into(language)}')}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _sarif(problems: Sequence[Problem], language: str) -> str:
    codes = sorted({problem.code for problem in problems})
    log = {
        "$schema": _SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "alur", "rules": [{"id": code} for code in codes]}},
                "columnKind": "unicodeCodePoints",
                "results": [_result(problem, codes, language) for problem in problems],
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, indent=1)


def _result(problem: Problem, codes: Sequence[str], language: str) -> dict[str, Any]:
    return {
        "ruleId": problem.code,
        "ruleIndex": codes.index(problem.code),
        "level": problem.level,
        "message": {"text": problem.message.into(language)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": problem.file},
                    "region": {"startLine": problem.line, "startColumn": problem.column},
                }
            }
        ],
    }


_FORMATTERS: Mapping[str, Callable[[Sequence[Problem], str], str]] = {
    "text": _text,
    "json": _json,
    "github": _github,
    "sarif": _sarif,
}
