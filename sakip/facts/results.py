"""Results from facts: achievements of indicators, then the figures of nodes, units and the region (reference §5.12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.load import no_collection
from engine.organisation.models import Region, Unit
from sakip.aggregate import Item, aggregate
from sakip.configuration.measurement import INDICATORS, UNITS, Aggregate, Measurement
from sakip.facts.computing import INDICATOR, NODE, REGION, UNIT, Line, achievements
from sakip.facts.efficiencies import recompute_efficiency
from sakip.facts.result_rows import (
    drop_others,
    freeze,
    has_results,
    published_places,
    results_of,
    stored_results,
    write_lines,
)
from sakip.facts.rulebook import Rulebook
from sakip.facts.stored_results import from_stored
from sakip.facts.subjects import (
    Held,
    HeldIndicator,
    HeldNode,
    held_on,
    indicators_of,
    nodes_of,
    places_of,
    positions_that_feed_nothing,
)
from sakip.judged import Result

__all__ = ["INDICATORS", "compute", "freeze", "recompute", "results_of"]

LEVEL_OF = {NODE: "goal", UNIT: "unit", REGION: "region"}  # kinds of subject and the keys of `aggregates`

Known = dict[tuple[str, str, str], Result]  # kind, subject, span -> result


@dataclass(slots=True)
class Computed:
    """What one piece of work has computed: its lines, and the results known so far, those of rows among them. ``done``
    are the subjects of each kind that were computed here, also those that have no result any more; None: all."""

    session: Session
    book: Rulebook
    year: int
    lines: list[Line] = field(default_factory=list)
    known: Known = field(default_factory=dict)
    done: dict[str, frozenset[str] | None] = field(default_factory=dict)

    def take(self, lines: Iterable[Line]) -> None:
        """Keep more of them."""
        for line in lines:
            self.lines.append(line)
            self.known[(line.kind, line.subject, line.span)] = line.result

    def load(self, kind: str, subjects: Sequence[str]) -> None:
        """Know the stored results of subjects nothing was computed of here."""
        done = self.done[kind]
        missing = [] if done is None else [one for one in dict.fromkeys(subjects) if one not in done]
        if missing:
            rows = stored_results(self.session, self.book.region_id, self.year, kind, missing)
            self.known |= {(kind, *place): from_stored(stored) for place, stored in rows.items()}


def recompute(
    session: Session, region_id: int, indicators: Sequence[str] | None, year: int, now: datetime
) -> list[Line]:
    """Compute the results of some indicators of a fiscal year (None: of all) and of everything above them, and write
    what differs; frozen rows stay. The first time in a year it is all of them: what nobody reports has its reason too.
    Nothing happens where no measurement governs the year."""
    session.flush()
    # One at a time in a region: two reports of different units both change the region's figure. New rows of others
    # that only refer to the region do not wait for this.
    session.execute(select(Region.id).where(Region.id == region_id).with_for_update(key_share=True))
    if indicators is not None and not has_results(session, region_id, year):
        indicators = None
    with no_collection():
        found = compute(session, region_id, indicators, year)
        write_lines(session, region_id, year, found.lines, now)
    for kind, done in found.done.items():
        drop_others(session, region_id, year, kind, None if done is None else sorted(done), found.lines)
    recompute_efficiency(session, region_id, year, _units_of(session, region_id, indicators, found.lines), now)
    return found.lines


def _units_of(
    session: Session, region_id: int, indicators: Sequence[str] | None, lines: Sequence[Line]
) -> set[int | None] | None:
    """The units some indicators feed or fed; None for all of them, also when an indicator has no results any more."""
    measured = {line.subject for line in lines if line.kind == INDICATOR}
    if indicators is None or not measured.issuperset(indicators):
        return None
    return {line.unit for line in lines} | set(places_of(session, region_id, indicators)[1])


def compute(
    session: Session, region_id: int, indicators: Sequence[str] | None, year: int, book: Rulebook | None = None
) -> Computed:
    """The same without writing anything; ``book`` says by what is measured, if not by what counts."""
    book = book or Rulebook(session, region_id)
    found = Computed(session, book, year)
    nodes, units = (None, None) if indicators is None else places_of(session, region_id, indicators)
    keys = _keys_of_units(session, region_id)
    found.done = {
        INDICATOR: None if indicators is None else frozenset(indicators),
        NODE: None if nodes is None else frozenset(nodes),
        UNIT: None if units is None else frozenset(keys[one] for one in units if one in keys),
        REGION: None,
    }
    if book.of_year(year) is not None:
        found.take(achievements(session, book, year, indicators))
        _nodes(found, nodes)
        _units(found, units, keys)
        _region(found, keys)
    return found


def _spans(found: Computed) -> Iterator[tuple[str, date, Measurement]]:
    """The region's usual spans, each with its last day and what is measured by then."""
    for span in found.book.spans(found.year):
        judged = found.book.judged(found.year, span)
        if judged is not None:
            yield span, *judged


def _line(
    kind: str, subject: str, unit: int | None, span: str, items: Sequence[Item], day: date, rules: Measurement
) -> Line:
    made = aggregate(rules, LEVEL_OF[kind], items, day)
    return Line(kind, subject, unit, span, made.result, rules.head.digest, made.counted, made.total)


def _at(versions: Sequence[Any], day: date) -> Any:
    """How something stood on a day, or began when it came later than what was filled in for it."""
    return held_on(versions, day) or versions[0]


def _items(
    found: Computed, kind: str, span: str, day: date, members: Mapping[str, Sequence[Held]]
) -> Iterator[tuple[Held, Item]]:
    """The members that have a result over a span, each as it stood on its last day."""
    for key, versions in members.items():
        result = found.known.get((kind, key, span))
        if result is not None:
            held = _at(versions, day)
            yield held, Item(key, result, held.weight)


def _nodes(found: Computed, keys: list[str] | None) -> None:
    """The figures of nodes (``keys``, None: all)."""
    session, region_id, year = found.session, found.book.region_id, found.year
    nodes = nodes_of(session, region_id, year, keys)
    indicators = indicators_of(session, region_id, year, nodes=keys)
    found.load(INDICATOR, list(indicators))
    for span, day, rules in _spans(found):
        if LEVEL_OF[NODE] not in rules.aggregates:
            continue
        items: dict[str, list[Item]] = {}
        for held, item in _items(found, INDICATOR, span, day, indicators):
            assert isinstance(held, HeldIndicator)
            items.setdefault(held.node, []).append(item)
        found.take(
            _line(NODE, key, _at(nodes[key], day).unit, span, those, day, rules)
            for key, those in items.items()
            if key in nodes
        )


def _units(found: Computed, units: list[int] | None, keys: Mapping[int, str]) -> None:
    """The figures of units (None: of all that have a tree)."""
    session, region_id, year = found.session, found.book.region_id, found.year
    if units == []:
        return
    nodes = nodes_of(session, region_id, year, units=units)
    quiet = positions_that_feed_nothing(session, region_id, year)
    wanted = keys.keys() if units is None else keys.keys() & set(units)  # a node may have come to them from others
    found.load(NODE, list(nodes))
    indicators = _below(found, nodes)
    for span, day, rules in _spans(found):
        rule = rules.aggregates.get(LEVEL_OF[UNIT])
        if rule is None:
            continue
        items: dict[int, list[Item]] = {}
        for held, item in _of(found, rule, span, day, nodes, indicators, quiet):
            if held.unit is not None and held.unit in wanted:
                items.setdefault(held.unit, []).append(item)
        found.take(_line(UNIT, keys[unit], unit, span, those, day, rules) for unit, those in items.items())


def _below(found: Computed, nodes: Mapping[str, Sequence[HeldNode]]) -> dict[str, list[HeldIndicator]]:
    """The indicators of nodes, where a figure is of indicators at once."""
    rules = {rules for _, _, rules in _spans(found)}
    if not any(one.of == INDICATORS for each in rules for key, one in each.aggregates.items() if key != LEVEL_OF[NODE]):
        return {}
    indicators = indicators_of(found.session, found.book.region_id, found.year, nodes=list(nodes))
    found.load(INDICATOR, list(indicators))
    return indicators


def _of(
    found: Computed,
    rule: Aggregate,
    span: str,
    day: date,
    nodes: Mapping[str, Sequence[HeldNode]],
    indicators: Mapping[str, Sequence[HeldIndicator]],
    quiet: frozenset[int],
) -> Iterator[tuple[Held, Item]]:
    """What a unit's figure is of: its goals, or their indicators; those owned by a position that feeds none are not."""
    if rule.of == INDICATORS:
        for held, item in _items(found, INDICATOR, span, day, indicators):
            assert isinstance(held, HeldIndicator)
            if held.node in nodes and _at(nodes[held.node], day).owner not in quiet:
                yield held, item
        return
    for node, item in _items(found, NODE, span, day, nodes):
        assert isinstance(node, HeldNode)
        if node.owner not in quiet:
            yield node, item


def _region(found: Computed, keys: Mapping[int, str]) -> None:
    """The figure of the region: of its units (of one whose report is published what was published), or of the goals of
    its own tree."""
    session, region_id, year = found.session, found.book.region_id, found.year
    name = session.get_one(Region, region_id).key
    stored = stored_results(session, region_id, year, UNIT, None)
    found.load(UNIT, sorted({subject for subject, _ in stored}))
    for place in published_places(session, region_id, year, UNIT):
        found.known[(UNIT, *place)] = from_stored(stored[place])
    there = {one for kind, one, _ in found.known if kind == UNIT}
    units = [key for key in sorted(keys.values()) if key in there]
    own: dict[str, list[HeldNode]] | None = None
    for span, day, rules in _spans(found):
        rule = rules.aggregates.get(LEVEL_OF[REGION])
        if rule is None:
            continue
        if rule.of == UNITS:
            places = ((key, found.known.get((UNIT, key, span))) for key in units)
            items = [Item(key, result) for key, result in places if result is not None]
        else:
            if own is None:
                every = nodes_of(session, region_id, year)
                own = {key: held for key, held in every.items() if held[-1].unit is None}
                found.load(NODE, list(own))
            items = [item for _, item in _of(found, rule, span, day, own, _below(found, own), frozenset())]
        if items:
            found.take([_line(REGION, name, None, span, items, day, rules)])


def _keys_of_units(session: Session, region_id: int) -> dict[int, str]:
    return {unit.id: unit.key for unit in session.execute(select(Unit.id, Unit.key).where(Unit.region_id == region_id))}
