"""A case with chosen people, branches, items and decisions in turn, on its page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from engine.cases.fire import Fired, fire
from engine.database import Database
from engine.facts import Command
from tests.conftest import FrozenClock
from tests.web.conftest import Browser
from tests.web.region import Regency, an_inquiry, publish_written

Browsers = Callable[..., Browser]


@pytest.fixture
def inquiry(pages_database: Database, regency: Regency, clock: FrozenClock) -> int:
    """Sari's complaint about Eko."""
    publish_written(pages_database, "inquiry", "complaint", clock())
    return an_inquiry(pages_database, regency, clock(), reported=regency.people["eko"])


def _press(browser: Browser, case_id: int, act: str, **typed: object) -> TestResponse:
    """Press the button whose value begins with ``act`` on the page as it is now."""
    page = browser.get(f"/case/{case_id}").text
    value = re.search(rf'name="act" value="({re.escape(act)}[^"]*)"', page)
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert value and revision, f"{act} is not offered"
    return browser.post(f"/case/{case_id}/act", {"act": value[1], "revision": revision[1], **typed})


def _offered(browser: Browser, case_id: int) -> list[str]:
    return re.findall(r'<button class="btn[^>]*name="act" value="([^"]*)"', browser.get(f"/case/{case_id}").text)


@pytest.fixture
def formed(inquiry: int, browser_of: Browsers) -> int:
    """The inquiry with Hadi as leader and Hadi and Indra as members."""
    assert _press(browser_of("gita"), inquiry, "accept").status_code == 303
    team = {"assign.lead": "Hadi Nugroho", "assign.member": ["Hadi Nugroho", "Indra Kusuma", ""]}
    answer = _press(browser_of("slamet"), inquiry, "start", **team)
    assert answer.status_code == 303, answer.text
    return inquiry


def test_a_task_that_fills_roles_asks_for_people_and_suggests_those_of_the_group(
    inquiry: int, browser_of: Browsers, regency: Regency
) -> None:
    _press(browser_of("gita"), inquiry, "accept")
    page = browser_of("slamet").get(f"/case/{inquiry}").text
    lead = page[page.index('id="assign-lead"') : page.index('id="assign-member"')]
    assert "Satu orang, dari kelompok Tim pemeriksa." in lead
    assert lead.count("<input") == 1
    assert re.findall(r'<option value="([^"]*)"', lead) == [
        f"{name} #{regency.people[user]}"
        for name, user in (("Eko Prasetyo", "eko"), ("Hadi Nugroho", "hadi"), ("Indra Kusuma", "indra"))
    ]
    member = page[page.index('id="assign-member"') : page.index('id="assign-expert"')]
    assert member.count("<input") == 2 and "Ruang untuk lebih banyak" in member
    assert "Sari Wulandari" in page[page.index('id="assign-expert"') :], "without a group anybody of the region"


def test_people_are_chosen_with_the_act_by_name_and_shown_on_the_case(formed: int, browser_of: Browsers) -> None:
    page = browser_of("slamet").get(f"/case/{formed}").text
    people = page[page.index('<h2 id="people-title">') : page.index('id="steps"')].rpartition("<section")[0]
    said = " ".join(re.sub(r"<[^>]+>", " ", people).split())
    assert said == "Orang dalam kasus ini Ketua tim Hadi Nugroho Anggota tim Hadi Nugroho, Indra Kusuma"


def test_who_is_chosen_without_a_task_may_see_the_case(inquiry: int, browser_of: Browsers) -> None:
    _press(browser_of("gita"), inquiry, "accept")
    expert = browser_of("admin")
    assert expert.get(f"/case/{inquiry}").status_code == 404
    team = {"assign.lead": "Hadi Nugroho", "assign.member": "Indra Kusuma", "assign.expert": "Administrator"}
    assert _press(browser_of("slamet"), inquiry, "start", **team).status_code == 303
    assert expert.get(f"/case/{inquiry}").status_code == 200
    assert _press(browser_of("hadi"), inquiry, "ask_expert").status_code == 303
    assert "deliver|asked|" in _offered(expert, inquiry)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"assign.lead": "Siapa Saja", "assign.member": "Indra Kusuma"}, "Tidak ada yang bernama “Siapa Saja”"),
        ({"assign.lead": "Budi Santoso", "assign.member": "Indra Kusuma"}, "Orang ini bukan dari kelompoknya."),
        ({"assign.lead": "Eko Prasetyo", "assign.member": "Indra Kusuma"}, "Orang ini memiliki benturan kepentingan."),
        ({"assign.lead": ["Hadi Nugroho", "Indra Kusuma"], "assign.member": "Indra Kusuma"}, "Pilih satu orang."),
    ],
)
def test_who_cannot_be_chosen_is_said_at_the_field_and_what_was_typed_stays(
    inquiry: int, browser_of: Browsers, typed: dict[str, object], said: str
) -> None:
    _press(browser_of("gita"), inquiry, "accept")
    answer = _press(browser_of("slamet"), inquiry, "start", comment="Tim dibentuk", **typed)
    assert answer.status_code == 422
    lead = answer.text[answer.text.index('id="assign-lead"') : answer.text.index('id="assign-member"')]
    assert said in lead and 'aria-invalid="true"' in lead
    assert 'href="#assign-lead"' in answer.text and "Tim dibentuk</textarea>" in answer.text
    for words in typed["assign.lead"] if isinstance(typed["assign.lead"], list) else [typed["assign.lead"]]:
        assert f'value="{words}"' in lead
    assert 'value="Indra Kusuma"' in answer.text


def test_too_few_people_are_refused_by_the_guard_in_its_own_words(inquiry: int, browser_of: Browsers) -> None:
    _press(browser_of("gita"), inquiry, "accept")
    answer = _press(browser_of("slamet"), inquiry, "start", **{"assign.lead": "Hadi Nugroho", "assign.member": ""})
    assert answer.status_code == 422
    assert "Pilih ketua dan paling sedikit satu anggota." in answer.text
    assert 'value="Hadi Nugroho"' in answer.text


def test_room_for_more_people_decides_nothing(inquiry: int, browser_of: Browsers) -> None:
    _press(browser_of("gita"), inquiry, "accept")
    browser = browser_of("slamet")
    browser.get(f"/case/{inquiry}")
    typed = {"more": "member", "comment": "Nanti", "assign.member": ["Hadi Nugroho", "Indra Kusuma"]}
    page = browser.post(f"/case/{inquiry}/act", typed).text
    member = page[page.index('id="assign-member"') : page.index('id="assign-expert"')]
    assert member.count("<input") == 4 and "Nanti</textarea>" in page
    assert _offered(browser, inquiry)


def test_answers_typed_before_go_along_with_the_people(inquiry: int, browser_of: Browsers) -> None:
    _press(browser_of("gita"), inquiry, "accept")
    slamet = browser_of("slamet")
    form = slamet.get(f"/case/{inquiry}/edit").text
    assert "Orang dipilih di halaman kasus." in form
    slamet.post(f"/case/{inquiry}/edit", {"plan": "Mulai dari bendahara.", "op": "save:"})
    sending = slamet.get(f"/case/{inquiry}/edit?section=send").text
    assert 'value="start|team|"' not in sending, "people cannot be chosen here"
    answer = _press(slamet, inquiry, "start", **{"assign.lead": "Hadi Nugroho", "assign.member": "Indra Kusuma"})
    assert answer.status_code == 303
    page = slamet.get(f"/case/{inquiry}").text
    assert "Mulai dari bendahara." in page and "Berubah: Rencana." in page


def test_each_branch_and_each_item_has_its_own_button(formed: int, browser_of: Browsers) -> None:
    hadi = browser_of("hadi")
    assert sorted(_offered(hadi, formed)) == sorted(
        ["heard|hearing|Wati", "heard|hearing|Yono", "collected|collecting|", "claim|hearing|Wati",
         "claim|hearing|Yono", "assign|hearing|Wati", "assign|hearing|Yono"]
    )  # fmt: skip
    page = hadi.get(f"/case/{formed}").text
    assert "Saksi selesai didengar: Wati" in page and "Saksi selesai didengar: Yono" in page
    assert "Mendengar saksi: Yono" in page, "the task names its item"
    assert "Mendengar saksi · Mengumpulkan dokumen" in page, "where the case stands, all branches"
    box = page[page.index('id="decision"') : page.index('id="steps"')]
    assert "Belum ada ahli." in box, "what waits in a branch nobody works in"


def test_the_steps_show_every_branch_of_a_parallel_state(formed: int, browser_of: Browsers) -> None:
    _press(browser_of("hadi"), formed, "collected")
    page = browser_of("indra").get(f"/case/{formed}").text
    steps = page[page.index('<ol class="steps">') : page.index("</ol>", page.index('<ol class="steps">'))]
    told = [re.sub(r"<[^>]+>", "", row) for row in re.findall(r"<b>.*?</b>", steps)]
    assert told[:4] == ["Pengisian", "Penerimaan", "Pembentukan tim", "Mengumpulkan dokumen"]
    assert "Mendengar saksi" in told and told.index("Mendengar saksi") < told.index("Laporan")
    assert "Dokumen terkumpul" not in told, "a branch that has ended is done with its last step"
    assert told[-3:] == ["Laporan", "Pengesahan", "Selesai"]


def test_items_are_done_one_by_one_and_the_history_names_them(formed: int, browser_of: Browsers) -> None:
    assert _press(browser_of("indra"), formed, "heard|hearing|Wati").status_code == 303
    hadi = browser_of("hadi")
    assert "heard|hearing|Wati" not in _offered(hadi, formed)
    assert "pada Mendengar saksi (Wati)" in hadi.get(f"/case/{formed}").text
    assert _press(hadi, formed, "heard|hearing|Yono").status_code == 303
    assert _press(hadi, formed, "collected").status_code == 303
    assert "Laporan" in hadi.get(f"/case/{formed}").text


def test_decisions_in_turn_say_whose_turn_it_is(
    formed: int, browser_of: Browsers, pages_database: Database, regency: Regency, clock: FrozenClock
) -> None:
    hadi = browser_of("hadi")
    for act in ("heard|hearing|Wati", "heard|hearing|Yono", "collected"):
        _press(hadi, formed, act)
    with pages_database.writing.begin() as session:
        command = Command("propose", regency.people["hadi"], answers={"findings": "Terbukti."})
        assert isinstance(fire(session, formed, command, now=clock()), Fired)
    slamet = browser_of("slamet")
    page = slamet.get(f"/case/{formed}").text
    assert "Menunggu keputusan Anggota tim lebih dahulu." in page
    assert not _offered(slamet, formed)
    assert "approve|sign_off|" in _offered(hadi, formed)
    assert _press(hadi, formed, "approve").status_code == 303
    page = browser_of("indra").get(f"/case/{formed}").text
    assert "Hadi Nugroho sudah memutus &#39;Setujui&#39; pada 2 Maret 2026. Masih perlu: Pengawas." in page
    assert _press(slamet, formed, "approve").status_code == 303
    assert "Kasus ini sudah berakhir" in slamet.get(f"/case/{formed}").text


def test_the_page_of_a_case_with_branches_is_all_in_english(formed: int, browser_of: Browsers) -> None:
    page = browser_of("hadi", "en").get(f"/case/{formed}").text
    assert "Witness heard: Wati" in page and "People of this case" in page
    for word in ("Mendengar", "Ketua tim", "Keputusan", "Langkah", "Riwayat"):
        assert word not in page


def test_a_remark_stands_in_the_history_with_its_person(inquiry: int, browser_of: Browsers) -> None:
    gita = browser_of("gita")
    gita.get(f"/case/{inquiry}")
    answer = gita.post(f"/case/{inquiry}/remarks", {"remark": "Sudah saya telepon."})
    assert answer.status_code == 303
    page = browser_of("sari").get(f"/case/{inquiry}?history=remarks").text
    history = page[page.index('id="history"') :]
    assert "<b>Gita Permata</b> memberi catatan:" in history
    assert "<blockquote>Sudah saya telepon.</blockquote>" in history
    assert "membuka kasus" not in history


@pytest.mark.parametrize("typed", ["", "   ", "x" * 4001])
def test_an_empty_or_endless_remark_is_refused_at_its_field(inquiry: int, browser_of: Browsers, typed: str) -> None:
    gita = browser_of("gita")
    gita.get(f"/case/{inquiry}")
    answer = gita.post(f"/case/{inquiry}/remarks", {"remark": typed})
    assert answer.status_code == 422
    assert 'href="#remark"' in answer.text and 'id="remark-error"' in answer.text
    assert f"{typed.strip()}</textarea>" in answer.text


def test_who_may_not_see_the_case_may_not_remark_on_it(inquiry: int, browser_of: Browsers) -> None:
    asing = browser_of("asing")
    asing.get("/queue")
    assert asing.post(f"/case/{inquiry}/remarks", {"remark": "Halo"}).status_code == 404
