"""Options of field types: what fits, and which patterns are refused because they could run for ever."""

from __future__ import annotations

import re
import time
from decimal import Decimal
from typing import Any

import pytest

from engine.definitions.options import option_fault
from engine.definitions.vocabulary_protocol import Option

FITS: list[tuple[Option, Any]] = [
    (Option("integer", minimum=1), 1),
    (Option("number"), Decimal("1.5")),
    (Option("number"), -3),
    (Option("day"), "2026-01-31"),
    (Option("day"), "today"),
    (Option("month"), "2026-01"),
    (Option("year"), 2026),
    (Option("size"), "10 MB"),
    (Option("size"), 5000),
    (Option("size"), "500kb"),
    (Option("within"), "region"),
    (Option("within"), {"group": "planning"}),
    (Option("rows"), {"source": "sakip.annex", "with": {"year": "case.period"}}),
    (Option("source"), "units_of_measure"),
    (Option("source"), "performance_agreement.goals.indicators"),
    (Option("one_of", choices=("superior", "unit")), "unit"),
    (Option("choices"), {"apbd": {}, "2": {"title": "Dua"}}),
    (Option("texts"), ["pdf", "jpg"]),
    (Option("key"), "unit"),
    (Option("boolean"), False),
    (Option("text"), "x"),
]
MISFITS: list[tuple[Option, Any]] = [
    (Option("integer", minimum=1), 0),
    (Option("integer", maximum=5), 6),
    (Option("integer"), True),
    (Option("integer"), "5"),
    (Option("number"), "5"),
    (Option("number"), True),
    (Option("day"), "31-01-2026"),
    (Option("day"), 2026),
    (Option("month"), "2026-13"),
    (Option("year"), 26),
    (Option("year"), True),
    (Option("size"), "10 TB"),
    (Option("size"), 0),
    (Option("within"), ""),
    (Option("within"), {"group": 5}),
    (Option("within"), {"group": "a", "level": "b"}),
    (Option("rows"), {"with": {}}),
    (Option("rows"), {"source": "x", "with": {"a": 5}}),
    (Option("rows"), "x"),
    (Option("source"), "X"),
    (Option("source"), "a..b"),
    (Option("one_of", choices=("superior", "unit")), "any"),
    (Option("choices"), {}),
    (Option("choices"), ["a"]),
    (Option("choices"), {"a b": {}}),
    (Option("choices"), {"a": {"titel": "x"}}),
    (Option("texts"), []),
    (Option("texts"), "pdf"),
    (Option("key"), "Unit"),
    (Option("boolean"), "true"),
    (Option("text"), ""),
]


@pytest.mark.parametrize(("option", "value"), FITS)
def test_a_value_fits(option: Option, value: Any) -> None:
    assert option_fault(option, value) is None


@pytest.mark.parametrize(("option", "value"), MISFITS)
def test_a_value_does_not_fit_and_a_sentence_says_why(option: Option, value: Any) -> None:
    fault = option_fault(option, value)
    assert fault is not None and fault.id and fault.en


@pytest.mark.parametrize(
    "pattern",
    [
        "[0-9]{18}",
        "[A-Z]{2}-[0-9]+",
        r"[0-9]+(\.[0-9]+)*",
        r"([0-9]{2}\.){2}[0-9]{1,4}",
        r"\d{4}/\d{2}",
        "(APBD|DAK)",
        "(a|b)?c",
        r"(?:PK|RENJA)/[0-9]{4}/.+",
        r"[^@\s]+@[^@\s]+",
        r"[0-9]+(-[0-9]+)+",
    ],
)
def test_a_pattern_for_codes_is_allowed_and_quick_on_the_longest_text(pattern: str) -> None:
    assert option_fault(Option("pattern"), pattern) is None
    compiled = re.compile(pattern)
    started = time.process_time()
    for text in ("a" * 500 + "!", "1" * 499 + "!", "1." * 249 + "!", "1-" * 249 + "!"):
        compiled.fullmatch(text)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "(a*)*b",
        "(a|a)*b",
        "(a|ab)*c",
        "([a-z]+)*",
        "(.*)*",
        "((a+)b?)+",
        "(a{1,5})+",
        "(a?){50}",
        r"(.[0-9]+)*",
        r"(-[0-9\-]+)*",
        r"(\w+\s?)*",
        ".*.*.*.*x",
        r"(a)\1",
        "(?=a)a",
        "(?<!a)b",
        "(",
        "[",
        "*",
        "a{99999999999}",
        "x" * 201,
        5,
    ],
)
def test_a_pattern_that_could_run_for_ever_or_cannot_be_read_is_refused(pattern: Any) -> None:
    assert option_fault(Option("pattern"), pattern) is not None
