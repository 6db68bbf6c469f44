"""What follows an evaluation in the demonstration: recommendations, the way to the next predicate, the next rubric."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from config import ROOT
from demo.performance_acts import a_day_each, plain_date
from demo.performance_facts import Stage, facts
from demo.publishers import publishers
from sakip.facts.models import RecommendationRow
from sakip.facts.sheets import sheet_of
from sakip.publish_folder import publish_folder

PLAN = "action_plan"
MEASURES = ROOT / "sakip_config"
RUBRIC = "lke_2025.yaml"
FIRST_RUBRIC = 2025


def raised(year: int) -> list[str]:
    """The criteria an evaluation found raised since the year before, in the order of the file."""
    now, before = (facts()["evaluations"][one]["final"]["met"] for one in (year, year - 1))
    return [path for path, share in now.items() if before.get(path) != share]


def play_way(stage: Stage, year: int) -> None:
    """The way to the next predicate becomes an action plan of the organisation bureau, in force once it is looked at,
    where the next year is played too."""
    if year + 1 not in stage.own["years"]:
        return
    acts, said, staff = stage.acts, facts()["way"], stage.hand("bureau_staff")
    moments = a_day_each(acts.moment(said["opened"]))
    sheet = sheet_of(acts.session, acts.region.id, None, year)
    rows = [
        {
            "activity": said["activity"].format(criterion=sheet.questions[path].title.id), "path": path,
            "until": plain_date(said["until"]),
        }
        for path in raised(year + 1)
    ]  # fmt: skip
    at = next(moments)
    case_id = acts.open(PLAN, staff, at, {"year": year + 1, "actions": rows}, said["title"])
    acts.do(case_id, staff, "submit", at + timedelta(hours=1))
    acts.do(case_id, stage.hand("bureau"), "approve", next(moments))
    for part in ("planning", "bureau"):
        acts.do(case_id, stage.hand(part), "verify", next(moments))


def play_follow_ups(stage: Stage, year: int) -> None:
    """Recommendations are planned for, worked on and closed, each as far as the facts say."""
    acts = stage.acts
    for said in facts()["follow_ups"]:
        acts.reached(acts.moment(said["planned"]))
        query = select(RecommendationRow.follow_up_id).where(
            RecommendationRow.region_id == acts.region.id, RecommendationRow.unit_id.is_(None),
            RecommendationRow.year == year, RecommendationRow.path == said["path"],
        )  # fmt: skip
        case_id = acts.session.scalars(query).one()
        assert case_id is not None  # opened in the step that published the recommendation
        given = {name: plain_date(said[name]) for name in ("plan", "responsible", "planned_until")}
        acts.do(case_id, stage.hand("bureau"), "plan", acts.moment(said["planned"]), given)
        if "sent" in said:
            done = {name: said[name] for name in ("done", "evidence_link")} | {"progress": 100}
            acts.do(case_id, stage.hand("bureau"), "send", acts.moment(said["sent"]), done)
            checked = {"check_note": said["check_note"]}
            acts.do(case_id, stage.hand("evaluator"), "agree", acts.moment(said["agreed"]), checked)
            acts.do(case_id, stage.hand("lead"), "finish", acts.moment(said["finished"]), {"outcome": said["outcome"]})


def publish_rubric(stage: Stage, year: int) -> None:
    """The rubric of a later year, for everybody: the shipped one with its days moved on. The first needs none."""
    if year == FIRST_RUBRIC:
        return
    session, at = stage.acts.session, stage.acts.moment(facts()["rubrics"][year])
    with TemporaryDirectory() as folder:
        copied = Path(folder) / MEASURES.name
        shutil.copytree(MEASURES, copied)
        (copied / f"lke_{year}.yaml").write_text(rubric_of(year), encoding="utf-8")
        two = publishers(session, None)
        publish_folder(
            session, copied, region=None, reason=f"Evaluasi {year}", by=two.by, approved_by=two.approved_by, now=at
        )


def rubric_of(year: int) -> str:
    """The shipped rubric as written for a later year, under its name, so that overlays and efforts hold for it."""
    later, text = year - FIRST_RUBRIC, (MEASURES / RUBRIC).read_text(encoding="utf-8")
    text = text.replace(f"year: {FIRST_RUBRIC}\n", f"year: {year}\n").replace(
        f"kinerja {FIRST_RUBRIC}", f"kinerja {year}"
    )
    text = text.replace(f"accountability {FIRST_RUBRIC}", f"accountability {year}")
    return re.sub(r"\b(20\d\d)(-\d\d-\d\d)\b", lambda day: f"{int(day[1]) + later}{day[2]}", text)
