"""The shelf of what an expression may call: one function a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine.definitions.expression_types import DECIMAL, UNKNOWN, Type
from engine.definitions.model import Text
from engine.definitions.scope import ExpressionFault
from engine.definitions.vocabulary_protocol import FunctionSpec, Signature, Slot
from engine.shelf import Shelf

FUNCTIONS: Shelf[FunctionSpec] = Shelf(__name__)

ANYTHING = Slot(frozenset({"any"}), accepts_empty=True)
NUMBER = Slot(frozenset({"integer", "decimal"}))
WHOLE = Slot(frozenset({"integer"}))
WORDS = Slot(frozenset({"text", "choice", "scale"}))
DAY = Slot(frozenset({"date", "moment"}))
STATE = Slot(frozenset({"text"}), is_state=True)
LISTED = Slot(frozenset({"list", "table"}))
ORDERED_KINDS = frozenset({"text", "integer", "decimal", "date", "moment", "duration"})


def list_of(*kinds: str) -> Slot:
    """A list that holds such values."""
    return Slot(frozenset({"list"}), of=frozenset(kinds))


PEOPLE = (Slot(frozenset({"person"}), accepts_empty=True), list_of("person"))  # the two ways to name whom one means


def people(value: Any) -> Sequence[Any]:
    """Those an argument of ``PEOPLE`` names; nobody when it is empty."""
    if value is None or value == "":
        return ()
    return value if isinstance(value, list | tuple) else (value,)


def function(
    name: str, *signatures: Signature, reads: Text, takes_scope: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Puts the decorated function on the shelf.

    ``signatures`` are the ways to call it, ``reads`` says it in words with {0}, {1} for the arguments.
    """
    return FUNCTIONS.named(name, lambda run: FunctionSpec(name, signatures, run, reads, takes_scope))


def several() -> tuple[Signature, ...]:
    """The two ways to call ``min`` and ``max``: one list, or two and more values of one kind."""
    one = Slot(ORDERED_KINDS)
    return (
        Signature((list_of(*ORDERED_KINDS),), lambda kinds: (kinds[0].of or UNKNOWN).emptied(False)),
        Signature((one, one), widest, repeats=True),
    )


def widest(kinds: Sequence[Type]) -> Type:
    """The type that holds all of ``kinds``: decimal as soon as one is."""
    # The modules here hide the built-ins of their names (any, sum, …) from this file.
    if "decimal" in {kind.kind for kind in kinds}:
        return DECIMAL
    return kinds[0].emptied(False)


def extreme(values: Sequence[Any]) -> list[Any]:
    """What ``min`` and ``max`` choose from; raises ExpressionFault when nothing is there."""
    given = values[0] if len(values) == 1 else values
    present = [value for value in given if value is not None]
    if not present:
        raise ExpressionFault(Text("Daftarnya masih kosong.", "The list is empty."))
    return present


MOST_DAYS = 36525


def too_far() -> ExpressionFault:
    """The fault of counting further than a hundred years."""
    return ExpressionFault(Text("Rentang tanggalnya terlalu jauh.", "The dates are too far apart."))


def given(value: Any) -> Any:
    """``value``; raises ExpressionFault when it is empty."""
    if value is None:
        raise ExpressionFault(Text("Ada nilai yang masih kosong.", "A value is empty."))
    return value
