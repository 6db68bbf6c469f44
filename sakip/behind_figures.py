"""What stands behind a figure: the file that governs it, its legal basis, and what in it is not settled yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.definitions.model import Text
from sakip.configuration.evaluation import Evaluation
from sakip.configuration.folder import Configuration
from sakip.configuration.heads import EVALUATION, LEVELS, MEASUREMENT, Head
from sakip.configuration.measurement import ACHIEVEMENT
from sakip.due_indicators import bands_of
from sakip.figures import Figure
from sakip.looking import Filters, Viewer
from sakip.predicates_of import YEARS_BACK
from sakip.unsettled import unsettled
from sakip.values import as_text

LOOKING_BACK = frozenset({"predicates", "worksheets"})  # what a year is evaluated by is filled in after its end


@dataclass(frozen=True, slots=True)
class BandBehind:
    """A row that judges: its title, and where it starts (None: open below); ``is_above`` when it begins above that."""

    title: Text
    start: str | None
    is_above: bool


@dataclass(frozen=True, slots=True)
class Behind:
    """``head`` is the governing file's (None where no file governs the year, or none has to); ``legal_basis`` its own
    and the bands'; ``bands`` the rows that judge; ``doubts`` every ``to_confirm`` that concerns the figure."""

    head: Head | None
    legal_basis: tuple[str, ...]
    bands: tuple[BandBehind, ...]
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
    """The head of the file that governs a figure in a year; None where none does."""
    rules = configuration.measurement(year) if figure.governed_by == MEASUREMENT else None
    rubric = _rubric(figure, configuration, year) if figure.governed_by == EVALUATION else None
    levels = configuration.levels(year) if figure.governed_by == LEVELS else None
    found = rules or rubric or levels
    return None if found is None else found.head


def _rubric(figure: Figure, configuration: Configuration, year: int) -> Evaluation | None:
    """The rubric of a year; of figures that show what earlier years came to, the newest one."""
    years = range(year, year - YEARS_BACK - 1, -1) if figure.name in LOOKING_BACK else (year,)
    return next((found for one in years if (found := configuration.evaluation(one)) is not None), None)


def doubts(figure: Figure, head: Head | None) -> tuple[Text, ...]:
    """The open questions of the file that stand on a part the figure uses, or above one."""
    return unsettled(head, figure.parts)


def _bands(figure: Figure, viewer: Viewer, filters: Filters) -> Iterator[BandBehind]:
    if "bands" in figure.parts:
        found = bands_of(viewer, filters)
    elif "predicate" in figure.parts:
        rubric = _rubric(figure, viewer.configuration, filters.year)
        found = None if rubric is None else rubric.predicate
    else:
        return
    if found is None:
        return
    for row in found.rows:
        start = None if row.start is None else as_text(row.start)
        yield BandBehind(row.title or Text(row.key, row.key), start, found.is_above(row))
