"""``make run``'s one tree of processes: everything answers, a second start keeps the data, one Ctrl-C ends all.

What makes it end before anything is started is asked of ``main`` here, but once of the process.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

import serve
from config import ROOT
from demo.accounts import PASSWORD
from engine.database import open_database
from engine.migration import upgrade
from tests.factories import a_region

PATIENCE = 90.0  # seconds; far more than a quiet machine needs


class Running:
    """A started ``python -m serve`` and what it says."""

    def __init__(self, environ: dict[str, str], port: int) -> None:
        self.port = port
        self.told = ""  # on stdout, until it was ready
        command = [sys.executable, "-m", "serve"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )

    def is_ready(self) -> bool:
        """Waits until it says that Ctrl-C stops everything; False when it ended before."""
        assert self.process.stdout is not None
        said, until = b"", time.monotonic() + PATIENCE
        while b"Ctrl-C" not in said:
            readable, _, _ = select.select([self.process.stdout], [], [], max(0.0, until - time.monotonic()))
            chunk = os.read(self.process.stdout.fileno(), 65536) if readable else b""
            if not chunk:
                return False
            said += chunk
        self.told = said.decode()
        return True

    def get(self, address: str, port: int | None = None) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{port or self.port}{address}", timeout=10) as answer:
            return int(answer.status)

    def tree(self) -> set[int]:
        """The processes below it that are alive."""
        return set(_below(self.process.pid))

    def stop(self) -> tuple[int, str]:
        """One Ctrl-C. The exit code, and what it said on stderr."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        _, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, errors.decode()


Start = Callable[..., Running]


def _below(pid: int) -> Iterator[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except FileNotFoundError:
        return
    for child in map(int, children):
        yield child
        yield from _below(child)


def _is_alive(pid: int) -> bool:
    """Not so when only its entry waits to be read by a parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2][0] not in "ZX"
    except FileNotFoundError:
        return False


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@pytest.fixture
def port() -> int:
    """A port that is free, as are those of the mail catcher and the reporting pages; below those the system gives to
    whoever connects."""
    candidates = range(10_000 + os.getpid() % 5_000, 32_000, 37)
    return next(each for each in candidates if all(_is_free(each + more) for more in (0, 25, 26, 50)))


@pytest.fixture
def own_environ(tmp_path: Path, port: int) -> dict[str, str]:
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("ALUR_")}
    own = {"PORT": str(port), "ALUR_DATABASE_URL": f"sqlite:///{tmp_path / 'alur.sqlite'}",
           "ALUR_SECRET_KEY": "k" * 40, "ALUR_FILES_DIR": str(tmp_path / "files"),
           "ALUR_SEALED_DIR": str(tmp_path / "sealed")}  # fmt: skip
    return quiet | own


@pytest.fixture
def refuses(
    own_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """``refuses(PORT="0")`` is the exit code of what must end before it starts anything, and what it said on stderr."""

    def started(*_parts: object) -> int:
        raise AssertionError("it was about to start everything")

    def ended(**environ: str) -> tuple[int, str]:
        monkeypatch.setattr(os, "environ", own_environ | environ)
        monkeypatch.setattr(serve, "_watch", started)
        return serve.main(), capsys.readouterr().err

    return ended


@pytest.fixture
def start(own_environ: dict[str, str], port: int) -> Iterator[Start]:
    started: list[Running] = []

    def begin(**environ: str) -> Running:
        started.append(Running(own_environ | environ, port))
        return started[-1]

    yield begin
    for one in started:
        one.stop()


def _cases(tmp_path: Path) -> int:
    database = open_database(f"sqlite:///{tmp_path / 'alur.sqlite'}")
    try:
        with database.reading() as session:
            return int(session.scalar(text("SELECT count(*) FROM cases")) or 0)
    finally:
        database.close()


def test_everything_answers_one_ctrl_c_ends_all_and_the_next_start_keeps_the_data_and_ends_when_killed(
    start: Start, tmp_path: Path, port: int
) -> None:
    first = start()
    assert first.is_ready(), first.stop()
    assert first.get("/health") == first.get("/sign-in") == first.get("/", port + 26) == 200
    assert first.get("/health", port + 50) == 200
    tree = first.tree()
    assert len(tree) >= 4  # the web server and its workers, the worker, the mail catcher
    cases = _cases(tmp_path)
    assert cases > 0
    assert PASSWORD in first.told and "\n    sari " in first.told
    code, said = first.stop()
    assert code == 0
    assert "agreements on their way" in said
    assert [pid for pid in tree if _is_alive(pid)] == []

    second = start()
    assert second.is_ready(), second.stop()
    assert _cases(tmp_path) == cases
    tree = second.tree()
    second.process.kill()
    _, said = second.stop()
    assert "agreements on their way" not in said
    _are_gone_and_gave_back(tree, (port, port + 25, port + 26, port + 50))


def test_who_has_a_region_of_their_own_is_told_no_account_they_do_not_have(start: Start, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'alur.sqlite'}"
    upgrade(url)
    database = open_database(url)
    with database.writing.begin() as session:
        a_region(session, "kab_teladan")
    database.close()
    own = start()
    assert own.is_ready(), own.stop()
    assert f"http://127.0.0.1:{own.port}" in own.told
    assert PASSWORD not in own.told and "sari" not in own.told


def _are_gone_and_gave_back(tree: set[int], ports: tuple[int, ...]) -> None:
    until = time.monotonic() + PATIENCE
    while any(map(_is_alive, tree)) and time.monotonic() < until:
        time.sleep(0.05)
    assert [pid for pid in tree if _is_alive(pid)] == []
    while not all(map(_is_free, ports)) and time.monotonic() < until:  # given back a moment after their process
        time.sleep(0.05)
    assert [each for each in ports if not _is_free(each)] == []


def test_a_port_that_is_taken_is_one_sentence_and_nothing_is_made(start: Start, tmp_path: Path, port: int) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port + 25))
        taken.listen()
        running = start()
        _, errors = running.process.communicate(timeout=PATIENCE)
    code, said = running.process.returncode, errors.decode()
    assert code == 4
    assert said.startswith(f"alur: port {port + 25}, needed for the mail catcher, is in use.")
    assert len(said.strip().splitlines()) == 1
    assert not (tmp_path / "alur.sqlite").exists()


@pytest.mark.parametrize("raw", ["0", "http", "99999"])
def test_a_port_that_cannot_be_is_one_sentence(refuses: Callable[..., tuple[int, str]], raw: str) -> None:
    code, said = refuses(PORT=raw)
    assert code == 4
    assert said.startswith("alur: PORT must be a number")


def test_a_database_of_a_newer_program_is_left_alone(refuses: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'alur.sqlite'}"
    upgrade(url)
    database = open_database(url)
    with database.writing.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'of_the_future'"))
    database.close()
    code, said = refuses()
    assert code == 4
    assert said.startswith("alur: the database was written by a newer Alur")


def test_a_file_that_is_no_database_is_one_sentence(refuses: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    (tmp_path / "alur.sqlite").write_text("Yth. Bapak Bupati\n" * 200, encoding="utf-8")
    code, said = refuses()
    assert code == 4
    assert said.startswith("alur: ")
    assert len(said.strip().splitlines()) == 1


def test_production_is_refused(refuses: Callable[..., tuple[int, str]]) -> None:
    code, said = refuses(ALUR_ENV="production", ALUR_DEMO="false")
    assert code == 4
    assert "production" in said


def test_in_production_server_and_worker_refuse_a_database_that_is_not_migrated(tmp_path: Path, port: int) -> None:
    """Asked of the real server: it has a command line of its own, which must not be taken for one of ours."""
    python = Path(sys.executable)
    granian = (
        str(python.with_name("granian")),
        "--interface",
        "wsgi",
        "--factory",
        "--port",
        str(port),
        "app:create_app",
    )
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("ALUR_", "FLASK_"))}
    environ |= {"ALUR_ENV": "production", "ALUR_SECRET_KEY": "k" * 40, "ALUR_FILES_DIR": str(tmp_path / "files"),
                "ALUR_DATABASE_URL": f"sqlite:///{tmp_path / 'alur.sqlite'}"}  # fmt: skip
    for command in (granian, (str(python), "-m", "worker")):
        ended = subprocess.run(
            command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        said = ended.stdout + ended.stderr
        assert "alur: The database is not at the newest migration. Run: flask db upgrade" in said
        assert "Traceback" not in said


@pytest.mark.parametrize(("script", "sentence"), [(None, "is not installed"), ("exit 1", "Python 3.11 or newer")])
def test_a_missing_or_old_python_is_one_sentence(tmp_path: Path, script: str | None, sentence: str) -> None:
    python = tmp_path / "python3"
    if script is not None:
        python.write_text(f'#!/bin/sh\ncase "$2" in *platform*) echo 3.9.2;; *) {script};; esac\n', encoding="utf-8")
        python.chmod(0o755)
    command = ("sh", "scripts/make_venv.sh", str(python), str(tmp_path / "venv"))
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 4
    assert ended.stderr.startswith("alur: ")
    assert sentence in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "venv").exists()
