"""A tree comes in as rows and goes out in the same: what differs is a revision, what fits nothing is named (§12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sakip.exchange.bringing import bring_in
from sakip.exchange.exporting import exported
from sakip.exchange.outcome import Outcome
from sakip.exchange.outgoing import Asked
from sakip.exchange.work import POINT, Wish
from sakip.exchange.writing import CSV, XLSX
from sakip.facts.rebuild import rebuild
from sakip.facts.results import recompute
from sakip.tree.models import TreeRevision
from sakip.tree.store import tree_on, whole_tree_on
from sakip.values import Range
from tests.sakip.tree_office import Office, an_office
from tests.sakip.workbooks import Raw, workbook

DAY = date(2026, 3, 2)
HEAD = (
    "Pohon", "Kunci", "Jenjang", "Induk", "Pernyataan", "Penanggung jawab", "Kunci indikator", "Indikator", "Arah",
    "Satuan", "Target tahun berjalan", "Target tahunan rencana", "Bobot",
)  # fmt: skip


@pytest.fixture
def office(session: Session, now: datetime) -> Office:
    return an_office(session, now)


def seat(office: Office, unit: str) -> str:
    return f"{office.seats[unit].title} ({unit})"


def regional(office: Office) -> list[tuple[Any, ...]]:
    return [
        ("region", "v", "vision", None, "Daerah maju"),
        ("region", "m", "mission", "v", "Layanan prima"),
        ("region", "g", "goal", "m", "Tata kelola baik", seat(office, "pemkab"), "ig", "Indeks layanan", "higher",
         "index", "year: 80; q4: 80", "2026: 80; 2027: 82,5", None),
    ]  # fmt: skip


def bring(office: Office, rows: Sequence[Sequence[Any]] | bytes, name: str = "pohon.xlsx", **wish: Any) -> Outcome:
    content = rows if isinstance(rows, bytes) else workbook(HEAD, *rows)
    return bring_in(office.session, content, name, Wish(office.region.id, on=DAY, **wish), office.now)


def codes(outcome: Outcome) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.code) for one in outcome.problems]


def counts(outcome: Outcome) -> tuple[int, int, int]:
    return outcome.read, outcome.written, outcome.unchanged


def revisions(office: Office) -> int:
    return office.session.scalar(select(func.count()).select_from(TreeRevision)) or 0


def test_a_tree_comes_in_as_a_revision_and_a_second_time_nothing_changes(office: Office) -> None:
    assert (counts(bring(office, regional(office), is_dry=True)), revisions(office)) == ((3, 3, 0), 0)
    outcome = bring(office, regional(office), reason="RPJMD ditetapkan", legal_basis="Perda 3/2025")
    assert (outcome.kind, counts(outcome), codes(outcome)) == ("tree", (3, 3, 0), [])
    tree = tree_on(office.session, office.region.id, None, DAY)
    (one,) = tree.nodes["g"].indicators
    assert (one.targets["q4"], one.plan_targets[2027], one.unit) == (80, Fraction(165, 2), "index")
    row = office.session.scalars(select(TreeRevision)).one()
    assert (row.reason, row.legal_basis, row.in_force_on, row.case_id) == (
        "RPJMD ditetapkan", "Perda 3/2025", DAY, None,
    )  # fmt: skip
    assert (counts(bring(office, regional(office))), revisions(office)) == ((3, 0, 3), 1)
    changed = [
        *regional(office)[:2],
        ("region", "g", "goal", "m", "Tata kelola baik sekali", seat(office, "pemkab")),
    ]
    assert (counts(bring(office, changed)), revisions(office)) == ((3, 1, 2), 2)
    assert tree_on(office.session, office.region.id, None, DAY).nodes["g"].indicators == (one,)


def test_results_follow_a_tree_that_comes_in(office: Office) -> None:
    assert bring(office, regional(office)).problems == []
    recompute(office.session, office.region.id, None, DAY.year, office.now)
    changed = [*regional(office)[:2], (*regional(office)[2][:-3], "q4: 90", "2026: 90", None)]
    assert bring(office, changed, name="kedua.xlsx").problems == []
    found = rebuild(office.session, office.region.id, office.now, is_check=True)
    assert [one.plain() for one in found.different] == []


def test_further_indicators_of_a_node_leave_its_cells_empty(office: Office) -> None:
    rows = regional(office)
    second = (None, None, None, None, None, None, "ig2", "Kepuasan", "higher", "percent", "year: 60..70", None, None)
    assert codes(bring(office, [*rows, second])) == []
    tree = tree_on(office.session, office.region.id, None, DAY)
    assert [one.key for one in tree.nodes["g"].indicators] == ["ig", "ig2"]
    assert tree.nodes["g"].indicators[1].targets == {"year": Range(Fraction(60), Fraction(70))}


def test_5_1_what_others_call_a_method_or_a_consolidation_comes_in_as_its_own_key(office: Office) -> None:
    (*above, goal) = regional(office)
    content = workbook((*HEAD, "method", "consolidation"), *above, (*goal, "Trend_Turun", "Kumulatif"))
    assert codes(bring(office, content)) == []
    (one,) = tree_on(office.session, office.region.id, None, DAY).nodes["g"].indicators
    assert (one.method, one.consolidation) == ("minimise_ratio", "sum")
    written = b"".join(exported(office.session, "tree", CSV, Asked(office.region.id, None, None, DAY)))
    assert b"minimise_ratio" in written and b"trend_turun" not in written.lower()


def test_what_goes_out_comes_in_again_and_changes_nothing(office: Office) -> None:
    head = (office, "kominfo")
    own = ("kominfo", "ag", "agency_goal", "o", "=Layanan digital", seat(*head), "iag", "Indeks SPBE", "higher",
           "index", "year: 3,5", None, 100)  # fmt: skip
    objective = ("region", "o", "objective", "g", "Layanan cepat", seat(office, "pemkab"), "io", "Waktu layanan",
                 "lower", "number", None, None, None)  # fmt: skip
    outcome = bring(office, [*regional(office), objective, own])
    assert codes(outcome) == []
    asked = Asked(office.region.id, None, None, DAY)
    for form, name in ((CSV, "out.csv"), (XLSX, "out.xlsx")):
        content = b"".join(exported(office.session, "tree", form, asked))
        again = bring(office, content, name, decimal=POINT)
        assert (counts(again), codes(again)) == ((5, 0, 5), [])
    text = b"".join(exported(office.session, "tree", CSV, asked)).decode()
    assert "'=Layanan digital" in text
    only = b"".join(
        exported(office.session, "tree", CSV, Asked(office.region.id, office.units["kominfo"].id, None, DAY))
    )
    assert [line.split(",")[1] for line in only.decode().splitlines()] == ["key", "ag"]


def test_rows_that_fit_no_tree_are_named(office: Office) -> None:
    assert codes(bring(office, regional(office))) == []
    told = codes(
        bring(
            office,
            [
                ("region", "x 1", "goal", "m", "Spasi"),
                ("region", "x2", "gol", "m", "Jenjang"),
                ("nowhere", "x3", "goal", "m", "Pohon"),
                ("kominfo", "g", "goal", "m", "Milik daerah"),
                ("region", "x5", "goal", "m", "Jabatan", "Nobody"),
                ("region", "x6", "goal", "m", "Target", None, "i6", "Satu", "higher", "index", "q1 8", None, None),
                ("region", "x7", "goal", "m", "Dua kali", None, "ig", "Satu", "higher", "index", None, None, None),
                ("region", "x8", "goal", "m", None),
                ("region", "m", "mission", "v", "Layanan prima"),
                ("region", "m", "mission", "v", "Bunyi lain", None, "im", "Satu", None, None, None, None, None),
            ],
        )
    )
    assert told == [
        (2, "B", "unreadable"), (3, "C", "unknown_level"), (4, "A", "unknown_unit"), (5, "A", "unknown_tree"),
        (6, "F", "unknown_owner"), (7, "K", "unreadable_target"), (8, "G", "indicator_twice"), (9, "E", "empty_cell"),
        (11, "E", "node_differs"),
    ]  # fmt: skip


UNFITTING = {  # unit, targets of the year in hand, targets of the plan -> column and code
    "a grade": ("index", "year: BB ", None, ("K", "not_a_number")),
    "a word": ("percent", None, "2026: Proses Penilaian", ("L", "not_a_number")),
    "a power of ten": ("number", None, "2026: 1e400", ("L", "not_a_number")),
    "a dash": (None, "q4: -", None, ("K", "not_a_number")),
    "yes": ("number", "year: ya", None, ("K", "not_a_number")),
    "a number for a grade": ("sakip", None, "2026: 80", ("L", "unknown_grade")),
    "a grade of another scale": ("sakip", None, "2026: WTP", ("L", "unknown_grade")),
    "a number for yes or no": ("done", "year: 1", None, ("K", "wrong_kind")),
    "a number for milestones": ("milestone", "year: 1", None, ("K", "wrong_kind")),
}


def test_a_target_of_another_kind_than_its_unit_is_named_and_one_that_stands_is_left_alone(office: Office) -> None:
    rows = [
        ("region", "g", "goal", "m", "Satu", None, f"i{place}", name, "higher", unit, year, plan, None)
        for place, (name, (unit, year, plan, _)) in enumerate(UNFITTING.items())
    ]
    told = codes(bring(office, [*regional(office)[:2], *rows]))
    assert told == [(place + 4, *told) for place, (*_, told) in enumerate(UNFITTING.values())]
    fitting = ("region", "g", "goal", "m", "Satu", seat(office, "pemkab"), "i", "SAKIP", "grade", "sakip", "year: bb",
               "2026: BB", None)  # fmt: skip
    assert codes(bring(office, [*regional(office)[:2], fitting])) == []
    assert tree_on(office.session, office.region.id, None, DAY).nodes["g"].indicators[0].targets == {"year": "BB"}
    assert counts(bring(office, [*regional(office)[:2], fitting])) == (3, 0, 3)


@pytest.mark.parametrize("number", ["1e400", "nan", "1e300"])
@pytest.mark.parametrize("column", ["Kondisi awal", "Bobot"])
def test_a_number_that_nobody_means_is_named_and_no_fault_of_ours(office: Office, column: str, number: str) -> None:
    head = (*HEAD[:-1], column)
    goal = (*regional(office)[2][:-1], Raw("", f"<v>{number}</v>"))
    outcome = bring(office, workbook(head, *regional(office)[:2], goal))
    assert (codes(outcome), revisions(office)) == ([(4, "M", "not_a_number")], 0)


def test_a_weight_below_zero_is_named_though_the_weights_add_up_to_100(office: Office) -> None:
    *above, goal = regional(office)
    more = (*goal[:6], "ih", "Indeks kedua", *goal[8:-1])
    outcome = bring(office, [*above, (*goal[:-1], -20), (*more, 120)])
    assert (codes(outcome), revisions(office)) == ([(4, "G", "negative_weight")], 0)


def test_circles_and_too_many_children_are_refused_and_nothing_changes(office: Office) -> None:
    circle = [("region", "g1", "goal", "g2", "Satu"), ("region", "g2", "goal", "g1", "Dua")]
    told = bring(office, circle)
    assert {one.code for one in told.problems} >= {"circle"} and {one.row for one in told.problems} >= {2, 3}
    many = [("region", f"g{number}", "goal", "m", f"Sasaran {number}") for number in range(1_005)]
    told = bring(office, [*regional(office)[:2], *many])
    assert [one.code for one in told.problems] == ["too_many_children"] * 5
    assert (told.written, revisions(office), len(whole_tree_on(office.session, office.region.id, DAY).nodes)) == (
        0,
        0,
        0,
    )


def test_a_chosen_unit_bounds_what_a_file_may_touch(office: Office) -> None:
    kominfo = office.units["kominfo"].id
    rows = [("region", "v", "vision", None, "Daerah maju"), ("dinkes", "d", "agency_goal", None, "Sehat")]
    told = bring(office, rows, unit_id=kominfo)
    assert codes(told) == [(2, "A", "unknown_tree"), (3, "A", "unknown_unit")]
