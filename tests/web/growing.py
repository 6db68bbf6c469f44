"""Pages whose data grows: many cases like one, and how many statements a page asks of the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from engine.cases.models import Case, CaseAnswers
from engine.database import Database
from tests.web.browser import Browser


def cases_like(session: Session, case_id: int, count: int, answers: Mapping[str, Any]) -> list[int]:
    """Cases that stand where one stands, with these answers: the rows alone, as nobody does anything in them."""
    kept = session.get_one(Case, case_id)
    same = {column.key: getattr(kept, column.key) for column in Case.__table__.columns if column.key != "id"}
    last = session.scalar(select(func.max(Case.id)))
    made = [Case(**{**same, "number": f"{kept.number}/{last}/{number}"}) for number in range(count)]
    session.add_all(made)
    session.flush()
    session.add_all(CaseAnswers(case_id=one.id, answers=dict(answers)) for one in made)
    return [one.id for one in made]


def statements_of(database: Database, browser: Browser, address: str) -> int:
    """How many statements a page asks when it is opened the second time, those on the driver's own cursor too."""
    browser.get(address)
    said: list[str] = []

    def listen(driver: Any, *_record: Any) -> None:
        driver.set_trace_callback(said.append)

    event.listen(database.engine, "checkout", listen)
    try:
        assert browser.get(address).status_code == 200
    finally:
        event.remove(database.engine, "checkout", listen)
        with database.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.set_trace_callback(None)
    return len(said)
