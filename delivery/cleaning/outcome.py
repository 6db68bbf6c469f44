"""What comes of cleaning a file: the cleaned copy or a refusal, and the limits it happened within."""

from __future__ import annotations

from dataclasses import dataclass

from engine.definitions.model import Text

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may cost. Bytes, seconds and counts; the pixels and pages are of one file.

    ``inflated`` is what a file may grow to when it is unpacked: the parts of an office file, or the streams of a PDF
    that are not pictures. ``waiting`` is how long a file waits for its turn before it is told to come again."""

    content: int = 20 * MEBIBYTE
    cleaned: int = 64 * MEBIBYTE
    memory: int = 1024 * MEBIBYTE
    cpu_seconds: int = 30
    seconds: float = 60.0
    waiting: float = 30.0
    pixels: int = 50_000_000
    pages: int = 2_000
    parts: int = 4_000
    inflated: int = 200 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A copy without traces.

    ``content`` is the copy, ``kind`` its media type, ``extension`` without a dot. ``original_digest`` and
    ``cleaned_digest`` are SHA-256 in hex. ``shown_name`` may be shown and downloaded under; ``stored_name`` is random
    and says nothing. ``notes`` tell the reporter what visible or useful thing did not come along."""

    content: bytes
    kind: str
    extension: str
    original_digest: str
    cleaned_digest: str
    shown_name: str
    stored_name: str
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The file stays outside. ``code`` is for programs and a key of ``REFUSALS``; ``reason`` says what to send instead.

    ``may_come_again`` is true when the same file may be taken later."""

    code: str
    reason: Text
    may_come_again: bool = False


REFUSALS: dict[str, Text] = {
    "empty": Text(
        "Berkas ini kosong. Periksa berkas di perangkat Anda, lalu kirim lagi.",
        "This file is empty. Look at the file on your device, then send it again.",
    ),
    "too_large": Text(
        "Berkas ini terlalu besar. Kirim foto dengan ukuran lebih kecil, atau bagi dokumen menjadi beberapa berkas.",
        "This file is too large. Send a smaller picture, or split the document into several files.",
    ),
    "too_much_inside": Text(
        "Isi berkas ini terlalu besar untuk dibersihkan dari jejak. Kirim sebagian saja: foto yang lebih kecil, atau "
        "beberapa halaman sebagai PDF.",
        "There is too much in this file to clean it of traces. Send a part of it: a smaller picture, or some pages "
        "as a PDF.",
    ),
    "kind_not_taken": Text(
        "Jenis berkas ini tidak dapat dibersihkan dari jejak. Kirim foto (JPEG, PNG, WebP, GIF), PDF, DOCX, XLSX, "
        "PPTX, ODT, ODS, atau teks.",
        "This kind of file cannot be cleaned of traces. Send a picture (JPEG, PNG, WebP, GIF), PDF, DOCX, XLSX, PPTX, "
        "ODT, ODS, or text.",
    ),
    "old_office": Text(
        "Jenis dokumen ini tidak dapat dibersihkan dari jejak. Simpan dulu sebagai DOCX, XLSX, PPTX, atau PDF, lalu "
        "kirim lagi.",
        "This kind of document cannot be cleaned of traces. Save it as DOCX, XLSX, PPTX or PDF first, then send it "
        "again.",
    ),
    "other_picture": Text(
        "Jenis gambar ini tidak dapat dibersihkan dari jejak. Simpan sebagai JPEG atau PNG, atau kirim tangkapan "
        "layar.",
        "This kind of picture cannot be cleaned of traces. Save it as JPEG or PNG, or send a screenshot.",
    ),
    "web_page": Text(
        "Halaman web dan gambar SVG tidak diterima. Kirim tangkapan layarnya, atau cetak ke PDF.",
        "Web pages and SVG drawings are not taken. Send a screenshot, or print it to a PDF.",
    ),
    "archive": Text(
        "Arsip seperti ZIP atau RAR tidak diterima. Kirim berkas di dalamnya satu per satu.",
        "Archives such as ZIP or RAR are not taken. Send the files inside it one by one.",
    ),
    "recording": Text(
        "Rekaman suara dan video belum dapat dibersihkan dari jejak. Tulis apa yang terdengar atau terlihat, atau "
        "kirim tangkapan layar; petugas akan bertanya bila perlu rekamannya.",
        "Sound and video cannot be cleaned of traces yet. Write what is heard or seen, or send screenshots; the "
        "officers will ask when they need the recording.",
    ),
    "program": Text(
        "Program tidak diterima. Kirim tangkapan layar tentang apa yang ingin Anda tunjukkan.",
        "Programs are not taken. Send a screenshot of what you want to show.",
    ),
    "no_extension": Text(
        "Nama berkas ini tidak menyebut jenisnya. Tambahkan akhiran, misalnya .docx, lalu kirim lagi.",
        "The name of this file does not say its kind. Add an ending, such as .docx, then send it again.",
    ),
    "other_than_named": Text(
        "Isi berkas ini bukan jenis yang disebut namanya. Buka berkasnya, simpan lagi dengan jenis yang benar, lalu "
        "kirim.",
        "What is in this file is not of the kind its name says. Open it, save it again as the right kind, then send "
        "it.",
    ),
    "two_in_one": Text(
        "Di dalam berkas ini tersembunyi berkas jenis lain. Kirim tangkapan layar atau simpan lagi sebagai PDF.",
        "A file of another kind hides in this file. Send a screenshot, or save it again as a PDF.",
    ),
    "carries_files": Text(
        "Dokumen ini membawa berkas lain di dalamnya. Kirim berkas itu satu per satu, atau simpan dokumennya sebagai "
        "PDF.",
        "This document carries other files. Send those files one by one, or save the document as a PDF.",
    ),
    "macros": Text(
        "Dokumen ini berisi makro. Simpan tanpa makro (DOCX, XLSX, PPTX) atau sebagai PDF, lalu kirim lagi.",
        "This document has macros. Save it without macros (DOCX, XLSX, PPTX) or as a PDF, then send it again.",
    ),
    "locked": Text(
        "Berkas ini terkunci kata sandi. Simpan salinan tanpa kata sandi, lalu kirim lagi.",
        "This file is locked with a password. Save a copy without the password, then send it again.",
    ),
    "damaged": Text(
        "Berkas ini rusak atau tidak lengkap. Buka di perangkat Anda, simpan lagi atau buat tangkapan layar, lalu "
        "kirim.",
        "This file is damaged or incomplete. Open it on your device, save it again or make a screenshot, then send it.",
    ),
    "busy": Text(
        "Banyak berkas sedang dibersihkan. Laporan Anda aman; kirim berkas ini lagi beberapa menit lagi.",
        "Many files are being cleaned now. Your report is safe; send this file again in a few minutes.",
    ),
}

NOTES: dict[str, Text] = {
    "attachments": Text(
        "Berkas yang menempel di dalamnya tidak ikut; kirim satu per satu bila penting.",
        "Files attached inside did not come along; send them one by one if they matter.",
    ),
    "annotations": Text(
        "Catatan dan isian di PDF menjadi bagian halaman; catatan yang tersembunyi tidak ikut.",
        "Notes and fields of the PDF became part of the page; hidden notes did not come along.",
    ),
    "signature": Text(
        "Tanda tangan elektronik tidak berlaku lagi pada salinan ini.",
        "The electronic signature no longer holds for this copy.",
    ),
    "drawings": Text(
        "Gambar jenis EMF, WMF, atau yang rusak di dalamnya dikosongkan; kirim tangkapan layarnya bila penting.",
        "Pictures of the kinds EMF or WMF, or damaged ones, were blanked; send a screenshot if they matter.",
    ),
    "embedded": Text(
        "Objek dari program lain, suara, atau video di dalam dokumen tidak ikut.",
        "Objects of other programs, sound or video inside the document did not come along.",
    ),
}
