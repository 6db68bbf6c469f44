"""A step nobody can take shows up at the supervisors and in the health of the installation, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from engine.cases.fire import Fired, fire
from engine.database import Database
from engine.facts import Command
from engine.organisation.models import Holder
from engine.organisation.positions import end_holding
from engine.organisation.recorded import Author
from engine.timers import heartbeat
from tests.conftest import FrozenClock
from tests.web.conftest import Browser
from tests.web.region import Regency

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
