"""A score, its predicate and the way to the next one (reference §7.10).

p_points_to_the_next:
  kind: predicate
  given: {score: "68.40"}
  expect: {score: "68.40", predicate: b, next: {predicate: bb, points: "1.61"}}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sakip.configuration.folder import Configuration
from sakip.configuration.heads import EVALUATION
from sakip.score import Judged, judge
from sakip.vectors import kind
from sakip.vectors.worksheet import evaluation_of, number


@kind("predicate", EVALUATION, whole=("next",))
def run(given: Mapping[str, Any], configuration: Configuration) -> Mapping[str, Any]:
    """The score as printed, its predicate and the next."""
    return judged(judge(evaluation_of(given, configuration), number(given.get("score"), "score")))


def judged(found: Judged) -> dict[str, Any]:
    """A judged score by the names of the reference; ``next`` is None at the highest predicate."""
    following = found.next
    return {
        "score": found.printed,
        "predicate": found.predicate.key,
        "next": following and {"predicate": following.predicate.key, "points": following.printed},
    }
