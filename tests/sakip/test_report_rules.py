"""Evidence and explanations of a report's rows, and an indicator's rule in words (reference §5.14, §13.2)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.definitions.model import Text
from engine.definitions.scope import Scope
from engine.timers.calendar import calendar_of
from sakip.facts.deadlines import entry_until
from sakip.how import in_words
from sakip.plan import Indicator
from sakip.report_rules import Row, check_rows
from tests.sakip.measuring import ask, the_rules

GOOD, BAD = {"q1": 10}, {"q1": 1}
ALL = {"drivers": "d", "obstacles": "o", "actions": "a"}


def row(realised: Any = GOOD, *, evidence: int = 1, **texts: str | None) -> Row:
    return Row("r1", ask("maximise", {"q1": 10}, realised, "q1"), False, evidence, texts)


def lacking(*rows: Row, **patch: Any) -> list[tuple[str, str, str]]:
    return [(one.code, one.row, one.field) for one in check_rows(the_rules(**patch), rows)]


def test_5_14_too_little_evidence_is_field_invalid_with_the_row() -> None:
    assert lacking(row(evidence=0)) == [("field_invalid", "r1", "evidence")]
    assert lacking(row(evidence=1)) == []
    assert lacking(row(evidence=2), evidence={"minimum": 3}) == [("field_invalid", "r1", "evidence")]
    assert lacking(row(evidence=0), evidence={"minimum": 0}) == []


def test_5_14_a_row_in_a_band_that_asks_is_explained_in_every_field() -> None:
    fields = [("field_invalid", "r1", name) for name in ("drivers", "obstacles", "actions")]
    assert lacking(row(BAD)) == fields
    assert lacking(row(BAD, drivers="  ", obstacles="o", actions=None)) == [fields[0], fields[2]]
    assert lacking(row(BAD, **ALL)) == []
    assert lacking(row(GOOD)) == []


def test_5_14_a_value_that_is_not_issued_has_nothing_to_prove() -> None:
    not_out = Row("r1", ask("maximise", {"q1": 10}, {}, "q1"), True, 0, {})
    assert lacking(not_out) == []


def test_5_14_the_sentence_names_what_is_missing() -> None:
    (evidence,) = check_rows(the_rules(), [row(evidence=0)])
    assert evidence.message == Text("Bukti kurang: 0 dari 1.", "Too little evidence: 0 of 1.")
    drivers = check_rows(the_rules(), [row(BAD)])[0]
    assert drivers.message.id == "Wajib dijelaskan. Kategori: Di bawah target."


def test_13_2_direction_and_consolidation_are_said_in_words() -> None:
    rules = the_rules()
    assert in_words(rules, Indicator("number", "maximise")) == Text(
        "makin tinggi makin baik; nilai terakhir", "higher is better; last value"
    )
    lower = in_words(rules, Indicator("number", direction="lower", consolidation="sum"))
    assert lower == Text("makin rendah makin baik; dijumlahkan", "lower is better; added up")
    assert in_words(rules, Indicator("number")).id == "tanpa metode; nilai terakhir"
    assert in_words(rules, Indicator("number", "maximise", consolidation="median")).id == "makin tinggi makin baik"


@pytest.mark.parametrize(
    ("span", "expected"),
    (
        ({"working_days": 2}, date(2025, 7, 2)),  # a Tuesday and a Wednesday after a Monday
        ({"working_hours": 15}, date(2025, 7, 2)),  # two days of office hours
        ({"working_hours": 16}, date(2025, 7, 3)),
        ({"days": 2}, date(2025, 7, 2)),
        ({"hours": 25}, date(2025, 7, 2)),
    ),
)
def test_5_a_period_is_entered_until_so_long_after_its_last_day(span: dict[str, int], expected: date) -> None:
    rules = the_rules(periods={"quarterly": {"items": {"q2": {"entry_until": {"working_days": None, **span}}}}})
    assert entry_until(rules, "q2", 2025, Scope(calendar=calendar_of(None))) == expected
