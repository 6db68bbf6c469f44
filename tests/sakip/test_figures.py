"""The figures of the dashboards: each number has the list that adds up to it, by who looks (reference §10)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import ROOT
from engine.errors import InvalidInput, NotFound
from sakip.facts.models import AgreementRow, TargetRow
from sakip.facts.tree_facts import checked_region
from sakip.figures import FIGURES, figure_for
from sakip.listing import Listing, read_key, write_key
from sakip.looking import BUREAU, HEAD, INSPECTORATE, SECRETARY, UNIT, Viewer, read_filters, viewer_of
from sakip.publish_folder import publish_folder
from sakip.tree.models import IndicatorRow, TreeRevision
from tests.factories import a_position
from tests.publishers import publishers
from tests.sakip.facts_factories import YEAR, Performing, a_performing_region, fill

FOLDER = ROOT / "sakip_config"


def publish(session: Session, now: datetime, region: int) -> None:
    list(publish_folder(session, FOLDER, region=None, reason="Berlaku", now=now, **publishers(session, region)))


@pytest.fixture
def performing(session: Session, now: datetime) -> Performing:
    found = a_performing_region(session, now)
    publish(session, now, found.region.id)
    fill(found, 2)
    return found


def looks(found: Performing, who: str, role: str = "") -> Viewer:
    key = (who, role, found.now)
    if key not in found.viewers:
        found.viewers[key] = viewer_of(found.session, found.people[who].id, found.now, role)
    return found.viewers[key]


def listed(found: Performing, who: str, name: str, **asked: str) -> Listing:
    viewer = looks(found, who)
    figure = figure_for(name, viewer)
    return figure.list(found.session, viewer, read_filters(viewer, asked, figure.filters))


def lines(found: Performing, listing: Listing, limit: int = 2) -> list[str]:
    """The first cell of every line, a few a page."""
    told, after = [], None
    while True:
        page = listing.page(found.session, after, limit)
        told += [str(next(iter(item.cells.values()))) for item in page.items]
        after = page.next_key
        if after is None:
            return told


def test_every_figure_has_one_sentence_an_example_and_a_file_of_its_name(performing: Performing) -> None:
    for name, item in FIGURES.items().items():
        written = yaml.safe_load(item.example)
        assert written["figure"] == name == item.module.rpartition(".")[2]
        assert set(written["filters"]) <= item.value.filters | {"year", "span", "unit"}, name
        who = next(one for one in ("bupati", "bureau", "inspector") if looks(performing, one).role in item.value.roles)
        listing = listed(performing, who, name, **{key: str(value) for key, value in written["filters"].items()})
        assert listing.count(performing.session) == len(lines(performing, listing)), name


def test_every_number_has_the_list_that_adds_up_to_it_whoever_looks(performing: Performing) -> None:
    for name, figure in FIGURES.values().items():
        for who in ("bupati", "sekda", "bureau", "inspector", "head", "staff"):
            if looks(performing, who).role in figure.roles:
                listing = listed(performing, who, name)
                assert listing.count(performing.session) == len(lines(performing, listing, 50)), (name, who)


def test_the_figures_say_what_was_filled_in(performing: Performing) -> None:
    session = performing.session
    counts = listed(performing, "bupati", "indicators").counts(session, "band", "reason")
    assert counts == {("reached", ""): 1, ("below", ""): 3, ("near", ""): 1, (None, "not_issued"): 1}
    assert lines(performing, listed(performing, "bupati", "below_target")) == [
        "Indikator a2", "Indikator c0", "Indikator c1",
    ]  # fmt: skip
    assert lines(performing, listed(performing, "bupati", "below_target", key="yes")) == [
        "Indikator a2",
        "Indikator c0",
    ]
    assert lines(performing, listed(performing, "bupati", "not_reporting")) == ["Dinas 3"]
    assert listed(performing, "bureau", "unverified").count(session) == 8
    assert lines(performing, listed(performing, "inspector", "refused_evidence")) == ["Renja 2025"]
    assert listed(performing, "bupati", "recommendations", late="yes").count(session) == 1


def test_budget_stands_beside_achievement_and_what_cannot_be_drawn_is_listed_with_its_reason(
    performing: Performing,
) -> None:
    session = performing.session
    counts = listed(performing, "bupati", "budget_and_achievement").counts(session, "placed", "reason")
    assert counts == {
        ("yes", ""): 2, ("no", "no_absorption"): 1, ("no", "not_issued"): 1, ("no", "no_budget"): 2,
    }  # fmt: skip
    page = listed(performing, "bupati", "budget_and_achievement", placed="yes").page(session, None, 10)
    assert [(item.cells["indicator"], item.cells["absorption"], item.cells["achievement"]) for item in page.items] == [
        ("Indikator a2", 62.5, 62.5), ("Indikator a1", 62.5, 105),
    ]  # fmt: skip
    assert listed(performing, "bupati", "budget_and_achievement", reason="no_budget").count(session) == 2
    figure = FIGURES.values()["budget_and_achievement"]
    told = f"{figure.title} {figure.how} {figure.sentence(2)} {figure.columns} {figure.empty}".casefold()
    assert "efisien" not in told and "efficien" not in told
    with pytest.raises(NotFound):
        figure_for("budget_and_achievement", looks(performing, "inspector"))


def test_lateness_never_enters_a_performance_number(performing: Performing, session: Session) -> None:
    before = listed(performing, "bupati", "indicators").counts(session, "band", "reason")
    performing.now = performing.now + timedelta(days=200)
    assert listed(performing, "bupati", "indicators", year=str(YEAR), span="to_q4").counts(
        session, "band", "reason"
    ) == before  # fmt: skip


def test_an_indicator_of_an_individual_agreement_or_of_another_position_is_not_counted(
    performing: Performing, session: Session
) -> None:
    before = listed(performing, "bupati", "indicators").count(session)
    agency = performing.agencies[0]
    performing.measured(agency, "individual", "10.00")
    assert listed(performing, "bupati", "indicators").count(session) == before + 1
    row = session.query(AgreementRow).filter_by(indicator_key="individual").one()
    row.kind = "individual"
    session.flush()
    assert listed(performing, "bupati", "indicators").count(session) == before
    row.kind, row.position_id = "division", a_position(session, agency, "secretary").id
    session.flush()
    assert listed(performing, "bupati", "indicators").count(session) == before


def test_who_sees_what_follows_posts_and_groups(performing: Performing) -> None:
    roles = {who: looks(performing, who).role for who in performing.people}
    assert roles == {
        "bupati": HEAD, "sekda": SECRETARY, "bureau": BUREAU, "inspector": INSPECTORATE, "head": UNIT, "staff": UNIT,
        "nobody": UNIT,
    }  # fmt: skip
    assert looks(performing, "bureau").roles == (BUREAU, UNIT)
    assert [unit.name for unit in looks(performing, "staff").units] == ["Dinas 1"]
    with pytest.raises(NotFound):
        looks(performing, "head", BUREAU)
    with pytest.raises(NotFound):
        figure_for("unit_scores", looks(performing, "head"))


def test_a_unit_sees_its_own_and_nothing_of_its_neighbour(performing: Performing) -> None:
    assert lines(performing, listed(performing, "head", "indicators")) == ["Indikator a2", "Indikator a1"]
    assert lines(performing, listed(performing, "head", "unit_results")) == ["Dinas 1"]
    assert listed(performing, "nobody", "indicators").count(performing.session) == 0
    with pytest.raises(NotFound):
        listed(performing, "head", "indicators", unit="DINAS-2")


def test_another_region_is_not_found_and_adds_nothing(performing: Performing, now: datetime) -> None:
    other = a_performing_region(performing.session, now)
    assert listed(other, "bupati", "indicators").count(other.session) == 0
    assert lines(other, listed(other, "bupati", "without_agreement")) == [
        "Bagian Organisasi", "Dinas 1", "Dinas 2", "Dinas 3", "Inspektorat",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "asked",
    [{"year": "20x5"}, {"year": "1"}, {"span": "q9"}, {"span": "'; --"}, {"unit": "DINAS-99"}, {"year": "٢٠٢٥"}],
)
def test_a_year_a_span_or_a_unit_that_is_none_is_not_found(performing: Performing, asked: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        listed(performing, "bupati", "indicators", **asked)


def test_a_place_in_a_list_is_read_back_and_nothing_else_is_taken() -> None:
    assert read_key(write_key([1, "a'b", 3]), (int, str, int)) == [1, "a'b", 3]
    for wrong in ("x", "****", write_key(["1"]), write_key([1, 2]), write_key([-1]), write_key([True]), "A" * 700):
        with pytest.raises(InvalidInput):
            read_key(wrong, (int,))


def test_without_configuration_every_figure_is_empty_and_none_fails(session: Session, now: datetime) -> None:
    found = a_performing_region(session, now)
    for name in FIGURES.items():
        who = "bureau" if BUREAU in FIGURES.values()[name].roles else "inspector"
        listed(found, who, name).page(session, None, 10)


def test_the_predicates_of_three_sources_stand_apart(performing: Performing) -> None:
    page = listed(performing, "bupati", "predicates").page(performing.session, None, 10)
    told = [(str(item.cells["year"]), str(item.cells["source"]), str(item.cells["score"])) for item in page.items]
    assert [(year, score) for year, _, score in told] == [("2025", "265/4"), ("2025", "64"), ("2024", "621/10")]
    assert len({source for _, source, _ in told}) == 3


def test_the_points_of_a_score_are_listed(performing: Performing) -> None:
    listing = listed(performing, "bupati", "score_parts", source="self_assessment", year="2025")
    assert listing.count(performing.session) == 2


def test_what_changed_since_yesterday_is_counted_by_kind(performing: Performing) -> None:
    counts = listed(performing, "bupati", "changed").counts(performing.session, "kind")
    assert counts[("target",)] == 1 and counts[("result",)] >= 5 and ("agreement",) not in counts
    performing.indicator(performing.agencies[0], "fresh", in_force_on=performing.now.date())
    assert listed(performing, "bupati", "changed", kind="agreement").count(performing.session) == 1


def test_the_findings_of_the_trees_are_those_the_pages_of_the_trees_tell(performing: Performing) -> None:
    """A target below last year's and a row of an agreement that says something else count on the dashboard too."""
    session, region, today = performing.session, performing.region.id, performing.now.date()
    before = listed(performing, "bureau", "integrity").count(session)
    row = session.scalars(select(IndicatorRow).where(IndicatorRow.region_id == region, IndicatorRow.key == "a1")).one()
    row.content = {**row.content, "plan_targets": {str(today.year): "60"}}
    revision = TreeRevision(region_id=region, unit_id=None, number=2, reason="target", legal_basis="-", case_id=None)
    revision.seq, revision.in_force_on, revision.made_at = None, today, performing.now
    last = TargetRow(region_id=region, indicator_key="a1", year=today.year - 1, period="year", value="90")
    last.case_id, last.seq, last.valid_from, last.at = None, None, performing.revision.in_force_on, performing.now
    session.add_all([revision, last])
    session.flush()
    told = listed(performing, "bureau", "integrity", check="target_below_last_year")
    assert lines(performing, told) == ["Indikator a1"]
    assert listed(performing, "bureau", "integrity").count(session) == before + 1
    checked = checked_region(session, region, today)
    assert checked is not None and len(checked.findings) == before + 1
