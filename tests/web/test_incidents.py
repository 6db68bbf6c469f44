"""A step nobody can take shows up at the supervisors and in the health of the installation, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import select

from engine.audit.models import AuditEntry
from engine.cases.calling import DueCall, mark_call_failed
from engine.cases.fire import Fired, fire
from engine.cases.models import ScheduleExtension
from engine.connectors import Call
from engine.database import Database
from engine.facts import Command
from engine.organisation.models import Holder, Unit
from engine.organisation.positions import end_holding
from engine.organisation.recorded import Author
from engine.outbox.models import ConnectorCall
from engine.timers import heartbeat
from tests.conftest import FrozenClock
from tests.web.conftest import Browser
from tests.web.region import CASE_TYPE, Regency

OPENED = "Tidak ada yang dapat mengerjakan langkah ini"


def _submit_to_a_vacant_post(database: Database, regency: Regency, case_id: int, clock: FrozenClock) -> None:
    with database.writing.begin() as session:
        holder = session.scalars(select(Holder).where(Holder.person_id == regency.people["budi"])).one()
        end_holding(session, holder.id, on=clock().date() - timedelta(days=1), author=Author(None, clock()))
    with database.writing.begin() as session:
        done = fire(session, case_id, Command("submit", regency.people["sari"]), now=clock())
    assert isinstance(done, Fired)


def test_a_supervisor_sees_a_step_that_nobody_can_take_and_closes_it(
    pages_database: Database,
    regency: Regency,
    case_id: int,
    clock: FrozenClock,
    browser_of: Callable[..., Browser],
) -> None:
    _submit_to_a_vacant_post(pages_database, regency, case_id, clock)
    slamet = browser_of("slamet")
    page = slamet.get("/incidents").text
    assert OPENED in page and "Telaah kepala seksi" in page and f'href="/case/{case_id}"' in page
    action = page.split('action="/incidents/')[1].split('"')[0]
    assert slamet.post(f"/incidents/{action}").location == "/incidents"
    assert OPENED not in slamet.get("/incidents").text
    assert slamet.post(f"/incidents/{action}").status_code == 404


def test_incidents_read_in_english_too(
    pages_database: Database,
    regency: Regency,
    case_id: int,
    clock: FrozenClock,
    browser_of: Callable[..., Browser],
) -> None:
    _submit_to_a_vacant_post(pages_database, regency, case_id, clock)
    assert "Nobody can take this step" in browser_of("slamet", "en").get("/incidents").text


def test_nobody_but_supervisors_sees_incidents(browser_of: Callable[..., Browser]) -> None:
    for username in ("sari", "ratna", "admin", "asing"):
        browser = browser_of(username)
        answer = browser.get("/incidents")
        assert answer.status_code == 404
        assert "/incidents" not in browser.get("/queue").text
        assert browser.post("/incidents/1").status_code == 404


def test_health_counts_incidents_and_misses_a_worker(
    pages_database: Database, regency: Regency, case_id: int, clock: FrozenClock, visitor: Browser
) -> None:
    _submit_to_a_vacant_post(pages_database, regency, case_id, clock)
    answer = visitor.get("/health")
    assert (answer.status_code, answer.get_json()) == (
        503,
        {"status": "degraded", "database": "ok", "worker": "not seen", "incidents": 1},
    )
    with pages_database.writing.begin() as session:
        heartbeat.beat(session, "host:1:a", clock())
    answer = visitor.get("/health")
    assert answer.status_code == 200
    assert answer.get_json() == {"status": "ok", "database": "ok", "worker": "ok", "incidents": 1}


def _a_call_that_failed(database: Database, regency: Regency, case_id: int, clock: FrozenClock) -> int:
    with database.writing.begin() as session:
        row = ConnectorCall(
            region_id=regency.id, case_id=case_id, revision=1, place=0, connector="e_office", content={}
        )
        row.created_at = row.not_before = clock()
        row.connector, row.state, row.attempts = "e_office", "waiting", 1
        session.add(row)
        session.flush()
        call = Call("key", "e_office", regency.id, "kab_contoh", case_id, "PK/1", "agreement", 1, clock(), {})
        assert mark_call_failed(session, DueCall(row.id, call, False), clock(), "answered 503", is_final=True)
        return row.id


def test_a_supervisor_lets_a_failed_call_be_made_again(
    pages_database: Database,
    regency: Regency,
    case_id: int,
    clock: FrozenClock,
    browser_of: Callable[..., Browser],
) -> None:
    call = _a_call_that_failed(pages_database, regency, case_id, clock)
    slamet = browser_of("slamet")
    action = slamet.get("/incidents").text.split('action="/incidents/')[1].split('"')[0]
    assert action.endswith("/again")
    assert browser_of("sari").post(f"/incidents/{action}").status_code == 404
    assert slamet.post(f"/incidents/{action}").location == "/incidents"
    assert "e_office" not in slamet.get("/incidents").text
    with pages_database.reading() as session:
        row = session.get_one(ConnectorCall, call)
        assert (row.state, row.attempts) == ("waiting", 0)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "call_retried")).one()
        assert entry.actor_id == regency.people["slamet"]
    assert slamet.post(f"/incidents/{action}").status_code == 404


def test_what_is_no_failed_call_has_no_second_try(
    pages_database: Database,
    regency: Regency,
    case_id: int,
    clock: FrozenClock,
    browser_of: Callable[..., Browser],
) -> None:
    _submit_to_a_vacant_post(pages_database, regency, case_id, clock)
    slamet = browser_of("slamet")
    page = slamet.get("/incidents").text
    assert "/again" not in page
    number = page.split('action="/incidents/')[1].split('"')[0]
    assert slamet.post(f"/incidents/{number}/again").status_code == 404


def test_a_supervisor_sees_the_time_that_was_given_and_nobody_else_does(
    pages_database: Database,
    regency: Regency,
    clock: FrozenClock,
    browser_of: Callable[..., Browser],
) -> None:
    slamet = browser_of("slamet")
    assert "Belum ada yang diberi tambahan waktu" in slamet.get("/incidents/extensions").text
    with pages_database.writing.begin() as session:
        unit = session.scalars(select(Unit).where(Unit.key == "ikp")).one()
        row = ScheduleExtension(region_id=regency.id, unit_id=unit.id, case_type=CASE_TYPE, schedule="setting")
        row.until, row.reason = date(2026, 4, 30), "Pagu berubah"
        row.granted_by, row.granted_at = regency.people["gita"], clock()
        session.add(row)
    assert 'href="/incidents/extensions"' in slamet.get("/incidents").text
    page = slamet.get("/incidents/extensions").text
    for word in ("Pagu berubah", "Gita Permata", "Bidang Informasi Publik", "Perjanjian kinerja", "30 Apr"):
        assert word in page
    assert "More time that was given" in browser_of("slamet", "en").get("/incidents/extensions").text
    for username in ("sari", "admin", "asing"):
        assert browser_of(username).get("/incidents/extensions").status_code == 404
