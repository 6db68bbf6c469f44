"""Which versions a range accepts: ``^2.0``, ``~1.2``, ``>=1.0 <3``, ``1.4.0``, ``*``."""

from __future__ import annotations

import re

_PART = re.compile(r"(\^|~|>=|<=|>|<|=)?\s*(\d+)(?:\.(\d+|[x*]))?(?:\.(\d+|[x*]))?(?:[-+][0-9A-Za-z.+-]*)?\Z", re.ASCII)
_OPERATOR_SPACE = re.compile(r"(\^|~|>=|<=|>|<|=)\s+")

Version = tuple[int, int, int]


def parse_version(text: str) -> Version | None:
    """Three numbers of a version; what stands after ``-`` or ``+`` is not compared."""
    match = re.match(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})", text, re.ASCII)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def accepts(wanted: str, version: str) -> bool | None:
    """Whether ``version`` lies in the range; None when the range cannot be read."""
    parts = _OPERATOR_SPACE.sub(r"\1", wanted.strip()).split()
    if parts == ["*"]:
        return True
    actual = parse_version(version)
    results = [_one(part, actual) for part in parts]
    if not results or any(result is None for result in results):
        return None
    return all(results)


def has_beginning(wanted: str) -> bool:
    """Whether a range says from which version on: ``^2.0`` does, ``*`` and ``<3`` do not."""
    parts = _OPERATOR_SPACE.sub(r"\1", wanted.strip()).split()
    return any(part != "*" and not part.startswith("<") for part in parts)


def _one(part: str, actual: Version | None) -> bool | None:
    match = _PART.match(part)
    if match is None or len(part) > 60:
        return None
    numbers = [int(group) if group and group.isdigit() else None for group in match.groups()[1:]]
    low: Version = (numbers[0] or 0, numbers[1] or 0, numbers[2] or 0)
    if actual is None:
        return False
    operator = match.group(1)
    if operator in (">", "<="):  # of 1.2 that is all of 1.2: >1.2 begins with 1.3.0, <=1.2 ends before it
        beyond = actual >= _upper(None, numbers, low) if numbers[2] is None else actual > low
        return beyond if operator == ">" else not beyond
    if operator in (">=", "<"):
        return actual >= low if operator == ">=" else actual < low
    return low <= actual < _upper(operator, numbers, low)


def _upper(operator: str | None, numbers: list[int | None], low: Version) -> Version:
    """The first version that is too new."""
    major, minor, patch = low
    if operator == "^":
        if major or numbers[1] is None:
            return (major + 1, 0, 0)
        return (0, minor + 1, 0) if minor or numbers[2] is None else (0, 0, patch + 1)
    if numbers[1] is None:
        return (major + 1, 0, 0)
    if operator == "~" or numbers[2] is None:
        return (major, minor + 1, 0)
    return (major, minor, patch + 1)
