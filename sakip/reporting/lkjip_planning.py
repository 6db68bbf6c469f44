"""Chapter II of a performance report: the plan's targets, the tree's revisions, the agreements of the year."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from sakip.reporting.lkjip_figures import Known
from sakip.reporting.lkjip_subject import Scene, agreement_numbers
from sakip.reporting.lkjip_words import both, told
from sakip.tree.store import revisions_of


def planning_values(session: Session, scene: Scene, known: Known) -> dict[str, Any]:
    """Objectives with the plan's targets by year; the revision of the tree in force and those of the year; the
    agreements of the year with the days they held."""
    year = scene.subject.year
    every = revisions_of(session, scene.subject.region_id, scene.subject.unit_id)
    revisions = [one for one in every if one.in_force_on <= scene.ends]
    return {
        "objectives": [_plan(scene, known, at) for at in range(len(scene.objectives))],
        "years": sorted({
            each for objective in scene.objectives for one in objective.indicators for each in one.plan_targets
        }),
        "revision": None if not revisions else _revision(revisions[0]),
        "revisions": [_revision(one) for one in reversed(revisions) if one.in_force_on.year == year],
        "agreements": _agreements(session, scene),
    }  # fmt: skip


def _plan(scene: Scene, known: Known, at: int) -> dict[str, Any]:
    objective = scene.objectives[at]
    rules = known.rules(scene.subject.year)
    indicators = []
    for one in objective.indicators:
        unit = None if rules is None else rules.units.get(one.unit or "number")
        indicators.append({
            "key": one.key, "name": one.name, "unit_title": both(unit.title) if unit is not None else None,
            "baseline": None if one.baseline is None else told(one.baseline),
            "targets": {str(year): told(target) for year, target in sorted(one.plan_targets.items())},
            "target": None if known.targets.get(one.key) is None else told(known.targets[one.key]),
        })  # fmt: skip
    return {"key": objective.node.key, "statement": objective.node.statement, "indicators": indicators}


def _revision(one: Any) -> dict[str, Any]:
    return {
        "number": one.number, "in_force_on": one.in_force_on.isoformat(), "reason": one.reason,
        "legal_basis": one.legal_basis,
    }  # fmt: skip


def _agreements(session: Session, scene: Scene) -> list[dict[str, Any]]:
    """The agreements of the year in the order they came in force; one opened again and agreed once more is one."""
    numbers = agreement_numbers(session, scene.agreements)
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for row in scene.agreements:
        told_of = found.setdefault((row.case_id, row.seq), {
            "number": numbers.get(row.case_id, ""), "in_force_on": row.in_force_on.isoformat(),
            "ended_on": None if row.ended_on is None else row.ended_on.isoformat(), "indicators": 0,
        })  # fmt: skip
        told_of["indicators"] += 1
    return sorted(found.values(), key=lambda one: (one["in_force_on"], one["number"]))
