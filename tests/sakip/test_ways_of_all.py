"""The ways of all units at once are those of each alone, read together (reference §9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from sakip.answers import expand
from sakip.facts.evidence import Content, refuse, register
from sakip.facts.models import ScoreRow
from sakip.facts.sheets import sheet_of
from sakip.improving import answer_of, way_from
from sakip.improving_all import ways_of_all
from sakip.pieces_held import pieces_held
from sakip.reasons import Reason
from sakip.standing import configuration_of
from sakip.tiers import TierAnswer
from sakip.tree.models import UnitSuccession
from sakip.whatif.model import Answer, Wish
from tests.sakip.evaluation_office import AT_B, OPENED, an_evaluation_office, rows, sheet
from tests.sakip.tree_office import Office

PLAN, YEAR = "annual_plan", 2025


@pytest.fixture
def office(session: Session) -> Office:
    return an_evaluation_office(session)


def answered(office: Office, unit: str) -> None:
    for given in rows(sheet(office, unit), AT_B):
        row = ScoreRow(region_id=office.region.id, unit_id=office.units[unit].id, year=YEAR, tier="self")
        row.path, row.answer, row.evidence, row.note = given["path"], given["answer"], {}, ""
        row.is_confirmed, row.case_id, row.seq, row.is_current = True, 1, 1, True
        office.session.add(row)
    office.session.flush()


def put(office: Office, unit: str | None, kind: str = PLAN, year: int = YEAR, **more: Any) -> int:
    return register(
        office.session, office.region.id, None if unit is None else office.units[unit].id, kind=kind, year=year,
        title=f"{kind} {unit}", content=Content(link=f"https://a.example/{kind}/{unit}/{len(more)}"), by=None,
        now=office.now, **more,
    ).id  # fmt: skip


def test_9_the_ways_of_many_units_are_those_of_each_alone_at_the_cost_of_one(office: Office) -> None:
    put(office, "kominfo")
    answered(office, "kominfo")
    heard: list[str] = []

    def hear(*given: Any) -> None:
        heard.append(given[2])

    def ways() -> tuple[dict[str, Any], int]:
        heard.clear()
        found = {
            one.subject_key: way for one, way in ways_of_all(office.session, office.region.id, YEAR, Wish("bb"), today)
        }  # fmt: skip
        return found, len(heard)

    today = date(2026, 3, 10)
    event.listen(office.session.get_bind(), "before_cursor_execute", hear)
    ways()  # what is kept for the next look is read before
    one, few = ways()
    for unit in ("dinkes", "inspektorat"):
        answered(office, unit)
    found, many = ways()
    event.remove(office.session.get_bind(), "before_cursor_execute", hear)
    assert (list(one), list(found), many) == (["kominfo"], ["dinkes", "inspektorat", "kominfo"], few)
    whatif = configuration_of(office.session, office.region.id).whatif(YEAR)
    assert whatif is not None
    for unit, way in found.items():
        alone = answer_of(
            office.session, sheet_of(office.session, office.region.id, office.units[unit].id, YEAR), whatif, Wish("bb")
        )[1]
        assert isinstance(way, Answer) and isinstance(alone, Answer)
        assert (way.way.cost, way.way.steps) == (alone.way.cost, alone.way.steps)


def test_8_a_worksheet_has_what_stands_above_it_and_what_it_came_from_and_nothing_refused(office: Office) -> None:
    sheets = {name: sheet(office, name) for name in ("kominfo", "bidang", "dinkes", "inspektorat")}

    def having() -> set[str]:
        held = pieces_held(office.session, office.region.id, list(sheets.values()))
        return {name for name, one in sheets.items() if PLAN in held[one.unit_id]}

    assert having() == set()
    first = put(office, "kominfo")
    assert having() == {"kominfo", "bidang"}
    came = UnitSuccession(region_id=office.region.id, unit_id=office.units["dinkes"].id, kind="renamed")
    came.predecessor_id, came.on_date = office.units["kominfo"].id, date(2025, 1, 1)
    office.session.add(came)
    assert having() == {"kominfo", "bidang", "dinkes"}
    newer = put(office, "kominfo", supersedes=first)
    refuse(office.session, office.region.id, newer, by=None, now=OPENED, reason="Tidak bertanggal")
    assert having() == set(), "the older version is not evidence any more"
    put(office, None)
    assert having() == set(sheets)


def test_9_7_a_piece_of_last_year_is_held_by_one_of_last_year(office: Office) -> None:
    unit = office.units["kominfo"].id

    def held() -> set[str]:
        return {name for name in pieces_held(office.session, office.region.id, [sheet(office)])[unit] if PLAN in name}

    put(office, "kominfo", year=YEAR - 2)
    assert held() == set()
    put(office, "kominfo", year=YEAR - 1)
    assert held() == {f"{PLAN}-1"}
    put(office, "kominfo")
    assert held() == {f"{PLAN}-1", PLAN}


def test_9_1_a_way_starts_from_confirmed_answers_alone(office: Office) -> None:
    whatif = configuration_of(office.session, office.region.id).whatif(YEAR)
    assert whatif is not None
    asked = sheet(office)
    given = {path: TierAnswer(one, True) for path, one in expand(asked.sections, AT_B).items()}
    tier, way = way_from(asked, whatif, Wish("bb"), {"self": given}, frozenset())
    assert tier is not None and tier.key == "self" and isinstance(way, Answer)
    last = list(given)[-1]
    doubted = given | {last: replace(given[last], is_confirmed=False)}
    tier, way = way_from(asked, whatif, Wish("bb"), {"self": doubted}, frozenset())
    assert isinstance(way, Reason) and (way.code, way.values["paths"]) == ("criterion_open", (last,))
