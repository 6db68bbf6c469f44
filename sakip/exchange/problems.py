"""What is wrong with a file that is brought in: where, which code, and a sentence in both languages (reference §12)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.definitions.model import Text

MOST_PROBLEMS = 1_000  # told of one file; whoever has more has one mistake many times


@dataclass(frozen=True, slots=True)
class Problem:
    """``row`` counts from 1 as spreadsheets do (0: the whole sheet or file), ``column`` is the letter over it, in YAML
    the key; ``sheet`` is "" where a file has none."""

    sheet: str
    row: int
    column: str
    code: str
    message: Text


class FileRefused(Exception):
    """The file as a whole cannot be taken; ``problem`` says why."""

    def __init__(self, code: str, indonesian: str, english: str, *, sheet: str = "", row: int = 0) -> None:
        super().__init__(english)
        self.problem = Problem(sheet, row, "", code, Text(indonesian, english))


class Findings:
    """The problems of one file in their order, no more than a person can read; ``count`` is of all of them, ``rows``
    how many rows they are of."""

    def __init__(self) -> None:
        self._found: list[Problem] = []
        self.count = self.rows = 0

    def add(self, sheet: str, row: int, column: str, code: str, indonesian: str, english: str) -> None:
        """Keep one more."""
        self.take(Problem(sheet, row, column, code, Text(indonesian, english)))

    def take(self, problem: Problem) -> None:
        """Keep one that is made already."""
        self.count += 1
        if self.count <= MOST_PROBLEMS:
            self._found.append(problem)

    def all(self) -> list[Problem]:
        """Those of whole sheets first, then by row; a last one tells how many more there are."""
        found = sorted(self._found, key=lambda one: (one.sheet, one.row))
        more = self.count - len(self._found)
        if more:
            words = Text(f"Masih ada {more} masalah lain.", f"There are {more} more problems.")
            found.append(Problem("", 0, "", "too_many_problems", words))
        return found


def letter(column: int) -> str:
    """What a spreadsheet calls its column, counted from 0: A, B … Z, AA."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
