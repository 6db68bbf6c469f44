"""Files of sealed cases on the disk: never readable, whole or refused, of few lengths; statements T22, T24 and T29."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.disclosure import streams
from engine.disclosure.primitives import CannotOpen, Context
from engine.disclosure.streams import ENCRYPTED_CHUNK, ROOM
from tests.engine.disclosure.kept_values import CASE, MARKER, a_file, disguises

KEY = bytes(range(32))
PHOTO = CASE.context("file:1")
HEAD = 1 + 24
CONTENT = bytes(index % 251 for index in range(2 * ROOM + 1_000))
KEPT = a_file(CONTENT, KEY, PHOTO)
ROOT = Path(__file__).resolve().parents[3]


def chunks_of(kept: bytes) -> list[bytes]:
    return [kept[at : at + ENCRYPTED_CHUNK] for at in range(HEAD, len(kept), ENCRYPTED_CHUNK)]


def given_of(kept: bytes, key: bytes = KEY, context: Context = PHOTO) -> tuple[bytes, bool]:
    """What comes out piece by piece, and whether it came to its end."""
    came = b""
    try:
        for piece in streams.pieces(io.BytesIO(kept), key, context):
            came += piece
    except CannotOpen:
        return came, False
    return came, True


def assert_refused(kept: bytes, key: bytes = KEY, context: Context = PHOTO) -> None:
    came, is_whole = given_of(kept, key, context)
    assert not is_whole
    assert CONTENT.startswith(came)
    with pytest.raises(CannotOpen):
        streams.checked_pieces(io.BytesIO(kept), key, context)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 3 * ROOM), max_size=5))
def test_a_file_comes_back_however_it_came_in(sizes: list[int]) -> None:
    kept, whole = io.BytesIO(), b""
    writer = streams.StreamWriter(kept, KEY, PHOTO)
    for number, size in enumerate(sizes):
        part = bytes([number + 1]) * size
        whole += part
        assert writer.write(part) == size
    writer.finish()
    assert writer.size == len(whole)
    assert given_of(kept.getvalue()) == (whole, True)
    assert b"".join(streams.checked_pieces(io.BytesIO(kept.getvalue()), KEY, PHOTO)) == whole


@pytest.mark.parametrize("size", [0, 1, ROOM - 1, ROOM, ROOM + 1, 2 * ROOM])
def test_files_at_the_edge_of_a_chunk_come_back(size: int) -> None:
    assert given_of(a_file(b"\0" * size, KEY, PHOTO)) == (b"\0" * size, True)


def test_a_finished_file_takes_no_more() -> None:
    writer = streams.StreamWriter(io.BytesIO(), KEY, PHOTO)
    writer.finish()
    with pytest.raises(ValueError, match="finished"):
        writer.write(b"more")
    with pytest.raises(ValueError, match="finished"):
        writer.finish()


def test_t22_while_it_is_written_the_disk_holds_nothing_readable(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    looked_for = list(disguises(MARKER))
    with path.open("wb", buffering=0) as sink:
        writer = streams.StreamWriter(sink, KEY, PHOTO)
        for _ in range(8):
            writer.write(MARKER.encode() * 1_000)
            assert not any(disguise in path.read_bytes() for disguise in looked_for)
        writer.finish()
    assert not any(disguise in path.read_bytes() for disguise in looked_for)


def test_t22_after_a_kill_in_the_middle_nothing_is_readable_and_nothing_opens(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    uploading = (
        "import sys; from engine.disclosure import streams; from engine.disclosure.primitives import Context\n"
        "writer = streams.StreamWriter(open(sys.argv[1], 'wb', buffering=0), bytes(range(32)), "
        f"Context({PHOTO.region!r}, {PHOTO.case!r}, {PHOTO.field!r}))\n"
        f"[writer.write({MARKER!r}.encode()) for _ in range(4000)]\n"
        "print('half', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", uploading, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "half\n"
        child.send_signal(signal.SIGKILL)
        child.wait(timeout=30)
    kept = path.read_bytes()
    assert len(kept) > ENCRYPTED_CHUNK
    assert not any(disguise in kept for disguise in disguises(MARKER))
    with pytest.raises(CannotOpen):
        streams.checked_pieces(io.BytesIO(kept), KEY, PHOTO)
    assert [file.name for file in tmp_path.iterdir()] == ["upload"]


@settings(max_examples=60)
@given(st.integers(0, len(KEPT) - 1), st.integers(1, 255))
def test_t24_one_changed_byte_is_an_error_before_a_wrong_byte_leaves(place: int, change: int) -> None:
    assert_refused(KEPT[:place] + bytes([KEPT[place] ^ change]) + KEPT[place + 1 :])


@settings(max_examples=30)
@given(st.integers(0, len(KEPT) - 1))
def test_t24_a_file_cut_off_anywhere_is_an_error(length: int) -> None:
    assert_refused(KEPT[:length])


def test_t24_a_file_cut_off_between_two_chunks_is_an_error() -> None:
    for kept_chunks in range(3):
        assert_refused(KEPT[: HEAD + kept_chunks * ENCRYPTED_CHUNK])


@settings(max_examples=20)
@given(st.lists(st.integers(0, 2), min_size=1, max_size=5))
def test_t24_chunks_in_another_order_left_out_or_doubled_are_an_error(order: list[int]) -> None:
    chunks = chunks_of(KEPT)
    mixed = KEPT[:HEAD] + b"".join(chunks[number] for number in order)
    if order == [0, 1, 2]:
        assert given_of(mixed) == (CONTENT, True)
    else:
        assert_refused(mixed)


def test_t24_anything_after_the_end_is_an_error() -> None:
    for more in (b"\0", chunks_of(KEPT)[2], KEPT):
        assert_refused(KEPT + more)


def test_t24_a_chunk_of_another_file_under_the_same_key_is_an_error() -> None:
    other = a_file(CONTENT, KEY, PHOTO)
    assert_refused(KEPT[:HEAD] + b"".join(chunks_of(KEPT)[:1] + chunks_of(other)[1:]))


def test_t24_another_key_or_another_place_is_an_error() -> None:
    assert_refused(KEPT, key=bytes(32))
    assert_refused(KEPT, context=CASE.context("file:2"))
    assert_refused(KEPT, context=Context(PHOTO.region, "c-000000", PHOTO.field))


def test_t29_small_files_are_equally_long() -> None:
    assert {len(a_file(b"x" * size, KEY, PHOTO)) for size in (0, 1, 1_000, ROOM)} == {HEAD + ENCRYPTED_CHUNK}


def test_t29_files_up_to_two_hundred_megabytes_have_few_lengths() -> None:
    most = 200 * 1024 * 1024 // ROOM
    lengths = [streams.bucket(chunks) for chunks in range(1, most)]
    assert all(0 <= bucket / chunks - 1 <= 0.12 for chunks, bucket in enumerate(lengths, 1))
    assert all(streams.bucket(bucket) == bucket for bucket in set(lengths))
    assert len(set(lengths)) < 110


def test_t29_a_stored_file_fills_its_bucket() -> None:
    kept = a_file(b"x" * (8 * ROOM + 1), KEY, PHOTO)
    assert streams.bucket(9) == 10
    assert len(chunks_of(kept)) == 10
    assert given_of(kept) == (b"x" * (8 * ROOM + 1), True)
