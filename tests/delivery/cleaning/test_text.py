"""Plain text keeps what is read, and loses signs that only a machine sees."""

from __future__ import annotations

import pytest

from tests.delivery.cleaning.evidence import cleaned, refused


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("satu\r\ndua\rtiga\u2028empat".encode(), "satu\ndua\ntiga\nempat\n"),
        (b"\xef\xbb\xbfhalo", "halo\n"),
        ("halo dunia".encode("utf-16"), "halo dunia\n"),
        ("caf\u00e9".encode("cp1252"), "caf\u00e9\n"),
        (b"warna \x1b[31mmerah\x07", "warna [31mmerah\n"),
        ("gaji\u202egpj.exe\u2066".encode(), "gajigpj.exe\n"),
        ("da\u200bna\u2060 de\u200csa\ufeff\U000e0041".encode(), "dana desa\n"),
        ("baris \t  \nlain\u00a0\n\n\n".encode(), "baris\nlain\n"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645".encode(),
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645\n",
        ),
        ("\ua98f\ua9ad \U0001f469\u200d\U0001f33e".encode(), "\ua98f\ua9ad \U0001f469\u200d\U0001f33e\n"),
    ],
)
def test_text_keeps_its_letters_and_loses_what_is_not_seen(before: bytes, after: str) -> None:
    assert cleaned(before, "catatan.txt").content.decode() == after


def test_a_table_in_text_keeps_its_empty_last_cells() -> None:
    copy = cleaned(b"nama\tjumlah\t\r\nA\t1\t\r\n", "a.csv")
    assert copy.content == b"nama\tjumlah\t\nA\t1\t\n" and copy.kind == "text/csv"


def test_cells_that_a_spreadsheet_would_run_are_made_words_and_numbers_stay() -> None:
    copy = cleaned(b'=1+1,"=cmd|x",-5,+62,@a,-cmd,a=b\n-;=2\n', "a.csv")
    assert copy.content == b"'=1+1,\"'=cmd|x\",-5,+62,'@a,'-cmd,a=b\n'-;'=2\n"


def test_text_of_nothing_but_spaces_is_empty() -> None:
    assert refused(b" \n\t\n", "a.txt") == "empty"
