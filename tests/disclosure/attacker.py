"""Somebody with the whole server and no officer's password tries to open a sealed case.

``python -m tests.disclosure.attacker URL SEALED_FOLDER SECRET_KEY PEPPER``. Has the database, the encrypted files and
every setting, and tries whatever these give: each secret, each value that is kept, and everything the code derives from
any of them, as key and as private half of a pair, on everything that is locked. Prints what it opened, which should be
nothing, and what it could read without opening anything.
"""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from nacl._sodium import ffi, lib
from sqlalchemy import select

from engine.all_models import metadata
from engine.database import make_engine, moment_text
from engine.disclosure import officer_keys
from engine.disclosure.case_keys import CaseName, Kind
from engine.disclosure.officer_keys import OfficerKeys, Owner
from engine.disclosure.primitives import (
    CannotOpen,
    Context,
    Cost,
    KeyPair,
    OpeningStream,
    labelled,
    pair_of,
    slow_key,
    unlock,
    unseal,
    unwrap,
)
from engine.disclosure.streams import ENCRYPTED_CHUNK

ROOT = Path(__file__).resolve().parents[2]
LOCKED, DIGEST, PUBLIC, READABLE = "locked", "digest", "public key or salt", "readable"
_BASE64 = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")
_HEX = re.compile(r"[0-9a-f]{32,}")
_LABEL = re.compile(r'b"(alur [a-z0-9 ]+)"')
_CHEAP = Cost(1, 8 * 1024)

# The tables of sealed cases, and by which column a row is one of theirs.
TABLES = {
    "cases": "id", "case_answers": "case_id", "case_keys": "case_id", "sealed_cases": "case_id", "history": "case_id",
    "tasks": "case_id", "offers": "case_id", "timers": "case_id", "comments": "case_id", "conversations": "case_id",
    "sealed_files": "case_id", "receipts": "case_id", "case_documents": "case_id", "identity_releases": "case_id",
    "case_links": "case_id", "follows": "case_id", "participants": "case_id", "exclusions": "case_id",
    "incidents": "case_id", "connector_calls": "case_id", "case_attachments": "case_id", "case_deletions": "case_id",
}  # fmt: skip
SOURCES = (
    "cases", "case_keys", "sealed_cases", "receipts", "sealed_files", "conversations", "reporter_drafts", "sessions",
    "reporter_sessions", "officer_keys", "disclosure_regions", "accounts", "pending_sign_ins",
)  # fmt: skip
WHOLE = ("reporter_drafts", "reporter_sessions", "officer_keys", "disclosure_regions", "reporter_counts")


@dataclass
class Loot:
    """What was carried away. ``passwords`` are those of officers the attacker knows: none."""

    url: str
    sealed_dir: Path
    secret_key: str
    pepper: str
    passwords: Sequence[str] = ()
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        engine = make_engine(self.url)
        with engine.connect() as connection:
            for table in metadata.sorted_tables:
                found = connection.execute(select(table)).mappings()
                self.rows[table.name] = [dict(row) for row in found]
        engine.dispose()

    @property
    def sealed(self) -> dict[int, CaseName]:
        """Sealed cases by id, as they are named in contexts."""
        regions = {row["id"]: row["key"] for row in self.rows["regions"]}
        return {
            row["id"]: CaseName(regions[row["region_id"]], row["number"])
            for row in self.rows["cases"]
            if row["is_sealed"]
        }

    def blobs(self) -> set[bytes]:
        """Everything in the tables that may be a key, or something a key is derived from."""
        values = (value for table in SOURCES for row in self.rows[table] for value in row.values())
        return {blob for value in values for blob in _binary(value) if 16 <= len(blob) <= 64}


def _binary(value: Any) -> Iterator[bytes]:
    if isinstance(value, bytes | memoryview):
        yield bytes(value)
    elif isinstance(value, Mapping | list):
        yield from _binary(orjson.dumps(value).decode())
    elif isinstance(value, str):
        for found in _BASE64.findall(value):
            try:
                yield base64.b64decode(found + "=" * (-len(found) % 4))
            except ValueError:
                continue
        for found in _HEX.findall(value):
            if len(found) % 2 == 0:
                yield bytes.fromhex(found)


# -- keys ---------------------------------------------------------------------------------------------------------


@cache
def labels() -> tuple[bytes, ...]:
    """Every label that the program derives a key with, read from its source."""
    found: set[bytes] = set()
    for folder in ("engine", "web", "delivery", "commands"):
        for path in (ROOT / folder).rglob("*.py"):
            found.update(one.encode() for one in _LABEL.findall(path.read_text(encoding="utf-8")))
    return tuple(sorted(label[:16] for label in found))


def keys(loot: Loot) -> set[bytes]:
    """Everything of 32 bytes that what was carried away holds or gives by any derivation of the program."""
    secrets, kept = {loot.secret_key.encode(), loot.pepper.encode()}, loot.blobs()
    words = {str(row["number"]).encode() for row in loot.rows["cases"]} | {b"", *secrets}
    salts = {bytes(row["salt"]) for row in loot.rows["disclosure_regions"]}
    slow = {slow_key(word, salt, _CHEAP) for word in words for salt in salts}
    found = {each[:32] for each in secrets | kept if len(each) >= 32} | slow
    for one in secrets | kept | words:
        found |= {hashlib.sha256(one).digest(), hashlib.blake2b(one, digest_size=32).digest()}
    for base in secrets | kept | slow:
        for label in labels():
            found |= {labelled(base, label), hashlib.blake2b(base, digest_size=32, person=label).digest()}
    for pepper in secrets:
        for one in slow:
            root = labelled(pepper, b"alur receipt", one)
            found |= {labelled(root, b"alur rcpt key"), labelled(root, b"alur rcpt lookup")}
    return found


def pairs(loot: Loot, tried: Iterable[bytes]) -> list[KeyPair]:
    """Each key as the private half of a pair, if its public half is anywhere; and what passwords open."""
    publics = {bytes(row["public"]) for row in [*loot.rows["officer_keys"], *loot.rows["receipts"]]}
    publics |= {bytes(row["escrow_public"]) for row in loot.rows["disclosure_regions"] if row["escrow_public"]}
    found = [pair for pair in map(pair_of, tried) if pair.public in publics]
    regions = {row["id"]: row["key"] for row in loot.rows["regions"]}
    guesses = [*loot.passwords, "", loot.secret_key, loot.pepper]
    for row in loot.rows["officer_keys"]:
        owner = Owner(regions[row["region_id"]], str(row["person_id"]))
        kept = OfficerKeys(owner, bytes(row["public"]), bytes(row["by_password"]), bytes(row["by_escrow"]))
        for guess in guesses:
            try:
                found.append(officer_keys.opened(kept, guess))
            except CannotOpen:
                continue
    return found


# -- opening ------------------------------------------------------------------------------------------------------

Target = tuple[str, str, bytes, Context]  # where, locked or wrapped or sealed or stream, ciphertext, its place


def opened(loot: Loot, tried: set[bytes]) -> list[str]:
    """Where something could be opened with these keys and what passwords give, with its first words."""
    tried, held = set(tried), pairs(loot, tried)
    found = [f"pair of {pair.public.hex()[:8]}" for pair in held]
    targets = list(targets_in(loot))
    for where, how, blob, place in targets:
        if how == "sealed":
            for pair in held:
                with suppress(CannotOpen):
                    tried.add(unseal(pair, blob, place))
                    found.append(where)
    fresh = tried
    while fresh:  # what a first key opens may be the key of something else
        said = [(where, how, _opened(how, blob, place, fresh)) for where, how, blob, place in targets]
        fresh = {key for _, how, key in said if how == "wrapped" and key is not None} - tried
        tried |= fresh
        found += [f"{where}: {words!r}" for where, _, words in said if words is not None]
    return found


def _opened(how: str, blob: bytes, place: Context, tried: Iterable[bytes]) -> bytes | None:
    for key in _fitting(blob, place.told(how.encode()), tried) if how in ("locked", "wrapped") else tried:
        with suppress(CannotOpen):
            if how == "locked":
                return unlock(key, blob, place)
            if how == "wrapped":
                return unwrap(key, blob, place)
            if how == "stream":
                stream = OpeningStream(key, blob[1:25], place)
                return stream.pull(blob[25 : 25 + ENCRYPTED_CHUNK])[0]
    return None


def _fitting(blob: bytes, told: bytes, tried: Iterable[bytes]) -> list[bytes]:
    """The keys that fit what is locked or wrapped, asked of the library at once: to try them by opening takes five
    times as long, and an attacker has hundreds of thousands of tries."""
    nonce, encrypted, fits = blob[1:25], blob[25:], lib.crypto_aead_xchacha20poly1305_ietf_decrypt
    size, long, none = len(encrypted), len(told), ffi.NULL
    return [key for key in tried if fits(none, none, none, encrypted, size, told, long, nonce, key) == 0]


def targets_in(loot: Loot) -> Iterator[Target]:
    """Everything that is locked, with the place the program gives it."""
    for case_id, name in loot.sealed.items():
        for table, column in TABLES.items():
            for row in loot.rows[table]:
                if row[column] == case_id:
                    yield from _of_case(table, row, name)
        for row in loot.rows["drafts"]:
            if row["subject"] == f"case:{case_id}":
                yield from _locked("drafts.answers", row["answers"], name.context(f"draft:{row['person_id']}"))
    regions = {row["id"]: row["key"] for row in loot.rows["regions"]}
    for row in loot.rows["reporter_drafts"]:
        name = CaseName(regions[row["region_id"]], f"draft:{row['id']}")
        yield from _locked("reporter_drafts.locked", row["locked"], name.context("draft"))
    for row in loot.rows["receipts"]:
        if row["wrapped"]:
            name = CaseName(regions[row["region_id"]], f"draft:{row['draft_id']}")
            yield "receipts.wrapped", "sealed", base64.b64decode(row["wrapped"]), name.context("draft-key")
    for row in loot.rows["reporter_sessions"]:
        yield from _locked("reporter_sessions.locked", row["locked"], Context("reporter", row["id_hash"], "page"))
    for row in loot.rows["sessions"]:
        if row["sealed_key"]:
            place = Context("session", f"officer:{row['person_id']}", "private-key")
            yield "sessions.sealed_key", "wrapped", bytes(row["sealed_key"]), place
    for row in loot.rows["officer_keys"]:
        owner = Owner(regions[row["region_id"]], str(row["person_id"]))
        head = len(row["by_password"]) - 73  # version, passes, memory, salt; then the wrapped key
        yield "officer_keys.by_password", "wrapped", bytes(row["by_password"][head:]), owner.context("private-key")
        yield "officer_keys.by_escrow", "sealed", bytes(row["by_escrow"]), owner.context("escrowed-key")
    for row in loot.rows["sealed_files"]:
        path = loot.sealed_dir / row["id"][:2] / row["id"]
        place = Context(regions[row["region_id"]], f"file:{row['id']}", "bytes")
        yield f"file {row['id'][:6]}", "stream", path.read_bytes(), place


def _of_case(table: str, row: Mapping[str, Any], name: CaseName) -> Iterator[Target]:
    places = {
        "case_answers": {"answers": "answers"},
        "sealed_cases": {"declared": "declared", "identity": "identity"},
        "history": {
            "comment": f"comment:{row.get('seq')}", "details": f"details:{row.get('seq')}",
            "answers_changed": f"changed:{row.get('seq')}", "item": f"item:{row.get('seq')}",
        },
        "comments": {"text": f"remark:{row.get('person_id')}:{_moment(row.get('said_at'))}"},
        "conversations": {"locked": f"message:{row.get('id')}"},
        "sealed_files": {"about": f"file:{row.get('id')}"},
        "case_documents": {"answers": f"document:{row.get('field')}:{row.get('revision')}"},
    }.get(table, {})  # fmt: skip
    for column, place in places.items():
        yield from _locked(f"{table}.{column}", row[column], name.context(place))
    if table == "case_keys":
        yield f"case_keys {row['kind']}", "sealed", base64.b64decode(row["sealed"]), name.context(Kind(row["kind"]))
    if table == "sealed_files":
        yield "sealed_files.wrapped", "wrapped", base64.b64decode(row["wrapped"]), name.context(f"file-key:{row['id']}")


def _locked(where: str, value: Any, place: Context) -> Iterator[Target]:
    text_of = value.get("$sealed") if isinstance(value, Mapping) else value
    if isinstance(text_of, str) and len(text_of) > 50:
        yield where, "locked", base64.b64decode(text_of), place


def _moment(moment: Any) -> str:
    return moment_text(moment) if moment is not None else ""


# -- reading ------------------------------------------------------------------------------------------------------


def kind_of(value: Any) -> str | None:
    """How a value lies there; None for one that says nothing."""
    if value in (None, "", 0, False, {}, []):
        return None
    if isinstance(value, bytes | memoryview):
        return PUBLIC if len(bytes(value)) in (16, 32) else LOCKED
    if isinstance(value, str) and value[:1] in ("{", "["):
        value = orjson.loads(value)
        if value in ({}, []):
            return None
    if isinstance(value, Mapping):
        return LOCKED if set(value) == {"$sealed"} else READABLE
    if isinstance(value, str):
        if re.fullmatch(r"[0-9a-f]{32}|[0-9a-f]{64}", value):
            return DIGEST
        if value.startswith("~") or (len(value) > 60 and _BASE64.fullmatch(value)):
            return LOCKED
    return READABLE


def _is_about(subject: str, sealed: Mapping[int, CaseName]) -> bool:
    kind, _, number = subject.partition(":")
    return kind == "case" and int(number) in sealed


_ABOUT: dict[str, Callable[[Mapping[str, Any], Mapping[int, CaseName]], bool]] = {
    "messages": lambda row, sealed: row["notification"] == "sealed",
    "drafts": lambda row, sealed: _is_about(row["subject"], sealed),
    "audit_entries": lambda row, sealed: _is_about(row["subject"], sealed),
    "anchors": lambda row, sealed: any(leaf[0] in sealed for leaf in row["leaves"]),
    "sessions": lambda row, sealed: row["sealed_key"] is not None,
}


def learned(loot: Loot) -> list[str]:
    """``table.column`` of what can be read of sealed cases without opening anything."""
    found: set[str] = set()
    for table, column in TABLES.items():
        for row in loot.rows.get(table, ()):
            if row[column] in loot.sealed or (table == "sealed_files" and row["draft_id"]):
                found |= {f"{table}.{name}" for name, value in row.items() if kind_of(value) == READABLE}
    for table in WHOLE:
        for row in loot.rows[table]:
            found |= {f"{table}.{name}" for name, value in row.items() if kind_of(value) == READABLE}
    for table, is_theirs in _ABOUT.items():
        for row in loot.rows[table]:
            if is_theirs(row, loot.sealed):
                found |= {f"{table}.{name}" for name, value in row.items() if kind_of(value) == READABLE}
    return sorted(found)


def main(url: str, sealed_dir: str, secret_key: str, pepper: str) -> int:
    """Prints what came of it; 1 when anything could be opened."""
    loot = Loot(url, Path(sealed_dir), secret_key, pepper)
    tried = keys(loot)
    found = opened(loot, tried)
    print(f"opened {len(found)} with {len(tried)} keys on {len(list(targets_in(loot)))} locked things")
    print("\n".join([*found, "readable without a key:", *learned(loot)]))
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:5]))
