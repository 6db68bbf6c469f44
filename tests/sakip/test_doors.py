"""What the field registers with the engine, and where (reference §1, §3): one file, every door of the table."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from sqlalchemy.orm import Session

from config import ROOT
from engine.cases.open import Opened, open_case
from engine.cases.stored import read_case
from engine.changes import Refusal
from engine.connectors import CONNECTORS, title_of
from engine.field_types.sources import STORE_SOURCES
from engine.publishing.kinds import KINDS
from engine.publishing.publish import publish
from engine.vocabulary import load
from tests.sakip.measured import YEAR
from tests.sakip.measuring_office import a_measuring_office, a_year
from tests.sakip.tree_office import Office

REGISTERING = {
    "engine.cases.whose": {"case_unit"},
    "engine.connectors": {"connector"},
    "engine.field_types.sources": {"source", "store_source", "rows_check"},
    "engine.jobs": {"job"},
    "engine.publishing.kinds": {"register", "rests_on_case_types"},
}
THE_FIELD = ("sakip", "web/performance", "commands")

FILES = {
    "workflows/remark.yaml": """
schema: casework/1
case_type: remark
version: 1.0.0
title: {id: Catatan indikator, en: Remark on an indicator}
legal_basis: [PP 1/2020]
roles: {writer: {title: {id: Penulis, en: Writer}, resolve: initiator}}
lifecycle:
  initial: writing
  states:
    writing:
      title: {id: Menulis, en: Writing}
      task: {candidates: [writer], form: remark, fields: {year: edit, indicator: edit, rows: edit}}
      transitions: {finish: {to: over, title: {id: Selesai, en: Finish}}}
    over: {type: final, title: {id: Selesai, en: Over}}
""",
    "forms_config/remark.yaml": """
schema: casework-form/1
form: remark
version: 1.0.0
title: {id: Catatan, en: Remark}
fields:
  year: {type: year, title: {id: Tahun, en: Year}}
  indicator: {type: choice, title: {id: Indikator, en: Indicator}, options_from: sakip.indicators}
  rows:
    type: table
    title: {id: Baris, en: Rows}
    columns:
      indicator: {type: text, title: {id: Indikator, en: Indicator}}
      unit: {type: text, title: {id: Satuan, en: Unit}}
      target: {type: text, title: {id: Target, en: Target}}
    rows_from: {source: sakip.indicators, with: {year: case.year}}
sections:
  all: {order: 10, title: {id: Isi, en: Content}, fields: {year: {order: 1}, indicator: {order: 2}, rows: {order: 3}}}
""",
}


def test_1_only_one_file_registers_anything_with_the_engine() -> None:
    found = {
        str(path.relative_to(ROOT)): sorted(set(_registered(path)))
        for folder in THE_FIELD
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {path: names for path, names in found.items() if names} == {
        "sakip/doors.py": [
            "case_unit",
            "connector",
            "job",
            "register",
            "rests_on_case_types",
            "rows_check",
            "store_source",
        ]
    }


def _registered(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from REGISTERING.get(node.module or "", set()) & {name.name for name in node.names}


def test_what_goes_on_to_the_field_has_a_name_for_people_in_both_languages() -> None:
    titles = {name: title_of(name) for name in CONNECTORS if name.startswith("sakip.")}
    assert all(one.id != one.en and name not in (one.id, one.en) for name, one in titles.items())
    assert len({one.id for one in titles.values()}) == len(titles)


def test_3_every_door_of_the_reference_is_open() -> None:
    assert {f"sakip.{name}" for name in (
        "tree_in_force", "edge_agreed", "agreement_in_force", "action_plan_in_force", "realisations_reported",
        "realisations_verified", "tier_locked", "evaluation_closed", "follow_up_state", "report_published",
    )} <= CONNECTORS.keys()  # fmt: skip
    assert {f"sakip.{name}" for name in (
        "annex", "indicators", "due_rows", "worksheet", "lkjip",
    )} <= STORE_SOURCES.keys()  # fmt: skip
    assert {kind for kind in KINDS if kind.startswith("sakip-")} == {
        "sakip-levels", "sakip-measurement", "sakip-evaluation", "sakip-whatif",
    }  # fmt: skip


def remark(office: Office, by: str, **answers: object) -> Opened | Refusal:
    return open_case(
        office.session, region_id=office.region.id, case_type="remark", person_id=office.people[by].id,
        answers={"year": YEAR, **answers}, now=office.now,
    )  # fmt: skip


def test_3_indicators_are_choices_and_rows_of_the_unit_that_answers_for_them(session: Session, now: datetime) -> None:
    office = a_measuring_office(session, now)
    publish(session, FILES, "remark", reason="Uji", by=None, region=None, vocabulary=load(), now=now,
            prove=lambda _: ())  # fmt: skip
    a_year(office).aim("served", year=Fraction(95))
    opened, empty = remark(office, "sari", indicator="served"), remark(office, "wati")
    assert isinstance(opened, Opened) and isinstance(empty, Opened)
    for by, key in (("sari", "nothing"), ("wati", "served")):
        refused = remark(office, by, indicator=key)
        assert isinstance(refused, Refusal) and [fault.path for fault in refused.faults] == ["indicator"]
    rows = read_case(session, opened.case_id, office.now).facts.answers["rows"]
    assert [(row["row_key"], row["unit"], row.get("target")) for row in rows] == [
        ("grade", "sakip", None), ("permits", "number", "5000"), ("served", "percent", "95"),
    ]  # fmt: skip
    assert "rows" not in read_case(session, empty.case_id, office.now).facts.answers
