"""A region with two people, one case and messages that wait: what tests of delivery start from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from config import Settings
from engine.cases.models import Case
from engine.database import Database
from engine.organisation.models import Group, Person, Region
from engine.outbox.models import Message
from engine.publishing.models import DefinitionVersion
from engine.tasks.models import Task
from tests.factories import a_group, a_person, a_region, a_unit
from tests.mail_sink import MailSink

WORKFLOW = """
schema: casework/1
case_type: small
version: 1.0.0
title: {id: Perjanjian, en: Agreement}
legal_basis: [x]
roles:
  employee: {title: {id: Penyusun, en: Drafter}, resolve: initiator}
  planning: {title: {id: Bapperida, en: Planning}, resolve: {group: planning}}
notifications:
  task_assigned: {channel: email, to: [candidates], template: task_assigned}
  reminder: {channel: email, to: [candidates], template: reminder}
  returned: {channel: email, to: [employee], template: returned}
  own:
    channel: email
    to: [employee]
    template:
      subject: {id: "{case.number} tahun {period}, {budget}", en: "{case.number} of {case.period}, {budget}"}
      body: {id: "{case.title} selesai. Buka: {url}", en: "{case.title} is done. Open: {url}"}
lifecycle:
  initial: review
  states:
    review:
      title: {id: Telaah, en: Review}
      task: {candidates: [planning], excluded: [employee], form: small, fields: {period: edit, salary: edit}}
      transitions: {approve: {to: done}}
    done: {type: final, title: {id: Selesai, en: Done}}
"""
FORM = """
schema: casework-form/1
form: small
version: 1.0.0
title: {id: Perjanjian, en: Agreement}
fields:
  period: {type: year, title: {id: Tahun, en: Year}}
  budget: {type: money, title: {id: Anggaran, en: Budget}}
  salary: {type: money, title: {id: Gaji, en: Salary}, classification: confidential}
sections:
  main:
    order: 10
    title: {id: Isi, en: Content}
    fields: {period: {order: 10}, budget: {order: 15}, salary: {order: 20}}
"""


@dataclass(slots=True)
class World:
    """Rows are detached; ``database`` has them. ``message`` adds one to the outbox."""

    database: Database
    settings: Settings
    sink: MailSink
    now: datetime
    region: Region
    budi: Person
    sari: Person
    group: Group
    case: Case

    def message(self, person: Person | None = None, **values: Any) -> int:
        """A waiting message, to ``person`` or to an ``audience``; gives its id."""
        audience = values.pop("audience", None) or f"person:{(person or self.budi).id}"
        row = Message(
            region_id=self.region.id,
            case_id=values.pop("case_id", self.case.id),
            revision=values.pop("revision", 1),
            task=values.pop("task", 0),
            notification=values.pop("notification", "task_assigned"),
            reason=values.pop("reason", "assigned"),
            audience=audience,
            person_id=int(audience.partition(":")[2]) if audience.startswith("person:") else None,
            content=values.pop("content", {"task.title": {"id": "Telaah", "en": "Review"}}),
            is_urgent=values.pop("is_urgent", False),
            created_at=self.now,
            not_before=values.pop("not_before", self.now),
            state="waiting",
            attempts=0,
            **values,
        )
        with self.database.writing() as session:
            session.add(row)
            session.commit()
            return row.id

    def row(self, message_id: int) -> Message:
        with self.database.reading() as session:
            return session.get_one(Message, message_id)

    def states(self) -> list[str]:
        with self.database.reading() as session:
            return list(session.scalars(select(Message.state).order_by(Message.id)))

    def another_case(self) -> int:
        return a_case(self.database, self.region, self.sari, f"PK/2026/{self.case.id + 1:04}", self.now)

    def task(self, **values: Any) -> int:
        """An open task 1 of the case, closed or claimed as ``values`` say."""
        with self.database.writing() as session:
            session.add(
                Task(
                    case_id=self.case.id,
                    number=values.pop("number", 1),
                    entry=1,
                    state="review",
                    opened_at=self.now,
                    due_key=0,
                    **values,
                )
            )
            session.commit()
        return 1

    def change(self, thing: Any, **values: Any) -> None:
        with self.database.writing() as session:
            row = session.get_one(type(thing), thing.id)
            for name, value in values.items():
                setattr(row, name, value)
            region = session.get_one(Region, self.region.id)
            region.organisation_revision += 1
            session.commit()


def a_case(database: Database, region: Region, initiator: Person, number: str, now: datetime) -> int:
    with database.writing() as session:
        row = Case(
            region_id=region.id,
            number=number,
            case_type="small",
            digest="d" * 64,
            revision=1,
            state={},
            title="Perjanjian Kinerja 2026, Dinas Kominfo",
            unit_id=initiator.unit_id,
            initiator_id=initiator.id,
            opened_at=now - timedelta(days=1),
            head_hash="",
        )
        session.add(row)
        session.commit()
        return row.id


def a_world(database: Database, sink: MailSink, now: datetime) -> World:
    with database.writing() as session:
        region = a_region(session, "kab_contoh", name="Kabupaten Contoh", settings={})
        unit = a_unit(session, region)
        budi = a_person(session, unit, "Budi Santoso, S.E.", email="budi@daerah.example", language="id")
        sari = a_person(session, unit, "Sari Wulandari", email="sari@daerah.example", language="en")
        group = a_group(session, region, "planning", budi, sari)
        session.add(
            DefinitionVersion(
                digest="d" * 64,
                case_type="small",
                region_id=None,
                region_key=None,
                number=1,
                version="1.0.0",
                title={"id": "Perjanjian", "en": "Agreement"},
                files={"workflows/small.yaml": WORKFLOW, "forms_config/small.yaml": FORM},
                stored_at=now,
            )
        )
        session.commit()
    settings = Settings(
        environment="test",
        secret_key="x" * 40,
        base_url="https://alur.kab-contoh.example",
        mail_server=sink.host,
        mail_port=sink.port,
        mail_sender="notifikasi@kab-contoh.example",
        mail_reply_to="bantuan@kab-contoh.example",
        files_dir=Path("unused"),
    )
    case_id = a_case(database, region, sari, "PK/2026/0001", now)
    with database.reading() as session:
        case = session.get_one(Case, case_id)
    return World(database, settings, sink, now, region, budi, sari, group, case)
