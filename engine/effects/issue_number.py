"""Gives a field the next number of a series of the region.

number: {issue_number: {field: letter_number, pattern: "800/{seq:03}/{year}"}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.changes import IssueNumber
from engine.definitions.vocabulary_protocol import Option
from engine.effects import effect
from engine.facts import Situation


@effect("issue_number", field=Option("field", is_required=True), pattern=Option("pattern", is_required=True))
def issue_number(options: Mapping[str, Any], situation: Situation) -> Iterator[IssueNumber]:  # noqa: ARG001
    """Yields the wish; the number is drawn when the step is written, so none is lost to a refusal."""
    yield IssueNumber(options["field"], options["pattern"])
