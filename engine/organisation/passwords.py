"""Passwords: Argon2id, few at a time, and what is accepted as one."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from engine.errors import EnvironmentFault
from engine.organisation.faults import Unacceptable

SHORTEST, LONGEST = 10, 200
AT_ONCE = 2  # each hash takes 64 MB and half a second of a small machine's core
WAIT_SECONDS = 10.0

STRENGTH = RFC_9106_LOW_MEMORY  # Argon2id, 3 passes, 64 MiB, 4 lanes

_hasher = PasswordHasher.from_parameters(STRENGTH)
_places = threading.BoundedSemaphore(AT_ONCE)


class TooBusy(EnvironmentFault):
    """Too many passwords are being checked at this moment."""


def hashed(password: str) -> str:
    """The Argon2id hash of a password, to be stored. Raises TooBusy."""
    with _one_of_few():
        return _hasher.hash(_plain(password))


def is_right(password: str, stored: str | None) -> bool:
    """Whether a password fits the stored hash; for None it takes as long and is never right. Raises TooBusy."""
    with _one_of_few():
        try:
            return _hasher.verify(stored or _of_nobody(), _plain(password)[:LONGEST]) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def check_acceptable(password: str, username: str) -> None:
    """Raises Unacceptable, saying why, for a password that is too easy to guess or too long."""
    plain = _plain(password)
    if len(plain) < SHORTEST:
        raise Unacceptable(
            f"Kata sandi perlu paling sedikit {SHORTEST} karakter.",
            f"The password needs at least {SHORTEST} characters.",
            "password",
        )
    if len(plain) > LONGEST:
        raise Unacceptable(
            f"Kata sandi paling banyak {LONGEST} karakter.",
            f"The password may have at most {LONGEST} characters.",
            "password",
        )
    if len(set(plain.casefold())) < 5 or username.casefold() in plain.casefold():
        raise Unacceptable(
            "Kata sandi terlalu mudah ditebak: berulang-ulang atau memuat nama akun.",
            "The password is too easy to guess: it repeats itself or contains the account's name.",
            "password",
        )


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@cache
def _of_nobody() -> str:
    return _hasher.hash("nobody has this password")


@contextmanager
def _one_of_few() -> Iterator[None]:
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise TooBusy("Too many people are signing in at this moment. Please try again.")
    try:
        yield
    finally:
        _places.release()
