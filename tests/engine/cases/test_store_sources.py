"""Rows that a part of the installation proposes from the database when a case opens, and choices it gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.fire import fire
from engine.cases.open import Opened, open_case
from engine.cases.simulate import run_all
from engine.cases.stored import read_case
from engine.changes import Refusal
from engine.definitions.load import build
from engine.definitions.model import Text
from engine.errors import AlurError
from engine.facts import Command
from engine.field_types.question import Context
from engine.field_types.sources import ROW_CHECKS, SOURCES, STORE_SOURCES, RowFault, rows_check, source, store_source
from engine.organisation.models import Region, Unit
from engine.publishing.publish import publish
from engine.vocabulary import load
from tests.factories import a_person, a_region, a_unit

FILES = {
    "workflows/count.yaml": """
schema: casework/1
case_type: count
version: 1.0.0
title: {id: Hitung unit, en: Count of units}
legal_basis: [PP 1/2020]
roles: {clerk: {title: {id: Petugas, en: Clerk}, resolve: initiator}}
lifecycle:
  initial: counting
  states:
    counting:
      title: {id: Hitung, en: Counting}
      task: {candidates: [clerk], form: count, fields: {level: edit, rows: edit, unit: edit}}
      transitions: {finish: {to: over, title: {id: Selesai, en: Finish}}}
    over: {type: final, title: {id: Selesai, en: Over}}
scenarios:
  on_paper_the_answer_is_given:
    given: {initiator: ani, data: {level: agency, rows: [{name: Dinas}]}}
    steps: [{as: ani, do: finish, expect: {state: over}}]
""",
    "forms_config/count.yaml": """
schema: casework-form/1
form: count
version: 1.0.0
title: {id: Hitung, en: Count}
fields:
  level: {type: text, title: {id: Jenjang, en: Level}}
  unit: {type: choice, title: {id: Unit, en: Unit}, options_from: tests.units}
  rows:
    type: table
    title: {id: Unit, en: Units}
    columns: {name: {type: text, title: {id: Nama, en: Name}}}
    rows_from: {source: tests.unit_rows, with: {level: case.level}}
sections:
  all: {order: 10, title: {id: Isi, en: Content}, fields: {level: {order: 1}, unit: {order: 2}, rows: {order: 3}}}
""",
}


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    """Two sources that are gone after the test."""

    @store_source("tests.unit_rows")
    def rows(session: Session, region_id: int, context: Context, values: Mapping[str, Any]) -> list[dict[str, str]]:
        query = select(Unit.name).where(Unit.region_id == region_id, Unit.level == values["level"]).order_by(Unit.name)
        return [{"row_key": name, "name": name} for name in session.scalars(query)]

    @store_source("tests.units")
    def units(session: Session, region_id: int, context: Context, values: Mapping[str, Any]) -> dict[str, Any]:
        found = session.scalars(select(Unit).where(Unit.region_id == region_id))
        return {unit.key: {"title": {"id": unit.name, "en": unit.name}} for unit in found}

    @rows_check("tests.unit_rows")
    def look(
        session: Session, region_id: int, context: Context, values: Mapping[str, Any],
        rows: Sequence[Mapping[str, Any]], is_final: bool,
    ) -> Iterator[RowFault]:  # fmt: skip
        for place, row in enumerate(rows):
            if row.get("name") == "Dinas Khayal":
                yield RowFault(place, "name", "no_such_unit", Text("Tidak ada.", "There is none."))
            elif values["level"] is None:
                yield RowFault(place, "name", "no_level", Text("Tanpa jenjang.", "Without a level."))
        if is_final and values["level"] == "agency" and len(rows) < 2:
            yield RowFault(None, "", "row_missing", Text("Kurang.", "One is missing."))

    yield
    del STORE_SOURCES["tests.unit_rows"], STORE_SOURCES["tests.units"], ROW_CHECKS["tests.unit_rows"]


@pytest.fixture
def region(session: Session, now: datetime) -> Region:
    region = a_region(session)
    for name, level in (("Dinas Sosial", "agency"), ("Dinas Pasar", "agency"), ("Kecamatan Utara", "district")):
        a_unit(session, region, name=name, level=level)
    a_unit(session, a_region(session), name="Dinas Lain", level="agency")
    publish(
        session, FILES, "count", reason="Berlaku", by=None, region=None, vocabulary=load(), now=now, prove=lambda _: ()
    )
    return region


def opened(session: Session, region: Region, now: datetime, **answers: Any) -> Opened | Refusal:
    person = a_person(session, region_id=region.id)
    return open_case(
        session, region_id=region.id, case_type="count", person_id=person.id, answers=answers, now=now
    )  # fmt: skip


def test_rows_are_proposed_from_the_regions_own_data_with_a_key_each(
    session: Session, region: Region, now: datetime
) -> None:
    case = opened(session, region, now, level="agency")
    assert isinstance(case, Opened)
    rows = read_case(session, case.case_id, now).facts.answers["rows"]
    assert [(row["row_key"], row["name"]) for row in rows] == [
        ("Dinas Pasar", "Dinas Pasar"), ("Dinas Sosial", "Dinas Sosial")
    ]  # fmt: skip


def test_rows_that_are_given_are_not_asked_for(session: Session, region: Region, now: datetime) -> None:
    case = opened(session, region, now, level="agency", rows=[{"name": "Satu"}])
    assert isinstance(case, Opened)
    assert [row["name"] for row in read_case(session, case.case_id, now).facts.answers["rows"]] == ["Satu"]


def test_a_choice_is_one_of_the_regions_own(session: Session, region: Region, now: datetime) -> None:
    keys = {unit.name: unit.key for unit in session.scalars(select(Unit))}
    assert isinstance(opened(session, region, now, unit=keys["Dinas Sosial"]), Opened)
    refused = opened(session, region, now, unit=keys["Dinas Lain"])
    assert isinstance(refused, Refusal) and [fault.path for fault in refused.faults] == ["unit"]


def test_who_proposed_the_rows_says_what_is_wrong_with_them_by_row_and_what_is_missing_at_the_end(
    session: Session, region: Region, now: datetime
) -> None:
    refused = opened(session, region, now, level="agency", rows=[{"name": "Satu"}, {"name": "Dinas Khayal"}])
    assert isinstance(refused, Refusal)
    assert [(fault.path, fault.code) for fault in refused.faults] == [("rows.1.name", "no_such_unit")]
    case = opened(session, region, now, level="agency", rows=[{"name": "Satu"}])
    assert isinstance(case, Opened)
    person = read_case(session, case.case_id, now).facts.initiator
    assert person is not None
    short = fire(session, case.case_id, Command("finish", person), now=now)
    assert isinstance(short, Refusal)
    assert [(fault.path, fault.code) for fault in short.faults] == [("rows", "row_missing")]
    both = {"rows": [{"name": "Satu"}, {"name": "Dua"}]}
    assert not isinstance(fire(session, case.case_id, Command("finish", person, answers=both), now=now), Refusal)


def test_on_paper_a_scenario_gives_the_rows() -> None:
    definition, problems = build(FILES, "count", load())
    assert definition is not None and problems == []
    assert [result.passed for result in run_all(definition)] == [True]


def test_a_name_is_registered_once() -> None:
    with pytest.raises(AlurError, match="registered by"):
        source("tests.units")(_somebody_elses)
    assert "tests.units" not in SOURCES


def _somebody_elses(context: Context, values: Mapping[str, Any]) -> Any:
    return {}


_somebody_elses.__module__ = "elsewhere"


def test_rows_are_held_against_the_answers_beside_them_in_whatever_order_these_are_sent(
    session: Session, region: Region, now: datetime
) -> None:
    last: dict[str, Any] = {"rows": [{"name": "Dinas Pasar"}], "level": "agency"}
    case = opened(session, region, now, **last)
    assert isinstance(case, Opened), case
    assert read_case(session, case.case_id, now).facts.answers["rows"] == [{"name": "Dinas Pasar"}]
