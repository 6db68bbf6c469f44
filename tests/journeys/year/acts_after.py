"""What follows an evaluation: the cheapest way to the next predicate made a plan, and the evaluation a year later."""

from __future__ import annotations

from sqlalchemy import select

from demo.performance_evaluation import EVALUATION, play_evaluation
from demo.performance_facts import facts
from engine.cases.models import Case
from tests.journeys.year.regency import REGENCY, Played, stage_in


def way(year: Played) -> None:
    """The cheapest way to BB that can be gone in 28 weeks becomes a plan of actions."""
    year.at(facts()["way"]["opened"])
    hands = year.sits("bureau", None)
    hands.open(f"/performance/whatif/{REGENCY}?year=2025&to=bb&weeks=28")
    year.kept["way"] = hands.text
    hands.press("Jadikan rencana aksi")
    year.kept["plan"] = hands.text


def next_year(year: Played) -> None:
    """A year later what the way raised is found raised. The tiers are those of 2025 again, so what plays the
    demonstration plays them, by the commands that stand behind the pages."""
    year.at("2027-06-08 09:00")
    with year.database.writing.begin() as session:
        stage = stage_in(session)
        play_evaluation(stage, 2026)
        cases = select(Case.id).where(Case.region_id == stage.acts.region.id, Case.case_type == EVALUATION)
        newest = session.scalars(cases.order_by(Case.id.desc())).first()
    year.work()
    year.kept["later"] = f"/performance/worksheets/{newest}"
