"""Questions about many indicators at once, in parts small enough for every database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from engine.database import driver_rows

A_QUESTION = 400  # keys asked for at once: below what every database takes as parameters


def parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The values in parts of a question."""
    return (values[start : start + A_QUESTION] for start in range(0, len(values), A_QUESTION))


def asked(
    session: Session,
    text: str,
    order: str,
    parameters: tuple[Any, ...],
    keys: Iterable[Any] | None,
    column: str = "indicator_key",
) -> Iterator[tuple[Any, ...]]:
    """Rows of a constant text: of everything, or where ``column`` is one of some keys."""
    if keys is None:
        yield from driver_rows(session, text + order, parameters)
        return
    for part in parts(list(dict.fromkeys(keys))):
        marks = ", ".join("?" * len(part))
        yield from driver_rows(session, f"{text} AND {column} IN ({marks}){order}", (*parameters, *part))
