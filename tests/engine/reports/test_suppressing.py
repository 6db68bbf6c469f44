"""Small counts are told by nothing in a table: not by themselves, its total, or how gaps are chosen (T81)."""

from __future__ import annotations

from itertools import product

import pytest

from engine.reports.suppressing import suppressed


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([3, 4, 0, 5], [3, 4, 0, 5]),
        ([27, 0, 0], [27, 0, 0]),
        ([10, 2, 20, 30], [None, None, 20, 30]),  # one gap alone would be the total less the others
        ([10, 2, 1, 30], [10, None, None, 30]),
        ([9, 2, 2], [None, None, None]),  # both must be two, since four can be split in no other way
        ([9, 1], [None, None]),
        ([], []),
    ],
)
def test_t81_a_small_count_is_hidden_and_others_with_it(counts: list[int], told: list[int | None]) -> None:
    assert suppressed(counts, 3) == told


@pytest.mark.parametrize("below", [3, 4])
def test_t81_whoever_knows_the_rule_and_the_total_still_finds_no_small_count(below: int) -> None:
    """For every table of four small numbers: all tables that would be published alike are looked at together, and no
    small cell has the same value in all of them."""
    alike: dict[tuple[object, ...], list[tuple[int, ...]]] = {}
    for counts in product(range(8), repeat=4):
        if sum(counts) >= below:
            alike.setdefault((sum(counts), *suppressed(counts, below)), []).append(counts)
    for (_, *told), tables in alike.items():
        for place, cell in enumerate(told):
            values = {table[place] for table in tables}
            if cell is None and 0 < min(values - {0} or {0}) < below:
                assert len(values) > 1, (told, tables)
