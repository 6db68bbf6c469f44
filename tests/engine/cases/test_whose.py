"""Whose a new case is when who opens it names no unit: theirs, or the one a part of the installation names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from engine.cases.open import Opened, open_case
from engine.cases.stored import read_case
from engine.cases.whose import CASE_UNITS, case_unit
from engine.organisation.models import Unit
from engine.publishing.publish import publish
from engine.vocabulary import load
from tests.factories import a_person, a_region, a_unit

FILES = {
    f"workflows/{name}.yaml": f"""
schema: casework/1
case_type: {name}
version: 1.0.0
title: {{id: Berkas, en: File}}
legal_basis: [PP 1/2020]
roles: {{clerk: {{title: {{id: Petugas, en: Clerk}}, resolve: initiator}}}}
lifecycle:
  initial: open
  states:
    open:
      title: {{id: Terbuka, en: Open}}
      task: {{candidates: [clerk], form: {name}, fields: {{rows: edit}}}}
      transitions: {{finish: {{to: over, title: {{id: Selesai, en: Finish}}}}}}
    over: {{type: final, title: {{id: Selesai, en: Over}}}}
"""
    for name in ("archive", "note")
} | {
    f"forms_config/{name}.yaml": f"""
schema: casework-form/1
form: {name}
version: 1.0.0
title: {{id: Berkas, en: File}}
fields:
  rows:
    type: table
    title: {{id: Baris, en: Rows}}
    columns: {{name: {{type: text, title: {{id: Nama, en: Name}}}}}}
{rows}sections:
  all: {{order: 10, title: {{id: Isi, en: Content}}, fields: {{rows: {{order: 1}}}}}}
"""
    for name, rows in (("archive", "    rows_from: {source: tests.archives, with: {}}\n"), ("note", ""))
}


@pytest.fixture(autouse=True)
def archives_are_the_agencies() -> Iterator[None]:
    """A part whose case type belongs to the unit above; it is gone after the test."""

    @case_unit("tests.archives")
    def agency(session: Session, region_id: int, unit_id: int) -> int | None:
        return session.get_one(Unit, unit_id).parent_id

    yield
    del CASE_UNITS["tests.archives"]


def test_a_part_names_the_unit_of_its_own_case_types_and_of_no_others(session: Session, now: datetime) -> None:
    region = a_region(session)
    agency = a_unit(session, region, "agency")
    division = a_unit(session, region, "division", agency)
    clerk, homeless = a_person(session, division), a_person(session, region_id=region.id)
    for name in ("archive", "note"):
        publish(session, FILES, name, reason="Uji", by=None, region=None, vocabulary=load(), now=now,
                prove=lambda _: ())  # fmt: skip

    def unit_of(case_type: str, person_id: int, unit_id: int | None = None) -> int | None:
        opened = open_case(
            session, region_id=region.id, case_type=case_type, person_id=person_id, answers={}, unit_id=unit_id,
            now=now,
        )  # fmt: skip
        assert isinstance(opened, Opened), opened
        return read_case(session, opened.case_id, now).row.unit_id

    assert unit_of("archive", clerk.id) == agency.id
    assert unit_of("note", clerk.id) == division.id
    assert unit_of("archive", clerk.id, division.id) == division.id
    assert unit_of("archive", homeless.id) is None
