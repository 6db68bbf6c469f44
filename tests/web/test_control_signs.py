"""Signs that no keyboard makes, sent anyway: PostgreSQL keeps no zero sign, mails and documents no control signs."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import create_app
from config import Settings
from engine.database import Database
from engine.organisation import sessions
from tests.conftest import FrozenClock
from tests.web.conftest import Browser
from tests.web.region import Regency, an_agreement, build


@pytest.fixture
def regency(database: Database, clock: FrozenClock) -> Regency:
    return build(database, clock())


@pytest.fixture
def case_id(database: Database, regency: Regency, clock: FrozenClock) -> int:
    return an_agreement(database, regency, clock())


@pytest.fixture
def sari(database: Database, regency: Regency, clock: FrozenClock, tmp_path: Path) -> Browser:
    settings = Settings(environment="test", secret_key="k" * 40, files_dir=tmp_path / "files", demo=True)
    app = create_app(settings, database=database, clock=clock)
    with database.writing.begin() as session:
        person = regency.people["sari"]
        token = sessions.open_session(session, person, browser="Tes", network="127.0.0.0/24", now=clock())
    browser = Browser(app.test_client())
    browser.set_cookie("alur", token)
    return browser


def test_control_signs_in_what_is_sent_are_left_out(sari: Browser, case_id: int) -> None:
    page = f"/case/{case_id}"
    sari.get(page)
    assert sari.post(f"{page}/remarks", {"remark": "Sudah\0 di\x1bbaca\vya"}).status_code == 303
    assert "Sudah dibacaya" in sari.get(page).text
    assert sari.post("/queue/views", {"name": "Pagi\0", "query": "q=a%00b"}).status_code == 303
    assert sari.post(f"{page}/edit?section=basics", {"op": "save:", "revision_reason": "a\0b"}).status_code == 303
    assert sari.post(f"{page}/act", {"act": "submit\0|dr\0afting|", "comment": "\0"}).status_code != 500


@pytest.mark.parametrize(
    "address", ["/queue?q=a%00b", "/queue?unit=%00", "/queue?step=%00&after=%00", "/cases?q=%00x", "/cases/new/a%00b"]
)
def test_a_zero_sign_in_an_address_breaks_nothing(address: str, sari: Browser) -> None:
    assert sari.get(address).status_code in (200, 400, 404)


def test_a_zero_sign_in_a_user_name_is_no_fault(sari: Browser) -> None:
    sari.forget_cookie("alur")
    assert sari.post("/sign-in", {"username": "sa\0ri", "password": "x\0"}).status_code == 401
