"""The worksheet's page: rows answered tier by tier through the ordinary command, by those who may and nobody else."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import select, update

from config import ROOT
from engine.cases.models import Case, ScheduleExtension
from engine.cases.open import Opened, open_case
from engine.organisation.models import Account, Group, GroupMember
from sakip.facts.evidence import Content, accept, register
from sakip.facts.models import EvidencePiece
from tests.databases import SqliteFiles
from tests.sakip.evaluation_office import AT_B, DAYS, answers, sheet
from tests.shipped import shipped
from tests.web.evaluation_pages import Pages, all_answers, at, build, number_of, pages_of, revision, row_of
from web.officer.own_pages import tables_there

GUIDELINE = "planning.existence.guideline"


@pytest.fixture
def pages(evaluation: Pages) -> Pages:
    return evaluation


def stored(pages: Pages, address: str) -> dict[str, Any]:
    with pages.office() as office:
        return dict(answers(office, number_of(address)))


def test_a_unit_reads_its_rows_with_three_numbers_tabs_and_the_window(pages: Pages) -> None:
    page = pages.browser("sari").get(pages.worksheet("self")).text
    assert "<h1>Lembar kerja 2025, " in page and "hari kerja lagi" in page
    assert "<b>0</b><span>dari 78 dijawab</span>" in page and "belum ada nilai sebelum 78 lagi dijawab" in page
    assert "Perencanaan kinerja" in page and 'aria-current="page"' in page
    assert "Letak batas 70 dan 80 belum dipastikan daerah ini" in page
    assert "B: Lebih dari 75 % terpenuhi" in page and '<small class="dim">0,75</small>' in page
    assert "Kunci penilaian sendiri" in page and 'class="btn off" href="#openings"' in page
    english = pages.browser("fitri", "en")
    assert english.get("/queue").status_code == 200


def test_what_is_typed_is_kept_and_an_act_writes_it_with_the_case_s_revision(pages: Pages) -> None:
    address = pages.worksheet("self")
    browser = pages.browser("sari")
    browser.get(address)
    kept = browser.post(
        address, {"row": GUIDELINE, f"answer:{GUIDELINE}": "b", f"note:{GUIDELINE}": "Draf", "op": "save:"}
    )
    assert kept.status_code == 303
    page = browser.get(address).text
    assert "<b>1</b><span>dari 78 dijawab</span>" in page and "Draf" in page
    assert stored(pages, address)["self"][0].get("answer") is None
    saved = browser.post(address, {"act": "save|self_assessment|", "revision": revision(page)})
    assert saved.status_code == 303
    assert stored(pages, address)["self"][0]["answer"] == "b"
    assert "<b>1</b><span>dari 78 dijawab</span>" in pages.browser("fitri").get(address).text


def test_a_stale_revision_is_refused_and_nothing_typed_is_lost(pages: Pages) -> None:
    address = pages.worksheet("self")
    browser = pages.browser("sari")
    old = revision(browser.get(address).text)
    assert browser.post(address, {"act": "save|self_assessment|", "revision": old}).status_code == 303
    typed = {"row": GUIDELINE, f"answer:{GUIDELINE}": "c", "act": "save|self_assessment|", "revision": old}
    refused = browser.post(address, typed)
    assert refused.status_code == 409
    assert re.search(rf'name="answer:{GUIDELINE}" value="c" checked', refused.text)
    assert re.search(rf'name="answer:{GUIDELINE}" value="c" checked', browser.get(address).text)
    for never in ("x", "9" * 5000):
        assert browser.post(address, typed | {"revision": never}).status_code == 409
    assert stored(pages, address)["self"][0].get("answer") is None


def test_locking_waits_for_the_last_row_and_then_gives_the_score(pages: Pages) -> None:
    address = pages.worksheet("self")
    browser = pages.browser("sari")
    browser.get(address)
    browser.post(address, {**all_answers(pages, {"*": "b"}), "op": "save:"})
    page = browser.get(address).text
    assert "<b>75,00</b>" in page and "BB" in page and "#openings" not in page
    assert 'btn-primary" name="act" value="lock|self_assessment|"' in page
    locked = browser.post(address, {"act": "lock|self_assessment|", "revision": revision(page)})
    assert locked.status_code == 303 and locked.location.endswith(f"/case/{number_of(address)}")
    with pages.office() as office:
        assert "bappeda_check" in office.states(number_of(address))


def test_the_framework_s_limit_stands_in_words_at_its_part_and_filters_count_rows(pages: Pages) -> None:
    address = pages.worksheet("self")
    browser = pages.browser("sari")
    browser.get(address)
    given = all_answers(pages, {"*": "a"})
    for path in given["row"]:
        if path.startswith("planning.quality."):
            given[f"answer:{path}"] = "c"
    browser.post(address, {**given, "op": "save:"})
    page = browser.get(f"{address}?only=limited").text
    assert "dihitung 0,50 dari 1,00: dibatasi" in page
    assert "Hanya:" in page and "Dibatasi" in page
    assert "Belum dijawab 0" in page
    assert "Tidak ada baris pada saringan ini" in browser.get(f"{address}?only=open").text


def test_an_assurer_sees_the_earlier_answer_and_takes_it_with_one_press(pages: Pages) -> None:
    address = pages.worksheet("assure")
    browser = pages.browser("panji")
    page = browser.get(address).text
    assert "Penilaian sendiri" in page and "Sama" in page and "<b>0</b><span>dari 78 dijawab</span>" in page
    browser.post(address, {"row": GUIDELINE, "op": f"same:{GUIDELINE}"})
    page = browser.get(address).text
    assert "<b>1</b><span>dari 78 dijawab</span>" in page
    assert page.count("sama dengan Penilaian sendiri") == 1 and "jawaban berbeda dari" not in page  # one row is folded
    browser.post(address, {"row": GUIDELINE, f"answer:{GUIDELINE}": "c", "op": "same_part:planning.existence"})
    page = browser.get(address).text
    assert "perlu: jawabannya berbeda" in page and "Berubah 1" in page
    assert page.count("sama dengan Penilaian sendiri") == 4 and 'href="#part-planning-quality"' in page
    told = page.partition("1 jawaban berbeda dari Penilaian sendiri")[2].partition("</section>")[0]
    assert f'#row-{GUIDELINE.replace(".", "-")}"' in told and "catatannya belum ada" in told
    assert "C: Lebih dari 40 % terpenuhi" in told


def test_a_different_answer_without_a_note_keeps_the_tier_from_being_locked(pages: Pages) -> None:
    address = pages.worksheet("assure")
    browser = pages.browser("panji")
    browser.get(address)
    changed = {**all_answers(pages), f"answer:{GUIDELINE}": "c"}
    page = browser.post(address, {**changed, "op": "save:"}, follow_redirects=True).text
    given = {"act": "lock|assurance|", "revision": revision(page)}
    refused = browser.post(address, given)
    assert refused.status_code == 422 and "Tulis catatannya." in refused.text
    assert f"component=planning#row-{GUIDELINE.replace('.', '-')}" in refused.text
    done = browser.post(
        address, {"row": GUIDELINE, f"answer:{GUIDELINE}": "c", f"note:{GUIDELINE}": "Belum terbit", **given}
    )
    assert done.status_code == 303
    assert "final" in stored(pages, address)


def test_agencies_check_their_own_components_and_never_write_over_each_other(pages: Pages) -> None:
    address = pages.worksheet("verify")
    gita, slamet = pages.browser("gita"), pages.browser("slamet")
    page = gita.get(address).text
    assert "Pemeriksaan bukti" in page and "Terima" in page
    gita.post(address, {"op": "accept_part:planning.existence"})
    slamet.get(address)
    slamet.post(address, {"op": "accept_part:reporting.existence"})
    assert "Bappeda" in slamet.get(address).text
    slamet.post(address, {"act": "save|organisation_bureau_check|", "revision": revision(slamet.get(address).text)})
    gita.post(address, {"act": "save|bappeda_check|", "revision": revision(gita.get(address).text)})
    rows = {row["path"]: row for row in stored(pages, address)["verify"]}
    done = {path.rpartition(".")[0] for path, row in rows.items() if row.get("checked")}
    assert "<b>11</b><span>dari " in gita.get(address).text
    assert done == {"planning.existence", "reporting.existence"}
    assert gita.post(address, {"op": "accept_part:reporting.existence"}).status_code == 400


def test_a_refused_piece_stands_at_its_row_with_the_note(pages: Pages) -> None:
    address = pages.worksheet("verify")
    gita = pages.browser("gita")
    gita.get(address)
    with pages.office() as office:
        piece = sheet(office).pieces()[GUIDELINE][0]
    told = {"row": GUIDELINE, f"judge:{GUIDELINE}:{piece}": "refused", f"note:{GUIDELINE}": "Belum ditandatangani"}
    gita.post(address, {**told, "op": "save:"})
    page = gita.get(f"{address}?only=refused").text
    assert "Belum ditandatangani" in page and "Bukti ditolak" in page and "Ditolak 1" in page


def test_a_piece_registered_once_is_offered_wherever_it_is_asked(pages: Pages) -> None:
    address = pages.worksheet("self")
    with pages.office() as office:
        asked = sheet(office).pieces()
        kind = next(piece for piece in asked[GUIDELINE] if "-" not in piece)
        places = [path for path, pieces in asked.items() if kind in pieces]
        piece = register(
            office.session, office.region.id, office.units["kominfo"].id, kind=kind, year=2025,
            title="Pedoman bertanda tangan", content=Content(link="https://contoh.go.id/pedoman"), by=None,
            now=office.now,
        )  # fmt: skip
        accept(office.session, office.region.id, piece.id, by=None, now=office.now)
        number = piece.id
    browser = pages.browser("sari")
    assert "Pedoman bertanda tangan" in browser.get(address).text
    browser.post(address, {"op": "use_all:"})
    page = browser.get(address).text
    assert f"dipakai di {len(places)} kriteria" in page and f'id="piece-{number}"' in page
    browser.post(address, {"act": "save|self_assessment|", "revision": revision(page)})
    used = [row["path"] for row in stored(pages, address)["self"] if row.get("evidence")]
    assert used == places
    for forged in ("999", "x"):
        seen = {"act": "save|self_assessment|", "revision": revision(browser.get(address).text)}
        answer = browser.post(address, {"row": GUIDELINE, f"evidence:{GUIDELINE}": forged} | seen)
        assert answer.status_code == 422
    assert stored(pages, address)["self"][0]["evidence"] == [number]


def test_more_evidence_than_a_row_takes_is_told_at_the_row_and_the_register_shown_in_part(pages: Pages) -> None:
    address, browser = pages.worksheet("self"), pages.browser("sari")
    with pages.office() as office:
        kind = next(piece for piece in sheet(office).pieces()[GUIDELINE] if "-" not in piece)
        office.session.add_all(
            EvidencePiece(region_id=office.region.id, unit_id=office.units["kominfo"].id, kind=kind, year=2025,
                          title=f"Pedoman {number:02}", link=f"https://contoh.go.id/{number}", state="registered",
                          registered_at=office.now)
            for number in range(63)
        )  # fmt: skip
    row = row_of(browser.get(address).text, GUIDELINE)
    assert "Pedoman 62" in row and "Pedoman 02" not in row, "the newest are offered"
    assert "3 bukti yang lebih lama di daftar bukti" in row and "paling banyak" not in row
    browser.post(address, {"op": "use_all:"})
    row = row_of(browser.get(address).text, GUIDELINE)
    assert "40 bukti dipakai: satu kriteria memuat paling banyak 40. 23 yang lain tidak ikut." in row
    revised = {"act": "save|self_assessment|", "revision": revision(browser.get(address).text)}
    assert browser.post(address, revised).status_code == 303


def test_what_is_missing_is_added_on_the_way_and_comes_back_ticked_at_the_same_row(pages: Pages) -> None:
    address, browser = pages.worksheet("self"), pages.browser("sari")
    page = browser.get(address).text
    missing = re.findall(rf'value="add:{GUIDELINE}:([a-z_+0-9-]+)"', page)
    assert missing and "belum terdaftar" in page
    typed = {"row": GUIDELINE, f"answer:{GUIDELINE}": "b", "op": f"add:{GUIDELINE}:{missing[0]}"}
    form = browser.post(f"{address}?component=planning", typed).location
    assert "kind=planning_guideline" in form and "year=2025" in form and "unit=kominfo" in form
    given = dict(parse_qsl(urlsplit(form).query)) | {"title": "Pedoman", "link": "https://a.example/pedoman"}
    assert 'name="unit"' in browser.get(form).text
    back = browser.post("/performance/evidence/add", given).location
    assert back.startswith(f"{address}?component=planning") and back.endswith(f"#row-{GUIDELINE.replace('.', '-')}")
    page = browser.get(back).text
    assert re.search(rf'name="evidence:{GUIDELINE}" value="\d+" checked', page)
    assert re.search(rf'name="answer:{GUIDELINE}" value="b" checked', page)  # nothing typed was lost
    assert f'value="add:{GUIDELINE}:{missing[0]}"' not in page
    assert browser.post(address, {"op": f"add:{GUIDELINE}:nothing"}).status_code == 400


def test_a_low_final_answer_asks_for_a_recommendation_which_becomes_a_row(pages: Pages) -> None:
    address = pages.worksheet("final")
    browser = pages.browser("eva")
    browser.get(address)
    browser.post(address, {**all_answers(pages, {**AT_B, "planning.use.*": "e"}), "op": "save:"})
    page = browser.get(f"{address}?component=planning").text
    assert "diminta: jawabannya rendah" in page
    assert page.count("sama dengan Penjaminan mutu") == 16  # rows of the two other parts are folded, notes carried on
    path = re.findall(r'name="recommend:([a-z_.]+)"', page)[0]
    told = {"row": path, f"recommend:{path}": "Pantau setiap bulan", f"due:{path}": "2026-09-30"}
    page = browser.post(address, {**told, "op": "save:"}, follow_redirects=True).text
    browser.post(address, {"act": "save|scoring|", "revision": revision(page)})
    kept = stored(pages, address)["recommendations"]
    assert [(row["path"], row["text"]) for row in kept] == [(path, "Pantau setiap bulan")]


def test_the_case_counts_the_rows_of_each_tier_and_leads_to_them_there(pages: Pages) -> None:
    address = pages.worksheet("final")
    page = pages.browser("eva").get(f"/case/{pages.cases['final']}").text
    for tier in ("self", "assure"):
        assert re.search(rf'78 baris</span><a href="{address}\?tier={tier}">Buka lembar kerja', page)
    assert GUIDELINE not in page


def test_nobody_scores_the_unit_they_work_in_and_is_told_so(pages: Pages) -> None:
    """Bima is in every group and works in a division of the unit: refused with its reason at every route."""
    address = pages.worksheet("assure")
    with pages.office() as office:
        before = office.session.get_one(Case, number_of(address)).revision
    bima, fitri = pages.browser("bima"), pages.browser("fitri")
    for browser in (bima, fitri):
        page = browser.get(address)
        assert page.status_code in (200, 404)
        assert 'name="answer:' not in page.text
        posted = browser.post(
            address, {"row": GUIDELINE, f"answer:{GUIDELINE}": "a", "act": "lock|assurance|", "revision": "9",
                      f"note:{GUIDELINE}": "Sudah dibahas"}
        )  # fmt: skip
        assert posted.status_code in (404, 409, 422)
        assert "Sudah dibahas" in posted.text or posted.status_code == 404  # not kept, and not lost either
    assert "Anda membaca lembar kerja ini" in fitri.get(address).text
    with pages.office() as office:
        assert office.session.get_one(Case, number_of(address)).revision == before


def an_evaluator_of_the_own_unit(pages: Pages) -> tuple[str, str]:
    """Fitri heads the unit and may see its case; now she also assures, scores, signs and works for Bagian Organisasi.
    Returns the number of the case, which alone stays open, and the name of her account."""
    with pages.office() as office:
        session = office.session
        for group in session.scalars(select(Group).where(Group.key != "planning")):
            session.add(GroupMember(group_id=group.id, person_id=pages.people["fitri"]))
        others = update(Case).where(Case.id != pages.cases["assure"], Case.case_type == "lke_evaluation")
        session.execute(others.values(closed_at=office.now))
        account = session.scalars(select(Account).where(Account.person_id == pages.people["fitri"])).one()
        return session.get_one(Case, pages.cases["assure"]).number, account.username


def test_nobody_scores_the_unit_they_work_in_from_the_command_line_or_by_a_file(
    pages: Pages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = pages.worksheet("assure")
    before = stored(pages, address)
    number, username = an_evaluator_of_the_own_unit(pages)
    file = tmp_path / "jawaban.csv"
    file.write_text(f"Perangkat daerah;Tahun;Tahap;Kriteria;Jawaban\nkominfo;2025;assure;{GUIDELINE};a\n", "utf-8")
    given = tmp_path / "answers.json"
    given.write_text(json.dumps({"assure": [{"path": GUIDELINE, "answer": "a", "confirmed_in": "assure"}]}), "utf-8")
    as_json = ("--as", username, "--format", "json")
    for name, value in (("DATABASE_URL", pages.url), ("SECRET_KEY", "k" * 40), ("FILES_DIR", str(tmp_path))):
        monkeypatch.setenv(f"ALUR_{name}", value)
    run = pages.app.test_cli_runner().invoke
    for act in ("save", "lock"):
        done = run(args=["case", "do", number, act, *as_json, "--answers", str(given)])
        assert (done.exit_code, "separation_of_duties" in done.output) == (1, True), done.output
    brought = run(args=["sakip", "import", str(file), *as_json])
    assert brought.exit_code == 1
    (told,) = json.loads(brought.stdout)["problems"]
    assert (told["code"], json.loads(brought.stdout)["written"]) == ("separation_of_duties", 0)
    browser = pages.browser("fitri")
    browser.get("/performance/import")
    form = {"year": "2025", "decimal": "comma", "file": (io.BytesIO(file.read_bytes()), file.name)}
    sent = browser.post("/performance/import", form, content_type="multipart/form-data")
    assert sent.status_code == 303
    preview = browser.get(sent.headers["Location"]).text
    assert "<code>separation_of_duties</code>" in preview and 'value="write"' not in preview
    assert stored(pages, address) == before


def test_what_evaluators_say_is_kept_from_the_unit_until_the_case_is_closed(pages: Pages) -> None:
    address, fitri = pages.worksheet("final"), pages.browser("fitri")
    assert fitri.get(address).status_code == 200
    refused = fitri.get(f"{address}?tier=final")
    assert refused.status_code == 400 and "no_such_tier" in refused.text
    assert "Penilaian akhir" not in fitri.get(address).text
    assert "Penilaian akhir" in pages.browser("eva").get(f"{address}?component=planning").text


def test_others_find_nothing(pages: Pages) -> None:
    address = pages.worksheet("self")
    assert pages.browser("wati").get(address).status_code == 404
    assert pages.browser("wati").post(address, {"op": "save:"}).status_code == 404
    with pages.office() as office:
        assert office.session.scalar(select(Case.id).where(Case.id == number_of(address))) is not None
    assert pages.browser("sari").get("/performance/worksheets/999999").status_code == 404


@pytest.mark.parametrize(
    ("query", "code"),
    [("component=nothing", "no_such_component"), ("only=all", "no_such_filter"), ("tier=zz", "no_such_tier"),
     ("tier=final", "no_such_tier")],
)  # fmt: skip
def test_an_address_that_cannot_be_meant_is_refused_with_a_code(pages: Pages, query: str, code: str) -> None:
    answer = pages.browser("sari").get(f"{pages.worksheet('self')}?{query}")
    assert answer.status_code == 400 and code in answer.text


def test_the_worksheet_of_a_year_that_nobody_evaluates_yet_says_so_in_a_sentence(pages: Pages) -> None:
    with pages.office() as office:
        opened = open_case(
            office.session, region_id=pages.region_id, case_type="lke_evaluation", person_id=pages.people["sari"],
            answers={"year": 2040, "subject": "unit"}, now=office.now,
        )  # fmt: skip
        assert isinstance(opened, Opened), opened
    for language, said in (
        ("id", "Belum ada lembar kerja evaluasi yang terbit untuk tahun 2040."),
        ("en", "No evaluation worksheet is published for 2040 yet."),
    ):
        answer = pages.browser("sari", language).get(f"/performance/worksheets/{opened.case_id}")
        assert answer.status_code == 400 and said in answer.text and "no_rubric" in answer.text


def test_answers_of_another_scale_and_buttons_that_name_nothing_change_nothing(pages: Pages) -> None:
    address = pages.worksheet("self")
    browser = pages.browser("sari")
    page = browser.get(address).text
    assert browser.post(address, {"op": "same:planning.nothing"}).status_code == 400
    assert browser.post(address, {"op": "explode:"}).status_code == 400
    assert browser.post(address, {"act": "approve|nowhere|"}).status_code == 400
    wrong = {"row": GUIDELINE, f"answer:{GUIDELINE}": "zz", "act": "save|self_assessment|", "revision": revision(page)}
    refused = browser.post(address, wrong)
    assert refused.status_code == 422 and "Jawaban ini tidak ada dalam skalanya." in refused.text
    assert stored(pages, address)["self"][0].get("answer") is None


def test_outside_its_window_locking_is_off_with_the_reason(pages: Pages) -> None:
    address = pages.worksheet("self")
    browser = pages.browser("sari")
    browser.get(address)
    browser.post(address, {**all_answers(pages, {"*": "b"}), "op": "save:"})
    at(DAYS["verify"], pages)
    page = pages.browser("sari").get(address).text
    assert "Lewat" in page and 'id="why"' in page and "Kunci penilaian sendiri" in page


def test_more_time_for_the_unit_stands_in_the_head_and_opens_the_lock(pages: Pages) -> None:
    address = pages.worksheet("self")
    browser = pages.browser("sari")
    browser.get(address)
    browser.post(address, {**all_answers(pages, {"*": "b"}), "op": "save:"})
    with pages.database.writing.begin() as session:
        case = session.get_one(Case, int(address.split("?")[0].rpartition("/")[2]))
        session.add(ScheduleExtension(
            region_id=case.region_id, unit_id=case.unit_id, case_type=case.case_type, schedule="self_window",
            until=DAYS["verify"].date(), reason="Bencana", granted_by=case.initiator_id, granted_at=DAYS["verify"],
        ))  # fmt: skip
    at(DAYS["verify"], pages)
    page = pages.browser("sari").get(address).text
    assert "Diperpanjang sampai " in page and "semula " in page and 'id="why"' not in page


# -- other ways of scoring -----------------------------------------------------------------------------------------


@contextmanager
def of_region(files: SqliteFiles, folder: Path, key: str, rubric: str | None = None) -> Iterator[Pages]:
    """The office in a region with a rubric of its own: the shipped one, or that written here."""
    config = ROOT / "sakip_config"
    if rubric is not None:
        config = folder / "sakip_config"
        shutil.copytree(ROOT / "sakip_config", config)
        own = config / "regions" / key / "lke_2025.yaml"
        own.parent.mkdir(parents=True)
        own.write_text(rubric, encoding="utf-8")
    built = build(files.new(), config, key)
    found = pages_of(built, folder)
    yield found
    found.database.close()
    files.drop(built.url)


def test_where_accepted_evidence_answers_pieces_are_ticked(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    with of_region(sqlite_files, tmp_path, "kab_tasikmalaya") as pages:
        browser, address = pages.browser("sari"), pages.worksheet("self")
        page = browser.get(address).text
        path = re.findall(r'name="pieces:([a-z_.]+)"', page)[0]
        asked = re.findall(rf'name="pieces:{path}" value="([a-z_+0-9-]+)"', page)
        browser.post(address, {"row": path, f"pieces:{path}": asked[:1], "op": "save:"})
        page = browser.get(address).text
        assert re.search(rf'name="pieces:{path}" value="{asked[0]}" checked', page) and "<b>1</b><span>dari " in page
        browser.post(address, {"row": path, f"answer:{path}": "none", "op": "save:"})
        page = browser.get(address).text
        assert re.search(rf'name="answer:{path}" value="none" checked', page) and "<b>1</b><span>dari " in page
        saved = browser.post(address, {"act": "save|self_assessment|", "revision": revision(page)})
        assert saved.status_code == 303
        assert next(row for row in stored(pages, address)["self"] if row["path"] == path)["answer"] == "none"


def test_points_are_answered_on_each_criterion_s_own_scale(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    with of_region(sqlite_files, tmp_path, "kota_bandung") as pages:
        browser, address = pages.browser("sari"), pages.worksheet("self")
        browser.get(address)
        with pages.office() as office:
            questions = sheet(office).questions
        given: dict[str, Any] = {"row": list(questions), "op": "save:"}
        for path, one in questions.items():
            given |= (
                {f"answer:{path}": next(iter(one.shares))} if one.shares else {f"pieces:{path}": list(one.pieces or ())}
            )
        page = browser.post(address, given, follow_redirects=True).text
        assert "<b>100,00</b>" in page and 'name="answer:planning.quality.targets_ambitious" value="y" checked' in page


def test_one_grade_a_part_is_proposed_by_what_is_ticked_and_set_by_a_person(
    sqlite_files: SqliteFiles, tmp_path: Path
) -> None:
    one = "{scoring: graded, scale: regulation}"
    graded = f"{{existence: {one}, quality: {one}, use: {one}}}"
    parts = "\n".join(
        f"    {name}: {{sub_components: {graded}}}" for name in ("planning", "measurement", "reporting", "evaluation")
    )
    head = "schema: sakip-evaluation/1\noverlay: lke_2025.kab_kerinci\nextends: {evaluation: lke_2025, version: ^1.0}\n"
    rubric = f"{head}region: kab_kerinci\npatch:\n  components:\n{parts}\n"
    with of_region(sqlite_files, tmp_path, "kab_kerinci", rubric) as pages:
        browser, address = pages.browser("sari"), pages.worksheet("self")
        page = browser.get(address).text
        assert "<b>0</b><span>dari 12 dijawab</span>" in page and " kriteria terpenuhi" in page
        path = "planning.existence"
        ticks = re.findall(rf'name="met:{path}" value="([a-z_.]+)"', page)
        browser.post(address, {"row": path, f"met:{path}": ticks, "op": "save:"})
        page = browser.get(address).text
        assert "Usulan dari kriteria ini: BB" in page and "<b>0</b><span>dari 12 dijawab</span>" in page
        browser.post(address, {"row": path, f"met:{path}": ticks, "op": f"suggest:{path}"})
        assert "<b>1</b><span>dari 12 dijawab</span>" in browser.get(address).text


def test_the_page_of_a_case_leaves_the_rows_of_a_tier_a_region_added_to_the_worksheet_too(pages: Pages) -> None:
    form = shipped().definitions["lke_evaluation"].forms["lke_evaluation"]
    with_peers = replace(form, fields={**form.fields, "peer": replace(form.fields["assure"], key="peer")})
    with pages.app.test_request_context():
        there = {key: href for key, (_words, href) in tables_there("lke_evaluation", 7, with_peers).items()}
    tiers = ("self", "verify", "assure", "final", "peer")
    assert there == {"recommendations": "/performance/worksheets/7?tier=final"} | {
        tier: f"/performance/worksheets/7?tier={tier}" for tier in tiers
    }


def test_a_case_leads_to_its_worksheet_once_it_says_of_which_year_and_a_rubric_asks_that(pages: Pages) -> None:
    pages.worksheet("self")
    sari = pages.browser("sari")
    for said, leads in (({}, False), ({"year": 2031}, False), ({"year": 2025}, True)):
        with pages.office() as office:
            case_id = office.open("lke_evaluation", "sari", said)
        own = f"/performance/worksheets/{case_id}"
        assert (f'href="{own}"' in sari.get(f"/case/{case_id}").text) is leads, said
        assert (sari.get(own).status_code == 200) is leads, said
