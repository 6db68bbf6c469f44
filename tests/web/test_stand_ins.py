"""One's own absence and delegates, in the browser: with a reason and a last day, ended by who gave them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from engine.audit.models import AuditEntry
from engine.cases.fire import Fired, fire
from engine.database import Database
from engine.facts import Command
from engine.organisation.models import Delegation, Person
from tests.conftest import FrozenClock
from tests.web.conftest import Browser
from tests.web.region import Regency

ADDRESS = "/profile/stand-ins"
GOOD = {
    "kind": "out_of_office", "who": "Eko Prasetyo", "starts_on": "2026-03-02", "ends_on": "2026-03-06",
    "reason": "Cuti tahunan",
}  # fmt: skip


@pytest.fixture
def eko(pages_database: Database, regency: Regency) -> str:
    """Eko as a suggestion names him."""
    with pages_database.reading() as session:
        person = session.get_one(Person, regency.people["eko"])
        return f"{person.name} #{person.id}"


def mandates(database: Database) -> list[Delegation]:
    with database.reading() as session:
        return list(session.scalars(select(Delegation).order_by(Delegation.id)))


def test_a_person_names_who_acts_while_they_are_away(
    browser_of: Callable[..., Browser], pages_database: Database, regency: Regency, eko: str
) -> None:
    browser = browser_of("budi")
    assert (
        "Absence" not in browser.get("/profile").text and "Ketidakhadiran dan pengganti" in browser.get("/profile").text
    )
    before = len(mandates(pages_database))
    browser.get(ADDRESS)
    assert browser.post(ADDRESS, {**GOOD, "who": eko}).status_code == 303
    given = mandates(pages_database)[before]
    assert (given.principal_id, given.delegate_id, given.kind) == (
        regency.people["budi"],
        regency.people["eko"],
        "out_of_office",
    )
    assert (given.starts_on, given.ends_on, given.reason) == (date(2026, 3, 2), date(2026, 3, 6), "Cuti tahunan")
    assert "Cuti tahunan" in browser.get(ADDRESS).text
    other = browser_of("eko")
    assert "Atas nama siapa saya bertindak" in other.get(ADDRESS).text
    with pages_database.reading() as session:
        newest = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert newest is not None and (newest.event, newest.actor_id) == ("mandate_given", regency.people["budi"])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"who": ""}, "Sebutkan orangnya."),
        ({"who": "Tidak Ada"}, "Tidak ada yang bernama"),
        ({"starts_on": ""}, "Isi tanggalnya."),
        ({"ends_on": "kapan"}, "Isi tanggalnya."),
        ({"ends_on": "2026-02-27"}, "Tanggal ini sudah lewat."),
        ({"starts_on": "2026-03-09"}, "Tanggal berakhir mendahului tanggal mulai."),
        ({"reason": " "}, "Tulis alasan"),
        ({"kind": "king"}, "Pilih salah satu."),
    ],
)
def test_what_is_left_out_or_cannot_be_is_told_at_its_field_with_everything_typed(
    browser_of: Callable[..., Browser], pages_database: Database, eko: str, wrong: dict[str, str], says: str
) -> None:
    browser = browser_of("budi")
    before = len(mandates(pages_database))
    browser.get(ADDRESS)
    answer = browser.post(ADDRESS, {**GOOD, "who": eko, **wrong})
    assert answer.status_code == 422
    assert says in answer.text
    assert "reason" in wrong or "Cuti tahunan" in answer.text
    assert len(mandates(pages_database)) == before


def test_nobody_stands_in_for_themselves(
    browser_of: Callable[..., Browser], pages_database: Database, regency: Regency
) -> None:
    browser = browser_of("budi")
    browser.get(ADDRESS)
    answer = browser.post(ADDRESS, {**GOOD, "who": f"x #{regency.people['budi']}"})
    assert (answer.status_code, "Mandat perlu dua orang." in answer.text) == (422, True)


def test_who_gave_a_mandate_ends_it_and_nobody_else(
    browser_of: Callable[..., Browser], pages_database: Database, eko: str
) -> None:
    browser = browser_of("budi")
    browser.get(ADDRESS)
    browser.post(ADDRESS, {**GOOD, "who": eko})
    given = mandates(pages_database)[-1]
    other = browser_of("eko")
    other.get(ADDRESS)
    assert other.post(f"{ADDRESS}/end", {"mandate": str(given.id)}).status_code == 404
    assert other.post(f"{ADDRESS}/end", {"mandate": "all"}).status_code == 404
    browser.get(ADDRESS)
    assert browser.post(f"{ADDRESS}/end", {"mandate": str(given.id)}).status_code == 303
    assert mandates(pages_database)[-1].ends_on == date(2026, 3, 2)


def test_the_page_of_a_case_says_in_whose_name_one_would_act(
    browser_of: Callable[..., Browser],
    pages_database: Database,
    regency: Regency,
    case_id: int,
    eko: str,
    clock: FrozenClock,
) -> None:
    browser = browser_of("budi")
    browser.get(ADDRESS)
    browser.post(ADDRESS, {**GOOD, "who": eko})
    with pages_database.writing.begin() as session:
        assert isinstance(fire(session, case_id, Command("submit", regency.people["sari"]), now=clock()), Fired)
    said = "Di sini Anda bertindak sebagai Pengganti sementara untuk Budi Santoso, sampai"
    assert said in browser_of("eko").get(f"/case/{case_id}").text
    assert "Di sini Anda bertindak" not in browser.get(f"/case/{case_id}").text
    assert "sebagai pengganti Budi Santoso" in browser_of("eko").get("/queue").text
    assert "as stand-in for Budi Santoso" in browser_of("eko", "en").get("/queue").text
    assert "sebagai pengganti" not in browser.get("/queue").text
