"""A line of the queue says in whose name one has it, on both databases."""

from __future__ import annotations

from datetime import date

import pytest

from engine.cases.queue_page import queue_page
from engine.definitions.model import Text
from tests.engine.cases.test_standing_in import mandate, reviewed
from tests.factories import a_holder
from tests.kept import Kept


def told(kept: Kept, person: str) -> list[Text | None]:
    return [row.stands_in_for for row in queue_page(kept.session, kept.people[person].id, kept.now).rows]


DEDI = Text("Dedi", "Dedi")


@pytest.mark.parametrize("kind", ["delegate", "out_of_office"])
def test_a_line_says_for_whom_one_stands_in_before_and_after_it_was_taken(kept: Kept, kind: str) -> None:
    mandate(kept, "dedi", "pia", kind)
    reviewed(kept)
    assert told(kept, "pia") == [DEDI]
    assert told(kept, "dedi") == told(kept, "hana") == [None]
    assert kept.do("pia", "claim") is None
    assert told(kept, "pia") == [DEDI]


def test_it_says_so_for_an_office_held_by_decree(kept: Kept) -> None:
    a_holder(kept.session, kept.positions["dedi"], kept.people["pia"], "plt", date(2026, 3, 1), date(2026, 4, 30))
    reviewed(kept)
    assert told(kept, "pia") == [DEDI]


def test_it_says_nothing_of_what_one_may_do_in_ones_own_right_too(kept: Kept) -> None:
    mandate(kept, "dedi", "hana")
    reviewed(kept)
    assert told(kept, "hana") == [None]


def test_a_task_that_was_delegated_says_by_whom(kept: Kept) -> None:
    reviewed(kept)
    assert kept.do("hana", "delegate", "cuti", to="pia") is None
    assert told(kept, "pia") == [Text("Hana", "Hana")]
    assert kept.do("pia", "release") is None
    assert told(kept, "pia") == [Text("Hana", "Hana")]
    assert told(kept, "dedi") == [None]


def test_a_page_asks_once_more_for_a_stand_in_however_many_lines_it_has(kept: Kept) -> None:
    mandate(kept, "dedi", "pia")
    reviewed(kept)
    few = asked(kept, "pia") - asked(kept, "hana")
    for _ in range(4):
        kept.open()
        assert kept.do("ani", "submit") is None
    assert told(kept, "pia") == [DEDI] * 5
    assert asked(kept, "pia") - asked(kept, "hana") == few


def asked(kept: Kept, person: str) -> int:
    """How many statements a page of this person's queue takes; SQLite's driver tells, the other database runs them."""
    told(kept, person)  # what is kept for the next page is read before
    found: list[str] = []
    driver = kept.session.connection().connection.driver_connection
    if hasattr(driver, "set_trace_callback"):
        driver.set_trace_callback(found.append)
        told(kept, person)
        driver.set_trace_callback(None)
    return len(found)
