"""The process that opens strangers' files can open, write, send and start nothing, and its end is never an error."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from delivery.cleaning.clean import clean
from delivery.cleaning.outcome import Cleaned, Limits, Refused
from tests.delivery.cleaning.evidence import a_letter, a_pdf, a_photo, cleaned, refused

ROOT = Path(__file__).resolve().parents[3]
WALLS = (
    "import os, resource, socket, sys, tempfile\n"
    "from delivery.cleaning.confinement import close_doors, limit_costs\n"
    "kept = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)\n"
    "limit_costs(1 << 30, 5)\n"
    "close_doors()\n"
)
ATTEMPTS = {
    "open a file": "open('/etc/hostname')",
    "write a new file": "tempfile.TemporaryFile()",
    "write to a file that was open": "os.write(kept, b'x')",
    "make a memory file": "os.memfd_create('a')",
    "make a pipe": "os.pipe()",
    "open a socket": "socket.socket()",
    "open a socket in place of a closed one": "os.close(2); socket.socket()",
    "raise its limits": "resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9)); os.close(2); open('/etc/hostname')",
    "take more memory": "bytes(2 << 30)",
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_confined_process_cannot(attempt: str, tmp_path: Path) -> None:
    said = "try:\n    {}\nexcept (OSError, ValueError, MemoryError):\n    os._exit(42)\nos._exit(0)\n"
    program = WALLS + "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n" + said.format(ATTEMPTS[attempt])
    if attempt == "raise its limits" and os.geteuid() == 0:
        program = program.replace("close_doors()\n", "close_doors()\n" + DROP_RIGHTS, 1)
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path / "a")], cwd=ROOT, check=False)
    assert done.returncode == 42
    assert (tmp_path / "a").read_bytes() == b""


DROP_RIGHTS = "os.setuid(65534)\n"


def test_both_digests_are_those_of_the_bytes() -> None:
    photo = a_photo()
    copy = cleaned(photo, "a.jpg")
    assert copy.original_digest == hashlib.sha256(photo).hexdigest()
    assert copy.cleaned_digest == hashlib.sha256(copy.content).hexdigest()


@pytest.mark.parametrize(("content", "name"), [(a_photo(), "a.jpg"), (a_pdf(), "a.pdf"), (a_letter(), "a.docx")])
def test_no_file_is_made_on_the_way(content: bytes, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    cleaned(content, name)
    assert list(tmp_path.iterdir()) == []


def test_too_little_memory_or_time_is_a_refusal() -> None:
    assert refused(a_pdf(), "a.pdf", Limits(memory=30 * 1024 * 1024)) in ("damaged", "too_much_inside")
    assert refused(a_photo(), "a.jpg", Limits(cpu_seconds=0)) in ("damaged", "too_much_inside")


def test_no_handle_is_left_open_by_many_files() -> None:
    def handles() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    cleaned(a_photo(), "a.jpg")
    before = handles()
    for name in ("a.jpg", "a.png", "a.exe"):
        clean(io.BytesIO(a_photo()), name)
    assert handles() == before


def test_a_file_whose_turn_does_not_come_may_come_again() -> None:
    outcomes: list[Cleaned | Refused] = []

    def send() -> None:
        outcomes.append(clean(io.BytesIO(a_pdf()), "a.pdf", Limits(waiting=0.0)))

    senders = [threading.Thread(target=send) for _ in range(6)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    late = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert len(outcomes) - len(late) >= 1
    assert all(outcome.code == "busy" and outcome.may_come_again for outcome in late)


def test_files_sent_at_the_same_time_are_cleaned_one_after_another() -> None:
    outcomes: list[Cleaned | Refused] = []
    senders = [
        threading.Thread(target=lambda: outcomes.append(clean(io.BytesIO(a_photo()), "a.jpg"))) for _ in range(4)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert [type(outcome) for outcome in outcomes] == [Cleaned] * 4
