"""The shelf of test vectors: one kind a file, each computing plain values from plain values (reference §12)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.errors import AlurError
from engine.shelf import Shelf
from sakip.configuration.folder import Configuration

VECTORS_SCHEMA = "sakip-vectors/1"
DEFAULT_DAY = date(2025, 12, 31)

Run = Callable[[Mapping[str, Any], Configuration], Mapping[str, Any]]


class VectorFault(AlurError):
    """A vector asks for something that cannot be computed at all: a name nobody knows, a value left out."""


@dataclass(frozen=True, slots=True)
class VectorKind:
    """One kind of vector.

    ``run`` gets ``given`` as plain YAML values (dict, list, str, int, Decimal, bool, None) and a configuration with
    region and patch merged in; it returns what it found by the names of the reference: printed numbers are texts with a
    point. Of a map only the keys an ``expect`` names are compared, except those in ``whole``; lists are compared in
    their order, except those in ``unordered``; texts as they are, except numbers in ``exact``, where 34.50 is 34.5.
    ``schema`` is the file a vector's ``patch`` is merged on (``sakip.configuration.heads``).
    """

    name: str
    schema: str
    run: Run
    whole: frozenset[str]
    unordered: frozenset[str]
    exact: frozenset[str]


KINDS: Shelf[VectorKind] = Shelf(__name__)


def kind(
    name: str, schema: str, whole: Collection[str] = (), unordered: Collection[str] = (), exact: Collection[str] = ()
) -> Callable[[Run], Run]:
    """Puts the decorated function on the shelf as the vectors of that kind."""
    compared = (frozenset(whole), frozenset(unordered), frozenset(exact))
    return KINDS.named(name, lambda run: VectorKind(name, schema, run, *compared))


def day_of(given: Mapping[str, Any]) -> date:
    """The day of a vector, from its ``on``. Raises VectorFault for a text that is no day."""
    text = given.get("on")
    if text is None:
        return DEFAULT_DAY
    try:
        return date.fromisoformat(str(text))
    except ValueError as fault:
        raise VectorFault(f"on: {text!r} is no day") from fault


def year_of(given: Mapping[str, Any]) -> int:
    """The fiscal year whose files count: ``year`` when given, else the year of ``on``."""
    year = given.get("year")
    return year if isinstance(year, int) and not isinstance(year, bool) else day_of(given).year
