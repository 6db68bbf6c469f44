"""What supervisors have to see to, where the case is sealed: told to those who hold its key, and to nobody else."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from engine.cases.incidents import open_incidents, resolve
from engine.cases.models import Incident
from engine.disclosure.keyring import officer
from engine.disclosure.models import CaseKey
from engine.errors import NotFound
from tests.sealed_office import a_sealed_office


def test_t37_an_incident_of_a_sealed_case_is_shown_to_holders_of_its_key_alone(session: Session, now: datetime) -> None:
    office = a_sealed_office(session, now)
    office.report()
    row = Incident(region_id=office.region.id, case_id=office.case_id, code="no_candidate", state="intake", detail="",
                   raised_at=now)  # fmt: skip
    session.add(row)
    session.flush()
    sam = office.people["sam"].id
    assert open_incidents(session, sam, now) == ()
    with pytest.raises(NotFound):
        resolve(session, sam, row.id, now)
    session.add(CaseKey(case_id=office.case_id, kind="content-key", holder=officer(sam), sealed="x"))
    session.flush()
    assert [seen.number for seen in open_incidents(session, sam, now)] == [office.number]
    resolve(session, sam, row.id, now)
    assert open_incidents(session, sam, now) == ()
