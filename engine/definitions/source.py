"""YAML text becomes nodes that know their file, line and column; everything the reference forbids (§1) is reported.

Scalars are read by our own rules: only ``true``, ``false``, ``null``, whole numbers and decimals are not text.
PyYAML's C parser is used for its events alone; it never builds a value.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import yaml

from engine.definitions.nodes import Entry, Node
from engine.definitions.problems import Position, Problem, Problems, shorten
from engine.definitions.scalars import (
    BOOLEAN,
    DECIMAL,
    INTEGER,
    LIST,
    MAP,
    NULL,
    TEXT,
    is_changed_elsewhere,
    read_scalar,
)
from engine.definitions.yaml_faults import sentence

__all__ = ["BOOLEAN", "DECIMAL", "INTEGER", "LIST", "MAP", "NULL", "TEXT", "Entry", "Node", "read"]

MAXIMUM_BYTES = 512 * 1024
MAXIMUM_DEPTH = 40
TAB = ("Lekukan memakai tab. Pakai dua spasi.", "Tab as indentation. Use two spaces.")
RECENTLY_READ = 128  # files kept as nodes, which never change: publishing a region's pack reads its tree several times
STOPPING_DEPTH = 80  # the C parser's time grows with the square of the depth: no use in reading on

_NOT_PRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read(text: bytes | str | None, file: str, problems: Problems) -> Node | None:
    """The root node of one file, or None when it cannot be read or is empty; never raises for any input.

    None as ``text`` is a file that could not even be opened.
    """
    if text is None:
        problems.add("WF001", Position(file, 1, 1), "Berkas tidak dapat dibuka.", "The file cannot be opened.")
        return None
    root, found = _read(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"), file)
    problems.take_all(found)
    return root


@lru_cache(maxsize=RECENTLY_READ)
def _read(content: bytes, file: str) -> tuple[Node | None, tuple[Problem, ...]]:
    found = Problems()
    decoded = _decode(content, file, found)
    root = None if decoded is None else _Builder(decoded, file, found).build()
    return root, tuple(found.sorted())


def _decode(content: bytes, file: str, problems: Problems) -> str | None:
    if len(content) > MAXIMUM_BYTES:
        problems.add(
            "WF005",
            Position(file, 1, 1),
            f"Berkas terlalu besar: lebih dari {MAXIMUM_BYTES} bita.",
            f"The file is too large: more than {MAXIMUM_BYTES} bytes.",
        )
        return None
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as fault:
        before = content[: fault.start].decode("utf-8", "replace")
        at = _position_of(before, len(before), file)
        problems.add("WF001", at, "Berkas bukan teks UTF-8.", "The file is not UTF-8 text.")
        return None
    found = _NOT_PRINTABLE.search(text)
    if found:
        _report_control(found.group(), _position_of(text, found.start(), file), problems)
        return None
    return text


def _report_control(character: str, at: Position, problems: Problems) -> None:
    code = f"U+{ord(character):04X}"
    problems.add(
        "WF001", at, f"YAML tidak terbaca: tanda kendali {code}.", f"YAML cannot be read: control character {code}."
    )


def _position_of(text: str, offset: int, file: str) -> Position:
    line = text.count("\n", 0, offset) + 1
    return Position(file, line, offset - (text.rfind("\n", 0, offset) + 1) + 1)


class _Builder:
    """Turns the parser's events into nodes, in one pass without recursion."""

    def __init__(self, text: str, file: str, problems: Problems) -> None:
        self.text = text
        self.file = file
        self.problems = problems
        self.spans: list[tuple[int, int]] = []  # first and last line of scalars of several lines
        self.too_deep = False

    def build(self) -> Node | None:
        root: Node | None = None
        failure: yaml.YAMLError | None = None
        try:
            root = self._document()
        except yaml.YAMLError as fault:
            failure = fault
        tabs = self._tabs(failure)
        if failure is None:
            return root
        if not tabs and not self.too_deep:
            self._unreadable(failure)
        return None

    def _document(self) -> Node | None:
        events: Iterator[Any] = yaml.parse(self.text, Loader=yaml.CSafeLoader)
        root: Node | None = None
        documents = 0
        stack: list[_Open] = []
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                root = self._place(self._scalar(event), stack, root)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                is_map = kind is yaml.MappingStartEvent
                if event.anchor is not None or event.tag is not None:
                    self._marks(event)
                opened = Node(MAP if is_map else LIST, {} if is_map else [], self._at(event))
                root = self._place(opened, stack, root)
                stack.append(_Open(opened))
                if len(stack) > STOPPING_DEPTH:
                    break
                if len(stack) == MAXIMUM_DEPTH + 1:
                    self._report_depth(opened)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                stack.pop()
            elif kind is yaml.AliasEvent:
                at = self._at(event)
                self._forbidden(at, f"alias *{event.anchor}", f"an alias *{event.anchor}")
                root = self._place(Node(NULL, None, at), stack, root)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    at = self._at(event)
                    self.problems.add("WF004", at, "Dokumen kedua dalam berkas.", "A second document in the file.")
                    break
                if event.tags:
                    self._forbidden(self._at(event), "petunjuk tag", "a tag directive")
        return root

    def _report_depth(self, node: Node) -> None:
        self.too_deep = True
        self.problems.add(
            "WF005",
            node,
            f"Terlalu dalam: lebih dari {MAXIMUM_DEPTH} tingkat.",
            f"Too deep: more than {MAXIMUM_DEPTH} levels.",
        )

    def _place(self, node: Node, stack: list[_Open], root: Node | None) -> Node:
        """Hang ``node`` into the collection that is open; the first node of all is the root."""
        if root is None:
            return node
        top = stack[-1]
        if len(stack) > MAXIMUM_DEPTH:
            return root
        if top.node.kind == LIST:
            top.node.value.append(node)
        elif top.key is None:
            top.key = node
            self._check_key(node, top.node)
        else:
            entries: dict[str, Entry] = top.node.value
            name = str(top.key.value)
            if top.key.kind not in (MAP, LIST) and name not in entries:
                entries[name] = Entry(top.key, node)
            top.key = None
        return root

    def _check_key(self, key: Node, owner: Node) -> None:
        if key.kind in (MAP, LIST):
            self.problems.add("WF012", key, "Kunci harus berupa teks.", "A key must be text.")
            return
        if key.value == "<<" and key.is_plain:
            self._forbidden(key.position, "kunci gabung <<", "a merge key <<")
            return
        if key.kind != TEXT:
            key.value = "null" if key.value is None else str(key.value).lower()
            key.kind = TEXT
        first: Entry | None = owner.value.get(key.value)
        if first is not None:
            self.problems.add(
                "WF003",
                key,
                f'Kunci "{shorten(key.value)}" ditulis dua kali; yang pertama di baris {first.key.line}.',
                f'Key "{shorten(key.value)}" stands twice; the first is on line {first.key.line}.',
            )

    def _scalar(self, event: Any) -> Node:
        if event.anchor is not None or event.tag is not None:
            self._marks(event)
        start, end = event.start_mark, event.end_mark
        line = start.line + 1
        if end.line >= line:
            self.spans.append((line, end.line + (1 if end.column else 0)))
        at = (self.file, line, start.column + 1)
        text: str = event.value
        if event.style:
            if event.style == '"' and (found := _NOT_PRINTABLE.search(text)):  # written as an escape
                _report_control(found.group(), Position(*at), self.problems)
                text = _NOT_PRINTABLE.sub("\ufffd", text)  # so that it can be drawn
            return Node(TEXT, text, at)
        kind, value = read_scalar(text)
        node = Node(kind, value, at, is_plain=True)
        if kind == TEXT and is_changed_elsewhere(text):
            self.problems.add(
                "WF013",
                node,
                f'"{shorten(text)}" dibaca lain oleh pembaca YAML lain. Beri tanda kutip.',
                f'Other YAML readers take "{shorten(text)}" for something else. Quote it.',
                f'"{shorten(text)}"',
            )
        return node

    def _marks(self, event: Any) -> None:
        if event.anchor is not None:
            self._forbidden(self._at(event), f"jangkar &{event.anchor}", f"an anchor &{event.anchor}")
        elif event.tag is not None:
            self._forbidden(self._at(event), f"tag {event.tag}", f"a tag {event.tag}")

    def _forbidden(self, at: Position, indonesian: str, english: str) -> None:
        indonesian, english = shorten(indonesian), shorten(english)
        self.problems.add("WF004", at, f"Tidak boleh dipakai: {indonesian}.", f"Not allowed: {english}.")

    def _at(self, event: Any) -> Position:
        return Position(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _tabs(self, failure: yaml.YAMLError | None) -> bool:
        """Report lines indented by a tab; when the text cannot be read, only if that may be the reason."""
        if "\t" not in self.text:
            return False
        failed_at = _failure_line(failure)
        starts = [first for first, _ in self.spans]
        found = False
        for number, line in enumerate(self.text.split("\n"), 1):
            rest = line.lstrip(" ")
            if not rest.startswith("\t") or not rest.strip():
                continue
            span = bisect_left(starts, number) - 1  # the last text of several lines that begins above
            inside_text = span >= 0 and number <= self.spans[span][1]
            is_harmless = rest.lstrip()[0] == "#" if failed_at is None else number > failed_at + 1
            if inside_text or is_harmless:
                continue
            found = True
            self.problems.add("WF002", Position(self.file, number, len(line) - len(rest) + 1), *TAB)
        return found

    def _unreadable(self, failure: yaml.YAMLError) -> None:
        mark = getattr(failure, "problem_mark", None) or getattr(failure, "context_mark", None)
        at = Position(self.file, mark.line + 1, mark.column + 1) if mark else Position(self.file, 1, 1)
        lines = self.text.splitlines() or [""]
        if at.line > len(lines):  # behind the end of a text whose last line is not ended
            at = Position(self.file, len(lines), len(lines[-1]) + 1)
        said = str(getattr(failure, "problem", None) or getattr(failure, "reason", "") or "")
        if "tab character" in said or lines[at.line - 1][at.column - 1 : at.column] == "\t":
            self.problems.add("WF002", at, *TAB)
            return
        told = sentence(said)
        self.problems.add("WF001", at, told.id, told.en)


class _Open:
    """A collection being filled; ``key`` waits for its value."""

    __slots__ = ("key", "node")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.key: Node | None = None


def _failure_line(failure: yaml.YAMLError | None) -> int | None:
    if failure is None:
        return None
    mark = getattr(failure, "problem_mark", None) or getattr(failure, "context_mark", None)
    return mark.line + 1 if mark else 1
