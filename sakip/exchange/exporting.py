"""``flask sakip export``: one thing a region holds, in one form (reference §12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from sqlalchemy.orm import Session

from sakip.exchange import outgoing
from sakip.exchange.outgoing import Asked, Row
from sakip.exchange.outgoing_budget import BUDGET, budgets
from sakip.exchange.outgoing_tree import tree_head, tree_rows
from sakip.exchange.writing import JSON, written
from sakip.values import in_decimals

Head = Callable[[Session, Asked], Sequence[str]]
Rows = Callable[[Session, Asked], Iterator[Row]]
RESULTS = "results"


def _fixed(head: Sequence[str]) -> Head:
    return lambda _session, _asked: head


THINGS: Mapping[str, tuple[Head, Rows]] = {
    "tree": (tree_head, tree_rows),
    "targets": (_fixed(outgoing.TARGETS), outgoing.targets),
    "realisations": (_fixed(outgoing.REALISATIONS), outgoing.realisations),
    "budget": (_fixed(BUDGET), budgets),
    RESULTS: (_fixed(outgoing.RESULTS), outgoing.results),
    "scores": (_fixed(outgoing.SCORES), outgoing.scores),
    "esr": (_fixed(outgoing.ESR), outgoing.esr),
}


def exported(session: Session, thing: str, form: str, asked: Asked) -> Iterator[bytes]:
    """A file with one of `THINGS` in one of the forms csv, json, xlsx, piece by piece."""
    head, rows = THINGS[thing]
    found = rows(session, asked)
    if thing == RESULTS and form != JSON:  # looked at, and never read again as quotients of other files are
        found = map(_in_decimals, found)
    return written(form, head(session, asked), found)


def _in_decimals(row: Row) -> Row:
    return [in_decimals(value) if isinstance(value, Fraction) else value for value in row]
