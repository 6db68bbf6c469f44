"""Two agencies of one region with the case types of the tree: Sari and Fitri of Kominfo, Wati and Dina of Dinkes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from config import ROOT
from engine.cases.calling import claim_due_calls, run_inside
from engine.cases.chart import chart_of
from engine.cases.fire import fire
from engine.cases.open import Opened, open_case
from engine.cases.stored import read_case
from engine.changes import Refusal
from engine.facts import Command
from engine.organisation.models import Person, Position, Region, Unit
from engine.publishing.publish import publish
from engine.publishing.texts import gather
from engine.vocabulary import load
from sakip.publish_folder import publish_folder
from sakip.tree.values import Node
from tests.factories import a_group, a_holder, a_person, a_position, a_region, a_unit
from tests.publishers import publishers_if_needed
from tests.sakip.trees import node

TEMPLATES = ROOT / "delivery" / "templates"


@cache
def files_of(case_type: str) -> Mapping[str, str]:
    """The texts of a shipped case type with its form and mails."""
    gathered, loaded = gather(ROOT / "workflows" / f"{case_type}.yaml", ROOT, TEMPLATES, load())
    assert gathered is not None, loaded.problems
    return gathered.files


@dataclass
class Office:
    """People by first name; ``do`` gives the code an act was refused with, or None."""

    session: Session
    now: datetime
    region: Region
    units: Mapping[str, Unit]
    seats: Mapping[str, Position]
    people: Mapping[str, Person]
    refusal: Refusal | None = None

    def publish(self, *case_types: str) -> None:
        for case_type in case_types:
            self.publish_files(case_type, files_of(case_type))

    def publish_files(self, case_type: str, files: Mapping[str, str]) -> None:
        publish(
            self.session, files, case_type, reason="Uji", region=self.region.id, vocabulary=load(),
            now=self.now - timedelta(days=60), prove=lambda definition: (),
            **publishers_if_needed(self.session, case_type, self.region.id),
        )  # fmt: skip

    def open(self, case_type: str, by: str, answers: Mapping[str, Any], unit: str | None = None) -> int:
        opened = open_case(
            self.session, region_id=self.region.id, case_type=case_type, person_id=self.people[by].id,
            answers=answers, unit_id=None if unit is None else self.units[unit].id, now=self.now,
        )  # fmt: skip
        assert isinstance(opened, Opened), opened
        return opened.case_id

    def do(self, case_id: int, who: str, action: str, **more: Any) -> str | None:
        outcome = fire(self.session, case_id, Command(action, self.people[who].id, **more), now=self.now)
        self.refusal = outcome if isinstance(outcome, Refusal) else None
        return None if self.refusal is None else self.refusal.code

    def work(self) -> list[Any]:
        """The worker makes every call that waits; their results."""
        results = []
        while due := claim_due_calls(self.session, self.now, "w", 20):
            for one in due:
                assert run_inside(self.session, one, self.now)
                results.append(one.call.name)
        return results

    def states(self, case_id: int) -> list[str]:
        stored = read_case(self.session, case_id, self.now)
        active = stored.facts.state.active
        return list(chart_of(stored.definition).leaves(active))

    def own(self, key: str, level: str, parent: str | None = None, unit: str = "kominfo", **more: Any) -> Node:
        """A node of a unit's tree, owned by its head."""
        seat = str(self.seats[unit].id)
        return node(key, level, parent, **{"tree": unit, "owner": seat, "place": 0, **more})

    def regional(self, key: str, level: str, parent: str | None = None, **more: Any) -> Node:
        owner = str(self.seats["pemkab"].id) if level == "objective" else None
        return node(key, level, parent, **{"tree": "region", "owner": owner, "fields": {}, **more})


def an_office(session: Session, now: datetime, folder: Path = ROOT / "sakip_config") -> Office:
    """The field's files of ``folder`` and both case types of the tree are published."""
    region = a_region(session)
    top = a_unit(session, region, "region", key="pemkab")
    units = {"pemkab": top, **{key: a_unit(session, region, "agency", top, key=key) for key in ("kominfo", "dinkes")}}
    people, seats = {}, {}
    for name, unit in (("gatot", "pemkab"), ("fitri", "kominfo"), ("dina", "dinkes")):
        people[name] = a_person(session, units[unit], name.capitalize())
        seats[unit] = a_position(session, units[unit])
        a_holder(session, seats[unit], people[name])
    for name, unit in (("sari", "kominfo"), ("wati", "dinkes")):
        people[name] = a_person(session, units[unit], name.capitalize())
    people["gita"] = a_person(session, top, "Gita")
    a_group(session, region, "planning", people["gita"])
    publish_folder(session, folder, region=None, reason="Uji", by=None, approved_by=None, now=now - timedelta(days=60))
    office = Office(session, now, region, units, seats, people)
    office.publish("tree_revision", "crosscutting_agreement")
    return office
