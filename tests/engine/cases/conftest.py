"""Cases on paper for tests: a definition written as YAML in the test, played by people who are only names."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from engine.cases.paper import Happened, PaperCase, read_given
from engine.definitions.load import build
from engine.definitions.model import Definition, Duration
from engine.facts import Command
from engine.vocabulary import load

HEAD = """
schema: casework/1
case_type: sample
version: 1.0.0
title: {id: Contoh, en: Sample}
legal_basis: ["Perpres 29/2014"]
"""
CALENDAR = """
calendars:
  office: {timezone: Asia/Jakarta, working_days: [mon, tue, wed, thu, fri], holidays: []}
"""
FORM = """
schema: casework-form/1
form: sample
version: 1.0.0
title: {id: Contoh, en: Sample}
fields:
  text: {type: text, title: {id: Teks, en: Text}}
  amount: {type: money, title: {id: Jumlah, en: Amount}}
  count: {type: integer, title: {id: Hitungan, en: Count}, default: 0}
  day: {type: date, title: {id: Hari, en: Day}}
  people: {type: list, of: person, title: {id: Orang, en: People}}
  names: {type: list, of: text, title: {id: Nama, en: Names}, min_items: 2, max_items: 9}
  owner: {type: person, title: {id: Pemilik, en: Owner}}
  lines:
    type: table
    title: {id: Baris, en: Lines}
    columns:
      what: {type: text, title: {id: Apa, en: What}}
      who: {type: person, title: {id: Siapa, en: Who}}
sections:
  all:
    order: 10
    title: {id: Semua, en: All}
    fields: {text: {order: 1}, amount: {order: 2}, count: {order: 3}, day: {order: 4}, people: {order: 5}, names: {order: 6}, owner: {order: 7}, lines: {order: 8}}
"""
ROLES = """
roles:
  starter: {title: {id: Pembuka, en: Starter}, resolve: initiator}
  clerk: {title: {id: Petugas, en: Clerk}, resolve: {group: clerks}}
  head: {title: {id: Kepala, en: Head}, resolve: {group: heads}}
  finance: {title: {id: Keuangan, en: Finance}, resolve: {group: finance}}
  planning: {title: {id: Perencanaan, en: Planning}, resolve: {group: planning}}
  legal: {title: {id: Hukum, en: Legal}, resolve: {group: legal}}
"""


def define(written: str, *, form: str = FORM, roles: str = ROLES, calendar: str = CALENDAR) -> Definition:
    """The definition written below; it must have no errors."""
    text = HEAD + roles + calendar + textwrap.dedent(written)
    files = {"workflows/sample.yaml": text, "forms_config/sample.yaml": form}
    definition, problems = build(files, "sample", load())
    assert definition is not None, [f"{each.line}: {each.code} {each.message.en}" for each in problems]
    return definition


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
