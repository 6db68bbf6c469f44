"""Numbers with more digits than decimals reckon with by themselves are written like any other, on page and paper."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask, g

from sakip.reporting import lkjip_words
from web.performance import cells, tree_words

WHOLE = "9" * 40
SHOWN = ".".join(["9", *["999"] * 13])
THIRDS = ".".join(["3", *["333"] * 12])


@pytest.mark.parametrize("write", [cells.number, tree_words.number_words, lkjip_words.number])
def test_a_number_of_forty_digits_is_written_with_all_of_them(write: Callable[[str], str]) -> None:
    with Flask("pages").test_request_context():
        g.person = SimpleNamespace(language="id")
        assert write(WHOLE) == SHOWN
        assert write(f"{WHOLE}.666666") == f"{SHOWN},666666"


@pytest.mark.parametrize("write", [cells.number, lkjip_words.number])
def test_a_quotient_without_an_end_keeps_every_digit_before_its_comma(write: Callable[[str], str]) -> None:
    with Flask("pages").test_request_context():
        g.person = SimpleNamespace(language="id")
        assert write("1" + "0" * 37 + "/3") == f"{THIRDS},33"
