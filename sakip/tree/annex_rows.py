"""The annex of an agreement as rows of its form, proposed from the tree or carried over (reference §4.5).

A goal's row is linked by the key of its node, an indicator's by its key and the revision of the tree it stood at, as
``key@revision``. What the tree does not say stays for the parties to fill in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.field_types.question import Context
from engine.field_types.table import ROW_KEY
from engine.organisation.models import Holder, Position, Unit
from sakip.configuration.levels import Levels
from sakip.configuration.measurement import Measurement
from sakip.facts.agreed import superiors_rows
from sakip.standing import configuration_of, today_in
from sakip.tree.annex import AnnexRow, annex_rows
from sakip.tree.annex_units import form_target, form_unit
from sakip.tree.carried_over import carried, is_from_tree
from sakip.tree.store import revision_numbers, tree_of_position
from sakip.tree.values import Indicator, Tree
from sakip.values import as_text

OWNERS = {  # the form's levels, and the kinds of owner of `levels.yaml`
    "region": "region_head", "agency": "agency_head", "division": "administrator", "section": "supervisor",
    "individual": "staff",
}  # fmt: skip
GOALS, PROGRAMMES, MISSIONS = "goals", "programmes", "missions"
QUARTERS = ("quarter_1", "quarter_2", "quarter_3", "quarter_4")


class _Asked:
    """What the case says, and the part of the tree its first party answers for."""

    def __init__(self, session: Session, region_id: int, context: Context, values: Mapping[str, Any]) -> None:
        self.session, self.region_id, self.values = session, region_id, values
        self.form = context.form
        scope = context.scope
        today = None if scope is None else scope.today
        self.day = today_in(session, region_id) if today is None else today
        self.year = int(values["year"]) if values.get("year") is not None else self.day.year
        configuration = configuration_of(session, region_id)
        self.levels: Levels | None = configuration.levels(self.year)
        self.measurement: Measurement | None = configuration.measurement(self.year)
        self.level = str(values.get("level") or "")
        self.owner = OWNERS.get(self.level, "")
        self.on = min(max(self.day, date(self.year, 1, 1)), date(self.year, 12, 31))

    def positions(self) -> list[int]:
        """The positions of the first party: those the named person holds, otherwise the drafter's own for an agreement
        of a person, and the head of the unit of that level above the case's unit for any other."""
        person = self.values.get("first_party")
        if person is None and self.level == "individual":
            person = self.values.get("initiator")
        if person is not None:
            return positions_held(self.session, self.region_id, int(person), self.day)
        return heads(self.session, self.region_id, self.values.get("unit"), self.level, self.day)

    def tree(self, position: int) -> Tree:
        """The tree the position's rows come from, as it stands in the year."""
        return tree_of_position(self.session, self.region_id, position, self.on)


def annex(session: Session, region_id: int, context: Context, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of ``goals``: carried over from the agreement that is revised, where its reason leaves them alone,
    otherwise from the tree. Nothing where neither says anything."""
    asked = _Asked(session, region_id, context, values)
    if not is_from_tree(GOALS, values):
        return carried(session, region_id, GOALS, values, _columns(asked, GOALS))
    return _from_tree(asked) or carried(session, region_id, GOALS, values, _columns(asked, GOALS))


def annex_programmes(
    session: Session, region_id: int, context: Context, values: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The rows of ``programmes``: those of the revised agreement, or the nodes of the tree that have a budget of the
    level, with what was budgeted for the same code."""
    asked = _Asked(session, region_id, context, values)
    before = carried(session, region_id, PROGRAMMES, values, _columns(asked, PROGRAMMES))
    if not is_from_tree(PROGRAMMES, values):
        return before
    known = {str(row.get("code")): row for row in before}
    rows = [
        {**known.get(row["code"], {}), **row}
        for position in asked.positions()
        for row in _programmes(asked, asked.tree(position), str(position))
    ]
    return rows or before


def annex_missions(
    session: Session, region_id: int, context: Context, values: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The rows of ``missions``: those of the revised agreement, otherwise the missions its goals hang under."""
    asked = _Asked(session, region_id, context, values)
    before = carried(session, region_id, MISSIONS, values, _columns(asked, MISSIONS))
    kind = None if asked.levels is None else asked.levels.annex.get(asked.owner)
    if before or asked.levels is None or kind is None or not kind.has_missions:
        return before
    found: dict[str, dict[str, Any]] = {}
    for position in asked.positions():
        tree = asked.tree(position)
        numbers = tree.numbers()
        for row in annex_rows(asked.levels, tree, asked.owner, str(position), asked.year):
            for node in tree.ancestors(tree.nodes[row.node]):
                if node.level == asked.levels.goals_hang_under and node.level == "mission":
                    found[node.key] = {ROW_KEY: node.key, "number": numbers[node.key], "statement": node.statement}
    return _fitting(list(found.values()), _columns(asked, MISSIONS))


def _from_tree(asked: _Asked) -> list[dict[str, Any]]:
    if asked.levels is None or not asked.owner:
        return []
    parts: list[tuple[Tree, Sequence[AnnexRow]]] = []
    for position in asked.positions():
        tree = asked.tree(position)
        keys = [one.key for _node, one in tree.indicators()]
        numbers = revision_numbers(asked.session, asked.region_id, keys, asked.on)
        parts.append((tree, annex_rows(asked.levels, tree, asked.owner, str(position), asked.year, numbers)))
    weighed = len({row.node for _, found in parts for row in found if row.weight is not None})
    rows: list[dict[str, Any]] = []
    for tree, found in parts:
        rows += _goals(asked, tree, [_weighing(row, weighed) for row in found], len(rows))
    return _fitting(rows, _columns(asked, GOALS))


def _weighing(row: AnnexRow, goals: int) -> AnnexRow:
    """A row as it weighs among all of an agreement: the tree weighs the indicators of one node, the agreement those of
    several ``goals``, each of which counts alike."""
    return row if row.weight is None or goals < 2 else replace(row, weight=row.weight / goals)


def _goals(asked: _Asked, tree: Tree, found: Sequence[AnnexRow], before: int) -> list[dict[str, Any]]:
    indicators = {one.key: one for _node, one in tree.indicators()}
    above = superiors_rows(asked.session, asked.region_id, asked.year, {key for row in found for key in row.superiors})
    by_node: dict[str, list[AnnexRow]] = {}
    for row in found:
        by_node.setdefault(row.node, []).append(row)
    return [
        {
            ROW_KEY: node,
            "code": f"S{place}",
            "statement": rows[0].statement,
            "indicators": [
                _indicator(asked, row, indicators[row.indicator], f"S{place}.{number}", above)
                for number, row in enumerate(rows, 1)
            ],
        }
        for place, (node, rows) in enumerate(by_node.items(), before + 1)
    ]


def _indicator(
    asked: _Asked, row: AnnexRow, indicator: Indicator, code: str, above: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    units = {} if asked.form is None else asked.form.units_of_measure
    superior = next((above[key] for key in row.superiors if key in above), None)
    weight = None if row.weight is None else as_text(row.weight)
    found = {
        ROW_KEY: row_key(row.indicator, row.revision),
        "code": code,
        "statement": row.text,
        "unit": form_unit(units, asked.measurement, row.unit),
        "target": form_target(row.target),
        "weight": None if weight is None or "/" in weight else weight,
        "is_key": indicator.is_key,
        "direction": "lower" if indicator.direction == "lower" else "higher",
        "consolidation": _consolidation(asked, indicator),
        "baseline": form_target(indicator.baseline),
        "data_source": (indicator.source or "")[:160],
        "meaning": indicator.definition[:600],
        "formula": indicator.formula[:200],
        "parent_indicator": superior,
        **_quarters(asked, indicator),
    }
    return {name: value for name, value in found.items() if value not in (None, "")}


def quarters(measurement: Measurement | None, indicator: Indicator) -> list[str]:
    """The periods of an indicator that the form's four quarters mean; none where its set has not four."""
    if measurement is None:
        return []
    periods = measurement.periods.get(indicator.periods or measurement.default_periods)
    keys = [] if periods is None else list(periods.items)
    return keys if len(keys) == len(QUARTERS) else []


def _quarters(asked: _Asked, indicator: Indicator) -> dict[str, Any]:
    periods = quarters(asked.measurement, indicator)
    return {name: form_target(indicator.targets.get(key)) for name, key in zip(QUARTERS, periods, strict=False)}


def _consolidation(asked: _Asked, indicator: Indicator) -> str | None:
    if asked.measurement is None:
        return indicator.consolidation
    rule = asked.measurement.consolidations.get(indicator.consolidation or asked.measurement.default_consolidation)
    return rule.kind if rule is not None and rule.kind in ("last", "sum", "average") else None


def _programmes(asked: _Asked, tree: Tree, position: str) -> list[dict[str, Any]]:
    kind = None if asked.levels is None else asked.levels.annex.get(asked.owner)
    if asked.levels is None or kind is None:
        return []
    budgeted = {key for key, level in asked.levels.levels.items() if level.budget == kind.budget}
    goals = list(dict.fromkeys(one.node for one in annex_rows(asked.levels, tree, asked.owner, position, asked.year)))
    rows = []
    for place, goal in enumerate(goals, 1):
        for node in (tree.nodes[goal], *tree.below([goal])):
            code = str(node.fields.get("plan_code") or "")
            if node.level in budgeted and code:
                rows.append({ROW_KEY: node.key, "code": code, "name": node.statement[:300], "supports": f"S{place}"})
    return _fitting(rows, _columns(asked, PROGRAMMES))


def _columns(asked: _Asked, table: str) -> Mapping[str, Any]:
    field = None if asked.form is None else asked.form.fields.get(table)
    return {} if field is None else field.columns


def _fitting(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows with only the columns that the region's form has."""
    found = []
    for row in rows:
        kept = {name: value for name, value in row.items() if name in columns or name == ROW_KEY}
        for name, value in kept.items():
            if isinstance(value, list):
                kept[name] = _fitting(value, columns[name].columns)
        found.append(kept)
    return found


def row_key(indicator: str, revision: int) -> str:
    """The key of an indicator's row: which indicator, and at which revision of its tree it was copied."""
    return f"{indicator}@{revision}"


def link_of(key: Any) -> tuple[str, int] | None:
    """The indicator and the revision a row was copied from, None for a row that was written by hand."""
    indicator, at, revision = str(key or "").rpartition("@")
    return (indicator, int(revision)) if at and indicator and revision.isascii() and revision.isdigit() else None


def positions_held(session: Session, region_id: int, person_id: int, day: date) -> list[int]:
    """The positions a person holds on a day, whatever the mandate, the definitive ones first."""
    wanted = (
        select(Holder.position_id)
        .join(Position, Position.id == Holder.position_id)
        .where(Position.region_id == region_id, Holder.person_id == person_id)
        .where(or_(Holder.starts_on.is_(None), Holder.starts_on <= day))
        .where(or_(Holder.ends_on.is_(None), Holder.ends_on >= day))
        .order_by((Holder.kind == "definitif").desc(), Holder.position_id)
    )
    return list(dict.fromkeys(session.scalars(wanted)))


def heads(session: Session, region_id: int, unit_id: Any, level: str, day: date) -> list[int]:
    """The seat of the head of the nearest unit of a level at or above a unit."""
    unit = None if unit_id is None else session.get(Unit, int(unit_id))
    if unit is None or unit.region_id != region_id:
        return []
    line = [int(one) for one in unit.path.split("/") if one]
    wanted = (
        select(Position.id)
        .join(Unit, Unit.id == Position.unit_id)
        .where(Unit.id.in_(line), Unit.level == level, Position.kind == "head")
        .where(or_(Position.valid_from.is_(None), Position.valid_from <= day))
        .where(or_(Position.valid_to.is_(None), Position.valid_to >= day))
    )
    return list(session.scalars(wanted.order_by(Unit.path.desc(), Position.id)).all())[:1]
