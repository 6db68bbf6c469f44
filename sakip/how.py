"""How an indicator is measured, in words: "makin tinggi makin baik; nilai terakhir" (reference §13.2)."""

from __future__ import annotations

from engine.definitions.model import Text
from sakip import plan
from sakip.configuration.measurement import Measurement
from sakip.consolidations import CONSOLIDATIONS
from sakip.methods import METHODS
from sakip.reasons import Reason


def in_words(rules: Measurement, indicator: plan.Indicator) -> Text:
    """Direction and consolidation of an indicator in both languages; the sentence of ``no_method`` stands for a method
    that is not set."""
    method = plan.method_of(rules, indicator)
    direction = method.sentence if isinstance(method, Reason) else METHODS.values()[method.kind].reads
    chosen = rules.consolidations.get(indicator.consolidation or rules.default_consolidation)
    kind = CONSOLIDATIONS.values().get(chosen.kind) if chosen is not None else None
    if kind is None:
        return direction
    return Text(f"{direction.id}; {kind.reads.id}", f"{direction.en}; {kind.reads.en}")
