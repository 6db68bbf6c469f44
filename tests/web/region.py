"""A small region for tests of pages: one agency with its line, three bureaus, a supervisor, and a second region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from engine import vocabulary
from engine.cases.fire import Fired, fire
from engine.cases.open import Opened, open_case
from engine.database import Database
from engine.facts import Command
from engine.organisation import accounts, passwords
from engine.organisation.models import Person
from engine.publishing.publish import publish
from tests.factories import a_group, a_holder, a_person, a_position, a_region, a_unit

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = Path(__file__).with_name("written")
PASSWORD = "pagi-hari-di-sawah"
CASE_TYPE = "performance_agreement"
FILES = ("workflows/performance_agreement.yaml", "forms_config/performance_agreement.yaml")

ANSWERS: Mapping[str, Any] = {
    "period": 2026,
    "level": "individual",
    "stage": "original",
    "first_party_name": "Sari Wulandari",
    "first_party_capacity": "definitive",
    "first_party_position": "Analis Informasi Publik",
    "second_party_name": "Ratna Sulistyo",
    "second_party_capacity": "definitive",
    "second_party_position": "Kepala Dinas Komunikasi dan Informatika",
    "goals": [
        {
            "code": "S1",
            "statement": "Meningkatnya kualitas komunikasi publik",
            "indicators": [
                {"code": "S1.1", "statement": "Indeks Keterbukaan Informasi Publik", "unit": "index", "target": "70",
                 "quarter_1": "66,5", "quarter_4": "70", "weight": "60"},
                {"code": "S1.2", "statement": "Permohonan informasi dijawab tepat waktu", "unit": "percent",
                 "target": "95", "weight": "40"},
            ],
        }
    ],
    "programmes": [
        {"code": "2.16.02", "name": "Pengelolaan Informasi dan Komunikasi Publik", "supports": "S1",
         "budget": "2721236800"},
    ],
}  # fmt: skip


@dataclass(slots=True)
class Regency:
    """The people by user name (their ids), and the region's id."""

    id: int
    people: dict[str, int] = field(default_factory=dict)


def build(database: Database, now: datetime) -> Regency:
    """Fill an empty database: the organisation, accounts (all with PASSWORD), the published agreement."""
    password_hash = passwords.hashed(PASSWORD)
    with database.writing.begin() as session:
        regency = _organisation(session)
        for username, person_id in regency.people.items():
            accounts.open_account(
                session, person_id, username, password_hash, by=None, now=now, is_admin=username == "admin"
            )
    with database.writing.begin() as session:
        files = {name: (ROOT / name).read_text(encoding="utf-8") for name in FILES}
        publish(session, files, CASE_TYPE, reason="Tahun anggaran baru", by=None, region=None,
                vocabulary=vocabulary.load(), now=now, prove=lambda _: ())  # fmt: skip
    return regency


def an_agreement(database: Database, regency: Regency, now: datetime, title: str | None = None, **answers: Any) -> int:
    """Opens sari's agreement; gives the case's id."""
    with database.writing.begin() as session:
        opened = open_case(
            session, region_id=regency.id, case_type=CASE_TYPE, person_id=regency.people["sari"],
            answers={**ANSWERS, **answers}, title=title or "Perjanjian Kinerja 2026 Sari Wulandari", now=now,
        )  # fmt: skip
    assert isinstance(opened, Opened), opened
    return opened.case_id


def publish_written(database: Database, case_type: str, form: str, now: datetime) -> None:
    """Publish a case type written for tests (``tests/web/written``) with its form."""
    files = {f"workflows/{case_type}.yaml": case_type, f"forms_config/{form}.yaml": form}
    texts = {path: (WRITTEN / f"{name}.yaml").read_text(encoding="utf-8") for path, name in files.items()}
    with database.writing.begin() as session:
        publish(session, texts, case_type, reason="Untuk pengujian", by=None, region=None,
                vocabulary=vocabulary.load(), now=now, prove=lambda _: ())  # fmt: skip


def an_inquiry(database: Database, regency: Regency, now: datetime, title: str = "Pengaduan", **answers: Any) -> int:
    """Opens and files a complaint by sari (``inquiry`` has to be published); gives the case's id."""
    told = {"summary": "Dana kegiatan tidak sampai.", "witnesses": ["Wati", "Yono"], **answers}
    with database.writing.begin() as session:
        opened = open_case(session, region_id=regency.id, case_type="inquiry", person_id=regency.people["sari"],
                           answers=told, title=title, now=now)  # fmt: skip
        assert isinstance(opened, Opened), opened
        filed = fire(session, opened.case_id, Command("file", regency.people["sari"]), now=now)
    assert isinstance(filed, Fired), filed
    return opened.case_id


def _organisation(session: Session) -> Regency:
    region = a_region(session, "kab_contoh", name="Kabupaten Contoh")
    top = a_unit(session, region, "region", name="Pemerintah Kabupaten Contoh", key="pemkab")
    agency = a_unit(session, region, "agency", top, name="Dinas Komunikasi dan Informatika", key="diskominfo")
    division = a_unit(session, region, "division", agency, name="Bidang Informasi Publik", key="ikp")
    section = a_unit(session, region, "section", division, name="Seksi Layanan Informasi", key="layanan")
    bureau = a_unit(session, region, "agency", top, name="Badan Perencanaan", key="bapperida")
    people: dict[str, Person] = {}
    line = (
        ("bupati", "Bupati Contoh", top, "head", "Bupati Contoh"),
        ("ratna", "Ratna Sulistyo", agency, "head", "Kepala Dinas Komunikasi dan Informatika"),
        ("eko", "Eko Prasetyo", agency, "secretary", "Sekretaris Dinas"),
        ("dewi", "Dewi Lestari", division, "head", "Kepala Bidang Informasi Publik"),
        ("budi", "Budi Santoso", section, "head", "Kepala Seksi Layanan Informasi"),
        ("sari", "Sari Wulandari", section, "staff", "Analis Informasi Publik"),
    )
    for username, name, unit, kind, title in line:
        people[username] = a_person(session, unit, name)
        a_holder(session, a_position(session, unit, kind, title=title), people[username])
    others = {
        "gita": "Gita Permata", "hadi": "Hadi Nugroho", "indra": "Indra Kusuma", "rina": "Rina Puspita",
        "slamet": "Slamet Riyadi", "admin": "Administrator",
    }  # fmt: skip
    for username, name in others.items():
        people[username] = a_person(session, bureau, name)
    a_group(session, region, "planning", people["gita"], people["rina"], title="Bapperida")
    a_group(session, region, "personnel", people["hadi"], title="BKPSDM")
    a_group(session, region, "finance", people["indra"], title="BPKAD")
    a_group(session, region, "supervisors", people["slamet"], title="Pengawas")
    a_group(session, region, "intake", people["gita"], people["rina"], title="Penerima pengaduan")
    a_group(session, region, "investigators", people["hadi"], people["indra"], people["eko"], title="Tim pemeriksa")
    acting = a_position(session, bureau, "head", title="Kepala Badan Perencanaan")
    a_holder(session, acting, people["dewi"], "plt", date(2026, 1, 1), date(2026, 6, 30), decree_number="800/117/2026")
    other = a_region(session, "kab_lain", name="Kabupaten Lain")
    people["asing"] = a_person(session, a_unit(session, other, "agency", name="Dinas Lain"), "Asing Sekali")
    return Regency(region.id, {username: person.id for username, person in people.items()})
