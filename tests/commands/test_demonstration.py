"""The demonstration: Kabupaten Contoh and nine regions side by side, each with its own chain."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config import ROOT
from demo.accounts import SHORT_NAMES
from demo.people import written
from demo.reports import all_reports
from engine.audit.verify import verify
from engine.cases.models import Case, Incident
from engine.cases.pages import case_page
from engine.cases.queue_page import queue_page
from engine.cases.stored import definition_of
from engine.channel.coming_back import come_back
from engine.channel.keys import CaseRef
from engine.channel.report_page import report_page
from engine.channel.settings import channel, channels
from engine.database import Database, open_database
from engine.errors import NotFound
from engine.organisation.accounts import person_called
from engine.organisation.models import Region
from sakip.cycle import CYCLE
from tests.commands.conftest import DEMONSTRATED as NOW
from tests.commands.conftest import PEPPER

AGREEMENT = "performance_agreement"
OF_THE_YEARS = 8 + 2 + 2  # agreements of the years of performance: two agencies for two years, one agency for one
PRACTICE = "kab_contoh"  # where the tutorial happens; the others are the nine regions


@pytest.fixture(scope="module")
def demonstration(built_demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder = tmp_path_factory.mktemp("demonstration")
    shutil.copyfile(built_demonstration / "alur.sqlite", folder / "alur.sqlite")
    database = open_database(f"sqlite:///{folder / 'alur.sqlite'}")
    yield database
    database.close()


def _packs() -> set[str]:
    return {path.parent.name for path in Path(ROOT, "workflows", "regions").glob("*/performance_agreement.yaml")}


def test_every_region_with_a_pack_is_in_the_demonstration() -> None:
    assert set(written()) == _packs() | {PRACTICE}
    assert len(_packs()) == 9


def test_the_printed_short_names_are_those_of_the_nine_regions() -> None:
    assert list(SHORT_NAMES) == [region["short"] for key, region in written().items() if key != PRACTICE]


def test_nobody_has_the_number_of_somebody_else() -> None:
    people = [person for region in written().values() for person in region["people"].values()]
    numbers = [person["nip"] for person in people if person.get("nip")]
    assert len(numbers) == len(set(numbers))
    assert all(len(number) == 18 and number[4:6] == "99" for number in numbers)


def test_each_region_runs_a_version_of_its_own(demonstration: Database) -> None:
    with demonstration.reading() as session:
        runs = select(Region.key, Case.digest).join(Case, Case.region_id == Region.id)
        rows = session.execute(runs.where(Case.case_type == AGREEMENT).distinct()).all()
        used = {row.key: row.digest for row in rows}
        assert len(rows) == len(used) == 10
        assert len(set(used.values())) == 10
        chains = {tuple(definition_of(session, digest).states["approval_chain"].children) for digest in used.values()}
    assert len(chains) >= 7


def test_every_region_has_an_agreement_in_force_and_one_on_its_way(demonstration: Database) -> None:
    with demonstration.reading() as session:
        for region in session.scalars(select(Region)):
            states = [
                set(state["a"]) for state in session.scalars(select(Case.state).where(Case.region_id == region.id))
            ]
            settled = [state for state in states if state & {"in_force", "locked"}]
            assert len(states) > len(settled)
            assert settled or region.key == "kab_sarolangun", region.key  # there the validation was taken back


def test_no_step_of_any_region_waits_for_somebody_who_does_not_exist(demonstration: Database) -> None:
    with demonstration.reading() as session:
        found = session.execute(
            select(Region.key, Incident.code, Incident.state).join(Region, Region.id == Incident.region_id)
        ).all()
    assert [row for row in found if row.code == "no_candidate"] == []


def test_nobody_sees_a_case_of_another_region(demonstration: Database) -> None:
    with demonstration.reading() as session:
        case_id = session.scalars(select(Case.id).join(Region).where(Region.key == "kota_bandung")).first()
        stranger, own = person_called(session, "skw_kabag"), person_called(session, "bdg_kabag")
        assert case_page(session, own.id, case_id or 0, NOW).case_id == case_id
        with pytest.raises(NotFound):
            case_page(session, stranger.id, case_id or 0, NOW)
        for row in queue_page(session, stranger.id, NOW).rows:
            assert session.get_one(Case, row.case_id).region_id == stranger.region_id


def test_the_history_of_every_region_is_whole(demonstration: Database) -> None:
    with demonstration.reading() as session:
        assert list(verify(session)) == []
        agreements = select(func.count()).select_from(Case).where(Case.case_type == AGREEMENT)
        assert session.scalar(agreements) == 8 + 19 + OF_THE_YEARS
        others = select(func.count()).select_from(Case).where(Case.case_type.not_in(CYCLE))
        assert session.scalar(others) == len(list(all_reports()))


def test_the_printed_codes_open_reports_at_different_places(demonstration: Database) -> None:
    found = []
    for report in all_reports():
        with demonstration.reading() as session:
            door = channel(session, report.region, NOW)
        ref = come_back(demonstration, door, report.written["code"], PEPPER.encode(), "192.0.2.7", NOW)
        assert isinstance(ref, CaseRef), report.shown
        with demonstration.reading() as session:
            page = report_page(session, ref, door, NOW)
            found.append((report.region, page.status.id))
    assert len(set(found)) == len(found)
    assert ("kab_contoh", "Sedang diperiksa") in found, "the words of the step around the branches, not of the whole"
    assert {region for region, _ in found} == {"kab_contoh", "kota_tanjungbalai"}


@pytest.mark.parametrize("name", ["ida", "irwan", "nia", "tb_verifikator"])
def test_who_handles_complaints_has_one_to_do(demonstration: Database, name: str) -> None:
    with demonstration.reading() as session:
        rows = queue_page(session, person_called(session, name).id, NOW).rows
        assert any(session.get_one(Case, row.case_id).is_sealed for row in rows)


def test_only_regions_whose_people_hold_keys_take_reports(demonstration: Database) -> None:
    with demonstration.reading() as session:
        assert [key for key, _ in channels(session, NOW)] == ["kab_contoh", "kota_tanjungbalai"]


def test_the_years_of_performance_were_played_up_to_today(demonstration: Database) -> None:
    with demonstration.reading() as session:
        states = session.execute(
            select(Case.case_type, Case.state).join(Region, Region.id == Case.region_id)
            .where(Region.key == PRACTICE, Case.case_type.in_(CYCLE), Case.case_type != AGREEMENT)
        ).all()  # fmt: skip
    found = {kind: sorted(next(iter(state["a"])) for of, state in states if of == kind) for kind, _ in states}
    assert found["tree_revision"] == ["in_force"] * 3 and found["crosscutting_agreement"] == ["agreed"]
    assert found["measurement_report"] == ["verified"] * 9  # two agencies, four quarters, and the region's own
    assert found["lke_evaluation"] == ["self_assessment"]  # its window is open, the others lie ahead
