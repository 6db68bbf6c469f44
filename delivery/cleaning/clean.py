"""The one way into cleaning: bytes of a stranger in, a copy without traces or a refusal out."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from delivery.cleaning.kinds import HEAD, Kind, kind_of
from delivery.cleaning.names import shown_name, stored_name
from delivery.cleaning.outcome import NOTES, REFUSALS, Cleaned, Limits, Refused
from delivery.cleaning.unfit import Unfit

ROOT = Path(__file__).resolve().parents[2]
MOST_AT_ONCE = 2  # confined processes of this process; each may take Limits.memory
_STEP = 64 * 1024
_LONGEST_HEADER = 4096
_turns = threading.BoundedSemaphore(MOST_AT_ONCE)


def clean(content: BinaryIO, declared_name: str, limits: Limits | None = None) -> Cleaned | Refused:
    """A copy of what ``content`` gives without traces of who made it, or why it cannot be taken.

    ``content`` is read once, from where it stands, and at most one step beyond ``limits.content``; it is not closed.
    ``declared_name`` is what the sender calls the file. Nothing is written to a disk: the file waits in memory, a
    confined process (``child``) opens it, and its answer comes through a pipe. Raises nothing for what
    is in a file, only what ``content.read`` raises. Needs Linux, for files in memory."""
    limits = limits or Limits()
    held = os.memfd_create("file", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        head, digest = _take_in(content, held, limits.content)
        kind = kind_of(declared_name, head)
        if not _turns.acquire(timeout=limits.waiting):
            raise Unfit("busy")
        try:
            copy, notes = _confined(held, kind, limits)
        finally:
            _turns.release()
    except Unfit as unfit:
        return Refused(unfit.code, REFUSALS[unfit.code], unfit.code == "busy")
    finally:
        os.close(held)
    return Cleaned(
        content=copy,
        kind=kind.media_type,
        extension=kind.extension,
        original_digest=digest,
        cleaned_digest=hashlib.sha256(copy).hexdigest(),
        shown_name=shown_name(declared_name, kind.extension),
        stored_name=stored_name(),
        notes=tuple(NOTES[note] for note in notes),
    )


def _take_in(content: BinaryIO, held: int, most: int) -> tuple[bytes, str]:
    """Moves the stream into the memory file, which nobody can change afterwards; its beginning and its digest."""
    digest, size, head = hashlib.sha256(), 0, b""
    while step := content.read(_STEP):
        size += len(step)
        if size > most:
            raise Unfit("too_large")
        digest.update(step)
        if len(head) < HEAD:
            head += step[: HEAD - len(head)]
        view = memoryview(step)
        while view:
            view = view[os.write(held, view) :]
    if not size:
        raise Unfit("empty")
    os.lseek(held, 0, os.SEEK_SET)
    seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
    fcntl.fcntl(held, fcntl.F_ADD_SEALS, seals)
    return head, digest.hexdigest()


def _confined(held: int, kind: Kind, limits: Limits) -> tuple[bytes, list[str]]:
    """What the confined process makes of the file. Raises Unfit also when it crashed, or ran out of what it may use."""
    process = _started(held, json.dumps({**asdict(limits), "extension": kind.extension}))
    clock = threading.Timer(limits.seconds, process.kill)
    clock.daemon = True
    clock.start()
    assert process.stdout is not None
    try:
        with process.stdout as pipe:
            line = pipe.readline(_LONGEST_HEADER)
            # One byte more than allowed is enough to know that it is more than allowed.
            copy = pipe.read(limits.cleaned + 1)
    finally:
        clock.cancel()
        process.kill()  # harmless when it is over; one that wrote too much must not stay
        status = process.wait()
    return _read_answer(line, copy, status, limits)


def _started(held: int, options: str) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            [sys.executable, "-E", "-s", "-B", "-X", "utf8", "-m", "delivery.cleaning.child", options],
            stdin=held,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={},
            start_new_session=True,
        )
    except OSError:  # no memory or no process to be had now
        raise Unfit("busy") from None


def _read_answer(line: bytes, copy: bytes, status: int, limits: Limits) -> tuple[bytes, list[str]]:
    """Trusts nothing: the process may have been taken over by what it opened."""
    if len(copy) > limits.cleaned:
        raise Unfit("too_much_inside")
    try:
        header = json.loads(line)
        refused, size, notes = header.get("refused"), header.get("size"), header.get("notes", [])
    except (ValueError, AttributeError):
        # Killed from outside by time or processor time: SIGKILL and SIGXCPU. Else the file broke it.
        raise Unfit("too_much_inside" if status in (-9, -24) else "damaged") from None
    if refused is not None:
        raise Unfit(refused if isinstance(refused, str) and refused in REFUSALS else "damaged")
    known = isinstance(notes, list) and all(isinstance(note, str) and note in NOTES for note in notes)
    if size != len(copy) or not copy or not known:
        raise Unfit("damaged")
    return copy, notes
