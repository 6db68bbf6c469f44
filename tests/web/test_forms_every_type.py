"""Every kind of question there is can be asked, answered, kept, corrected and read again."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from engine import vocabulary
from engine.cases.models import Case
from engine.cases.pages import case_page
from engine.database import Database
from engine.field_types import FIELD_TYPES
from engine.publishing.publish import publish
from tests.web.conftest import Browser
from tests.web.region import Regency

FORM = Path(__file__).with_name("everything.form.yaml").read_text(encoding="utf-8")
EDITED = [
    "line",
    "story",
    "count",
    "ratio",
    "share",
    "cost",
    "size",
    "day",
    "month",
    "year",
    "agreed",
    "colour",
    "tags",
    "names",
    "people",
    "person",
    "unit",
    "position",
    "other",
    "grade",
    "proof",
    "proofs",
    "rows",
]
WORKFLOW = f"""
schema: casework/1
case_type: everything
version: 1.0.0
title: {{id: Segala, en: Everything}}
legal_basis: [x]
roles: {{drafter: {{title: {{id: Penyusun, en: Drafter}}, resolve: initiator}}}}
lifecycle:
  initial: draft
  states:
    draft:
      title: {{id: Konsep, en: Draft}}
      task: {{candidates: [drafter], form: everything, fields: {{{", ".join(f"{name}: edit" for name in EDITED)}}}}}
      transitions: {{finish: {{to: done, title: {{id: Selesai, en: Finish}}}}}}
    done: {{type: final, title: {{id: Selesai, en: Done}}}}
"""
TYPED = {
    "line": "Satu", "story": "Dua\r\nbaris", "count": "1.234", "ratio": "0,125", "share": "66,4", "cost": "Rp1.250.000",
    "size": "12", "day": "2026-05-12", "month": "2026-05", "year": "2026", "agreed": "true", "colour": "blue",
    "names": "Ani\r\n\r\nBudi", "other": "PK-1|S1.1|Rujukan", "grade": "B",
    "rows.#": "2", "rows.0.name": "Pertama", "rows.0.unit": "piece", "rows.0.value": "7", "rows.0.chosen": "true",
    "rows.1.name": "Kedua", "rows.1.unit": "grade", "rows.1.value": "A", "rows.1.chosen": "",
}  # fmt: skip


@pytest.fixture
def sari(browser_of: Callable[..., Browser], pages_database: Database, now: datetime) -> Browser:
    files = {"workflows/everything.yaml": WORKFLOW, "forms_config/everything.yaml": FORM}
    with pages_database.writing.begin() as session:
        publish(session, files, "everything", reason="Uji", by=None, region=None, vocabulary=vocabulary.load(), now=now,
                prove=lambda _: ())  # fmt: skip
    return browser_of("sari")


@pytest.fixture
def answers(pages_database: Database, regency: Regency, now: datetime) -> Callable[[], dict]:
    def read() -> dict:
        with pages_database.reading() as session:
            newest = session.scalars(select(Case.id).order_by(Case.id.desc())).first()
            return dict(case_page(session, regency.people["sari"], int(newest or 0), now).answers)

    return read


def everything(regency: Regency) -> dict[str, object]:
    people = regency.people
    chosen = {
        "person": str(people["dewi"]),
        "people": [str(people["budi"]), str(people["eko"])],
        "tags": ["new", "rare"],
    }
    return {**TYPED, **chosen, "unit": "1", "position": "1"}


def test_the_form_here_asks_every_kind_of_question_there_is() -> None:
    asked = {line.split("type: ")[1].split(",")[0].rstrip("}") for line in FORM.splitlines() if "type: " in line}
    assert asked == set(FIELD_TYPES.values())


def test_everything_typed_becomes_the_answer_it_means(
    sari: Browser, regency: Regency, answers: Callable[[], dict]
) -> None:
    address = "/cases/new/everything?section=all"
    sari.get(address)
    assert sari.post(address, {**everything(regency), "op": "next:"}).location.endswith("section=-send")
    again = sari.get(address).text
    assert "Berkas dapat ditambahkan setelah kasus dibuka." in again
    assert sari.post("/cases/new/everything?section=-send", {"act": "open"}).status_code == 303
    given = answers()
    assert (given["line"], given["story"]) == ("Satu", "Dua\nbaris")
    assert (given["count"], given["ratio"], given["share"]) == (1234, Decimal("0.125"), Decimal("66.4"))
    assert (given["cost"], given["size"], given["day"]) == (Decimal(1250000), Decimal(12), date(2026, 5, 12))
    assert (given["month"], given["year"], given["agreed"], given["colour"]) == ("2026-05", 2026, True, "blue")
    assert (given["tags"], given["names"], given["grade"]) == (["new", "rare"], ["Ani", "Budi"], "B")
    assert given["people"] == [regency.people["budi"], regency.people["eko"]]
    assert given["person"] == regency.people["dewi"]
    assert given["other"] == {"case": "PK-1", "item": "S1.1", "title": "Rujukan"}
    assert [row["value"] for row in given["rows"]] == [Decimal(7), "A"]


def test_what_is_shown_for_editing_reads_back_as_the_same(
    sari: Browser, regency: Regency, answers: Callable[[], dict]
) -> None:
    address = "/cases/new/everything?section=all"
    sari.get(address)
    sari.post(address, {**everything(regency), "op": "save:"})
    opened = sari.post("/cases/new/everything?section=-send", {"act": "open"}).location
    before = answers()
    sari.get(f"{opened}/edit?section=all")
    sari.post(f"{opened}/edit?section=all", {"op": "save:", "line": "Diubah"})
    sari.get(f"{opened}/edit?section=-send")
    assert sari.post(f"{opened}/edit?section=-send", {"act": "finish|draft|"}).status_code == 303
    assert answers() == {**before, "line": "Diubah"}


def test_files_are_answers_too_and_stay_with_their_row(
    sari: Browser, regency: Regency, answers: Callable[[], dict]
) -> None:
    sari.get("/cases/new/everything")
    opened = sari.post("/cases/new/everything?section=-send", {"act": "open"}).location
    form = f"{opened}/edit?section=all"
    sari.get(form)
    rows = {"rows.#": "1", "rows.0.name": "Pertama"}
    sent = {"proof": (io.BytesIO(b"bukti"), "bukti.txt"), "rows.0.proof": (io.BytesIO(b"baris"), "baris.txt")}
    answer = sari.post(form, {**rows, **sent, "op": "refresh:"}, content_type="multipart/form-data")
    assert answer.status_code == 303
    page = sari.get(form).text
    assert "bukti.txt" in page
    assert "baris.txt" in page
    sari.post(form, {**rows, "rows.0.name": "Diganti", "op": "save:"})
    sari.get(f"{opened}/edit?section=-send")
    assert sari.post(f"{opened}/edit?section=-send", {"act": "finish|draft|"}).status_code == 303
    given = answers()
    assert given["proof"]["name"] == "bukti.txt"
    assert given["rows"][0]["proof"]["name"] == "baris.txt"
    assert given["rows"][0]["name"] == "Diganti"


def test_a_file_can_be_taken_out_again_and_a_bad_one_is_refused_in_words(sari: Browser) -> None:
    sari.get("/cases/new/everything")
    opened = sari.post("/cases/new/everything?section=-send", {"act": "open"}).location
    form = f"{opened}/edit?section=all"
    sari.get(form)
    bad = {"proof": (io.BytesIO(b"MZ\x90"), "bukti.exe"), "line": "Tetap ada", "op": "refresh:"}
    sari.post(form, bad, content_type="multipart/form-data")
    page = sari.get(form).text
    assert "bukti.exe: " in page
    assert 'value="Tetap ada"' in page
    sent = {"proofs": (io.BytesIO(b"satu"), "satu.txt"), "op": "refresh:"}
    sari.post(form, sent, content_type="multipart/form-data")
    page = sari.get(form).text
    button = page.split('value="unfile:proofs:')[1].split('"')[0]
    sari.post(form, {"op": f"unfile:proofs:{button}"})
    assert "unfile:proofs" not in sari.get(form).text


def test_every_kind_of_mistake_is_kept_and_named(sari: Browser) -> None:
    address = "/cases/new/everything?section=all"
    sari.get(address)
    wrong = {"count": "banyak", "ratio": "1,2345", "cost": "mahal", "day": "31 Februari 2026", "month": "Mei",
             "year": "26", "colour": "hijau", "person": "Bukan siapa-siapa", "grade": "Z", "size": "1,5"}  # fmt: skip
    page = sari.get(sari.post(address, {**wrong, "op": "next:"}).location).text
    assert f"Ada {len(wrong)} isian yang perlu diperbaiki" in page
    for text in wrong.values():
        assert text in page


def test_a_wrong_item_of_a_list_is_told_at_the_box_of_the_list(sari: Browser) -> None:
    address = "/cases/new/everything?section=all"
    sari.get(address)
    people = {"names": f"Wati\n{'Yono' * 500}\nTuti", "people": ["Bukan siapa-siapa"]}
    page = sari.get(sari.post(address, {**people, "op": "next:"}).location).text
    for key in people:
        assert f'href="#{key}"' in page and f'id="{key}"' in page, key
        assert f'id="{key}-error"' in page, key
    assert 'href="#names-1"' not in page
