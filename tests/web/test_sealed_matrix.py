"""Every route there is, for everybody a sealed case is not for: no page, no number, no word of it, no other answer."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.routing import Rule

from engine.cases.models import Case, Comment, Follow, History
from engine.disclosure.models import CaseKey, Conversation, IdentityRelease, SealedFile
from tests.sealed_office import SECRET
from tests.web.browser import Browser
from tests.web.sealed_pages import NAME, STRANGER, SealedPages

MISSING = 999_999
OTHERS = (
    "udin",
    "ida",
    "sam",
    "umar",
    "kiki",
    "admin",
    STRANGER,
)  # reported, before, supervisor, superior, custodian, …
KEEPS = {"kiki": "/retention"}  # custodians keep watch over how long cases are kept, by number alone
OWN = {"attachment_id": 1, "file_id": "0" * 32, "field": "assignment_letter", "key": "a_key"}
TOKENS = re.compile(r'value="[A-Za-z0-9._-]{60,}"')
NUMBERED = re.compile(r"/case/\d+")


def case_routes(pages: SealedPages) -> list[tuple[str, str]]:
    """(method, pattern) of every route about one case."""
    rules = [rule for rule in pages.app.url_map.iter_rules() if "case_id" in rule.arguments]
    assert len(rules) > 10
    return [(method, rule.rule) for rule in rules for method in sorted((rule.methods or set()) & {"GET", "POST"})]


def plain_routes(pages: SealedPages) -> Iterator[Rule]:
    """Every page that is asked for without naming anything."""
    for rule in pages.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments and "sign" not in rule.rule:
            yield rule


def address(pattern: str, case_id: int) -> str:
    filled = re.sub(r"<[^>]*?case_id>", str(case_id), pattern)
    return re.sub(r"<(?:[^>]*:)?(\w+)>", lambda found: str(OWN[found[1]]), filled)


def text_of(answer: Any) -> str:
    """All that can be read in an answer; a spreadsheet is a folder of texts."""
    if not answer.data.startswith(b"PK"):
        return str(answer.data.decode("utf-8", "replace"))
    with zipfile.ZipFile(io.BytesIO(answer.data)) as folder:
        return "\n".join(folder.read(name).decode("utf-8", "replace") for name in folder.namelist())


def ask(browser: Browser, method: str, where: str) -> Any:
    if method == "GET":
        return browser.get(where)
    return browser.post(where, {"message": "a", "motive": "a" * 40, "remark": "a", "reason": "a", "follow": "yes"})


def counted(pages: SealedPages) -> list[Any]:
    tables = (History, CaseKey, Conversation, SealedFile, IdentityRelease, Comment, Follow)
    with pages.database.reading() as session:
        found = [session.scalar(select(func.count()).select_from(table)) for table in tables]
        return [*found, session.get_one(Case, pages.kept.case_id).revision]


@pytest.mark.parametrize("name", OTHERS)
def test_T30_for_whom_a_case_is_not_every_route_answers_as_if_there_were_none(
    sealed_pages: SealedPages, name: str
) -> None:
    browser, before = sealed_pages.browser(name), counted(sealed_pages)
    browser.get("/queue")
    for method, pattern in case_routes(sealed_pages):
        if name in KEEPS and pattern.startswith(KEEPS[name]):
            continue
        own, missing = (ask(browser, method, address(pattern, case)) for case in (sealed_pages.kept.case_id, MISSING))
        said = [TOKENS.sub("", NUMBERED.sub("", text_of(answer))) for answer in (own, missing)]
        assert (own.status_code, said[0]) == (missing.status_code, said[1]), (method, pattern)
        assert own.status_code in (302, 303, 404) or pattern.endswith("/act"), (method, pattern, own.status_code)
        assert sorted(own.headers.keys()) == sorted(missing.headers.keys())
    assert counted(sealed_pages) == before


@pytest.mark.parametrize("name", ["vina", "irma"])
def test_T30_a_recipient_whose_key_is_locked_is_asked_for_it_and_reads_nothing(
    sealed_pages: SealedPages, name: str
) -> None:
    browser = sealed_pages.browser(name, is_open=False)
    browser.get("/queue")
    for method, pattern in case_routes(sealed_pages):
        if method == "GET" and "attachments" not in pattern:
            answer = browser.get(address(pattern, sealed_pages.kept.case_id))
            assert answer.status_code in (303, 404) and SECRET not in answer.text, pattern


@pytest.mark.parametrize("name", OTHERS)
def test_T37_no_list_search_export_or_view_of_the_record_tells_of_the_case(
    sealed_pages: SealedPages, name: str
) -> None:
    sealed_pages.browser("vina").get(f"/case/{sealed_pages.kept.case_id}")  # somebody reads it, which is on record
    browser, kept = sealed_pages.browser(name), sealed_pages.kept
    asked = [rule.rule for rule in plain_routes(sealed_pages)]
    asked += [f"/cases?q={words}" for words in (kept.number, "Penanganan", "Udin", SECRET)]
    asked += [f"/cases.csv?q={kept.number}", "/queue.csv", "/queue?tab=all", "/queue?tab=team", "/queue?tab=followed"]
    if name == "admin":
        asked += [
            f"{rule}?search={words}" for rule in asked if rule.startswith("/admin/") for words in ("case", kept.number)
        ]
    for where in asked:
        answer = browser.get(where)
        assert answer.status_code < 500 or where == "/health", where
        if name in KEEPS and where.startswith(KEEPS[name]):
            continue
        said = text_of(answer)
        for marker in (kept.number, f"case/{kept.case_id}", f"case:{kept.case_id}", str(kept.case_id), SECRET, NAME):
            assert marker not in said or f"q={marker}" in where.replace("%20", " ") or f"={marker}" in where, (
                where, marker,
            )  # fmt: skip


def test_T31_somebody_named_later_by_a_name_as_people_write_it_loses_the_case_on_the_next_request(
    sealed_pages: SealedPages,
) -> None:
    vito = sealed_pages.browser("vito")
    where = f"/case/{sealed_pages.kept.case_id}"
    assert vito.get(where).status_code == 200 and where in vito.get("/queue").text
    assert sealed_pages.do("vina", "ask_reporter", "Siapa lagi", reported_aliases=["vito"]) is None
    assert vito.get(where).status_code == 404
    assert where not in vito.get("/queue").text and sealed_pages.kept.number not in vito.get("/cases").text
    with sealed_pages.database.reading() as session:
        held = select(CaseKey).where(CaseKey.holder == f"officer:{sealed_pages.kept.people['vito']}")
        assert session.scalars(held).all() == []


def test_T32_superiors_colleagues_and_who_declares_a_conflict_are_out_by_the_definition(
    sealed_pages: SealedPages,
) -> None:
    where = f"/case/{sealed_pages.kept.case_id}"
    vito = sealed_pages.browser("vito")
    assert vito.get(where).status_code == 200
    assert sealed_pages.do("vito", "declare_conflict", "Ipar saya") is None
    assert vito.get(where).status_code == 404
    # somebody of the inspectorate itself is named: colleagues and superiors there are out, the body outside has it
    vina, oscar = sealed_pages.browser("vina"), sealed_pages.browser("oscar")
    named = [sealed_pages.kept.people["leo"]]
    assert sealed_pages.do("vina", "complete", verification_note="Lengkap", reported_others=named) is None
    for browser in (vina, sealed_pages.browser("rani"), sealed_pages.browser("irma")):
        assert browser.get(where).status_code == 404
    assert oscar.get(where).status_code == 200 and where in oscar.get("/queue").text


def test_T36_an_act_that_is_not_there_or_not_theirs_or_stale_changes_nothing(sealed_pages: SealedPages) -> None:
    where = f"/case/{sealed_pages.kept.case_id}/act"
    vina, before = sealed_pages.browser("vina"), counted(sealed_pages)
    vina.get(f"/case/{sealed_pages.kept.case_id}")
    for act, revision in (("fly_away", ""), ("confirm||", ""), ("sign||", ""), ("ask_reporter|verification|", "1")):
        answer = vina.post(where, {"act": act, "comment": "x", "revision": revision})
        assert 400 <= answer.status_code < 500, act
    assert counted(sealed_pages) == before


def test_T38_the_next_and_the_last_number_find_nothing(sealed_pages: SealedPages) -> None:
    vina, case_id = sealed_pages.browser("vina"), sealed_pages.kept.case_id
    for step in (-2, -1, 1, 2):
        assert vina.get(f"/case/{case_id + step}").status_code == 404
    assert not re.search(r"\d{3,}$", sealed_pages.kept.number) or not sealed_pages.kept.number.endswith("0001")


def test_no_list_of_sealed_cases_leaves_as_a_file_also_for_who_handles_them(sealed_pages: SealedPages) -> None:
    """Reference §14. The pages say so where there are some."""
    vina, number = sealed_pages.browser("vina"), sealed_pages.kept.number
    told = "Kasus tersegel tidak masuk CSV"
    for page in ("/queue", "/cases"):
        assert number in vina.get(page).text and told in vina.get(page).text
        answer = vina.get(f"{page}.csv")
        assert answer.status_code == 200 and len(answer.text.strip().splitlines()) == 1
        assert number not in vina.get(f"{page}.csv", query_string={"q": number}).text
    for tab in ("unit", "follow", "done"):
        assert number not in vina.get("/queue.csv", query_string={"tab": tab}).text
    assert told not in sealed_pages.browser("rani").get("/cases").text


def test_T45_cells_that_a_spreadsheet_would_calculate_are_neutralised(sealed_pages: SealedPages) -> None:
    answer = sealed_pages.browser("vina").get("/queue.csv")
    cells = [cell for line in answer.text.splitlines() for cell in line.split(",")]
    assert answer.status_code == 200 and not any(cell.lstrip('"')[:1] in ("=", "+", "@", "\t") for cell in cells)
    assert SECRET not in answer.text
