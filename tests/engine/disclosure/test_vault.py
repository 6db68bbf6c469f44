"""Sealed files on the disk: what can be seen of them, what is left of a killed upload, and that nothing half leaves."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from delivery.cleaning.clean import clean
from delivery.cleaning.outcome import Cleaned
from engine.disclosure import receiving
from engine.disclosure.primitives import CannotOpen, new_key
from engine.disclosure.receiving import Received, Unfit
from engine.disclosure.streams import ENCRYPTED_CHUNK, checked_pieces
from engine.disclosure.vault import ONE_DATE, Vault, new_file_id, place_of
from engine.errors import NotFound

ROOT = Path(__file__).resolve().parents[3]
MARKER = b"kas-pasar-dibawa-pulang"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "sealed")


def put(vault: Vault, content: bytes) -> tuple[str, bytes]:
    file_id, key = new_file_id(), new_key()
    with vault.arriving(file_id, key, place_of("r", file_id)) as arriving:
        arriving.write(content)
        arriving.keep()
    return file_id, key


def read(vault: Vault, file_id: str, key: bytes) -> bytes:
    with vault.open(file_id) as source:
        return b"".join(checked_pieces(source, key, place_of("r", file_id)))


def test_t09_files_have_one_date_and_names_that_say_nothing(vault: Vault) -> None:
    files = dict(put(vault, bytes([number]) * 100) for number in range(3))
    paths = [path for path in vault.folder.rglob("*") if path.is_file()]
    assert {path.name for path in paths} == set(files) and all(path.suffix == "" for path in paths)
    assert {int(path.stat().st_mtime) for path in paths} == {ONE_DATE}
    assert {int(path.stat().st_mtime) for path in vault.folder.iterdir()} == {ONE_DATE}
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in vault.folder.iterdir()} == {0o700}
    assert len({path.stat().st_size for path in paths}) == 1
    for file_id, key in files.items():
        assert len(read(vault, file_id, key)) == 100
    assert {int(path.stat().st_atime) for path in paths} == {ONE_DATE}


def test_t24_a_stored_file_that_was_changed_cut_or_mixed_gives_an_error_and_no_byte(vault: Vault) -> None:
    file_id, key = put(vault, MARKER + bytes(3 * 64 * 1024))
    path = vault.path(file_id)
    whole = path.read_bytes()
    head = len(whole) % ENCRYPTED_CHUNK
    chunks = [whole[at : at + ENCRYPTED_CHUNK] for at in range(head, len(whole), ENCRYPTED_CHUNK)]
    assert len(chunks) >= 4
    changed = [
        whole[: head + 99] + bytes([whole[head + 99] ^ 1]) + whole[head + 100 :],
        whole[:-1],
        whole[:-ENCRYPTED_CHUNK],
        whole[:head] + b"".join([chunks[1], chunks[0], *chunks[2:]]),
        whole + b"x",
        b"",
    ]
    for bad in changed:
        path.write_bytes(bad)
        with vault.open(file_id) as source, pytest.raises(CannotOpen):
            checked_pieces(source, key, place_of("r", file_id))
    path.write_bytes(whole)
    assert read(vault, file_id, key).startswith(MARKER)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 31, "A" * 32, "/etc/passwd", "0" * 32 + "/"])
def test_only_ids_are_looked_for(vault: Vault, name: str) -> None:
    with pytest.raises(NotFound):
        vault.open(name)


def test_a_file_nobody_keeps_leaves_nothing(vault: Vault) -> None:
    file_id = new_file_id()
    with pytest.raises(RuntimeError), vault.arriving(file_id, new_key(), place_of("r", file_id)) as arriving:
        arriving.write(b"x")
        raise RuntimeError
    with vault.arriving(file_id, new_key(), place_of("r", file_id)) as arriving:
        arriving.write(b"x")
    assert [path for path in vault.folder.rglob("*") if path.is_file()] == []


def test_files_left_behind_are_told_by_when_they_came_whatever_their_date_says(vault: Vault) -> None:
    file_id, _ = put(vault, b"x")
    (vault.folder / file_id[:2] / f".arriving-{new_file_id()}").write_bytes(b"half")
    assert vault.left_behind(timedelta(hours=1)) == ()
    assert vault.left_behind(timedelta(seconds=-1)) == (file_id,)
    assert [path.name for path in vault.folder.rglob("*") if path.is_file()] == [file_id]
    vault.remove(file_id)
    vault.remove(file_id)
    assert vault.left_behind(timedelta(seconds=-1)) == ()


# -- taking files in ------------------------------------------------------------------------------------------------


def taken(vault: Vault, content: Any, name: str = "catatan.txt", **rules: Any) -> Received | Unfit:
    given = {"region": "r", "vault": vault, "clean": clean, "largest": 10_000_000, "extensions": ("txt", "jpg")}
    return receiving.receive(content, name, **{**given, **rules})


def lying(vault: Vault) -> list[Path]:
    return [path for path in vault.folder.rglob("*") if path.is_file()]


def test_a_file_is_cleaned_and_sealed(vault: Vault) -> None:
    received = taken(vault, BytesIO(MARKER * 9))
    assert isinstance(received, Received) and received.original is None
    content = read(vault, received.copy.id, received.copy.key)
    assert MARKER in content and received.about["original_sha256"] == hashlib.sha256(MARKER * 9).hexdigest()
    assert received.about["sha256"] == hashlib.sha256(content).hexdigest() and received.about["name"] == "catatan.txt"
    assert all(MARKER not in path.read_bytes() for path in lying(vault))
    receiving.give_up(received, vault)
    assert lying(vault) == []


def test_t54_copy_and_original_have_keys_of_their_own(vault: Vault) -> None:
    received = taken(vault, BytesIO(MARKER), keeps_original=True)
    assert isinstance(received, Received) and received.original is not None
    assert received.original.key != received.copy.key
    assert read(vault, received.original.id, received.original.key) == MARKER
    with pytest.raises(CannotOpen):
        read(vault, received.original.id, received.copy.key)


class Endless:
    """A stream that never ends, and says how far it was read."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int) -> bytes:
        self.given += size
        return b"x" * size


@pytest.mark.parametrize("keeps_original", [False, True])
def test_t55_a_byte_too_many_is_413_and_no_more_is_read_than_one_step(vault: Vault, keeps_original: bool) -> None:
    endless = Endless()
    refused = taken(vault, endless, largest=100_000, keeps_original=keeps_original)
    assert isinstance(refused, Unfit) and refused.status == 413
    assert endless.given <= 100_001 and lying(vault) == []
    exactly = taken(vault, BytesIO(b"x" * 1000), largest=1000)
    assert isinstance(exactly, Received)


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [(b"", "kosong.txt", 422), (b"MZ\x90\x00" * 99, "alat.exe", 415), (b"\xff\xd8\xff\xe0rusak", "foto.jpg", 422)],
)
def test_what_cannot_be_taken_leaves_nothing(vault: Vault, content: bytes, name: str, status: int) -> None:
    refused = taken(vault, BytesIO(content), name, keeps_original=True)
    assert isinstance(refused, Unfit) and refused.status == status and refused.reason.id != refused.reason.en
    assert lying(vault) == []


def test_cleaning_that_fails_leaves_nothing(vault: Vault) -> None:
    def fails(content: Any, declared_name: str) -> Cleaned:
        content.read(10)
        raise OSError(declared_name)

    with pytest.raises(OSError, match="catatan"):
        taken(vault, BytesIO(MARKER), clean=fails, keeps_original=True)
    assert lying(vault) == []


UPLOADING = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from delivery.cleaning.clean import clean
from engine.disclosure import receiving
from engine.disclosure.vault import Vault

class Slow:
    given = 0
    def read(self, size):
        self.given += 1
        if self.given == 40:
            print("half", flush=True)
            sys.stdin.read()
        return {MARKER!r} * 2000

receiving.receive(Slow(), "bukti.txt", region="r", vault=Vault(Path(sys.argv[1])), clean=clean,
                  largest=20_000_000, extensions=("txt",), keeps_original=sys.argv[2] == "original")
"""


@pytest.mark.parametrize("kept", ["copy", "original"])
def test_t22_an_upload_killed_half_way_leaves_ciphertext_alone_and_that_is_removed(
    vault: Vault, tmp_path: Path, kept: str
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", UPLOADING, str(vault.folder), kept],
        cwd=tmp_path, env={**os.environ, "TMPDIR": str(temporary)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert process.stdout is not None and process.stdin is not None
    assert process.stdout.readline() == "half\n"
    process.kill()
    process.wait()
    process.stdout.close()
    process.stdin.close()
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(left) == (kept == "original")
    assert all(path.stat().st_size > 1_000_000 for path in left)
    assert all(MARKER not in path.read_bytes() for path in left)
    assert vault.left_behind(timedelta(seconds=-1)) == () and lying(vault) == []
