"""Small files that would fill a machine are refused, in bounded time and memory."""

from __future__ import annotations

import io
import subprocess
import sys
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Stream
from PIL import Image

from config import ROOT
from delivery.cleaning.clean import clean
from delivery.cleaning.outcome import Limits, Refused
from tests.delivery.cleaning.evidence import W, a_letter, a_photo, an_odt, refused, relations, zipped

MEBIBYTE = 1024 * 1024
ENTITIES = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)


def a_zip_bomb() -> bytes:
    return a_letter({"word/media/image2.bin": bytes(60 * MEBIBYTE)})


def a_lying_zip_bomb() -> bytes:
    """The directory says 1,000 bytes; 60 MB come out of the part that the document is read from."""
    bomb = a_letter({"word/comments.xml": b"<a>" + b" " * (60 * MEBIBYTE)})
    size = (3 + 60 * MEBIBYTE).to_bytes(4, "little")
    assert bomb.count(size) >= 1
    return bomb.replace(size, (1000).to_bytes(4, "little"))


def a_nested_zip() -> bytes:
    inner = zipped({"0": bytes(MEBIBYTE)})
    for level in range(4):
        inner = zipped({f"{level}-{number}.zip": inner for number in range(8)})
    return a_letter({"word/embeddings/more.zip": inner})


def a_zip_of_many() -> bytes:
    return a_letter({f"word/x{number}.xml": "" for number in range(5_000)})


def overlapping_parts() -> bytes:
    """All names point to one stretch of packed bytes."""
    letter = bytearray(a_letter({"word/a.xml": bytes(1000), "word/b.xml": bytes(1000)}))
    first, second = letter.index(b"PK\x01\x02"), letter.rindex(b"PK\x01\x02")
    letter[second + 42 : second + 46] = letter[first + 42 : first + 46]
    return bytes(letter)


def entities() -> bytes:
    body = f'{ENTITIES}]><w:document xmlns:w="{W}">&j;</w:document>'
    return a_letter({"word/document.xml": body})


def an_outside_entity() -> bytes:
    body = f'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document xmlns:w="{W}">&a;</w:document>'
    return a_letter({"word/document.xml": body})


def deep_elements() -> bytes:
    return a_letter({"word/document.xml": "<w>" * 200_000 + "</w>" * 200_000})


def many_elements() -> bytes:
    return an_odt({"content.xml": "<w>" + "<a/>" * 8_000_000 + "</w>"})


def a_wide_png() -> bytes:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert len(out.getvalue()) < 60_000
    return out.getvalue()


def a_png_that_unpacks_to_text() -> bytes:
    out = io.BytesIO()
    Image.new("1", (8, 8)).save(out, "PNG")
    png = out.getvalue()
    body = b"Comment\x00\x00" + zlib.compress(bytes(20 * MEBIBYTE), 1)
    chunk = b"zTXt" + body
    return png[:33] + len(body).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big") + png[33:]


def a_gif_of_many_frames() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("P", (2000, 2000), number) for number in range(20)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def a_picture_bomb_in_a_letter() -> bytes:
    extra = {"word/media/image2.png": a_wide_png()}
    return a_letter(extra | {"word/_rels/document.xml.rels": relations(("rId5", "image", "media/image2.png"))})


def a_pdf_of(make: Callable[[pikepdf.Pdf], None]) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    make(pdf)
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def a_million_pages() -> bytes:
    """One page, named a million times."""
    return raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1000000 /Kids [%s] >>" % (b"3 0 R " * 1_000_000),
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
        ]
    )


def a_tree_that_multiplies() -> bytes:
    """Ten nodes, each naming the next ten times: ten thousand million pages in a thousand bytes."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    for number in range(2, 12):
        objects.append(b"<< /Type /Pages /Count 10 /Kids [%s] >>" % (b"%d 0 R " % (number + 1) * 10))
    return raw_pdf([*objects, b"<< /Type /Page /MediaBox [0 0 9 9] >>"])


def a_deep_tree() -> bytes:
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    objects += [b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (number + 1) for number in range(2, 50_000)]
    return raw_pdf([*objects, b"<< /Type /Page /MediaBox [0 0 9 9] >>"])


def a_tree_in_a_circle() -> bytes:
    return raw_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"])


def a_page_that_unpacks() -> bytes:
    def make(pdf: pikepdf.Pdf) -> None:
        packed = Stream(pdf, zlib.compress(bytes(70 * MEBIBYTE), 1))
        packed.Filter = Name.FlateDecode
        pdf.pages[0].Contents = packed

    return a_pdf_of(make)


def a_wide_picture_in_a_pdf() -> bytes:
    def make(pdf: pikepdf.Pdf) -> None:
        picture = Stream(pdf, b"x")
        picture.Subtype, picture.Width, picture.Height = Name.Image, 200_000, 200_000
        pdf.pages[0].Resources = Dictionary(XObject=Dictionary(A=picture))

    return a_pdf_of(make)


def deep_arrays() -> bytes:
    return raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            b"<< /Type /Page /MediaBox [0 0 9 9] /Resources %s%s >>" % (b"[" * 300_000, b"]" * 300_000),
        ]
    )


def raw_pdf(objects: list[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1, the first its catalog."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out) + b"trailer << /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)


BOMBS: list[tuple[Callable[[], bytes], str, str]] = [
    (a_zip_bomb, "a.docx", "too_much_inside"),
    (a_lying_zip_bomb, "a.docx", "damaged"),
    (a_nested_zip, "a.docx", "carries_files"),
    (a_zip_of_many, "a.docx", "too_much_inside"),
    (overlapping_parts, "a.docx", "too_much_inside"),
    (entities, "a.docx", "too_much_inside"),
    (an_outside_entity, "a.docx", "too_much_inside"),
    (deep_elements, "a.docx", "too_much_inside"),
    (many_elements, "a.odt", "too_much_inside"),
    (a_wide_png, "a.png", "too_much_inside"),
    (a_png_that_unpacks_to_text, "a.png", "damaged"),
    (a_gif_of_many_frames, "a.gif", "too_much_inside"),
    (a_picture_bomb_in_a_letter, "a.docx", "too_much_inside"),
    (a_million_pages, "a.pdf", "too_much_inside"),
    (a_tree_that_multiplies, "a.pdf", "too_much_inside"),
    (a_deep_tree, "a.pdf", "too_much_inside"),
    (a_tree_in_a_circle, "a.pdf", "too_much_inside"),
    (a_page_that_unpacks, "a.pdf", "too_much_inside"),
    (a_wide_picture_in_a_pdf, "a.pdf", "too_much_inside"),
    (deep_arrays, "a.pdf", "damaged"),
]


LIMITS = Limits(memory=768 * MEBIBYTE, cpu_seconds=15, seconds=30, inflated=50 * MEBIBYTE)


@pytest.mark.parametrize(("make", "name", "code"), BOMBS, ids=[make.__name__ for make, _, _ in BOMBS])
def test_t56_a_bomb_is_refused_within_the_time_and_memory_allowed(
    make: Callable[[], bytes], name: str, code: str
) -> None:
    assert refused(make(), name, LIMITS) == code


ALONE = """
import resource
from tests.delivery.cleaning import test_bombs as here
for make, name, code in here.BOMBS:
    if make.__name__ in {heavy}:
        assert here.refused(make(), name, here.LIMITS) == code
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_t56_no_bomb_is_given_more_memory_than_allowed() -> None:
    heavy = {"a_wide_png", "a_png_that_unpacks_to_text", "a_gif_of_many_frames", "a_million_pages"}
    # In a small process of its own: a child begins as large as the process that makes it.
    said = subprocess.run(
        [sys.executable, "-c", ALONE.format(heavy=heavy)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert 0 < int(said.stdout) < LIMITS.memory // 1024  # KiB


def test_one_byte_more_than_allowed_is_refused_without_reading_on() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return bytes(size)

    stream = Endless()
    outcome = clean(stream, "a.jpg", Limits(content=1_000_000))  # type: ignore[arg-type]
    assert isinstance(outcome, Refused) and outcome.code == "too_large"
    assert stream.given < 1_200_000
    assert refused(a_photo(), "a.jpg", Limits(content=len(a_photo()) - 1)) == "too_large"
    assert clean(io.BytesIO(a_photo()), "a.jpg", Limits(content=len(a_photo()))).__class__.__name__ == "Cleaned"


def test_an_answer_larger_than_allowed_is_refused() -> None:
    assert refused(a_photo(), "a.jpg", Limits(cleaned=100)) == "too_much_inside"


def test_work_that_takes_longer_than_allowed_is_ended() -> None:
    assert refused(a_photo(), "a.jpg", Limits(seconds=0.01)) == "too_much_inside"
