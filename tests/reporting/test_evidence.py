"""Files of a reporter: one at a time, never readable on a disk, refused in words with everything else kept."""

from __future__ import annotations

import errno
import io
import os
import re
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, request
from PIL import Image
from werkzeug.test import TestResponse

from tests.delivery.cleaning.test_bombs import a_wide_png
from tests.reporting.conftest import HERE, STORY, Reporter

MARKER = b"PENANDA-YANG-TIDAK-BOLEH-TERBACA"


def a_photo(marker: bytes = MARKER) -> bytes:
    """A JPEG that tells where and with what it was taken."""
    picture, out = Image.new("RGB", (80, 60), "teal"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = marker.decode()  # the maker of the camera
    picture.save(out, "JPEG", exif=exif, comment=marker)
    return out.getvalue()


def packed(content: bytes) -> bytes:
    """A zip of one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("word/document.xml", content)
    return out.getvalue()


BOUNDARY = "----batas"
FORM = f"multipart/form-data; boundary={BOUNDARY}"


def _body(token: str, content: bytes, name: str) -> bytes:
    """As a browser sends it; the test client would write a large one to a temporary file itself."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--{BOUNDARY}\r\n'
    head += f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: image/jpeg\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def _upload(
    reporter: Reporter, content: bytes, name: str = "foto.jpg", address: str = "ask/evidence/file"
) -> TestResponse:
    return reporter.send(address, _body(reporter.token, content, name), FORM)


def test_t06_a_report_with_two_photos_and_a_file_fetched_again_need_no_script(
    reporter: Reporter, tmp_path: Path
) -> None:
    reporter.write()
    reporter.get("ask/evidence")
    for name in ("pasar.jpg", "kas.jpg"):
        page = reporter.follow(_upload(reporter, a_photo(), name))
        assert name.removesuffix(".jpg") in page.text
    assert "Berkas yang sudah sampai: 2" in page.text
    checked = reporter.get("check")
    assert "pasar" in checked.text
    code = _sent(reporter)
    reporter.post("left")
    mine = reporter.follow(reporter.open(code))
    file = re.search(r'name="file" value="([0-9a-f]+)"', mine.text)
    assert file is not None
    fetched = reporter.post("mine/fetch", {"file": file[1]})
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in fetched.headers["Content-Security-Policy"]
    assert fetched.data.startswith(b"\xff\xd8")
    assert MARKER not in fetched.data
    stored = [path.read_bytes() for path in (tmp_path / "sealed").rglob("*") if path.is_file()]
    assert len(stored) == 2
    assert not any(content.startswith(b"\xff\xd8") or MARKER in content for content in stored)


def _sent(reporter: Reporter) -> str:
    page = reporter.follow(reporter.post("send"))
    found = re.search(r'<p class="receipt"[^>]*>(.*?)</p>', page.text, re.S)
    assert found is not None
    return "-".join(re.sub(r"<[^>]+>", " ", found[1]).split())


@pytest.mark.parametrize(
    ("content", "name", "status", "words"),
    [
        (b"", "", 422, "Pilih berkas, atau lanjut tanpa bukti."),
        (b"", "kosong.jpg", 422, "kosong"),
        (
            b"MZ\x90\x00" + b"\x00" * 600,
            "alat.exe",
            415,
            "Jenis berkas .exe tidak diterima. Kirim: pdf, jpg, png, docx, xlsx.",
        ),
        (b"MZ\x90\x00" + b"\x00" * 600, "tanpa jenis", 415, "Jenis berkas tidak diterima. Kirim: pdf,"),
        (b"\xff\xd8\xff\xe0 rusak", "rusak.jpg", 422, "rusak"),
        (a_photo() + packed(b"<svg onload=alert(1)>"), "ganda.jpg", 415, "tersembunyi berkas jenis lain"),
        (a_wide_png, "bom.png", 415, "terlalu besar untuk dibersihkan"),
        (b"x" * 10_500_000, "besar.jpg", 413, "10 MB"),
        (b"x" * 11_000_000, "terlalu.jpg", 413, "Batasnya 10 MB."),
    ],
)
def test_a_file_that_stays_outside_is_told_in_words_and_the_report_is_kept(
    reporter: Reporter, content: bytes | Callable[[], bytes], name: str, status: int, words: str
) -> None:
    reporter.write()
    reporter.get("ask/evidence")
    answer = _upload(reporter, content() if callable(content) else content, name)
    assert answer.status_code == status
    assert words in answer.text
    assert "<title>Kesalahan: " in answer.text
    assert STORY in reporter.get("check").text


def test_t22_an_upload_never_waits_readable_in_a_temporary_file(
    reports: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_about: object, **_more: object) -> None:
        raise AssertionError("a temporary file was made")

    for maker in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, maker, refused)
    content = MARKER * 60_000
    body = _body("", content, "foto.jpg")
    with reports.test_request_context(f"/{HERE}/ask/evidence/file", method="POST", data=body, content_type=FORM):
        request.max_content_length = len(body)
        assert request.files["file"].stream.read() == content


def test_t55_too_many_parts_and_too_long_forms_are_refused_in_words(reporter: Reporter) -> None:
    reporter.begin()
    many = {f"field{number}": "x" for number in range(70)}
    parts = reporter.post("ask/what", many, content_type="multipart/form-data")
    assert parts.status_code == 413
    assert "Terlalu banyak sekaligus" in parts.text
    assert reporter.post("ask/what", {"summary": "x" * 1_200_000}).status_code == 413
    assert reporter.get("ask/what").status_code == 200


def test_a_file_can_be_taken_away_again_before_sending(reporter: Reporter, tmp_path: Path) -> None:
    reporter.write()
    reporter.get("ask/evidence")
    page = reporter.follow(_upload(reporter, a_photo()))
    file = re.search(r'name="file" value="([0-9a-f]+)"', page.text)
    assert file is not None
    page = reporter.follow(reporter.post("ask/evidence/remove", {"file": file[1]}))
    assert "Berkas yang sudah sampai" not in page.text
    assert [path for path in (tmp_path / "sealed").rglob("*") if path.is_file()] == []


def test_a_file_can_be_sent_later_with_the_code(reporter: Reporter) -> None:
    code = reporter.report()
    reporter.post("left")
    reporter.follow(reporter.open(code))
    page = reporter.follow(_upload(reporter, a_photo(), "bukti baru.jpg", "mine/file"))
    assert "Berkas terkirim." in page.text
    assert "bukti baru" in page.text


def test_a_file_that_broke_off_on_its_way_is_told_to_who_comes_back(reporter: Reporter) -> None:
    reporter.write()
    reporter.get("ask/evidence")
    reporter.follow(_upload(reporter, a_photo(), "pertama.jpg"))
    body = _body(reporter.token, a_photo(), "kedua.jpg")
    broken = reporter.client.post(
        f"/{HERE}/ask/evidence/file",
        input_stream=io.BytesIO(body[: len(body) // 2]),
        content_length=len(body),
        content_type=FORM,
    )
    assert broken.status_code == 400
    page = reporter.get("ask/evidence")
    assert "Berkas terakhir belum sampai. 1 berkas lain sudah tersimpan." in page.text
    page = reporter.follow(_upload(reporter, a_photo(), "kedua.jpg"))
    assert "belum sampai" not in page.text
    assert "Berkas yang sudah sampai: 2" in page.text
    assert STORY in reporter.get("check").text


def test_a_full_disk_refuses_the_file_and_keeps_the_text(reporter: Reporter, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_about: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    reporter.write()
    reporter.get("ask/evidence")
    monkeypatch.setattr(os, "fsync", full)
    answer = _upload(reporter, a_photo())
    monkeypatch.undo()
    assert answer.status_code == 503
    assert "Saat ini tidak ada ruang untuk berkas." in answer.text
    assert STORY in reporter.get("check").text
