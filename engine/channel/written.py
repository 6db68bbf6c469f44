"""A channel's file read strictly by the table of its keys; every finding at once, each at its line and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any
from urllib.parse import urlsplit

from engine.channel.schema import KEYS, SCHEMA, Key
from engine.definitions.nodes import Entry, Node
from engine.definitions.options import bytes_of
from engine.definitions.problems import Problems
from engine.definitions.reading import Reader, first_line
from engine.definitions.scalars import MAP, TEXT

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\Z")
HEADS = ("schema", "region")


class Written:
    """One channel being read: values as plain Python by key, and where each key of the file stands."""

    def __init__(self, problems: Problems) -> None:
        self.reader = Reader(problems)

    def head(self, root: Node, region: str | None) -> None:
        """The keys a file begins with: ``schema``, and ``region`` in a region's file alone."""
        needed = ("schema",) if region is None else HEADS
        entries = self.reader.keys(first_line(root), (*needed, *KEYS), needed, whole_file=True)
        self.reader.choice(entries.get("schema"), (SCHEMA,))
        if region is not None:
            self.reader.choice(entries.get("region"), (region,))

    def whole(self, root: Node) -> dict[str, Any]:
        """The values of a complete channel, the base's with the region's over them."""
        return self._block(first_line(root), KEYS, (*HEADS, *KEYS), whole_file=True)

    def _block(
        self, entry: Entry, keys: Mapping[str, Key], allowed: tuple[str, ...] | None = None, *, whole_file: bool = False
    ) -> dict[str, Any]:
        needed = [name for name, key in keys.items() if key.is_needed]
        given = self.reader.keys(entry, allowed or tuple(keys), needed, whole_file)
        return {name: self._value(given[name], key) for name, key in keys.items() if name in given}

    def _value(self, entry: Entry, key: Key) -> Any:
        if key.kind == "block":
            return self._block(entry, key.inner)
        if key.kind == "entries":
            return self._entries(entry, key)
        if key.kind == "integer":
            return self.reader.integer(entry, key.minimum, key.maximum)
        if key.kind == "choice":
            return self.reader.choice(entry, key.choices)
        return _READERS[key.kind](self.reader, entry)

    def _entries(self, entry: Entry, key: Key) -> dict[str, dict[str, Any]]:
        if key.choices:
            named = self.reader.keys(entry, key.choices)
        else:
            named = self.reader.keyed(entry)
        found = {
            name: self._block(one, key.inner) for name, one in named.items() if not key.choices or name in key.choices
        }
        return dict(sorted(found.items(), key=lambda each: each[1].get("order") or 0))


def _text(reader: Reader, entry: Entry) -> Any:
    node = entry.value
    if node.kind == TEXT:  # one text for both languages would leave half of the readers without theirs
        reader.wrong(node, "Tulis {id: …, en: …}.", "Write {id: …, en: …}.")
        return None
    return reader.optional_title(entry)


def _size(reader: Reader, entry: Entry) -> int | None:
    written = reader.optional_text(entry)
    if written is None:
        return None
    size = bytes_of(written)
    if size is None:
        reader.wrong(entry.value, "Harus ukuran seperti 500 kB atau 10 MB.", "Must be a size like 500 kB or 10 MB.")
    return size


def _address(reader: Reader, entry: Entry) -> str | None:
    written = reader.optional_text(entry)
    if written is None:
        return None
    if _is_url(written, "https"):
        return written
    reader.wrong(entry.value, "Harus alamat yang diawali https://.", "Must be an address beginning with https://.")
    return None


def _onion(reader: Reader, entry: Entry) -> str | None:
    written = reader.optional_text(entry)
    if written is None:
        return None
    if _is_url(written, "http") and str(urlsplit(written).hostname).endswith(".onion"):
        return written
    reader.wrong(entry.value, "Harus alamat http://….onion.", "Must be an address http://….onion.")
    return None


def _is_url(written: str, scheme: str) -> bool:
    try:
        parts = urlsplit(written)
        return parts.scheme == scheme and bool(parts.hostname) and not parts.username and written.isprintable()
    except ValueError:
        return False


def _times(reader: Reader, entry: Entry) -> tuple[time, ...]:
    found = []
    for node in reader.name_nodes(entry):
        match = _TIME.match(str(node.value))
        if match is None:
            reader.wrong(node, 'Harus jam seperti "08:00".', 'Must be a time like "08:00".')
        else:
            found.append(time(int(match[1]), int(match[2])))
    return tuple(sorted(found))


def _networks(reader: Reader, entry: Entry) -> tuple[IPv4Network | IPv6Network, ...]:
    found = []
    for node in reader.name_nodes(entry):
        try:
            found.append(ip_network(str(node.value)))
        except ValueError:
            reader.wrong(node, "Harus jaringan seperti 10.0.0.0/8.", "Must be a network like 10.0.0.0/8.")
    return tuple(found)


def _values(reader: Reader, entry: Entry) -> dict[str, Any]:
    if entry.value.kind != MAP:
        reader.wrong_kind(entry.value, MAP)
        return {}
    return {name: inner.value.plain() for name, inner in entry.value.entries.items()}


def _day(reader: Reader, entry: Entry) -> date | None:
    return reader.date(entry)


_READERS: Mapping[str, Callable[[Reader, Entry], Any]] = {
    "text": _text,
    "word": lambda reader, entry: reader.optional_text(entry),
    "boolean": lambda reader, entry: reader.boolean(entry),
    "names": lambda reader, entry: reader.names(entry),
    "size": _size,
    "address": _address,
    "onion": _onion,
    "day": _day,
    "times": _times,
    "networks": _networks,
    "values": _values,
}
