"""Administrators only, their own region only, by the roads there are only, and nothing by looking."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from engine.audit.models import AuditEntry
from engine.database import Database
from engine.organisation.models import Group, Holder, Person, Position, Region, Unit
from tests.admin.conftest import PAGES, Rows
from tests.web.conftest import Browser
from tests.web.region import Regency

WITHOUT_TOKEN = re.compile(r'(name="csrf_token" value=")[^"]*')
# Flask-Admin's own roads to a row or a change; none of them is there.
ITS_ROADS = ("delete/", "action/", "details/?id=1", "export/csv/", "ajax/lookup/?name=x&query=a", "ajax/update/")


def test_for_others_the_administration_does_not_exist(browser_of: Callable[..., Browser]) -> None:
    sari = browser_of("sari")
    sari.get("/queue")
    nothing = sari.get("/nothing-here")
    assert nothing.status_code == 404
    for address in (f"{page}{ending}" for page in PAGES for ending in ("/", "/new/", "/edit/?id=1", "/list.csv")):
        answer = sari.get(f"/admin/{address}")
        assert answer.status_code == 404, address
        assert WITHOUT_TOKEN.sub("", answer.text) == WITHOUT_TOKEN.sub("", nothing.text), address
        assert dict(answer.headers) == dict(nothing.headers), address


def test_nothing_is_changed_for_somebody_who_is_no_administrator(
    browser_of: Callable[..., Browser], regency: Regency, rows: Rows
) -> None:
    sari = browser_of("sari")
    sari.get("/queue")
    someone = regency.people["budi"]
    assert sari.post("/admin/people/leave", {"id": someone, "on": "2026-03-01"}).status_code == 404
    assert sari.post("/admin/people/password", {"id": someone}).status_code == 404
    assert sari.post("/admin/groups/new/", {"key": "mine", "title": "Mine"}).status_code == 404
    assert rows.one(Person, id=someone).is_active
    assert rows.count(Group, key="mine") == 0


def test_no_other_road_of_the_framework_is_open(admin: Browser, rows: Rows) -> None:
    before = rows.count(Person), rows.count(AuditEntry)
    admin.get("/admin/people/")
    for address in (f"/admin/{page}/{road}" for page in PAGES for road in ITS_ROADS):
        assert admin.get(address).status_code == 404, address
        assert admin.post(address, {"id": "1", "rowid": "1", "action": "delete"}).status_code == 404, address
    assert (rows.count(Person), rows.count(AuditEntry)) == before


def test_nothing_of_the_frameworks_own_files_is_served(admin: Browser, web_app: Flask) -> None:
    assert admin.get("/admin/static/admin/css/bootstrap4/admin.css").status_code == 404
    assert [rule for rule in web_app.url_map.iter_rules() if rule.endpoint == "admin.static"] == []


MODELS: tuple[tuple[str, Any], ...] = (
    ("people", Person), ("units", Unit), ("positions", Position), ("holders", Holder), ("groups", Group),
    ("region", Region),
)  # fmt: skip


def test_a_row_of_another_region_answers_like_one_that_does_not_exist(admin: Browser, pages_database: Database) -> None:
    with pages_database.writing.begin() as session:
        stranger = session.scalars(select(Person).where(Person.name == "Asing Sekali")).one()
        theirs = session.get_one(Region, stranger.region_id)
        unit = session.scalars(select(Unit).where(Unit.region_id == theirs.id)).one()
        position = Position(region_id=theirs.id, unit_id=unit.id, kind="head", title="Kepala Dinas Lain")
        session.add_all([position, Group(region_id=theirs.id, key="lain", title="Lain")])
        session.flush()
        session.add(Holder(position_id=position.id, person_id=stranger.id))
        session.flush()
        newest = {page: session.scalars(select(func.max(model.id))).one() for page, model in MODELS}
    admin.get("/admin/people/")
    for page, number in newest.items():
        real, none = (admin.get(f"/admin/{page}/edit/?id={one}") for one in (number, 999_999))
        assert real.status_code == none.status_code == 404
        assert WITHOUT_TOKEN.sub("", real.text) == WITHOUT_TOKEN.sub("", none.text)
        data = {"name": "Diambil", "title": "Diambil"}
        assert admin.post(f"/admin/{page}/edit/?id={number}", data).status_code == 404
        assert "Lain" not in admin.get(f"/admin/{page}/").text
        assert "Lain" not in admin.get(f"/admin/{page}/list.csv").text


def test_somebody_of_another_region_cannot_be_appointed_or_deactivated(
    admin: Browser, regency: Regency, rows: Rows
) -> None:
    stranger = regency.people["asing"]
    position = rows.one(Position, title="Kepala Badan Perencanaan")
    admin.get("/admin/holders/new/")
    data = {"position_id": f"#{position.id}", "person_id": f"#{stranger}", "kind": "plh", "starts_on": "2026-03-02",
            "ends_on": "2026-03-09"}  # fmt: skip
    assert admin.post("/admin/holders/new/", data).status_code == 422
    for road in ("leave", "come-back", "password"):
        assert admin.post(f"/admin/people/{road}", {"id": stranger, "on": "2026-03-01"}).status_code == 404
    assert rows.one(Person, id=stranger).is_active


def test_a_change_without_the_forms_token_is_refused(admin: Browser, rows: Rows) -> None:
    admin.get("/admin/groups/new/")
    answer = admin.post("/admin/groups/new/", {"csrf_token": "made-up", "key": "legal", "title": "Bagian Hukum"})
    assert answer.status_code == 400
    assert "Bagian Hukum" in answer.text
    assert rows.count(Group, key="legal") == 0


def test_looking_changes_nothing(admin: Browser, rows: Rows, regency: Regency) -> None:
    before = rows.count(AuditEntry)
    for page in PAGES:
        for ending in ("/", "/new/?key=x&title=y", f"/edit/?id={regency.people['sari']}", "/list.csv", "/?q=a"):
            assert admin.get(f"/admin/{page}{ending}").status_code in (200, 404)
    for road in ("people/leave", "people/come-back", "people/password", "outbox/again", "holidays/as-the-nation"):
        assert admin.get(f"/admin/{road}?id={regency.people['sari']}").status_code in (404, 405)
    assert rows.count(AuditEntry) == before


def test_the_right_to_administrate_opens_no_case_and_shows_no_title(admin: Browser, case_id: int) -> None:
    listed = admin.get("/admin/cases/").text
    assert "/0001" in listed
    assert "Sari Wulandari" not in listed
    assert admin.get(f"/case/{case_id}").status_code == 404


def test_pages_are_strict(admin: Browser) -> None:
    for address in (f"{page}{ending}" for page in PAGES for ending in ("/", "/new/", "/edit/?id=1")):
        answer = admin.get(f"/admin/{address}")
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)", answer.text), address
        assert "flask-admin" not in answer.text.lower(), address


BAD_ADDRESSES = (
    "people/?after=x", "people/?after=[1]", "people/?after=[null,null]", "people/?after=[\"a\",1e999]",
    "people/?after=[\"a\",99999999999999999999]", "people/?n=99999999999999999999", "people/?q=%00", "people/?q=%25",
    "people/?flt0_0=7", "people/?flt9_9=1", "people/?flt0_x=1", "people/?sort=99", "people/?page=-1",
    "people/edit/?id=99999999999999999999", "people/edit/?id=-1", "people/edit/?id=x", "people/edit/",
    "holidays/edit/?id=x", "holidays/?after=[\"2026-99-99\",\"x\"]", "members/?flt0_0=abc", "audit/?after=[1,\"x\"]",
    "audit/?q=people:1", "people/?after=[\"a%00\",1]", "people/?page_size=100000", "holders/?q=a",
    "people/list.csv?q=%00",
)  # fmt: skip


def test_a_bad_address_gets_a_clear_page(admin: Browser) -> None:
    for address in BAD_ADDRESSES:
        answer = admin.get(f"/admin/{address}")
        assert answer.status_code in (200, 404), address
        assert "Traceback" not in answer.text
