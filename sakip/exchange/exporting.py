"""``flask sakip export``: one thing a region holds, in one form (reference §12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from sakip.exchange import outgoing
from sakip.exchange.outgoing import Asked, Row
from sakip.exchange.outgoing_budget import BUDGET, budgets
from sakip.exchange.outgoing_tree import tree_head, tree_rows
from sakip.exchange.writing import written

Head = Callable[[Session, Asked], Sequence[str]]
Rows = Callable[[Session, Asked], Iterator[Row]]


def _fixed(head: Sequence[str]) -> Head:
    return lambda _session, _asked: head


THINGS: Mapping[str, tuple[Head, Rows]] = {
    "tree": (tree_head, tree_rows),
    "targets": (_fixed(outgoing.TARGETS), outgoing.targets),
    "realisations": (_fixed(outgoing.REALISATIONS), outgoing.realisations),
    "budget": (_fixed(BUDGET), budgets),
    "results": (_fixed(outgoing.RESULTS), outgoing.results),
    "scores": (_fixed(outgoing.SCORES), outgoing.scores),
    "esr": (_fixed(outgoing.ESR), outgoing.esr),
}


def exported(session: Session, thing: str, form: str, asked: Asked) -> Iterator[bytes]:
    """A file with one of `THINGS` in one of the forms csv, json, xlsx, piece by piece."""
    head, rows = THINGS[thing]
    return written(form, head(session, asked), rows(session, asked))
