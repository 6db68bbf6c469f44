"""The values of an annual performance report (LKjIP) of a unit or a region: what its chapters tell (reference §10).

Figures are read as they were computed and stored, narrative is the case's; a value without number has its reason, and
every figure the rules and the moment it was computed by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.field_types.table import ROW_KEY
from sakip import how
from sakip.configuration.measurement import ACHIEVEMENT, EFFICIENCY
from sakip.facts.computing import NODE, REGION, UNIT
from sakip.facts.models import ResultRow
from sakip.facts.published_reports import Subject
from sakip.reporting.lkjip_budget import budget_values
from sakip.reporting.lkjip_figures import Known, against_nation, against_plan, figure_of, history_of, known_of
from sakip.reporting.lkjip_planning import planning_values
from sakip.reporting.lkjip_review import review_values
from sakip.reporting.lkjip_subject import Objective, Scene, organisation_values, scene_of, signer_of
from sakip.reporting.lkjip_words import both, told
from sakip.spans import YEAR
from sakip.tree.values import Indicator
from sakip.unit_signs import unit_sign
from sakip.unsettled import unsettled

NARRATIVE = (
    "summary", "organisation", "issues", "planning", "annual_plan", "accountability", "budget_note", "closing",
    "improvements", "annexes",
)  # fmt: skip
ANALYSIS = ("drivers", "obstacles", "remedies", "efficiency", "programmes")  # columns of the analysis of an indicator
_SUBJECTS = (NODE, UNIT, REGION)


def lkjip_values(
    session: Session, subject: Subject, answers: Mapping[str, Any], now: datetime, *, number: str = ""
) -> dict[str, Any]:
    """Everything the document tells, JSON-able. ``answers`` are the case's (empty: figures alone), ``now`` the moment
    the data are of (aware); ``number`` names the case, by which its review is found.
    """
    scene = scene_of(session, subject)
    known = known_of(session, subject, scene.indicators)
    above = _results_above(session, scene)
    rules = known.rules(subject.year)
    names = _names(scene)
    aggregate = None if rules is None else rules.aggregates.get("unit" if subject.unit_id else "region")
    written = {str(row.get(ROW_KEY) or ""): row for row in answers.get("objectives") or ()}
    objectives = [_objective(known, one, written, above, names) for one in scene.objectives]
    local = now.astimezone(ZoneInfo(scene.region.timezone))
    return {
        "unit": None if subject.unit_id is None else _key(scene),
        "region": scene.region.key,
        "name": scene.name,
        "year": subject.year,
        "number": str(answers.get("report_number") or ""),
        "case": number,
        "on": _day(answers.get("published_on")),
        "data_per": local.date().isoformat(),
        "signer": signer_of(scene),
        "rules": None if rules is None else {
            "digest": rules.head.digest, "legal_basis": list(rules.head.legal_basis),
            "bands": _bands(rules, scene.ends),
            "to_confirm": [{"id": one.id, "en": one.en} for one in unsettled(rules.head)],
        },
        "narrative": {name: str(answers.get(name) or "") for name in NARRATIVE},
        "organisation": {"units": organisation_values(scene), "staff": _staff(answers.get("staff") or ())},
        "planning": planning_values(session, scene, known),
        "result": {
            **figure_of(above.get((ACHIEVEMENT, UNIT if subject.unit_id else REGION, _key(scene))), rules, names),
            "of": None if aggregate is None else aggregate.of,
        },
        "counts": _counts(objectives, [] if rules is None else [one["band"] for one in _bands(rules, scene.ends)]),
        "objectives": objectives,
        "budget": budget_values(session, subject),
        "review": review_values(session, subject, number),
    }  # fmt: skip


def _names(scene: Scene) -> dict[str, str]:
    """What people call the items of a figure: units, nodes and indicators, by key."""
    names = {one.key: one.name for one in scene.organisation.units.values()}
    for node in (*scene.tree.nodes.values(), *(one.node for one in scene.objectives)):
        names[node.key] = node.statement
        names |= {one.key: one.name for one in node.indicators}
    return names


def _key(scene: Scene) -> str:
    unit = scene.unit()
    return scene.region.key if scene.subject.unit_id is None or unit is None else unit.key


def _results_above(session: Session, scene: Scene) -> dict[tuple[str, str, str], ResultRow]:
    """The results of the objectives and of the unit or region, by figure, kind and key."""
    subject = scene.subject
    keys = [*(one.node.key for one in scene.objectives), _key(scene)]
    query = select(ResultRow).where(
        ResultRow.region_id == subject.region_id, ResultRow.figure.in_((ACHIEVEMENT, EFFICIENCY)),
        ResultRow.year == subject.year, ResultRow.span == YEAR, ResultRow.subject_kind.in_(_SUBJECTS),
        ResultRow.subject.in_(keys),
    )  # fmt: skip
    return {(row.figure, row.subject_kind, row.subject): row for row in session.scalars(query)}


def _objective(
    known: Known, objective: Objective, written: Mapping[str, Mapping[str, Any]], above: Mapping[Any, ResultRow],
    names: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    node, rules = objective.node, known.rules(known.year)
    efficiency = above.get((EFFICIENCY, NODE, node.key))
    return {
        "key": node.key,
        "statement": node.statement,
        "result": figure_of(above.get((ACHIEVEMENT, NODE, node.key)), rules, names),
        "efficiency": None if efficiency is None else figure_of(efficiency, rules, names),
        "indicators": [_indicator(known, one, written.get(one.key, {})) for one in objective.indicators],
    }


def _indicator(known: Known, one: Indicator, row: Mapping[str, Any]) -> dict[str, Any]:
    rules, held = known.rules(known.year), known.held[known.year].get(one.key)
    unit = None if rules is None else rules.units.get(one.unit or "number")
    target = known.targets.get(one.key)
    shown = unit_sign(rules, one.unit)
    figure = figure_of(known.result(ACHIEVEMENT, known.year, one.key), rules, measure=shown)
    if figure.get("target") is None and target is not None:
        figure["target"] = told(target)  # a figure without number still aims at something
    nation = against_nation(known, one.key, str(row.get("national") or ""), str(row.get("national_source") or ""))
    return {
        "key": one.key, "name": one.name, "is_key": one.is_key, "unit": one.unit or "number",
        "unit_title": both(unit.title) if unit is not None else {"id": one.unit or "", "en": one.unit or ""},
        "definition": one.definition, "formula": one.formula, "source": one.source,
        "how": None if rules is None or held is None else both(how.in_words(rules, held.measured)),
        **figure,
        "history": history_of(known, one.key),
        "plan": against_plan(known, one.key),
        "national": nation,
        "analysis": {name: str(row.get(name) or "") for name in ANALYSIS},
        "is_proposal": bool(row) and not row.get("settled"),
    }  # fmt: skip


def _counts(objectives: Sequence[Mapping[str, Any]], best_first: Sequence[str]) -> list[dict[str, Any]]:
    """How many indicators lie in each band, the best first; those without a number last."""
    lines = [one for objective in objectives for one in objective["indicators"]]
    by_band = Counter(one["band"] for one in lines if one["band"] is not None)
    titles = {one["band"]: (one["band_title"], one["tone"]) for one in lines if one["band"] is not None}
    order = {band: place for place, band in enumerate(best_first)}
    found = [
        {"band": band, "title": titles[band][0], "tone": titles[band][1], "count": by_band[band]}
        for band in sorted(by_band, key=lambda one: order.get(one, len(order)))
    ]
    without = sum(one["band"] is None for one in lines)
    return [*found, *([{"band": None, "title": None, "tone": None, "count": without}] if without else [])]


def _bands(rules: Any, day: date) -> list[dict[str, Any]]:
    bands = rules.bands_on(ACHIEVEMENT, day)
    return [] if bands is None else [
        {"band": one.key, "title": both(one.title) if one.title else None, "from": _exact(one.start), "tone": one.tone,
         **({"is_above": True} if bands.is_above(one) else {})}
        for one in reversed(bands.rows)
    ]  # fmt: skip


def _exact(start: Any) -> dict[str, Any] | None:
    return None if start is None else told(start)


def _staff(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Staff by kind; a kind nobody counted is left out, one without women or men has none of them."""
    found = []
    for row in rows:
        women, men = row.get("women"), row.get("men")
        if women is not None or men is not None:
            found.append({"kind": str(row.get("kind") or ""), "women": int(women or 0), "men": int(men or 0)})
    return found


def _day(value: Any) -> str | None:
    return None if not value else str(value)[:10]
