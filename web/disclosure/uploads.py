"""Requests of reporters: a file in them stays in memory, and one that is too large is read away, not kept.

Werkzeug writes what is longer than half a megabyte to a temporary file, readable on the disk. Here a file goes from
memory to the confined process that cleans it, and from there encrypted into the vault.
"""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict

FORM_BYTES = 1_000_000  # the longest story, percent-encoded, with room
AROUND_A_FILE = 100_000  # what a browser writes around it: names, tokens
MOST_PARTS = 60
READ_AWAY_BYTES = 64_000_000  # a browser shows an answer only when it could send everything
_STEP = 64 * 1024


class ReporterRequest(Request):
    """A request whose files are never on a disk."""

    def _get_file_stream(self, *_about: Any, **_of_the_file: Any) -> IO[bytes]:
        return BytesIO()


def read_away(request: Request) -> None:
    """Take what is left of a request that is refused, without keeping it, up to a limit. Its form is empty then."""
    stream, left = request.environ["wsgi.input"], min(request.content_length or 0, READ_AWAY_BYTES)
    while left > 0 and (chunk := stream.read(min(_STEP, left))):
        left -= len(chunk)
    nothing: ImmutableMultiDict[str, Any] = ImmutableMultiDict()
    request.__dict__.update(form=nothing, files=nothing)
