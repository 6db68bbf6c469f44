"""The demonstration's accounts as ``make run`` prints them. They refuse to exist in production."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "kabupaten-contoh-2026"


@dataclass(frozen=True, slots=True)
class PrintedAccount:
    username: str
    role: str


PRINTED = (
    PrintedAccount("sari", "menyusun perjanjian · drafts an agreement"),
    PrintedAccount("budi", "kepala seksi · section head"),
    PrintedAccount("dewi", "kepala bidang, Plt. bidang lain · division head, acting for another"),
    PrintedAccount("gita", "Bapperida, reviu bersama · planning bureau"),
    PrintedAccount("hadi", "BKPSDM, reviu bersama, hak veto · personnel bureau, veto"),
    PrintedAccount("indra", "BPKAD, reviu bersama · finance bureau"),
    PrintedAccount("eko", "sekretaris dinas · agency secretary"),
    PrintedAccount("ratna", "kepala dinas, pihak kedua · agency head, second party"),
    PrintedAccount("bupati", "kepala daerah, pihak kedua kepala dinas · head of region"),
    PrintedAccount("slamet", "Bagian Organisasi, pengawas alur · organisation bureau, supervisor"),
    PrintedAccount("admin", "administrator teknis · technical administrator"),
    PrintedAccount("ida", "penerima pengaduan · intake of complaints"),
    PrintedAccount("vina", "verifikasi pengaduan · verification"),
    PrintedAccount("rani", "telaah pengaduan · review"),
    PrintedAccount("bambang", "inspektur pembantu · assistant inspector"),
    PrintedAccount("irwan", "inspektur · inspector"),
    PrintedAccount("leo", "ketua tim pemeriksa, bersama tika, nia, oka · lead investigator, with tika, nia, oka"),
    PrintedAccount("lina", "penjaga kunci, bersama hadi, indra · custodian, with hadi, indra"),
)
SHORT_NAMES = ("bdg", "sb", "tsm", "krc", "srl", "at", "mpw", "skw", "tb")
PRINTED_REGIONS = (
    f"Sembilan daerah lain · nine other regions: {', '.join(SHORT_NAMES)}",
    "di masing-masing · in each: _staf _kasi _kabid _sekdis _kadis _kabag _bappeda _sekda _kepala _admin,"
    " misalnya · for example sb_staf",
    "pengaduan juga di · complaints also in Tanjungbalai: tb_petugas _verifikator _penelaah _irban _inspektur _ketua",
)
PRINTED_RECEIPTS = (
    "Kode laporan contoh · codes of sample reports (printed only because this is a demonstration; nobody knows a real"
    " one but its reporter):"
)
