"""Small counts are told by nothing in a table: not by themselves, its total, or how gaps are chosen (T81)."""

from __future__ import annotations

from itertools import product

import pytest

from engine.reports.suppressing import suppressed


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([3, 4, 5], [3, 4, 5]),
        ([10, 2, 20, 30], [None, None, 20, 30]),  # one gap alone would be the total less the others
        ([10, 2, 1, 30], [10, None, None, 30]),
        ([10, 0, 0, 30], [None, None, None, 30]),  # nothing left for two gaps would say that both are none
        ([2, 2, 9], [None, None, None]),  # both must be two, since four can be split in no other way
        ([], []),
    ],
)
def test_t81_a_small_count_is_hidden_and_others_with_it(counts: list[int], told: list[int | None]) -> None:
    assert suppressed(counts, 3) == told


def test_t81_whoever_knows_the_rule_and_the_total_still_finds_no_small_count() -> None:
    """For every table of four small numbers: all tables that would be published alike are looked at together, and no
    small cell has the same value in all of them."""
    alike: dict[tuple[object, ...], list[tuple[int, ...]]] = {}
    for counts in product(range(9), repeat=4):
        if sum(counts) >= 3:
            alike.setdefault((sum(counts), *suppressed(counts, 3)), []).append(counts)
    for (_, *told), tables in alike.items():
        for place, cell in enumerate(told):
            values = {table[place] for table in tables}
            if cell is None and min(values) < 3:
                assert len(values) > 1, (told, tables)
