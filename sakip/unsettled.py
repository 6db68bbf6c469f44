"""What of a file is not settled yet and concerns a figure: its `to_confirm` texts (reference §2.4)."""

from __future__ import annotations

from collections.abc import Iterable

from engine.definitions.model import Text
from sakip.configuration.heads import Head
from sakip.configuration.measurement import Measurement

OF_METHODS = "methods"
OF_ACHIEVEMENTS = ("bands", "limits", "rounding", "applies", "complete", "aggregates")


def unsettled(head: Head | None, parts: Iterable[str] | None = None) -> tuple[Text, ...]:
    """The texts that stand on one of these places (dotted paths), within one, or above one; without places all."""
    if head is None:
        return ()
    asked = None if parts is None else tuple(parts)
    meant = (text for path, text in head.unsure.items() if asked is None or any(_meets(path, one) for one in asked))
    return tuple(dict.fromkeys(meant))


def unsettled_of_methods(rules: Measurement | None, methods: Iterable[str]) -> tuple[Text, ...]:
    """The texts that concern achievements by these methods (keys or directions of the file), and every achievement."""
    if rules is None:
        return ()
    named = {rules.directions.get(one, one) for one in methods}
    return unsettled(rules.head, (*OF_ACHIEVEMENTS, *(f"{OF_METHODS}.{one}" for one in sorted(named))))


def _meets(path: str, part: str) -> bool:
    return path in ("", part) or path.startswith(f"{part}.") or part.startswith(f"{path}.")
