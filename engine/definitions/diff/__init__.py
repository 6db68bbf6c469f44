"""What changed between two definitions, in sentences an administrator understands, the alarming first."""

from __future__ import annotations

from collections.abc import Iterable

from engine.definitions.diff.forms import compare_forms
from engine.definitions.diff.mails import compare_notifications
from engine.definitions.diff.people import compare_people
from engine.definitions.diff.proof import compare_proof
from engine.definitions.diff.rules import compare_rules
from engine.definitions.diff.states import compare_states
from engine.definitions.diff.values import FIRST, WEIGHTS, WORDS, Comparison, Difference
from engine.definitions.model import Definition, Text

__all__ = ["REWRITTEN", "Difference", "changed_states", "differences"]


def differences(old: Definition, new: Definition) -> tuple[Difference, ...]:
    """Everything that is not the same in ``new``, the weightiest first, then in the order of the file.

    First come removed scenarios, removed steps, widened permissions and relaxed exclusions (``weight`` "alarm",
    reference §10), then other weakened safeguards ("relaxed"), changed rules ("rule") and mere words ("words").
    Empty exactly when both have the same canonical form, as far as ``digest`` is known.
    """
    if old is new or (old.digest and old.digest == new.digest):
        return ()
    comparison = Comparison(old, new)
    for compare in _COMPARERS:
        compare(comparison)
    if not comparison.found and old.digest and new.digest:
        return (REWRITTEN,)
    return tuple(sorted(comparison.found, key=_rank))


REWRITTEN = Difference(
    "rewritten",
    WORDS,
    "",
    Text("Teks atau susunannya berubah; aturannya tetap sama", "Text or layout changed; the rules are the same"),
)
_COMPARERS = (compare_states, compare_people, compare_rules, compare_notifications, compare_forms, compare_proof)


def changed_states(found: Iterable[Difference]) -> frozenset[str]:
    """The keys of all states, old and new, that are gone, new, or behave differently; words alone count for nothing."""
    return frozenset(state for difference in found for state in difference.states)


def _rank(difference: Difference) -> tuple[int, int]:
    first = FIRST.index(difference.kind) if difference.kind in FIRST else len(FIRST)
    return WEIGHTS.index(difference.weight), first
