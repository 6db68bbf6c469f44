"""Files of strangers are read cell by cell or refused in words: never run, never unpacked without end (§12)."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from sakip.exchange import answers, budget, realisations, recommendations, tree_columns, xlsx
from sakip.exchange.cells import Odd, Sheet
from sakip.exchange.problems import FileRefused, Findings, letter
from sakip.exchange.reading import read
from sakip.exchange.record import Reading
from sakip.exchange.table import Kind, Record, folded, tables_of
from tests.sakip.workbooks import MAIN, Formula, Raw, packed, workbook

KINDS = (tree_columns.KIND, realisations.KIND, answers.KIND, recommendations.KIND)
EVERY_KIND = (*KINDS, budget.KIND)
HEAD = ("Indikator", "Periode", "Realisasi")
ROW = ("i1", "q1", 8)


def cells(content: bytes, name: str = "a.xlsx") -> list[list[Any]]:
    (sheet,) = read(name, content)
    return [[row.number, *row.cells.values()] for row in sheet.rows]


def refused(content: bytes, name: str = "a.xlsx") -> str:
    with pytest.raises(FileRefused) as fault:
        for sheet in read(name, content):
            list(sheet.rows)
    assert fault.value.problem.message.id != fault.value.problem.message.en
    return fault.value.problem.code


def understood(*sheets: Sheet, wanted: str | None = None) -> tuple[str, list[Record], list[tuple[int, str, str]]]:
    findings = Findings()
    tables = tables_of(sheets, KINDS, wanted, findings)
    records = [one for table in tables for one in table.records()]
    return tables[0].kind.key, records, [(one.row, one.column, one.code) for one in findings.all()]


def of(*rows: Sequence[Any], **more: Any) -> list[Sheet]:
    return read("a.xlsx", workbook(*rows, **more))


def test_a_workbook_is_read_as_it_is_stored() -> None:
    long = Raw('t="inlineStr"', "<is><r><t>Dua </t></r><r><t>huruf</t></r><rPh><t>x</t></rPh></is>")
    content = workbook(
        ("Judul", None, 34.490000000000002, 12, True),
        (),
        (date(2026, 3, 31), Raw('s="1"', "<v>46112.75</v>"), Formula("A1*2", 4), Raw('t="e"', "<v>#N/A</v>"), long),
    )
    assert cells(content) == [
        [1, "Judul", 34.49, 12, True],
        [3, date(2026, 3, 31), date(2026, 3, 31), Odd("formula", "4"), Odd("cell_error", "#N/A"), "Dua huruf"],
    ]


def test_days_counted_from_1904_are_the_same_days() -> None:
    old = workbook((Raw('s="1"', "<v>44650</v>"),))
    with zipfile.ZipFile(io.BytesIO(old)) as archive:
        book = archive.read("xl/workbook.xml").decode().replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    assert cells(workbook((Raw('s="1"', "<v>44650</v>"),), parts={"xl/workbook.xml": book})) == [[1, date(2026, 3, 31)]]


def test_numbers_of_formats_without_end_are_no_dates_and_no_fault() -> None:
    xfs = f'<xf numFmtId="0"/><xf numFmtId="{"9" * 5000}"/><xf numFmtId="014"/>'
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs>{xfs}</cellXfs></styleSheet>'
    numbers = (Raw('s="1"', "<v>46112</v>"), Raw('s="2"', "<v>46112</v>"))
    assert cells(workbook(numbers, parts={"xl/styles.xml": styles})) == [[1, 46112, date(2026, 3, 31)]]


def test_hidden_sheets_and_rows_without_numbers_are_no_stumbling_block() -> None:
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row><c><v>1</v></c><c><v>2</v></c></row></sheetData></worksheet>'
    assert cells(workbook((1,), parts={"xl/worksheets/sheet1.xml": sheet})) == [[1, 1, 2]]


DELIMITED = {
    "semicolons": "Indikator;Realisasi\ni1;34,49\n", "commas": 'Indikator,Realisasi\r\ni1,"34,49"\r\n',
    "tabs and a mark": "\ufeffIndikator\tRealisasi\ni1\t34,49\n",
}  # fmt: skip


@pytest.mark.parametrize("name", DELIMITED)
def test_csv_is_read_with_any_delimiter_and_every_cell_is_text(name: str) -> None:
    assert cells(DELIMITED[name].encode(), "a.csv") == [[1, "Indikator", "Realisasi"], [2, "i1", "34,49"]]
    assert cells(DELIMITED[name].encode("utf-16"), "a.csv")[1] == [2, "i1", "34,49"]


def test_sentences_with_commas_do_not_hide_that_semicolons_divide_the_cells() -> None:
    head, long = "Perangkat daerah;Rekomendasi", "Susun pohon kinerja, selaraskan target, lalu tetapkan"
    plain, titled = f"{head}\na;{long}\nb;{long}, semuanya\n", f"LHE 2025, Dinas A;\n;\n{head}\na;{long}\n"
    assert cells(plain.encode(), "a.csv")[1:] == [[2, "a", long], [3, "b", f"{long}, semuanya"]]
    assert cells(titled.encode(), "a.csv")[2:] == [[4, "a", long]]


def test_control_signs_are_left_out_of_csv_as_they_are_of_forms_and_refused_in_yaml() -> None:
    (sheet,) = read("a.csv", b"a;b\x00\n1\x07;x\x00y\n")
    assert [list(row.cells.values()) for row in sheet.rows] == [["a", "b"], ["1", "xy"]]
    with pytest.raises(FileRefused):
        read("a.yaml", b'- {a: "x\\0y"}')


def test_yaml_is_a_list_of_rows_whose_keys_are_the_columns() -> None:
    text = (
        b"rows:\n  - {indicator: i1, period: q1, value: 34.49}\n  - indicator: i2\n    period: q2\n    value: [a, b]\n"
    )
    kind, records, told = understood(*read("a.yaml", text))
    assert (kind, told) == ("realisations", [])
    assert [(one.row, dict(one.cells)) for one in records] == [
        (2, {"indicator": "i1", "period": "q1", "value": 34.49}),
        (3, {"indicator": "i2", "period": "q2", "value": "a, b"}),
    ]
    assert records[0].letters["value"] == "value"


def bombs() -> dict[str, tuple[bytes, str]]:
    plain = workbook(HEAD, ROW)
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>' + " " * 20_000_000 + "</sheetData></worksheet>"
    attribute = f'<worksheet xmlns="{MAIN}" x="' + "".join(f"{n:07d}" for n in range(400_000)) + '"/>'
    deep = "<a>" * 100 + "</a>" * 100
    doctype = f'<!DOCTYPE a [<!ENTITY x "y">]><worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    part = "xl/worksheets/sheet1.xml"
    return {
        "a zip bomb": (workbook(HEAD, parts={part: sheet}), "zip_bomb"),
        "a tag without end": (workbook(HEAD, parts={part: attribute}), "zip_bomb"),
        "nesting without end": (workbook(HEAD, parts={part: deep}), "unreadable_file"),
        "entities": (workbook(HEAD, parts={part: doctype}), "unreadable_file"),
        "macros": (workbook(HEAD, ROW, parts={"xl/vbaProject.bin": b"x"}), "macros"),
        "thousands of parts": (packed({f"p{n}": "" for n in range(3_000)}), "zip_bomb"),
        "half a file": (plain[: len(plain) // 2], "unreadable_file"),
        "an archive of something else": (packed({"content.xml": "<x/>"}), "unreadable_file"),
        "an old workbook or one with a password": (b"\xd0\xcf\x11\xe0" + b"x" * 600, "old_format"),
        "nothing": (b" \n", "empty_file"),
        "a picture": (b"\x89PNG\r\n", "unknown_format"),
    }


def test_what_is_no_honest_workbook_is_refused_in_words() -> None:
    found = {name: refused(content) for name, (content, _) in bombs().items()}
    assert found == {name: code for name, (_, code) in bombs().items()}


def test_a_sheet_of_nothing_but_empty_cells_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_CELLS", 1_000)
    empty = f'<worksheet xmlns="{MAIN}"><sheetData><row>{"<c/>" * 1_000}</row></sheetData></worksheet>'
    assert refused(workbook(HEAD, parts={"xl/worksheets/sheet1.xml": empty})) == "zip_bomb"


def test_a_part_that_is_larger_than_it_says_is_refused() -> None:
    honest = workbook(HEAD, *([ROW] * 200))
    at = honest.rfind(b"xl/worksheets/sheet1.xml") - 46
    size = struct.unpack_from("<I", honest, at + 24)[0]
    lying = honest[: at + 24] + struct.pack("<I", size // 2) + honest[at + 28 :]
    assert refused(lying) in ("unreadable_file", "zip_bomb")


def test_broken_text_files_are_refused_at_their_line() -> None:
    assert refused("Indikator;Nilai\ncaf\xe9;1\n".encode("latin-1"), "a.csv") == "not_utf8"
    assert refused(b'a;b\n"no end;1\n', "a.csv") == "broken_line"
    assert refused(b"rows: 3\n", "a.yaml") == "no_rows"
    assert refused(b"a: [\n", "a.yaml") == "wf001"
    assert refused(b"- {a: 1}\n- 3\n", "a.yaml") == "no_map"


def test_rows_are_read_one_by_one_in_little_memory_and_one_too_many_is_refused() -> None:
    row = '<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}" t="s"><v>1</v></c><c r="C{n}"><v>{n}</v></c></row>'
    names = "".join(row.replace("{n}", str(n)) for n in range(2, 5_003))
    head = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEAD)
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row>{head}</row>{names}</sheetData></worksheet>'
    content = workbook(("i1", "q1"), parts={"xl/worksheets/sheet1.xml": sheet})
    tracemalloc.start()
    findings = Findings()
    (table,) = tables_of(read("a.xlsx", content), KINDS, None, findings)
    count = 0
    with pytest.raises(FileRefused) as fault:
        for _ in table.records(5_000):
            count += 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (count, fault.value.problem.code, fault.value.problem.row) == (5_000, "too_many_rows", 5_002)
    assert peak < 4_000_000  # the rows together would take more


def test_headings_are_found_below_titles_in_either_language_whatever_their_marks() -> None:
    for head in (HEAD, ("indicator", "PERIOD", "Realisation *"), ("Kode_Indikator", "Triwulan", "nilai  realisasi")):
        kind, records, told = understood(*of(("Laporan",), (), head, ROW))
        assert (kind, told) == ("realisations", [])
        assert [dict(one.cells) for one in records] == [{"indicator": "i1", "period": "q1", "value": 8}]


def test_every_kind_is_recognised_by_its_columns() -> None:
    heads = {
        "tree": ("Kunci", "Jenjang", "Pernyataan"), "realisations": HEAD, "answers": ("Tahap", "Kriteria", "Jawaban"),
        "recommendations": ("Perangkat daerah", "Rekomendasi", "Kriteria"),
    }  # fmt: skip
    for kind, head in heads.items():
        assert understood(*of(head, ("a", "b", "c")))[0] == kind


def test_columns_missing_doubled_renamed_and_unnamed_are_named() -> None:
    head = ("Indikator", "Realisasi", "realisation", "Kendalla", "No")
    _, _, told = understood(*of(head, ("i1", 8, 9, "x", 1, "extra")))
    assert told == [
        (1, "C", "doubled_column"), (1, "D", "unknown_column"), (1, "", "missing_column"), (2, "F", "unnamed_column"),
    ]  # fmt: skip


def test_a_renamed_column_brings_the_name_that_was_meant() -> None:
    findings = Findings()
    (table,) = tables_of(of((*HEAD, "Faktor pendorng"), ROW), KINDS, None, findings)
    list(table.records())
    assert "Faktor pendorong" in findings.all()[0].message.id and "Drivers" in findings.all()[0].message.en


def test_merged_cells_in_the_table_are_named_and_those_of_a_title_are_not() -> None:
    rows = (("Laporan triwulan", None, None), HEAD, ROW, ("i2", None, 9))
    _, _, told = understood(*of(*rows, merged=("A1:C1", "B3:B4", "H3:H4")))
    assert told == [(3, "B", "merged_cells")]


def test_sheets_of_one_kind_are_read_together_and_of_two_kinds_are_refused() -> None:
    more = {"Lain": [HEAD, ("i2", "q1", 9)], "Catatan": [("halo",)]}
    _, records, _ = understood(*of(HEAD, ROW, more=more))
    assert [(one.sheet, one.cells["indicator"]) for one in records] == [("Realisasi", "i1"), ("Lain", "i2")]
    two = {"Pohon": [("Kunci", "Jenjang", "Pernyataan"), ("a", "b", "c")]}
    with pytest.raises(FileRefused) as fault:
        understood(*of(HEAD, ROW, more=two))
    assert fault.value.problem.code == "several_kinds"
    assert understood(*of(HEAD, ROW, more=two), wanted="tree")[0] == "tree"


def test_a_file_without_known_headings_is_refused() -> None:
    with pytest.raises(FileRefused) as fault:
        understood(*of(("Nama", "Alamat"), ("a", "b")))
    assert fault.value.problem.code == "unknown_kind"


@pytest.mark.parametrize("kind", EVERY_KIND, ids=lambda kind: kind.key)
def test_no_heading_means_two_columns(kind: Kind) -> None:
    for language in ("id", "en"):
        said: dict[str, str] = {}
        for column in kind.columns:
            for name in (column.key, getattr(column.title, language), *column.names):
                assert said.setdefault(folded(name), column.key) == column.key, name
    for column in kind.columns:
        assert kind.named(column.title.id) is column and kind.named(column.key) is column


def reading(**given: Any) -> tuple[Reading, Findings]:
    findings = Findings()
    letters = {name: letter(place) for place, name in enumerate(given)}
    return Reading(recommendations.KIND, Record("", 2, given, letters), findings), findings


def test_days_are_dates_or_texts_and_no_bare_numbers() -> None:
    for cell in (date(2026, 3, 31), "2026-03-31", "31-03-2026", "31/3/2026", "31.03.2026"):
        assert reading(due_on=cell)[0].day("due_on") == date(2026, 3, 31)
    for cell, code in ((46112, "number_for_date"), ("31 Maret", "no_date"), ("2026-02-30", "no_date")):
        one, findings = reading(due_on=cell)
        assert one.day("due_on") is None and [each.code for each in findings.all()] == [code]


def test_years_and_yes_or_no_are_read_or_told() -> None:
    assert [reading(year=cell)[0].year("year", None) for cell in (2026, "2026", 2026.0)] == [2026] * 3
    assert reading()[0].year("year", 2025) == 2025
    for cell in (26, "dua ribu", True, date(2026, 1, 1)):
        one, findings = reading(year=cell)
        assert one.year("year", None) is None and findings.count == 1
    assert [reading(state=cell)[0].flag("state") for cell in ("Ya", "tidak", 1, True, "")] == [
        True, False, True, True, None,
    ]  # fmt: skip
    one, findings = reading(state="mungkin")
    assert one.flag("state") is None and findings.count == 1


def test_columns_have_the_letters_of_spreadsheets() -> None:
    assert [letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
