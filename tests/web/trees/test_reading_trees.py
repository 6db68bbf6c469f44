"""Trees of goals to read: who may, on which day, as list, picture and table, and what an address may say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from engine.database import Database
from engine.organisation.models import Person, Region
from sakip.facts.models import ResultRow, TargetRow
from tests.factories import a_group
from tests.web.browser import Browser
from tests.web.region import Regency

TREE = "/performance/trees/diskominfo"


def test_the_tree_is_nested_details_with_an_indicator_in_one_line(eko: Browser) -> None:
    page = eko.get(TREE).text
    assert page.count("<details open>") >= 4  # what stands above the unit's own opens by itself
    assert "Terwujudnya komunikasi publik yang dipercaya" in page
    assert "target 70\u00a0Indeks\u00a0· belum ada capaian\u00a0· Kepala Dinas Komunikasi dan Informatika" in page
    assert "Revisi 2" in page
    assert "Berlaku sejak 1 Jul 2025" in page


def test_open_all_is_a_link(eko: Browser) -> None:
    folded, opened = eko.get(TREE).text, eko.get(f"{TREE}?open=all").text
    assert "open=all" in folded
    assert opened.count("<details open") > folded.count("<details open")
    assert "Tutup semua" in opened


def test_the_chosen_node_stands_as_facts_with_its_ties_and_what_breaks(eko: Browser) -> None:
    page = eko.get(f"{TREE}?node=d.o").text
    assert "Kepala Dinas Komunikasi dan Informatika" in page
    assert "Berinduk pada" in page and "/performance/trees/diskominfo?node=d.g" in page
    assert '<b class="num">2</b> simpul di bawahnya' in page  # the programme and its activity
    assert "Terkelolanya informasi publik" in page.partition("Apa yang putus")[2]
    assert '<b class="num">0</b> perjanjian yang berlaku' in page


def test_one_thing_that_breaks_is_said_in_the_singular(eko: Browser) -> None:
    eko.post("/language", {"language": "en"})
    page = eko.get(f"{TREE}?node=d.p").text
    eko.post("/language", {"language": "id"})
    assert '<b class="num">1</b> node below' in page
    assert '<b class="num">0</b> open reports' in page


def test_the_tree_of_any_past_day_is_shown_and_says_so(eko: Browser) -> None:
    page = eko.get(f"{TREE}?day=2025-06-30").text
    assert "Pohon sebagaimana keadaan Senin, 30 Juni 2025" in page
    assert "keterbukaan informasi" not in page
    assert "Revisi 1" in page
    assert "Pohon ini masih kosong" in eko.get(f"{TREE}?day=2024-12-31").text


def test_revisions_are_listed_each_with_its_tree(eko: Browser) -> None:
    page = eko.get(f"{TREE}/revisions").text
    assert page.index("Renstra diubah") < page.index("RPJMD ditetapkan")
    assert "Perbup 7/2025" in page
    assert f"{TREE}?day=2025-07-01" in page


def test_the_picture_is_drawn_on_the_server_and_its_list_says_the_same(eko: Browser) -> None:
    page = eko.get(f"{TREE}?view=picture&node=d.o").text
    assert 'role="group"' in page
    assert page.count("<rect ") == page.partition("Bagan dalam kata")[2].count('class="tree-line"')
    assert "style=" not in page.partition("<main")[2]


def test_the_table_has_a_row_an_indicator_and_is_a_file_too(eko: Browser) -> None:
    page = eko.get(f"{TREE}?view=table").text
    assert page.count('<th scope="row">') == 10
    file = eko.get(f"{TREE}.csv")
    assert file.mimetype == "text/csv"
    assert "d.o;Sasaran perangkat daerah;" in file.text


def test_a_phone_gets_one_level_a_page_with_the_way_back_on_top(eko: Browser) -> None:
    level = eko.get(f"{TREE}?node=d.g").text.partition("tree-level")[2].partition("</nav>")[0]
    assert level.index("Meningkatnya mutu layanan digital") < level.index("Meningkatnya kualitas komunikasi publik")
    assert "node=r.o" in level and "node=d.o2" in level and "node=d.p" not in level.replace("node=d.p2", "")


def test_a_unit_is_read_by_its_line_and_by_nobody_beside(browser_of: Callable[..., Browser]) -> None:
    for reader in ("sari", "ratna", "bupati", "slamet"):  # below, within, above, and the region's supervisors
        assert browser_of(reader).get(TREE).status_code == 200, reader
    gita = browser_of("gita")
    assert gita.get(TREE).status_code == 404
    assert gita.get("/performance/trees/region").status_code == 200
    assert "diskominfo" not in gita.get("/performance/trees").text


def test_a_branch_of_the_region_that_goes_on_in_a_unit_s_tree_is_not_too_short(eko: Browser) -> None:
    page = eko.get("/performance/trees/region?only=depth_not_reached").text
    assert "Cabang terlalu pendek <b>1</b>" in page
    found = page.partition('id="found"')[2].partition("</ul>")[0]
    assert "node=r.o2" in found and "node=r.o#" not in found and 'node=r.o"' not in found


def test_the_organisation_bureau_reads_the_trees_of_all_units(
    pages_database: Database, regency: Regency, browser_of: Callable[..., Browser]
) -> None:
    """It has a screen with findings in all of them, and moves their nodes when units change."""
    gita = browser_of("gita")
    assert gita.get(TREE).status_code == 404
    with pages_database.writing.begin() as session:
        region = session.get_one(Region, regency.id)
        a_group(session, region, "organisation_bureau", session.get_one(Person, regency.people["gita"]),
                title="Bagian Organisasi")  # fmt: skip
    assert gita.get(TREE).status_code == 200
    assert TREE in gita.get("/performance/trees").text
    assert "Mulai revisi" not in gita.get(TREE).text


def test_a_tree_of_another_region_is_not_found(browser_of: Callable[..., Browser], visitor: Browser) -> None:
    stranger = browser_of("asing")
    for address in (TREE, f"{TREE}.csv", f"{TREE}/revisions", f"{TREE}?node=d.o"):
        assert stranger.get(address).status_code == 404, address
    assert "Kabupaten Contoh" not in stranger.get("/performance/trees/region").text
    assert visitor.get(TREE).status_code in (302, 303)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("?day=2025-02-30", 400),
        ("?day=99999-01-01", 400),
        ("?day=0001-01-01", 400),
        ("?view=cube", 400),
        ("?node=../../etc", 200),
        ("?node=" + "x" * 4000, 200),
        ("?only=%3Cscript%3E", 200),
        ("?view=table&from=nobody", 200),
        ("?view=%00", 400),
    ],
)
def test_a_strange_address_is_refused_or_says_that_nothing_is_there(eko: Browser, address: str, status: int) -> None:
    answer = eko.get(TREE + address)
    assert answer.status_code == status
    assert "Traceback" not in answer.text and "<script>" not in answer.text
    if "node=" in address:
        assert "Simpul itu tidak ada di pohon pada hari ini" in answer.text


def test_units_that_do_not_exist_are_not_found(eko: Browser) -> None:
    for name in ("nobody", "%00", "bapperida", "..%2F", "x" * 500):
        assert eko.get(f"/performance/trees/{name}").status_code == 404, name


def test_every_page_speaks_english_too(browser_of: Callable[..., Browser]) -> None:
    page = browser_of("eko", language="en").get(f"{TREE}?node=d.o").text
    assert "Tree of goals of" in page and "What breaks" in page and "Objective of an agency" in page
    assert "Apa yang putus" not in page


def test_the_list_of_trees_keeps_the_bar_and_names_each_tree(eko: Browser) -> None:
    page = eko.get("/performance/trees").text
    assert 'href="/queue"' in page.partition("<main")[0]
    assert 'href="/performance/trees/diskominfo"' in page and "pohon pemerintah daerah" in page


def test_a_target_below_last_year_s_is_told_at_its_node(
    eko: Browser, pages_database: Database, regency: Regency
) -> None:
    with pages_database.writing.begin() as session:
        session.add(TargetRow(
            region_id=regency.id, indicator_key="d.iku", year=2025, period="year", value="90", case_id=None, seq=None,
            valid_from=date(2025, 1, 1), at=datetime(2025, 1, 1, tzinfo=UTC),
        ))  # fmt: skip
    page = eko.get(f"{TREE}?only=target_below_last_year&node=d.o").text
    assert "Target menurun <b>1</b>" in page
    assert "Targetnya lebih rendah daripada tahun lalu." in page


def test_what_breaks_names_periods_and_spans_in_words_never_by_their_keys(
    eko: Browser, pages_database: Database, regency: Regency
) -> None:
    with pages_database.writing.begin() as session:
        for period in ("q1", "year"):
            session.add(TargetRow(
                region_id=regency.id, indicator_key="d.iku", year=2025, period=period, value="90", case_id=None,
                seq=None, valid_from=date(2025, 1, 1), at=datetime(2025, 1, 1, tzinfo=UTC),
            ))  # fmt: skip
        session.add(ResultRow(
            region_id=regency.id, subject_kind="indicator", subject="d.iku", figure="achievement", year=2025,
            span="to_q2", reason="no_realisation", is_provisional=False, details={}, digest="",
            computed_at=datetime(2025, 7, 1, tzinfo=UTC),
        ))  # fmt: skip
    broken = eko.get(f"{TREE}?node=d.o").text.partition("Apa yang putus")[2]
    assert "· 2025 · Triwulan I<" in broken and "· 2025 · Setahun penuh<" in broken
    assert "· 2025 · Sampai Triwulan II<" in broken
    eko.post("/language", {"language": "en"})
    broken = eko.get(f"{TREE}?node=d.o").text.partition("What breaks")[2]
    assert "· 2025 · First quarter<" in broken and "· 2025 · Up to second quarter<" in broken
