"""Reads XML of strangers as a stream of events: no document type, no entity, no token without an end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol
from xml.parsers import expat

from sakip.exchange.packed import bomb, broken

LONGEST_TOKEN = 1024 * 1024  # a tag of that length is an attack: the parser would keep all of it
DEEPEST = 60


class Listener(Protocol):
    """What is told of a document; names come without their namespace."""

    def starts(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def ends(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """A piece of text."""


def walk(chunks: Iterable[bytes], listener: Listener) -> Iterable[None]:
    """Tell a listener of a document, one step a chunk so that it can be stopped in between. Raises FileRefused."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def starts(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise broken()
        listener.starts(name.rpartition(" ")[2], attributes)

    def ends(name: str) -> None:
        nonlocal depth
        depth -= 1
        listener.ends(name.rpartition(" ")[2])

    def refuse(*_: object) -> int:
        raise broken()

    parser.StartElementHandler, parser.EndElementHandler = starts, ends
    parser.CharacterDataHandler = listener.text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse  # entities come with a document type only
    fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - max(parser.CurrentByteIndex, 0) > LONGEST_TOKEN:
                raise bomb()
            yield
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as fault:
        raise broken() from fault
    yield


def attribute(attributes: dict[str, str], name: str) -> str | None:
    """An attribute whatever its namespace."""
    if name in attributes:
        return attributes[name]
    return next((value for key, value in attributes.items() if key.rpartition(" ")[2] == name), None)
