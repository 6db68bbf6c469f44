"""A stranger's file on its way in: cleaned in memory, sealed while it is written, nothing readable on a disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO, Any, BinaryIO, Protocol, cast

from engine.definitions.model import Text
from engine.disclosure.primitives import new_key
from engine.disclosure.vault import Vault, new_file_id, place_of

TOO_LARGE = Text(
    "Berkas ini terlalu besar. Kirim foto dengan ukuran lebih kecil, atau bagi dokumen menjadi beberapa berkas.",
    "This file is too large. Send a smaller picture, or split the document into several files.",
)
_LONGEST_ENDING = 8
_STATUS = {"too_large": 413, "busy": 503, "empty": 422, "damaged": 422, "locked": 422}


class CleanedCopy(Protocol):
    """What cleaning gives (``delivery.cleaning.outcome.Cleaned``)."""

    content: bytes
    kind: str
    extension: str
    original_digest: str
    cleaned_digest: str
    shown_name: str
    notes: tuple[Text, ...]


class Cleaning(Protocol):
    """``delivery.cleaning.clean.clean``: the engine knows no confined process, only that there is one."""

    def __call__(self, content: BinaryIO, declared_name: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Unfit:
    """A file that stays outside, and why; ``status`` 413 for too large or too many, 415 for a kind not taken, 503 for
    one that may come again, else 422."""

    reason: Text
    status: int


@dataclass(frozen=True, slots=True)
class SealedBytes:
    """Bytes that lie in the vault under a key of their own."""

    id: str
    key: bytes = field(repr=False)
    stored_bytes: int


@dataclass(frozen=True, slots=True)
class Received:
    """A file taken in and not yet anybody's. ``original`` is the file as sent, where that is kept."""

    copy: SealedBytes
    original: SealedBytes | None
    about: dict[str, Any] = field(repr=False)
    notes: tuple[Text, ...]


def receive(
    stream: IO[bytes],
    name: str,
    *,
    region: str,
    vault: Vault,
    clean: Cleaning,
    largest: int,
    extensions: Sequence[str],
    keeps_original: bool = False,
) -> Received | Unfit:
    """Cleans and seals one file; no database, since cleaning takes its time. ``stream`` is read once, never beyond one
    step over ``largest`` bytes. What is not kept afterwards has to be given up (``give_up``)."""
    ending = name.rpartition(".")[2].lower()
    if extensions and ending not in {*extensions, *_others(extensions)}:
        return Unfit(_not_taken(ending if "." in name else "", extensions), 415)
    counted = _Counted(stream, largest)
    if not keeps_original:
        return _sealed_copy(clean(cast(BinaryIO, counted), name), counted, region, vault, None)
    original = SealedBytes(new_file_id(), new_key(), 0)
    with vault.arriving(original.id, original.key, place_of(region, original.id)) as arriving:
        counted.copy_to = arriving
        outcome = clean(cast(BinaryIO, counted), name)
        if hasattr(outcome, "content") and not counted.is_over:
            arriving.keep()
    original = SealedBytes(original.id, original.key, arriving.stored_bytes)
    received = _sealed_copy(outcome, counted, region, vault, original)
    if isinstance(received, Unfit):
        vault.remove(original.id)
    return received


def _not_taken(ending: str, extensions: Sequence[str]) -> Text:
    """Which kind it is, where its name says so in a word, and which are taken."""
    kinds = ", ".join(extensions)
    told = f".{ending} " if ending.isalnum() and len(ending) <= _LONGEST_ENDING else ""
    return Text(f"Jenis berkas {told}tidak diterima. Kirim: {kinds}.",
                f"Files of the kind {told}are not taken. Send: {kinds}." if told else
                f"This kind of file is not taken. Send: {kinds}.")  # fmt: skip


def give_up(received: Received, vault: Vault) -> None:
    """The file taken in is not wanted after all."""
    for one in (received.copy, received.original):
        if one is not None:
            vault.remove(one.id)


class _Counted:
    """A stream that stops one step beyond the largest file, and hands on what was read where an original is kept."""

    def __init__(self, stream: IO[bytes], largest: int) -> None:
        self._stream = stream
        self._left = largest
        self.is_over = False
        self.copy_to: Any = None

    def read(self, size: int = -1) -> bytes:
        """The next bytes; none once there were too many."""
        if self.is_over:
            return b""
        step = self._stream.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(step)
        self.is_over = self._left < 0
        if self.copy_to is not None and not self.is_over:
            self.copy_to.write(step)
        return step


def _sealed_copy(
    outcome: Any, counted: _Counted, region: str, vault: Vault, original: SealedBytes | None
) -> Received | Unfit:
    if counted.is_over:
        return Unfit(TOO_LARGE, 413)
    if not hasattr(outcome, "content"):
        return Unfit(outcome.reason, _STATUS.get(outcome.code, 415))
    cleaned: CleanedCopy = outcome
    copy = SealedBytes(new_file_id(), new_key(), 0)
    with vault.arriving(copy.id, copy.key, place_of(region, copy.id)) as arriving:
        arriving.write(cleaned.content)
        arriving.keep()
    about = {
        "name": cleaned.shown_name,
        "media_type": cleaned.kind,
        "size": len(cleaned.content),
        "sha256": cleaned.cleaned_digest,
        "original_sha256": cleaned.original_digest,
    }
    return Received(SealedBytes(copy.id, copy.key, arriving.stored_bytes), original, about, cleaned.notes)


def _others(extensions: Sequence[str]) -> tuple[str, ...]:
    return ("jpeg",) if "jpg" in extensions else ()
