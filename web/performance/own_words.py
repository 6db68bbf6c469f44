"""What stands in answers of cases as keys of a region's files, in words, where their pages show these answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import g

from sakip.configuration.evaluation import Evaluation
from sakip.configuration.folder import Configuration
from sakip.configuration.levels import Levels
from sakip.configuration.measurement import Measurement
from sakip.facts.rulebook import Rulebook
from sakip.standing import configuration_of
from sakip.tree.names import names_of_keys
from web.language import words
from web.performance.evidence_view import criterion_title
from web.performance.tree_words import basis_words, direction_words, level_words, period_titles, unit_words
from web.transaction import db, now

Row = Mapping[str, Any]


def follow_up(answers: Row) -> Row:
    """The criterion by its title."""
    rubric = _configuration().evaluation(int(answers.get("year") or 0))
    return {**answers, "path": _criterion(rubric, answers.get("path"))}


def action_plan(answers: Row) -> Row:
    """The criteria of its actions by their titles: they are asked in the evaluation of that year or, where none is
    published yet, of the year before."""
    year, known = int(answers.get("year") or 0), _configuration()
    rubric = known.evaluation(year) or known.evaluation(year - 1)
    rows = [{**row, "path": _criterion(rubric, row.get("path"))} for row in answers.get("actions") or ()]
    return {**answers, "actions": rows}


def measurement_report(answers: Row) -> Row:
    """The period as the region calls it."""
    year, period = answers.get("year"), str(answers.get("period") or "")
    known = Rulebook(db(), g.person.region_id).periods(int(year)) if year else {}
    return {**answers, "period": words(known[period][1].title)} if period in known else answers


def tree_revision(answers: Row) -> Row:
    """Nodes and indicators by their names; levels, kinds of result, and what an indicator is measured by, as the
    region's files call them."""
    on = answers.get("in_force_on")
    year, known, called = (on if isinstance(on, date) else now()).year, _configuration(), _names(answers)
    levels, rules = known.levels(year), known.measurement(year)
    nodes = [_node(levels, rules, called, row) for row in answers.get("nodes") or ()]
    kinds = {} if levels is None else levels.edges
    edges = [
        {**row, "kind": _title(kinds, row.get("kind"))}
        | {end: _called(called, str(row.get(end) or "")) for end in ("starts", "ends")}
        for row in answers.get("edges") or ()
    ]
    return {**answers, "nodes": nodes, "edges": edges}


def _names(answers: Row) -> Mapping[str, str]:
    """What the revision itself says of its nodes and indicators, and the tree of those it only points at."""
    nodes, edges = answers.get("nodes") or (), answers.get("edges") or ()
    indicators = [one for row in nodes for one in row.get("indicators") or ()]
    said = {str(row["key"]): str(row["statement"]) for row in nodes if row.get("key") and row.get("statement")}
    said |= {str(one["key"]): str(one["name"]) for one in indicators if one.get("key") and one.get("name")}
    pointed = [
        *(row.get("parent") for row in nodes),
        *(one.get("superior") for one in indicators),
        *(row.get(end) for row in edges for end in ("starts", "ends")),
    ]
    others = {str(key) for key in pointed if key} - said.keys()
    return names_of_keys(db(), g.person.region_id, others) | said


def _configuration() -> Configuration:
    return configuration_of(db(), g.person.region_id)


def _criterion(rubric: Evaluation | None, path: Any) -> str:
    said = None if rubric is None or not path else criterion_title(rubric, str(path))
    return str(path or "") if said is None else f"{words(said)} ({path})"


def _node(levels: Levels | None, rules: Measurement | None, called: Mapping[str, str], row: Row) -> Row:
    return {
        **row,
        "level": level_words(levels, str(row.get("level") or "")),
        "parent": _called(called, str(row.get("parent") or "")),
        "result_kind": _title({} if levels is None else levels.result_kinds, row.get("result_kind")),
        "indicators": [_indicator(rules, called, one) for one in row.get("indicators") or ()],
    }


def _indicator(rules: Measurement | None, called: Mapping[str, str], row: Row) -> Row:
    periods, direction, basis = row.get("periods"), row.get("direction"), row.get("basis")
    titles = period_titles(rules, periods)
    return {
        **row,
        "unit": unit_words(rules, row.get("unit")),
        "direction": direction_words(rules, str(direction)) if direction else "",
        "method": _title({} if rules is None else rules.methods, row.get("method")),
        "consolidation": _title({} if rules is None else rules.consolidations, row.get("consolidation")),
        "basis": basis_words(str(basis)) if basis else "",
        "periods": _title({} if rules is None else rules.periods, periods),
        "due_in": ", ".join(_called(titles, one.strip()) for one in str(row.get("due_in") or "").split(",")),
        "superior": _called(called, str(row.get("superior") or "")),
        "targets": "; ".join(_target(titles, one.strip()) for one in str(row.get("targets") or "").split(";")),
    }


def _target(titles: Mapping[str, str], said: str) -> str:
    """``q2: 30`` with the period's title; what is written otherwise stays."""
    period, colon, target = said.partition(":")
    return f"{_called(titles, period.strip())}{colon}{target}"


def _called(titles: Mapping[str, str], key: str) -> str:
    return titles.get(key, key)


def _title(known: Mapping[str, Any], key: Any) -> str:
    found = known.get(str(key))
    return str(key or "") if found is None else words(found.title)
