"""An agreement written as data becomes a case; what does not fit is named by path and line, and nothing is written."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from engine.cases.fire import Fired, fire
from engine.cases.models import Case
from engine.cases.pages import case_page
from engine.cases.views import CasePage
from engine.database import open_database
from engine.facts import Command
from engine.organisation.models import Holder, Person, Region
from sakip.exchange.agreements import bring_in_agreement
from sakip.exchange.work import Wish
from sakip.import_agreement import Imported, import_agreement
from sakip.strict import ImportProblem
from tests.databases import SqliteFiles
from tests.web.region import Regency, build

FILE = Path(__file__).parent / "agreement_2025.yaml"
TEXT = FILE.read_text(encoding="utf-8")

Import = Callable[[Path | str], Imported | list[ImportProblem]]


@pytest.fixture(scope="module")
def region_file(sqlite_files: SqliteFiles) -> Iterator[tuple[Path, Regency]]:
    """A database file with the region in it, to be copied."""
    url = sqlite_files.new()
    database = open_database(url)
    regency = build(database, datetime(2026, 3, 2, 2, tzinfo=UTC))
    database.close()
    yield Path(str(make_url(url).database)), regency
    sqlite_files.drop(url)


@pytest.fixture
def regency(region_file: tuple[Path, Regency]) -> Regency:
    return region_file[1]


@pytest.fixture
def writing(region_file: tuple[Path, Regency], tmp_path: Path) -> Iterator[Session]:
    shutil.copyfile(region_file[0], tmp_path / "region.sqlite")
    database = open_database(f"sqlite:///{tmp_path / 'region.sqlite'}")
    with database.writing() as session:
        yield session
    database.close()


@pytest.fixture
def bring_in(writing: Session, regency: Regency, now: datetime) -> Import:
    def one(file: Path | str) -> Imported | list[ImportProblem]:
        return import_agreement(writing, file, region_id=regency.id, person_id=regency.people["sari"], now=now)

    return one


def the_page(session: Session, regency: Regency, imported: Imported, now: datetime) -> CasePage:
    return case_page(session, regency.people["sari"], imported.case_id, now)


def test_every_fact_of_the_file_becomes_an_answer(
    bring_in: Import, writing: Session, regency: Regency, now: datetime
) -> None:
    imported = bring_in(FILE)
    assert isinstance(imported, Imported), imported
    page = the_page(writing, regency, imported, now)
    answers = page.answers
    assert (answers["period"], answers["level"], answers["stage"]) == (2025, "agency", "original")
    assert answers["first_party_name"] == "Ratna Sulistyo, S.Kom., M.Si."
    assert answers["second_party_position"] == "Bupati Contoh"
    assert [goal["code"] for goal in answers["goals"]] == ["S1", "S2", "S3", "S4", "S5"]
    index = answers["goals"][1]["indicators"][0]
    assert (index["unit"], index["target"], index["baseline"]) == ("index", Decimal(70), Decimal("66.4"))
    assert answers["goals"][0]["indicators"][0]["target"] == "BB"
    assert answers["goals"][3]["indicators"][0]["consolidation"] == "sum"
    assert answers["budget_total"] == 8580487155
    assert page.title == "Perjanjian Kinerja 2025, Dinas Komunikasi dan Informatika"


def test_a_preview_tells_what_an_agreement_is_made_of(writing: Session, regency: Regency, now: datetime) -> None:
    wish = Wish(regency.id, person_id=regency.people["sari"], is_dry=True)
    faulty = TEXT.replace("jenis: jpt", "jenis: presiden").encode()
    told = [bring_in_agreement(writing, one, "pk.yaml", wish, now) for one in (TEXT.encode(), faulty, b"agreement: 1")]
    assert [(one.holds, one.written, one.wrong) for one in told] == [
        ((5, 5, 5), 1, 0), ((5, 5, 5), 0, 1), ((0, 0, 0), 0, 1),
    ]  # fmt: skip


def test_the_case_stands_with_its_drafter_and_can_be_sent(
    bring_in: Import, writing: Session, regency: Regency, now: datetime
) -> None:
    imported = bring_in(FILE)
    assert isinstance(imported, Imported)
    page = the_page(writing, regency, imported, now)
    assert page.state_title.id == "Penyusunan"
    assert {view.action: view.refusal for view in page.actions}["submit"] is None


def test_a_party_known_by_its_staff_number_is_that_person(
    bring_in: Import, writing: Session, regency: Regency, now: datetime
) -> None:
    writing.get_one(Person, regency.people["ratna"]).nip = "198099992005012001"
    imported = bring_in(FILE)
    assert isinstance(imported, Imported)
    assert the_page(writing, regency, imported, now).answers["first_party"] == regency.people["ratna"]


WRONG = {
    "an unknown key": ("      teks: Meningkatnya keamanan informasi", "      text: Meningkatnya keamanan informasi",
                       "agreement.sasaran[4].text"),
    "a word outside the scale": ("          target: BB", "          target: BBB",
                                 "agreement.sasaran[0].indikator[0].target"),
    "a total that is not the sum": ("total_anggaran: 8580487155", "total_anggaran: 8580487156",
                                    "agreement.total_anggaran"),
    "quarters that do not add up": ("tw4: 8}", "tw4: 9}", "agreement.sasaran[3].indikator[0].target_triwulan"),
    "an unknown level": ("  jenis: jpt", "  jenis: presiden", "agreement.jenis"),
    "an unknown unit": ("nama: Unit Kerja", "nama: Ember", "agreement.sasaran[3].indikator[0].satuan.nama"),
    "a day that does not exist": ("tanggal_dokumen: 2025-01-20", "tanggal_dokumen: 2025-02-30",
                                  "agreement.tanggal_dokumen"),
    "text for a number": ("anggaran: 13572000", "anggaran: banyak", "agreement.program[3].anggaran"),
    "a staff number too short": ('nip: "198099992005012001"', 'nip: "1980"', "agreement.pihak_kesatu.nip"),
    "a target beyond its limit": ("          target: 2.8\n", "          target: 28\n",
                                  "agreement.sasaran[2].indikator[0].target"),
    "another schema": ("schema: sakip.pk/1", "schema: sakip.pk/9", "schema"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_does_not_fit_is_named_by_path_and_line(what: str, bring_in: Import, writing: Session) -> None:
    before, after, path = WRONG[what]
    assert before in TEXT
    text = TEXT.replace(before, after, 1)
    problems = bring_in(text)
    assert isinstance(problems, list)
    found = {problem.path: problem for problem in problems}
    assert path in found, problems
    assert found[path].line == text[: text.index(after)].count("\n") + 1
    assert found[path].message.id and found[path].message.en
    assert writing.scalar(select(func.count()).select_from(Case)) == 0


def test_everything_wrong_comes_back_at_once_in_the_order_of_the_file(bring_in: Import) -> None:
    text = TEXT.replace("  jenis: jpt", "  jenis: presiden").replace("target: BB", "target: BBB", 1)
    problems = bring_in(text)
    assert isinstance(problems, list)
    assert [problem.path for problem in problems] == ["agreement.jenis", "agreement.sasaran[0].indikator[0].target"]


@pytest.mark.parametrize("text", ["", "[]", "a: [", "schema: sakip.pk/1", "agreement: []", "\x00", "- " * 50])
def test_a_file_that_is_no_agreement_is_refused_in_words(text: str, bring_in: Import) -> None:
    problems = bring_in(text)
    assert isinstance(problems, list) and problems
    assert all(problem.line >= 1 for problem in problems)


def test_a_file_that_is_not_there_is_said_to_be_unreadable(bring_in: Import, tmp_path: Path) -> None:
    problems = bring_in(tmp_path / "nothing.yaml")
    assert isinstance(problems, list)
    assert "cannot be read" in problems[0].message.en


def test_parts_that_belong_elsewhere_are_named_and_left_out(bring_in: Import) -> None:
    imported = bring_in(TEXT + "\nrencana_aksi: []\nperubahan: []\n")
    assert isinstance(imported, Imported)
    assert imported.left_out == ("rencana_aksi", "perubahan")


def test_a_revision_names_its_reason_and_what_it_replaces(
    bring_in: Import, writing: Session, regency: Regency, now: datetime
) -> None:
    changed = TEXT.replace(
        "versi: {nomor: 1, nama: Murni, menggantikan: null, alasan: null}",
        "versi: {nomor: 2, nama: Perubahan, menggantikan: PK/2025/DISKOMINFO/0001, alasan: strategi}",
    )
    imported = bring_in(changed)
    assert isinstance(imported, Imported)
    answers = the_page(writing, regency, imported, now).answers
    assert (answers["stage"], answers["revision_reason"]) == ("revision", "strategy")
    assert answers["replaces"] == "PK/2025/DISKOMINFO/0001"


def test_the_imported_agreement_travels_to_in_force_with_a_return_and_an_acting_official(
    bring_in: Import, writing: Session, regency: Regency, now: datetime
) -> None:
    people = regency.people
    writing.get_one(Person, people["ratna"]).nip = "198099992005012001"
    imported = bring_in(FILE)
    assert isinstance(imported, Imported)
    agency_head = writing.scalars(select(Holder).where(Holder.person_id == people["ratna"])).one()
    acting = Holder(position_id=agency_head.position_id, person_id=people["dewi"], kind="plt", decree_number="800/9")
    writing.add(acting)
    writing.get_one(Region, regency.id).organisation_revision += 1
    writing.flush()
    steps = (
        ("sari", "submit"), ("budi", "return"), ("sari", "resubmit"), ("budi", "approve"), ("dewi", "approve"),
        ("gita", "approve"), ("indra", "approve"), ("eko", "approve"), ("bupati", "sign"), ("dewi", "sign"),
    )  # fmt: skip
    for who, action in steps:
        comment = "Indikator S4.1 belum merujuk indikator atasan." if action == "return" else ""
        outcome = fire(writing, imported.case_id, Command(action, people[who], comment=comment), now=now)
        assert isinstance(outcome, Fired), (who, action, outcome)
    page = the_page(writing, regency, imported, now)
    assert page.state_title.id == "Berlaku"
    assert page.answers["first_party_name"] == "Ratna Sulistyo"  # as the staff record had it at signing
    assert page.answers["second_party_name"] == "Bupati Contoh"
    assert [document.field for document in page.documents] == ["signed_document"]
    signed = [line for line in page.history if line.action == "sign"]
    assert ("Dewi Lestari", "Ratna Sulistyo") in [(line.actor_name, line.principal_name) for line in signed]
