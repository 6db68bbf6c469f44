"""The address in a mail that ends it without signing in: signed, for one person and one kind of mail."""

from __future__ import annotations

import hashlib
import hmac

SIGNS = 32


def stop_token(secret_key: str, kind: str, person_id: int) -> str:
    """What stands at the end of the address."""
    return f"{person_id}.{_signature(secret_key, kind, person_id)}"


def person_stopping(secret_key: str, kind: str, token: str) -> int | None:
    """Whose mails of that kind a token ends; None for one that was not made here."""
    number, _, signature = token.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    expected = _signature(secret_key, kind, int(number))
    return int(number) if hmac.compare_digest(signature.encode(), expected.encode()) else None


def _signature(secret_key: str, kind: str, person_id: int) -> str:
    text = f"stop {kind} {person_id}".encode()
    return hmac.new(secret_key.encode(), text, hashlib.sha256).hexdigest()[:SIGNS]
