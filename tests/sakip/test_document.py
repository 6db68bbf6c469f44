"""From answers to the printed agreement's data: names, labels, numbers and the total."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pypdf
import pytest

from delivery.documents.typesetting import render
from engine.database import open_database
from engine.definitions.model import EMPTY, Field, Form, Text
from engine.field_types import FIELD_TYPES
from engine.field_types.question import Context
from engine.organisation.directory import snapshot
from sakip.document import TEMPLATE, Office, agency_name, performance_agreement_data
from sakip.signatures import Signature
from tests.factories import a_region, a_unit

NOTHING = Text("", "")


def a_field(
    key: str, kind: str, options: dict[str, Any] | None = None, columns: dict[str, Field] | None = None
) -> Field:
    return Field(key, kind, NOTHING, None, False, None, "ordinary", None, options or EMPTY, columns or EMPTY)


SOURCE = a_field("source", "choice", {"options": {"apbd": {"title": {"id": "APBD", "en": "Regional budget (APBD)"}}}})
FORM = Form(
    key="performance_agreement",
    version="2.0.0",
    title=NOTHING,
    fields={"programmes": a_field("programmes", "table", columns={"source": SOURCE})},
    sections=(),
    checks=(),
    scales={},
    units_of_measure={
        "index": {"kind": "number", "places": 2, "title": {"id": "Indeks", "en": "Index"}},
        "rate": {"kind": "number", "title": {"id": "Angka", "en": "Rate"}},
        "predicate": {"kind": "predicate", "scale": "sakip_predicate", "title": {"id": "Predikat SAKIP", "en": "-"}},
    },
    option_lists={},
)
OFFICE = Office("Kabupaten Contoh", "Dinas Kominfo", "Asia/Jakarta", {"seat": "Contoh", "address": "Jalan Merdeka 1"})


def answers(**values: Any) -> dict[str, Any]:
    return {
        "period": 2026,
        "level": "agency",
        "stage": "original",
        "first_party_name": "Ratna Sulistyo, S.Kom.",
        "first_party_position": "Kepala Dinas Kominfo",
        "first_party_capacity": "definitive",
        "second_party_name": "BUPATI CONTOH",
        "second_party_position": "Bupati Contoh",
        "document_on": date(2026, 1, 20),
        "goals": [
            {
                "code": "S1",
                "statement": "Meningkatnya akuntabilitas",
                "indicators": [
                    {"statement": "Nilai SAKIP", "unit": "predicate", "target": "BB", "is_key": True},
                    {"statement": "Indeks SPBE", "unit": "index", "target": Decimal("2.8"), "weight": Decimal("60")},
                ],
            }
        ],
        "programmes": [
            {"code": "2.16.01", "name": "Penunjang", "budget": Decimal(4100832755), "source": "apbd"},
            {"code": "2.16.02", "name": "Komunikasi", "budget": Decimal(2721236800), "source": None},
        ],
        "budget_total": Decimal(1),
        **values,
    }


def data(signatures: tuple[Signature, ...] = (), is_draft: bool = False, **values: Any) -> dict[str, Any]:
    return performance_agreement_data(answers(**values), FORM, "PK/2026/0001", OFFICE, signatures, is_draft=is_draft)


def test_money_and_targets_are_written_the_indonesian_way() -> None:
    made = data()
    assert [row["budget"] for row in made["programmes"]] == ["Rp4.100.832.755", "Rp2.721.236.800"]
    assert [it["target"] for it in made["goals"][0]["indicators"]] == ["BB", "2,80"]
    assert [it["unit"] for it in made["goals"][0]["indicators"]] == ["Predikat SAKIP", "Indeks"]
    assert made["date"] == "20 Januari 2026"


def test_a_target_stands_on_paper_as_on_the_page_of_its_case() -> None:
    measure = FIELD_TYPES.values()["measure"]
    field = a_field("target", "measure", {"unit_from": "unit"})
    rows = [
        {"unit": unit, "target": Decimal(value)}
        for unit, value in (("index", "84"), ("index", "66.4"), ("index", "2.625"), ("rate", "1250"), ("rate", "0.5"))
    ]
    made = data(goals=[{"statement": "-", "indicators": rows}])["goals"][0]["indicators"]
    on_page = [measure.show(row["target"], field, "id", Context(form=FORM, beside=row)) for row in rows]
    assert [one["target"] for one in made] == on_page == ["84,00", "66,40", "2,625", "1.250", "0,50"]


def test_the_total_is_added_up_here() -> None:
    assert data()["total"] == "Rp6.822.069.555"
    assert data(programmes=[])["total"] == "Rp0"


@pytest.mark.parametrize(
    ("level", "goal", "programme"),
    [
        ("region", "Sasaran Strategis", "Program"),
        ("agency", "Sasaran Strategis", "Program"),
        ("division", "Sasaran Program", "Kegiatan"),
        ("section", "Sasaran Kegiatan", "Subkegiatan"),
    ],
)
def test_labels_follow_the_level(level: str, goal: str, programme: str) -> None:
    assert data(level=level)["labels"] == {"goal": goal, "programme": programme}


def test_a_head_of_region_has_no_second_party() -> None:
    made = data(level="region")
    assert made["second"] is None
    assert made["letterhead"]["unit"] == ""
    assert data()["second"]["name"] == "BUPATI CONTOH"


@pytest.mark.parametrize(
    ("capacity", "position", "printed"),
    [
        ("definitive", "Kepala Dinas", "Kepala Dinas"),
        ("plt", "Kepala Dinas", "Plt. Kepala Dinas"),
        ("plh", "Kepala Dinas", "Plh. Kepala Dinas"),
        ("pj", "Bupati Contoh", "Pj. Bupati Contoh"),
        ("plt", "Plt. Kepala Dinas", "Plt. Kepala Dinas"),
        (None, "Kepala Dinas", "Kepala Dinas"),
    ],
)
def test_the_acting_prefix_belongs_to_the_document(capacity: str | None, position: str, printed: str) -> None:
    made = data(first_party_capacity=capacity, first_party_position=position)
    assert made["first"]["position"] == printed


def test_a_signature_says_when_and_for_whom() -> None:
    at = datetime(2026, 1, 20, 2, 5, tzinfo=UTC)
    made = data(
        (
            Signature("first_party", "Ratna Sulistyo", at),
            Signature("second_party", "Joko Susilo", at, principal_name="BUPATI CONTOH", kind="Plt."),
        )
    )
    assert made["first"]["signed"] == "Ditandatangani melalui Alur\n20 Januari 2026, 09.05 WIB"
    assert made["second"]["signed"].splitlines()[1:3] == ["oleh Plt. Joko Susilo", "atas nama BUPATI CONTOH"]
    assert data()["first"]["signed"] is None


def test_a_revision_is_headed_as_one() -> None:
    assert data()["stage"] == ""
    assert data(stage="revision")["stage"] == "Perubahan"


def test_a_region_has_its_own_letterhead_and_words() -> None:
    settings = {"government": "Pemerintah Kota Contoh", "agreement_texts": {"promise": "Janji kami."}}
    office = Office("Kota Contoh", "Dinas", "Asia/Makassar", settings)
    made = performance_agreement_data(answers(), FORM, "PK/1", office, (), is_draft=False)
    assert made["letterhead"]["government"] == "Pemerintah Kota Contoh"
    assert made["texts"]["promise"] == "Janji kami."
    assert made["place"] == "Kota Contoh"


@pytest.mark.parametrize("given", [{}, {"goals": [{}], "programmes": [{}], "missions": [{}]}, {"level": "individual"}])
def test_an_unfinished_draft_can_be_printed(given: dict[str, Any]) -> None:
    made = performance_agreement_data(given, FORM, "PK/1", OFFICE, (), is_draft=True)
    assert render(TEMPLATE, made).startswith(b"%PDF-1.7")


def test_a_unit_writes_on_the_letterhead_of_its_agency(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    with database.writing() as session:
        region = a_region(session)
        top = a_unit(session, region, "region", name="Pemkab")
        agency = a_unit(session, region, "agency", top, name="Dinas Kominfo")
        section = a_unit(session, region, "section", a_unit(session, region, "division", agency), name="Seksi")
        session.commit()
        directory = snapshot(session, region.id)
        assert agency_name(directory, section.id) == agency_name(directory, agency.id) == "Dinas Kominfo"
        assert agency_name(directory, top.id) == "Pemkab"
        assert agency_name(directory, None) == ""
    database.close()


def test_the_printed_text_can_be_searched() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render(TEMPLATE, data())))
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    for words in ("Rp4.100.832.755", "Rp6.822.069.555", "Meningkatnya akuntabilitas", "Ratna Sulistyo, S.Kom."):
        assert words in text
