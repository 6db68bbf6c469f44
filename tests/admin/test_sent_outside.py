"""Calls to other systems and extensions of schedules in the administration: read without contents, tried again."""

from __future__ import annotations

import pytest

from engine.cases.models import ScheduleExtension
from engine.database import Database
from engine.organisation.models import Unit
from engine.outbox.models import ConnectorCall
from tests.admin.conftest import Rows
from tests.conftest import FrozenClock
from tests.web.conftest import Browser
from tests.web.region import Regency


@pytest.fixture
def call_id(pages_database: Database, regency: Regency, case_id: int, clock: FrozenClock) -> int:
    with pages_database.writing.begin() as session:
        call = ConnectorCall(region_id=regency.id, case_id=case_id, revision=1, place=0, connector="e_office")
        call.state, call.last_error, call.content = "failed", "answered 400", {"amount": "Rp7.500"}
        call.created_at = call.not_before = call.finished_at = clock()
        session.add(call)
        session.flush()
        return call.id


def test_a_failed_call_is_shown_without_what_it_told_and_tried_again(
    admin: Browser, rows: Rows, call_id: int, regency: Regency
) -> None:
    page = admin.get("/admin/calls/").text
    assert "e_office" in page and "answered 400" in page and "Gagal" in page
    assert "7.500" not in page
    assert admin.post("/admin/calls/again", {"id": str(call_id)}).status_code == 303
    assert rows.one(ConnectorCall, id=call_id).state == "waiting"
    entry = rows.recorded("call_retried")
    assert (entry.actor_id, entry.subject) == (regency.people["admin"], f"connector_calls:{call_id}")
    assert "Panggilan diulang" in admin.get("/admin/audit/").text
    assert admin.post("/admin/calls/again", {"id": str(call_id)}).status_code == 404


def test_extensions_are_listed_with_who_gave_them_and_why(
    admin: Browser, pages_database: Database, rows: Rows, regency: Regency, clock: FrozenClock
) -> None:
    unit = rows.one(Unit, key="layanan")
    with pages_database.writing.begin() as session:
        row = ScheduleExtension(region_id=regency.id, unit_id=unit.id, case_type="agreement", schedule="setting")
        row.until, row.reason, row.granted_by, row.granted_at = clock().date(), "Pagu", regency.people["gita"], clock()
        session.add(row)
    page = admin.get("/admin/extensions/").text
    assert unit.name in page and "Gita Permata" in page and "Pagu" in page
