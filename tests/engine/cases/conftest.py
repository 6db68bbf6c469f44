"""Cases on paper for tests: a definition written as YAML in the test, played by people who are only names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine.cases.paper import Happened, PaperCase, read_given
from engine.definitions.model import Definition, Duration
from engine.facts import Command
from tests.engine.cases.written import CALENDAR, FORM, ROLES, define
from tests.kept import Kept, a_kept_world


class Played:
    """A case on paper in words: ``do`` gives the refusal's code or None."""

    def __init__(self, definition: Definition, given: Mapping[str, Any]) -> None:
        users = {"clerk": ["carla"], "head": ["hana"], "finance": ["fina"], "planning": ["pia"], "legal": ["leo"]}
        whole = {"initiator": "ani", "clock": "2026-03-02", **given}
        whole["users"] = {**users, **given.get("users", {})}
        self.case = PaperCase(definition, read_given(definition, whole))
        self.last: Happened = self.case.opening

    def do(
        self, person: str, action: str, comment: str = "", *, data: Mapping[str, Any] | None = None,
        inside: str | None = None, item: str | None = None, **more: Any,
    ) -> str | None:  # fmt: skip
        """One act; the code it was refused with, or None."""
        command = Command(action, person, state=inside, item=item, comment=comment, answers=data or {}, **more)
        before = self.case.facts
        self.last = self.case.act(command)
        if self.last.refusal is None:
            return None
        assert self.case.facts is before, "a refusal changes nothing"
        return self.last.refusal.code

    def advance(self, **duration: int) -> list[str]:
        """The clock moves; the timers that fired."""
        ((unit, amount),) = duration.items()
        self.last = self.case.advance(Duration(unit, amount))
        return self.last.fired

    @property
    def states(self) -> list[str]:
        return list(self.case.leaves)

    @property
    def ended(self) -> bool:
        return self.case.facts.state.is_ended

    def candidates(self, inside: str | None = None) -> list[str]:
        return sorted(map(str, self.case.candidates(inside)))

    def answer(self, field: str) -> Any:
        return self.case.facts.answers.get(field)

    @property
    def incidents(self) -> list[str]:
        return self.last.incidents


@pytest.fixture
def play() -> Callable[..., Played]:
    """``play(yaml, **given)`` opens a case on paper of the definition written there."""

    def begin(written: str, *, form: str = FORM, roles: str = ROLES, calendar: str = CALENDAR, **given: Any) -> Played:
        return Played(define(written, form=form, roles=roles, calendar=calendar), given)

    return begin


@pytest.fixture
def kept(session: Session, now: datetime) -> Kept:
    """A small office on the store, on both databases: publish, open, do."""
    return a_kept_world(session, now)
