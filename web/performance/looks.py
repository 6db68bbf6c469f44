"""One look at the dashboards: who looks, what the address asks, and addresses that ask something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote_plus

from flask import g, request, url_for
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.configuration.measurement import Measurement
from sakip.figures import FIGURES, Figure, figure_for
from sakip.listing import Listing
from sakip.looking import Filters, Viewer, read_filters, to_dates, viewer_of
from sakip.spans import TO, YEAR
from web.language import words
from web.performance.open_work import Open, read_open_work
from web.transaction import db, now

KEPT = ("role", "year", "span", "unit")
MONTHS = frozenset({  # English writes them large everywhere
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December", "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec",
})  # fmt: skip
FIRST_PHRASE = Text("Sampai {period}", "Up to {period}")
WHOLE_YEAR = Text("Setahun penuh", "The whole year")


@dataclass(eq=False)
class Looks:
    """One look at figures: the session, the viewer and the filters of this request."""

    session: Session
    viewer: Viewer
    filters: Filters
    _listings: dict[Any, Listing] = field(default_factory=dict)
    _counts: dict[Any, int] = field(default_factory=dict)
    _bases: dict[str, str] = field(default_factory=dict)

    def listing(self, name: str, **values: str) -> Listing:
        """The list of a figure, narrowed by more filters; made once a page."""
        key = (name, *sorted(values.items()))
        if key not in self._listings:
            figure = figure_for(name, self.viewer)
            self._listings[key] = figure.list(self.session, self.viewer, self.filters.narrowed(**values))
        return self._listings[key]

    def count(self, name: str, **values: str) -> int:
        """Its number, asked once a page."""
        key = (name, *sorted(values.items()))
        if key not in self._counts:
            self._counts[key] = self.listing(name, **values).count(self.session)
        return self._counts[key]

    @cached_property
    def open_work(self) -> Sequence[Open]:
        """The open tasks of the cycle, counted."""
        return read_open_work(self.session, self.viewer, self.filters)

    @cached_property
    def due_indicators(self) -> dict[tuple[Any, ...], int]:
        """How many due indicators by band, tone, reason, and whether they are key indicators."""
        return self.listing("indicators").counts(self.session, "band", "tone", "reason", "is_key")

    @property
    def units_shown(self) -> tuple[Any, ...]:
        """The viewer's units, or those of the unit asked for."""
        if self.filters.unit is None:
            return self.viewer.units
        below = self.viewer.below(self.filters.unit)
        return tuple(unit for unit in self.viewer.units if unit.id in below)

    def may(self, name: str) -> bool:
        """Whether the viewer's role has this figure."""
        return self.viewer.role in FIGURES.values()[name].roles

    @cached_property
    def asked(self) -> dict[str, str]:
        """What every address of this look carries on: only what the address itself said."""
        return {name: value for name in KEPT if (value := request.args.get(name, ""))}

    def href(self, endpoint: str, **values: Any) -> str:
        """An address that keeps role, year, span and unit; a value of None takes one away."""
        kept = {name: value for name, value in {**self.asked, **values}.items() if value not in (None, "")}
        return url_for(endpoint, **kept)

    def list_href(self, name: str, **values: Any) -> str:
        """The address of a figure's list."""
        if name not in self._bases:  # a table has hundreds of these
            self._bases[name] = url_for("figures.show", name=name)
        kept = [f"{key}={_quoted(str(value))}" for key, value in {**self.asked, **values}.items()
                if value not in (None, "")]  # fmt: skip
        return f"{self._bases[name]}?{'&'.join(kept)}" if kept else self._bases[name]

    def how_href(self, name: str, **values: Any) -> str:
        """The address of "how it is computed"."""
        return self.href("figures.how", name=name, **values)

    def span_title(self, span: str | None = None) -> str:
        """A span in words: "Sampai Triwulan III"."""
        wanted = self.filters.span if span is None else span
        judged = self.viewer.book.judged(self.filters.year, wanted)
        return span_words(None if judged is None else judged.rules, wanted)

    def spans(self) -> tuple[tuple[str, str], ...]:
        """The spans to date of the year and the year itself, with their words."""
        rules = self.viewer.configuration.measurement(self.filters.year)
        known = to_dates(self.viewer, self.filters.year)
        return () if rules is None else tuple((one, self.span_title(one)) for one in (*known, YEAR))

    def years(self) -> tuple[tuple[str, str], ...]:
        """This year and the four before."""
        this = self.viewer.today.year
        return tuple((str(year), str(year)) for year in sorted({*range(this - 4, this + 1), self.filters.year})[::-1])

    def units(self) -> tuple[tuple[str, str], ...]:
        """The units the viewer may choose among."""
        return tuple((unit.key, unit.name) for unit in self.viewer.units)


def span_words(rules: Measurement | None, span: str) -> str:
    """A span in words ("Triwulan III", "Sampai Triwulan III", "Setahun penuh"); its key when nobody knows it."""
    if span == YEAR or rules is None:
        return words(WHOLE_YEAR) if span else ""
    for known in rules.periods.values():
        period = known.items.get(span.removeprefix(TO))
        if period is not None:
            title = period.title
            if not span.startswith(TO):
                return words(title)
            told = FIRST_PHRASE.id.format(period=title.id), FIRST_PHRASE.en.format(period=within_sentence(title.en))
            return words(Text(*told))
    return span


def within_sentence(title: str) -> str:
    """An English title inside a sentence: ``third quarter``, but ``Q3`` and ``January``."""
    is_name = title.partition(" ")[0].rstrip(".") in MONTHS
    return title[:1].lower() + title[1:] if title[1:2].islower() and not is_name else title


_quoted = lru_cache(maxsize=4096)(quote_plus)  # keys of units and spans, over and over


def looks(figure: Figure | None = None) -> Looks:
    """The look this request asks for. Raises NotFound for what is not there or not for this person."""
    viewer = viewer_of(db(), g.person.id, now(), request.args.get("role", ""))
    names = figure.filters if figure is not None else frozenset()
    return Looks(db(), viewer, read_filters(viewer, request.args.to_dict(), names))
