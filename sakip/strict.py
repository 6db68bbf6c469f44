"""Reads a file of a known shape strictly: every value by name and kind, and nothing that has no name is passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from engine.definitions import source
from engine.definitions.model import Text
from engine.definitions.source import Node

_TEXTS = (source.TEXT, source.INTEGER, source.DECIMAL)  # what stands for a text: a number as it stands
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """One thing that does not fit: where in the file (``agreement.sasaran[3].kode``, line from 1) and why."""

    path: str
    line: int
    message: Text


class Findings:
    """Collects problems in the order of the file."""

    def __init__(self) -> None:
        self._found: list[ImportProblem] = []

    def add(self, path: str, line: int, indonesian: str, english: str) -> None:
        """Report one problem."""
        self._found.append(ImportProblem(path, line, Text(indonesian, english)))

    def __bool__(self) -> bool:
        return bool(self._found)

    def all(self) -> list[ImportProblem]:
        """Every problem, by line."""
        return sorted(self._found, key=lambda problem: problem.line)


class Part:
    """A map of the file. Values are asked for by key; ``close`` reports the keys nobody asked for."""

    def __init__(self, node: Node, path: str, findings: Findings) -> None:
        self.node = node
        self.path = path
        self._findings = findings
        self._asked: set[str] = set()

    def at(self, key: str) -> str:
        """The path of a key of this map."""
        return f"{self.path}.{key}" if self.path else key

    def value(self, key: str) -> Node | None:
        """The node of a key, or None when it is missing or null."""
        self._asked.add(key)
        node = self.node.get(key)
        return None if node is None or node.kind == source.NULL else node

    def skip(self, *keys: str) -> None:
        """These keys are known and hold nothing that is taken over."""
        self._asked.update(keys)

    def report(self, key: str, indonesian: str, english: str) -> None:
        """A problem with the value of a key."""
        node = self.node.get(key)
        self._findings.add(self.at(key), (node or self.node).line, indonesian, english)

    def text(self, key: str, required: bool = False) -> str | None:
        """Text, or a number as it stands; null and missing are None."""
        node = self._found(key, required)
        if node is None:
            return None
        if node.kind in _TEXTS:
            return str(node.value).strip() or None
        self.report(key, "Harus berupa teks.", "Must be text.")
        return None

    def number(self, key: str, required: bool = False) -> Decimal | None:
        """A number; text is reported."""
        node = self._found(key, required)
        if node is None:
            return None
        if node.kind in (source.INTEGER, source.DECIMAL):
            return Decimal(node.value)
        self.report(key, "Harus berupa bilangan.", "Must be a number.")
        return None

    def integer(self, key: str, required: bool = False) -> int | None:
        """A whole number."""
        number = self.number(key, required)
        if number is not None and number != int(number):
            self.report(key, "Harus berupa bilangan bulat.", "Must be a whole number.")
            return None
        return None if number is None else int(number)

    def flag(self, key: str) -> bool:
        """true or false; missing is false."""
        node = self._found(key, False)
        if node is not None and node.kind != source.BOOLEAN:
            self.report(key, "Harus true atau false.", "Must be true or false.")
            return False
        return bool(node and node.value)

    def date(self, key: str, required: bool = False) -> date | None:
        """A day written as 2025-01-20."""
        text = self.text(key, required)
        if text is None:
            return None
        try:
            if _DATE.match(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        self.report(key, f'"{text}" bukan tanggal. Contoh: 2025-01-20.', f'"{text}" is no date. Example: 2025-01-20.')
        return None

    def choice(self, key: str, meanings: Mapping[str, str], required: bool = False) -> str | None:
        """What the file's word means here."""
        text = self.text(key, required)
        if text is None:
            return None
        meaning = meanings.get(text.casefold())
        if meaning is None:
            known = ", ".join(meanings)
            self.report(key, f'"{text}" tidak dikenal. Yang dikenal: {known}.', f'"{text}" is unknown. Known: {known}.')
        return meaning

    def part(self, key: str, required: bool = False) -> Part | None:
        """A map below this one."""
        node = self._found(key, required)
        if node is None:
            return None
        if node.kind != source.MAP:
            self.report(key, "Harus berupa peta kunci dan nilai.", "Must be a map of keys and values.")
            return None
        return Part(node, self.at(key), self._findings)

    def parts(self, key: str, required: bool = False) -> Iterator[Part]:
        """The maps of a list."""
        node = self._found(key, required)
        if node is None:
            return
        if node.kind != source.LIST:
            self.report(key, "Harus berupa daftar.", "Must be a list.")
            return
        for number, item in enumerate(node.items):
            path = f"{self.at(key)}[{number}]"
            if item.kind != source.MAP:
                self._findings.add(path, item.line, "Harus berupa peta.", "Must be a map.")
                continue
            yield Part(item, path, self._findings)

    def texts(self, key: str) -> list[str]:
        """A list of texts."""
        node = self._found(key, False)
        if node is None:
            return []
        if node.kind != source.LIST or any(item.kind not in _TEXTS for item in node.items):
            self.report(key, "Harus berupa daftar teks.", "Must be a list of texts.")
            return []
        return [str(item.value) for item in node.items]

    def close(self) -> None:
        """Report every key nobody asked for."""
        for name, entry in self.node.entries.items():
            if name in self._asked:
                continue
            near = get_close_matches(name, self._asked, 1)
            hint_id = f' Maksudnya "{near[0]}"?' if near else ""
            hint_en = f' Did you mean "{near[0]}"?' if near else ""
            self._findings.add(
                self.at(name),
                entry.key.line,
                f'Kunci "{name}" tidak dikenal.{hint_id}',
                f'Unknown key "{name}".{hint_en}',
            )

    def _found(self, key: str, required: bool) -> Node | None:
        node = self.value(key)
        if node is None and required:
            self.report(key, "Wajib diisi.", "Must be given.")
        return node


class Answers:
    """Answers being gathered, each remembering the place in the file it came from."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self._places: dict[str, tuple[str, int]] = {}

    def came_from(self, answer: str, path: str, line: int) -> None:
        """Remember the place of an answer (``goals.0.code``)."""
        self._places[answer] = (path, line)

    def place(self, answer: str) -> tuple[str, int]:
        """The place of an answer, or of the nearest thing around it."""
        while answer:
            if answer in self._places:
                return self._places[answer]
            answer = answer.rpartition(".")[0]
        return self._places.get("", ("agreement", 1))
