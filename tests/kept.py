"""A case in the store for tests: a definition written as YAML in the test, played by people of a small office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.actions import candidates
from engine.cases.chart import chart_of
from engine.cases.escalate import run_due_timers
from engine.cases.fire import Fired, fire
from engine.cases.models import CaseAnswers, History, Incident
from engine.cases.open import Opened, open_case
from engine.cases.plan import plan_act
from engine.cases.queue_page import queue_page
from engine.cases.reoffer import reoffer_changed
from engine.cases.stored import StoredCase, read_case
from engine.changes import Refusal
from engine.errors import NotFound
from engine.facts import Command
from engine.organisation.models import Person, Position, Region, Unit
from engine.organisation.recorded import Author
from engine.publishing.publish import publish
from engine.vocabulary import load
from tests.engine.cases.written import CALENDAR, FORM, HEAD, ROLES
from tests.factories import a_group, a_holder, a_person, a_position, a_region, a_unit
from tests.publishers import publishers_if_needed
from tests.shadow import check_case

GROUPS = {
    "clerks": ("carla", "cici"), "heads": ("hana",), "finance": ("fina",), "planning": ("pia",), "legal": ("leo",),
    "supervisors": ("sinta",),
}  # fmt: skip
OTHERS = ("ani", "bela", "dedi")


@dataclass
class Kept:
    """One case on the store in words: ``do`` gives the refusal's code or None. Every step is compared with its rows."""

    session: Session
    now: datetime
    region: Region
    units: Mapping[str, Unit]
    people: Mapping[str, Person]
    positions: Mapping[str, Position]
    case_id: int = 0
    refusal: Refusal | None = None
    last: Fired | None = None

    def publish(
        self, written: str, *, form: str = FORM, roles: str = ROLES, calendar: str = CALENDAR,
        case_type: str = "sample", version: str = "1.0.0",
    ) -> str:  # fmt: skip
        """The digest of the definition written there."""
        head = HEAD.replace("sample", case_type).replace("1.0.0", version)
        text = head + roles + calendar + written
        files = {f"workflows/{case_type}.yaml": text, "forms_config/sample.yaml": form}
        published = publish(
            self.session, files, case_type, reason="Uji", region=self.region.id, vocabulary=load(),
            now=self.now - timedelta(days=30), prove=lambda definition: (),
            **publishers_if_needed(self.session, case_type, self.region.id),
        )  # fmt: skip
        return published.digest

    def open(self, by: str = "ani", case_type: str = "sample", unit: str | None = None, **answers: Any) -> int:
        """Opens a case and plays it from now on."""
        opened = open_case(
            self.session, region_id=self.region.id, case_type=case_type, person_id=self.people[by].id, answers=answers,
            unit_id=None if unit is None else self.units[unit].id, now=self.now,
        )  # fmt: skip
        assert isinstance(opened, Opened), opened
        self.case_id = opened.case_id
        check_case(self.session, self.case_id, self.now)
        return self.case_id

    def do(
        self, person: str, action: str, comment: str = "", *, data: Mapping[str, Any] | None = None,
        inside: str | None = None, item: str | None = None, to: str | None = None, **more: Any,
    ) -> str | None:  # fmt: skip
        """One act; the code it was refused with, ``not_found`` for who may not see the case, or None."""
        receiver = None if to is None else self.people[to].id
        command = Command(
            action, self.people[person].id, inside, item, comment, data or {}, to=receiver, **more
        )  # fmt: skip
        try:
            outcome = fire(self.session, self.case_id, command, now=self.now)
        except NotFound:
            return "not_found"
        self.refusal = outcome if isinstance(outcome, Refusal) else None
        self.last = None if isinstance(outcome, Refusal) else outcome
        check_case(self.session, self.case_id, self.now)
        return None if self.refusal is None else self.refusal.code

    def asked(self, person: str, action: str) -> str | None:
        """What deciding says of an act, also to somebody who may not see the case; the refusal is kept."""
        stored = self.stored
        decision = plan_act(stored.definition, stored.facts, Command(action, self.people[person].id))
        self.refusal = decision if isinstance(decision, Refusal) else None
        return None if self.refusal is None else self.refusal.code

    def advance(self, **span: float) -> list[str]:
        """The clock moves and the worker looks; the timers that fired."""
        self.now += timedelta(**span)
        before = self.stored.row.revision
        while run_due_timers(self.session, self.now, "w"):
            pass
        check_case(self.session, self.case_id, self.now)
        rows = select(History.details).where(History.case_id == self.case_id, History.seq > before)
        return [key for details in self.session.scalars(rows.order_by(History.seq)) for key in details.get("fired", ())]

    def reoffer(self) -> None:
        """The worker follows the organisation."""
        while reoffer_changed(self.session, self.now):
            pass
        check_case(self.session, self.case_id, self.now)

    @property
    def stored(self) -> StoredCase:
        return read_case(self.session, self.case_id, self.now)

    @property
    def states(self) -> list[str]:
        stored = self.stored
        return list(chart_of(stored.definition).leaves(stored.facts.state.active))

    @property
    def ended(self) -> bool:
        return self.stored.facts.state.is_ended

    def candidates(self, inside: str | None = None) -> list[str]:
        stored = self.stored
        return self.names(person for person, _ in candidates(stored.definition, stored.facts, inside))

    def names(self, ids: Any) -> list[str]:
        called = {person.id: name for name, person in self.people.items()}
        return sorted(called[int(each)] for each in ids)

    def answer(self, name: str) -> Any:
        """As it is stored."""
        return self.session.get_one(CaseAnswers, self.case_id, populate_existing=True).answers.get(name)

    @property
    def incidents(self) -> list[str]:
        rows = select(Incident.code).where(Incident.region_id == self.region.id, Incident.resolved_at.is_(None))
        return list(self.session.scalars(rows.order_by(Incident.id)))

    def queue(self, person: str) -> list[str]:
        """The states of the tasks in the person's queue."""
        rows = queue_page(self.session, self.people[person].id, self.now).rows
        return [row.state_title.id for row in rows]

    @property
    def history(self) -> list[History]:
        rows = select(History).where(History.case_id == self.case_id).order_by(History.seq)
        return list(self.session.scalars(rows))

    def author(self, name: str) -> Author:
        return Author(self.people[name].id, self.now)


def a_kept_world(session: Session, now: datetime) -> Kept:
    """Ani and Bela draft in one section, Dedi heads it; the groups are GROUPS; Sinta supervises."""
    region = a_region(session)
    top = a_unit(session, region, "region")
    section = a_unit(session, region, "section", top)
    other = a_unit(session, region, "section", top)
    people = {name: a_person(session, section, name.capitalize()) for name in OTHERS}
    for group, members in GROUPS.items():
        for name in members:
            people[name] = a_person(session, other if group == "legal" else section, name.capitalize())
        a_group(session, region, group, *(people[name] for name in members))
    head = a_position(session, section, "head")
    a_holder(session, head, people["dedi"])
    units = {"top": top, "section": section, "other": other}
    return Kept(session, now, region, units, people, {"dedi": head})
