"""The regency in which the year is played, built once and copied for each of the two kinds of browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from config import Settings
from engine.database import open_database
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles
from tests.journeys.year.hands import Hands
from tests.journeys.year.regency import BEGINNING, Played, build
from worker import Worker

Begin = Callable[[Callable[[Flask], Hands]], Played]


@pytest.fixture(scope="session")
def regency_of_the_year(sqlite_files: SqliteFiles) -> Path:
    """The file of the regency as it is on the second of January, with nothing but its own tree."""
    url = sqlite_files.new()
    build(url)
    return Path(url.removeprefix("sqlite:///"))


@pytest.fixture
def begin(regency_of_the_year: Path, tmp_path: Path) -> Iterator[Begin]:
    """``begin(hands_for)`` is the year before its first act, played by the hands made for the application."""
    url = f"sqlite:///{shutil.copyfile(regency_of_the_year, tmp_path / 'year.sqlite')}"
    database, clock = open_database(url), FrozenClock(BEGINNING)
    settings = Settings(
        environment="test", secret_key="k" * 40, files_dir=tmp_path / "files", demo=True, database_url=url
    )  # fmt: skip
    app = create_app(settings, database=database, clock=clock)
    yield lambda hands_for: Played(
        database, app, clock, Worker(settings, database=database, clock=clock), hands_for(app)
    )
    database.close()
