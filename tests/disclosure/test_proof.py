"""The page of what is promised is made of the tests there are; each statement is shown, or says why not."""

from __future__ import annotations

from tests.disclosure.proof import NUMBERS, PAGE, ROOT, functions_in, named, page, statements


def test_every_statement_is_told_once_and_in_order() -> None:
    assert tuple(each.number for each in statements()) == NUMBERS
    assert all(each.words.endswith(".") for each in statements())


def test_every_test_that_is_named_exists() -> None:
    missing = [
        test
        for each in statements()
        for path, _, name in [test.partition("::") for test in each.tests]
        if not (ROOT / path).is_file() or name not in functions_in(ROOT / path)
        for test in [f"{path}::{name}"]
    ]
    assert missing == []


def test_every_statement_is_shown_or_says_why_not() -> None:
    assert [each.number for each in statements() if not each.holds and not each.limit] == []
    assert set(named()) <= set(NUMBERS)


def test_at_least_seventy_of_the_first_eighty_one_hold() -> None:
    assert sum(each.holds for each in statements()[:81]) >= 70


def test_the_page_is_made_of_the_tests() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "run: python -m tests.disclosure.proof > docs/reference/reporting-proof.md"
    )
