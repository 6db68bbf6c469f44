"""Paths of a rubric with ``*`` for any text, in answers, in what is fixed and in vectors."""

from __future__ import annotations

import re

ANY_TEXT = "*"


def pattern_of(path: str) -> re.Pattern[str]:
    """What a path with ``*`` matches, to be asked for a full match.

    ``*`` is any text, points and nothing at all included. Strangers write these: each piece is looked for once, at the
    first place it stands (an atomic group), so that many stars do not take for ever.
    """
    first, *rest = path.split(ANY_TEXT)
    if not rest:
        return re.compile(re.escape(first))
    *middle, last = (re.escape(part) for part in rest)
    return re.compile("".join((re.escape(first), *(f"(?>.*?{part})" for part in middle if part), ".*", last)))
