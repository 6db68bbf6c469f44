"""A worksheet answered by patterns, scored (reference §7.1–§7.10).

w_all_best:
  kind: worksheet
  given: {answers: {"*": a}}
  expect: {score: "100.00", predicate: aa}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sakip.answers import expand
from sakip.configuration.evaluation import REGION, UNIT, Evaluation
from sakip.configuration.folder import Configuration
from sakip.configuration.heads import EVALUATION
from sakip.reasons import Reason
from sakip.score import judge, score
from sakip.shares import Given
from sakip.vectors import VectorFault, kind, year_of
from sakip.worksheet import worksheet

PLACES_OF_A_PART = 4
_WRITTEN = re.compile(r"\s*-?[0-9]{1,40}(\.[0-9]{1,40}|/[1-9][0-9]{0,39})?\s*", re.ASCII)


@kind("worksheet", EVALUATION, whole=("next",), unordered=("limited", "warned", "refused"))
def run(given: Mapping[str, Any], configuration: Configuration) -> Mapping[str, Any]:
    """Score, predicate, points of every sub-component with four decimals, what the framework limits and warns of."""
    evaluation = evaluation_of(given, configuration)
    subject, unit_type = subject_of(given, evaluation)
    found = score(evaluation, subject, unit_type, answers_of(given, evaluation))
    if isinstance(found, Reason):
        return {"reason": found.code}
    judged = judge(evaluation, found.score)
    return {
        "score": judged.printed,
        "predicate": judged.predicate.key,
        "next": judged.next and {"predicate": judged.next.predicate.key, "points": judged.next.printed},
        "sub_components": {
            path: evaluation.rounding.printed(points, PLACES_OF_A_PART) for path, points in found.points.items()
        },
        "limited": list(found.limited),
        "warned": list(found.warned),
        "refused": list(found.refused),
    }


def evaluation_of(given: Mapping[str, Any], configuration: Configuration) -> Evaluation:
    """The rubric of the vector's year; when it names none and there is only one rubric, that one. Raises VectorFault
    when there is none."""
    year = year_of(given)
    evaluation = configuration.evaluation(year)
    if evaluation is None and not {"year", "on"} & given.keys() and len(configuration.evaluations) == 1:
        return configuration.evaluations[0].model
    if evaluation is None:
        raise VectorFault(f"no evaluation governs {year}")
    return evaluation


def subject_of(given: Mapping[str, Any], evaluation: Evaluation) -> tuple[str, str | None]:
    """Region or unit (the rubric's first when not given), and the type of unit. Raises VectorFault for another word."""
    subject = given.get("subject", evaluation.subjects[0])
    if subject not in (REGION, UNIT):
        raise VectorFault(f"subject: {subject!r} is neither region nor unit")
    unit_type = given.get("unit_type")
    return subject, None if unit_type is None else str(unit_type)


def answers_of(given: Mapping[str, Any], evaluation: Evaluation) -> dict[str, Given]:
    """The answers by path; a number stands for the answer written like it."""
    patterns = given.get("answers") or {}
    if not isinstance(patterns, Mapping):
        raise VectorFault("answers: not a map of paths")
    texts = {str(key): _text(answer) for key, answer in patterns.items()}
    return expand(worksheet(evaluation, *subject_of(given, evaluation)), texts)


def _text(answer: Any) -> Any:
    return str(answer) if isinstance(answer, int | Decimal) and not isinstance(answer, bool) else answer


def number(value: Any, name: str) -> Fraction:
    """An exact number written as one or as a text with a point. Raises VectorFault for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal | Fraction):
        raise VectorFault(f"{name}: {value!r} is no number")
    if isinstance(value, str) and not _WRITTEN.fullmatch(value):  # an exponent could fill the memory
        raise VectorFault(f"{name}: {value!r} is no number")
    return Fraction(value)
