"""``make run``: everything a person needs to try Alur, as one tree of processes that one Ctrl-C ends.

Prepares the database and the demonstration, starts web server, worker and mail catcher, and prints where they are.
Not a production supervisor: there each of them is a service of its own (see docs/how-to/production.md).
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from sqlalchemy.exc import DatabaseError

import parts
from config import ROOT, Settings, read_settings
from demo import accounts
from demo.build import build
from demo.changed import publish_changed
from demo.reports import all_reports
from engine.database import open_database
from engine.errors import AlurError, EnvironmentFault
from engine.migration import schema_state, upgrade
from engine.organisation.accounts import has_demo_accounts

RESTART_PAUSE = 1.0  # seconds, so that a process that cannot start does not spin
REPORTS = 50  # the reporters' port, after the staff's
MOST_RESTARTS = 3  # of one part before it has ever answered for a while


@dataclass(frozen=True, slots=True)
class Part:
    """One process to keep alive: what people call it, its command line, and where what it says is kept."""

    name: str
    command: tuple[str, ...]
    log: Path


def main() -> int:
    """Prepare, start, watch. Returns the exit code: 0 after Ctrl-C, 4 when the machine is not as it must be."""
    try:
        settings, port = _settings()
        parts = _parts(settings, port)
        _prepare(settings)
    except AlurError as fault:
        print(f"alur: {fault}", file=sys.stderr)
        return 4
    except DatabaseError as fault:
        print(f"alur: the database cannot be used: {str(fault.orig).splitlines()[0]}", file=sys.stderr)
        return 4
    except KeyboardInterrupt:
        print("\nStopped before anything was started.", file=sys.stderr)
        return 0
    return _watch(parts, settings, port)


def _settings() -> tuple[Settings, int]:
    raw = os.environ.get("PORT", "8000")
    if not raw.isdigit() or not 1 <= int(raw) <= 65000:
        raise EnvironmentFault(f"PORT must be a number between 1 and 65000, not {raw!r}.")
    port = int(raw)
    os.environ.setdefault("ALUR_BASE_URL", f"http://127.0.0.1:{port}")
    os.environ.setdefault("ALUR_REPORT_URL", f"http://127.0.0.1:{port + REPORTS}")
    os.environ.setdefault("ALUR_DEMO", "true")
    if "ALUR_MAIL_SERVER" not in os.environ and "ALUR_MAIL_PORT" not in os.environ:
        os.environ["ALUR_MAIL_PORT"] = str(port + 25)
    settings = read_settings()
    if settings.is_production:
        raise EnvironmentFault("make run is for trying Alur out; a production installation starts its services itself.")
    return settings, port


def _parts(settings: Settings, port: int) -> list[Part]:
    python = sys.executable
    granian = str(Path(python).with_name("granian"))
    server: tuple[str, ...] = (granian, "--interface", "wsgi", "--factory", "--host", "127.0.0.1")
    server += (
        "--blocking-threads",
        "8",
        "--backpressure",
        "64",
        "--respawn-failed-workers",
        "--no-access-log",
        "--log-level",
        "warning",
    )
    web = (*server, "--port", str(port), "--workers", "2", "app:create_app")
    # A process of its own: nothing of the staff's pages is even loaded where reporters come.
    reports = (*server, "--port", str(port + REPORTS), "--workers", "1", "reporting:create_reporting_app")
    beside = settings.files_dir.parent  # mails and logs stand next to the uploaded files
    logs = beside / "log"
    parts = [
        Part("web", web, logs / "web.log"),
        Part("reporting pages", reports, logs / "reports.log"),
        Part("worker", (python, "-m", "worker"), logs / "worker.log"),
    ]
    _refuse_used_port(port, port)
    _refuse_used_port(port + REPORTS, port, "the reporting pages")
    if _has_catcher(settings, port):
        for used in (port + 25, port + 26):
            _refuse_used_port(used, port, "the mail catcher")
        catcher = (python, "-m", "delivery.catcher", "--smtp-port", str(port + 25), "--http-port", str(port + 26))
        parts.append(Part("mail catcher", (*catcher, "--dir", str(beside / "mail")), logs / "mail-catcher.log"))
    return parts


def _has_catcher(settings: Settings, port: int) -> bool:
    return settings.mail_server == "127.0.0.1" and settings.mail_port == port + 25


def _refuse_used_port(used: int, port: int, part: str = "") -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", used))
        except OSError:
            what = f", needed for {part}," if part else ""
            another = port + 100 if port < 64000 else 8000
            raise EnvironmentFault(
                f"port {used}{what} is in use. Choose another one: PORT={another} make run"
            ) from None


def _prepare(settings: Settings) -> None:
    if schema_state(settings.database_url) == "unknown":
        raise EnvironmentFault(
            "the database was written by a newer Alur, or by something else. "
            "Use the matching version, or another database through ALUR_DATABASE_URL."
        )
    print("Preparing the database …", file=sys.stderr)
    parts.load()
    upgrade(settings.database_url)
    if settings.demo:

        def told(text: str) -> None:
            print(f"  {text}", file=sys.stderr)

        if not build(settings, told):
            publish_changed(settings, told)


def _watch(parts: list[Part], settings: Settings, port: int) -> int:
    stop: list[int] = []

    def _asked_to_stop(number: int, _frame: FrameType | None) -> None:
        stop.append(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _asked_to_stop)
    keeper = Keeper()
    running = {part: keeper.watch(_start(part)) for part in parts}
    restarts = dict.fromkeys(parts, 0)
    announced = False
    while not stop:
        if not announced and _answers(port):
            announced = True
            _announce(settings, port)
        for part, process in running.items():
            if process.poll() is None or stop:
                continue
            restarts[part] += 1
            keeper.forget(process)
            if restarts[part] > MOST_RESTARTS:
                print(f"alur: {part.name} does not stay up; see {part.log}", file=sys.stderr)
                _end(list(running.values()), keeper)
                return 4
            print(f"alur: {part.name} ended ({process.returncode}), starting it again", file=sys.stderr)
            time.sleep(RESTART_PAUSE)
            running[part] = keeper.watch(_start(part))
        time.sleep(0.2)
    return _end(list(running.values()), keeper)


def _start(part: Part) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches only this process, which then ends the others in order.
    part.log.parent.mkdir(parents=True, exist_ok=True)
    with part.log.open("ab") as log:
        return subprocess.Popen(part.command, cwd=ROOT, start_new_session=True, stdout=log, stderr=log)


class Keeper:
    """A process that outlives this one, to end the parts should this one be killed without a word."""

    def __init__(self) -> None:
        command = (sys.executable, "-m", "keeper")
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, text=True, start_new_session=True)

    def watch(self, process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
        """The process, which leads a group of its own, is in its care from now on."""
        self._tell(f"+{process.pid}")
        return process

    def forget(self, process: subprocess.Popen[bytes]) -> None:
        """The process has ended; its number may be another's soon."""
        self._tell(f"-{process.pid}")

    def close(self) -> None:
        """Nothing is left to care for."""
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):  # it was killed itself: everything else goes on
            print(line, file=self._process.stdin, flush=True)


def _end(processes: list[subprocess.Popen[bytes]], keeper: Keeper) -> int:
    print("\nStopping …", file=sys.stderr)
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        with suppress(ProcessLookupError):  # what did not listen, and what it may have started itself
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        keeper.forget(process)
    keeper.close()
    return 0


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _announce(settings: Settings, port: int) -> None:
    print(f"\n  Alur     http://127.0.0.1:{port}")
    print(f"  Reports  http://127.0.0.1:{port + REPORTS}")
    if _has_catcher(settings, port):
        print(f"  Mail     http://127.0.0.1:{port + 26}")
    if settings.demo and _has_demonstration(settings):
        print("\n  Sign in with one of these; the password is the same for all: " + accounts.PASSWORD + "\n")
        for account in accounts.PRINTED:
            print(f"    {account.username:<22} {account.role}")
        print()
        for line in accounts.PRINTED_REGIONS:
            print(f"    {line}")
        print(f"\n  {accounts.PRINTED_RECEIPTS}\n")
        for report in all_reports():
            print(f"    {report.region:<18} {report.shown}")
    print("\n  Ctrl-C stops everything.", flush=True)


def _has_demonstration(settings: Settings) -> bool:
    """A database somebody began with a region of their own gets none of its accounts."""
    database = open_database(settings.database_url)
    try:
        with database.reading() as session:
            return has_demo_accounts(session)
    finally:
        database.close()


if __name__ == "__main__":
    sys.exit(main())
