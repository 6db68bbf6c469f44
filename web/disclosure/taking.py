"""A file somebody chose, taken in: cleaned and sealed before the transaction that keeps it begins."""

from __future__ import annotations

import errno

from werkzeug.datastructures import FileStorage

from engine.channel.evidence import NO_ROOM, take_in
from engine.disclosure.receiving import Received, Unfit
from web.disclosure.house import door, here


def taken(given: FileStorage) -> Received | Unfit:
    """The file, or why it stays outside; also when the disk is full, since the text must still get through."""
    try:
        return take_in(door(), given.stream, given.filename or "", here().vault, here().clean)
    except OSError as fault:
        if fault.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        return Unfit(NO_ROOM, 503)
