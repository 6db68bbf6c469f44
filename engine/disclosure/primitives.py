"""Keys, locks and seals: the only file here that knows the cryptographic library; to it only context is added."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass, field

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from engine.disclosure.budget import MIB, OF_THIS_PROCESS, MemoryBudget
from engine.errors import AlurError

FORMAT = b"\x01"  # the first byte of everything kept; another one means another layout
KEY_BYTES = 32
SALT_BYTES = bindings.crypto_pwhash_SALTBYTES
TEXT_STEP = (
    512  # texts grow in steps of this many bytes, so that a length tells neither which field it is nor yes from no
)
STREAM_HEADER_BYTES = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
STREAM_TAG_BYTES = bindings.crypto_secretstream_xchacha20poly1305_ABYTES

_SHORTEST_KEY = 16
_NONCE_BYTES = bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
_LOCKED, _WRAPPED, _SEALED, _STREAM = b"locked", b"wrapped", b"sealed", b"stream"
_FAILURES = (CryptoError, ValueError, TypeError, RuntimeError, struct.error)


class CannotOpen(AlurError):
    """Wrong key, wrong place, or changed since it was kept. Which of these is never said: it would help only who
    tries."""

    def __init__(self) -> None:
        super().__init__("This cannot be opened with this key.")


@dataclass(frozen=True)
class Context:
    """Where something sealed belongs. It is authenticated with the content, so a value moved to another region, case
    or field no longer opens (what Hush Line does for table, column and row)."""

    region: str
    case: str  # the case's random id; for a person's own keys ``officer:<id>``
    field: str

    def __post_init__(self) -> None:
        if any(not part or "|" in part for part in (self.region, self.case, self.field)):
            raise ValueError("The parts of a context are not empty and have no | in them.")

    def told(self, kind: bytes) -> bytes:
        """The bytes that are authenticated: the layout, which kind of thing it is, then region, case and field."""
        return FORMAT + b"|".join((b"alur", kind, f"{self.region}|{self.case}|{self.field}".encode()))


@dataclass(frozen=True, eq=False)
class KeyPair:
    """An X25519 pair; ``private`` is in memory only, and never in a printed value."""

    public: bytes
    private: bytes = field(repr=False)


@dataclass(frozen=True)
class Cost:
    """What one Argon2id derivation takes: ``passes`` over ``memory`` bytes."""

    passes: int
    memory: int


# Measured on a small machine: 0.12 s and 0.5 s. A receipt has 80 random bits, so its hash is only a second wall and
# must bear many at once; a password is chosen by a person, and its hash is the wall.
COST_OF_A_RECEIPT = Cost(3, 64 * MIB)
COST_OF_A_PASSWORD = Cost(3, 256 * MIB)


def new_key() -> bytes:
    """32 random bytes of the operating system."""
    return secrets.token_bytes(KEY_BYTES)


def new_salt() -> bytes:
    """16 random bytes, which is what Argon2id takes here."""
    return secrets.token_bytes(SALT_BYTES)


def new_pair() -> KeyPair:
    """A new X25519 pair."""
    return pair_of(new_key())


def pair_of(private: bytes) -> KeyPair:
    """The pair a private key of 32 bytes belongs to. Raises ValueError for another length."""
    if len(private) != KEY_BYTES:
        raise ValueError(f"A private key has {KEY_BYTES} bytes.")
    return KeyPair(bytes(PrivateKey(private).public_key), private)


def is_same(one: bytes, other: bytes) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one, other)


def labelled(key: bytes, label: bytes, about: bytes = b"") -> bytes:
    """A key of 32 bytes for one purpose (``label``, at most 16 bytes), from a key with several (16 to 64 bytes), and
    from what it is ``about``. Keyed and personalised BLAKE2b, so one derived key tells neither the others nor the first
    one. Raises ValueError for a key of another length: an empty one would be no secret at all."""
    if not _SHORTEST_KEY <= len(key) <= hashlib.blake2b.MAX_KEY_SIZE:
        raise ValueError(f"A key to derive from has {_SHORTEST_KEY} to {hashlib.blake2b.MAX_KEY_SIZE} bytes.")
    return hashlib.blake2b(about, key=key, person=label, digest_size=KEY_BYTES).digest()


def slow_key(secret: bytes, salt: bytes, cost: Cost, budget: MemoryBudget = OF_THIS_PROCESS) -> bytes:
    """32 bytes from something a person remembers or writes down, by Argon2id. Raises TooBusy without a place in
    time."""
    with budget.taking(cost.memory):
        return bindings.crypto_pwhash_alg(
            KEY_BYTES, secret, salt, cost.passes, cost.memory, bindings.crypto_pwhash_ALG_ARGON2ID13
        )


def lock(key: bytes, content: bytes, context: Context) -> bytes:
    """``content`` (a text) encrypted for who has ``key``: version, nonce, XChaCha20-Poly1305 over the padded text.

    The nonce is random: with 192 bits that is safe for any number of texts under one key."""
    return _encrypted(key, bindings.sodium_pad(content, TEXT_STEP), context.told(_LOCKED))


def unlock(key: bytes, locked: bytes, context: Context) -> bytes:
    """The text again. Raises CannotOpen."""
    try:
        return bindings.sodium_unpad(_decrypted(key, locked, context.told(_LOCKED)), TEXT_STEP)
    except CryptoError as fault:
        raise CannotOpen from fault


def wrap(key: bytes, other: bytes, context: Context) -> bytes:
    """Another key encrypted for who has ``key``; as a lock, but without padding, since all keys are equally long."""
    if len(other) != KEY_BYTES:
        raise ValueError(f"A key has {KEY_BYTES} bytes.")
    return _encrypted(key, other, context.told(_WRAPPED))


def unwrap(key: bytes, wrapped: bytes, context: Context) -> bytes:
    """The other key again. Raises CannotOpen."""
    return _decrypted(key, wrapped, context.told(_WRAPPED))


def seal(public_key: bytes, key: bytes, context: Context) -> bytes:
    """A key encrypted for the holder of a pair: version, sealed box. A sealed box has no place for a context, so a
    digest of it goes inside. Anybody can seal: that something opens says for whom it is, not who made it."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"A key has {KEY_BYTES} bytes.")
    return FORMAT + SealedBox(PublicKey(public_key)).encrypt(_digest(context) + key)


def unseal(pair: KeyPair, sealed: bytes, context: Context) -> bytes:
    """The key again. Raises CannotOpen, also when it was sealed for another context."""
    try:
        opened = SealedBox(PrivateKey(pair.private)).decrypt(_without_format(sealed))
    except _FAILURES as fault:
        raise CannotOpen from fault
    digest, key = opened[:KEY_BYTES], opened[KEY_BYTES:]
    if not is_same(digest, _digest(context)) or len(key) != KEY_BYTES:
        raise CannotOpen
    return key


class SealingStream:
    """Encrypts chunks in their order (libsodium's secretstream); ``header`` is kept before the first one."""

    def __init__(self, key: bytes, context: Context) -> None:
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        self._told = context.told(_STREAM)
        self.header: bytes = bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, key)

    def push(self, chunk: bytes, *, is_last: bool) -> bytes:
        """One chunk encrypted, ``STREAM_TAG_BYTES`` longer. After the last one nothing may follow."""
        tag = (
            bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
            if is_last
            else bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
        )
        return bindings.crypto_secretstream_xchacha20poly1305_push(self._state, chunk, self._told, tag)


class OpeningStream:
    """Decrypts chunks in their order. Raises CannotOpen, at the header or at the first chunk that is not the right
    one."""

    def __init__(self, key: bytes, header: bytes, context: Context) -> None:
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        self._told = context.told(_STREAM)
        try:
            bindings.crypto_secretstream_xchacha20poly1305_init_pull(self._state, header, key)
        except _FAILURES as fault:
            raise CannotOpen from fault

    def pull(self, encrypted: bytes) -> tuple[bytes, bool]:
        """The chunk, and whether it was the last. Raises CannotOpen."""
        try:
            chunk, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(self._state, encrypted, self._told)
        except _FAILURES as fault:
            raise CannotOpen from fault
        return chunk, tag == bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


def _encrypted(key: bytes, content: bytes, told: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return FORMAT + nonce + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(content, told, nonce, key)


def _decrypted(key: bytes, blob: bytes, told: bytes) -> bytes:
    try:
        inside = _without_format(blob)
        nonce, encrypted = inside[:_NONCE_BYTES], inside[_NONCE_BYTES:]
        return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(encrypted, told, nonce, key)
    except _FAILURES as fault:
        raise CannotOpen from fault


def _without_format(blob: bytes) -> bytes:
    if blob[:1] != FORMAT:
        raise ValueError("another layout")
    return blob[1:]


def _digest(context: Context) -> bytes:
    return hashlib.blake2b(context.told(_SEALED), digest_size=KEY_BYTES).digest()
