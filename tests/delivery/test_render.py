"""A letter: text and HTML say the same, few words, one way on, nothing remote."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from delivery.render import Frame, render
from delivery.wording import Wording, named, names
from engine.definitions.model import Text

URL = "https://alur.kab-contoh.example/case/12"
FRAME = Frame(
    greeting="Yth. Budi Santoso,",
    why="Anda menerima surel ini karena langkah ini dapat Anda kerjakan.",
    settings_label="Ubah pengaturan surel",
    settings_url="https://alur.kab-contoh.example/profile",
    help_label="Bantuan",
    help_address="bantuan@kab-contoh.example",
)
VALUES = {
    "case.number": "PK/2026/DISKOMINFO/0001",
    "case.title": "Perjanjian Kinerja 2026, Dinas Komunikasi dan Informatika",
    "task.title": "Telaah kepala bidang",
    "task.due": "Jumat, 10 Juli 2026, 16.00 WIB",
    "actor.name": "Sari Wulandari, A.Md.",
    "comment": "Target TW III belum sama dengan Renstra.",
    "url": URL,
}


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._silent += tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words += re.findall(r"\w+", data)


def _read(html: str) -> _Words:
    reader = _Words()
    reader.feed(html)
    return reader


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", names())
def test_text_and_html_say_the_same(name: str, language: str) -> None:
    letter = render(named(name), VALUES, FRAME, language)
    shown = _read(letter.html).words
    said = letter.text.replace(FRAME.settings_url, "")  # an address behind its words in HTML
    for word in re.findall(r"\w+", said):
        assert word in shown, word


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", names())
def test_a_letter_is_short_even_with_long_values(name: str, language: str) -> None:
    assert len(render(named(name), VALUES, FRAME, language).text.split()) <= 120


@pytest.mark.parametrize("name", [name for name in names() if name != "sealed"])
def test_a_letter_leads_to_the_case_and_to_the_settings_and_nowhere_else(name: str) -> None:
    html = render(named(name), {**VALUES, "comment": "https://evil.example"}, FRAME, "id").html
    tags = _read(html).tags
    targets = {attributes.get("href") for tag, attributes in tags if tag == "a"}
    assert targets == {URL, FRAME.settings_url}
    assert not {tag for tag, _ in tags} & {"img", "link", "script", "form", "iframe", "object"}
    assert "evil.example" not in html
    assert not re.search(r"url\(|@import|\son\w+=", html)


def test_the_language_stands_in_the_page() -> None:
    assert '<html lang="id">' in render(named("reminder"), VALUES, FRAME, "id").html
    letter = render(named("reminder"), VALUES, FRAME, "en")
    assert '<html lang="en">' in letter.html
    assert "is still waiting for you" in " ".join(letter.text.split())


def test_what_people_typed_is_never_markup() -> None:
    letter = render(named("returned"), {**VALUES, "comment": '<script>x</script>"><b>'}, FRAME, "id")
    assert "<script>" not in letter.html
    assert "&lt;script&gt;" in letter.html


def test_a_subject_is_one_line_of_readable_length() -> None:
    values = {**VALUES, "case.title": "Judul\r\nBcc: x@y.example " + "panjang " * 90}
    subject = render(named("task_assigned"), values, FRAME, "id").subject
    assert "\n" not in subject
    assert "\r" not in subject
    assert len(subject) <= 160


def test_the_subject_may_use_shorter_values() -> None:
    letter = render(named("task_assigned"), VALUES, FRAME, "id", {"task.due": "Jumat 10 Juli"})
    assert letter.subject.endswith("(batas Jumat 10 Juli)")
    assert "Batas   : Jumat, 10 Juli 2026, 16.00 WIB" in letter.text


def test_a_due_moment_that_is_missing_is_not_mentioned() -> None:
    letter = render(named("task_assigned"), {**VALUES, "task.due": ""}, FRAME, "id")
    assert "batas" not in letter.subject.lower()
    assert "Batas" not in letter.text
    assert "<dt>Batas" not in letter.html


def test_demonstration_data_are_marked_in_the_subject() -> None:
    marked = Frame(**{**{name: getattr(FRAME, name) for name in FRAME.__slots__}, "mark": "[DATA CONTOH]"})
    assert render(named("reminder"), VALUES, marked, "id").subject.startswith("[DATA CONTOH] Pengingat: ")


def test_an_authors_own_text_gets_its_button_from_the_last_sentence() -> None:
    text = Text(id="{case.title} sudah berlaku. Dokumennya dapat diunduh: {url}", en="-")
    letter = render(Wording(Text(id="{case.number} berlaku", en="-"), text), VALUES, FRAME, "id")
    assert letter.subject == "PK/2026/DISKOMINFO/0001 berlaku"
    assert f"Dokumennya dapat diunduh:\n{URL}\n" in letter.text
    assert f'<a class="go" href="{URL}">Dokumennya dapat diunduh</a>' in letter.html
    assert f"<h1>{VALUES['case.title']} sudah berlaku.</h1>" in letter.html


def test_an_empty_author_text_still_makes_a_letter() -> None:
    letter = render(Wording(Text("", ""), Text("", "")), VALUES, FRAME, "id")
    assert letter.subject == VALUES["case.title"]
    assert letter.text.startswith("Yth. Budi Santoso,")
