"""The figures of a dashboard by mail every month: by choice, once, each with its list, ended by one press (§10)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from app import create_app
from config import ROOT, Settings
from engine.database import Database, open_database
from engine.errors import InvalidInput, NotFound
from engine.organisation import sessions
from engine.organisation.models import Account, Person
from engine.outbox.models import Message
from sakip.figures import figure_for
from sakip.looking import read_filters, viewer_of
from sakip.monthly import letter_of, monthly_of, send_due, subscribe, unsubscribe
from sakip.publish_folder import publish_folder
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles
from tests.mail_sink import MailSink
from tests.publishers import publishers
from tests.sakip.facts_factories import a_performing_region, fill
from tests.web.browser import Browser
from worker import Worker

BEGINNING = datetime.fromisoformat("2026-03-02T02:00:00+00:00")
BASE = "http://alur.example"  # the pages here are asked without encryption
WHO = ("bupati", "bureau", "head", "nobody")
People = dict[str, int]


@pytest.fixture(scope="module")
def office(sqlite_files: SqliteFiles) -> Iterator[tuple[Database, People]]:
    """A region with results of every kind; tests choose days of months of their own."""
    url = sqlite_files.new()
    database = open_database(url)
    with database.writing.begin() as session:
        found = a_performing_region(session, BEGINNING)
        list(publish_folder(session, ROOT / "sakip_config", region=None, reason="Berlaku", now=BEGINNING,
                            **publishers(session, found.region.id)))  # fmt: skip
        fill(found, 2)
        for who in WHO:
            person = found.people[who]
            person.email = f"{who}@kab.example"
            account = Account(person_id=person.id, username=who, password_hash="-", password_changed_at=BEGINNING)
            session.add(account)
        people = {who: found.people[who].id for who in WHO}
    yield database, people
    database.close()
    sqlite_files.drop(url)


def settings_for(sink: MailSink | None, folder: Path) -> Settings:
    mail = {} if sink is None else {"mail_server": sink.host, "mail_port": sink.port}
    return Settings(environment="test", secret_key="k" * 40, files_dir=folder, base_url=BASE, **mail)


def asks(database: Database, person: int, day: int, now: datetime, **filters: str) -> None:
    with database.writing.begin() as session:
        subscribe(session, person, day, filters, now)


def stops(database: Database, *people: int) -> None:
    with database.writing.begin() as session:
        for person in people:
            unsubscribe(session, person)


def read(raw: Any) -> EmailMessage:
    found = message_from_bytes(bytes(raw), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_it_leaves_once_a_month_from_seven_on_the_chosen_day_where_the_region_is(
    office: tuple[Database, People],
) -> None:
    database, people = office
    asks(database, people["bupati"], 5, BEGINNING)
    seven = datetime.fromisoformat("2026-03-05T07:00:00+07:00")
    assert send_due(database, seven - timedelta(minutes=1)) == 0
    assert [send_due(database, seven), send_due(database, seven), send_due(database, seven + timedelta(days=20))] == [
        1, 0, 0,
    ]  # fmt: skip
    asks(database, people["bupati"], 4, seven)  # another day in the same month brings no second one
    assert send_due(database, seven + timedelta(hours=1)) == 0
    april = datetime.fromisoformat("2026-04-09T12:00:00+07:00")  # no worker ran on the fourth
    assert send_due(database, april) == 1
    stops(database, people["bupati"])
    assert send_due(database, april + timedelta(days=40)) == 0
    asks(database, people["bupati"], 3, april)
    assert send_due(database, april) == 0  # asked after this month's day: from the next one on
    stops(database, people["bupati"])


def test_its_numbers_are_those_of_the_lists_it_leads_to_with_the_filters_chosen(
    office: tuple[Database, People],
) -> None:
    database, people = office
    chosen = {"role": "head", "year": "2025", "span": "to_q4", "unit": "DINAS-2"}
    asks(database, people["bupati"], 5, BEGINNING, **chosen)
    with database.reading() as session:
        asked = monthly_of(session, people["bupati"])
        assert asked is not None
        content = letter_of(session, people["bupati"], asked, BEGINNING)
        viewer = viewer_of(session, people["bupati"], BEGINNING, "head")
        filters = read_filters(viewer, chosen)
        walked = 0
        for line in (line for part in content["parts"] for line in part["lines"]):
            address = urlsplit(line["path"])
            assert address.query == "role=head&year=2025&span=to_q4&unit=DINAS-2"
            figure = figure_for(address.path.rpartition("/")[2], viewer)
            number = re.search(r"\d+", line["words"]["id"])
            assert number is not None and line["words"]["id"] != line["words"]["en"]
            if figure.name != "predicates":
                assert figure.list(session, viewer, filters).count(session) == int(number[0]), figure.name
                walked += 1
        assert walked >= 3
        told = str(content)
        for person in session.scalars(select(Person)):
            assert person.name not in re.sub("Bagian Organisasi|Dinas 2", "", told)
    achieved, late = content["parts"]
    assert "Tidak memengaruhi" in late["note"]["id"]
    assert {line["path"].partition("?")[0].rpartition("/")[2] for line in late["lines"]} <= {
        "late_documents", "approvals_waiting", "not_reporting",
    }  # fmt: skip
    assert "late" not in str(achieved["lines"])
    stops(database, people["bupati"])


def test_filters_that_are_not_theirs_are_refused_and_later_send_nothing(office: tuple[Database, People]) -> None:
    database, people = office
    for day, filters in ((5, {"unit": "DINAS-2"}), (5, {"role": "head"}), (5, {"span": "to_q9"})):
        with pytest.raises(NotFound):
            asks(database, people["head"], day, BEGINNING, **filters)
    with pytest.raises(InvalidInput):
        asks(database, people["head"], 31, BEGINNING)
    asks(database, people["head"], 5, BEGINNING, unit="DINAS-1")
    with database.writing.begin() as session:
        person = session.get_one(Person, people["head"])
        chosen = {**person.mail_settings["performance_monthly"], "filters": {"unit": "DINAS-2"}}
        person.mail_settings = {"performance_monthly": chosen}  # as if the unit were another's since
    assert send_due(database, BEGINNING + timedelta(days=20)) == 0
    stops(database, people["head"])


def test_the_mail_speaks_the_readers_language_and_ends_by_one_press_without_signing_in(
    office: tuple[Database, People], mail_sink: MailSink, tmp_path: Path
) -> None:
    database, people = office
    with database.writing.begin() as session:
        session.get_one(Person, people["bureau"]).language = "en"
    moment = datetime.fromisoformat("2026-06-05T08:00:00+07:00")
    clock = FrozenClock(moment)
    asks(database, people["head"], 5, BEGINNING)
    asks(database, people["bureau"], 5, BEGINNING, role="bureau")
    settings = settings_for(mail_sink, tmp_path)
    Worker(settings, database=database, clock=clock).run(once=True)
    mails = {str(mail["To"]): mail for mail in map(read, mail_sink.messages)}
    indonesian = next(mail for to, mail in mails.items() if "head@" in to)
    english = next(mail for to, mail in mails.items() if "bureau@" in to)
    assert "di bawah target" in str(indonesian["Subject"])
    assert "below target" in str(english["Subject"]) and "Keterlambatan" not in english.as_string()
    part = indonesian.get_body(("plain",))
    assert part is not None
    text = part.get_content()
    assert "Keterlambatan\nTidak memengaruhi angka kinerja." in text and f"{BASE}/performance/list/below_target" in text
    assert "Anda memintanya setiap bulan" in text and len(text.split()) < 120
    assert indonesian["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = str(indonesian["List-Unsubscribe"]).strip("<>")
    assert f"Berhenti menerima surel ini: {stop}" in text

    app = create_app(settings, database=database, clock=clock)
    path, client = urlsplit(stop).path, app.test_client()
    asked = client.get(path)
    assert asked.status_code == 200 and "Hentikan" in asked.text
    assert client.get(path[:-1] + ("0" if path[-1] != "0" else "1")).status_code == 404
    assert client.post(path.replace(f"/{people['head']}.", f"/{people['bureau']}.")).status_code == 404
    with database.reading() as session:
        assert monthly_of(session, people["head"]) is not None  # looking at the address ends nothing
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    with database.reading() as session:
        assert monthly_of(session, people["head"]) is None
        assert monthly_of(session, people["bureau"]) is not None
        states = session.scalars(select(Message.state).where(Message.revision == 202606))
        assert set(states) == {"sent"}
    stops(database, people["bureau"])


def test_the_page_asks_for_it_with_the_filters_of_the_dashboard(
    office: tuple[Database, People], tmp_path: Path
) -> None:
    database, people = office
    app = create_app(settings_for(None, tmp_path), database=database, clock=FrozenClock(BEGINNING))
    with database.writing.begin() as session:
        token = sessions.open_session(session, people["bupati"], browser="", network="127.0.0.0/24", now=BEGINNING)
    browser = Browser(app.test_client())
    browser.set_cookie("alur", token)
    dashboard = browser.get("/performance?year=2025&unit=DINAS-1").text
    link = re.search(r'href="(/performance/monthly\?[^"]+)"', dashboard)
    assert link is not None, dashboard[:3000]
    page = browser.get(link[1].replace("&amp;", "&")).text
    assert "2025" in page and "Dinas 1" in page and "yang terbaru" in page and "bupati@kab.example" in page
    answer = browser.post("/performance/monthly", {"year": "2025", "unit": "DINAS-1", "day": "7", "act": "ask"})
    assert answer.status_code == 303
    with database.reading() as session:
        asked = monthly_of(session, people["bupati"])
        assert asked is not None and (asked.day, asked.filters) == (7, {"year": "2025", "unit": "DINAS-1"})
    page = browser.get("/performance/monthly").text
    assert "setiap tanggal 7" in page and "Dinas 1" in page
    for wrong in ({"day": "29"}, {"day": "x"}, {"day": "7", "unit": "nobody"}):
        assert browser.post("/performance/monthly", {"act": "ask", **wrong}).status_code == 404
    assert browser.get("/performance/monthly?unit=nobody").status_code == 404
    with database.writing.begin() as session:
        person = session.get_one(Person, people["bupati"])
        chosen = {**person.mail_settings["performance_monthly"], "filters": {"unit": "gone"}}
        person.mail_settings = {"performance_monthly": chosen}
    page = browser.get("/performance/monthly").text
    assert "tidak berlaku lagi" in page and "setiap tanggal" not in page and 'value="stop"' in page
    assert browser.post("/performance/monthly", {"act": "stop"}).status_code == 303
    with database.reading() as session:
        assert monthly_of(session, people["bupati"]) is None
