"""``flask disclosure …`` for keys: ceremony, who has one, recovery, leaving, handing over, what is missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.database import Database
from engine.disclosure import officers
from engine.disclosure.leaving import leave
from engine.organisation import accounts, passwords
from engine.organisation.models import Account, Person, Region
from engine.organisation.recorded import Author
from tests.commands.conftest import Terminal
from tests.factories import a_group
from tests.sealed_type import publish_both
from tests.web.region import PASSWORD, Regency

CEREMONY = ("disclosure", "ceremony", "--region", "kab_contoh", "--needed", "2", "--custodians", "3")
NEW = "sore-hari-di-pantai"


@pytest.fixture
def now() -> datetime:
    """Before the moment of any command."""
    return datetime.now(UTC) - timedelta(minutes=5)


@pytest.fixture
def sheets(office: Terminal) -> list[str]:
    """The sheets of a ceremony."""
    held = office.run(*CEREMONY, "--yes", "--format", "json")
    assert held.code == 0, held.err
    found: list[str] = held.json["sheets"]
    return found


@pytest.fixture
def holders(sheets: list[str], database: Database, regency: Regency, now: datetime) -> Regency:
    """Sari and Gita have keys."""
    for name in ("sari", "gita"):
        officers.make_key(database, regency.people[name], PASSWORD, requires_factor=False, now=now)
    return regency


def typed(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def test_a_ceremony_prints_one_sheet_a_page_and_only_when_told_so(office: Terminal) -> None:
    assert office.run(*CEREMONY).code == 2
    held = office.run(*CEREMONY, "--yes", "--lang", "en")
    pages = held.out.split("\f")
    assert held.code == 0 and len(pages) == 3
    assert all(f"Sheet {place} of 3" in page and "33." in page for place, page in enumerate(pages, 1))


def test_another_ceremony_asks_for_the_old_sheets_unseen(office: Terminal, sheets: list[str], holders: Regency) -> None:
    held = office.run(*CEREMONY, "--yes", "--format", "json", typed=typed(sheets[0], sheets[0], sheets[2]))
    assert (held.code, held.json["moved"], held.json["left"]) == (0, 2, 0)
    assert "Lembar 1 sudah diketik" in held.err
    assert " ".join(sheets[2].split()[4:7]) not in held.err
    lost = office.run(*CEREMONY, "--yes", "--old-sheets-lost", "--format", "json")
    assert (lost.json["moved"], lost.json["left"]) == (0, 2)


def test_impossible_numbers_are_refused_in_words(office: Terminal) -> None:
    said = office.run(*CEREMONY[:5], "1", "--custodians", "3", "--yes", "--lang", "en")
    assert said.code == 1 and "custodians" in said.err


def test_who_has_a_key_is_listed_without_any_case(office: Terminal, holders: Regency, database: Database) -> None:
    with database.writing.begin() as session:
        publish_both(session, datetime.now(UTC))
    rows = {row["username"]: row for row in office.run("disclosure", "keys", "--region", "kab_contoh", "--format",
                                                       "json").json}  # fmt: skip
    assert {name for name, row in rows.items() if row["has_key"]} == {"sari", "gita"}
    assert (rows["rina"]["has_key"], rows["rina"]["roles"], rows["sari"]["cases"]) == (False, ["Pembaca"], 0)
    assert "rina · no key · Pembaca" in office.run("disclosure", "keys", "--region", "kab_contoh").out


def test_recovery_gives_account_and_key_one_new_password(
    office: Terminal, sheets: list[str], holders: Regency, database: Database
) -> None:
    said = office.run("disclosure", "recover", "sari", typed=typed(sheets[1], sheets[2], NEW, NEW))
    assert said.code == 0, said.err
    with database.reading() as session:
        account = session.get_one(Account, holders.people["sari"])
        assert passwords.is_right(NEW, account.password_hash) and not account.must_change_password
        assert not officers.key_state(session, holders.people["sari"]).is_out_of_reach
    assert office.run("disclosure", "recover", "budi", typed=typed(sheets[1], sheets[2], NEW, NEW)).code == 1


def test_leaving_takes_a_key_away_when_told_so(office: Terminal, holders: Regency, database: Database) -> None:
    assert office.run("disclosure", "leave", "sari").code == 2
    assert office.run("disclosure", "leave", "sari", "--yes").code == 0
    with database.reading() as session:
        assert not officers.key_state(session, holders.people["sari"]).has_key
    assert office.run("disclosure", "leave", "sari", "--yes").code == 1


def test_handing_over_needs_the_sheets_even_when_there_is_nothing(
    office: Terminal, sheets: list[str], holders: Regency, database: Database
) -> None:
    with database.writing.begin() as session:
        leave(session, holders.people["rina"], on=date(2026, 1, 1), author=Author(None, datetime.now(UTC)))
    assert office.run("disclosure", "hand-over", "rina", "gita", typed=typed(*sheets)).code == 1  # she had no key
    said = office.run("disclosure", "hand-over", "sari", "gita", typed=typed(*sheets))
    assert said.code == 0 and "0 cases were handed over" in said.out


def test_the_check_finds_what_is_missing_one_by_one(
    office: Terminal, database: Database, regency: Regency, environment: pytest.MonkeyPatch, now: datetime
) -> None:
    assert office.run("disclosure", "check", "--format", "json").json == []  # this region does without
    with database.writing.begin() as session:
        publish_both(session, datetime.now(UTC))
    environment.setenv("ALUR_RECEIPT_PEPPER", "short")
    assert missing(office) == {"no_escrow", "no_pepper", "few_custodians", "no_key"}
    assert office.run("disclosure", "check").code == 1
    assert "missing keys" in " ".join(office.run("doctor").out.split())
    environment.setenv("ALUR_RECEIPT_PEPPER", "p" * 40)
    assert office.run(*CEREMONY, "--yes").code == 0
    assert missing(office) == {"few_custodians", "no_key"}
    with database.writing.begin() as session:
        people = [session.get_one(Person, regency.people[name]) for name in ("hadi", "indra", "eko")]
        a_group(session, session.get_one(Region, regency.id), "custodians", *people)
    for name in ("hadi", "indra", "eko", "gita", "rina"):
        officers.make_key(database, regency.people[name], PASSWORD, requires_factor=False, now=now)
    assert missing(office) == {"keys"}
    assert office.run("disclosure", "check").code == 0
    accounts.reset_password(database, regency.people["gita"], by=None, now=datetime.now(UTC))
    assert missing(office) == {"out_of_reach"}


def test_the_doctor_warns_when_custodians_are_too_few(
    office: Terminal, database: Database, regency: Regency, environment: pytest.MonkeyPatch, now: datetime
) -> None:
    """Whatever else is missing: with less than two nobody can release an identity, with two one may fall ill."""
    environment.setenv("ALUR_RECEIPT_PEPPER", "p" * 40)
    assert "custodians" not in doctor(office)  # this region does without
    with database.writing.begin() as session:
        publish_both(session, datetime.now(UTC))
    assert doctor(office)["custodians"][0] == doctor(office)["keys"][0] == "missing"
    assert office.run(*CEREMONY, "--yes").code == 0
    three = ("hadi", "indra", "eko")
    with database.writing.begin() as session:
        people = [session.get_one(Person, regency.people[name]) for name in three]
        a_group(session, session.get_one(Region, regency.id), "custodians", *people)
    said = []
    for name in three:
        officers.make_key(database, regency.people[name], PASSWORD, requires_factor=False, now=now)
        said.append(doctor(office)["custodians"])
    assert [level for level, _ in said] == ["missing", "warning", "ok"]
    assert "only 2 custodians have a key; 3 are needed" in said[1][1]
    assert office.run("doctor").code == 1


def doctor(office: Terminal) -> dict[str, tuple[str, str]]:
    rows = office.run("doctor", "--format", "json").json
    return {row["check"]: (row["level"], row["sentence"]) for row in rows}


def missing(office: Terminal) -> set[str]:
    return {one["check"] for one in office.run("disclosure", "check", "--format", "json").json}
