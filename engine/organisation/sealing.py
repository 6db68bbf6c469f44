"""Keeps the secrets of second factors unreadable in the database and its backups."""

from __future__ import annotations

import hashlib

from nacl.encoding import Base64Encoder
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from engine.errors import EnvironmentFault


class Seal:
    """Seals and opens with keys derived from the installation's secret. What is sealed for one person cannot be
    opened as another's, so a row copied in the database opens nothing."""

    def __init__(self, secret_key: str) -> None:
        self._box = SecretBox(_derived(secret_key, b"alur 2nd factor"))
        self._hash_key = _derived(secret_key, b"alur recovery")

    def seal(self, person_id: int, secret: str) -> str:
        """``secret`` as it is stored for this person."""
        return self._box.encrypt(f"{person_id}:{secret}".encode(), encoder=Base64Encoder).decode("ascii")

    def open(self, person_id: int, sealed: str) -> str:
        """The secret again. Raises EnvironmentFault when it was sealed with another key or for somebody else."""
        try:
            owner, _, secret = self._box.decrypt(sealed.encode("ascii"), encoder=Base64Encoder).decode().partition(":")
        except (CryptoError, ValueError) as fault:
            raise EnvironmentFault("A second factor cannot be read: was ALUR_SECRET_KEY changed?") from fault
        if owner != str(person_id):
            raise EnvironmentFault("A second factor was sealed for somebody else.")
        return secret

    def hashed(self, person_id: int, code: str) -> str:
        """What is kept of a recovery code; without the installation's secret it cannot be guessed at."""
        told = f"{person_id}:{code}".encode()
        return hashlib.blake2b(told, key=self._hash_key, digest_size=32).hexdigest()


def _derived(secret_key: str, purpose: bytes) -> bytes:
    return hashlib.blake2b(secret_key.encode(), digest_size=32, person=purpose).digest()
