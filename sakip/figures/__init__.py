"""The shelf of figures: one number of a dashboard a file, with the list that adds up to it (reference §10).

A figure reads: `sakip_results`, the tables of facts, cases and tasks through the engine's reports. None computes an
achievement, none ranks, and what is late never enters what was achieved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.errors import NotFound
from engine.shelf import Shelf
from sakip.listing import Column, Listing
from sakip.looking import ROLES, Filters, Viewer

List = Callable[[Session, Viewer, Filters], Listing]
Sentence = Callable[[int], Text]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``sentence`` says its number; ``how`` is the rule behind it; ``governed_by`` the schema of the file
    whose version, legal basis and open questions stand beside it ("" for none); ``filters`` the names it knows besides
    year, span and unit; ``roles`` who may look at it; ``empty`` what to do when it is none."""

    name: str
    title: Text
    sentence: Sentence
    columns: tuple[Column, ...]
    how: Text
    empty: Text
    list: List
    filters: frozenset[str] = frozenset()
    governed_by: str = ""
    parts: tuple[str, ...] = ()  # places of that file whose open questions concern it, as dotted paths
    roles: frozenset[str] = field(default_factory=lambda: frozenset(ROLES))
    is_of_span: bool = True  # whether the span narrows it, or only the year


FIGURES: Shelf[Figure] = Shelf(__name__)


def figure(
    name: str,
    title: Text,
    sentence: Sentence,
    columns: tuple[Column, ...],
    *,
    how: Text,
    empty: Text,
    filters: tuple[str, ...] = (),
    governed_by: str = "",
    parts: tuple[str, ...] = (),
    roles: tuple[str, ...] = ROLES,
    is_of_span: bool = True,
) -> Callable[[List], List]:
    """Puts the decorated query on the shelf as that figure."""
    return FIGURES.named(
        name,
        lambda listed: Figure(
            name, title, sentence, columns, how, empty, listed, frozenset(filters), governed_by, parts,
            frozenset(roles), is_of_span,
        ),
    )  # fmt: skip


def figure_for(name: str, viewer: Viewer) -> Figure:
    """The figure of that name. Raises NotFound when there is none, or none for this viewer."""
    found = FIGURES.values().get(name)
    if found is None or viewer.role not in found.roles:
        raise NotFound("There is no such figure.")
    return found
