"""docs/examples/found: three processes nobody here designed hold on paper, are drawn, and run in the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine.cases.escalate import run_due_timers
from engine.cases.fire import Fired, fire
from engine.cases.open import Opened, open_case
from engine.cases.simulate import run_all
from engine.cases.stored import read_case
from engine.cases.strength import measure
from engine.definitions.bpmn import bpmn
from engine.definitions.draw_marks import Marks
from engine.definitions.draw_text import in_text
from engine.definitions.lint import lint
from engine.definitions.lint import load as read_paths
from engine.definitions.load import Loaded
from engine.definitions.model import Definition
from engine.errors import NotFound
from engine.facts import Command
from engine.organisation.models import Region
from engine.publishing import library
from engine.publishing.publish import publish
from engine.publishing.texts import gather
from engine.vocabulary import load
from tests.factories import a_group, a_holder, a_person, a_position, a_region, a_unit
from tests.peopled import people_for
from tests.shadow import check_case
from tests.twins import Twins
from tests.walks import Walker, answer_bank, opening_answers, random_step

ROOT = Path(__file__).parent.parent.parent
FOUND = ROOT / "docs" / "examples" / "found"
STRAIGHT = {
    "grievance": "resolved_and_rated",
    "business_trip": "up_the_line_until_the_limit",
    "change_request": "moderate_risk",
}
SUPERIORS = ("tono", "budi", "dewi", "fitri", "gatot")
LIMITS = {"budi": 500_000, "dewi": 5_000_000, "fitri": 50_000_000}

each = pytest.mark.parametrize("name", sorted(STRAIGHT))


def read(name: str) -> Loaded:
    return read_paths([FOUND / name], load(), ROOT)


def loaded(name: str) -> Definition:
    return read(name).definitions[name]


def stored(session: Session, name: str, region: Region, now: datetime) -> Definition:
    """The definition, published for this region."""
    path = FOUND / name / "workflows" / f"{name}.yaml"
    gathered, _ = gather(path, FOUND / name, ROOT / "delivery" / "templates", load())
    assert gathered is not None
    version = publish(
        session, gathered.files, name, reason="Uji", by=None, region=region.id, vocabulary=load(),
        now=now - timedelta(days=1), prove=lambda definition: (),
    )  # fmt: skip
    return library.definition(session, version.digest, load())


def test_nothing_is_found_in_them() -> None:
    assert lint([FOUND], load(), ROOT) == []


@each
def test_their_scenarios_hold(name: str) -> None:
    results = run_all(loaded(name))
    assert len(results) >= 20
    assert [result for result in results if not result.passed] == []


@each
def test_they_are_drawn(name: str) -> None:
    definition = loaded(name)
    told = in_text(definition, "en", Marks())
    assert all(state.title.en in told for state in definition.states.values() if state.title is not None)
    assert bpmn(definition, "en").count("sequenceFlow") > len(definition.states)


@dataclass
class Bureau:
    """Everybody the three processes ask for, by the names of their scenarios."""

    region: Region
    people: dict[str, int]

    @classmethod
    def build(cls, session: Session, given: Mapping[str, Any], definition: Definition) -> Bureau:
        region = a_region(session)
        top = a_unit(session, region, "region")
        agency = a_unit(session, region, "agency", top)
        names = {given["initiator"], *SUPERIORS, "lukman"}
        names |= {one for people in given["users"].values() for one in people}
        people = {one: a_person(session, top if one == "gatot" else agency, one) for one in sorted(names)}
        above = None
        for one in reversed(SUPERIORS):
            unit = top if one == "gatot" else agency
            kind = "head" if one in ("gatot", "fitri") else "staff"
            above = a_position(session, unit, kind, above, decision_limit=LIMITS.get(one), title=one)
            a_holder(session, above, people[one])
        groups: dict[str, list[str]] = {"field_staff": ["lukman"]}
        for role, members in given["users"].items():
            group = definition.roles[role].options.get("group")
            if group is not None:
                groups[str(group)] = list(members)
        for key, members in groups.items():
            a_group(session, region, key, *(people[one] for one in members))
        return cls(region, {one: person.id for one, person in people.items()})


@each
def test_the_straight_path_is_walked_in_the_store(session: Session, name: str) -> None:
    definition = loaded(name)
    scenario = definition.scenarios[STRAIGHT[name]]
    given = definition.fixtures[scenario.given["uses"]]
    data = {**given["data"], **(scenario.given.get("data") or {})}
    now = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    bureau = Bureau.build(session, given, definition)
    stored(session, name, bureau.region, now)
    opened = open_case(
        session, region_id=bureau.region.id, case_type=name, person_id=bureau.people[given["initiator"]],
        answers=data, now=now,
    )  # fmt: skip
    assert isinstance(opened, Opened), opened
    for step in scenario.steps:
        if "advance" in step:
            now += timedelta(days=step["advance"]["days"])
            run_due_timers(session, now, "test", 100)
        else:
            outcome = act(session, bureau, opened.case_id, step, now)
            assert isinstance(outcome, Fired) == ("refused" not in step), (step, outcome)
        wanted = (step.get("expect") or {}).get("state")
        if wanted is not None:
            assert wanted in read_case(session, opened.case_id, now).facts.state.active, step
    check_case(session, opened.case_id, now)


def act(session: Session, bureau: Bureau, case_id: int, step: Mapping[str, Any], now: datetime) -> Any:
    given = step.get("with") or {}
    assign = {role: tuple(bureau.people[one] for one in people) for role, people in given.get("assign", {}).items()}
    command = Command(
        step["do"], bureau.people[step["as"]], comment=given.get("comment", ""), answers=dict(given.get("data", {})),
        assign=assign,
    )  # fmt: skip
    try:
        return fire(session, case_id, command, now=now)
    except NotFound:  # on paper everybody knows of the case; here it is hidden from whom it does not concern
        return None


@each
def test_whatever_people_try_paper_and_store_agree(session: Session, name: str) -> None:
    now = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    random = Random(7)
    region = a_region(session)
    definition = stored(session, name, region, now)
    peopled = people_for(session, definition, region, random)
    bank = answer_bank(definition, peopled)
    answers = {**opening_answers(definition, bank, random)}
    twins = Twins(session, definition, peopled, answers, now)
    walker = Walker(twins, bank)
    for _ in range(30):
        walker.take(random_step(random))
    check_case(session, twins.case_id, twins.paper.facts.now)


@each
def test_their_scenarios_would_notice_nearly_every_mistake(name: str) -> None:
    found = measure(read(name).case_types[name])
    assert found.caught >= 0.95 * found.changes, found
