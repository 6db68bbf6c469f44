"""What stands behind a figure: the file that governs it, its legal basis, and what in it is not settled yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.definitions.model import Text
from sakip.configuration.folder import Configuration
from sakip.configuration.heads import EVALUATION, LEVELS, MEASUREMENT, Head
from sakip.configuration.measurement import ACHIEVEMENT
from sakip.due_indicators import bands_of
from sakip.figures import Figure
from sakip.looking import Filters, Viewer
from sakip.unsettled import unsettled
from sakip.values import as_text


@dataclass(frozen=True, slots=True)
class Behind:
    """``head`` is the governing file's (None where no file governs the year, or none has to); ``legal_basis`` its own
    and the bands'; ``bands`` the rows that judge, with where they start; ``doubts`` every ``to_confirm`` that concerns
    the figure."""

    head: Head | None
    legal_basis: tuple[str, ...]
    bands: tuple[tuple[Text, str | None], ...]
    doubts: tuple[Text, ...]


def behind(figure: Figure, viewer: Viewer, filters: Filters) -> Behind:
    """What a figure of these filters stands on."""
    head = head_of(figure, viewer.configuration, filters.year)
    if head is None:
        return Behind(None, (), (), ())
    basis = dict.fromkeys(head.legal_basis)
    rules = viewer.configuration.measurement(filters.year)
    if figure.governed_by == MEASUREMENT and rules is not None:
        for one in rules.applies.get(ACHIEVEMENT, ()):
            basis |= dict.fromkeys(one.legal_basis)
    return Behind(head, tuple(basis), tuple(_bands(figure, viewer, filters)), doubts(figure, head))


def head_of(figure: Figure, configuration: Configuration, year: int) -> Head | None:
    """The head of the file that governs a figure in a year."""
    rules = configuration.measurement(year) if figure.governed_by == MEASUREMENT else None
    rubric = configuration.evaluation(year) if figure.governed_by == EVALUATION else None
    levels = configuration.levels(year) if figure.governed_by == LEVELS else None
    found = rules or rubric or levels
    return None if found is None else found.head


def doubts(figure: Figure, head: Head | None) -> tuple[Text, ...]:
    """The open questions of the file that stand on a part the figure uses, or above one."""
    return unsettled(head, figure.parts)


def _bands(figure: Figure, viewer: Viewer, filters: Filters) -> Iterator[tuple[Text, str | None]]:
    if "bands" in figure.parts:
        found = bands_of(viewer, filters)
    elif "predicate" in figure.parts:
        rubric = viewer.configuration.evaluation(filters.year)
        found = None if rubric is None else rubric.predicate
    else:
        return
    for row in () if found is None else found.rows:
        start = None if row.start is None else as_text(row.start)
        yield row.title or Text(row.key, row.key), start
