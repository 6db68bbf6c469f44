"""Agreements from the tree: rows proposed, drawn, carried over, and what differs later (reference §4.5, §4.6)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from engine.cases.models import Case, CaseAnswers
from engine.errors import NotFound
from sakip.case_answers import document_at
from sakip.facts.agreed import ENDED, carried_rows, differences
from sakip.facts.agreements import Drawn, draw_agreement
from sakip.facts.budget import Budgets
from sakip.facts.budget_models import BudgetRow
from sakip.facts.models import AgreementRow, TargetRow
from sakip.facts.targets import targets_on
from sakip.standing import configuration_of
from sakip.tree.carried_over import revision_answers
from sakip.tree.history import Revision
from sakip.tree.models import TreeRevision
from sakip.tree.moving import succeed_units
from sakip.tree.pages import broken_by
from sakip.tree.revising import apply_revision
from sakip.tree.store import tree_on
from sakip.tree.successions import RENAMED, Succession
from sakip.tree.values import Node
from sakip.values import Range
from tests.factories import a_holder, a_position
from tests.sakip.tree_office import Office, an_office
from tests.sakip.trees import indicator

NEW_YEAR = date(2026, 1, 1)
QUARTERS = {"q1": "10", "q2": "20", "q3": "20", "q4": "20.5", "year": "70.5"}
CHOSEN = {"period": 2026, "level": "agency", "first_party_name": "Fitri", "first_party_position": "Kepala Dinas"}


def measured(key: str, **more: Any) -> Any:
    return indicator(key, **{"unit": "index", "direction": "higher", **more})


@pytest.fixture
def office(session: Session, now: datetime) -> Office:
    """Kominfo's head owns an objective with two indicators; the region's objective above it has one."""
    office = an_office(session, now)
    office.publish("performance_agreement")
    put(office, None, office.regional("m", "mission", statement="Misi satu"))
    put(
        office, None,
        office.regional("g", "goal", "m", indicators=(measured("ig"),)),
        office.regional("o", "objective", "g", indicators=(measured("io", targets={"year": Fraction(70)}),)),
    )  # fmt: skip
    kip = measured(
        "kip", definition="Definisi", formula="a/b", source="PPID", consolidation="sum", is_key=True,
        plan_targets={2026: Fraction(60), 2027: Fraction(65)}, weight=Fraction(60), baseline=Fraction("55.5"),
        targets={key: Fraction(value) for key, value in QUARTERS.items()},
    )  # fmt: skip
    opinion = measured("sakip", unit="sakip", direction="grade", targets={"year": "BB"}, weight=Fraction(40))
    put(
        office, "kominfo",
        office.own("k.g", "agency_goal", "o", indicators=(measured("k.ig"),)),
        office.own("k.o", "agency_objective", "k.g", statement="Komunikasi publik baik", indicators=(kip, opinion)),
        office.own("k.p", "programme_outcome", "k.o", statement="Program informasi", fields={"plan_code": "2.16.02"}),
    )  # fmt: skip
    return office


def put(office: Office, unit: str | None, *nodes: Node, on: date = NEW_YEAR, **changes: Any) -> None:
    unit_id = None if unit is None else office.units[unit].id
    given = Revision("Uji", "Uji", {one.key: one for one in nodes}, **changes)
    outcome = apply_revision(office.session, office.region.id, unit_id, given, on, office.now)
    assert isinstance(outcome, TreeRevision), outcome


def agree(office: Office, by: str = "sari", **answers: Any) -> int:
    return office.open("performance_agreement", by, {**CHOSEN, **answers})


def answers(office: Office, case_id: int) -> dict[str, Any]:
    found: dict[str, Any] = office.session.get_one(CaseAnswers, case_id, populate_existing=True).answers
    return found


def draw(office: Office, case_id: int) -> Drawn:
    return draw_agreement(office.session, document_at(office.session, office.region.id, case_id, 1), office.now)


def number(office: Office, case_id: int) -> str:
    return office.session.get_one(Case, case_id).number


def test_4_5_the_annex_takes_the_nodes_of_the_first_partys_position_with_target_weight_and_key(office: Office) -> None:
    (goal,) = answers(office, agree(office))["goals"]
    assert (goal["row_key"], goal["code"], goal["statement"]) == ("k.o", "S1", "Komunikasi publik baik")
    first, second = goal["indicators"]
    assert first == {
        "row_key": "kip@1", "code": "S1.1", "statement": "Indikator kip", "unit": "index", "target": "70.5",
        "quarter_1": "10", "quarter_2": "20", "quarter_3": "20", "quarter_4": "20.5", "weight": "60", "is_key": True,
        "direction": "higher", "consolidation": "sum", "baseline": "55.5", "data_source": "PPID",
        "meaning": "Definisi", "formula": "a/b",
    }  # fmt: skip
    assert (second["unit"], second["target"], second["row_key"]) == ("predicate", {"grade": "BB"}, "sakip@1")


def test_4_5_the_superiors_indicator_is_the_row_of_the_superiors_agreement(office: Office) -> None:
    above = agree(office, "gatot", level="region", first_party=office.people["gatot"].id)
    draw(office, above)
    (goal,) = answers(office, agree(office))["goals"]
    assert [row["parent_indicator"] for row in goal["indicators"]] == [
        {"case": number(office, above), "item": "S1.1", "title": "Indikator io"}
    ] * 2


def test_4_5_programmes_and_missions_come_from_the_tree_too(office: Office) -> None:
    found = answers(office, agree(office))
    assert found["programmes"] == [
        {"row_key": "k.p", "code": "2.16.02", "name": "Program informasi", "supports": "S1", "source": "apbd"}
    ]
    assert found["missions"] == [{"row_key": "m", "number": 1, "statement": "Misi satu"}]


def test_4_5_the_weights_of_several_goals_add_up_to_the_hundred_of_the_agreement(office: Office) -> None:
    heavy, light = measured("heavy", weight=Fraction(75)), measured("light", weight=Fraction(25))
    put(office, "kominfo", office.own("k.o2", "agency_objective", "o", place=2, indicators=(heavy, light)))
    goals = answers(office, agree(office))["goals"]
    assert [[row["weight"] for row in goal["indicators"]] for goal in goals] == [["30", "20"], ["37.5", "12.5"]]


def test_4_5_what_somebody_filled_in_is_not_replaced_by_the_tree(office: Office) -> None:
    mine = [
        {
            "code": "S9",
            "statement": "Sendiri",
            "indicators": [{"code": "S9.1", "statement": "A", "unit": "index", "target": 3}],
        }
    ]
    assert answers(office, agree(office, goals=mine))["goals"][0]["code"] == "S9"


def test_4_5_an_agreement_of_another_year_takes_the_plans_target_of_that_year(office: Office) -> None:
    (goal,) = answers(office, agree(office, period=2027))["goals"]
    first = goal["indicators"][0]
    assert (first["target"], "quarter_1" in first) == ("65", False)


def test_4_5_a_position_without_nodes_gets_no_rows(office: Office) -> None:
    assert "goals" not in answers(office, agree(office, "wati"))
    assert "goals" not in answers(office, agree(office, level="section"))
    assert "goals" not in answers(office, agree(office, first_party=office.people["sari"].id))


def test_3_2_rows_and_targets_are_drawn_from_the_case_once(office: Office) -> None:
    case_id = agree(office)
    drawn = draw(office, case_id)
    assert (drawn.year, drawn.rows, drawn.indicators, drawn.unlinked) == (2026, 2, ("kip", "sakip"), ())
    rows = office.session.scalars(select(AgreementRow).order_by(AgreementRow.id)).all()
    assert [(row.indicator_key, row.node_key, row.row_key, row.weight, row.kind) for row in rows] == [
        ("kip", "k.o", "kip@1", "60", "agency"), ("sakip", "k.o", "sakip@1", "40", "agency"),
    ]  # fmt: skip
    assert {(row.unit_id, row.position_id) for row in rows} == {
        (office.units["kominfo"].id, office.seats["kominfo"].id)
    }
    on = targets_on(office.session, office.region.id, ["kip", "sakip"], 2026, NEW_YEAR)
    assert on["kip"]["year"] == Fraction("70.5")
    assert (on["kip"]["q4"], on["sakip"]["year"]) == (Fraction("20.5"), "BB")
    assert draw(office, case_id) == drawn
    for table, count in ((AgreementRow, 2), (TargetRow, 6)):
        assert office.session.scalar(select(func.count()).select_from(table)) == count


def test_4_5_the_parties_may_change_targets_and_the_difference_from_the_tree_is_shown(office: Office) -> None:
    second = {"second_party_name": "Gatot", "second_party_position": "Bupati"}
    case_id = agree(office, programmes=[{"code": "2.16.02", "name": "Program", "budget": 900}], **second)
    goals = answers(office, case_id)["goals"]
    goals[0]["indicators"][0] |= {"target": "80,25", "quarter_4": "30,25"}
    goals[0]["indicators"][1]["target"] = "BB"
    assert office.do(case_id, "sari", "submit", answers={"goals": _raw(goals)}) is None, office.refusal
    document = document_at(office.session, office.region.id, case_id, 2)
    draw_agreement(office.session, document, office.now)
    (one,) = differences(office.session, office.region.id, 2026, NEW_YEAR)
    assert (one.agreement, one.row.indicator, one.parts) == (number(office, case_id), "kip", ("target",))
    assert one.row.target == Fraction("80.25")


def _raw(goals: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Stored rows as somebody posts them."""
    for goal in goals:
        for row in goal["indicators"]:
            for name, value in row.items():
                if isinstance(value, str) and name in (
                    "target",
                    "baseline",
                    "weight",
                    *(f"quarter_{n}" for n in range(1, 5)),
                ):
                    row[name] = value.replace(".", ",")
                elif isinstance(value, dict) and "grade" in value:
                    row[name] = value["grade"]
    return goals


def test_3_1_an_agreement_that_is_drawn_late_has_ended_where_a_later_one_is_in_force(office: Office) -> None:
    first = agree(office)
    office.now += timedelta(days=1)
    second = agree(office)
    kept = answers(office, second)["goals"]
    kept[0]["indicators"] = kept[0]["indicators"][:1]
    kept[0]["indicators"][0]["target"] = "80"
    office.session.get_one(CaseAnswers, second).answers = answers(office, second) | {"goals": kept}
    office.session.flush()
    for case_id in (second, first):  # the call of the first waited to be tried again
        document = document_at(office.session, office.region.id, case_id, 1)
        draw_agreement(office.session, document, document.at)
    rows = office.session.scalars(select(AgreementRow).order_by(AgreementRow.case_id)).all()
    assert [(row.case_id, row.ended_on) for row in rows] == [
        (first, date(2026, 3, 2)), (first, date(2026, 3, 2)), (second, None),
    ]  # fmt: skip
    before, after = (
        targets_on(office.session, office.region.id, ["kip", "sakip"], 2026, day)
        for day in (date(2026, 3, 2), date(2026, 3, 3))
    )
    assert (before["sakip"]["year"], after["sakip"]["year"], after["kip"]["year"]) == ("BB", None, Fraction(80))


def test_4_5_every_later_difference_of_the_annex_from_the_tree_is_shown(office: Office) -> None:
    case_id = agree(office)
    draw(office, case_id)
    assert differences(office.session, office.region.id, 2026, NEW_YEAR) == []
    later = date(2026, 7, 1)
    changed = office.own(
        "k.o", "agency_objective", "k.g", statement="Komunikasi publik baik",
        indicators=(measured("kip", name="Bunyi baru", unit="percent", targets={"year": Fraction(75)}),),
    )  # fmt: skip
    put(office, "kominfo", on=later, changed={"k.o": changed})
    found = {one.row.indicator: one.parts for one in differences(office.session, office.region.id, 2026, later)}
    assert found == {"kip": ("text", "unit", "target"), "sakip": (ENDED,)}
    assert differences(office.session, office.region.id, 2026, date(2026, 6, 30)) == []
    assert differences(office.session, office.region.id, 2026, later, case_id=case_id + 1) == []


def test_4_5_a_row_keeps_the_revision_it_was_copied_at(office: Office) -> None:
    case_id = agree(office)
    node_now = office.own("k.o", "agency_objective", "k.g", indicators=(measured("kip", name="Lain"),))
    put(office, "kominfo", on=date(2026, 2, 1), changed={"k.o": node_now})
    draw(office, case_id)
    (row, carried) = carried_rows(office.session, office.region.id, 2026)[0]
    assert (row.row_key, carried.text) == ("kip@1", "Indikator kip")
    assert office.session.get_one(TreeRevision, row.revision_id).number == 1
    assert answers(office, agree(office))["goals"][0]["indicators"][0]["row_key"] == "kip@2"


def test_4_8_a_row_is_the_version_of_its_day_though_its_tree_goes_over_later(office: Office) -> None:
    case_id = agree(office)
    draw(office, case_id)
    renamed = Succession(RENAMED, ("kominfo",), ("dinkes",), date(2026, 7, 1), "Perda 3/2026")
    made = succeed_units(office.session, office.region.id, renamed, {}, "Perangkat daerah baru", office.now)
    assert isinstance(made, list) and [one.number for one in made] == [1]  # as the first revision of Kominfo's tree
    office.session.execute(delete(AgreementRow))
    draw(office, case_id)
    rows = office.session.scalars(select(AgreementRow)).all()
    assert {row.unit_id for row in rows} == {office.units["kominfo"].id}


def test_5_15_a_budget_is_that_of_its_node_though_the_node_has_ended_since(office: Office) -> None:
    case_id = agree(office, programmes=[{"row_key": "k.p", "code": "2.16.02", "name": "Program", "budget": 900}])
    draw(office, case_id)
    put(office, "kominfo", on=date(2026, 3, 2), ended=frozenset({"k.p"}))
    for table in (AgreementRow, BudgetRow):
        office.session.execute(delete(table))
    draw(office, case_id)
    assert office.session.scalars(select(BudgetRow.programme_key)).all() == ["k.p"]


def test_4_5_rows_written_by_hand_are_told_and_measured_by_nobody(office: Office) -> None:
    mine = [
        {
            "code": "S9",
            "statement": "Sendiri",
            "indicators": [{"code": "S9.1", "statement": "A", "unit": "index", "target": 3}],
        }
    ]
    drawn = draw(office, agree(office, goals=mine))
    assert (drawn.rows, drawn.unlinked, drawn.indicators) == (0, ("S9.1",), ())


def test_4_5_a_range_is_agreed_by_its_lower_end_and_stays_a_range(office: Office) -> None:
    target = Range(Fraction(60), Fraction(70))
    changed = office.own(
        "k.o", "agency_objective", "k.g", indicators=(measured("kip", direction="within", targets={"year": target}),)
    )
    put(office, "kominfo", on=date(2026, 2, 1), changed={"k.o": changed})
    case_id = agree(office)
    assert answers(office, case_id)["goals"][0]["indicators"][0]["target"] == "60"
    draw(office, case_id)
    assert targets_on(office.session, office.region.id, ["kip"], 2026, NEW_YEAR)["kip"]["year"] == target
    assert differences(office.session, office.region.id, 2026, date(2026, 2, 1)) == []


@pytest.mark.parametrize(
    ("reason", "target", "budget", "party"),
    [("official", "70.5", "900", False), ("strategy", "70.5", "900", True), ("assumption", "75", "900", True)],
)
def test_4_5_a_revision_carries_over_what_its_reason_does_not_touch(
    office: Office, reason: str, target: str, budget: str, party: bool
) -> None:
    programmes = [
        {"row_key": "k.p", "code": "2.16.02", "name": "Nama lama", "budget": 900},
        {"code": "X", "name": "Lama", "budget": 1},
    ]
    first = agree(office, programmes=programmes, second_party_name="Gatot", budget_basis="dpa")
    draw(office, first)
    changed = office.own(
        "k.o", "agency_objective", "k.g", indicators=(measured("kip", targets={"year": Fraction(75)}),)
    )
    put(office, "kominfo", on=date(2026, 2, 1), changed={"k.o": changed})
    given = revision_answers(office.session, office.region.id, first, reason)
    assert ("first_party_name" in given) is party
    assert ("budget_basis" in given) is (reason != "strategy")
    assert (given["replaces"], given["second_party_name"]) == (number(office, first), "Gatot")
    second = office.open("performance_agreement", "sari", {"first_party_name": "Baru", **given})
    found = answers(office, second)
    assert found["goals"][0]["indicators"][0]["target"] == target
    assert [(row["code"], row["name"], row["budget"]) for row in found["programmes"]] == (
        [("2.16.02", "Program informasi", budget)]
        if reason == "strategy"
        else [("2.16.02", "Nama lama", budget), ("X", "Lama", "1")]
    )


def test_4_5_a_revision_in_force_ends_the_rows_it_replaces_and_targets_nobody_agrees_on_any_more(
    office: Office,
) -> None:
    first = agree(office)
    draw(office, first)
    given = revision_answers(office.session, office.region.id, first, "strategy")
    second = office.open("performance_agreement", "sari", {**given, "effective_on": date(2026, 8, 1)})
    kept = answers(office, second)["goals"]
    kept[0]["indicators"] = kept[0]["indicators"][:1]
    office.session.get_one(CaseAnswers, second).answers = answers(office, second) | {"goals": kept}
    office.session.flush()
    draw(office, second)
    rows = office.session.scalars(select(AgreementRow).order_by(AgreementRow.id)).all()
    assert [(row.case_id, row.in_force_on, row.ended_on) for row in rows] == [
        (first, date(2026, 3, 2), date(2026, 7, 31)), (first, date(2026, 3, 2), date(2026, 7, 31)),
        (second, date(2026, 8, 1), None),
    ]  # fmt: skip
    before, after = (
        targets_on(office.session, office.region.id, ["kip", "sakip"], 2026, day)
        for day in (date(2026, 7, 31), date(2026, 8, 1))
    )
    assert (before["sakip"]["year"], after["sakip"]["year"]) == ("BB", None)
    assert after["kip"]["year"] == Fraction("70.5")


def test_4_6_an_agreement_of_a_person_is_of_kind_individual(office: Office) -> None:
    staff = a_position(office.session, office.units["kominfo"], "staff")
    a_holder(office.session, staff, office.people["sari"])
    mine = office.own("k.i", "individual", "k.p", owner=str(staff.id), indicators=(measured("own"),))
    put(office, "kominfo", mine, on=date(2026, 2, 1))
    case_id = agree(office, level="individual")
    assert [row["row_key"] for row in answers(office, case_id)["goals"]] == ["k.i"]
    goals = answers(office, case_id)["goals"]
    goals[0]["indicators"][0]["target"] = "5"
    office.session.get_one(CaseAnswers, case_id).answers = answers(office, case_id) | {"goals": goals}
    office.session.flush()
    draw(office, case_id)
    assert office.session.scalars(select(AgreementRow.kind)).all() == ["individual"]


def test_everything_of_one_region_is_not_there_for_another(office: Office) -> None:
    case_id = agree(office)
    draw(office, case_id)
    other = an_office(office.session, office.now)
    with pytest.raises(NotFound):
        revision_answers(office.session, other.region.id, case_id, "strategy")
    with pytest.raises(NotFound):
        document_at(office.session, other.region.id, case_id, 1)
    assert differences(office.session, other.region.id, 2026, date(2026, 7, 1)) == []
    assert carried_rows(office.session, other.region.id, 2026) == []


def test_4_5_a_row_cannot_be_linked_to_the_tree_of_a_unit_beside(office: Office) -> None:
    put(office, "dinkes", office.own("d.g", "agency_goal", "o", "dinkes", indicators=(measured("d.i"),)))
    case_id = agree(office)
    goals = _raw(answers(office, case_id)["goals"])
    goals[0]["indicators"][0]["row_key"] = "d.i@1"
    assert office.do(case_id, "sari", "submit", answers={"goals": goals}) == "field_invalid"
    assert office.refusal is not None
    assert ("goals.0", "not_your_unit") in {(fault.path, fault.code) for fault in office.refusal.faults}


# -- the budgets of its programmes (§5.15, §4.4)


def budgets(office: Office, span: str = "year") -> list[tuple[str, Fraction]]:
    found = Budgets(office.session, office.region.id, 2026, kind=None).over(span)
    return [(one.key, one.budget) for one in found]


def test_5_15_an_agreement_in_force_gives_its_programmes_their_budget(office: Office) -> None:
    rows = [
        {"code": "2.16.02", "name": "Program informasi", "supports": "S1", "budget": 900, "source": "apbd"},
        {"code": "2.16.02", "name": "Program informasi", "supports": "S1", "budget": "100,5", "source": "dak"},
        {"code": "2.16.01", "name": "Penunjang", "budget": 50},
    ]
    drawn = draw(office, first := agree(office, programmes=rows))
    assert set(drawn.programmes) == {"k.p", "2.16.01"} and draw(office, first).programmes == ()
    assert budgets(office) == [("2.16.01", 50), ("k.p", Fraction("1000.5"))]  # of two sources together
    serving = Budgets(office.session, office.region.id, 2026)
    assert [one.key for one in serving.of_node("k.o", "year")] == ["k.p"]
    assert [one.key for one in serving.of_node("o", "year")] == ["k.p"]  # and what the goal hangs under
    given = revision_answers(office.session, office.region.id, first, "strategy")
    changed = [rows[0] | {"budget": 700}]
    draw(office, office.open(
        "performance_agreement", "sari", {**given, "effective_on": date(2026, 8, 1), "programmes": changed}
    ))  # fmt: skip
    assert budgets(office, "to_q2") == [("2.16.01", 50), ("k.p", Fraction("1000.5"))]
    assert budgets(office) == [("k.p", 700)]  # the other one is agreed no more


def test_5_15_who_signs_for_the_sum_or_for_nothing_gives_no_budget(office: Office) -> None:
    rows = [{"code": "2.16.02", "name": "Program informasi", "budget": 900}]
    draw(office, agree(office, "gatot", level="region", programmes=rows))
    draw(office, agree(office, level="individual", programmes=rows))
    assert budgets(office) == []
    draw(office, agree(office, level="division", programmes=[rows[0] | {"code": "2.16.02.2.01"}]))
    draw(office, agree(office, programmes=rows))
    found = Budgets(office.session, office.region.id, 2026, kind=None)
    assert [(one.kind, one.key) for one in found.over("year")] == [("programme", "k.p"), ("activity", "2.16.02.2.01")]
    assert [one.key for one in found.of_unit(office.units["kominfo"].id, "year")] == ["k.p"]
    assert [one.key for one in found.of_unit(None, "year")] == ["k.p"]


def test_4_4_a_change_of_a_goal_lists_programmes_and_their_budget(office: Office) -> None:
    rows = [
        {"code": "2.16.02", "name": "Program informasi", "supports": "S1", "budget": 900},
        {"code": "2.16.09", "name": "Tanpa simpul", "supports": "S1", "budget": 100},
    ]
    draw(office, agree(office, programmes=rows))
    levels = configuration_of(office.session, office.region.id).levels(2026)
    assert levels is not None
    for unit, key, codes in (
        (office.units["kominfo"].id, "k.o", ["2.16.02", "2.16.09"]), (office.units["kominfo"].id, "k.p", ["2.16.02"]),
        (None, "o", ["2.16.02", "2.16.09"]), (office.units["dinkes"].id, "k.o", []),
    ):  # fmt: skip
        tree = tree_on(office.session, office.region.id, unit, date(2026, 3, 2))
        found = broken_by(office.session, office.region.id, levels, tree, (key,), 2026)
        assert [one.code for one in found.programmes] == codes, key
        assert found.budget == sum(one.budget for one in found.programmes)
    own = tree_on(office.session, office.region.id, office.units["kominfo"].id, date(2026, 3, 2))
    assert broken_by(office.session, office.region.id, levels, own, ("k.o",), 2027).programmes == ()
