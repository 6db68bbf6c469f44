"""A revision of a tree drafted on pages: changed, added, moved, ended, linked, pasted, submitted; nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

from sqlalchemy import select

from engine.cases.fire import Fired, fire
from engine.cases.models import Case
from engine.database import Database
from engine.facts import Command
from engine.organisation.models import Position, Unit
from sakip.tree.history import Revision
from sakip.tree.models import TreeRevision
from sakip.tree.revising import apply_revision
from sakip.tree.store import tree_on
from sakip.tree.values import Indicator, Node
from tests.conftest import FrozenClock
from tests.web.browser import Browser
from tests.web.growing import cases_like, statements_of
from tests.web.region import Regency

TREE = "/performance/trees/diskominfo"


def typed(page: str) -> dict[str, Any]:
    """What a browser would send of the form of a node as it stands."""
    form = page.partition("<main")[2]
    found: dict[str, Any] = {}
    for tag, body in re.findall(r"<(input|textarea)\b([^>]*)>", form):
        name = re.search(r'name="([^"]+)"', body)
        if name is None or name[1] == "csrf_token" or ('type="checkbox"' in body and " checked" not in body):
            continue
        value = re.search(r'value="([^"]*)"', body)
        found[name[1]] = unescape(value[1]) if value and tag == "input" else ""
    for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        found[name] = unescape(text)
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = unescape(chosen[1]) if chosen else ""
    return found


def with_basis(eko: Browser, draft: str) -> None:
    """Give the draft its reason and legal basis, by the form of the case."""
    case = draft.rpartition("/")[2]
    answer = eko.post(f"/case/{case}/edit?section=basis", {
        "tree": "unit", "tree_unit": "", "kind": "change", "in_force_on": "2026-04-01",
        "reason": "Renstra diubah", "legal_basis": "Perbup 12/2026",
    })  # fmt: skip
    assert answer.status_code == 303, answer.text


def test_a_draft_begins_from_the_tree_and_says_why_it_cannot_be_submitted_yet(eko: Browser, draft: str) -> None:
    page = eko.get(draft).text
    assert "Rancangan revisi: 0 perubahan" in page
    assert 'class="btn off" href="#reasons"' in page
    assert "Belum ada yang diubah." in page and "Alasan perubahan: Wajib diisi." in page
    assert "btn-primary" not in page.partition("<main")[2]
    tree = eko.get("/performance/trees/diskominfo").text
    assert draft in tree and "Mulai revisi" not in tree  # one's own draft is opened again, no second one begun


def test_who_has_given_the_reason_is_led_back_to_the_tree_and_not_into_its_raw_rows(eko: Browser, draft: str) -> None:
    case = draft.rpartition("/")[2]
    basis = {"tree": "unit", "kind": "change", "in_force_on": "2026-04-01", "op": "next:"}
    unsaid = eko.post(f"/case/{case}/edit?section=basis", basis)
    assert "section=basis" in unsaid.headers["Location"]
    given = eko.post(f"/case/{case}/edit?section=basis", {**basis, "reason": "Renstra", "legal_basis": "Perbup"})
    assert given.headers["Location"] == draft


def test_no_two_directions_read_the_same_in_the_form_of_a_node(
    eko: Browser, draft: str, browser_of: Callable[..., Browser]
) -> None:
    for page in (eko.get(f"{draft}/nodes/d.o").text, browser_of("eko", "en").get(f"{draft}/nodes/d.o").text):
        (options,) = re.findall(r'<select[^>]* name="nodes.0.indicators.0.direction"[^>]*>(.*?)</select>', page, re.S)
        found = [unescape(one).strip() for one in re.findall(r"<option[^>]*>(.*?)</option>", options, re.S)]
        assert len(found) > 3 and len(set(found)) == len(found)


def test_a_node_is_changed_and_what_was_not_asked_stays(
    eko: Browser, draft: str, pages_database: Database, regency: Regency
) -> None:
    form = eko.get(f"{draft}/nodes/d.o").text
    answers = typed(form)
    boxes = "nodes.0.indicators.0.plan_targets"
    assert (answers[f"{boxes}.2025"], answers[f"{boxes}.2026"], answers[f"{boxes}.2027"]) == ("66", "70", "")
    answer = eko.post(f"{draft}/nodes/d.o", {**answers, "nodes.0.statement": "Publik makin percaya",
                                             f"{boxes}.2026": "71,5"})  # fmt: skip
    assert answer.status_code == 303 and answer.headers["Location"] == f"{draft}?node=d.o#chosen"
    page = eko.get(answer.headers["Location"]).text
    assert "Rancangan revisi: 1 perubahan" in page
    assert "target 71,5\u00a0Indeks" in page and "Publik makin percaya" in page
    assert "Batalkan perubahan ini" in page
    with pages_database.reading() as session:
        unit = session.scalars(select(Unit.id).where(Unit.region_id == regency.id, Unit.key == "diskominfo")).one()
        assert "percaya" not in tree_on(session, regency.id, unit, date(2026, 3, 2)).nodes["d.o"].statement


def test_a_number_is_read_by_the_one_rule_with_a_proposal_where_it_is_none(eko: Browser, draft: str) -> None:
    answers = typed(eko.get(f"{draft}/nodes/d.o").text)
    box = "nodes.0.indicators.0.plan_targets.2026"
    for wrong, said in (("34.49", "34.49 bukan angka; maksudnya 34,49?"), ("1,23456", "lebih dari 2 desimal"),
                        ("60%", "60% bukan angka; maksudnya 60?"), ("BB", "BB bukan angka")):  # fmt: skip
        refused = eko.post(f"{draft}/nodes/d.o", {**answers, box: wrong})
        assert refused.status_code == 422 and said in refused.text and ">Indikator 1, 2026: " in refused.text, wrong
        assert 'href="#nodes-0-indicators-0-plan_targets-2026"' in refused.text and f'value="{wrong}"' in refused.text
        assert eko.post(f"{draft}/nodes/d.o", {**answers, box: wrong}).status_code == 422  # a second time too
    assert eko.post(f"{draft}/nodes/d.o", {**answers, box: "1.250"}).status_code == 303
    assert "target 1.250\u00a0Indeks" in eko.get(f"{draft}?node=d.o").text
    assert typed(eko.get(f"{draft}/nodes/d.o").text)[box] == "1.250"


def test_a_wrong_target_is_told_at_its_box_and_stays_as_typed(eko: Browser, draft: str) -> None:
    answers = typed(eko.get(f"{draft}/nodes/d.o").text)
    box = "nodes.0.indicators.0.plan_targets.2026"
    answer = eko.post(f"{draft}/nodes/d.o", {**answers, box: "tahun; depan", "nodes.0.statement": ""})
    assert answer.status_code == 422
    assert 'href="#nodes-0-indicators-0-plan_targets"' in answer.text and "Isi bunyi sasarannya." in answer.text
    whole = typed(eko.get(f"{draft}/nodes/d.o").text)
    assert whole["nodes.0.indicators.0.plan_targets"] == "2025: 66; 2026: tahun; depan"  # one line again, as it is
    assert "btn off" in eko.get(draft).text  # and it cannot be submitted so
    whole["nodes.0.indicators.0.plan_targets"] = "2025: 66; 2026: 71"
    assert eko.post(f"{draft}/nodes/d.o", {**whole, "nodes.0.statement": "Publik percaya"}).status_code == 303
    assert "target 71\u00a0Indeks" in eko.get(f"{draft}?node=d.o").text


def test_the_form_holds_everything_an_indicator_has(
    eko: Browser, draft: str, pages_database: Database, regency: Regency
) -> None:
    answers = typed(eko.get(f"{draft}/nodes/d.o2").text)
    here = "nodes.0.indicators.0"
    seat = next(value for value in re.findall(r'<option value="(\d+)"', eko.get(f"{draft}/nodes/d.o2").text))
    given = {
        "direction": "higher", "method": "", "unit": "percent", "consolidation": "average", "basis": "year",
        "periods": "semester", "due_in": "s2", "frequency": "semesteran", "source": "BSSN", "definition": "Nilai KAMI",
        "formula": "a / b", "verifier": seat, "owner": seat, "baseline": "38,25", "weight": "100", "is_key": "true",
        "is_published": "true", "superior": "r.spbe", "targets.s2": "45,5%", "targets.year": "45,5",
        "plan_targets.2029": "50..60",
    }  # fmt: skip
    answer = eko.post(f"{draft}/nodes/d.o2", answers | {f"{here}.{name}": value for name, value in given.items()})
    assert answer.status_code == 303, answer.text
    again = typed(eko.get(f"{draft}/nodes/d.o2").text)
    assert {name: again[f"{here}.{name}"] for name in given} == given
    page = eko.get(f"{draft}?node=d.o2").text.partition('id="chosen"')[2]
    for said in ("Makin tinggi makin baik", "Target setahun penuh", "Tengah tahunan", "Semester II", "semesteran",
                 "2029: 50–60", "Indeks SPBE", "38,25"):  # fmt: skip
        assert said in page, said


def test_a_weight_below_zero_is_told_at_its_box(eko: Browser, draft: str) -> None:
    answers = typed(eko.get(f"{draft}/nodes/d.o2").text)
    answer = eko.post(f"{draft}/nodes/d.o2", answers | {"nodes.0.indicators.0.weight": "-20"})
    assert answer.status_code == 422 and "Indikator 1: Bobot indikator ini di bawah nol." in answer.text


def test_indicators_are_added_and_taken_out_by_the_same_form(eko: Browser, draft: str) -> None:
    answers = typed(eko.get(f"{draft}/nodes/d.o").text)
    answer = eko.post(f"{draft}/nodes/d.o", {**answers, "op": "add:nodes.0.indicators"})
    assert answer.headers["Location"].endswith("/nodes/d.o#i-1")
    answers = typed(eko.get(f"{draft}/nodes/d.o").text)
    assert answers["nodes.0.indicators.1.key"] == "d.o.i1"
    answers |= {"nodes.0.indicators.1.name": "Kepuasan pembaca", "op": "remove:nodes.0.indicators.0"}
    eko.post(f"{draft}/nodes/d.o", answers)
    left = typed(eko.get(f"{draft}/nodes/d.o").text)
    assert left["nodes.0.indicators.0.name"] == "Kepuasan pembaca" and "nodes.0.indicators.1.name" not in left


def test_a_node_is_added_where_its_level_may_hang(eko: Browser, draft: str) -> None:
    form = eko.get(f"{draft}/add?under=d.o").text
    levels = re.findall(r'<option value="(\w+)"', form.partition('name="level"')[2].partition("</select>")[0])
    assert levels == ["programme_outcome"]
    refused = eko.post(f"{draft}/add", {"parent": "d.o", "level": "activity_output", "statement": "Konten baru"})
    assert refused.status_code == 422
    assert "bukan dari jenjang yang diperbolehkan" in refused.text and "Konten baru" in refused.text
    for level in ("vision", "nothing", ""):
        assert eko.post(f"{draft}/add", {"parent": "", "level": level, "statement": "A"}).status_code == 422
    answer = eko.post(f"{draft}/add", {"parent": "d.o", "level": "programme_outcome", "statement": "Kanal  dikelola"})
    assert answer.status_code == 303 and "/nodes/diskominfo." in answer.headers["Location"]
    page = eko.get(draft).text
    assert "Kanal dikelola" in page and "1 perubahan" in page
    assert "Indikatornya kurang dari yang diminta" in page  # an error, so the button is off


def test_a_long_statement_leaves_what_is_wrong_with_it_in_sight(eko: Browser, draft: str) -> None:
    long = ("Meningkatnya mutu layanan yang diterima masyarakat di semua kecamatan " * 9)[:600]
    eko.post(f"{draft}/add", {"parent": "d.o", "level": "programme_outcome", "statement": long})
    reasons = unescape(eko.get(draft).text.partition('id="reasons"')[2].partition("</details>")[0])
    told = next(one for one in re.findall(r">([^<>]+)</a>", reasons) if "Indikatornya kurang" in one)
    assert told.startswith("Meningkatnya mutu layanan") and " …: Indikatornya kurang dari yang diminta" in told
    assert len(told) < 200


def test_a_node_is_moved_by_choice_and_never_into_a_circle(eko: Browser, draft: str) -> None:
    form = eko.get(f"{draft}/nodes/d.p/move").text
    assert re.findall(r'<option value="([\w.]+)"', form.partition('name="parent"')[2]) == ["d.o", "d.o2"]
    for parent, said in (("d.a", "di bawah dirinya sendiri"), ("d.p", "di bawah dirinya sendiri"),
                         ("r.v", "bukan dari jenjang"), ("nothing", "bukan dari jenjang")):  # fmt: skip
        refused = eko.post(f"{draft}/nodes/d.p/move", {"parent": parent})
        assert refused.status_code == 422 and said in refused.text, parent
    assert "0 perubahan" in eko.get(draft).text
    assert eko.post(f"{draft}/nodes/d.p/move", {"parent": "d.o2"}).status_code == 303
    page = eko.get(f"{draft}?node=d.p").text
    assert "Berinduk pada" in page and f"{draft}?node=d.o2" in page.partition("Berkontribusi pada")[2]
    assert eko.post(f"{draft}/nodes/d.o2/move", {"op": "up"}).status_code == 303
    opened = eko.get(f"{draft}?open=all").text
    assert opened.index('"n-d.o2"') < opened.index('"n-d.o"')


def test_ending_says_what_breaks_and_takes_along_what_hangs_below(eko: Browser, draft: str) -> None:
    form = eko.get(f"{draft}/nodes/d.o/end").text
    assert "2 simpul di bawahnya ikut berakhir" in form
    assert '<b class="num">3</b> indikator' in form
    assert eko.post(f"{draft}/nodes/d.o/end").status_code == 303
    page = eko.get(draft).text
    assert "3 simpul berakhir" in page and "3 perubahan" in page
    assert '<b class="num">3</b> indikator' in page  # what the draft as a whole breaks
    assert eko.post(f"{draft}/nodes/d.o/undo").status_code == 303
    assert "2 simpul berakhir" in eko.get(draft).text


def test_a_link_is_put_and_ended_and_a_partner_offers_its_goals(eko: Browser, draft: str) -> None:
    form = eko.get(f"{draft}/nodes/d.p/links").text
    assert "Ikut menentukan" in form and "Bersama perangkat daerah lain" in form
    refused = eko.post(f"{draft}/nodes/d.p/links", {"kind": "contributes", "end": "d.a", "weight": "900"})
    assert refused.status_code == 422 and "Bobot kaitan ini di luar batas" in refused.text
    assert "Pilih jenis kaitannya." in eko.post(f"{draft}/nodes/d.p/links", {"kind": "", "end": ""}).text
    eko.post(f"{draft}/nodes/d.p/links", {"kind": "contributes", "end": "d.o2", "weight": "40"})
    page = eko.get(f"{draft}?node=d.p").text
    assert "Ikut menentukan" in page and "1 perubahan" in page
    eko.post(f"{draft}/nodes/d.p/links/end", {"edge": "contributes:d.p:d.o2"})
    assert "0 perubahan" in eko.get(draft).text
    eko.post(f"{draft}/nodes/d.p/links", {"kind": "crosscuts", "end": "", "partner_name": "Universitas Contoh"})
    assert "Universitas Contoh" in eko.get(f"{draft}?node=d.p").text
    long = "Universitas Contoh " * 30
    refused = eko.post(f"{draft}/nodes/d.p/links", {"kind": "crosscuts", "end": "", "partner_name": long})
    assert refused.status_code == 422 and long.strip() in refused.text  # whole, not cut
    assert eko.get(f"{draft}/nodes/d.p/links?partner=nobody").status_code == 404


def test_a_revision_that_links_to_a_partners_goal_can_be_submitted(
    eko: Browser, draft: str, pages_database: Database, regency: Regency, clock: FrozenClock
) -> None:
    def own(key: str, level: str, parent: str) -> Node:
        measured = Indicator(f"{key}.i", "Mutu rencana", unit="index", method="maximise", plan_targets={2026: 70})
        return Node(key, level, "bapperida", parent, "Rencana yang selaras", owner=seat, indicators=(measured,))

    with pages_database.writing.begin() as session:
        unit = session.scalars(select(Unit.id).where(Unit.region_id == regency.id, Unit.key == "bapperida")).one()
        seat = str(session.scalars(select(Position.id).where(Position.unit_id == unit)).first())
        nodes = (own("b.g", "agency_goal", "r.o"), own("b.o", "agency_objective", "b.g"))
        planted = Revision("Renstra", "Perbup 8/2025", new={one.key: one for one in nodes})
        assert isinstance(apply_revision(session, regency.id, unit, planted, date(2025, 1, 1), clock()), TreeRevision)
    assert 'value="b.o"' in eko.get(f"{draft}/nodes/d.p/links?partner=bapperida&kind=crosscuts").text
    link = {"kind": "crosscuts", "end": "b.o", "partner": "bapperida"}
    assert eko.post(f"{draft}/nodes/d.p/links", link).status_code == 303
    with_basis(eko, draft)
    page = eko.get(draft).text
    act, revision = (re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("act", "revision"))
    assert "btn off" not in page and act and revision
    case = draft.rpartition("/")[2]
    sent = eko.post(f"/case/{case}/edit?section=send", {"act": act[1], "revision": revision[1]})
    assert sent.status_code == 303 and "section=" not in sent.headers["Location"]


def test_rows_are_pasted_all_or_none_with_a_sentence_a_line(eko: Browser, draft: str) -> None:
    good = "\tHasil program\t\tKanal dikelola\tPengunjung laman\tIndeks\t1.250,5\t"
    odd = "\tHasil program\tMeningkatnya keamanan informasi\tAset dijaga\tInsiden\tIndeks\t34.49\t"
    wrong = f"{good}\n{odd}\n\tTidak ada\t\tX"
    refused = eko.post(f"{draft}/paste", {"rows": wrong})
    assert refused.status_code == 422
    assert "Baris 2: Target “34.49” tidak terbaca. Maksudnya 34,49?" in refused.text
    assert "Baris 3: Jenjang ini tidak dikenal: Tidak ada<" in refused.text
    assert "Kanal dikelola" in refused.text and "0 perubahan" in eko.get(draft).text
    titles = "Kunci\tJenjang\tInduk\tPernyataan\tIndikator\tSatuan\tTarget\tPenanggung jawab"
    rows = f"{titles}\n{good}\n\t\t\t\tPembaca\tIndeks\t80\t"
    answer = eko.post(f"{draft}/paste", {"rows": rows.replace("Hasil program\t\t", "Hasil program\td.o\t")})
    assert answer.status_code == 303
    page = eko.get(f"{draft}?view=table").text
    assert "1 perubahan" in page and "1.250,5" in page and "Pembaca" in page


def test_five_thousand_children_are_refused_with_a_code_and_nothing_changes(eko: Browser, draft: str) -> None:
    rows = "\n".join(f"\tHasil program\td.o\tKanal {number}" for number in range(1900))
    refused = eko.post(f"{draft}/paste", {"rows": rows})
    assert refused.status_code == 422
    assert "too_many_rows" in refused.text and "Kanal 1899" in refused.text  # what was pasted is still there
    assert re.search(r"paling banyak \d+ perubahan", refused.text)
    assert eko.post(f"{draft}/paste", {"rows": rows * 3}).status_code == 422
    assert "0 perubahan" in eko.get(draft).text


def test_a_draft_is_submitted_as_any_case_and_reviewed_on_the_same_page(
    eko: Browser, draft: str, browser_of: Callable[..., Browser], pages_database: Database, regency: Regency,
    clock: FrozenClock,
) -> None:  # fmt: skip
    case_id = int(draft.rpartition("/")[2])
    eko.post(f"{draft}/nodes/d.o", {**typed(eko.get(f"{draft}/nodes/d.o").text),
                                    "nodes.0.statement": "Publik makin percaya"})  # fmt: skip
    with_basis(eko, draft)
    page = eko.get(draft).text
    assert "Berlaku mulai 1 Apr" in page and "btn off" not in page
    act = re.search(r'name="act" value="([^"]+)"', page)
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert act and revision
    stale = eko.post(f"/case/{case_id}/edit?section=send", {"act": act[1], "revision": "0"})
    assert stale.status_code == 409
    sent = eko.post(f"/case/{case_id}/edit?section=send", {"act": act[1], "revision": revision[1]})
    assert sent.status_code == 303, sent.text
    assert eko.post(f"{draft}/nodes/d.o/end").status_code == 409  # the case has gone on
    assert eko.get(f"{draft}/nodes/d.o").status_code == 404
    ratna = browser_of("ratna")
    case = ratna.get(f"/case/{case_id}").text
    assert f'href="{draft}"' in case  # the page of the case leads here
    assert "Sasaran perangkat daerah" in case and "agency_objective" not in case
    assert "Induk: Terwujudnya komunikasi publik yang dipercaya" in case and "r.spbe" not in case
    seen = ratna.get(f"{draft}?node=d.o").text
    assert "Publik makin percaya" in seen and "Apa yang putus" in seen and "Anda membacanya" in seen
    assert "/nodes/" not in seen.replace("?node=", "")
    with pages_database.writing.begin() as session:
        outcome = fire(session, case_id, Command("approve", regency.people["ratna"]), now=clock())
    assert isinstance(outcome, Fired), outcome


def test_a_draft_is_its_drafters_and_never_of_another_region_or_kind(
    eko: Browser, draft: str, browser_of: Callable[..., Browser], case_id: int
) -> None:
    for reader in ("asing", "gita", "hadi"):
        for address in (draft, f"{draft}/nodes/d.o", f"{draft}/add", f"{draft}/paste"):
            assert browser_of(reader).get(address).status_code == 404, (reader, address)
        assert browser_of(reader).post(f"{draft}/nodes/d.o/end").status_code == 404
    assert browser_of("sari").get(f"/performance/tree-drafts/{case_id}").status_code == 404  # an agreement
    for address in (f"{draft}/nodes/r.o", f"{draft}/nodes/nothing", f"{draft}/nodes/r.o/end", f"{draft}/nodes/%00/move",
                    "/performance/tree-drafts/999999999999999999999", "/performance/tree-drafts/0"):  # fmt: skip
        assert eko.get(address).status_code == 404, address
    assert eko.post(f"{draft}/nodes/r.o", {"nodes.0.statement": "Milik daerah"}).status_code == 404


def test_who_works_below_reads_the_tree_but_begins_no_revision_of_it(
    browser_of: Callable[..., Browser], pages_database: Database
) -> None:
    sari = browser_of("sari")
    assert "Mulai revisi" not in sari.get("/performance/trees/diskominfo").text
    assert sari.post("/performance/trees/diskominfo/revise").status_code == 404
    assert sari.post("/performance/trees/bapperida/revise").status_code == 404
    with pages_database.reading() as session:
        assert session.scalars(select(Case.id).where(Case.case_type == "tree_revision")).all() == []


def test_a_drafter_cannot_look_into_a_tree_by_naming_it(eko: Browser, draft: str, pages_database: Database) -> None:
    case = draft.rpartition("/")[2]
    page = eko.get(f"/case/{case}/edit?section=basis").text
    other = re.search(r'<option value="(\d+)">Badan Perencanaan', page)
    assert other
    eko.post(f"/case/{case}/edit?section=basis", {"tree": "unit", "tree_unit": other[1], "in_force_on": "2026-04-01"})
    assert eko.get(draft).status_code == 404


def test_the_region_s_own_tree_begins_empty_elsewhere_and_says_what_to_do(browser_of: Callable[..., Browser]) -> None:
    gita = browser_of("gita")
    page = gita.get("/performance/trees/bapperida").text
    assert "Pohon ini masih kosong" in page and "Mulai revisi" in page
    draft = gita.post("/performance/trees/bapperida/revise").headers["Location"]
    assert gita.post("/performance/trees/bapperida/revise").headers["Location"] == draft  # pressed twice
    page = gita.get(draft).text
    assert "Tambahkan simpul pertama" in page
    form = gita.get(f"{draft}/add").text
    assert "Sasaran daerah: Meningkatnya keterbukaan" in unescape(form)
    gita.post(f"{draft}/add", {"parent": "r.o2", "level": "agency_goal", "statement": "Rencana yang selaras"})
    seen = gita.get(f"{draft}?open=all").text
    assert "Rencana yang selaras" in seen and "Kabupaten Contoh maju dan terbuka" in seen


def test_of_many_open_revisions_the_newest_of_this_tree_are_told_at_the_same_cost(
    pages_database: Database, regency: Regency, eko: Browser, draft: str
) -> None:
    first = int(re.findall(r"\d+", draft)[-1])
    few = statements_of(pages_database, eko, TREE)
    with pages_database.writing.begin() as session:
        unit = session.get_one(Case, first).unit_id
        others = cases_like(session, first, 3, {"tree": "region"})
        others += cases_like(session, first, 3, {"tree": "unit", "tree_unit": 10**9, "nodes": [{"tree_unit": unit}]})
        chosen = cases_like(session, first, 13, {"tree": "unit", "tree_unit": unit})
        own = cases_like(session, first, 12, {"tree": "unit"})
    page = eko.get(TREE).text
    told = [int(one) for one in re.findall(r"/performance/tree-drafts/(\d+)", page)]
    assert told == sorted(chosen + own, reverse=True)[:20] and not set(told) & set(others)
    assert statements_of(pages_database, eko, TREE) == few
    region = eko.get("/performance/trees/region").text
    assert len(set(re.findall(r"/performance/tree-drafts/(\d+)", region))) == 3
