"""Answers to a worksheet as others hand them in: patterns over paths (§12), and what is refused before writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sakip.configuration.patterns import ANY_TEXT, pattern_of
from sakip.reasons import UNKNOWN_ANSWER
from sakip.shares import Given, answer_share, is_open
from sakip.worksheet import Section

NOT_ASKED = "not_asked"


def expand(sections: Sequence[Section], patterns: Mapping[str, Any]) -> dict[str, Given]:
    """The answer of every question by its path; without one it is missing.

    ``patterns``: path or pattern -> answer. An exact path wins, then the longest pattern (of two equally long ones the
    one written first); ``*`` is any text, points and nothing at all included.
    """
    ranked = sorted((key for key in patterns if ANY_TEXT in key), key=len, reverse=True)
    compiled = [(pattern_of(key), patterns[key]) for key in ranked]
    found: dict[str, Given] = {}
    for section in sections:
        for question in section.questions:
            if question.path in patterns:
                found[question.path] = patterns[question.path]
                continue
            for pattern, answer in compiled:
                if pattern.fullmatch(question.path):
                    found[question.path] = answer
                    break
    return found


def refusal(sections: Sequence[Section], path: str, given: Given) -> str | None:
    """Why an answer may not be written: `not_asked` (inactive, of another subject, unknown, a tick instead of the
    grade), `unknown_answer` (of another scale, a piece of evidence that is not asked there); None when it may."""
    question = next((one for section in sections for one in section.questions if one.path == path), None)
    if question is None:
        return NOT_ASKED
    if is_open(given):
        return None
    try:
        answer_share(question, given)
    except KeyError:
        return UNKNOWN_ANSWER
    strange = question.pieces is not None and given is not None and not isinstance(given, str)
    return UNKNOWN_ANSWER if strange and set(given or ()) - set(question.pieces or ()) else None
