"""Every code (reference §12) has a smallest example that raises it and a nearest one that does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from commands.reference_codes import EXAMPLES, ROOT, codes_page, listings
from engine import vocabulary
from engine.cases.failures import failures
from engine.cases.impact import Group, standing_of, undecided
from engine.cases.simulate import run_all
from engine.cases.strength import measure
from engine.cases.strength_report import untested
from engine.definitions.check.holders import holder_findings
from engine.definitions.lint import mail_templates
from engine.definitions.load import Loaded, lifecycle_of, load_tree
from engine.definitions.problems import WARNING_CODES, Problem
from engine.definitions.tree import from_texts

CODES = (
    *(f"WF{number:03}" for number in (*range(1, 7), *range(10, 14), *range(20, 33), 40, 41, *range(50, 55), 60, 61)),
    "WF070", "WF071", "WF080", "WF081", "WF090", "WF091", "WF100", *(f"WF{number}" for number in range(110, 114)),
    "WF120", "WF121", "WF122",
)  # fmt: skip
LISTED = listings()
AWAITED = {"WF090", "WF121"}


Files = Mapping[str, str]
Listing = Mapping[str, Any]


def loaded(files: Files) -> Loaded:
    return load_tree(from_texts(files), vocabulary.load(), mail_templates(ROOT))


def linted(files: Files, listing: Listing) -> Sequence[Problem]:
    return loaded(files).problems


def proved(files: Files, listing: Listing) -> Sequence[Problem]:
    """``flask workflow test``: what the checks find, and the scenarios that fail."""
    found = loaded(files)
    return [
        *found.problems,
        *(
            each
            for name, one in found.definitions.items()
            for each in failures(found.case_types[name], run_all(one), found.files[name])
        ),
    ]


def weighed(files: Files, listing: Listing) -> Sequence[Problem]:
    """``flask workflow strength``."""
    found = loaded(files)
    return [*found.problems, *(each for one in found.case_types.values() for each in untested(measure(one)))]


class Organisation:
    """A region in which only the listed groups have anybody."""

    def __init__(self, members: Sequence[str]) -> None:
        self.members = members

    def vacant_units(self, position: str, level: str | None) -> tuple[Sequence[str], int]:  # noqa: ARG002
        return (), 1

    def has_members(self, group: str) -> bool:
        return group in self.members


def in_a_region(files: Files, listing: Listing) -> Sequence[Problem]:
    """With the organisation of the listing."""
    found, region = loaded(files), listing["organisation"]
    vacant = holder_findings(found.case_types.values(), region["region"], Organisation(region["members"]))
    return [*found.problems, *vacant]


def with_cases(files: Files, listing: Listing) -> Sequence[Problem]:
    """With running cases of an older version, where the listing says."""
    found, cases = loaded(files), listing["cases"]
    (new,), old = found.definitions.values(), found.older["leave", cases["version"]]
    group = Group(
        old.digest, tuple(cases["states"]), cases["count"], datetime(2026, 3, 2, tzinfo=UTC), 1, cases["count"]
    )
    standing = standing_of(group, old, new)
    return [*found.problems, *undecided(new, [standing], lifecycle_of(found, "leave"))]


RAISERS: Mapping[str, Callable[[Files, Listing], Sequence[Problem]]] = {
    "lint": linted, "test": proved, "strength": weighed, "organisation": in_a_region, "cases": with_cases,
}  # fmt: skip


def told(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.file, "line": problem.line, "column": problem.column, "code": problem.code,
        "level": problem.level, "message": {"id": problem.message.id, "en": problem.message.en},
        "suggestion": problem.suggestion,
    }  # fmt: skip


def raised(listing: Mapping[str, Any], which: str) -> list[dict[str, Any]]:
    files = {**listing.get("beside", {}), **listing[which]}
    return [told(problem) for problem in RAISERS[listing.get("raised_by", "lint")](files, listing)]


@pytest.mark.parametrize("code", sorted(LISTED))
def test_the_smallest_example_raises_its_code_once_at_its_token_and_nothing_else(code: str) -> None:
    found = raised(LISTED[code], "raises")
    assert found == LISTED[code]["findings"]
    assert [each["code"] for each in found] == [code]


@pytest.mark.parametrize("code", sorted(LISTED))
def test_the_nearest_example_has_no_finding(code: str) -> None:
    assert raised(LISTED[code], "nearest") == []


@pytest.mark.parametrize("code", sorted(LISTED))
def test_both_sentences_are_there_and_differ(code: str) -> None:
    for text in (LISTED[code]["cause"], *(each["message"] for each in LISTED[code]["findings"])):
        assert text["id"].strip() and text["en"].strip() and text["id"] != text["en"]


def test_no_example_is_of_a_code_that_does_not_exist_and_every_code_has_one() -> None:
    assert sorted(LISTED) == sorted(CODES)
    assert sorted(path.stem for path in EXAMPLES.glob("*.yaml")) == sorted(CODES)


def test_a_level_is_that_of_the_reference() -> None:
    assert {code for code, listing in LISTED.items() if listing["findings"][0]["level"] == "warning"} == set(
        WARNING_CODES
    )


def test_the_reference_page_of_codes_is_made_of_the_examples() -> None:
    page = Path(ROOT / "docs" / "reference" / "codes.md").read_text(encoding="utf-8")
    assert page == codes_page(), "run: python -m commands.reference_codes > docs/reference/codes.md"
