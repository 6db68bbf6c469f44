"""XML of office files: read without entities, and written with the prefixes it came with."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from delivery.cleaning.unfit import Unfit

MOST = 1_500_000  # elements of one part: a sheet of 70,000 rows with ten cells
LARGEST = 60 * 1024 * 1024  # bytes of one part; as objects they take about ten times as much
_XML = "http://www.w3.org/XML/1998/namespace"


@dataclass
class Part:
    """A parsed part. ``prefixes`` are all it declared; a compatibility list may name one that no element uses."""

    root: Element
    prefixes: dict[str, str]  # prefix -> namespace


def prepare() -> None:
    """Loads what reading and writing XML need later, when no file can be opened."""
    serialise(parse(b'<a xmlns="b"/>'))


def parse(content: bytes) -> Part:
    """Raises Unfit for what is no XML, declares a document type or entities, or is too large.

    One that is too deep is found when it is written, by Python's own limit."""
    # Counted before a single object is made of them; each element has at least one sign of this and at most two.
    if len(content) > LARGEST or content.count(b"<") > 2 * MOST:
        raise Unfit("too_much_inside")
    prefixes: dict[str, str] = {}
    try:
        reading = iterparse(io.BytesIO(content), events=("start-ns",), forbid_dtd=True)
        for _, (prefix, in_space) in reading:
            prefixes.setdefault(prefix, in_space)
    except DefusedXmlException:
        raise Unfit("too_much_inside") from None
    except (ParseError, ValueError, LookupError):
        raise Unfit("damaged") from None
    return Part(reading.root, prefixes)


def serialise(part: Part) -> bytes:
    """The part in UTF-8. Comments and processing instructions were left when it was read."""
    names = _Names(part.prefixes)
    body = io.StringIO()
    _write(part.root, names, body.write)
    text = body.getvalue()
    # The first tag ends after its name; the declarations go there, once all prefixes are known.
    place = len(names.of_element(part.root.tag)) + 1
    declared = "".join(
        f" xmlns{':' if prefix else ''}{prefix}={quoteattr(space)}" for prefix, space in names.declared() if space
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return (head + text[:place] + declared + text[place:]).encode("utf-8", "replace")


def parents(root: Element) -> Iterator[tuple[Element, Element]]:
    """(parent, child) for every element below ``root``, taken before the caller changes anything."""
    return iter([(parent, child) for parent in root.iter() for child in parent])


def local(tag: str) -> str:
    """The name without its namespace."""
    return tag.rpartition("}")[2]


def space(tag: str) -> str:
    """The namespace of a name, or ""."""
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def remove(parent: Element, child: Element) -> None:
    """Takes ``child`` out, and keeps the text behind it."""
    at = list(parent).index(child)
    if child.tail and child.tail.strip():
        if at:
            parent[at - 1].tail = (parent[at - 1].tail or "") + child.tail
        else:
            parent.text = (parent.text or "") + child.tail
    parent.remove(child)


class _Names:
    """Names as they were written: ``{space}local`` -> ``prefix:local``."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        self._prefixes = dict(prefixes)
        self._of_space: dict[str, str] = {_XML: "xml"}
        for prefix, space_ in prefixes.items():
            if space_ not in self._of_space or not self._of_space[space_]:
                self._of_space[space_] = prefix
        # An element of the default namespace keeps it: readers of office files are not all forgiving.
        self._default = prefixes.get("")
        self._known: dict[tuple[str, bool], str] = {}

    def of_element(self, tag: str) -> str:
        return self._name(tag, True)

    def of_attribute(self, name: str) -> str:
        return self._name(name, False)

    def declared(self) -> list[tuple[str, str]]:
        return sorted(self._prefixes.items())

    def _name(self, tag: str, is_element: bool) -> str:
        key = (tag, is_element)
        if key not in self._known:
            self._known[key] = self._made(tag, is_element)
        return self._known[key]

    def _made(self, tag: str, is_element: bool) -> str:
        in_space = space(tag)
        if not in_space:
            # Without a namespace, under a default one: it can be undeclared on this element only; office files never
            # do so.
            if is_element and self._default:
                raise Unfit("damaged")
            return tag
        if is_element and in_space == self._default:
            return local(tag)
        prefix = self._of_space.get(in_space)
        if not prefix:
            prefix = f"n{len(self._prefixes)}"
            while prefix in self._prefixes:
                prefix += "_"
            self._prefixes[prefix] = in_space
            self._of_space[in_space] = prefix
        return f"{prefix}:{local(tag)}"


def _write(element: Element, names: _Names, write: Callable[[str], object]) -> None:
    name = names.of_element(element.tag)
    write(f"<{name}")
    for key, value in element.items():
        write(f" {names.of_attribute(key)}={quoteattr(value, _KEPT_SPACES)}")
    if element.text or len(element):
        write(">")
        if element.text:
            write(escape(element.text, _KEPT_RETURN))
        for child in element:
            _write(child, names, write)
            if child.tail:
                write(escape(child.tail, _KEPT_RETURN))
        write(f"</{name}>")
    else:
        write("/>")


# Written plainly, a reader would turn these into other signs.
_KEPT_RETURN = {"\r": "&#13;"}
_KEPT_SPACES = {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
