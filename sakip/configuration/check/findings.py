"""What the checks of one file collect: findings, each with the places that brought it about."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from engine.definitions.model import Text
from engine.definitions.problems import ERROR, WARNING, Guesses, Placed, Problem, did_you_mean, shorten
from engine.definitions.source import Node

Path = tuple[str, ...]
ANY = "*"  # one key, whichever
BELOW = "**"  # at the end of a path: anything in it
WARNINGS = frozenset(("WF201", "WF208", "WF209", "WF229", "WF230", "WF241"))


@dataclass(frozen=True, slots=True)
class Cause:
    """A place whose change may have brought a finding about: a path in the file of a schema (None: the file that was
    checked). ``*`` stands for one key, ``**`` at the end for all below. With ``losing`` only a change counts that took
    away something of that name."""

    path: Path
    schema: str | None = None
    losing: str | None = None

    def is_touched_by(self, path: Path) -> bool:
        """Whether a change at ``path`` changes what stands here: here itself, around it, or below after ``**``."""
        wanted, takes_below = self.path, False
        if wanted[-1:] == (BELOW,):
            wanted, takes_below = wanted[:-1], True
        if len(path) > len(wanted) and not takes_below:
            return False
        return all(one in (ANY, other) for one, other in zip(wanted, path, strict=False))


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding with the schema of the file that was checked and its causes, the likeliest first."""

    problem: Problem
    schema: str
    because: tuple[Cause, ...]


class Findings:
    """Collects the findings of one file; the caller keeps at most one a token."""

    def __init__(self, schema: str, guesses: Guesses | None = None) -> None:
        self.schema = schema
        self.found: list[Finding] = []
        self._guesses = guesses or Guesses()

    def add(
        self,
        code: str,
        at: Placed,
        indonesian: str,
        english: str,
        because: Iterable[Path | Cause] = (),
        suggestion: str | None = None,
        told_as: str | None = None,
    ) -> None:
        """Report ``code`` at the token ``at``, in both languages; ``because`` are the places to blame for it."""
        level = told_as or (WARNING if code in WARNINGS else ERROR)
        problem = Problem(at.file, at.line, at.column, code, Text(indonesian, english), suggestion, level)
        causes = tuple(one if isinstance(one, Cause) else Cause(one) for one in because)
        self.found.append(Finding(problem, self.schema, causes))

    def unknown(
        self,
        at: Node,
        what: Text,
        known: Iterable[str],
        because: Iterable[Path | Cause] = (),
        code: str = "WF202",
    ) -> None:
        """A name nobody knows, with the nearest one that exists; ``what`` it should have been, in both languages."""
        name, names = str(at.value), list(known)
        near = self._guesses.nearest(name, names)
        hint = did_you_mean(near)
        self.add(
            code,
            at,
            f'Tidak ada {what.id} "{shorten(name)}".{hint.id}',
            f'There is no {what.en} "{shorten(name)}".{hint.en}',
            because,
            near,
        )

    def known(self, at: Node | None, what: Text, names: Collection[str], within: Path | Cause | None = None) -> bool:
        """Whether a text that is there is one of ``names``; WF202 if not. ``within`` is where those names stand: who
        took this one away there is to blame. What is no text is told by whoever reads the file."""
        if at is None or not isinstance(at.value, str):
            return False
        if at.value in names:
            return True
        causes: list[Path | Cause] = []
        if isinstance(within, Cause):
            causes.append(Cause((*within.path, at.value), within.schema))
        elif within is not None:
            causes.append((*within, at.value))
        self.unknown(at, what, names, causes)
        return False
