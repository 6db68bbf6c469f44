"""Agreements of the demonstration's years of performance, with their rows from the tree, and the plans that follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from demo.people import written
from demo.performance_acts import a_day_each, plain_date
from demo.performance_facts import Stage, facts
from engine.field_types.table import ROW_KEY
from engine.organisation.models import Position

AGREEMENT, PLAN = "performance_agreement", "action_plan"
LEVELS = {"agency": ("agency_head", "head"), "division": ("division", "agency_head")}  # level -> both parties
QUARTERS = ("quarter_1", "quarter_2", "quarter_3", "quarter_4")


def play_agreements(stage: Stage, year: int) -> None:
    """The head of every agency agrees with the head of region, then each head of division with the head of agency."""
    said = facts()["agreements"][year]
    for agency in stage.agencies:
        for place, level in enumerate(LEVELS):
            begin = next(a_day_each(stage.acts.moment(said["opened"]).replace(hour=9 + place)))
            _agree(stage, agency, level, year, begin)


def _agree(stage: Stage, agency: str, level: str, year: int, begin: datetime) -> None:
    acts, said = stage.acts, facts()["agreements"][year]
    staff, (first, second) = stage.hand("staff", agency), LEVELS[level]
    settings = written()[acts.region.key]["settings"]
    answers = {
        "period": year, "level": level, "stage": "original", "place": settings["seat"],
        "document_on": begin.date().isoformat(), **_party(stage, "first_party", first, agency),
        **_party(stage, "second_party", second, agency),
    }  # fmt: skip
    case_id = acts.open(AGREEMENT, staff, begin, answers)
    rows = {
        "goals": [_divided(goal, said.get("quarters", {})) for goal in acts.rows(case_id, "goals", begin)],
        "programmes": [
            row | {"budget": said["budgets"][row["code"]]} for row in acts.rows(case_id, "programmes", begin)
        ],
    }
    moments = a_day_each(begin)
    for part, action in stage.own["agreements"]:
        given = rows if action == "submit" else {}
        acts.do(case_id, stage.hand(part, agency), action, next(moments).replace(minute=30), given)
    for part in (first, second):
        acts.do(case_id, stage.hand(part, agency), "sign", next(moments))


def _party(stage: Stage, prefix: str, part: str, agency: str) -> dict[str, Any]:
    acts, person = stage.acts, stage.acts.person(stage.hand(part, agency))
    found = {
        prefix: person.id, f"{prefix}_name": person.name, f"{prefix}_capacity": "definitive",
        f"{prefix}_position": acts.session.get_one(Position, stage.seat(part, agency)).title,
        f"{prefix}_nip": person.nip, f"{prefix}_rank": person.rank,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def _divided(goal: Mapping[str, Any], quarters: Mapping[str, Any]) -> dict[str, Any]:
    """A goal of the annex with the quarters its parties agree on, where the plan has none."""
    rows = []
    for row in goal["indicators"]:
        key = str(row[ROW_KEY]).partition("@")[0]
        rows.append({**row, **dict(zip(QUARTERS, quarters.get(key, ()), strict=False))})
    return {**goal, "indicators": rows}


def play_plans(stage: Stage, year: int) -> None:
    """Every agency divides its targets and says what it does for them; several bureaus look at it at once."""
    acts, said = stage.acts, facts()["action_plans"][year]
    for agency in stage.agencies:
        moments = a_day_each(acts.moment(said["opened"]))
        actions = [{name: plain_date(value) for name, value in action.items()} for action in said["actions"][agency]]
        staff = stage.hand("staff", agency)
        at = next(moments)
        case_id = acts.open(PLAN, staff, at, {"year": year, "planned_unit": stage.unit(stage.agencies[agency]["unit"]),
                                              "actions": actions})  # fmt: skip
        acts.do(case_id, staff, "submit", at.replace(minute=40))
        acts.do(case_id, stage.hand("agency_head", agency), "approve", next(moments))
        for part in ("planning", "bureau", "finance"):
            acts.do(case_id, stage.hand(part), "verify", next(moments))
