"""The page of statements is made of the tests there are, and every test it names exists."""

from __future__ import annotations

from tests.language.conformance import HERE, NAME, PAGE, ROOT, SECTIONS, functions_in, page, statements


def test_every_proof_that_is_named_exists() -> None:
    missing = []
    for each in statements():
        path, _, name = each.proof.partition("::")
        if not (ROOT / path).is_file() or (name and name not in functions_in(ROOT / path)):
            missing.append(each.proof)
    assert missing == []


def test_every_test_of_the_language_says_of_which_section_it_is() -> None:
    silent = [
        f"{path.name}::{name}"
        for path in sorted(HERE.glob("test_*.py"))
        if path.name != "test_conformance.py"
        for name in functions_in(path)
        if NAME.fullmatch(name) is None
    ]
    assert silent == []


def test_every_section_has_statements() -> None:
    assert {each.section[0] for each in statements()} == set(SECTIONS)


def test_a_statement_is_told_once() -> None:
    words = [(each.section, each.words.lower()) for each in statements()]
    assert len(words) == len(set(words))


def test_the_page_of_statements_is_made_of_the_tests() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "run: python -m tests.language.conformance > docs/reference/conformance.md"
    )
