"""The chosen node of a tree: its facts, what it contributes to, and what breaks when it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from engine.definitions.model import Text
from sakip.configuration.measurement import Measurement
from sakip.tree.impact import Impact
from sakip.tree.values import Edge, Indicator, Node
from sakip.values import as_text
from web.language import words
from web.performance.looks import span_words
from web.performance.tree_view import Looks
from web.performance.tree_words import (
    basis_words,
    direction_words,
    level_words,
    node_words,
    number_words,
    period_titles,
    position_words,
    target_words,
    unit_words,
)

MOST_LISTED = 200  # names in one list of what breaks
OF_UNIT = Text("Perangkat daerah", "Unit")


@dataclass(frozen=True, slots=True)
class Fact:
    title: str
    value: str


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator whole: its name, what stands beside it in one line, and its facts."""

    key: str
    name: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """A link to another node: what kind, whereto, whether it counts yet."""

    kind: str
    words: str
    href: str
    state: str


@dataclass(frozen=True, slots=True)
class Broken:
    """One number of "Apa yang putus" with the list that adds up to it."""

    title: str
    number: int
    names: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """Everything the page says of the chosen node."""

    key: str
    level: str
    statement: str
    facts: tuple[Fact, ...]
    indicators: tuple[Measured, ...]
    ties: tuple[Tie, ...]
    broken: tuple[Broken, ...]
    told: tuple[str, ...]
    is_own: bool


def chosen(looks: Looks, units: Mapping[str, str], impact: Impact | None) -> Chosen | None:
    """What stands at the right of a tree; None when no node is chosen, or one that is not there."""
    node = looks.tree.nodes.get(looks.chosen)
    if node is None:
        return None
    broken = () if impact is None else broken_words(units, looks.measurement, impact)
    return Chosen(
        node.key, level_words(looks.levels, node.level), node_words(node), _facts(looks, units, node),
        tuple(_measured(looks, one) for one in node.indicators), _ties(looks, units, node), broken,
        looks.told.get(node.key, ()), node.tree == looks.own,
    )  # fmt: skip


def _facts(looks: Looks, units: Mapping[str, str], node: Node) -> tuple[Fact, ...]:
    levels = looks.levels
    kind = None if levels is None or node.result_kind is None else levels.result_kinds.get(node.result_kind)
    found = [
        Fact(str(_("Owner")), position_words(looks.positions, node.owner)),
    ]
    if node.result_kind is not None:
        found.append(Fact(str(_("Kind of result")), words(kind.title) if kind is not None else node.result_kind))
    if node.tree in units:
        found.append(Fact(words(OF_UNIT), units[node.tree]))
    for key, asked in (levels.node_fields if levels is not None else {}).items():
        value = node.fields.get(key)
        if value is not None or (levels is not None and key in _needs(looks, node)):
            found.append(Fact(words(asked.title), _said(value)))
    return tuple(found)


def _needs(looks: Looks, node: Node) -> tuple[str, ...]:
    level = None if looks.levels is None else looks.levels.levels.get(node.level)
    return () if level is None else level.needs


def _said(value: object) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return "" if value is None else str(value)


def _measured(looks: Looks, one: Indicator) -> Measured:
    rules = looks.measurement
    planned = "; ".join(f"{year}: {target_words(target)}" for year, target in sorted(one.plan_targets.items()))
    titles = period_titles(rules, one.periods)
    periods = "; ".join(f"{titles.get(key, key)}: {target_words(target)}" for key, target in one.targets.items())
    rows = (
        (_("Unit of measure"), unit_words(rules, one.unit)),
        (_("Definition"), one.definition),
        (_("Formula"), one.formula),
        (_("Direction"), direction_words(rules, one.direction) if one.direction else ""),
        (_("Method"), _title(None if rules is None else rules.methods, one.method)),
        (_("Consolidation"), _title(None if rules is None else rules.consolidations, one.consolidation)),
        (_("Basis of the target"), basis_words(one.basis) if one.basis else ""),
        (_("Set of periods"), _title(None if rules is None else rules.periods, one.periods)),
        (_("Due in"), ", ".join(titles.get(key, key) for key in one.due_in or ())),
        (_("Frequency"), one.frequency or ""),
        (_("Baseline"), target_words(one.baseline)),
        (_("Targets of the plan"), planned),
        (_("Targets of this year"), periods),
        (_("Weight"), number_words(as_text(one.weight)) if one.weight is not None else ""),
        (_("Source of data"), one.source or ""),
        (_("Owner"), position_words(looks.positions, one.owner)),
        (_("Verifier"), position_words(looks.positions, one.verifier)),
        (_("Indicator above that it serves"), _named(looks, one.superior)),
        (_("Marks"), ", ".join(_marks(one))),
    )
    return Measured(one.key, one.name or one.key, tuple(Fact(str(title), value) for title, value in rows if value))


def _title(known: Mapping[str, Any] | None, key: str | None) -> str:
    """The title of a key of the configuration; the key when nobody knows it, empty without one."""
    return words(known[key].title) if known is not None and key is not None and key in known else key or ""


def _named(looks: Looks, indicator: str | None) -> str:
    if indicator is None:
        return ""
    return next((one.name or one.key for _node, one in looks.tree.indicators() if one.key == indicator), indicator)


def _marks(one: Indicator) -> list[str]:
    marks = []
    if one.is_key:
        marks.append(str(_("key indicator")))
    if one.is_published:
        marks.append(str(_("published")))
    return marks


def _ties(looks: Looks, units: Mapping[str, str], node: Node) -> tuple[Tie, ...]:
    found = []
    above = looks.tree.parent(node)
    if above is not None:
        found.append(Tie(str(_("Hangs under")), _titled(looks, above), looks.href(node=above.key), ""))
    for edge in looks.tree.edges:
        if node.key in (edge.start, edge.end):
            found.append(_tie(looks, units, node, edge))
    return tuple(found)


def _tie(looks: Looks, units: Mapping[str, str], node: Node, edge: Edge) -> Tie:
    kind = None if looks.levels is None else looks.levels.edges.get(edge.kind)
    title = words(kind.title) if kind is not None else edge.kind
    if edge.start != node.key:
        title = str(_("%(kind)s (from there)", kind=title))
    other = looks.tree.nodes.get((edge.end or "") if edge.start == node.key else edge.start)
    said = _titled(looks, other) if other is not None else edge.end or ""
    partner = units.get(edge.partner or "", edge.partner or "")
    agreed = kind is not None and kind.agreed_by is not None
    states = {"waiting": _("waiting for the partner"), "agreed": _("agreed"), "refused": _("refused")}
    return Tie(
        title, ", ".join(part for part in (said, partner) if part), looks.href(node=other.key) if other else "",
        str(states.get(edge.state, edge.state)) if agreed else "",
    )  # fmt: skip


def _titled(looks: Looks, node: Node) -> str:
    return f"{level_words(looks.levels, node.level)}: {node_words(node)}"


def broken_words(units: Mapping[str, str], rules: Measurement | None, impact: Impact) -> tuple[Broken, ...]:
    """The numbers of "Apa yang putus", each with its list; those that are nought stand there as nought. ``rules`` know
    the titles of periods."""
    names = {one.key: one.name or one.key for one in impact.indicators}
    programmes = [
        f"{one.code} {one.name} ({one.year}): Rp{number_words(as_text(one.budget))}" for one in impact.programmes
    ]
    listed: tuple[list[str], ...] = (
        [node_words(one) for one in impact.nodes_below], list(names.values()), list(impact.agreements),
        [_in_words(rules, names, one) for one in impact.open_reports],
        [_in_words(rules, names, one) for one in impact.targets],
        [_in_words(rules, names, one) for one in impact.figures],
        [units.get(partner, partner) or edge for edge, partner in impact.partners], programmes,
    )  # fmt: skip
    titles = _broken_titles([len(rows) for rows in listed], number_words(as_text(impact.budget)))
    return tuple(
        Broken(str(title), len(rows), tuple(rows[:MOST_LISTED]), max(len(rows) - MOST_LISTED, 0))
        for title, rows in zip(titles, listed, strict=True)
    )


def _broken_titles(counts: list[int], budget: str) -> tuple[str, ...]:
    """What stands behind each number, as one thing or several."""
    below, indicators, agreements, reports, targets, figures, partners, programmes = counts
    return (
        ngettext("node below", "nodes below", below),
        ngettext("indicator", "indicators", indicators),
        ngettext("agreement in force", "agreements in force", agreements),
        ngettext("open report", "open reports", reports),
        ngettext("target", "targets", targets),
        ngettext("figure", "figures", figures),
        ngettext("crosscutting partner", "crosscutting partners", partners),
        ngettext("programme, Rp%(sum)s", "programmes, Rp%(sum)s", programmes, sum=budget) if programmes
        else _("programmes and budget"),
    )  # fmt: skip


def _in_words(rules: Measurement | None, names: Mapping[str, str], said: str) -> str:
    """``kip · 2025 · to_q2`` as people read it: the name of the indicator, the year, the span."""
    *thing, year, span = said.split(" · ")
    return " · ".join([*(names.get(one, one) for one in thing), year, span_words(rules, span)])
