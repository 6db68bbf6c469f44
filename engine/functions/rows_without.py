"""The labels of the rows in which one of the answers is empty, so that a check can say where.

that: "rows_without(case.plan.code, case.plan.kind, case.plan.target) == []"
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.definitions.expression_types import TEXT, list_of
from engine.definitions.model import Text
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import LISTED, function
from engine.functions import list_of as listed
from engine.functions.filled import filled


@function(
    "rows_without",
    Signature((listed("text"), LISTED), list_of(TEXT), repeats=True),
    reads=Text("baris {0} tanpa {1}", "rows {0} without {1}"),
)
def rows_without(labels: Sequence[Any], *answers: Sequence[Any]) -> list[str]:
    """Labels in the order of the rows; a row without a label is called by its number."""
    rows = enumerate(zip(labels, *answers, strict=False), 1)
    return [str(label or place) for place, (label, *given) in rows if not all(filled(value) for value in given)]
