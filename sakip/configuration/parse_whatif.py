"""`whatif.yaml` as a value: what a step costs, how long it takes, who takes it (reference §9)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from engine.definitions.source import INTEGER, NULL, Entry, Node
from sakip.configuration.heads import Head
from sakip.configuration.reading import FieldReader
from sakip.configuration.whatif import Effort, WhatIf

WHATIF_REQUIRED = ("effort",)
WHATIF_KEYS = (*WHATIF_REQUIRED, "evaluation", "start", "goal", "target_date", "fixed", "alternatives")
MOST_WEEKS = 5200
MOST_STEP, MOST_TIMES = 1000, 100  # the search takes as long as ways are expensive
MOST_ALTERNATIVES = 20
_NOTHING = Effort(1, 0, None)


def parse_whatif(root: Node, head: Head, reader: FieldReader) -> WhatIf:
    """The value of a file whose top-level keys were looked at. What a criterion does not say, its sub-component says,
    and what that does not say, the default."""
    given = {key: entry for key, entry in root.entries.items() if entry.value.kind != NULL}
    effort = given.get("effort")
    inner: Mapping[str, Entry] = {}
    if effort is not None:
        allowed = ("default", "last_step", "evidence_item", "sub_components", "criteria")
        inner = reader.given(effort, allowed, ("default",))
    default = _effort(inner.get("default"), _NOTHING, reader, ("step",))
    subs = {key: _effort(each, default, reader) for key, each in reader.free(inner.get("sub_components")).items()}
    criteria = {
        key: _effort(each, subs.get(key.rpartition(".")[0], default), reader)
        for key, each in reader.free(inner.get("criteria")).items()
    }
    start = reader.given(given["start"], ("tier", "fallback")) if "start" in given else {}
    margin = head.parameters.get("margin", 0)
    return WhatIf(
        head,
        reader.text(given.get("evaluation")),
        Fraction(margin) if isinstance(margin, int | Fraction) else Fraction(0),
        reader.text(start.get("tier"), "self"),
        reader.optional_text(start.get("fallback")),
        reader.text(given.get("goal"), "next"),
        reader.date(given.get("target_date")),
        default,
        _steps(inner.get("last_step"), 1, MOST_TIMES, reader),
        _effort(inner.get("evidence_item"), default, reader),
        subs,
        criteria,
        reader.names(given.get("fixed")),
        reader.count(given.get("alternatives"), 0, 0, MOST_ALTERNATIVES),
    )


def _effort(entry: Entry | None, around: Effort, reader: FieldReader, required: tuple[str, ...] = ()) -> Effort:
    if entry is None:
        return around
    given = reader.given(entry, ("step", "weeks", "who"), required)
    who = reader.optional_text(given.get("who"))
    return Effort(
        _steps(given.get("step"), around.step, MOST_STEP, reader),
        reader.count(given.get("weeks"), around.weeks, 0, MOST_WEEKS),
        around.who if who is None else who,
    )


def _steps(entry: Entry | None, default: int, most: int, reader: FieldReader) -> int:
    """A whole number from 1 to ``most``; one that is none, or less, is for the checks to tell (WF240)."""
    if entry is None or entry.value.kind != INTEGER or entry.value.value < 1:
        return default
    return reader.count(entry, default, 1, most)
