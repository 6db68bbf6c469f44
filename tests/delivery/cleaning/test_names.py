"""Names of files: safe to show, to save under on any system, and to store."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.cleaning.names import shown_name, stored_name
from tests.delivery.cleaning.evidence import a_photo, cleaned


@pytest.mark.parametrize(
    ("declared", "shown"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("..\\..\\Windows\\system32\\foto.png", "foto.jpg"),
        ("/", "berkas.jpg"),
        ("foto.jpg\x00.exe", "foto.jpg"),
        ("gaji\u202egpj.exe", "gajigpj.jpg"),
        ("CON", "_CON.jpg"),
        ("com1.jpg", "_com1.jpg"),
        ("LPT\u00b9.tar.jpg", "_LPT\u00b9.tar.jpg"),
        ("nul .jpg", "_nul.jpg"),
        ('a"b;c<d>.jpg', "a_b_c_d_.jpg"),
        ("baris\r\nSet-Cookie: x.jpg", "barisSet-Cookie_ x.jpg"),
        ("\u5831\u544a\u66f8 \ua98f\ua9ad.jpg", "\u5831\u544a\u66f8 \ua98f\ua9ad.jpg"),
        ("...", "berkas.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("~$lap.jpg", "~_lap.jpg"),
        ("\ud800.jpg", "_.jpg"),
        ("a:b.jpg", "a_b.jpg"),
        ("", "berkas.jpg"),
    ],
)
def test_t58_traversal_nul_overrides_reserved_and_foreign_names_become_safe(declared: str, shown: str) -> None:
    assert shown_name(declared, "jpg") == shown


def test_t58_three_hundred_characters_become_a_hundred_and_keep_the_ending() -> None:
    assert shown_name("a" * 300 + ".jpg", "jpg") == "a" * 96 + ".jpg"
    assert len(shown_name("\u5831" * 300 + ".docx", "docx").encode()) <= 200


@given(st.text(max_size=400))
def test_t58_whatever_the_name_it_can_be_saved_everywhere(declared: str) -> None:
    name = shown_name(declared, "pdf")
    assert name.endswith(".pdf") and 5 <= len(name) <= 100 and len(name.encode()) <= 200
    assert not re.search(r'[\x00-\x1f\x7f/\\<>:"|?*\u202a-\u202e\u2066-\u2069]', name)
    assert name == name.strip() and not name.startswith(".")
    assert shown_name(name, "pdf") == name


def test_the_name_to_store_under_is_random_and_says_nothing() -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", stored_name()) and stored_name() != stored_name()
    first, second = cleaned(a_photo(), "a.jpg"), cleaned(a_photo(), "a.jpg")
    assert first.stored_name != second.stored_name and first.cleaned_digest == second.cleaned_digest
