"""Office files keep their words, tables and pictures, and nothing of whose hand they are."""

from __future__ import annotations

import io
import zipfile
from xml.etree.ElementTree import Element, fromstring

import pytest
from PIL import Image

from tests.delivery.cleaning.evidence import (
    MARK,
    OPEN_XML,
    PACKAGE,
    R,
    S,
    W,
    a_letter,
    a_photo,
    a_sheet,
    an_odt,
    cleaned,
    content_types,
    override,
    refused,
    relations,
    unzipped,
    zipped,
)

P = "http://schemas.openxmlformats.org/presentationml/2006/main"


def parsed(parts: dict[str, bytes]) -> dict[str, Element]:
    """Every XML part; all must still be well formed."""
    return {name: fromstring(part) for name, part in parts.items() if name.endswith((".xml", ".rels"))}


def words(root: Element) -> str:
    return "".join(root.itertext())


def require_whole(parts: dict[str, bytes]) -> None:
    """Every relation leads somewhere, every part has its type, and no part is there that nothing leads to."""
    told = {
        each.get("PartName", "").lstrip("/")
        for each in fromstring(parts["[Content_Types].xml"])
        if each.get("PartName")
    }
    assert told <= set(parts)
    reached = set()
    for name, root in parsed(parts).items():
        if name.endswith(".rels"):
            inside = {each.get("Target", "") for each in root if each.get("TargetMode") != "External"}
            reached |= {target.lstrip("/") for target in inside}
    assert reached == {name for name in parts if not name.endswith(".rels") and name != "[Content_Types].xml"}


def test_t53_a_docx_loses_properties_authors_thumbnail_and_printer_settings_and_keeps_its_words() -> None:
    copy = cleaned(a_letter(), "laporan.docx")
    parts = unzipped(copy.content)
    require_whole(parts)
    assert set(parts) == {
        "[Content_Types].xml",
        "_rels/.rels",
        "word/document.xml",
        "word/_rels/document.xml.rels",
        "word/comments.xml",
        "word/settings.xml",
        "word/media/image1.jpeg",
    }
    assert not [name for name, part in parts.items() if MARK.encode() in part]
    roots = parsed(parts)
    document = roots["word/document.xml"]
    assert "Dana desa hilang." in words(document) and "Jumlahnya besar." in words(document)
    inserted = next(document.iter(f"{{{W}}}ins"))
    assert inserted.get(f"{{{W}}}author") == "-" and inserted.get(f"{{{W}}}date") is None
    comment = roots["word/comments.xml"][0]
    assert words(comment) == "Lihat lampiran."
    assert (comment.get(f"{{{W}}}author"), comment.get(f"{{{W}}}initials"), comment.get(f"{{{W}}}date")) == (
        "-",
        None,
        None,
    )
    keys = {key.rpartition("}")[2] for root in roots.values() for element in root.iter() for key in element.keys()}  # noqa: SIM118
    assert not {key for key in keys if key.startswith("rsid")} and not {"paraId", "descr"} & keys
    settings = {element.tag.rpartition("}")[2] for element in roots["word/settings.xml"].iter()}
    assert settings == {"settings", "zoom"}


def test_a_photo_inside_a_document_is_cleaned_like_a_photo() -> None:
    for content, name, inside in (
        (a_letter(), "a.docx", "word/media/image1.jpeg"),
        (an_odt(), "a.odt", "Pictures/1.jpg"),
    ):
        photo = unzipped(cleaned(content, name).content)[inside]
        with Image.open(io.BytesIO(photo)) as shown:
            assert dict(shown.getexif()) == {} and not {"comment", "xmp", "icc_profile"} & set(shown.info)


def test_what_a_document_would_fetch_or_where_it_lay_is_gone_and_a_link_stays() -> None:
    root = fromstring(unzipped(cleaned(a_letter(), "a.docx").content)["word/_rels/document.xml.rels"])
    assert {each.get("Target") for each in root if each.get("TargetMode") == "External"} == {
        "https://berita.example/desa"
    }


def test_prefixes_that_a_compatibility_list_names_are_still_declared() -> None:
    document = unzipped(cleaned(a_letter(), "a.docx").content)["word/document.xml"].decode()
    head = document[: document.index("<w:body")]
    assert 'mc:Ignorable="w14 w15"' in head and "xmlns:w14=" in head and "xmlns:w15=" in head


def test_fields_that_fill_in_a_name_or_a_path_lose_their_last_result() -> None:
    text = words(fromstring(unzipped(cleaned(a_letter(), "a.docx").content)["word/document.xml"]))
    assert MARK not in text and "berita" in text


def test_fields_that_fetch_from_elsewhere_become_their_last_result() -> None:
    def run(inside: str) -> str:
        return f"<w:r>{inside}</w:r>"

    body = (
        run('<w:fldChar w:fldCharType="begin"/>')
        + run("<w:instrText>DDE</w:instrText>")
        + run('<w:instrText>AUTO c:\\\\cmd.exe "/k calc"</w:instrText>')
        + run('<w:fldChar w:fldCharType="separate"/>')
        + run("<w:t>hasil</w:t>")
        + run('<w:fldChar w:fldCharType="end"/>')
        + "<w:fldSimple w:instr=' INCLUDEPICTURE &quot;https://pelacak.example/a.png&quot; '>"
        + "<w:r><w:t>gambar</w:t></w:r></w:fldSimple>"
        + '<w:fldSimple w:instr=" PAGE "><w:r><w:t>7</w:t></w:r></w:fldSimple>'
    )
    document = unzipped(cleaned(a_letter(body=body), "a.docx").content)["word/document.xml"].decode()
    assert "cmd.exe" not in document and "pelacak.example" not in document
    assert "hasil" in document and "gambar" in document and " PAGE " in document


def test_formulas_that_fetch_from_elsewhere_become_their_last_value() -> None:
    sheet = (
        f'<worksheet xmlns="{S}"><sheetData><row r="1"><c r="A1"><f>_xlfn.WEBSERVICE("https://pelacak.example")</f><v>3</v>'
        '</c><c r="B1"><f>SUM(1,2)</f><v>3</v></c></row></sheetData></worksheet>'
    )
    parts = unzipped(cleaned(a_sheet({"xl/worksheets/sheet1.xml": sheet}), "a.xlsx").content)
    after = fromstring(parts["xl/worksheets/sheet1.xml"])
    assert [each.text for each in after.iter(f"{{{S}}}f")] == ["SUM(1,2)"]
    assert [each.text for each in after.iter(f"{{{S}}}v")] == ["3", "3"]


def test_t53_an_xlsx_loses_properties_authors_paths_people_and_printer_settings_and_keeps_its_numbers() -> None:
    parts = unzipped(cleaned(a_sheet(), "anggaran.xlsx").content)
    require_whole(parts)
    roots = parsed(parts)
    assert not [name for name, part in parts.items() if MARK.encode() in part or MARK.encode("utf-16-le") in part]
    assert words(roots["xl/worksheets/sheet1.xml"]) == "1250000"
    setup = next(roots["xl/worksheets/sheet1.xml"].iter(f"{{{S}}}pageSetup"))
    assert setup.attrib == {"orientation": "portrait"}
    assert words(roots["xl/comments1.xml"]) == "-Terlalu mahal."
    assert [each.tag.rpartition("}")[2] for each in roots["xl/workbook.xml"]] == ["sheets"]
    assert next(roots["xl/workbook.xml"].iter(f"{{{S}}}sheet")).get(f"{{{R}}}id") == "rId1"


def test_a_pptx_loses_the_authors_of_its_comments_and_keeps_its_slides() -> None:
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": content_types(
            override("/ppt/presentation.xml", "presentationml.presentation.main")
            + override("/ppt/slides/slide1.xml", "presentationml.slide")
        ),
        "_rels/.rels": relations(("rId1", "officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst><p:sldId id="256" '
        'r:id="rId1"/></p:sldIdLst><p:custDataLst><p:tags r:id="rId3"/></p:custDataLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations(
            ("rId1", "slide", "slides/slide1.xml"),
            ("rId2", "commentAuthors", "commentAuthors.xml"),
            ("rId3", "tags", "tags/tag1.xml"),
        ),
        "ppt/tags/tag1.xml": f"<tags>{MARK}</tags>",
        "ppt/commentAuthors.xml": f'<p:cmAuthorLst xmlns:p="{P}"><p:cmAuthor id="0" name="{MARK}" initials="BP"/>'
        "</p:cmAuthorLst>",
        "ppt/slides/slide1.xml": f'<p:sld xmlns:p="{P}" xmlns:r="{R}"><p:t>Dana desa</p:t></p:sld>',
        "ppt/slides/_rels/slide1.xml.rels": relations(("rId1", "comments", "/ppt/comments/comment1.xml")),
        "ppt/comments/comment1.xml": f'<p:cmLst xmlns:p="{P}"><p:cm authorId="0" dt="2026-03-01T10:00:00"><p:text>ya'
        "</p:text></p:cm></p:cmLst>",
    }
    after = unzipped(cleaned(zipped(parts), "paparan.pptx").content)
    require_whole(after)
    roots = parsed(after)
    assert roots["ppt/commentAuthors.xml"][0].attrib == {"id": "0", "name": "-", "initials": "-"}
    assert roots["ppt/comments/comment1.xml"][0].attrib == {"authorId": "0"}
    assert words(roots["ppt/slides/slide1.xml"]) == "Dana desa"
    assert [each.tag.rpartition("}")[2] for each in roots["ppt/presentation.xml"]] == ["sldIdLst"]


def test_an_odt_loses_properties_authors_printer_and_thumbnail_and_keeps_its_words() -> None:
    copy = cleaned(an_odt(), "laporan.odt")
    parts = unzipped(copy.content)
    assert next(iter(parts)) == "mimetype" and set(parts) == {
        "mimetype",
        "META-INF/manifest.xml",
        "content.xml",
        "Pictures/1.jpg",
    }
    assert not [name for name, part in parts.items() if MARK.encode() in part]
    text = words(fromstring(parts["content.xml"]))
    assert "Dana desa hilang." in text and "Lihat lampiran." in text and "2026-03-01" not in text
    listed = {next(iter(each.attrib.values())) for each in fromstring(parts["META-INF/manifest.xml"])}
    assert listed == {"/", "content.xml", "Pictures/1.jpg"}


def test_an_ods_keeps_its_values_and_loses_formulas_that_fetch() -> None:
    spaces = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    spaces += 'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    spaces += 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    cells = "".join(
        f"<table:table-cell table:formula='{formula}' office:value='3'><text:p>3</text:p></table:table-cell>"
        for formula in ("of:=WEBSERVICE(&quot;https://pelacak.example&quot;)", "of:=SUM(1;2)")
    )
    extra = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f"<office:document-content {spaces}><table:table-row>{cells}</table:table-row>"
        "</office:document-content>",
    }
    content = unzipped(cleaned(an_odt(extra), "anggaran.ods").content)["content.xml"].decode()
    assert "pelacak.example" not in content and "of:=SUM(1;2)" in content and content.count("<text:p>3</text:p>") == 2


def test_every_entry_of_the_new_zip_is_of_the_same_moment_and_system() -> None:
    with zipfile.ZipFile(io.BytesIO(cleaned(a_letter(), "a.docx").content)) as made:
        assert {entry.date_time for entry in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {(entry.create_system, entry.extra, entry.comment) for entry in made.infolist()} == {(0, b"", b"")}


def test_a_drawing_that_cannot_be_made_anew_is_blanked_and_said() -> None:
    drawing = b"\x01\x00\x00\x00" + MARK.encode()
    extra = {
        "word/media/image2.emf": drawing,
        "word/_rels/document.xml.rels": relations(("rId5", "image", "media/image2.emf")),
    }
    copy = cleaned(a_letter(extra), "a.docx")
    blank = unzipped(copy.content)["word/media/image2.emf"]
    assert len(blank) == 108 and blank[40:44] == b" EMF"
    assert [note.en for note in copy.notes if "EMF" in note.en]


def test_a_drawing_beside_a_picture_leaves_the_picture_to_be_seen() -> None:
    body = (
        '<w:drawing xmlns:s="http://schemas.microsoft.com/office/drawing/2016/SVG/main"><a:blip r:embed="rId5">'
        '<a:extLst><a:ext uri="{96DAC541}"><s:svgBlip r:embed="rId7"/></a:ext></a:extLst></a:blip></w:drawing>'
    )
    both = relations(("rId5", "image", "media/image1.jpeg"), ("rId7", "image", "media/image2.svg"))
    extra = {"word/media/image2.svg": f"<svg><!-- {MARK} --></svg>", "word/_rels/document.xml.rels": both}
    parts = unzipped(cleaned(a_letter(extra, body), "a.docx").content)
    assert "word/media/image2.svg" not in parts and "word/media/image1.jpeg" in parts
    assert b"svgBlip" not in parts["word/document.xml"] and b"extLst" not in parts["word/document.xml"]


def test_the_workbook_behind_a_chart_stays_behind_and_the_chart_stays() -> None:
    chart = "http://schemas.openxmlformats.org/drawingml/2006/chart"
    extra = {
        "word/charts/chart1.xml": f'<c:chartSpace xmlns:c="{chart}" xmlns:r="{R}"><c:v>42</c:v><c:externalData '
        'r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>',
        "word/charts/_rels/chart1.xml.rels": relations(("rId1", "package", "../embeddings/data.xlsx")),
        "word/embeddings/data.xlsx": a_sheet(),
        "word/_rels/document.xml.rels": relations(
            ("rId5", "image", "media/image1.jpeg"), ("rId9", "chart", "charts/chart1.xml")
        ),
    }
    copy = cleaned(a_letter(extra), "a.docx")
    parts = unzipped(copy.content)
    assert "word/embeddings/data.xlsx" not in parts and "externalData" not in parts["word/charts/chart1.xml"].decode()
    assert b"42" in parts["word/charts/chart1.xml"] and len(copy.notes) == 1


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.odt"])
def test_macros_are_refused(name: str) -> None:
    if name == "a.odt":
        content = an_odt({"Basic/Standard/Module1.xml": "<module/>"})
    elif name == "a.docx":
        types = content_types(override("/word/document.xml", "x")).replace(
            f"{OPEN_XML}x+xml", "application/vnd.ms-word.document.macroEnabled.main+xml"
        )
        content = a_letter({"[Content_Types].xml": types})
    else:
        macros = ("rId4", "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin")
        parts = relations(("rId1", "worksheet", "worksheets/sheet1.xml"), macros)
        content = a_sheet({"xl/_rels/workbook.xml.rels": parts, "xl/vbaProject.bin": b"macro"})
    assert refused(content, name) == "macros"


def test_a_document_under_another_documents_name_is_refused() -> None:
    assert refused(a_sheet(), "a.docx") == "other_than_named"
    assert refused(a_letter(), "a.odt") == "other_than_named"
    assert refused(zipped({"a.txt": "x"}), "a.xlsx") == "other_than_named"
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xlsx") == "locked"


def test_relations_in_a_circle_end() -> None:
    extra = {"word/_rels/comments.xml.rels": relations(("rId1", "header", "document.xml"))}
    assert cleaned(a_letter(extra), "a.docx").extension == "docx"


def test_a_signature_over_the_document_is_left_and_said() -> None:
    root = relations(
        ("rId1", "officeDocument", "word/document.xml"),
        ("rId2", f"{PACKAGE}/relationships/digital-signature/origin", "_xmlsignatures/origin.sigs"),
    )
    copy = cleaned(a_letter({"_rels/.rels": root, "_xmlsignatures/origin.sigs": b""}), "a.docx")
    assert [note.en for note in copy.notes] == ["The electronic signature no longer holds for this copy."]


def test_a_photo_kept_under_a_wrong_extension_inside_is_still_cleaned() -> None:
    extra = {
        "word/media/image2.png": a_photo(),
        "word/_rels/document.xml.rels": relations(("rId5", "image", "media/image2.png")),
    }
    photo = unzipped(cleaned(a_letter(extra), "a.docx").content)["word/media/image2.png"]
    with Image.open(io.BytesIO(photo)) as shown:
        assert dict(shown.getexif()) == {} and "comment" not in shown.info
