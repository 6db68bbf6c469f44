"""From a stranger's first page to the last word on an appeal, in two regions with different rules; and what all of it
tells somebody who takes the server away."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.channel import receipts
from engine.database import open_database
from engine.disclosure.primitives import Cost
from engine.organisation.snapshot import forget
from tests.databases import SqliteFiles
from tests.disclosure import attacker
from tests.disclosure.seized import hits
from tests.disclosure.test_seized_server import PAGE
from tests.factories import PASSWORD
from tests.journeys.inspectorates import FIRST, PDF, SECOND, House, Inspectorate, two_inspectorates
from tests.mail_sink import MailSink
from tests.reporting.conftest import Reporter, code_of
from tests.reporting.test_evidence import a_photo

MARKER = "Penanda-rahasia"  # in everything anybody writes
NAME, CONTACT = f"{MARKER} Citra Ayu", f"{MARKER} 0812"
STORY = f"{MARKER}: uang retribusi pasar dibawa pulang setiap hari Jumat."
ANSWER = f"{MARKER}: laporan Anda terbukti, dan pelakunya ditindak."
QUESTION = f"{MARKER}: apakah Anda tahu nama penyedianya?"
REPLY = f"{MARKER}: Penyedia Maju, di sebelah pasar."
APPEAL = f"{MARKER}: uangnya belum kembali."
MOTIVE = f"{MARKER}: saksi kunci perlu dipanggil sidang kode etik"
PHOTO = a_photo(MARKER.encode())
NAMED = "Vito, petugas verifikasi"  # by the reporter, so out of it from the start


@pytest.fixture(scope="module")
def house(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder, url, sink = tmp_path_factory.mktemp("house"), sqlite_files.new(), MailSink()
    database = open_database(url)
    forget()
    sink.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(receipts, "_cost", Cost(1, 64 * 1024))
        with two_inspectorates(database, url, folder, sink) as built:
            yield built
    sink.stop()
    database.close()
    sqlite_files.drop(url)
    shutil.rmtree(folder)


@pytest.fixture
def visitor(chromium: Browser, house: House) -> Iterator[Callable[[], Page]]:
    """Each time a new browser with scripts off."""
    contexts = []

    def open_tab() -> Page:
        viewport = {"width": 360, "height": 800}
        contexts.append(chromium.new_context(base_url=house.address, viewport=viewport, java_script_enabled=False))  # type: ignore[arg-type]
        return contexts[-1].new_page()

    yield open_tab
    for context in contexts:
        context.close()


# -- what both regions do alike -----------------------------------------------------------------------------------


def examined(office: Inspectorate, outcome: str, meanwhile: Callable[[Inspectorate], None] | None = None) -> None:
    """From the inspector's word that it is examined to the signed report: letter, hearings, reply, evidence."""
    office.act("irma", "examine")
    sam = office.signed_in("sam")
    scope = {"scope": f"{MARKER} retribusi 2025", "witnesses": "Pedagang A\r\nPedagang B"}
    office.write(sam, {**scope, "assignment_from": "2026-03-16", "assignment_until": "2026-04-16"})
    team = {
        "assign.technical_controller": "Tika",
        "assign.lead_investigator": "Leo",
        "assign.investigator": ["Nia", "Oka"],
    }
    office.act("sam", "draft_letter", **team)
    for signer in ("adi", "sekar", "irma"):
        office.act(signer, "sign")
    letter = office.signed_in("leo").get(f"{office.case}/document/assignment_letter.pdf")
    assert letter.status_code == 200 and letter.data.startswith(b"%PDF")
    assert not re.search(r"<b>Tanpa (ahli|perpanjangan)</b><small>", office.read("leo")), "no step anybody takes"
    office.act("leo", "request_extension", f"{MARKER} saksi sakit")
    office.act("irma", "grant_extension")
    if meanwhile is not None:
        meanwhile(office)
    for witness in ("Pedagang A", "Pedagang B"):
        office.act("nia", f"record|hearing|{witness}", file="berita acara.pdf")
    office.fill("leo", "note_reply", reported_reply=f"{MARKER} ia membantah")
    office.act("oka", "close_file")
    office.fill("leo", "propose_report", findings=f"{MARKER} setoran kurang", outcome=outcome,
                recommendations=f"{MARKER} setor kembali\r\n{MARKER} perbaiki pembukuan")  # fmt: skip
    for signer in ("tika", "sekar", "irma"):
        office.act(signer, "approve")


def nothing_for(office: Inspectorate, name: str) -> None:
    """No page, list, file, count or other answer tells them that there is a case."""
    case_id, number = office.house.cases[office.region]
    browser = office.signed_in(name)
    pages = ["/queue", "/queue?tab=team", "/queue?tab=followed", "/queue.csv", "/cases", "/cases.csv", "/statistics",
             "/statistics.csv", "/retention", "/identity-requests", "/incidents", "/profile", "/profile/key",
             f"/cases?q={number[:4]}"]  # fmt: skip
    for page in pages:
        answer = browser.get(page)
        assert not any(each in answer.text for each in (number, str(case_id), MARKER)), (name, page)
    for rest in ("", "/edit", "/mails", "/diagram.svg", "/document/assignment_letter.pdf", f"/sealed-files/{'0' * 32}"):
        own, none = browser.get(f"/case/{case_id}{rest}"), browser.get(f"/case/{case_id + 1}{rest}")
        assert own.status_code == none.status_code == 404, (name, rest)
    browser.get("/queue")
    assert browser.post(f"/case/{case_id}/act", {"act": "complete|verification|"}).status_code == 404


def only_doorbells(house: House, *, never: str) -> None:
    """Whatever came by mail has the one text there is, and nothing came to somebody who must not know."""
    house.days_go_by()
    said = {message.get_body(("plain",)).get_content() for message in house.sink.messages}  # type: ignore[union-attr]
    assert house.sink.messages and len(said) == 1
    assert {message["Subject"] for message in house.sink.messages} == {"Pemberitahuan layanan internal"}
    for region in house.cases:
        for name in (never, *("udin", "admin")):
            assert (house.people[region][name].email,) not in house.sink.recipients


# -- the first region: a browser without scripts, a name in confidence ---------------------------------------------


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def reports(page: Page) -> str:
    """Everything from the first page to the proof of the code, which is given back."""
    page.goto(f"/{FIRST}/")
    page.get_by_role("link", name="Mulai melapor").click()
    press(page, "Saya mengerti, lanjut")
    page.get_by_label("Rahasia").check()
    press(page, "Lanjut")
    page.get_by_label("Nama", exact=True).fill(NAME)
    page.get_by_label("Telepon atau surel").fill(CONTACT)
    press(page, "Simpan dan lanjut")
    page.get_by_label("Apa yang terjadi?").fill(STORY)
    press(page, "Simpan dan lanjut")
    page.get_by_label("Di mana terjadi").fill(f"{MARKER} Pasar Baru")
    press(page, "Simpan dan lanjut")
    page.locator(".rows input").first.fill(NAMED)
    press(page, "Simpan dan lanjut")
    press(page, "Lewati")
    for name in ("pasar.jpg", "kas.jpg"):
        photo = {"name": name, "mimeType": "image/jpeg", "buffer": PHOTO}
        page.get_by_label("Pilih satu berkas").set_input_files(photo)  # type: ignore[arg-type]
        press(page, "Unggah berkas ini")
        expect(page.get_by_role("listitem").filter(has_text=name)).to_be_visible()
    press(page, "Lanjut")
    press(page, "Kirim laporan")
    expect(page.locator(".receipt span")).not_to_have_count(0)  # a press comes back before the page it leads to
    code = "-".join(page.locator(".receipt span").all_inner_texts())
    page.get_by_role("link", name="Saya sudah menyimpan kode").click()
    page.get_by_label("Ketik 4 karakter terakhir").fill(code[-4:])
    press(page, "Periksa")
    press(page, "Selesai dan keluar")
    return code


def comes_back(page: Page, code: str) -> None:
    page.goto(f"/{FIRST}/")
    page.get_by_role("link", name="Cek laporan saya").click()
    page.get_by_label("Ketik kode Anda").fill(code)
    press(page, "Buka")


def stands_at(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Laporan Anda: {words}")


def a_report_in_confidence_goes_through_all_stages_and_an_appeal(house: House, visitor: Callable[[], Page]) -> None:
    page, office = visitor(), house.at(FIRST)
    code = reports(page)
    house.newest(FIRST)
    nothing_for(office, "vito")
    office.fill("ida", "register", category="corruption", reported_person=str(office.people["udin"].id),
                unit=str(house.units[FIRST]["market"]))  # fmt: skip
    office.act("vina", "ask_reporter", QUESTION)

    page = visitor()
    comes_back(page, code.lower().replace("-", " "))
    expect(page.get_by_text("Ada pertanyaan untuk Anda.")).to_be_visible()
    expect(page.locator(".talk")).to_contain_text(QUESTION)
    answer = page.locator("form").filter(has=page.get_by_role("button", name="Kirim keterangan"))
    answer.get_by_label("Tulisan Anda").fill(REPLY)
    answer.get_by_role("button", name="Kirim keterangan").click()
    press(page, "Selesai dan keluar")

    assert REPLY in office.read("vina") and NAME not in office.read("vina")
    fetched = re.findall(rf'href="({office.case}/sealed-files/[0-9a-f]+)"', office.read("vina"))
    photos = [office.signed_in("vina").get(each).data for each in fetched]
    assert len(photos) == 2 and all(each.startswith(b"\xff\xd8") and MARKER.encode() not in each for each in photos)
    house.days_go_by()
    office.fill("vina", "complete", verification_note=f"{MARKER} lengkap")
    office.fill("rani", "submit_review", review_note=f"{MARKER} cukup petunjuk", supervisory="supervisory",
                impact="agency", reporter_risk="high")  # fmt: skip
    office.act("irma", "clarify")
    office.fill("rani", "report_back", clarification_note=f"{MARKER} dibenarkan pedagang")
    examined(office, "discipline_medium", meanwhile=identity_is_released)
    office.act("wali", "order_follow_up")
    for item in ("setor kembali", "perbaiki pembukuan"):
        office.act("umar", f"carry_out|follow_up|{MARKER} {item}", file="bukti setor.pdf")
    office.fill("sam", "close", answer=ANSWER, protection="measures")

    page = visitor()
    comes_back(page, code)
    stands_at(page, "Selesai; Anda dapat mengajukan keberatan")
    expect(page.get_by_text(ANSWER)).to_be_visible()
    for words in ("Permintaan agar identitas Anda dibuka ditolak.", "Identitas Anda dibuka untuk seorang petugas"):
        expect(page.get_by_text(words)).to_be_visible()
    page.locator("summary").filter(has_text="Ajukan keberatan").click()
    appeal = page.locator("form").filter(has=page.get_by_role("button", name="Ajukan keberatan"))
    appeal.get_by_label("Tulisan Anda").fill(APPEAL)
    appeal.get_by_role("button", name="Ajukan keberatan").click()
    stands_at(page, "Keberatan Anda ditelaah")
    assert APPEAL in office.read("irma")
    office.act("irma", "uphold", f"{MARKER} uang dikembalikan bertahap")
    page = visitor()
    comes_back(page, code)
    stands_at(page, "Selesai")
    for name in ("vito", "udin", "admin"):
        nothing_for(office, name)
    only_doorbells(house, never="vito")


def identity_is_released(office: Inspectorate) -> None:
    """One custodian refuses, another agrees to a second request; only who asked reads the name."""
    for name, custodian, decision in (("irma", "kiki", "refuse"), ("leo", "koko", "approve")):
        asking = office.signed_in(name)
        asking.get(office.case)
        assert asking.post(f"{office.case}/identity", {"motive": MOTIVE}).status_code == 303
        assert NAME not in asking.get(office.case).text
        deciding = office.signed_in(custodian)
        page = deciding.get("/identity-requests")
        (where,) = re.findall(r'action="(/identity-requests/\d+)"', page.text)
        assert MOTIVE in page.text and STORY not in page.text
        assert deciding.post(where, {"decision": decision, "note": f"{MARKER} dipertimbangkan"}).status_code == 303
    assert NAME in office.read("leo") and NAME not in office.read("irma")


# -- the second region: other questions, clocks and roads, and plain HTTP -------------------------------------------


def sends(reporter: Reporter) -> str:
    """As that region asks: how instead of why, and evidence; the code proven."""
    reporter.begin()
    pages = {"what": {"summary": STORY}, "where_and_when": {"place": f"{MARKER} pasar ikan"},
             "who": {"reported_aliases": NAMED}, "how": {"manner": f"{MARKER} karcis tanpa nomor"}}  # fmt: skip
    for page, answers in pages.items():
        reporter.get(f"ask/{page}")
        reporter.follow(reporter.post(f"ask/{page}", answers))
    assert "Lanjut tanpa bukti" not in reporter.get("ask/evidence").text, "it cannot be left out here"
    without = reporter.post("ask/evidence", {"do": "next"})
    assert without.status_code == 422 and "di sini laporan tidak diterima tanpa bukti" in without.text
    for name in ("karcis.jpg", "tas.jpg"):
        reporter.get("ask/evidence")
        reporter.follow(reporter.post("ask/evidence/file", {"file": (io.BytesIO(PHOTO), name)}))
    reporter.get("ask/evidence")
    reporter.follow(reporter.post("ask/evidence", {"do": "next"}))
    code = code_of(reporter.follow(reporter.post("send")))
    reporter.get("proof")
    reporter.follow(reporter.post("proof", {"last": code[-4:]}))
    reporter.post("left")
    return code


def an_anonymous_report_takes_the_other_regions_roads_and_is_opened_again(house: House) -> None:
    office, code = house.at(SECOND), sends(house.reporter(SECOND))
    house.newest(SECOND)
    nothing_for(office, "vito")
    house.days_go_by(7)  # nobody registers it: whoever holds a key and comes next lets the supervisors in
    assert office.read("ida")
    office.fill("sam", "register", category="assets", unit=str(house.units[SECOND]["market"]),
                reported_person=str(office.people["udin"].id))  # fmt: skip
    office.fill("vina", "complete", verification_note=f"{MARKER} lengkap")
    office.fill("rani", "submit_review", review_note=f"{MARKER} soal ketertiban", supervisory="ordinary",
                impact="unit", reporter_risk="low")  # fmt: skip
    office.act("irma", "ask_reporter", QUESTION)  # at every desk: this region's own

    reporter = house.reporter(SECOND)
    page = reporter.follow(reporter.open(code))
    assert QUESTION in page.text and "Kami menunggu jawaban Anda" in page.text
    reporter.follow(reporter.post("mine/act", {"action": "provide", "comment": REPLY, "do": "act"}))
    assert REPLY in office.read("irma")
    office.act("irma", "pass_on")
    assert STORY in office.read("umar") and REPLY not in office.read("umar")
    office.act("umar", "reply", f"{MARKER} sudah dibina")
    office.fill("susi", "close", answer=ANSWER, outcome="discipline_light", protection="not_needed")

    reporter = house.reporter(SECOND)
    assert ANSWER in reporter.follow(reporter.open(code)).text
    reporter.follow(reporter.post("mine/act", {"action": "appeal", "comment": APPEAL, "do": "act"}))
    office.act("irma", "reopen")
    office.act("irma", "clarify")
    office.fill("rani", "report_back", clarification_note=f"{MARKER} ada kerugian", supervisory="supervisory")
    examined(office, "not_proven")
    office.fill("sam", "close", answer=ANSWER, outcome="not_proven", protection="not_needed")
    house.days_go_by(21)  # seven working days, with Eid between: the worker ends it, without any key
    reporter = house.reporter(SECOND)
    page = reporter.follow(reporter.open(code))
    assert re.search(r"<h1[^>]*>\s*Laporan Anda: Selesai\s*</h1>", page.text)
    for name in ("vito", "udin", "admin"):
        nothing_for(office, name)
    only_doorbells(house, never="vito")


def who_has_the_whole_server_and_no_password_learns_that_reports_came_and_when(house: House) -> None:
    assert set(house.cases) == {FIRST, SECOND}
    secrets = {"everything": MARKER, "file of an officer": PDF.decode()[9:40], "password": PASSWORD}
    assert hits(house.scene, secrets) == {}
    settings = house.settings
    loot = attacker.Loot(settings.database_url, settings.sealed_dir, settings.secret_key, settings.receipt_pepper)
    assert len(list(attacker.targets_in(loot))) > 150
    assert attacker.opened(loot, attacker.keys(loot)) == []
    learned = set(attacker.learned(loot)) - named_in("What stays readable") - named_in("What stays readable further on")
    assert sorted(learned) == [], "more than the page on sealed cases says"


def test_reports_in_two_regions_hurt_nobody_and_the_server_taken_away_says_nothing(
    house: House, visitor: Callable[[], Page]
) -> None:
    a_report_in_confidence_goes_through_all_stages_and_an_appeal(house, visitor)
    an_anonymous_report_takes_the_other_regions_roads_and_is_opened_again(house)
    who_has_the_whole_server_and_no_password_learns_that_reports_came_and_when(house)


def named_in(part: str) -> set[str]:
    """Columns that this part of the page on sealed cases names."""
    text = PAGE.read_text(encoding="utf-8").partition(f"## {part}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"`([a-z_]+\.[a-z_]+)`", text))
