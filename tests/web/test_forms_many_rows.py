"""Thousands of rows: what cannot be a page any more is told at its field, and the page stays one."""

from __future__ import annotations

from collections.abc import Callable

from engine.cases.drafts import of_case, save
from engine.database import Database
from engine.definitions.model import Field, Text
from engine.field_types.table import MOST_ALTOGETHER, rows_within
from tests.conftest import FrozenClock
from tests.web.conftest import Browser
from tests.web.region import Regency
from web.posted import Operation, operate, read_posted

LARGEST_PAGE = 25_000_000  # bytes; a row is a dozen boxes


def rows(outer: int, inner: int) -> dict[str, str]:
    posted = {"goals.#": "1"}
    for goal in range(outer):
        posted[f"goals.{goal}.code"] = "S"
        posted |= {f"goals.{goal}.indicators.{number}.code": "I" for number in range(inner)}
    return posted


def test_more_rows_than_a_page_can_show_are_refused_at_the_table(
    browser_of: Callable[..., Browser], case_id: int
) -> None:
    sari = browser_of("sari")
    address = f"/case/{case_id}/edit?section=annex"
    sari.get(address)
    assert sari.post(address, {"op": "save:", **rows(120, 60)}).status_code == 303
    page = sari.get(f"{address}&check=1")
    assert len(page.data) < LARGEST_PAGE
    assert "Paling banyak 1000 baris; baris di dalam baris ikut dihitung." in page.text
    sari.get(address)
    added = sari.post(address, {"op": "add:goals.0.indicators", **rows(120, 60)}, follow_redirects=True)
    assert "Paling banyak 1000 baris" in added.text


def test_of_posted_rows_one_more_is_kept_than_there_may_be() -> None:
    def table(key: str, **columns: Field) -> Field:
        return Field(key, "table", Text(key, key), None, False, None, "ordinary", None, {}, columns)

    code = Field("code", "text", Text("c", "c"), None, False, None, "ordinary", None, {}, {})
    goals = table("goals", code=code, indicators=table("indicators", code=code))
    raw = read_posted(rows(400, 10).items(), {"goals": goals})
    assert rows_within(raw["goals"], goals) == MOST_ALTOGETHER + 1
    full = read_posted(rows(100, 9).items(), {"goals": goals})
    assert rows_within(full["goals"], goals) == MOST_ALTOGETHER
    operate(Operation("add", "goals.3.indicators"), {"goals": goals}, full)
    operate(Operation("paste", "goals.3.indicators"), {"goals": goals}, full, "A\nB\nC")
    assert rows_within(full["goals"], goals) == MOST_ALTOGETHER
    operate(Operation("remove", "goals.3.indicators.0"), {"goals": goals}, full)
    operate(Operation("paste", "goals.4.indicators"), {"goals": goals}, full, "A\nB\nC")
    assert rows_within(full["goals"], goals) == MOST_ALTOGETHER


def test_a_draft_kept_with_more_rows_opens_as_far_as_a_page_goes(
    browser_of: Callable[..., Browser], case_id: int, pages_database: Database, regency: Regency, clock: FrozenClock
) -> None:
    goals = [{"code": "S", "indicators": [{"code": "I"}] * 400} for _ in range(100)]
    with pages_database.writing.begin() as session:
        save(
            session, regency.people["sari"], of_case(case_id), form="performance_agreement", answers={"goals": goals},
            now=clock(), revision=1,
        )  # fmt: skip
    page = browser_of("sari").get(f"/case/{case_id}/edit?section=annex&check=1")
    assert page.status_code == 200
    assert len(page.data) < LARGEST_PAGE
    assert "Paling banyak 1000 baris" in page.text
