"""Results are computed from facts by what held on the last day of each period, and kept once published (§5, §11)."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from engine.definitions.problems import Problems
from sakip.configuration.folder import load
from sakip.facts.following import after_revision, changed_by
from sakip.facts.models import AgreementRow
from sakip.facts.realisations import VERIFIED
from sakip.facts.rebuild import rebuild
from sakip.facts.results import freeze, recompute
from sakip.facts.stored_results import Stored, from_stored
from sakip.facts.targets import targets_on
from sakip.tree.history import Revision
from sakip.tree.models import TreeRevision
from sakip.tree.moving import succeed_units
from sakip.tree.pages import reached_in
from sakip.tree.revising import apply_revision
from sakip.tree.store import tree_on
from sakip.tree.successions import SPLIT, Succession
from sakip.values import NOT_ISSUED
from tests.conftest import FrozenClock
from tests.factories import a_position, a_unit
from tests.sakip.measured import FOLDER, NEW_YEAR, YEAR, Measured, a_measured_region

ONE, TWO = Fraction(1), Fraction(2)
JULY = date(YEAR, 7, 1)


@pytest.fixture
def year(session: Session, now: datetime) -> Measured:
    found = a_measured_region(session, now)
    found.node("goal")
    found.indicator("served", "goal", consolidation="sum")
    found.aim("served", q1=Fraction(10), q2=Fraction(20), q3=Fraction(30), q4=Fraction(40), year=Fraction(100))
    return found


def test_5_5_each_span_has_its_result_and_5_7_none_is_partial(year: Measured, now: datetime) -> None:
    year.fill(now, "q1", {"served": Fraction(8)})
    year.fill(now, "q2", {"served": Fraction(22)}, VERIFIED)
    recompute(year.session, year.region.id, ["served"], YEAR, now)
    assert year.said("served", "q1", "q2", "to_q2", "q3", "to_q3", "year") == [
        "80.00 near", "110.00 reached", "100.00 reached", "no_realisation", "incomplete", "incomplete",
    ]  # fmt: skip
    first, second = year.result("served", "q1"), year.result("served", "q2")
    assert first is not None and first.is_provisional and second is not None and not second.is_provisional
    assert (first.numerator, first.denominator, first.details["target"], first.details["realisation"]) == (
        "80", "1", "10", "8",
    )  # fmt: skip


def test_the_first_results_of_a_year_are_those_of_the_whole_region(year: Measured, now: datetime) -> None:
    year.node("quiet")
    year.indicator("silent", "quiet")
    year.fill(now, "q1", {"served": Fraction(8)})
    recompute(year.session, year.region.id, ["served"], YEAR, now)
    assert (year.said("silent", "q1"), year.said("quiet", "q1")) == (["no_target"], ["item_not_computable"])


def test_a_revision_reaches_a_year_ahead_that_has_results(year: Measured, now: datetime) -> None:
    recompute(year.session, year.region.id, None, YEAR, now)
    autumn = now.replace(year=YEAR - 1, month=10)
    year.revision.in_force_on = autumn.date()
    year.node("late", valid_from=autumn.date())
    year.indicator("new", "late", valid_from=autumn.date())
    after_revision(year.session, year.revision, autumn)
    assert year.said("late", "q1") == ["item_not_computable"]


def differences(year: Measured, now: datetime) -> list[tuple[str, str, str]]:
    """Kind, subject and span of what computing everything again would change."""
    found = rebuild(year.session, year.region.id, now, is_check=True).different
    return [(one.row["subject_kind"], one.row["subject"], one.row["span"]) for one in found]


def test_what_has_ended_before_a_year_leaves_no_figures_above_it(year: Measured, now: datetime) -> None:
    second = a_unit(year.session, year.region, "agency", year.top)
    year.node("other", second)
    year.indicator("alone", "other", second)
    year.fill(now, "q1", {"served": Fraction(8), "alone": ONE})
    recompute(year.session, year.region.id, None, YEAR, now)
    gone = Revision("Dihapus", "Perda 1/2026", ended=frozenset({"other"}))
    revision = apply_revision(year.session, year.region.id, second.id, gone, NEW_YEAR, now)
    assert isinstance(revision, TreeRevision)
    after_revision(year.session, revision, now)
    assert [year.said(one, "q1") for one in ("alone", "other", second.key)] == [[None], [None], [None]]
    assert year.said(year.region.key, "q1") == ["80.00 near"]
    assert differences(year, now) == []


def test_an_indicator_that_another_goal_took_over_counts_there_alone(year: Measured, now: datetime) -> None:
    year.node("taking")
    for key in ("moved", "stays"):
        year.indicator(key, "goal")
        year.aim(key, q3=TWO)
    year.indicator("moved", "taking", valid_from=JULY)
    year.fill(now, "q3", {"served": Fraction(30), "moved": ONE, "stays": TWO})
    recompute(year.session, year.region.id, None, YEAR, now)
    assert (year.said("goal", "q3"), year.said("taking", "q3")) == (["100.00 reached"], ["50.00 below"])
    recompute(year.session, year.region.id, ["stays"], YEAR, now)
    assert year.said("goal", "q3") == ["100.00 reached"]
    assert differences(year, now) == []


def test_a_goal_that_another_unit_took_over_counts_there_alone(year: Measured, now: datetime) -> None:
    other = a_unit(year.session, year.region, "agency", year.top)
    year.node("kept")
    year.indicator("stays", "kept")
    year.aim("stays", q1=TWO, q3=TWO)
    year.fill(now, "q1", {"served": Fraction(8), "stays": TWO})
    year.fill(now, "q3", {"served": Fraction(15), "stays": TWO})
    recompute(year.session, year.region.id, None, YEAR, now)
    split = Succession(SPLIT, (year.agency.key,), (other.key, year.top.key), JULY, "Perda 1/2026")
    made = succeed_units(
        year.session, year.region.id, split, {"goal": other.key, "kept": year.top.key}, "Dipecah", now
    )  # fmt: skip
    assert isinstance(made, list)
    for revision in made:
        after_revision(year.session, revision, now)
    assert year.said(year.agency.key, "q1", "q3") == ["90.00 near", None]
    assert year.said(other.key, "q1", "q3") == [None, "50.00 below"]
    recompute(year.session, year.region.id, ["stays"], YEAR, now)
    assert year.said(year.agency.key, "q1", "q3") == ["90.00 near", None]
    assert differences(year, now) == []


def test_the_region_stands_on_what_its_units_have_published(year: Measured, now: datetime) -> None:
    year.fill(now, "q1", {"served": Fraction(8)})
    recompute(year.session, year.region.id, None, YEAR, now)
    freeze(year.session, year.region.id, year.agency.id, YEAR, now)
    year.fill(now, "q1", {"served": Fraction(10)})
    recompute(year.session, year.region.id, ["served"], YEAR, now)
    assert year.said(year.region.key, "q1") == year.said(year.agency.key, "q1") == ["80.00 near"]
    changed = {kind for kind, _, span in differences(year, now) if span == "q1"}
    assert changed == {"indicator", "node", "unit"}  # published, and named


def test_5_12_goals_units_and_the_region_stand_on_what_is_below(year: Measured, now: datetime) -> None:
    year.indicator("quality", "goal", due_in=["q2"])
    year.aim("quality", q2=Fraction(50))
    year.fill(now, "q1", {"served": Fraction(8)})
    recompute(year.session, year.region.id, None, YEAR, now)
    unit, region = year.agency.key, year.region.key
    assert [year.said(subject, "q1") for subject in ("goal", unit, region)] == [["80.00 near"]] * 3
    goal = year.result("goal", "q1")
    assert goal is not None and (goal.details["counted"], goal.details["total"], goal.unit_id) == (1, 2, year.agency.id)
    assert year.said("goal", "q2") == ["item_not_computable"]
    stopped = year.result("goal", "q2")
    assert stopped is not None and stopped.because == "no_realisation"
    year.fill(now, "q2", {"served": Fraction(22), "quality": Fraction(45)})
    recompute(year.session, year.region.id, ["quality", "served"], YEAR, now)
    assert [year.said(subject, "q2") for subject in ("goal", unit, region)] == [["100.00 reached"]] * 3


def test_the_sentence_of_a_reason_is_the_same_after_it_was_stored(year: Measured, now: datetime) -> None:
    year.fill(now, "q1", {"served": NOT_ISSUED})
    (line,) = [
        one
        for one in recompute(year.session, year.region.id, None, YEAR, now)
        if (one.subject, one.span) == ("goal", "to_q2")
    ]
    row = year.result("goal", "to_q2")
    assert row is not None and (row.reason, row.because) == ("item_not_computable", "not_issued")
    again = from_stored(Stored(None, None, None, None, None, row.reason, row.because, False, row.details))
    assert again == line.result
    assert again.sentence == line.result.sentence and "Triwulan I" in again.sentence.id  # type: ignore[union-attr]


def test_bands_limits_and_methods_changed_in_the_middle_of_a_year_leave_the_quarters_before_as_they_are(
    year: Measured, clock: FrozenClock, tmp_path: Path
) -> None:
    year.indicator("waiting", "goal", direction=None, method="minimise_ratio")
    year.aim("waiting", q1=Fraction(10), q2=Fraction(10), q3=Fraction(10), q4=Fraction(10), year=Fraction(10))
    year.fill(clock(), "q1", {"served": Fraction(13), "waiting": Fraction(20)})
    year.fill(clock(), "q2", {"served": Fraction(26), "waiting": Fraction(20)})
    recompute(year.session, year.region.id, None, YEAR, clock())
    before = [year.said(key, "q1", "q2", "to_q2") for key in ("served", "waiting", "goal", year.agency.key)]
    assert before[:2] == [["130.00 reached"] * 3, ["50.00 below"] * 3]

    clock.advance(days=(JULY - clock().date()).days)
    later = shutil.copytree(FOLDER, tmp_path / "config") / "measurement.yaml"
    text = later.read_text(encoding="utf-8").replace("version: 1.0.0", "version: 1.1.0")
    text = text.replace("cap: null}", "cap: 120}")
    text = text.replace(
        "    since_2025: {valid_from: 2025-01-01, bands: three_steps, legal_basis: []}\n",
        "    since_2025: {valid_from: 2025-01-01, bands: three_steps, legal_basis: []}\n"
        "    since_july: {valid_from: 2026-07-01, bands: five_statuses, legal_basis: []}\n",
    )
    later.write_text(text, encoding="utf-8")
    (later.parent / "vectors.yaml").unlink()  # they prove the figures without a cap
    year.publish(clock(), later.parent)
    year.indicator("waiting", "goal", direction=None, method="minimise_difference", valid_from=JULY)
    year.fill(clock(), "q3", {"served": Fraction(39), "waiting": Fraction(20)})
    recompute(year.session, year.region.id, None, YEAR, clock())

    after = [year.said(key, "q1", "q2", "to_q2") for key in ("served", "waiting", "goal", year.agency.key)]
    assert after == before
    assert year.said("served", "q3", "to_q3") == ["120.00 exceeded", "120.00 exceeded"]
    assert year.said("waiting", "q3") == ["0.00 critical"]
    capped = year.result("served", "q3")
    assert capped is not None and (capped.details["limited"], capped.details["raw"]) == ("cap", "130/1")


def test_5_8_the_target_of_a_period_is_the_one_in_force_on_its_last_day(year: Measured, now: datetime) -> None:
    year.aim("served", JULY, q1=Fraction(1), q3=Fraction(15))
    year.fill(now, "q1", {"served": Fraction(5)})
    year.fill(now, "q3", {"served": Fraction(15)})
    recompute(year.session, year.region.id, ["served"], YEAR, now)
    assert year.said("served", "q1", "q3") == ["50.00 below", "100.00 reached"]
    found = [targets_on(year.session, year.region.id, ["served"], YEAR, day)["served"]["q1"] for day in (
        date(YEAR, 3, 31), JULY,
    )]  # fmt: skip
    assert found == [Fraction(10), Fraction(1)]


def test_5_8_until_a_target_is_set_that_of_the_tree_counts(year: Measured, now: datetime) -> None:
    year.indicator("planned", "goal", targets={"q2": "10", "q3": "10"}, plan_targets={str(YEAR): "40"})
    year.aim("planned", JULY, q2=Fraction(1), q3=Fraction(20), year=Fraction(80))
    for period in ("q2", "q3", "q4"):
        year.fill(now, period, {"planned": Fraction(20)})
    recompute(year.session, year.region.id, None, YEAR, now)
    assert year.said("planned", "q2", "q3", "year") == ["200.00 reached", "100.00 reached", "25.00 below"]
    assert targets_on(year.session, year.region.id, ["planned"], YEAR, date(YEAR, 6, 30))["planned"]["year"] == 40
    next_year = targets_on(year.session, year.region.id, ["planned"], YEAR + 1, date(YEAR + 1, 6, 30))["planned"]
    assert set(next_year.values()) == {None}  # those of periods are of the year in which they came


def test_5_8_to_date_the_target_of_the_year_is_the_one_in_force_on_the_last_day_of_the_span(
    year: Measured, now: datetime
) -> None:
    year.indicator("yearly", "goal", basis="year")
    year.aim("yearly", year=Fraction(50))
    year.aim("yearly", JULY, year=Fraction(25))
    for period in ("q2", "q3", "q4"):
        year.fill(now, period, {"yearly": Fraction(20)})
    recompute(year.session, year.region.id, None, YEAR, now)
    assert year.said("yearly", "to_q2", "to_q3", "year") == ["40.00 below", "80.00 near", "80.00 near"]


def test_a_result_that_stays_the_same_keeps_its_moment_and_a_frozen_one_stays(
    year: Measured, clock: FrozenClock
) -> None:
    year.fill(clock(), "q1", {"served": Fraction(8)})
    began = clock()
    recompute(year.session, year.region.id, None, YEAR, began)
    year.fill(clock.advance(days=1), "q2", {"served": Fraction(20)})
    recompute(year.session, year.region.id, ["served"], YEAR, clock())
    moments = [row.computed_at for row in (year.result("served", "q1"), year.result("served", "q2")) if row is not None]
    assert moments == [began, clock()]
    assert freeze(year.session, year.region.id, year.agency.id, YEAR, clock()) > 0
    year.fill(clock.advance(days=1), "q1", {"served": Fraction(1)})
    recompute(year.session, year.region.id, ["served"], YEAR, clock())
    assert year.said("served", "q1") == ["80.00 near"]


def test_a_position_whose_agreement_is_individual_feeds_no_unit(year: Measured, now: datetime) -> None:
    owner = a_position(year.session, year.agency, "staff")
    year.node("own", owner_id=owner.id)
    year.indicator("alone", "own")
    year.aim("alone", q1=TWO)
    row = AgreementRow(region_id=year.region.id, case_id=7, row_key="1", year=YEAR, unit_id=year.agency.id)
    row.seq, row.position_id, row.kind, row.node_key, row.indicator_key = 1, owner.id, "individual", "own", "alone"
    row.copied, row.in_force_on = {}, date(YEAR, 1, 2)
    year.session.add(row)
    year.fill(now, "q1", {"served": Fraction(8), "alone": ONE})
    recompute(year.session, year.region.id, None, YEAR, now)
    assert year.said("own", "q1") == ["50.00 below"]
    assert year.said(year.agency.key, "q1") == ["80.00 near"]


def test_an_indicator_that_came_later_changes_no_quarter_before(year: Measured, now: datetime) -> None:
    year.fill(now, "q1", {"served": Fraction(8)})
    year.indicator("later", "goal", valid_from=JULY)
    recompute(year.session, year.region.id, None, YEAR, now)
    assert year.said("later", "q1", "q3") == [None, "no_target"]
    assert year.said("goal", "q1") == ["80.00 near"]


def test_publishing_and_revising_recompute_and_a_draft_says_what_it_would_change(
    year: Measured, clock: FrozenClock, tmp_path: Path
) -> None:
    year.fill(clock(), "q1", {"served": Fraction(8)})
    recompute(year.session, year.region.id, None, YEAR, clock())
    folder = shutil.copytree(FOLDER, tmp_path / "config")
    (folder / "vectors.yaml").unlink()
    file = folder / "measurement.yaml"
    text = file.read_text(encoding="utf-8").replace("version: 1.0.0", "version: 1.1.0")
    file.write_text(text.replace("near: {from: 75", "near: {from: 85"), encoding="utf-8")
    draft = load(folder, None, Problems()).measurement(YEAR)
    assert draft is not None
    said = {(line["subject"], line["span"]): line for line in changed_by(
        year.session, draft, year.region.id, clock().date()
    )}  # fmt: skip
    assert said[("served", "q1")]["old"]["band"] == "near" and said[("served", "q1")]["new"]["band"] == "below"
    assert ("served", "q2") not in said
    assert list(changed_by(year.session, draft, year.region.id, JULY)) == []  # q1 has ended by then
    year.publish(clock.advance(days=1), folder)
    assert year.said("served", "q1") == ["80.00 below"]
    year.indicator("served", "goal", valid_from=date(YEAR, 3, 15), consolidation="sum", method="minimise_difference")
    year.revision.in_force_on = date(YEAR, 3, 15)
    after_revision(year.session, year.revision, clock())
    assert year.said("served", "q1") == ["120.00 reached"]


def test_13_1_beside_a_node_stands_its_newest_achievement_whatever_its_period_is_called(
    year: Measured, now: datetime
) -> None:
    year.indicator("monthly", "goal", periods="monthly")
    year.aim("monthly", **{f"m{month:02}": Fraction(100) for month in (9, 11)}, year=Fraction(100))
    year.fill(now, "m09", {"monthly": Fraction(60)})
    year.fill(now, "m11", {"monthly": Fraction(80)})
    recompute(year.session, year.region.id, None, YEAR, now)
    assert year.said("monthly", "to_q3", "to_m11") == ["60.00 below", "80.00 near"]
    tree = tree_on(year.session, year.region.id, year.agency.id, JULY)
    assert reached_in(year.session, year.region.id, tree, YEAR)["monthly"] == "80.00"
