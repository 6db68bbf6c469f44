"""Caught mails as files in one folder: one mail, one file, named so that a second copy of a mail finds the first."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

NAME = re.compile(r"[0-9]{8}T[0-9]{12}-[0-9a-f]{12}")
KEPT_FOR = timedelta(days=14)
NAMED_AT = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True, slots=True)
class Caught:
    """One mail. ``key`` sorts by the moment it came, which is ``caught_at`` (UTC)."""

    key: str
    caught_at: datetime
    message: EmailMessage

    def header(self, name: str) -> str:
        """A header as text, "" when it is missing."""
        return str(self.message.get(name, ""))

    def part(self, subtype: str) -> str:
        """The text of the part ``text/<subtype>``, "" when there is none."""
        body = self.message.get_body((subtype,))
        if body is None or not body.get_content_type().startswith("text/"):
            return ""
        raw = body.get_payload(decode=True)
        return raw.decode(body.get_content_charset("utf-8"), "replace") if isinstance(raw, bytes) else ""


class Mailbox:
    """The mails in ``folder``, which is made when it does not exist."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, content: bytes, recipients: tuple[str, ...], now: datetime) -> str:
        """Puts a mail into a file, whole or not at all, and gives its key.

        A mail with the Message-ID and recipients of one already here is that one: a sender that was killed between
        sending and noting it sends again, and a reader's mailbox shows one mail as well.
        """
        message = message_from_bytes(content, policy=policy.default)
        identity = "\n".join((str(message.get("Message-ID", "")) or content.hex(), *sorted(recipients)))
        digest = hashlib.sha256(identity.encode("utf-8", "surrogateescape")).hexdigest()[:12]
        earlier = next(self._folder.glob(f"*-{digest}.eml"), None)
        if earlier is not None:
            return earlier.stem
        self._forget_before(now - KEPT_FOR)
        key = f"{now.astimezone(UTC).strftime(NAMED_AT)}-{digest}"
        handle, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).rename(self._folder / f"{key}.eml")
        return key

    def _forget_before(self, moment: datetime) -> None:
        """A mailbox nobody looks into must not become an archive."""
        oldest = moment.astimezone(UTC).strftime(NAMED_AT)
        for path in self._folder.glob("*.eml"):
            if path.stem < oldest:
                path.unlink(missing_ok=True)

    def page(self, before: str = "", limit: int = 50, to: str = "") -> tuple[list[Caught], str | None]:
        """Newest first: up to ``limit`` mails older than ``before`` (a key), of which address ``to`` is a recipient;
        and the key to go on from, None at the end."""
        found: list[Caught] = []
        for path in sorted(self._folder.glob("*.eml"), reverse=True):
            if before and path.stem >= before:
                continue
            caught = self.read(path.stem)
            if caught is None or (to and to.lower() not in caught.header("To").lower()):
                continue
            if len(found) == limit:
                return found, found[-1].key
            found.append(caught)
        return found, None

    def read(self, key: str) -> Caught | None:
        """The mail of that key, or None."""
        source = self.source(key)
        if source is None:
            return None
        moment = datetime.strptime(key.partition("-")[0], NAMED_AT).replace(tzinfo=UTC)
        return Caught(key, moment, message_from_bytes(source, policy=policy.default))

    def source(self, key: str) -> bytes | None:
        """The mail as it came over the wire, or None. A key is never a path: anything else is no mail."""
        path = self._folder / f"{key}.eml"
        return path.read_bytes() if NAME.fullmatch(key) and path.is_file() else None
