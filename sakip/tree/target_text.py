"""Targets of a draft as one line of text: ``2025: 60; 2026: 61,5``, and back, exact.

Numbers follow the one rule of typed text (reference §5.4); our own files write them with a point (`FILES`).
``60..70`` is a range, ``ya`` and ``tidak`` are yes and no, ``lelang*30 + kontrak*70`` milestones with their weights,
``100/3`` a number without finite decimals; anything else is a grade, in quotes where it could be mistaken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from sakip.reasons import NOT_A_NUMBER, Reason
from sakip.typed_numbers import as_typed, proposal, read_number, shortened
from sakip.values import Milestones, Range, Target, as_text

TYPED, FILES = "typed", "files"  # who wrote the text: a person, or an export of this program
_RANGE = re.compile(r"(.+?)\s*\.\.\s*(.+)", re.DOTALL)
_STEP = re.compile(r"(.*\S)\s*\*\s*(\S+)", re.DOTALL)
_QUOTIENT = re.compile(r"([-−]?[0-9]{1,30})/([0-9]{1,30})")
_OF_FILES = re.compile(r"[-−]?[0-9]{1,30}(?:[.,][0-9]{1,30})?")
_TWO_WAYS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")  # of a file: decimals behind a comma, or groups of another language
_LIKE_A_NUMBER = re.compile(r"[-−+]?[\s0-9.,]*[0-9][\s0-9.,]*%?")
_YES_NO = {"ya": True, "yes": True, "tidak": False, "no": False}
_SPECIAL = re.compile(r'[;:"*+]|\.\.')


class NoTarget(ValueError):
    """A text that stands for no target; its argument is the part that could not be read."""

    @property
    def reason(self) -> Reason | None:
        """`not_a_number` with what was probably meant; None where no number was asked or nothing can be guessed."""
        return None


class NoNumber(NoTarget):
    """A text where a number stands, and that is none."""

    @property
    def reason(self) -> Reason | None:
        """`not_a_number` with its proposal, None without one."""
        said = str(self.args[0])
        meant = proposal(said)
        return None if meant in (None, said) else Reason(NOT_A_NUMBER, {"text": shortened(said), "proposal": meant})


def target_of_text(text: str, written_by: str = TYPED) -> Target | None:
    """The target a text stands for, None for an empty one. Raises NoTarget."""
    said = text.strip()
    if not said:
        return None
    if len(said) >= 2 and said[0] == said[-1] == '"':
        return said[1:-1]
    if said.casefold() in _YES_NO:
        return _YES_NO[said.casefold()]
    if _QUOTIENT.fullmatch(said) or (_LIKE_A_NUMBER.fullmatch(said) and ".." not in said):
        return _number(said, written_by)
    ends = _RANGE.fullmatch(said)
    if ends is not None:
        return Range(_number(ends[1], written_by), _number(ends[2], written_by))
    if "*" in said:
        return Milestones(dict(_step(part, written_by) for part in said.split("+")))
    if _SPECIAL.search(said):
        raise NoTarget(said)
    return said


def text_of_target(target: Target, written_by: str = TYPED) -> str:
    """A target as the text that stands for it."""
    if isinstance(target, bool):
        return "ya" if target else "tidak"
    if isinstance(target, Range):
        return f"{text_of_number(target.low, written_by)}..{text_of_number(target.high, written_by)}"
    if isinstance(target, Milestones):
        steps = target.weights.items()
        return " + ".join(f"{name}*{text_of_number(weight, written_by)}" for name, weight in steps)
    if isinstance(target, Fraction):
        return text_of_number(target, written_by)
    try:
        is_plain = target_of_text(target, written_by) == target
    except NoTarget:
        is_plain = False
    return target if is_plain else f'"{target}"'


def number_of_text(text: str, written_by: str = TYPED) -> Fraction | None:
    """The number a text stands for, None for an empty one. Raises NoTarget for anything else."""
    said = text.strip()
    return _number(said, written_by) if said else None


def text_of_number(number: Fraction, written_by: str = TYPED) -> str:
    """A number as the text that stands for it: ``61,5``, in files ``61.5``."""
    return as_typed(number) if written_by == TYPED else as_text(number)


def targets_of_text(text: str, written_by: str = TYPED) -> dict[str, Target]:
    """Targets by their period or year. Raises NoTarget for what cannot be read, or a key written twice."""
    found: dict[str, Target] = {}
    for key, said in parts_of_text(text).items():
        target = target_of_text(said, written_by)
        if target is None:
            raise NoTarget(f"{key}:")
        found[key] = target
    return found


def parts_of_text(text: str) -> dict[str, str]:
    """What a line says of each period or year, unread. Raises NoTarget for a part without its key, or a key twice."""
    found: dict[str, str] = {}
    for part in re.findall(r'(?:[^;"]|"[^"]*")+', text):
        if not part.strip():
            continue
        key, colon, said = (each.strip() for each in part.partition(":"))
        if not colon or not key or key in found:
            raise NoTarget(part.strip())
        found[key] = said
    return found


def planned_of_text(text: str, written_by: str = TYPED) -> dict[int, Target]:
    """Targets by year. Raises NoTarget, also for a year that is none."""
    found = targets_of_text(text, written_by)
    wrong = [key for key in found if not (key.isascii() and key.isdigit() and len(key) == len("2025"))]
    if wrong:
        raise NoTarget(f"{wrong[0]}:")
    return {int(year): target for year, target in found.items()}


def text_of_targets(targets: Mapping[str, Target] | Mapping[int, Target], written_by: str = TYPED) -> str:
    """Targets by their period or year, as one line in their order."""
    return "; ".join(f"{key}: {text_of_target(target, written_by)}" for key, target in targets.items())


def _number(text: str, written_by: str) -> Fraction:
    said = text.strip()
    quotient = _QUOTIENT.fullmatch(said)
    if quotient is not None and quotient[2].strip("0"):
        return Fraction(int(quotient[1].replace("−", "-")), int(quotient[2]))
    if written_by == FILES:
        if not _OF_FILES.fullmatch(said) or _TWO_WAYS.fullmatch(said):
            raise NoNumber(said)
        return Fraction(said.replace(",", ".").replace("−", "-"))
    found = read_number(said, is_percent=True)
    if isinstance(found, Reason):
        raise NoNumber(said)
    return found


def _step(text: str, written_by: str) -> tuple[str, Fraction]:
    found = _STEP.fullmatch(text.strip())
    if found is None:
        raise NoTarget(text.strip())
    return found[1].strip(), _number(found[2], written_by)
