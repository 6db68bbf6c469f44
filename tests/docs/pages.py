"""A page of the manual as a test walks it: prose, files to save, commands with what they say."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAVED = re.compile(r"Save as `([^`]+)`:\s*\Z")
CHANGED = re.compile(r"`([^`]+)`\s+instead\s+of\s+`([^`]+)`")
IN_FILE = re.compile(r"In `([^`]+)` write")


def pieces(page: str) -> Iterator[tuple[str, str, str]]:
    """The prose before each fenced block, the block's language and its text."""
    end = 0
    for fence in FENCE.finditer(page):
        yield page[end : fence.start()], fence[1], fence[2]
        end = fence.end()


def commands(block: str) -> Iterator[tuple[list[str], list[str], int]]:
    """Each command with the lines expected of it and its exit code."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *lines = part.splitlines()
        codes = [int(line[6:-1]) for line in lines if line.startswith("[exit ")]
        words = shlex.split(command)
        assert words[0] == "flask", command
        yield words[1:], [line for line in lines if line and not line.startswith("[exit ")], (codes or [0])[0]


def says(output: str, expected: list[str]) -> None:
    """The lines stand in the output in this order; the page's dots are whatever comes."""
    at = 0
    for line in expected:
        pattern = ".*".join(re.escape(part) for part in line.split("…"))
        found = re.compile(pattern).search(output, at)
        assert found, f"{line!r} is not in:\n{output}"
        at = found.end()
