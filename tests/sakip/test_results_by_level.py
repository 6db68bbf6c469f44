"""A region decides of what the figures of goals, units and the region are, and by which weights (reference §5.12)."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

import pytest
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.problems import Problems
from sakip.configuration.files import of_texts
from sakip.configuration.folder import configure
from sakip.configuration.library import read_field_library
from sakip.facts.models import AgreementRow
from sakip.facts.results import compute
from sakip.facts.rulebook import Rulebook
from sakip.reasons import Reason
from sakip.tree.models import NodeRow
from tests.factories import a_position, a_unit
from tests.sakip.measured import FOLDER, YEAR, Measured, a_measured_region

HUNDRED = Fraction(100)
REACHED = {"light": 100, "heavy": 60, "alone": 20}  # of 100 in the first quarter


@pytest.fixture
def year(session: Session, now: datetime) -> Measured:
    """An agency with two goals, the first of two indicators that weigh 1 and 3, the second of one that weighs 4."""
    found = a_measured_region(session, now)
    found.node("first")
    found.indicator("light", "first", weight="1")
    found.indicator("heavy", "first", weight="3")
    found.node("second", owner_id=a_position(session, found.agency, "staff").id)
    found.indicator("alone", "second", weight="4")
    for key in REACHED:
        found.aim(key, q1=HUNDRED)
    found.fill(now, "q1", {key: Fraction(value) for key, value in REACHED.items()})
    return found


def figures(year: Measured, *subjects: str, **levels: dict[str, object]) -> list[str]:
    """What the first quarter of the subjects comes to where ``levels`` are computed like this."""
    file = yaml.safe_load((FOLDER / "measurement.yaml").read_text(encoding="utf-8"))
    for level, rule in levels.items():
        file["aggregates"][level] |= rule
    problems = Problems()
    texts = of_texts({"measurement.yaml": yaml.safe_dump(file, sort_keys=False)})
    draft = configure(read_field_library(texts, problems), None, problems).measurement(YEAR)
    assert draft is not None
    book = Rulebook(year.session, year.region.id, draft)
    known = compute(year.session, year.region.id, None, YEAR, book).known
    found = {subject: result for (_, subject, span), result in known.items() if span == "q1"}
    return [one.code if isinstance(one := found[subject], Reason) else one.shown for subject in subjects]


def test_5_12_the_weights_are_those_of_the_tree(year: Measured) -> None:
    assert figures(year, "first", "second", year.agency.key) == ["80.00", "20.00", "50.00"]
    assert figures(year, "first", year.agency.key, goal={"by": "weight"}) == ["70.00", "45.00"]
    assert figures(year, year.agency.key, unit={"by": "weight"}) == ["no_weight"]  # goals have none


def test_5_12_a_unit_may_stand_on_its_indicators_at_once(year: Measured) -> None:
    assert figures(year, year.agency.key, unit={"of": "indicators"}) == ["60.00"]
    assert figures(year, year.agency.key, unit={"of": "indicators", "by": "weight"}) == ["45.00"]


def test_5_12_an_individual_agreement_feeds_no_unit_that_stands_on_its_indicators(year: Measured) -> None:
    row = AgreementRow(region_id=year.region.id, case_id=7, row_key="1", year=YEAR, unit_id=year.agency.id)
    owner = year.session.scalars(select(NodeRow.owner_id).where(NodeRow.key == "second")).one()
    row.seq, row.position_id, row.kind, row.node_key, row.indicator_key = 1, owner, "individual", "second", "alone"
    row.copied, row.in_force_on = {}, date(YEAR, 1, 2)
    year.session.add(row)
    assert figures(year, year.agency.key, unit={"of": "indicators"}) == ["80.00"]


def test_5_12_the_region_stands_on_its_units_or_on_its_own_tree(year: Measured, now: datetime) -> None:
    second = a_unit(year.session, year.region, "agency", year.top)
    year.node("theirs", second)
    year.indicator("done", "theirs", second)
    year.node("own").unit_id = None
    for key, weight in (("crown", "1"), ("jewel", "3")):
        year.indicator(key, "own", weight=weight).unit_id = None
    for key, value in (("done", 100), ("crown", 40), ("jewel", 20)):
        year.aim(key, q1=HUNDRED)
        year.fill(now, "q1", {key: Fraction(value)})
    year.session.flush()
    region = year.region.key
    assert figures(year, region) == ["75.00"]  # 50 and 100
    assert figures(year, region, region={"of": "goals"}) == ["30.00"]
    assert figures(year, region, region={"of": "indicators", "by": "weight"}) == ["25.00"]
