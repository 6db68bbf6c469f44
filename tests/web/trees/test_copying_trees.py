"""A tree is copied into the next year: a draft with every key, or the reason why it does not fit (reference §4.8)."""

from __future__ import annotations

from collections.abc import Callable

from tests.web.browser import Browser

TREE = "/performance/trees/diskominfo"


def test_a_copy_into_the_next_year_opens_a_draft_with_the_keys_and_the_plans_targets(eko: Browser) -> None:
    assert f'href="{TREE}/copy"' in eko.get(TREE).text
    page = eko.get(f"{TREE}/copy").text
    assert "Salinan untuk tahun 2027" in page and "1 simpul berubah" in page
    assert "Indikator tanpa target di sana: 5" in page
    answer = eko.post(f"{TREE}/copy", {"kind": "next_year"})
    assert answer.status_code == 303 and "/performance/tree-drafts/" in answer.headers["Location"]
    draft = eko.get(f"{answer.headers['Location']}?node=d.o2").text
    assert "Rancangan revisi: 1 perubahan" in draft and "Berlaku mulai 1 Jan 2027" in draft
    assert "Setahun: 500" in draft and "target 500\u00a0Indeks" in draft
    assert f'href="{TREE}/copy"' not in eko.get(TREE).text  # one's own draft is finished first


def test_a_tree_the_plan_has_no_targets_for_is_not_copied(browser_of: Callable[..., Browser]) -> None:
    gita = browser_of("gita")
    page = gita.get("/performance/trees/bapperida/copy").text
    assert "Pohon ini masih kosong." in page and "btn-primary" not in page.partition("<main")[2]
    answer = gita.post("/performance/trees/region/copy", {"kind": "next_year"})
    assert "Salinan tidak mengubah apa pun" in gita.get(answer.headers["Location"]).text


def test_a_copy_into_the_next_period_needs_its_levels(eko: Browser) -> None:
    page = eko.get(f"{TREE}/copy").text
    assert "Belum ada pengaturan jenjang untuk periode berikutnya" in page
    answer = eko.post(f"{TREE}/copy", {"kind": "next_period"})
    assert "Belum ada pengaturan jenjang" in eko.get(answer.headers["Location"]).text
    assert eko.post(f"{TREE}/copy", {"kind": "yesterday"}).status_code == 400


def test_who_may_not_revise_copies_nothing(browser_of: Callable[..., Browser]) -> None:
    for reader in ("sari", "gita", "asing"):
        assert browser_of(reader).get(f"{TREE}/copy").status_code == 404, reader
        assert browser_of(reader).post(f"{TREE}/copy", {"kind": "next_year"}).status_code == 404, reader
    assert "/copy" not in browser_of("sari").get(TREE).text
