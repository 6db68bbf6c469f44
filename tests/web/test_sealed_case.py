"""The page of a sealed case: who reads what, the talk with the reporter, its files, and who the reporter is."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import select, update

from engine.audit.models import AuditEntry
from engine.cases.models import Case
from engine.cases.stored import SUSPENDED
from engine.disclosure.conversation import REPORTER as BY_REPORTER
from engine.disclosure.conversation import say
from engine.disclosure.models import SealedFile
from engine.disclosure.seals import seal_of
from engine.facts import REPORTER
from tests.sealed_office import SECRET
from tests.sealed_type import rows_with
from tests.web.sealed_pages import NAME, SealedPages, until_the_report_is_proposed

PDF = b"%PDF-1.7\nBukti setoran pasar\n%%EOF\n"
MOTIVE = "Saksi kunci perlu dipanggil sidang kode etik"


def address(pages: SealedPages, rest: str = "") -> str:
    return f"/case/{pages.kept.case_id}{rest}"


def readings(pages: SealedPages) -> list[tuple[str, int | None]]:
    with pages.database.reading() as session:
        rows = select(AuditEntry).where(AuditEntry.event.in_(("sealed_case_read", "reporter_identity_read")))
        return [(row.event, row.actor_id) for row in session.scalars(rows.order_by(AuditEntry.seq))]


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_recipient_reads_the_report_the_promises_and_who_else_reads_it(
    sealed_pages: SealedPages, language: str
) -> None:
    page = sealed_pages.browser("vina", language=language).get(address(sealed_pages))
    assert page.status_code == 200 and SECRET in page.text
    words = ("Kasus tersegel", "Dijanjikan") if language == "id" else ("Sealed case", "Promised")
    assert all(word in page.text for word in words)
    later = "Paling lama 60 hari kerja sejak" if language == "id" else "At most 60 working days from"
    assert later in page.text, "what the reporter reads of the answer, before its clock has begun"
    called = "Penanganan pengaduan" if language == "id" else "Complaint investigation"
    assert f"<h1>{called}" in page.text
    assert called in sealed_pages.browser("vina", language=language).get("/queue").text
    assert NAME not in page.text and "no-store" in page.headers["Cache-Control"]


def test_steps_to_come_are_one_closed_line_and_their_letters_are_not_offered(sealed_pages: SealedPages) -> None:
    page = sealed_pages.browser("vina").get(address(sealed_pages)).text
    folded = page[page.index('<details class="panel later">') :].partition("</details>")[0]
    assert "<summary>Belum diisi: Penugasan dan pemeriksaan, Hasil dan jawaban" in folded and "Temuan" in folded
    assert "Catatan verifikasi" in page and "Catatan verifikasi" not in folded  # hers to fill
    assert folded.count("<dt>Tidak diisi</dt>") == 2, "one line a section names what is empty"
    assert "(PDF)" not in page
    for letter in ("assignment_letter", "report_document", "answer_letter"):
        assert sealed_pages.browser("vina").get(address(sealed_pages, f"/document/{letter}.pdf")).status_code == 404


def test_a_long_road_stands_open_only_around_where_the_case_is(sealed_pages: SealedPages) -> None:
    page = sealed_pages.browser("vina").get(address(sealed_pages)).text
    road = page[page.index('id="steps"') : page.index('id="diagram"')]
    near, _, ahead = road.partition("<details")
    assert [each for each in ("Registrasi", "Verifikasi", "Telaah", "Disposisi Inspektur") if each in near]
    assert "langkah berikutnya</summary>" in ahead and "Penutupan" in ahead and "Penutupan" not in near
    assert re.findall(r'<ol class="steps" start="(\d+)">', ahead) == ["5"]


def test_branches_nobody_asked_for_are_neither_behind_nor_ahead(sealed_pages: SealedPages) -> None:
    until_the_report_is_proposed(sealed_pages)
    page = sealed_pages.browser("tika").get(address(sealed_pages)).text
    road = page[page.index('id="steps"') : page.index('id="diagram"')]
    assert "Pengumpulan bukti" in road and "Penutupan" in road
    assert "Pendapat ahli" not in road and "Permohonan perpanjangan" not in road
    history = page[page.index('id="history"') :]
    for nobodys in ("Penentuan penangan", "Tanpa ahli", "Tanpa perpanjangan"):
        assert nobodys not in history, "where nobody works is no next step"
    empty = page.partition("<dt>Tidak diisi</dt>")[2]
    assert "Surat tugas (PDF)" in page and not re.search(r'id="a-assignment-letter"', empty)


def test_an_act_names_the_steps_it_can_lead_to_and_no_automatic_one(sealed_pages: SealedPages) -> None:
    with sealed_pages.database.writing.begin() as session:
        office = sealed_pages.office(session)
        office.report()
        case_id = office.case_id
    page = sealed_pages.browser("ida").get(f"/case/{case_id}").text
    assert "Berikutnya: Penyerahan kepada inspektorat provinsi atau Verifikasi." in page
    assert "Penentuan penangan" not in page[: page.index('id="diagram"')]


def test_no_officer_is_told_to_wait_for_what_only_the_reporter_can_do(sealed_pages: SealedPages) -> None:
    page = sealed_pages.browser("vina").get(address(sealed_pages)).text
    box = page[page.index('id="decision"') : page.index('id="sealed"')]
    assert "Cabut pengaduan" not in box and "Jeda penanganan" in box


def test_whose_key_is_locked_is_asked_to_unlock_it_first(sealed_pages: SealedPages) -> None:
    answer = sealed_pages.browser("vina", is_open=False).get(address(sealed_pages))
    assert answer.status_code == 303 and "/unlock" in answer.headers["Location"]


def test_T75_reading_a_sealed_case_is_on_record_once_a_person_and_day(sealed_pages: SealedPages) -> None:
    vina, irma = sealed_pages.browser("vina"), sealed_pages.browser("irma")
    for _ in range(2):
        vina.get(address(sealed_pages))
    vina.get(address(sealed_pages, "/edit"))
    irma.get(address(sealed_pages))
    people = sealed_pages.kept.people
    assert readings(sealed_pages) == [("sealed_case_read", people["vina"]), ("sealed_case_read", people["irma"])]
    sealed_pages.clock.advance(days=1)
    sealed_pages.browser("vina").get(address(sealed_pages))
    assert readings(sealed_pages)[2:] == [("sealed_case_read", people["vina"])]


def test_T75_what_is_on_record_has_nothing_of_the_case_or_the_reporter(sealed_pages: SealedPages) -> None:
    sealed_pages.browser("vina").get(address(sealed_pages))
    with sealed_pages.database.reading() as session:
        row = session.scalars(select(AuditEntry).where(AuditEntry.event == "sealed_case_read")).one()
        assert (row.subject, row.old, row.new) == (f"case:{sealed_pages.kept.case_id}", None, None)


def test_reporter_and_office_talk_and_nothing_said_lies_open(sealed_pages: SealedPages) -> None:
    browser = sealed_pages.browser("vina")
    browser.get(address(sealed_pages))
    assert browser.post(address(sealed_pages, "/say"), {"message": "Kapan kejadiannya?"}).status_code == 303
    with sealed_pages.database.writing.begin() as session:
        sealed_pages.office(session).at_work(REPORTER)
        seal = seal_of(session, sealed_pages.kept.case_id)
        say(session, seal, sealed_pages.kept.case_id, BY_REPORTER, None, "Setiap Jumat", sealed_pages.clock().date())
    page = browser.get(address(sealed_pages)).text
    assert "Kapan kejadiannya?" in page and "Setiap Jumat" in page
    with sealed_pages.database.reading() as session:
        assert rows_with(session, "Kapan kejadiannya") == rows_with(session, "Setiap Jumat") == []


def test_an_empty_message_is_refused_and_the_page_stays(sealed_pages: SealedPages) -> None:
    browser = sealed_pages.browser("vina")
    browser.get(address(sealed_pages))
    answer = browser.post(address(sealed_pages, "/say"), {"message": "  "})
    assert answer.status_code == 422 and "Tulis pesan" in answer.text


def test_evidence_of_an_officer_is_kept_as_it_is_and_encrypted(sealed_pages: SealedPages) -> None:
    browser = sealed_pages.browser("vina")
    browser.get(address(sealed_pages))
    answer = browser.post(address(sealed_pages, "/attachments"), {"file": (io.BytesIO(PDF), "Setoran rahasia.pdf")})
    assert answer.status_code == 303
    page = browser.get(address(sealed_pages)).text
    (href,) = re.findall(r'href="(/case/\d+/sealed-files/[0-9a-f]{32})"', page)
    answer = browser.get(href)
    assert answer.data == PDF and answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.mimetype == "application/octet-stream" and answer.headers["X-Content-Type-Options"] == "nosniff"
    with sealed_pages.database.reading() as session:
        assert rows_with(session, "Setoran rahasia") == []
    folder = sealed_pages.app.extensions["alur"].settings.sealed_dir
    stored = [path.read_bytes() for path in folder.glob("*/*")]
    assert len(stored) == 1 and b"setoran" not in stored[0].lower()


def test_a_changed_file_is_not_given_at_all(sealed_pages: SealedPages) -> None:
    browser = sealed_pages.browser("vina")
    browser.get(address(sealed_pages))
    browser.post(address(sealed_pages, "/attachments"), {"file": (io.BytesIO(PDF), "a.pdf")})
    with sealed_pages.database.reading() as session:
        file_id = session.scalars(select(SealedFile.id)).one()
    path = sealed_pages.app.extensions["alur"].settings.sealed_dir / file_id[:2] / file_id
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)
    assert browser.get(address(sealed_pages, f"/sealed-files/{file_id}")).status_code == 404


def test_the_head_of_the_unit_reads_what_is_ordinary_and_nothing_of_the_reporter(sealed_pages: SealedPages) -> None:
    vina = sealed_pages.browser("vina")
    vina.get(address(sealed_pages))
    vina.post(address(sealed_pages, "/attachments"), {"file": (io.BytesIO(PDF), "Bukti pelapor.pdf")})
    vina.post(address(sealed_pages, "/say"), {"message": "Kapan kejadiannya?"})
    vina.post(address(sealed_pages, "/remarks"), {"remark": "Hati-hati, kecil kantornya"})
    (file,) = re.findall(r"sealed-files/([0-9a-f]{32})", vina.get(address(sealed_pages)).text)
    do, unit = sealed_pages.do, sealed_pages.kept.units["market"]
    assert do("vina", "complete", "Catatan antarpetugas", verification_note="Catatan tim", unit=unit) is None
    assert do("rani", "submit_review", review_note="Hasil telaah", supervisory="ordinary") is None
    assert do("irma", "pass_on") is None
    umar = sealed_pages.browser("umar")
    page = umar.get(address(sealed_pages))
    assert page.status_code == 200 and SECRET in page.text
    road = page.text[page.text.index('id="steps"') : page.text.index('id="diagram"')]
    assert "Penutupan" in road and "Surat tugas" not in road, "the way from here, not the one it did not take"
    assert "Reviu keberatan" not in road, "nobody waits for an appeal"
    said = (
        "Catatan antarpetugas",
        "Catatan tim",
        "Hasil telaah",
        "Kapan kejadiannya",
        "kecil kantornya",
        "Bukti pelapor",
    )
    assert [words for words in said if words in page.text] == []
    with sealed_pages.database.writing.begin() as session:
        sealed_pages.office(session).at_work("umar")
        note = seal_of(session, sealed_pages.kept.case_id).lock(SUSPENDED, "Saksi dirawat")
        paused = {"is_suspended": True, "suspended_note": note, "suspended_at": sealed_pages.clock()}
        session.execute(update(Case).where(Case.id == sealed_pages.kept.case_id).values(**paused))
    paused_page = umar.get(address(sealed_pages)).text
    assert "Dijeda sejak" in paused_page and "Saksi dirawat" not in paused_page
    assert umar.get(address(sealed_pages, f"/sealed-files/{file}")).status_code == 404
    assert umar.post(address(sealed_pages, "/say"), {"message": "Siapa Anda?"}).status_code == 404
    assert umar.post(address(sealed_pages, "/identity"), {"motive": MOTIVE}).status_code == 404


@pytest.mark.parametrize("name", ["vina", "vito"])
def test_whose_own_act_takes_the_case_out_of_their_sight_is_led_to_the_queue(
    sealed_pages: SealedPages, name: str
) -> None:
    browser = sealed_pages.browser(name)
    page = browser.get(address(sealed_pages)).text
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision is not None
    typed = {"act": "declare_conflict|verification|", "comment": "Ipar saya", "revision": revision[1]}
    answer = browser.post(address(sealed_pages, "/act"), typed)
    assert (answer.status_code, answer.location) == (303, "/queue")
    assert "tidak lagi terbuka bagi Anda" in browser.get("/queue").text
    assert browser.get(address(sealed_pages)).status_code == 404


def test_who_asks_for_the_identity_waits_for_a_custodian(sealed_pages: SealedPages) -> None:
    vina = sealed_pages.browser("vina")
    vina.get(address(sealed_pages))
    assert vina.post(address(sealed_pages, "/identity"), {"motive": "perlu"}).status_code == 422
    assert vina.post(address(sealed_pages, "/identity"), {"motive": MOTIVE}).status_code == 303
    assert NAME not in vina.get(address(sealed_pages)).text
    assert vina.get("/identity-requests").status_code == 404
    kiki = sealed_pages.browser("kiki")
    page = kiki.get("/identity-requests")
    assert MOTIVE in page.text and SECRET not in page.text
    counted = r'Identitas <span class="count">1<span class="visually-hidden"> permintaan<'
    assert re.search(counted, kiki.get("/queue").text) and not re.search(counted, vina.get("/queue").text)
    (where,) = re.findall(r'action="(/identity-requests/\d+)"', page.text)
    assert kiki.post(where, {"decision": "refuse"}).status_code == 422
    assert kiki.post(where, {"decision": "approve"}).status_code == 303
    assert not re.search(counted, kiki.get("/queue").text)
    assert NAME in vina.get(address(sealed_pages)).text
    assert NAME not in sealed_pages.browser("irma").get(address(sealed_pages)).text
    assert ("reporter_identity_read", sealed_pages.kept.people["vina"]) in readings(sealed_pages)


def test_no_list_of_the_page_says_who_the_reporter_is(sealed_pages: SealedPages) -> None:
    browser = sealed_pages.browser("vina")
    for rest in ("", "/mails", "/edit", "/diagram.svg"):
        page = browser.get(address(sealed_pages, rest))
        assert page.status_code == 200 and NAME not in page.text
    history = browser.get(address(sealed_pages)).text
    assert "Pelapor membuka" in history
