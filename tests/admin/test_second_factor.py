"""An administrator helps somebody who lost telephone and recovery codes, and it stands in the record."""

from __future__ import annotations

from collections.abc import Callable

import pyotp
import pytest

from engine.database import Database
from engine.organisation import second_factor
from engine.organisation.models import RecoveryCode, SecondFactor
from engine.organisation.sealing import Seal
from tests.admin.conftest import Rows
from tests.conftest import FrozenClock
from tests.web.conftest import Browser
from tests.web.region import PASSWORD, Regency

SEAL = Seal("k" * 40)  # of the application these pages run in


@pytest.fixture
def enrol(pages_database: Database, regency: Regency, clock: FrozenClock) -> Callable[[str], None]:
    """``enrol("sari")`` puts a second factor in force."""

    def put(username: str) -> None:
        person, moment = regency.people[username], clock()
        begun = second_factor.begin(pages_database, person, PASSWORD, SEAL, moment)
        code = pyotp.parse_uri(begun.uri).at(moment)
        second_factor.confirm(pages_database, person, code, SEAL, keep=None, now=moment)

    return put


def test_a_second_factor_is_taken_away_and_every_browser_signed_out(
    admin: Browser,
    browser_of: Callable[..., Browser],
    enrol: Callable[[str], None],
    rows: Rows,
    regency: Regency,
    visitor: Browser,
) -> None:
    person = regency.people["sari"]
    page = f"/admin/people/edit/?id={person}"
    assert "Cabut verifikasi dua langkah" not in admin.get(page).text
    enrol("sari")
    sari = browser_of("sari")
    assert "Cabut verifikasi dua langkah" in admin.get(page).text
    assert admin.post("/admin/people/second-factor", {"id": person}).status_code == 303
    assert rows.count(SecondFactor, person_id=person) == rows.count(RecoveryCode, person_id=person) == 0
    assert sari.get("/queue").status_code == 303
    entry = rows.recorded("second_factor_reset")
    assert (entry.subject, entry.actor_id) == (f"accounts:{person}", regency.people["admin"])
    assert "Verifikasi dua langkah dicabut" in admin.get("/admin/audit/").text
    visitor.get("/sign-in")
    assert visitor.post("/sign-in", {"username": "sari", "password": PASSWORD}).location == "/queue"


def test_nobody_takes_away_their_own_without_a_code(
    admin: Browser, browser_of: Callable[..., Browser], enrol: Callable[[str], None], rows: Rows, regency: Regency
) -> None:
    enrol("admin")
    person = regency.people["admin"]
    again = browser_of("admin")
    again.get(f"/admin/people/edit/?id={person}")
    again.post("/admin/people/second-factor", {"id": person})
    assert rows.count(SecondFactor, person_id=person) == 1


def test_somebody_without_one_and_somebody_of_another_region_are_not_found(
    admin: Browser, enrol: Callable[[str], None], rows: Rows, regency: Regency
) -> None:
    enrol("asing")
    admin.get("/admin/people/")
    for username in ("gita", "asing"):
        assert admin.post("/admin/people/second-factor", {"id": regency.people[username]}).status_code == 404
    assert rows.count(SecondFactor) == 1
    assert admin.get("/admin/people/second-factor").status_code in (404, 405)
