"""Which versions a range accepts, at its edges."""

from __future__ import annotations

import pytest

from engine.definitions.version_ranges import accepts


@pytest.mark.parametrize(
    ("wanted", "inside", "outside"),
    [
        ("1.4.0", ["1.4.0", "1.4.0-rc.1"], ["1.4.1", "1.3.9"]),
        ("1.4", ["1.4.0", "1.4.9"], ["1.5.0", "1.3.9"]),
        ("1.x", ["1.0.0", "1.99.0"], ["2.0.0", "0.9.9"]),
        ("^1.2", ["1.2.0", "1.9.9"], ["1.1.9", "2.0.0"]),
        ("^0.2", ["0.2.0", "0.2.9"], ["0.3.0", "0.1.9"]),
        ("^0.0.3", ["0.0.3"], ["0.0.4", "0.0.2"]),
        ("~1.2", ["1.2.0", "1.2.9"], ["1.3.0"]),
        ("~1", ["1.0.0", "1.9.0"], ["2.0.0"]),
        (">=1.2 <2", ["1.2.0", "1.99.9"], ["2.0.0", "1.1.9"]),
        ("> 1.2.3", ["1.2.4", "2.0.0"], ["1.2.3"]),
        (">1.2", ["1.3.0", "2.0.0"], ["1.2.0", "1.2.9"]),
        (">1", ["2.0.0"], ["1.0.0", "1.9.9"]),
        ("<=1.2", ["1.2.0", "1.2.9", "0.9.0"], ["1.3.0"]),
        ("<=1", ["1.0.0", "1.9.9"], ["2.0.0"]),
        ("<=1.2.3", ["1.2.3"], ["1.2.4"]),
        ("<1.2", ["1.1.9"], ["1.2.0"]),
        ("*", ["0.0.1", "9.9.9"], []),
    ],
)
def test_a_range_accepts_up_to_its_edges(wanted: str, inside: list[str], outside: list[str]) -> None:
    assert [version for version in inside if not accepts(wanted, version)] == []
    assert [version for version in outside if accepts(wanted, version)] == []


@pytest.mark.parametrize("wanted", ["", "one", "1.2.3.4", ">>1", "1 - 2", "^"])
def test_what_is_no_range_is_told_as_none(wanted: str) -> None:
    assert accepts(wanted, "1.0.0") is None
