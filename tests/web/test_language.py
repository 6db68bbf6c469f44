"""Which language a page speaks and how it writes dates; and that the catalogue is complete."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask, g

from tests.web.conftest import Browser
from web.language import moment, one_stop, own_address, size, unstopped

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted((ROOT / "web" / "translations" / "id" / "LC_MESSAGES").glob("*.po"))
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "_l": None, "lazy_gettext": None}


def test_a_visitor_reads_indonesian_and_one_press_later_english(visitor: Browser) -> None:
    assert '<html lang="id">' in visitor.get("/sign-in").text
    visitor.post("/language", {"language": "en", "next": "/sign-in"})
    page = visitor.get("/sign-in").text
    assert '<html lang="en">' in page
    assert "Go on" in page


def test_the_language_of_a_person_stays_with_the_person(browser_of: Callable[..., Browser]) -> None:
    browser = browser_of("sari")
    browser.get("/queue")
    browser.post("/language", {"language": "en"})
    browser.forget_cookie("alur_language")
    assert "My queue" in browser.get("/queue").text


def test_an_unknown_language_changes_nothing(visitor: Browser) -> None:
    assert visitor.post("/language", {"language": "xx", "next": "https://evil.example"}).location == "/"
    assert '<html lang="id">' in visitor.get("/sign-in").text


@pytest.mark.parametrize(
    ("language", "written"),
    [("id", "Jumat, 10 Juli 2026, 16.00 WIB"), ("en", "Friday, 10 July 2026, 16:00 WIB")],
)
def test_moments_are_written_in_the_reader_s_language_and_zone(web_app: Flask, language: str, written: str) -> None:
    with web_app.test_request_context(headers={"Cookie": f"alur_language={language}"}):
        g.person = None
        assert moment(datetime(2026, 7, 10, 9, 0, tzinfo=UTC)) == written


def test_sizes_are_written_as_people_read_them(web_app: Flask) -> None:
    with web_app.test_request_context():
        g.person = None
        assert [size(count) for count in (12, 340_000, 1_234_567)] == ["12 byte", "340 kB", "1,2 MB"]


@pytest.mark.parametrize("written, read", [
    ("Surel terkirim ke Sari Wulandari, A.Md..", "Surel terkirim ke Sari Wulandari, A.Md."),
    ("Dibuka Slamet, S.Sos.. Berikutnya: Pengisian.", "Dibuka Slamet, S.Sos. Berikutnya: Pengisian."),
    ("Tunggu sebentar...", "Tunggu sebentar..."),
])  # fmt: skip
def test_a_name_that_ends_with_a_stop_ends_the_sentence_too(written: str, read: str) -> None:
    assert one_stop(written) == read


@pytest.mark.parametrize("written, read", [
    ("Latih evaluator sebelum penilaian berikutnya.", "Latih evaluator sebelum penilaian berikutnya"),
    ("Perjanjian kinerja: Maya Anggraini, S.Stat.", "Perjanjian kinerja: Maya Anggraini, S.Stat."),
    ("Perjanjian kinerja: Budi Santoso, S.Farm.", "Perjanjian kinerja: Budi Santoso, S.Farm."),
])  # fmt: skip
def test_a_sentence_before_a_comma_loses_its_stop_but_a_title_keeps_it(written: str, read: str) -> None:
    assert unstopped(written) == read


@pytest.mark.parametrize("address", ["/queue", "/case/1?history=mails"])
def test_own_addresses_are_kept(address: str) -> None:
    assert own_address(address, "/") == address


def test_every_word_of_the_pages_is_in_the_catalogue() -> None:
    known: set[str] = set()
    for path in CATALOGUES:  # the staff's pages have one, the reporters' another
        with path.open("rb") as file:
            catalogue = read_po(file, locale="id")
        known |= {_key(message.id) for message in catalogue if message.id and all(_texts(message.string))}
    missing = {_key(found) for found in _words_of_pages()} - known
    assert missing == set()


@pytest.mark.parametrize("indonesian, english", [
    ("lembar kerja", "worksheet"), ("jenjang", "level"), ("verifikator", "verifier"),
    ("daftar bukti", "regist"),
])  # fmt: skip
def test_a_term_of_the_field_is_kept_for_its_own_thing(indonesian: str, english: str) -> None:
    other = [message.id for message, said in _messages() if indonesian in said.lower()
             and english not in str(message.id).lower()]  # fmt: skip
    assert other == [], f"{indonesian} is what the pages call a {english}"


@pytest.mark.parametrize("word", ["kertas kerja", "wilayah", "dimana", "analisa", "resiko", "aktifitas", "obyek"])
def test_pages_write_no_word_that_another_one_has_replaced(word: str) -> None:
    assert [said for _, said in _messages() if word in said.lower()] == []


def test_a_key_indicator_is_called_by_one_name_on_pages_and_in_documents() -> None:
    short = re.compile("[Ii]ndikator utama")  # everywhere else it is "indikator kinerja utama", in little room "IKU"
    places = [path for folder in ("web", "sakip") for path in (ROOT / folder).rglob("*.*")
              if path.suffix in (".py", ".html")]  # fmt: skip
    assert [path.name for path in places if short.search(path.read_text(encoding="utf-8"))] == []


def test_no_words_are_hidden_where_the_catalogue_cannot_find_them() -> None:
    hidden = re.compile(r"""\bf["'].*\{n?_?(gettext)?\(""")
    found = [f"{path.relative_to(ROOT)}: {line.strip()}" for folder in ("web", "admin")
             for path in (ROOT / folder).rglob("*.py")
             for line in path.read_text(encoding="utf-8").splitlines() if hidden.search(line)]  # fmt: skip
    assert found == [], "words inside an f-string are not found on Python 3.11"


def _messages() -> list[tuple[Message, str]]:
    """Every message of the staff's pages with what it says in Indonesian."""
    with CATALOGUES[0].open("rb") as file:
        catalogue = read_po(file, locale="id")
    return [(message, " ".join(_texts(message.string))) for message in catalogue if message.id]


def _words_of_pages() -> list[object]:
    methods = [("web/**.py", "python"), ("admin/**.py", "python"), ("**/templates/**.html", "jinja2")]
    options = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
    found: list[object] = []
    for folder in ("web", "admin"):
        own = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods]
        found += [words for _file, _line, words, *_rest in extract_from_dir(
            ROOT / folder, [(p.replace("**/templates", "templates"), m) for p, m in own],
            {"templates/**.html": options["**/templates/**.html"]}, KEYWORDS,
        )]  # fmt: skip
    return found


def _key(words: object) -> str:
    return str(words[0]) if isinstance(words, (tuple, list)) else str(words)


def _texts(string: object) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, (tuple, list)) else (str(string),)
