"""Every code of the field's files (reference §11) has a smallest example that raises it and one that does not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from commands.reference_codes import FIELD_EXAMPLES, listings
from engine.definitions.problems import Problem
from sakip.configuration.check.findings import WARNINGS
from sakip.lint import lint

CODES = (
    "WF080", *(f"WF{number}" for number in (*range(200, 211), *range(220, 231), 240, 241)),
)  # fmt: skip
LISTED = listings(FIELD_EXAMPLES)


def told(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.file, "line": problem.line, "column": problem.column, "code": problem.code,
        "level": problem.level, "message": {"id": problem.message.id, "en": problem.message.en},
        "suggestion": problem.suggestion,
    }  # fmt: skip


def raised(listing: Mapping[str, Any], which: str, folder: Path) -> list[dict[str, Any]]:
    for path, text in {**listing.get("beside", {}), **listing[which]}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return [told(problem) for problem in lint([], folder)]


@pytest.mark.parametrize("code", sorted(LISTED))
def test_the_smallest_example_raises_its_code_once_at_its_token_and_nothing_else(code: str, tmp_path: Path) -> None:
    found = raised(LISTED[code], "raises", tmp_path)
    assert found == LISTED[code]["findings"]
    assert [each["code"] for each in found] == [code]


@pytest.mark.parametrize("code", sorted(LISTED))
def test_the_nearest_example_has_no_finding(code: str, tmp_path: Path) -> None:
    assert raised(LISTED[code], "nearest", tmp_path) == []


@pytest.mark.parametrize("code", sorted(LISTED))
def test_both_sentences_are_there_and_differ(code: str) -> None:
    for text in (LISTED[code]["cause"], *(each["message"] for each in LISTED[code]["findings"])):
        assert text["id"].strip() and text["en"].strip() and text["id"] != text["en"]


def test_every_code_has_an_example_and_no_other_has_one() -> None:
    assert sorted(LISTED) == sorted(CODES)


def test_a_level_is_that_of_the_reference() -> None:
    assert {code for code, listing in LISTED.items() if listing["findings"][0]["level"] == "warning"} == WARNINGS
