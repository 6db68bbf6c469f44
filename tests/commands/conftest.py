"""The command line as somebody types it: arguments in, exit code, stdout and stderr out, on a migrated database."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from config import Settings
from engine.database import Database, open_database
from engine.migration import upgrade
from tests.conftest import FrozenClock
from tests.web.region import ANSWERS, Regency, build

BEGINNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DEMONSTRATED = datetime(2026, 3, 20, 3, 0, tzinfo=UTC)  # the day the demonstration is built
PEPPER = "p" * 40


@dataclass(frozen=True, slots=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Terminal:
    """``run("case", "queue", "--as", "sari")``; a stack trace is a failure of the test."""

    def __init__(self, app: Flask) -> None:
        self._runner = app.test_cli_runner()

    def run(self, *arguments: str | Path, typed: str | None = None) -> Said:
        """The command of these arguments, with ``typed`` on its standard input."""
        outcome = self._runner.invoke(args=[str(one) for one in arguments], input=typed)
        if outcome.exception is not None and not isinstance(outcome.exception, SystemExit):
            raise outcome.exception
        assert "Traceback" not in outcome.output
        return Said(outcome.exit_code, outcome.stdout, outcome.stderr)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file with nothing in it, to be copied: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("migrated") / "alur.sqlite"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def office_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Regency]:
    """A migrated database file with the small region in it, to be copied."""
    path = tmp_path_factory.mktemp("office") / "office.sqlite"
    shutil.copyfile(migrated_file, path)
    database = open_database(f"sqlite:///{path}")
    regency = build(database, BEGINNING)
    database.close()
    return path, regency


@pytest.fixture(scope="session")
def commands_app(office_file: tuple[Path, Regency], tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Only what loads the commands; they open the database of the environment themselves."""
    settings = Settings(
        environment="test",
        secret_key="k" * 40,
        database_url=f"sqlite:///{office_file[0]}",
        files_dir=tmp_path_factory.mktemp("files"),
    )
    return create_app(settings)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A quiet environment; what a test sets more holds for its commands only."""
    monkeypatch.setenv("ALUR_SECRET_KEY", "k" * 40)
    monkeypatch.setenv("ALUR_FILES_DIR", str(tmp_path / "files"))
    monkeypatch.setenv("ALUR_DATABASE_URL", f"sqlite:///{tmp_path / 'missing.sqlite'}")
    monkeypatch.setenv("ALUR_MAIL_PORT", "9")
    for name in ("ALUR_ENV", "ALUR_DEMO"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.fixture
def terminal(commands_app: Flask, environment: pytest.MonkeyPatch) -> Terminal:
    """A terminal without a database."""
    return Terminal(commands_app)


@pytest.fixture
def regency(office_file: tuple[Path, Regency]) -> Regency:
    return office_file[1]


@pytest.fixture
def database(office_file: tuple[Path, Regency], environment: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Database]:
    """The small region's database, where the commands of this test find it."""
    path = tmp_path / "office.sqlite"
    shutil.copyfile(office_file[0], path)
    environment.setenv("ALUR_DATABASE_URL", f"sqlite:///{path}")
    opened = open_database(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture
def office(terminal: Terminal, database: Database) -> Terminal:
    """A terminal with the small region's database."""
    return terminal


@pytest.fixture(scope="session")
def demonstration_app(office_file: tuple[Path, Regency], tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The commands on the day the demonstration is built."""
    url = f"sqlite:///{office_file[0]}"
    settings = Settings("test", secret_key="k" * 40, database_url=url, files_dir=tmp_path_factory.mktemp("files"))
    return create_app(settings, clock=FrozenClock(DEMONSTRATED))


@pytest.fixture(scope="session")
def built_demonstration(demonstration_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``flask demo build`` makes of nothing on that day, to be copied: a folder with ``alur.sqlite``, uploaded
    ``files`` and ``sealed`` ones. It takes many seconds, so once a run."""
    folder = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as patch:
        show_demonstration(patch, folder)
        assert Terminal(demonstration_app).run("demo", "build").code == 0
    return folder


def show_demonstration(environment: pytest.MonkeyPatch, folder: Path) -> str:
    """Commands work in the demonstration in this folder from now on; gives its database."""
    url = f"sqlite:///{folder / 'alur.sqlite'}"
    own = {"DATABASE_URL": url, "FILES_DIR": str(folder / "files"), "SEALED_DIR": str(folder / "sealed"),
           "SECRET_KEY": "k" * 40, "RECEIPT_PEPPER": PEPPER}  # fmt: skip
    for name, value in own.items():
        environment.setenv(f"ALUR_{name}", value)
    for name in ("ALUR_ENV", "ALUR_DEMO"):
        environment.delenv(name, raising=False)
    return url


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """Sari's agreement as a file of answers."""
    path = tmp_path / "answers.json"
    from_page = json.dumps(ANSWERS, ensure_ascii=False)
    path.write_text(from_page, encoding="utf-8")
    return path
