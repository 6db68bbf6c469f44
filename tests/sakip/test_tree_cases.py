"""A revision and a crosscutting agreement as cases in the store, from the draft to the rows (reference §3, §4)."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import ROOT
from engine.cases.answers import visible
from engine.cases.models import Case, CaseAnswers, Link
from engine.cases.open import open_case
from engine.cases.pages import case_page
from engine.cases.step import Step
from engine.changes import Refusal
from engine.outbox.models import ConnectorCall
from sakip.case_answers import document_at
from sakip.facts.rebuild import rebuild
from sakip.publish_folder import publish_folder
from sakip.tree.agreeing import ASKED
from sakip.tree.draft_answers import answers_of
from sakip.tree.history import Revision
from sakip.tree.in_force import draw_tree
from sakip.tree.models import EdgeRow, NodeRow, TreeRevision
from sakip.tree.rows import edge_key
from sakip.tree.store import tree_on
from sakip.tree.values import Edge, Tree
from tests.publishers import publishers
from tests.sakip.tree_office import Office, an_office
from tests.sakip.trees import indicator

ON = date(2026, 4, 1)


@pytest.fixture
def office(session: Session, now: datetime) -> Office:
    return an_office(session, now)


def objective(office: Office, **more: Any) -> Revision:
    """The region's own tree down to one objective."""
    regional = [
        office.regional("v", "vision"), office.regional("m", "mission", "v"),
        office.regional("g", "goal", "m", owner=str(office.seats["pemkab"].id), indicators=(measured("ig"),)),
        office.regional("o", "objective", "g", indicators=(measured("io"),)),
    ]  # fmt: skip
    return revision(*regional, **more)


def measured(key: str, **more: Any) -> Any:
    return indicator(key, unit="index", direction="higher", **more)


def revision(*new: Any, **more: Any) -> Revision:
    return Revision("Renstra ditetapkan", "Perbup 12/2026", {one.key: one for one in new}, **more)


def open_revision(office: Office, given: Revision, by: str = "sari", **more: Any) -> int:
    units = {key: unit.id for key, unit in office.units.items()}
    return office.open("tree_revision", by, {**answers_of(given, units), "in_force_on": ON, **more})


def adopt(office: Office, case_id: int, by: str = "sari", head: str = "fitri", *others: str) -> None:
    assert office.do(case_id, by, "submit") is None, office.refusal
    assert office.do(case_id, head, "approve") is None
    for who in ("gita", *others):
        assert office.do(case_id, who, "approve") is None


def regional_tree(office: Office) -> None:
    case_id = open_revision(office, objective(office), tree="region")
    adopt(office, case_id, "sari", "fitri", "gatot")
    office.work()
    assert office.states(case_id) == ["in_force"]


def agency_tree(office: Office, unit: str = "kominfo") -> Revision:
    goal = office.own(f"{unit}.g", "agency_goal", "o", unit, indicators=(measured(f"{unit}.ig"),))
    aim = office.own(f"{unit}.o", "agency_objective", f"{unit}.g", unit, indicators=(measured(f"{unit}.io"),))
    return revision(goal, aim)


def tree(office: Office, unit: str | None = None, day: date = ON) -> Tree:
    return tree_on(office.session, office.region.id, office.units[unit].id if unit else None, day)


def test_3_2_the_tree_is_drawn_from_the_answers_of_the_case_that_was_adopted(office: Office) -> None:
    case_id = open_revision(office, objective(office), tree="region")
    adopt(office, case_id, "sari", "fitri", "gatot")
    assert office.states(case_id) == ["taking_effect"]
    assert tree(office).nodes == {}  # while it is a draft nobody else sees it
    assert office.work() == ["sakip.tree_in_force"]
    assert office.states(case_id) == ["in_force"]
    assert tree(office).nodes == dict(objective(office).new)
    assert tree(office, day=date(2026, 3, 31)).nodes == {}
    row = office.session.scalars(select(TreeRevision)).one()
    assert (row.case_id, row.reason, row.legal_basis, row.in_force_on) == (
        case_id, "Renstra ditetapkan", "Perbup 12/2026", ON,
    )  # fmt: skip


def test_3_1_run_twice_and_drawn_again_the_same_rows_are_there_once(office: Office) -> None:
    regional_tree(office)
    row = office.session.scalars(select(TreeRevision)).one()
    count = select(func.count()).select_from(NodeRow)
    before = office.session.scalar(count)
    assert row.case_id is not None and row.seq is not None
    document = document_at(office.session, office.region.id, row.case_id, row.seq)
    again = draw_tree(office.session, document, office.now)
    assert again is row
    assert office.session.scalar(count) == before


def test_4_3_a_unit_revises_its_own_tree_under_the_regions(office: Office) -> None:
    regional_tree(office)
    case_id = open_revision(office, agency_tree(office))
    adopt(office, case_id)
    office.work()
    assert office.states(case_id) == ["in_force"]
    own = {key: one for key, one in tree(office, "kominfo").nodes.items() if one.tree == "kominfo"}
    assert own == dict(agency_tree(office).new)


def test_4_7_a_finding_that_is_an_error_here_refuses_the_submission_at_its_row(office: Office) -> None:
    regional_tree(office)
    bad = revision(
        office.own("kominfo.g", "agency_goal", "o", indicators=(measured("kominfo.ig"),)),
        office.own("kominfo.o", "agency_objective", "kominfo.g", indicators=()),
        office.own("kominfo.x", "agency_objective", "v", indicators=(measured("kominfo.ix"),)),
    )
    case_id = open_revision(office, bad)
    assert office.do(case_id, "sari", "submit") == "field_invalid"
    assert office.refusal is not None
    found = {(fault.path, fault.code) for fault in office.refusal.faults}
    assert found == {("nodes.1", "node_without_indicator"), ("nodes.2", "parent_of_wrong_level")}


def test_5_4_a_target_of_another_kind_than_its_unit_refuses_the_submission_however_it_was_typed(office: Office) -> None:
    regional_tree(office)
    odd = (
        measured("kominfo.ig", plan_targets={2026: "Proses Penilaian"}),
        measured("kominfo.ih", targets={"q4": True}),
    )
    case_id = open_revision(office, revision(office.own("kominfo.g", "agency_goal", "o", indicators=odd)))
    assert office.do(case_id, "sari", "submit") == "field_invalid"
    assert office.refusal is not None
    found = [(fault.path, fault.code, fault.message.en.partition(":")[0]) for fault in office.refusal.faults]
    assert found == [("nodes.0", "not_a_number", f"Indikator {key}") for key in ("kominfo.ig", "kominfo.ih")]


def test_4_7_what_became_wrong_meanwhile_is_held_up_and_comes_back_with_its_reasons(office: Office) -> None:
    regional_tree(office)
    case_id = open_revision(office, agency_tree(office))
    for who, action in (("sari", "submit"), ("fitri", "approve")):
        assert office.do(case_id, who, action) is None
    gone = open_revision(office, Revision("Sasaran dihapus", "Perda", ended=frozenset({"o"})), tree="region")
    adopt(office, gone, "sari", "fitri", "gatot")
    office.work()
    assert office.do(case_id, "gita", "approve") is None
    assert office.work() == ["sakip.tree_in_force"]
    assert office.states(case_id) == ["revision"]
    result = office.session.scalars(select(ConnectorCall.result).where(ConnectorCall.case_id == case_id)).one()
    assert result == {"held_up": [{"code": "parent_of_wrong_level", "keys": ["kominfo.g"]}]}
    assert [key for key in tree(office, "kominfo").nodes if key.startswith("kominfo")] == []


def test_4_3_nobody_drafts_for_a_unit_beside_their_own(office: Office) -> None:
    regional_tree(office)
    given = answers_of(agency_tree(office, "dinkes"), {key: unit.id for key, unit in office.units.items()})
    refused = open_case(
        office.session, region_id=office.region.id, case_type="tree_revision", person_id=office.people["sari"].id,
        answers={**given, "in_force_on": ON, "tree_unit": office.units["dinkes"].id}, now=office.now,
    )  # fmt: skip
    assert isinstance(refused, Refusal)
    assert [fault.code for fault in refused.faults] == ["not_your_unit"]


def test_4_3_a_draft_is_refused_with_the_words_of_the_store(office: Office) -> None:
    regional_tree(office)
    given = revision(office.own("o", "agency_goal", "o", indicators=(measured("kominfo.ig"),)))
    case_id = open_revision(office, given)
    assert office.do(case_id, "sari", "submit") == "field_invalid"
    assert office.refusal is not None
    assert ("nodes.0", "already_there") in {(fault.path, fault.code) for fault in office.refusal.faults}
    assert office.do(case_id, "sari", "submit", answers={"nodes": [{"key": "a", "act": "ended"}]}) == "field_invalid"
    assert office.refusal is not None
    assert ("nodes.0", "not_there") in {(fault.path, fault.code) for fault in office.refusal.faults}


def linked(office: Office) -> Revision:
    first = agency_tree(office)
    key = edge_key("crosscuts", "kominfo.o", "dinkes.o")
    edge = Edge(key, "crosscuts", "kominfo.o", "dinkes.o", partner="dinkes")
    return Revision(first.reason, first.legal_basis, first.new, edges={key: edge})


def test_4_9_the_partner_is_asked_in_a_case_of_its_own_and_the_edge_counts_once_they_agree(office: Office) -> None:
    case_id = ask(office)
    assert office.states(case_id) == ["waiting"]
    (edge,) = tree(office, "kominfo").edges
    assert (edge.state, edge.partner) == ("waiting", "dinkes")
    assert tree(office, "kominfo").counting_edges({"crosscuts"}) == ()
    assert office.do(case_id, "dina", "agree") is None, office.refusal
    assert office.work() == ["sakip.edge_agreed"]
    (edge,) = tree(office, "kominfo").counting_edges({"crosscuts"})
    assert edge.state == "agreed"
    assert [one.state for one in tree(office, "dinkes").edges] == ["agreed"]


def test_4_9_the_partner_reads_the_kind_of_link_and_both_goals_in_words_and_no_keys(office: Office) -> None:
    case_id = ask(office)
    page = case_page(office.session, office.people["dina"].id, case_id, office.now)
    asked = visible(page.definition, page.form, page.answers, Step(page.definition, page.facts, page.reader).scope())
    told = {name: page.answers.get(name) for name in ("link", "statement", "contribution")}
    assert told["link"] == "Bersama perangkat daerah lain" and all(told.values())
    assert asked >= told.keys() and not asked & {"kind", "starts", "ends"}


def test_4_9_a_refusal_keeps_its_reason(office: Office) -> None:
    case_id = ask(office)
    assert office.do(case_id, "dina", "refuse") == "guard"
    assert office.do(case_id, "dina", "refuse", answers={"answer_reason": "Bukan tugas kami"}) is None
    office.work()
    row = office.session.scalars(select(EdgeRow).where(EdgeRow.valid_to.is_(None))).one()
    assert (row.state, row.reason, row.case_id) == ("refused", "Bukan tugas kami", case_id)
    assert tree(office, "kominfo").counting_edges({"crosscuts"}) == ()


def ask(office: Office) -> int:
    """Both agencies have trees and Kominfo links one of its objectives to one of Dinkes's: the case that asks Dina."""
    regional_tree(office)
    for by, head, given in (("wati", "dina", agency_tree(office, "dinkes")), ("sari", "fitri", linked(office))):
        case_id = open_revision(office, given, by)
        adopt(office, case_id, by, head)
        office.work()
        assert office.states(case_id) == ["in_force"]
    opened = office.session.scalars(select(Case.id).where(Case.case_type == "crosscutting_agreement")).one()
    assert office.session.get(Link, (case_id, ASKED, opened)) is not None
    return opened


def test_4_8_a_copy_into_the_next_year_proposes_every_node_with_its_key_and_the_plans_target(office: Office) -> None:
    regional_tree(office)
    given = agency_tree(office)
    planned = replace(
        given.new["kominfo.o"],
        indicators=(measured("kominfo.io", plan_targets={2027: Fraction(65)}, targets={"q1": Fraction(1)}),),
    )
    case_id = open_revision(office, Revision("a", "b", {**given.new, "kominfo.o": planned}))
    adopt(office, case_id)
    office.work()
    copied = {"kind": "next_year", "in_force_on": date(2027, 1, 1), "reason": "Tahun baru", "legal_basis": "RKPD"}
    case_id = office.open("tree_revision", "sari", copied)
    rows = office.session.get_one(CaseAnswers, case_id).answers["nodes"]
    assert [(row["key"], row["act"], row["row_key"]) for row in rows] == [("kominfo.o", "changed", "kominfo.o")]
    adopt(office, case_id)
    office.work()
    before, after = (tree(office, "kominfo", day).nodes["kominfo.o"] for day in (ON, date(2027, 1, 1)))
    assert before.indicators[0].targets == {"q1": Fraction(1)}
    assert after.indicators[0].targets == {"year": Fraction(65)}
    assert after.indicators[0].key == before.indicators[0].key


def test_3_2_drawn_again_from_the_cases_trees_and_edges_are_the_same(office: Office) -> None:
    case_id = ask(office)
    assert office.do(case_id, "dina", "agree") is None
    office.work()
    found = rebuild(office.session, office.region.id, office.now, is_check=True)
    assert [one.plain() for one in found.different] == []
    assert found.compared > 0


def test_3_2_what_is_published_and_planned_since_changes_nothing_that_is_drawn_again(
    office: Office, tmp_path: Path
) -> None:
    ask(office)
    office.now += timedelta(days=1)
    more = replace(
        agency_tree(office).new["kominfo.g"], indicators=(measured("kominfo.ig", plan_targets={2028: Fraction(1)}),)
    )
    case_id = open_revision(office, Revision("Rencana", "Perbup 3/2026", changed={"kominfo.g": more}))
    adopt(office, case_id)
    office.work()
    folder = shutil.copytree(ROOT / "sakip_config", tmp_path / "config")
    (folder / "vectors.yaml").unlink()
    levels, rubric = folder / "levels.yaml", folder / "lke_2025.yaml"
    for file, old, new in (
        (levels, "    agreed_by: crosscutting_agreement\n", ""),
        (rubric, "en: Action plan}, ", "en: Action plan}, keeper: bappeda, from_tree: true, "),
        (rubric, ", from_case: {case_type: action_plan, milestone: in_force}", ""),
    ):
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        file.write_text(text.replace(old, new).replace("version: 1.0.0", "version: 1.1.0", 1), encoding="utf-8")
    two = publishers(office.session, office.region.id)
    later = office.now + timedelta(days=1)
    publish_folder(office.session, folder, region=None, reason="Uji", now=later, **two)
    found = rebuild(office.session, office.region.id, later, is_check=True)
    assert [one.plain() for one in found.different] == []
