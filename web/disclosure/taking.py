"""A file somebody chose, taken in: cleaned and sealed before the transaction that keeps it begins."""

from __future__ import annotations

import errno

from werkzeug.datastructures import FileStorage

from engine.channel.evidence import take_in
from engine.definitions.model import Text
from engine.disclosure.receiving import Received, Unfit
from web.disclosure.house import door, here

NO_ROOM = Text(
    "Saat ini tidak ada ruang untuk berkas. Tulisan Anda sudah tersimpan; kirim berkas ini beberapa hari lagi.",
    "There is no room for files now. What you wrote is saved; send this file in a few days.",
)


def taken(given: FileStorage) -> Received | Unfit:
    """The file, or why it stays outside; also when the disk is full, since the text must still get through."""
    try:
        return take_in(door(), given.stream, given.filename or "", here().vault, here().clean)
    except OSError as fault:
        if fault.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        return Unfit(NO_ROOM, 503)
