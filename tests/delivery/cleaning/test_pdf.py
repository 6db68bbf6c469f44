"""A PDF keeps its pages as they look, and nothing of its making."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

from tests.delivery.cleaning.evidence import MARK, a_pdf, a_photo, a_picture, cleaned, refused


def every_object(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    waiting, seen = [pdf.trailer, *pdf.objects], set()
    while waiting:
        thing = waiting.pop()
        if not isinstance(thing, pikepdf.Object):
            continue
        if thing.is_indirect:
            if thing.objgen in seen:
                continue
            seen.add(thing.objgen)
        yield thing
        if isinstance(thing, Array):
            waiting += list(thing)
        elif isinstance(thing, Dictionary | Stream):
            waiting += [value for _, value in thing.items()]


def every_key(pdf: pikepdf.Pdf) -> set[str]:
    return {key for thing in every_object(pdf) if isinstance(thing, Dictionary | Stream) for key in thing.keys()}  # noqa: SIM118


def every_stream(pdf: pikepdf.Pdf) -> list[bytes]:
    return [thing.read_raw_bytes() for thing in every_object(pdf) if isinstance(thing, Stream)]


def saved(pdf: pikepdf.Pdf, **how: object) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def test_t52_info_xmp_pieceinfo_attachments_javascript_and_camera_data_of_an_embedded_jpeg_are_gone() -> None:
    before = a_pdf()
    assert before.count(b"%%EOF") == 2 and MARK.encode() in before
    copy = cleaned(before, "bukti.pdf")
    assert copy.content.count(b"%%EOF") == 1 and copy.content.count(b"startxref") == 1
    with pikepdf.open(io.BytesIO(copy.content)) as after:
        assert "/Info" not in after.trailer and set(after.Root.keys()) == {"/Type", "/Pages"}
        assert not {"/Metadata", "/PieceInfo", "/JS", "/AA", "/AF", "/EF", "/Names", "/Annots"} & every_key(after)
        assert len(after.attachments) == 0
        photo = after.pages[0].Resources.XObject.A
        with Image.open(io.BytesIO(photo.read_raw_bytes())) as shown:
            assert dict(shown.getexif()) == {} and not {"comment", "xmp", "icc_profile", "jfif"} & set(shown.info)
            assert shown.getpixel((2, 8))[0] > 200
        assert b"80 0 0 40" in after.pages[0].Contents.read_bytes()
        assert not any(MARK.encode() in stream for stream in every_stream(after))
    assert MARK.encode() not in copy.content
    assert {note.en[:14] for note in copy.notes} == {"Files attached", "Notes and fiel"}


def test_a_form_and_its_signature_become_part_of_the_page() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    look = Stream(pdf, b"0 0 1 rg 0 0 50 20 re f")
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 50, 20])
    value = Dictionary(Type=Name.Sig, Contents=String(MARK), Name=String(MARK))
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String(MARK), Rect=[10, 10, 60, 30])
    field.AP, field.V, field.F = Dictionary(N=look), value, 4
    field = pdf.make_indirect(field)
    pdf.pages[0].Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
    copy = cleaned(saved(pdf), "surat.pdf")
    assert MARK.encode() not in copy.content
    assert any("electronic signature" in note.en for note in copy.notes)
    with pikepdf.open(io.BytesIO(copy.content)) as after:
        assert not {"/AcroForm", "/Annots", "/Sig"} & every_key(after)
        shown = [each.read_bytes() for each in after.pages[0].Resources.XObject.values()]
        assert any(b"0 0 50 20 re" in stream for stream in shown)


def test_pages_keep_what_they_inherit_and_their_order() -> None:
    pdf = pikepdf.new()
    for width in (100, 200, 300):
        pdf.add_blank_page(page_size=(width, 50))
        pdf.pages[-1].Contents = Stream(pdf, b"0 0 10 10 re f")
    tree = pdf.Root.Pages
    for page in pdf.pages:
        del page.obj["/Resources"]
    tree.Resources = Dictionary(ProcSet=Array([Name.PDF]))
    tree.Rotate = 90
    with pikepdf.open(io.BytesIO(cleaned(saved(pdf), "a.pdf").content)) as after:
        assert [int(page.MediaBox[2]) for page in after.pages] == [100, 200, 300]
        assert all(page.Rotate == 90 and "/ProcSet" in page.Resources for page in after.pages)


def test_a_profile_that_names_a_scanner_gives_way_to_plain_colours() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    profile = Stream(pdf, MARK.encode())
    profile.N = 3
    pdf.pages[0].Resources = Dictionary(ColorSpace=Dictionary(Cs1=Array([Name.ICCBased, profile])))
    copy = cleaned(saved(pdf, compress_streams=False), "a.pdf")
    with pikepdf.open(io.BytesIO(copy.content)) as after:
        assert after.pages[0].Resources.ColorSpace.Cs1 == Name.DeviceRGB
        assert not any(MARK.encode() in stream for stream in every_stream(after))


def test_photos_wrapped_twice_and_in_jpeg_2000_are_cleaned_too() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    wrapped = Stream(pdf, a_photo().hex().encode() + b">")
    wrapped.Filter = Array([Name.ASCIIHexDecode, Name.DCTDecode])
    boxed = io.BytesIO()
    a_picture().save(boxed, "JPEG2000", comment=MARK)
    modern = Stream(pdf, boxed.getvalue())
    modern.Filter = Name.JPXDecode
    for picture in (wrapped, modern):
        picture.Type, picture.Subtype, picture.Width, picture.Height = Name.XObject, Name.Image, 32, 16
        picture.ColorSpace, picture.BitsPerComponent = Name.DeviceRGB, 8
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(A=wrapped, B=modern))
    copy = cleaned(saved(pdf), "a.pdf")
    with pikepdf.open(io.BytesIO(copy.content)) as after:
        for picture in after.pages[0].Resources.XObject.values():
            assert picture.Filter == Name.DCTDecode
            with Image.open(io.BytesIO(picture.read_raw_bytes())) as shown:
                assert shown.size == (32, 16) and "comment" not in shown.info and dict(shown.getexif()) == {}
                assert shown.convert("RGB").getpixel((2, 8))[0] > 200


def test_a_pdf_with_a_password_is_refused_with_what_to_do() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    assert refused(saved(pdf, encryption=pikepdf.Encryption(owner="a", user="b")), "a.pdf") == "locked"


def test_the_same_pdf_gives_the_same_copy_so_that_no_moment_is_in_it() -> None:
    before = a_pdf()
    assert cleaned(before, "a.pdf").cleaned_digest == cleaned(before, "b.pdf").cleaned_digest
