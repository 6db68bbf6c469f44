"""The result over several tiers, from their scores (reference §7.9).

t_last_tier:
  kind: tiers
  given: {tiers: {self: "74", assure: "71", final: "69.4"}}
  expect: {score: "69.40", predicate: b}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sakip.configuration.folder import Configuration
from sakip.configuration.heads import EVALUATION
from sakip.reasons import Reason
from sakip.score import judge
from sakip.tiers import result
from sakip.vectors import VectorFault, kind
from sakip.vectors.predicate import judged
from sakip.vectors.worksheet import evaluation_of, number


@kind("tiers", EVALUATION, whole=("next",))
def run(given: Mapping[str, Any], configuration: Configuration) -> Mapping[str, Any]:
    """The score over the tiers and its predicate, whether it is provisional, or the reason."""
    evaluation = evaluation_of(given, configuration)
    scores = given.get("tiers") or {}
    unknown = [key for key in scores if key not in evaluation.tiers]
    if unknown:
        raise VectorFault(f"tiers: {unknown[0]!r} is no tier of this rubric")
    exact = {key: None if score is None else number(score, f"tiers.{key}") for key, score in scores.items()}
    found = result(evaluation, exact)
    if isinstance(found, Reason):
        return {"reason": found.code}
    return {**judged(judge(evaluation, found.score)), "provisional": found.is_provisional}
