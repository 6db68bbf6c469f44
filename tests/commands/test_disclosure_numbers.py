"""``flask disclosure statistics``: what an operator without a key is told of sealed cases (T81)."""

from __future__ import annotations

from datetime import datetime

from engine.changes import Refusal
from engine.database import Database
from tests.commands.conftest import Terminal
from tests.sealed_office import a_sealed_office


def test_t81_an_operator_is_told_years_and_nothing_below_three(
    office: Terminal, database: Database, now: datetime
) -> None:
    with database.writing.begin() as session:
        inspectorate = a_sealed_office(session, now, "kab_tersegel")
        for _ in range(2):
            assert not isinstance(inspectorate.report(), Refusal)
    asked = ("disclosure", "statistics", "--region", "kab_tersegel")
    assert office.run(*asked).out == "2026: –\n"
    with database.writing.begin() as session:
        inspectorate.session = session
        for _ in range(2):
            assert not isinstance(inspectorate.report(), Refusal)
    assert office.run(*asked).out == "2026: Ditangani: 4, Selesai: 0\n"
    assert office.run(*asked, "--format", "json", "--lang", "en").json == [
        {"year": 2026, "lines": {"Being handled": 4, "Ended": 0}}
    ]
    assert inspectorate.number not in office.run(*asked).out
