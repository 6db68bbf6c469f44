"""Files: encrypted in chunks while they come in, checked before they go out, and never readable on a disk."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from engine.disclosure.primitives import (
    FORMAT,
    STREAM_HEADER_BYTES,
    STREAM_TAG_BYTES,
    CannotOpen,
    Context,
    OpeningStream,
    SealingStream,
)

CHUNK = 64 * 1024
ENCRYPTED_CHUNK = CHUNK + STREAM_TAG_BYTES
_LENGTH = struct.Struct(">I")  # each chunk begins with how many of its bytes belong to the file; the rest are zeros
ROOM = CHUNK - _LENGTH.size


class StreamWriter:
    """Takes a file's bytes as they come and writes them encrypted. What is not ``finish``ed, after a crash say,
    cannot be opened by anybody, and at most ``ROOM`` bytes are ever in memory."""

    def __init__(self, sink: BinaryIO, key: bytes, context: Context) -> None:
        """``key`` is one of the file alone, kept wrapped by the case's key; ``context`` names the file."""
        self._sink = sink
        self._stream = SealingStream(key, context)
        self._waiting = bytearray()
        self._chunks = 0
        self._is_finished = False
        self.size = 0  # bytes of the file so far
        sink.write(FORMAT + self._stream.header)

    def write(self, data: bytes) -> int:
        """Takes the next bytes; gives back how many. Raises ValueError when the file is finished."""
        self._still_open()
        self.size += len(data)
        self._waiting += data
        while len(self._waiting) > ROOM:
            self._push(bytes(self._waiting[:ROOM]), is_last=False)
            del self._waiting[:ROOM]
        return len(data)

    def finish(self) -> None:
        """Writes what is left and fills up to the next bucket. Raises ValueError the second time."""
        self._still_open()
        self._is_finished = True
        missing = bucket(self._chunks + 1) - self._chunks - 1
        self._push(bytes(self._waiting), is_last=missing == 0)
        self._waiting.clear()
        for number in range(1, missing + 1):
            self._push(b"", is_last=number == missing)

    def _still_open(self) -> None:
        if self._is_finished:
            raise ValueError("The file is finished.")

    def _push(self, content: bytes, *, is_last: bool) -> None:
        chunk = _LENGTH.pack(len(content)) + content + bytes(ROOM - len(content))
        self._sink.write(self._stream.push(chunk, is_last=is_last))
        self._chunks += 1


def pieces(source: BinaryIO, key: bytes, context: Context) -> Iterator[bytes]:
    """The file's bytes in order, each piece verified before it is given, for somebody who can take back what they
    did with the first ones. Raises CannotOpen at the first chunk that was changed, moved or is missing, and for
    anything after the end."""
    head = source.read(len(FORMAT) + STREAM_HEADER_BYTES)
    if head[: len(FORMAT)] != FORMAT:
        raise CannotOpen
    stream = OpeningStream(key, head[len(FORMAT) :], context)
    is_last = False
    while not is_last:
        chunk, is_last = stream.pull(source.read(ENCRYPTED_CHUNK))
        content = _content(chunk)
        if is_last and source.read(1):
            raise CannotOpen
        if content:
            yield content


def checked_pieces(source: BinaryIO, key: bytes, context: Context) -> Iterator[bytes]:
    """As ``pieces``, for a download, which cannot be taken back: the whole file is verified before this returns, and
    read a second time to be given. Raises CannotOpen, and then nothing was given. ``source`` must be able to seek."""
    start = source.tell()
    for _ in pieces(source, key, context):
        pass
    source.seek(start)
    return pieces(source, key, context)


def bucket(chunks: int) -> int:
    """How many chunks are kept for a file of so many. Lengths are rounded up so that their low bits vanish, more of
    them the longer the file (Padmé, of the paper on PURBs): at most 12 % more, and few files have a length of their
    own."""
    exponent = chunks.bit_length() - 1
    low_bits = max(0, exponent - exponent.bit_length())
    return (chunks + (1 << low_bits) - 1) >> low_bits << low_bits


def _content(chunk: bytes) -> bytes:
    if len(chunk) != CHUNK:
        raise CannotOpen
    (length,) = _LENGTH.unpack_from(chunk)
    if length > ROOM:
        raise CannotOpen
    return chunk[_LENGTH.size : _LENGTH.size + length]
