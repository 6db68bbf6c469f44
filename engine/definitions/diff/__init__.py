"""What changed between two definitions, in sentences an administrator understands, the alarming first."""

from __future__ import annotations

from collections.abc import Iterable

from engine.definitions.diff.states import compare_states
from engine.definitions.diff.values import FIRST, WEIGHTS, Comparison, Difference
from engine.definitions.model import Definition

__all__ = ["Difference", "changed_states", "differences"]


def differences(old: Definition, new: Definition) -> tuple[Difference, ...]:
    """Everything that is not the same in ``new``, the weightiest first, then in the order of the file.

    First come removed scenarios, removed steps, widened permissions and relaxed exclusions (``weight`` "alarm",
    reference §10), then other weakened safeguards ("relaxed"), changed rules ("rule") and mere words ("words").
    Empty exactly when both have the same canonical form, as far as ``digest`` is known.
    """
    if old is new or (old.digest and old.digest == new.digest):
        return ()
    comparison = Comparison(old, new)
    compare_states(comparison)
    return tuple(sorted(comparison.found, key=_rank))


def changed_states(found: Iterable[Difference]) -> frozenset[str]:
    """The keys of all states, old and new, that are gone, new, or behave differently; words alone count for nothing."""
    return frozenset(state for difference in found for state in difference.states)


def _rank(difference: Difference) -> tuple[int, int]:
    first = FIRST.index(difference.kind) if difference.kind in FIRST else len(FIRST)
    return WEIGHTS.index(difference.weight), first
