"""The demonstration's years of performance, from the tree of goals to what follows an evaluation, in three regions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.performance_acts import Acts, StillAhead, a_day_each, plain_date
from demo.performance_after import play_follow_ups, play_way
from demo.performance_agreements import play_agreements, play_plans
from demo.performance_annual import play_annual
from demo.performance_evaluation import play_evaluation
from demo.performance_facts import Stage, facts
from demo.performance_reports import play_reports
from engine.organisation.models import Region
from sakip.tree.agreeing import ASKED

TREE = "tree_revision"
AFTER = {2025: (play_follow_ups, play_way)}  # what follows the evaluation of a year


def play_years(session: Session, now: datetime, regions: Iterable[str] | None = None) -> None:
    """Play the years in every region of the file (or those named), up to ``now``; the caller commits.

    People, case types and the files of measurement have to be there. Raises InvalidInput when a step is refused.
    """
    for key in facts()["regions"] if regions is None else regions:
        play_region(stage_of(session, key, now))


def stage_of(session: Session, key: str, now: datetime) -> Stage:
    """A region of the file as a stage on which nothing happens after ``now``."""
    region = session.scalars(select(Region).where(Region.key == key)).one()
    return Stage(Acts(session, region, now), facts()["regions"][key])


def play_region(stage: Stage) -> None:
    """All of it in one region."""
    with suppress(StillAhead):
        play_tree(stage)
    for year in stage.own["years"]:
        for part in (play_agreements, play_plans, play_reports, play_annual, play_evaluation, *AFTER.get(year, ())):
            with suppress(StillAhead):
                part(stage, year)


def play_tree(stage: Stage) -> None:
    """The region's own tree comes in force, then each agency's; a partner of another agency is asked and agrees."""
    said = facts()["tree"]
    moments = a_day_each(stage.acts.moment(said["opened"]))
    _revise(stage, next(moments), None, {"tree": "region", "nodes": _nodes(stage, said["region"], None)})
    for agency in stage.agencies:
        unit = stage.agencies[agency]["unit"]
        edges = [
            {"act": "new", "kind": one["kind"], "starts": one["starts"], "partner": stage.unit(stage.own["partner"])}
            for one in said["edges"]
            if one["of"] == agency
        ]
        answers = {"tree": "unit", "tree_unit": stage.unit(unit), "edges": edges}
        _revise(stage, next(moments), agency, answers | {"nodes": _nodes(stage, said["agencies"][agency], agency)})


def _revise(stage: Stage, begin: datetime, agency: str | None, answers: Mapping[str, Any]) -> None:
    said, acts = facts()["tree"], stage.acts
    drafter = stage.hand("tree_drafter") if agency is None else stage.hand("secretary", agency)
    head = stage.hand("tree_reviewer") if agency is None else stage.hand("agency_head", agency)
    words = {name: plain_date(said[name]) for name in ("in_force_on", "reason", "legal_basis")}
    case_id = acts.open(TREE, drafter, begin, {**words, **answers})
    acts.do(case_id, drafter, "submit", begin.replace(hour=10))
    acts.do(case_id, head, "approve", begin.replace(hour=11))
    acts.do(case_id, stage.hand("planning"), "approve", begin.replace(hour=13))
    if agency is None:
        acts.do(case_id, stage.hand("head"), "approve", begin.replace(hour=14))
    for asked in acts.asked_by(case_id, ASKED):
        acts.do(asked, stage.hand("partner"), "agree", begin.replace(hour=15))


def _nodes(stage: Stage, nodes: Iterable[Mapping[str, Any]], agency: str | None) -> list[dict[str, Any]]:
    """Rows of a revision: owners are seats of those who play the part."""
    return [
        {"act": "new", "place": place, **node}
        | ({"owner": stage.seat(node["owner"], agency)} if "owner" in node else {})
        for place, node in enumerate(nodes, 1)
    ]
