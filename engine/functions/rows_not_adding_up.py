"""The labels of the rows of one kind whose parts do not add up to their total; rows with an empty part are passed over.

that: "rows_not_adding_up(case.plan.code, case.plan.kind, 'sum', case.plan.target, case.plan.q1, case.plan.q2) == []"
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from engine.definitions.expression_types import TEXT, list_of
from engine.definitions.model import Text
from engine.definitions.vocabulary_protocol import Signature, Slot
from engine.functions import WORDS, function
from engine.functions import list_of as listed

_NUMBERS = listed("integer", "decimal")


@function(
    "rows_not_adding_up",
    Signature(
        (listed("text"), listed("text", "choice", "scale"), Slot(WORDS.kinds), _NUMBERS, _NUMBERS),
        list_of(TEXT),
        repeats=True,
    ),
    reads=Text("baris {0} yang tidak berjumlah {3}", "rows {0} that do not add up to {3}"),
)
def rows_not_adding_up(
    labels: Sequence[Any], kinds: Sequence[Any], kind: Any, totals: Sequence[Any], *parts: Sequence[Any]
) -> list[str]:
    """Labels in the order of the rows; a row without a label is called by its number."""
    found = []
    for place, (label, its_kind, total, *given) in enumerate(zip(labels, kinds, totals, *parts, strict=False), 1):
        is_whole = all(isinstance(value, int | Decimal) for value in (total, *given))
        if its_kind == kind and is_whole and sum(map(Decimal, given)) != total:
            found.append(str(label or place))
    return found
