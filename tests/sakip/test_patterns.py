"""``*`` in a path is any text; a pattern of a stranger is answered at once."""

from __future__ import annotations

import re
from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from sakip.configuration.patterns import pattern_of

SHORT = st.text("ab.*", max_size=8)


@given(SHORT, st.text("ab.", max_size=10))
def test_a_star_is_any_text_at_all(pattern: str, path: str):
    plain = re.compile(".*".join(map(re.escape, pattern.split("*"))))
    assert bool(pattern_of(pattern).fullmatch(path)) == bool(plain.fullmatch(path))


def test_many_stars_take_no_time():
    pattern = pattern_of("*a" * 400 + "*b")
    begun = perf_counter()
    assert not pattern.fullmatch("a" * 5000)
    assert perf_counter() - begun < 1
