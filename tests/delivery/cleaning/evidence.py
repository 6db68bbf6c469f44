"""Files as reporters send them, full of traces, built here byte by byte."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from delivery.cleaning.clean import clean
from delivery.cleaning.outcome import Cleaned, Limits, Refused

MARK = "Budi-Pelapor"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>{MARK}</rdf:RDF></x:xmpmeta>'.encode()
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OPEN_XML = "application/vnd.openxmlformats-officedocument."


def cleaned(content: bytes, name: str, limits: Limits | None = None) -> Cleaned:
    """The cleaned copy of what must be taken."""
    outcome = clean(io.BytesIO(content), name, limits)
    assert isinstance(outcome, Cleaned), outcome
    return outcome


def refused(content: bytes, name: str, limits: Limits | None = None) -> str:
    """The code of what must be refused; both sentences are there."""
    outcome = clean(io.BytesIO(content), name, limits)
    assert isinstance(outcome, Refused), outcome
    assert outcome.reason.id and outcome.reason.en
    return outcome.code


def a_picture(width: int = 32, height: int = 16) -> Image.Image:
    """Left half red, right half blue: it shows whether it was turned."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (width // 2, 0, width, height))
    return picture


def camera_data(orientation: int = 1) -> Image.Exif:
    data = Image.Exif()
    data[0x010F] = f"Camera of {MARK}"
    data[0x0112] = orientation
    data[0x8825] = {1: "S", 2: (7.0, 47.0, 44.0), 3: "E", 4: (110.0, 22.0, 1.0)}
    return data


def a_photo(orientation: int = 1) -> bytes:
    """A JPEG with a place, XMP, comment, thumbnail and colour profile."""
    thumbnail = io.BytesIO()
    a_picture(8, 4).save(thumbnail, "JPEG")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = io.BytesIO()
    a_picture().save(
        out, "JPEG", exif=camera_data(orientation), comment=MARK.encode(), icc_profile=profile, xmp=XMP, quality=95
    )
    photo = out.getvalue()
    preview = b"JFXX\x00\x10" + thumbnail.getvalue()
    return photo[:2] + b"\xff\xe0" + (len(preview) + 2).to_bytes(2, "big") + preview + photo[2:]


def a_png() -> bytes:
    told = PngInfo()
    told.add_text("Author", MARK)
    told.add_itxt("XML:com.adobe.xmp", XMP.decode())
    told.add_text("Comment", MARK, zip=True)
    out = io.BytesIO()
    a_picture().save(out, "PNG", pnginfo=told, exif=camera_data(), dpi=(301, 301))
    return out.getvalue()


def a_pdf() -> bytes:
    """A PDF saved twice: the first revision still holds a word that the second no longer shows."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    page = pdf.pages[0]
    photo = Stream(pdf, a_photo())
    photo.Type, photo.Subtype, photo.Filter = Name.XObject, Name.Image, Name.DCTDecode
    photo.Width, photo.Height, photo.ColorSpace, photo.BitsPerComponent = 32, 16, Name.DeviceRGB, 8
    photo.Metadata = Stream(pdf, XMP)
    page.Resources = Dictionary(XObject=Dictionary(A=photo))
    page.Contents = Stream(pdf, b"q 100 0 0 50 20 20 cm /A Do Q")
    page.PieceInfo = Dictionary(Editor=Dictionary(LastModified=String("D:2026"), Private=String(MARK)))
    page.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{MARK}')")))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9], T=String(MARK), Contents=String(MARK))
    page.Annots = Array([pdf.make_indirect(note)])
    pdf.attachments["daftar.txt"] = pikepdf.AttachedFileSpec(pdf, MARK.encode(), filename="daftar.txt")
    associated = pikepdf.AttachedFileSpec(pdf, b"associated " + MARK.encode(), filename="lain.txt")
    pdf.Root.AF = Array([associated.obj])
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{MARK}')"))
    pdf.Root.PieceInfo = Dictionary(Editor=Dictionary(Private=String(MARK)))
    pdf.Root.Names.JavaScript = Dictionary(Names=Array([String("run"), pdf.Root.OpenAction]))
    pdf.docinfo["/Author"] = MARK
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = [MARK]
    out = io.BytesIO()
    pdf.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return _with_older_revision(out.getvalue())


def _with_older_revision(pdf: bytes) -> bytes:
    """Appends an update of the catalog's first page content, as editors do: the older bytes stay in the file."""
    start = int(pdf.rsplit(b"startxref", 1)[1].split()[0])
    trailer = pdf[pdf.rindex(b"trailer") : pdf.rindex(b"startxref")].strip()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        number = opened.pages[0].Contents.objgen[0]
        size = int(opened.trailer.Size)
    body = b"q 80 0 0 40 20 20 cm /A Do Q"
    at = len(pdf) + 1
    update = b"\n%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (number, len(body), body)
    table = len(pdf) + len(update)
    update += b"xref\n%d 1\n%010d 00000 n \n" % (number, at)
    trailer = trailer.rsplit(b">>", 1)[0] + b" /Prev %d >>" % start
    assert b"/Size %d" % size in trailer
    return pdf + update + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % table


def zipped(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def relations(*lines: tuple[str, str, str]) -> str:
    """(key, type, target); types without "://" are of the office family, targets with "://" are outside."""
    made = ""
    for key, kind, target in lines:
        type_ = kind if "://" in kind else f"{R}/{kind}"
        mode = ' TargetMode="External"' if "://" in target else ""
        made += f'<Relationship Id="{key}" Type="{type_}" Target="{target}"{mode}/>'
    return f'<Relationships xmlns="{PACKAGE}/relationships">{made}</Relationships>'


def content_types(overrides: str) -> str:
    defaults = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    defaults += '<Default Extension="xml" ContentType="application/xml"/>'
    for extension, kind in (("jpeg", "image/jpeg"), ("vml", OPEN_XML + "vmlDrawing"), ("bin", "application/x-bin")):
        defaults += f'<Default Extension="{extension}" ContentType="{kind}"/>'
    return f'<Types xmlns="{PACKAGE}/content-types">{defaults}{overrides}</Types>'


def override(name: str, kind: str) -> str:
    return f'<Override PartName="{name}" ContentType="{OPEN_XML}{kind}+xml"/>'


_PROPERTIES = {
    "docProps/core.xml": '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    f'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{MARK}</dc:creator></cp:coreProperties>',
    "docProps/app.xml": f"<Properties><Company>{MARK}</Company></Properties>",
    "docProps/custom.xml": f"<Properties><property>{MARK}</property></Properties>",
}


def _root_relations(main: str) -> str:
    return relations(
        ("rId1", "officeDocument", main),
        ("rId2", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ("rId3", "extended-properties", "docProps/app.xml"),
        ("rId4", "custom-properties", "docProps/custom.xml"),
        ("rId5", f"{PACKAGE}/relationships/metadata/thumbnail", "docProps/thumbnail.jpeg"),
    )


def a_letter(extra: Mapping[str, str | bytes] | None = None, body: str = "") -> bytes:
    """A DOCX with every trace that Word leaves."""
    text = (
        f'<w:document xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="{MC}" mc:Ignorable="w14 w15" '
        'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
        'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><w:body>'
        '<w:p w:rsidR="00A1B2C3" w14:paraId="1A2B3C4D"><w:r><w:t>Dana desa hilang.</w:t></w:r>'
        f'<w:ins w:id="1" w:author="{MARK}" w:date="2026-03-01T10:00:00Z">'
        "<w:r><w:t>Jumlahnya besar.</w:t></w:r></w:ins>"
        f'<w:fldSimple w:instr=" AUTHOR "><w:r><w:t>{MARK}</w:t></w:r></w:fldSimple>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> FILENAME \\p </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>C:/{MARK}.docx</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        '<w:hyperlink r:id="rId8"><w:r><w:t>berita</w:t></w:r></w:hyperlink>'
        f'<w:r><w:drawing><wp:docPr id="7" name="{MARK}.jpg" descr="C:/Users/{MARK}/foto.jpg"/>'
        f'<a:blip r:embed="rId5"/></w:drawing></w:r></w:p>{body}</w:body></w:document>'
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": content_types(
            override("/word/document.xml", "wordprocessingml.document.main")
            + override("/word/comments.xml", "wordprocessingml.comments")
            + override("/word/settings.xml", "wordprocessingml.settings")
            + override("/docProps/app.xml", "extended-properties")
        ),
        "_rels/.rels": _root_relations("word/document.xml"),
        **_PROPERTIES,
        "docProps/thumbnail.jpeg": a_photo(),
        "word/document.xml": text,
        "word/comments.xml": f'<w:comments xmlns:w="{W}"><w:comment w:id="1" w:author="{MARK}" w:initials="BP" '
        'w:date="2026-03-01T10:00:00Z"><w:p><w:r><w:t>Lihat lampiran.</w:t></w:r></w:p></w:comment></w:comments>',
        "word/settings.xml": f'<w:settings xmlns:w="{W}" xmlns:r="{R}"><w:attachedTemplate r:id="rId1"/><w:zoom '
        f'w:percent="100"/><w:rsids><w:rsidRoot w:val="00A1B2C3"/></w:rsids><w:docVars><w:docVar w:name="n" '
        f'w:val="{MARK}"/></w:docVars></w:settings>',
        "word/people.xml": f"<people>{MARK}</people>",
        "word/printerSettings1.bin": MARK.encode(),
        "word/media/image1.jpeg": a_photo(),
        "word/_rels/settings.xml.rels": relations(("rId1", "attachedTemplate", f"file://{MARK}/Normal.dotm")),
        "word/_rels/document.xml.rels": relations(
            ("rId1", "settings", "settings.xml"),
            ("rId2", "comments", "comments.xml"),
            ("rId3", "http://schemas.microsoft.com/office/2011/relationships/people", "people.xml"),
            ("rId4", "printerSettings", "printerSettings1.bin"),
            ("rId5", "image", "media/image1.jpeg"),
            ("rId6", "image", "https://pelacak.example/pixel.gif"),
            ("rId8", "hyperlink", "https://berita.example/desa"),
            ("rId9", "hyperlink", f"file:///C:/{MARK}/data.docx"),
        ),
        **(extra or {}),
    }
    return zipped(parts)


def a_sheet(extra: Mapping[str, str | bytes] | None = None) -> bytes:
    """An XLSX with every trace that Excel leaves."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": content_types(
            override("/xl/workbook.xml", "spreadsheetml.sheet.main")
            + override("/xl/worksheets/sheet1.xml", "spreadsheetml.worksheet")
            + override("/xl/comments1.xml", "spreadsheetml.comments")
        ),
        "_rels/.rels": _root_relations("xl/workbook.xml"),
        **_PROPERTIES,
        "docProps/thumbnail.jpeg": a_photo(),
        "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}" xmlns:mc="{MC}" '
        'xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main" mc:Ignorable="x15">'
        '<fileVersion appName="xl" rupBuild="27328"/>'
        f'<fileSharing userName="{MARK}"/><mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath '
        f'xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac" url="C:/Users/{MARK}/"/>'
        '</mc:Choice></mc:AlternateContent><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId2", "http://schemas.microsoft.com/office/2017/10/relationships/person", "persons/person.xml"),
            ("rId3", "connections", "connections.xml"),
        ),
        "xl/persons/person.xml": f"<personList>{MARK}</personList>",
        "xl/connections.xml": f'<connections xmlns="{S}">{MARK}</connections>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{S}" xmlns:r="{R}"><sheetData><row r="1"><c r="A1">'
        "<v>1250000</v>"
        '</c></row></sheetData><pageSetup orientation="portrait" r:id="rId1"/></worksheet>',
        "xl/worksheets/_rels/sheet1.xml.rels": relations(
            ("rId1", "printerSettings", "/xl/printerSettings/printerSettings1.bin"),
            ("rId2", "comments", "/xl/comments1.xml"),
        ),
        "xl/printerSettings/printerSettings1.bin": MARK.encode("utf-16-le"),
        "xl/comments1.xml": f'<comments xmlns="{S}"><authors><author>{MARK}</author></authors><commentList>'
        f'<comment ref="A1" authorId="0"><text><r><t>{MARK}:</t></r><r><t>Terlalu mahal.</t></r></text></comment>'
        "</commentList></comments>",
        **(extra or {}),
    }
    return zipped(parts)


def an_odt(extra: Mapping[str, str | bytes] | None = None) -> bytes:
    """An ODT with every trace that LibreOffice leaves."""
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (("office", "office"), ("text", "text"), ("draw", "drawing"), ("meta", "meta"))
    )
    spaces += ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
    parts: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {spaces}><office:body><office:text><text:p>Dana desa hilang."
        f"<office:annotation><dc:creator>{MARK}</dc:creator><dc:date>2026-03-01T10:00:00</dc:date>"
        "<text:p>Lihat lampiran.</text:p></office:annotation>"
        f"<text:author-name>{MARK}</text:author-name></text:p>"
        f'<draw:frame draw:name="{MARK}.jpg"><draw:image xlink:href="Pictures/1.jpg"/></draw:frame>'
        f'<draw:frame><draw:image xlink:href="file:///C:/{MARK}/2.jpg"/></draw:frame>'
        "</office:text></office:body></office:document-content>",
        "meta.xml": f"<office:document-meta {spaces}><meta:initial-creator>{MARK}</meta:initial-creator>"
        "</office:document-meta>",
        "settings.xml": f"<settings><PrinterName>{MARK}</PrinterName></settings>",
        "Pictures/1.jpg": a_photo(),
        "Thumbnails/thumbnail.png": a_png(),
        "META-INF/manifest.xml": '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        **(extra or {}),
    }
    return zipped(parts)
