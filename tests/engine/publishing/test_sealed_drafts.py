"""Drafts of new cases do not outlive the day their type becomes sealed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from engine.cases import drafts
from engine.organisation.models import Person
from engine.publishing.publish import publish
from engine.publishing.sealed_drafts import drop_sealed_drafts
from engine.vocabulary import load
from tests.factories import a_person, a_region
from tests.publishers import publishers_if_needed
from tests.sealed_type import FORM, REPORT, SECRET, rows_with


def published(session: Session, text: str, now: datetime, region: int | None = None) -> None:
    case_type = "report" if "case_type: report" in text else "note"
    files = {f"workflows/{case_type}.yaml": text, "forms_config/report.yaml": FORM}
    publish(
        session, files, case_type, reason="Uji", region=region, vocabulary=load(), now=now,
        prove=lambda definition: (), **publishers_if_needed(session, case_type, region),
    )  # fmt: skip


def test_drafts_kept_when_a_type_becomes_sealed_are_gone_with_its_publication(session: Session, now: datetime) -> None:
    ordinary = REPORT.replace("confidentiality: sealed\n", "")
    published(session, ordinary, now)
    published(session, ordinary.replace("case_type: report", "case_type: note"), now)
    person = a_person(session, region_id=a_region(session).id)
    typed(session, person, now, "report", story=SECRET)
    typed(session, person, now, "note", story="biasa")
    published(session, REPORT.replace("version: 1.0.0", "version: 2.0.0"), now + timedelta(days=1))
    assert drafts.load(session, person.id, drafts.of_new("report")) is None
    assert rows_with(session, SECRET) == []
    assert drafts.load(session, person.id, drafts.of_new("note")) is not None


def test_a_sealed_version_of_one_region_leaves_the_drafts_of_another(session: Session, now: datetime) -> None:
    published(session, REPORT.replace("confidentiality: sealed\n", ""), now)
    here, there = (a_person(session, region_id=a_region(session).id) for _ in range(2))
    for person in (here, there):
        typed(session, person, now, "report", story="x")
    published(session, REPORT.replace("version: 1.0.0", "version: 2.0.0"), now, region=here.region_id)
    assert drafts.of_person(session, here.id) == ()
    assert len(drafts.of_person(session, there.id)) == 1


def test_of_a_version_that_counts_later_they_are_gone_when_it_counts(session: Session, now: datetime) -> None:
    published(session, REPORT.replace("confidentiality: sealed\n", ""), now)
    person = a_person(session, region_id=a_region(session).id)
    typed(session, person, now, "report", story="x")
    later = (now + timedelta(days=3)).date().isoformat()
    published(session, REPORT.replace("version: 1.0.0", f"version: 2.0.0\nvalid_from: {later}"), now)
    assert drop_sealed_drafts(session, now, load()) == 0
    assert len(drafts.of_person(session, person.id)) == 1
    assert drop_sealed_drafts(session, now + timedelta(days=3), load()) == 1
    assert drafts.of_person(session, person.id) == ()


def typed(session: Session, person: Person, now: datetime, case_type: str, **answers: Any) -> None:
    drafts.save(session, person.id, drafts.of_new(case_type), form=None, answers=answers, now=now)
