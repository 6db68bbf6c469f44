"""Tests on codes: a smallest text that raises the code at a marked token, and a nearest that is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.engine.definitions.leave import FORM, WORKFLOW, Change, changed, leave, shown, unmarked


@dataclass(frozen=True)
class Case:
    """``faulty`` changes the clean case type and marks the token; ``sound`` is the nearest that is right.

    ``also`` are codes the same fault brings with it elsewhere.
    """

    code: str
    what: str
    faulty: Sequence[Change]
    sound: Sequence[Change] = ()
    in_form: bool = False
    also: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.code} {self.what}"


def check(case: Case) -> None:
    """The code stands at the marked token and nothing else is found; the nearest text has no finding."""
    source = FORM if case.in_form else WORKFLOW
    text, place = unmarked(changed(source, *case.faulty))
    problems = leave(form=text) if case.in_form else leave(text)
    at = [(each.line, each.column) for each in problems if each.code == case.code]
    assert place in at, shown(problems)
    others = {each.code for each in problems} - {case.code} - case.also
    assert not others, shown(problems)
    assert len(at) == 1 or case.also, shown(problems)
    if case.sound:
        near = changed(source, *case.sound)
        near_problems = leave(form=near) if case.in_form else leave(near)
        assert not near_problems, shown(near_problems)
