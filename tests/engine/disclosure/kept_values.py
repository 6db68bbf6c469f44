"""Names, cheap hashes and a whole sealed case as it would be kept, for the tests of disclosure."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass

from engine.disclosure import case_keys, escrow, officer_keys, primitives, receipt, streams
from engine.disclosure.budget import MIB, MemoryBudget
from engine.disclosure.case_keys import CaseName, Kind
from engine.disclosure.keyring import RECEIPT
from engine.disclosure.officer_keys import OfficerKeys, Owner
from engine.disclosure.primitives import Context, Cost, KeyPair

CHEAP = Cost(1, 8 * 1024)
REGION = "kab_contoh"
CASE = CaseName(REGION, "c-7f3a91")
STORY = CASE.context("story")
SALT, PEPPER = bytes(range(16)), b"a pepper of the server, 32 bytes"
NEVER = MemoryBudget(0, wait_seconds=0)  # whoever comes to a slow hash with it is told so
SMALL = MemoryBudget(1 * MIB)
MARKER = "Pak Rahmat menerima amplop di kantor"
PASSWORD = "pagi-hari-di-sawah"


@dataclass(frozen=True)
class Officer:
    name: str
    pair: KeyPair
    kept: OfficerKeys


@dataclass(frozen=True)
class SealedCase:
    """What the database and the disk hold, and beside it what people know."""

    kept: dict[str, bytes]
    receipt: str
    officer: Officer
    custodian: Officer
    shares: tuple[str, ...]


def an_officer(name: str, escrow_public: bytes, password: str = PASSWORD) -> Officer:
    pair, kept = officer_keys.new_officer_keys(Owner(REGION, name), password, escrow_public, cost=CHEAP)
    return Officer(name, pair, kept)


def derived(typed: str, pepper: bytes = PEPPER) -> receipt.Derived:
    return receipt.derived(typed, SALT, pepper, cost=CHEAP)


def a_file(content: bytes, key: bytes, context: Context) -> bytes:
    kept = io.BytesIO()
    writer = streams.StreamWriter(kept, key, context)
    writer.write(content)
    writer.finish()
    return kept.getvalue()


def a_sealed_case() -> SealedCase:
    """A report with a story, a name and a photo, for one officer and one custodian."""
    ceremony = escrow.new_escrow(2, 3)
    officer, custodian = an_officer("12", ceremony.public), an_officer("31", ceremony.public)
    code = receipt.new()
    of_receipt = derived(code)
    keys = case_keys.new_case_keys(
        CASE,
        {"12": officer.pair.public, RECEIPT: case_keys.receipt_pair(of_receipt.key).public},
        {"31": custodian.pair.public},
    )
    file_key = primitives.new_key()
    kept = {
        "lookup": of_receipt.lookup,
        "receipt public": case_keys.receipt_pair(of_receipt.key).public,
        "escrow public": ceremony.public,
        "story": primitives.lock(keys.content, MARKER.encode(), STORY),
        "file name": primitives.lock(keys.content, f"{MARKER}.jpg".encode(), CASE.context("file-name:1")),
        "file key": primitives.wrap(keys.content, file_key, CASE.context("file-key:1")),
        "file": a_file(MARKER.encode() * 50, file_key, CASE.context("file:1")),
        "identity": primitives.lock(keys.identity, MARKER.encode(), CASE.context("identity")),
        **{f"content for {holder}": blob for holder, blob in keys.sealed_content.items()},
        **{f"identity for {holder}": blob for holder, blob in keys.sealed_identity.items()},
    }
    for person in (officer, custodian):
        kept[f"public of {person.name}"] = person.kept.public
        kept[f"by password of {person.name}"] = person.kept.by_password
        kept[f"by escrow of {person.name}"] = person.kept.by_escrow
    return SealedCase(kept, code, officer, custodian, ceremony.shares)


def read_story(case: SealedCase, holder: str, pair: KeyPair) -> str:
    key = case_keys.opened(Kind.CONTENT, CASE, case.kept[f"content for {holder}"], pair)
    return primitives.unlock(key, case.kept["story"], STORY).decode()


def disguises(text: str) -> Iterator[bytes]:
    """A text as it could still be recognised: encodings, hexadecimal, base64 at its three alignments."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        plain = text.encode(encoding)
        yield plain
        yield plain.hex().encode()
        yield plain.hex().upper().encode()
        for skipped in range(3):
            yield base64.b64encode(plain[skipped:])[:-4]
