"""Titles a region wrote stand inside English sentences as English writes them."""

from __future__ import annotations

import pytest

from web.performance.looks import within_sentence


@pytest.mark.parametrize(("title", "inside"), [
    ("Fourth quarter", "fourth quarter"), ("Q4", "Q4"), ("January", "January"),
    ("Sept. to December", "Sept. to December"), ("May", "May"), ("Mayoral term", "mayoral term"), ("TW IV", "TW IV"),
])  # fmt: skip
def test_a_title_is_written_small_inside_a_sentence_and_names_of_months_are_not(title: str, inside: str) -> None:
    assert within_sentence(title) == inside
