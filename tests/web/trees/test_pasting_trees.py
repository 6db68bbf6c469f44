"""Rows of a tree go out in the columns of the export and are pasted back into a draft: only what differs changes it."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from html import unescape

from sqlalchemy import select

from engine.database import Database
from engine.organisation.models import Unit
from sakip.exchange.exporting import exported
from sakip.exchange.outgoing import Asked
from sakip.exchange.writing import CSV
from tests.web.browser import Browser
from tests.web.region import Regency

TREE = "/performance/trees/diskominfo"


def tabbed(rows: list[list[str]]) -> str:
    """Cells as a spreadsheet puts them on the clipboard."""
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows(rows)
    return text.getvalue()


def out_of(database: Database, region: int) -> list[list[str]]:
    """The rows that `flask sakip export tree` writes of Diskominfo."""
    with database.reading() as session:
        unit = session.scalars(select(Unit.id).where(Unit.region_id == region, Unit.key == "diskominfo")).one()
        content = b"".join(exported(session, "tree", CSV, Asked(region, unit, None, date(2026, 3, 2))))
    return list(csv.reader(io.StringIO(content.decode())))


def test_an_export_pasted_back_changes_nothing(
    eko: Browser, draft: str, pages_database: Database, regency: Regency
) -> None:
    rows = out_of(pages_database, regency.id)
    assert {"due_in", "basis", "verifier", "is_published", "success_factor", "weight"} <= set(rows[0])
    answer = eko.post(f"{draft}/paste", {"rows": tabbed(rows)})
    assert answer.status_code == 303, answer.text
    page = eko.get(answer.headers["Location"]).text
    assert "0 perubahan" in page and "Semua baris ini sudah demikian di rancangan." in page


def test_the_page_shows_and_gives_the_columns_of_the_export(
    eko: Browser, draft: str, pages_database: Database, regency: Regency
) -> None:
    rows = out_of(pages_database, regency.id)
    for address in (f"{TREE}?view=table&columns=all", f"{draft}?view=table&columns=all"):
        page = eko.get(address).text.partition("grid wide")[2].partition("</table>")[0]
        assert [unescape(one) for one in re.findall(r"<th [^>]*>(.*?)</th>", page)] == rows[0]
        cells = [unescape(one) for one in re.findall(r"<td>(.*?)</td>", page)]
        assert cells == [cell for row in rows[1:] for cell in row]
    file = eko.get(f"{TREE}.csv?columns=all")
    assert list(csv.reader(io.StringIO(file.text))) == rows


def test_changed_cells_of_an_export_change_the_draft_and_nothing_else(
    eko: Browser, draft: str, pages_database: Database, regency: Regency
) -> None:
    rows = out_of(pages_database, regency.id)
    at = {name: place for place, name in enumerate(rows[0])}
    (kami,) = [row for row in rows if row[at["indicator"]] == "d.kami"]
    changed = {"plan_targets": "2025: 400.5; 2026: 455", "basis": "year", "due_in": "q2, q4", "weight": "33.5",
               "baseline": "380,5", "is_published": "yes", "source": "BSSN"}  # fmt: skip
    for name, value in changed.items():
        kami[at[name]] = value
    extra = [""] * len(rows[0])
    extra[at["name"]], extra[at["measure"]] = "Insiden yang tertutup", "percent"
    rows.insert(rows.index(kami) + 1, extra)
    new = [""] * len(rows[0])
    for name, value in {"level": "Sasaran perangkat daerah", "parent": "d.g", "statement": "Warga terlayani"}.items():
        new[at[name]] = value
    assert eko.post(f"{draft}/paste", {"rows": tabbed([*rows, new])}).status_code == 303
    page = eko.get(f"{draft}?node=d.o2&open=all").text
    assert "2 perubahan" in page and "Warga terlayani" in page and "Insiden yang tertutup" in page
    for said in ("2025: 400,5; 2026: 455", "Triwulan II, Triwulan IV", "33,5", "380,5", "BSSN"):
        assert said in page.partition('id="chosen"')[2], said


def test_what_cannot_be_read_is_told_by_its_line_and_nothing_is_taken(
    eko: Browser, draft: str, pages_database: Database, regency: Regency
) -> None:
    rows = out_of(pages_database, regency.id)
    at = {name: place for place, name in enumerate(rows[0])}
    rows[1][at["plan_targets"]] = "2026: 1.250"
    rows[2][at["level"]] = "Tidak ada"
    rows[3][at["owner"]] = "Kepala Dinas Antah Berantah"
    rows[4][at["tree"]] = "bapperida"
    refused = eko.post(f"{draft}/paste", {"rows": tabbed(rows)})
    assert refused.status_code == 422
    told = unescape(refused.text)
    assert "Baris 2: Target tahunan rencana: 1.250 dapat dibaca dua cara: tulis 1250 atau 1,2500." in told
    for line in (3, 4, 5):
        assert f"Baris {line}: " in told, line
    assert "0 perubahan" in eko.get(draft).text


def test_indonesian_headings_take_numbers_as_people_type_them(eko: Browser, draft: str) -> None:
    rows = [
        ["Kunci", "Jenjang", "Pernyataan", "Kunci indikator", "Indikator", "Target tahunan rencana"],
        ["d.o2", "Sasaran perangkat daerah", "Meningkatnya keamanan informasi", "d.kami", "Indeks KAMI",
         "2025: 400; 2026: 1.250,5"],
    ]  # fmt: skip
    assert eko.post(f"{draft}/paste", {"rows": tabbed(rows)}).status_code == 303
    assert "target 1.250,5\u00a0Indeks" in eko.get(f"{draft}?node=d.o2&open=all").text
    rows[1][-1] = "2026: 34.49"
    refused = eko.post(f"{draft}/paste", {"rows": tabbed(rows)})
    assert refused.status_code == 422 and "34.49 bukan angka; maksudnya 34,49?" in refused.text
