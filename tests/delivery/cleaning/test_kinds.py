"""What is no picture, document or text, or is two things at once, stays outside with a sentence that helps."""

from __future__ import annotations

import io

import pytest

from delivery.cleaning.clean import clean
from delivery.cleaning.outcome import NOTES, REFUSALS
from tests.delivery.cleaning.evidence import a_letter, a_pdf, a_photo, a_png, an_odt, cleaned, refused, zipped

ZIP = zipped({"a.txt": "x"})
PAGE = b"<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (a_photo() + ZIP, "a.jpg"),
        (a_png() + ZIP, "a.png"),
        (a_pdf() + ZIP, "a.pdf"),
        (a_pdf().rstrip() + b"\n" + PAGE, "a.pdf"),
        (b"\n\n" + a_pdf(), "a.pdf"),
        (b"GIF89a/*" + a_pdf(), "a.gif"),
        (a_photo()[:2] + b"\xff\xfe\x00\x0a%PDF-1.7" + a_photo()[2:], "a.jpg"),
        (b"GIF89a<script>alert(1)</script>", "a.gif"),
        (a_letter() + PAGE, "a.docx"),
        (zipped({"%PDF-1.7": "x", "[Content_Types].xml": "<a/>", "_rels/.rels": "<a/>"}), "a.docx"),
        (a_letter() + a_letter()[:-1], "a.docx"),
    ],
)
def test_t57_a_file_that_is_two_kinds_at_once_is_refused(content: bytes, name: str) -> None:
    assert refused(content, name) in ("two_in_one", "other_than_named", "damaged")


def test_t57_the_part_that_hides_behind_a_photo_is_named_as_the_reason() -> None:
    assert refused(a_photo() + ZIP, "a.jpg") == "two_in_one"
    assert refused(a_pdf().rstrip() + b"\n" + PAGE, "a.pdf") == "two_in_one"
    assert refused(a_letter() + PAGE, "a.docx") == "two_in_one"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (a_photo(), "a.png"),
        (a_png(), "a.jpg"),
        (a_pdf(), "a.docx"),
        (ZIP, "a.pdf"),
        (ZIP, "a.txt"),
        (PAGE, "a.jpg"),
        (PAGE, "a.txt"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "a.png"),
        (b"MZ\x90\x00" + bytes(200), "a.pdf"),
        (b"MZ\x90\x00" + bytes(200), "a.txt"),
        (bytes(range(256)), "a.csv"),
    ],
)
def test_t57_wrong_magic_is_refused(content: bytes, name: str) -> None:
    assert refused(content, name) == "other_than_named"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("gambar.svg", "web_page"),
        ("halaman.html", "web_page"),
        ("laporan.DOC", "old_office"),
        ("anggaran.xlsm", "old_office"),
        ("foto.heic", "other_picture"),
        ("berkas.zip", "archive"),
        ("rekaman.m4a", "recording"),
        ("foto.jpg.exe", "program"),
        ("apa.xyz", "kind_not_taken"),
        ("sesuatu.", "no_extension"),
        ("foto.jpg\x00.exe", "program"),
    ],
)
def test_a_kind_that_is_not_taken_is_refused_with_what_to_send_instead(name: str, code: str) -> None:
    assert refused(ZIP, name) == code


def test_every_sentence_is_in_both_languages_and_ends() -> None:
    for text in (*REFUSALS.values(), *NOTES.values()):
        assert text.id.endswith(".") and text.en.endswith(".") and text.id != text.en


@pytest.mark.parametrize(
    ("content", "name", "extension"),
    [
        (a_photo(), "IMG_2041", "jpg"),
        (a_pdf(), "surat", "pdf"),
        (b"halo", "catatan", "txt"),
        (a_photo(), "a.JPEG", "jpg"),
    ],
)
def test_a_name_without_an_ending_gets_the_one_of_what_is_inside(content: bytes, name: str, extension: str) -> None:
    copy = cleaned(content, name)
    assert copy.extension == extension and copy.shown_name.endswith(f".{extension}")


@pytest.mark.parametrize("make", [a_photo, a_png, a_pdf, a_letter, an_odt])
def test_a_file_cut_off_anywhere_is_refused_and_never_an_error(make: object) -> None:
    content = make()  # type: ignore[operator]
    name = {a_photo: "a.jpg", a_png: "a.png", a_pdf: "a.pdf", a_letter: "a.docx", an_odt: "a.odt"}[make]  # type: ignore[index]
    for length in (len(content) // 9, len(content) // 2, len(content) - 30):
        assert refused(content[:length], name) in ("damaged", "other_than_named", "two_in_one")


def test_nothing_at_all_is_refused() -> None:
    assert refused(b"", "a.jpg") == "empty"
    assert clean(io.BytesIO(b""), "").__class__.__name__ == "Refused"
