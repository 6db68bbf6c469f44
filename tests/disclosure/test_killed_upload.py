"""The reporters' server as it is shipped, killed while a file comes in: nothing readable is left on the machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest

from config import Settings
from engine.database import Database
from tests.conftest import FrozenClock
from tests.disclosure.scene import ADDRESS, AGENT, BEGINNING, PEPPER, PREFIX, SECRET_KEY, TRACES, Scene
from tests.disclosure.seized import everything, hits_among
from tests.reporting.conftest import _TOKEN, HERE, open_channel
from tests.sealed_office import a_sealed_office

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds; far more than a quiet machine needs
BOUNDARY = "----batas"
WHOLE, HALF = 9_000_000, 5_000_000  # bytes; half is far more than waits between two processes


@pytest.fixture
def machine(database: Database, engine_url: str, tmp_path: Path) -> Scene:
    """A region with a channel, and folders of its own for all that is kept or written on the way."""
    folder = tmp_path / "machine"
    (folder / "tmp").mkdir(parents=True)
    with database.writing.begin() as session:
        office = a_sealed_office(session, BEGINNING, HERE)
        open_channel(office)
    settings = Settings(
        environment="test", secret_key=SECRET_KEY, receipt_pepper=PEPPER, files_dir=folder / "files",
        sealed_dir=folder / "sealed", cache_dir=folder / "cache", database_url=engine_url,
    )  # fmt: skip
    return Scene(database, folder, settings, FrozenClock(BEGINNING), office)


@contextmanager
def serving(scene: Scene) -> Iterator[tuple[int, Callable[[], None]]]:
    """The server at work, saying all it can into the log: its port, and what kills it with every process of it."""
    settings, port = scene.settings, _free_port()
    environ = {
        **os.environ, "ALUR_DATABASE_URL": settings.database_url, "ALUR_SECRET_KEY": SECRET_KEY,
        "ALUR_RECEIPT_PEPPER": PEPPER, "ALUR_FILES_DIR": str(settings.files_dir), "TMPDIR": str(scene.folder / "tmp"),
        "ALUR_SEALED_DIR": str(settings.sealed_dir), "ALUR_CACHE_DIR": str(settings.cache_dir),
    }  # fmt: skip
    command = [
        str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--factory", "--host", "127.0.0.1",
        "--port", str(port), "--workers", "1", "--blocking-threads", "8", "--log-level", "debug",
        "reporting:create_reporting_app",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )

    def kill() -> None:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    assert process.stdout is not None
    try:
        with process.stdout as said, scene.log.open("ab") as log:
            _until_it_listens(process, port)
            yield port, kill
            kill()
            log.write(said.read())
    finally:
        kill()


def _until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(int(PATIENCE / 0.1)):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        with pytest.raises(subprocess.TimeoutExpired):  # it never ends by itself
            process.wait(0.1)
    raise AssertionError("the server does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Visitor:
    """A reporter's browser on a connection of its own, with what must leave no trace in every request."""

    def __init__(self, port: int) -> None:
        self._line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.cookie, self.token = "", ""

    def ask(self, method: str, page: str, form: dict[str, str] | None = None) -> HTTPResponse:
        body = None if form is None else urlencode({"csrf_token": self.token, **form})
        self._line.request(method, f"/{HERE}/{page}", body, self.headers("application/x-www-form-urlencoded"))
        answer = self._line.getresponse()
        text = answer.read().decode()
        self.token = (_TOKEN.findall(text) or [self.token])[-1]
        self.cookie = (answer.headers.get("Set-Cookie") or self.cookie).partition(";")[0]
        return answer

    def headers(self, kind: str) -> dict[str, str]:
        return {**TRACES, "Cookie": self.cookie, "Content-Type": kind}

    def send_half_a_file(self) -> None:
        """Returns when the server has taken the half."""
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{self.token}\r\n--{BOUNDARY}\r\n'
        )
        head += f'Content-Disposition: form-data; name="file"; filename="{PREFIX}nama-berkas.txt"\r\n\r\n'
        self._line.putrequest("POST", f"/{HERE}/ask/evidence/file")
        for name, value in self.headers(f"multipart/form-data; boundary={BOUNDARY}").items():
            self._line.putheader(name, value)
        self._line.putheader("Content-Length", str(WHOLE))
        self._line.endheaders()
        self._line.send(head.encode())
        self._line.send((f"{PREFIX}isi-berkas " * (HALF // 26)).encode())

    @property
    def secret(self) -> str:
        return self.cookie.partition("=")[2]

    def close(self) -> None:
        self._line.close()


def test_t21_t22_after_a_kill_in_the_middle_of_an_upload_nothing_lies_anywhere_in_the_open(machine: Scene) -> None:
    with serving(machine) as (port, kill):
        visitor = Visitor(port)
        assert visitor.ask("GET", "way").status == 200
        assert visitor.ask("POST", "way", {"way": "anonymous"}).status == 303
        visitor.ask("GET", "ask/what")
        assert visitor.ask("POST", "ask/what", {"summary": f"{PREFIX}cerita retribusi dibawa pulang"}).status == 303
        visitor.ask("GET", "ask/evidence")
        visitor.send_half_a_file()
        kill()
        visitor.close()
    left = list(everything(machine))
    assert hits_among(left, {"written": PREFIX, "cookie": visitor.secret, "browser": AGENT, "address": ADDRESS}) == {}
    tables = dict(left)
    assert tables["table reporter_drafts"].count(b"[") == 1, "the draft is kept"
    assert list((machine.folder / "tmp").rglob("*")) == []
