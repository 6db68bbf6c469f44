"""How a server starts: production refuses what would make it unsafe, and https makes its cookies strict."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app import create_app
from config import Settings
from engine.database import Database, open_database
from engine.errors import EnvironmentFault
from engine.migration import upgrade
from engine.organisation.models import Account
from tests.web.conftest import BEGINNING, Browser
from tests.web.region import PASSWORD, Regency, build


def _production(tmp_path: Path, **more: object) -> Settings:
    return Settings(environment="production", secret_key="k" * 40, files_dir=tmp_path / "files",
                    base_url="https://alur.example", **more)  # type: ignore[arg-type]  # fmt: skip


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'production.sqlite'}"
    upgrade(url)
    database = open_database(url)
    yield database
    database.close()


def test_production_refuses_a_database_that_is_not_migrated(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    with pytest.raises(EnvironmentFault, match="newest migration"):
        create_app(_production(tmp_path), database=database)
    database.close()


def test_production_refuses_accounts_with_published_passwords(
    tmp_path: Path, migrated: Database, regency_in: Regency
) -> None:
    with migrated.writing.begin() as session:
        session.get_one(Account, regency_in.people["sari"]).is_demo = True
    with pytest.raises(EnvironmentFault, match="published passwords"):
        create_app(_production(tmp_path), database=migrated)


def test_with_https_cookies_belong_to_this_host_and_travel_secured(
    tmp_path: Path, migrated: Database, regency_in: Regency
) -> None:
    client = create_app(_production(tmp_path), database=migrated).test_client()
    browser = Browser(client)
    assert client.get("/sign-in", base_url="http://alur.example").location == "https://alur.example/sign-in"
    secure = {"base_url": "https://alur.example"}
    page = browser.get("/sign-in", **secure)
    assert "max-age=" in page.headers["Strict-Transport-Security"]
    referrer = {"Referer": "https://alur.example/sign-in"}
    answer = browser.post("/sign-in", {"username": "sari", "password": PASSWORD}, headers=referrer, **secure)
    cookies = answer.headers.getlist("Set-Cookie")
    own = next(cookie for cookie in cookies if cookie.startswith("__Host-alur="))
    assert all(word in own for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert all("Secure" in cookie for cookie in cookies)
    assert regency_in.people["sari"]


@pytest.fixture
def regency_in(migrated: Database) -> Regency:
    """The region of the page tests in the migrated database."""
    return build(migrated, BEGINNING)
