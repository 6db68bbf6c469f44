"""The grade proposed by criteria that are ticked (reference §7.3, S1).

g_all:
  kind: grade_suggested
  given: {met: 7, of: 7}
  expect: {answer: bb}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sakip.configuration.folder import Configuration
from sakip.configuration.heads import EVALUATION
from sakip.reasons import Reason
from sakip.suggested import suggested
from sakip.vectors import VectorFault, kind
from sakip.vectors.worksheet import evaluation_of


@kind("grade_suggested", EVALUATION)
def run(given: Mapping[str, Any], configuration: Configuration) -> Mapping[str, Any]:
    """The answer proposed on the scale ``scale`` (the first with suggestions when none is named)."""
    rules = evaluation_of(given, configuration).suggested
    scale = str(given.get("scale") or next(iter(rules), ""))
    if scale not in rules:
        raise VectorFault(f"scale: {scale!r} has no suggested grades")
    met, of = given.get("met"), given.get("of")
    if type(met) is not int or type(of) is not int or not 0 <= met <= of:
        raise VectorFault(f"met, of: {met!r} of {of!r} criteria")
    found = suggested(rules[scale], met, of)
    return {"reason": found.code} if isinstance(found, Reason) else {"answer": found}
