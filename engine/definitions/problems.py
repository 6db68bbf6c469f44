"""What a check reports: a place in a file, a code of the reference (§12), a sentence per language, a suggestion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple, Protocol

from engine.definitions.model import Text

MAXIMUM_COMPARED = 600  # names a mistyped one is compared with: enough for people, bounded for hostile files
MAXIMUM_COMPARISONS = 60_000  # in all findings together
ERROR = "error"
WARNING = "warning"

WARNING_CODES = frozenset(
    ("WF013", "WF029", "WF030", "WF031", "WF040", "WF060", "WF100", "WF113", "WF122"),
)


class Position(NamedTuple):
    """A place in a file; line and column count from 1, columns in characters."""

    file: str
    line: int
    column: int


class Placed(Protocol):
    """Anything that knows where it stands: a position, a node."""

    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. ``level`` follows from the code unless ``told_as`` says it, for codes of a field on top of the
    engine; ``suggestion`` is the text to put there instead, or None."""

    file: str
    line: int
    column: int
    code: str
    message: Text
    suggestion: str | None = None
    told_as: str | None = None

    @property
    def level(self) -> str:
        """``error`` or ``warning`` (reference §12)."""
        return self.told_as or (WARNING if self.code in WARNING_CODES else ERROR)

    @property
    def is_error(self) -> bool:
        """Whether this keeps a definition from being used."""
        return self.level == ERROR

    @property
    def position(self) -> Position:
        """Where it points."""
        return Position(self.file, self.line, self.column)


class Guesses:
    """Looks for what mistyped names stand for, until that has cost about a second in all."""

    def __init__(self) -> None:
        self._left = MAXIMUM_COMPARISONS

    def nearest(self, word: str, known: Iterable[str]) -> str | None:
        """The known word nearest to a mistyped one, or None."""
        words = list(known)
        self._left -= min(len(words), MAXIMUM_COMPARED)
        return closest(word, words) if self._left >= 0 else None


class Problems:
    """Collects findings: at most one a token; there an error wins over a warning, and the first over later ones."""

    def __init__(self) -> None:
        self._by_token: dict[tuple[str, int, int], Problem] = {}
        self._guesses = Guesses()

    def add(self, code: str, at: Placed, indonesian: str, english: str, suggestion: str | None = None) -> None:
        """Report ``code`` at the token ``at``, in both languages."""
        self.take(Problem(at.file, at.line, at.column, code, Text(indonesian, english), suggestion))

    def take(self, problem: Problem) -> None:
        """Add a finding made elsewhere."""
        token = (problem.file, problem.line, problem.column)
        present = self._by_token.get(token)
        if present is None or (problem.is_error and not present.is_error):
            self._by_token[token] = problem

    def take_all(self, problems: Iterable[Problem]) -> None:
        """Add many findings made elsewhere."""
        for problem in problems:
            self.take(problem)

    def nearest(self, word: str, known: Iterable[str]) -> str | None:
        """The known word a mistyped one stands for, as long as looking does not cost seconds in all."""
        return self._guesses.nearest(word, known)

    @property
    def has_errors(self) -> bool:
        """Whether anything found so far is of level error."""
        return any(problem.is_error for problem in self._by_token.values())

    def sorted(self) -> list[Problem]:
        """All findings by file, line and column."""
        return sorted(self._by_token.values(), key=lambda problem: problem.position)


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word nearest to a mistyped one, or None when nothing is near."""
    word = word[:80]
    words = [each for each in known if each != word and abs(len(each) - len(word)) <= 4]
    other_capitals = next((each for each in words if each.casefold() == word.casefold()), None)
    if other_capitals is not None:
        return other_capitals
    found = get_close_matches(word, words[:MAXIMUM_COMPARED], n=1, cutoff=0.6)
    return found[0] if found else None


def shorten(text: str, limit: int = 60) -> str:
    """A text as a message may repeat it: on one line, cut when it is long."""
    line = " ".join(text.split()) if text else text
    return line if len(line) <= limit else line[: limit - 1] + "…"


def did_you_mean(suggestion: str | None) -> Text:
    """The tail of a message that names the nearest known word; empty without one."""
    if suggestion is None:
        return Text("", "")
    return Text(f' Maksud Anda "{suggestion}"?', f' Did you mean "{suggestion}"?')
