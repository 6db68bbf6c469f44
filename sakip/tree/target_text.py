"""Targets of a draft as one line of text: ``2025: 60; 2026: 61.5``, and back, exact.

A number has a point or a comma before its decimals; ``60..70`` is a range, ``ya`` and ``tidak`` are yes and no,
``lelang*30 + kontrak*70`` milestones with their weights; anything else is a grade, in quotes where it could be
mistaken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from sakip.values import Milestones, Range, Target, as_text

_NUMBER = r"-?[0-9]{1,30}(?:[.,][0-9]{1,30}|/[0-9]{1,30})?"
_SINGLE = re.compile(_NUMBER)
_RANGE = re.compile(rf"({_NUMBER})\s*\.\.\s*({_NUMBER})")
_STEP = re.compile(rf"(.*\S)\s*\*\s*({_NUMBER})", re.DOTALL)
_YES_NO = {"ya": True, "yes": True, "tidak": False, "no": False}
_SPECIAL = re.compile(r'[;:"*+]|\.\.')


class NoTarget(ValueError):
    """A text that stands for no target; its argument is the part that could not be read."""


def target_of_text(text: str) -> Target | None:
    """The target a text stands for, None for an empty one. Raises NoTarget."""
    said = text.strip()
    if not said:
        return None
    if len(said) >= 2 and said[0] == said[-1] == '"':
        return said[1:-1]
    if said.casefold() in _YES_NO:
        return _YES_NO[said.casefold()]
    if _SINGLE.fullmatch(said):
        return _number(said)
    ends = _RANGE.fullmatch(said)
    if ends is not None:
        return Range(_number(ends[1]), _number(ends[2]))
    if "*" in said:
        return Milestones(dict(_step(part) for part in said.split("+")))
    if _SPECIAL.search(said):
        raise NoTarget(said)
    return said


def text_of_target(target: Target) -> str:
    """A target as the text that stands for it."""
    if isinstance(target, bool):
        return "ya" if target else "tidak"
    if isinstance(target, Range):
        return f"{as_text(target.low)}..{as_text(target.high)}"
    if isinstance(target, Milestones):
        return " + ".join(f"{name}*{as_text(weight)}" for name, weight in target.weights.items())
    if isinstance(target, Fraction):
        return as_text(target)
    try:
        is_plain = target_of_text(target) == target
    except NoTarget:
        is_plain = False
    return target if is_plain else f'"{target}"'


def number_of_text(text: str) -> Fraction | None:
    """The number a text stands for, None for an empty one. Raises NoTarget for anything else."""
    said = text.strip()
    if said and not _SINGLE.fullmatch(said):
        raise NoTarget(said)
    return _number(said) if said else None


def targets_of_text(text: str) -> dict[str, Target]:
    """Targets by their period or year. Raises NoTarget for what cannot be read, or a key written twice."""
    found: dict[str, Target] = {}
    for part in re.findall(r'(?:[^;"]|"[^"]*")+', text):
        if not part.strip():
            continue
        key, colon, said = (each.strip() for each in part.partition(":"))
        target = target_of_text(said)
        if not colon or not key or target is None or key in found:
            raise NoTarget(part.strip())
        found[key] = target
    return found


def text_of_targets(targets: Mapping[str, Target] | Mapping[int, Target]) -> str:
    """Targets by their period or year, as one line in their order."""
    return "; ".join(f"{key}: {text_of_target(target)}" for key, target in targets.items())


def _number(text: str) -> Fraction:
    if re.search(r"/0+\Z", text):
        raise NoTarget(text)
    return Fraction(text.replace(",", "."))


def _step(text: str) -> tuple[str, Fraction]:
    found = _STEP.fullmatch(text.strip())
    if found is None:
        raise NoTarget(text.strip())
    return found[1].strip(), _number(found[2])
