"""The shelf of roads a message may take. One file a channel; definitions name it in ``notifications.<key>.channel``."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from config import Settings
from delivery.render import Letter
from engine.errors import AlurError
from engine.shelf import Shelf


class Undeliverable(AlurError):
    """This one message will never arrive: the address is wrong, or its server refuses it for good."""


class Deferred(AlurError):
    """This one message is not taken now, and may be later: a full mailbox, a server that asks to try again."""


class Unreachable(AlurError):
    """The road is closed for now: everything that waits for it must wait longer."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands around a letter.

    ``message_id`` is the same at every attempt. ``references`` are the root of the thread and the earlier mails to
    this person, oldest first; empty for mails that must not be threaded. ``reason`` says why it is sent, in one word;
    "" where even that would say too much. ``takes_answers``: whether the mail says where to write back. ``stop_url`` is
    where a mail program ends mails the reader chose, with one POST (RFC 8058); "" for mails nobody chose.
    """

    to_name: str
    to_address: str
    from_name: str
    list_key: str
    reason: str
    message_id: str
    references: tuple[str, ...] = ()
    takes_answers: bool = True
    stop_url: str = ""


class Line(Protocol):
    """An open road. ``send`` returns when the other side has taken the message. It raises Undeliverable when it never
    will, Deferred when it may later, and Unreachable when the road itself broke off."""

    def send(self, envelope: Envelope, letter: Letter) -> None: ...


class Channel(Protocol):
    """A road as the installation has it. ``open`` raises Unreachable when nobody answers."""

    def open(self) -> AbstractContextManager[Line]: ...


shelf: Shelf[Callable[[Settings], Channel]] = Shelf(__name__)


def channel(name: str) -> Callable[[Callable[[Settings], Channel]], Callable[[Settings], Channel]]:
    """Puts a channel's class on the shelf under ``name``."""
    return shelf.named(name, lambda made: made)
