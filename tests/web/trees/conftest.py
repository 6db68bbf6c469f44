"""The region of the page tests with trees of goals in force."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.database import Database, open_database
from tests.web.browser import Browser
from tests.web.conftest import BEGINNING
from tests.web.region import Regency
from tests.web.trees.grove import grow


@pytest.fixture(scope="session")
def grove_file(regency_file: tuple[Path, Regency], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the region and its trees, to be copied."""
    place = tmp_path_factory.mktemp("grove") / "grove.sqlite"
    shutil.copyfile(regency_file[0], place)
    database = open_database(f"sqlite:///{place}")
    grow(database, regency_file[1].id, BEGINNING)
    database.close()
    return place


@pytest.fixture
def pages_database(grove_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own with the region and its trees in it."""
    place = tmp_path / "pages.sqlite"
    shutil.copyfile(grove_file, place)
    database = open_database(f"sqlite:///{place}")
    yield database
    database.close()


@pytest.fixture
def eko(browser_of: Callable[..., Browser]) -> Browser:
    """The secretary of Diskominfo, who drafts its revisions."""
    return browser_of("eko")


@pytest.fixture
def draft(eko: Browser) -> str:
    """The address of a draft that Eko has just begun."""
    answer = eko.post("/performance/trees/diskominfo/revise")
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].partition("#")[0]
