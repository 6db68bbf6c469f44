"""Files on a case: what is taken, what is refused, and who may read them."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from engine.audit.verify import verify
from engine.cases.attachments import attach, open_attachment
from engine.cases.files import FileStore
from engine.cases.models import Case
from engine.cases.pages import case_page
from engine.cases.views import AttachmentView
from engine.changes import Refusal
from engine.errors import NotFound
from tests.office import Office, an_office

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def archive(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in entries.items():
            packed.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def office_file(folder: str, **more: bytes) -> bytes:
    return archive(**{"[Content_Types].xml": b"<Types/>", f"{folder}__document.xml": b"<d/>", **more})


@pytest.fixture
def office(session: Session, now: datetime) -> Office:
    return an_office(session, now)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def put(
    session: Session, store: FileStore, office: Office, case_id: int, content: bytes, name: str, now: datetime,
    who: str = "sari", largest: int = 1_000_000,
) -> AttachmentView | Refusal:  # fmt: skip
    person = office.people[who].id
    return attach(session, case_id, person, io.BytesIO(content), name, now=now, store=store, largest=largest)


@pytest.mark.parametrize(
    ("content", "name", "kept_as"),
    [
        (PDF, "Surat Tugas.PDF", "Surat Tugas.pdf"),
        (PNG, "foto.png", "foto.png"),
        (b"kode;nilai\n1;2\n", "data.csv", "data.csv"),
        ("Catatan rapat \u2013 ringkas".encode(), "catatan.txt", "catatan.txt"),
        (office_file("word"), "laporan.docx", "laporan.docx"),
        (office_file("xl"), "anggaran.xlsx", "anggaran.xlsx"),
        (archive(mimetype=b"application/vnd.oasis.opendocument.text"), "surat.odt", "surat.odt"),
        (PDF, "../../etc/passwd.pdf", "passwd.pdf"),
        (PDF, "C:\\Users\\sari\\x.pdf", "x.pdf"),
        (PDF, "laporan\u202efdp.exe.pdf", "laporanfdp.exe.pdf"),
        (PDF, "a\x00b\r\nSet-Cookie: x.pdf", "abSet-Cookie x.pdf"),
        (PDF, "p" * 400 + ".pdf", "p" * 146 + ".pdf"),
    ],
)
def test_a_file_that_is_what_its_name_says_is_kept(
    session: Session, office: Office, store: FileStore, now: datetime, content: bytes, name: str, kept_as: str
) -> None:
    case_id = office.open(session, now).case_id
    kept = put(session, store, office, case_id, content, name, now)
    assert isinstance(kept, AttachmentView), kept
    assert kept.name == kept_as
    found, stream = open_attachment(session, case_id, kept.id, office.budi.id, now, store)
    with stream:
        assert stream.read() == content and found.sha256 == kept.sha256
    page = case_page(session, office.sari.id, case_id, now)
    assert [item.name for item in page.attachments] == [kept_as]
    assert page.history[-1].action == "attach" and kept_as in page.history[-1].sentence.id
    assert page.facts.attachments == 1 and verify(session) == []


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "kosong.pdf"),
        (b"<html><script>alert(1)</script></html>", "halaman.html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "gambar.svg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "gambar.png"),
        (b"<html><script>alert(1)</script></html>", "halaman.pdf"),
        (b"halo <script>alert(1)</script>", "catatan.txt"),
        (b" " * 70_000 + b"<ScRiPt>x</sCrIpT>", "panjang.txt"),
        (b"#!/bin/sh\nrm -rf /\n", "skrip.txt"),
        (b"<?php system($_GET['x']);", "x.csv"),
        (b"MZ\x90\x00" + b"\0" * 100, "program.exe"),
        (b"MZ\x90\x00" + b"\0" * 100, "program.pdf"),
        (PNG, "bukan.txt"),
        (PDF, "bukan.png"),
        (archive(x=b"1"), "arsip.zip"),
        (archive(x=b"1"), "bukan.docx"),
        (b"PK\x03\x04 rusak", "rusak.docx"),
        (office_file("word"), "bukan.xlsx"),
        (office_file("word", word__vbaProject__x=b"", **{"word__vbaProject.bin": b"macro"}), "makro.docx"),
        (PDF, "tanpa_akhiran"),
        (PDF, ".pdf"),
        (PDF, ""),
        (PDF, "x.pdf.js"),
    ],
)
def test_any_other_file_is_refused_and_nothing_is_kept(
    session: Session, office: Office, store: FileStore, now: datetime, content: bytes, name: str
) -> None:
    case_id = office.open(session, now).case_id
    refused = put(session, store, office, case_id, content, name, now)
    assert isinstance(refused, Refusal) and refused.sentence.id and refused.sentence.en
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []
    case = session.get_one(Case, case_id)
    assert case.attachment_count == 0 and case.revision == 1


def test_a_file_that_is_too_large_is_refused_while_it_arrives(
    session: Session, office: Office, store: FileStore, now: datetime
) -> None:
    case_id = office.open(session, now).case_id
    refused = put(session, store, office, case_id, b"%PDF-" + b"x" * 2_000_000, "besar.pdf", now)
    assert isinstance(refused, Refusal) and "1 MB" in refused.sentence.id
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_who_does_not_see_the_case_sees_no_file(
    session: Session, office: Office, store: FileStore, now: datetime
) -> None:
    case_id, other = office.open(session, now).case_id, office.open(session, now).case_id
    kept = put(session, store, office, case_id, PDF, "surat.pdf", now)
    assert isinstance(kept, AttachmentView)
    for case, person in ((case_id, office.wati.id), (other, office.sari.id), (999, office.sari.id)):
        with pytest.raises(NotFound):
            open_attachment(session, case, kept.id, person, now, store)
    with pytest.raises(NotFound):
        put(session, store, office, case_id, PDF, "surat.pdf", now, who="wati")


def test_only_those_who_take_part_may_attach_and_only_while_it_runs(
    session: Session, office: Office, store: FileStore, now: datetime
) -> None:
    case_id = office.open(session, now).case_id
    assert isinstance(put(session, store, office, case_id, PDF, "surat.pdf", now, who="gatot"), Refusal)
    office.act(session, case_id, "sari", "discard", now)
    assert isinstance(put(session, store, office, case_id, PDF, "surat.pdf", now), Refusal)


def test_a_digest_that_is_none_opens_nothing(store: FileStore) -> None:
    for name in ("../secret", "a" * 63, "A" * 64, "/" * 64, "ab" * 32):
        with pytest.raises(NotFound):
            store.open(name)
