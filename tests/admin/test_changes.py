"""Every change through the pages: done once, with an entry of the old and the new value, and the chains hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.cases.fire import Fired, fire
from engine.database import Database
from engine.facts import Command
from engine.organisation.accounts import require_an_administrator
from engine.organisation.faults import Unacceptable
from engine.organisation.models import (
    Account,
    Delegation,
    Group,
    GroupMember,
    Holder,
    Holiday,
    Person,
    Position,
    Region,
    Unit,
)
from engine.outbox.models import Message
from tests.admin.conftest import Rows
from tests.conftest import FrozenClock
from tests.web.conftest import Browser
from tests.web.region import Regency

TOLD = re.compile(r'<dd class="code">([0-9a-f]{6}-[0-9a-f]{6}-[0-9a-f]{6})</dd>')
RANI: dict[str, Any] = {
    "name": "Rani Utami", "nip": "199001012015032001", "rank": "", "email": "rani@kab.example",
    "unit_id": "Badan Perencanaan", "language": "id", "username": "",
}  # fmt: skip


def save(browser: Browser, address: str, data: dict[str, Any]) -> None:
    """Fills in the form at ``address``; it has to be taken."""
    assert browser.get(address).status_code == 200
    answer = browser.post(address, data)
    assert answer.status_code == 303, answer.text


def of_person(rows: Rows, person_id: int, **changes: Any) -> dict[str, Any]:
    """What the form of a person holds, with changes."""
    person = rows.one(Person, id=person_id)
    form = {"name": person.name, "nip": person.nip or "", "rank": person.rank or "", "email": person.email or "",
            "unit_id": f"#{person.unit_id}", "language": person.language}  # fmt: skip
    return form | changes


def test_a_person_is_added_changed_and_moved(admin: Browser, rows: Rows) -> None:
    save(admin, "/admin/people/new/", RANI)
    rani = rows.one(Person, name="Rani Utami")
    assert rows.recorded("person_added").new["nip"] == "199001012015032001"
    save(admin, f"/admin/people/edit/?id={rani.id}", RANI | {"rank": "Penata (III/c)"})
    entry = rows.recorded("person_changed")
    assert (entry.old, entry.new) == ({"rank": None}, {"rank": "Penata (III/c)"})
    save(admin, f"/admin/people/edit/?id={rani.id}", RANI | {"rank": "Penata (III/c)", "unit_id": "layanan"})
    entry = rows.recorded("person_moved")
    assert entry.old != entry.new == {"unit_id": rows.one(Unit, key="layanan").id}


def test_saving_what_is_there_already_records_nothing(admin: Browser, rows: Rows, regency: Regency) -> None:
    save(admin, "/admin/people/new/", RANI)
    before = rows.recorded("person_added").seq
    rani = rows.one(Person, name="Rani Utami")
    save(admin, f"/admin/people/edit/?id={rani.id}", RANI)
    save(admin, "/admin/groups/new/", {"key": "legal", "title": "Hukum"})
    assert rows.recorded("group_added").seq == before + 1


def test_a_first_password_is_shown_once_and_opens_the_door(
    admin: Browser, visitor: Browser, rows: Rows, regency: Regency
) -> None:
    admin.get("/admin/people/new/")
    answer = admin.post("/admin/people/new/", RANI | {"username": "Rani"})
    assert answer.status_code == 200
    told = TOLD.search(answer.text)
    assert told is not None
    assert "Set-Cookie" not in answer.headers or told[1] not in answer.headers["Set-Cookie"]
    for address in (
        "/admin/people/",
        f"/admin/people/edit/?id={rows.one(Person, name='Rani Utami').id}",
        "/admin/audit/",
    ):
        assert told[1] not in admin.get(address).text
    visitor.get("/sign-in")
    assert visitor.post("/sign-in", {"username": "rani", "password": told[1]}).status_code == 303
    assert rows.one(Account, username="rani").must_change_password
    assert rows.recorded("account_opened").new == {"username": "rani", "is_admin": False}


def test_a_new_password_signs_every_browser_out(
    admin: Browser, browser_of: Callable[..., Browser], rows: Rows, regency: Regency
) -> None:
    sari = browser_of("sari")
    assert sari.get("/queue").status_code == 200
    admin.get("/admin/people/")
    answer = admin.post("/admin/people/password", {"id": regency.people["sari"]})
    assert answer.status_code == 200
    assert TOLD.search(answer.text) is not None
    assert sari.get("/queue").status_code == 303
    entry = rows.recorded("password_reset")
    assert (entry.old, entry.new, entry.actor_id) == (None, None, regency.people["admin"])


def test_the_right_to_administrate_is_given_and_taken(admin: Browser, rows: Rows, regency: Regency) -> None:
    gita = regency.people["gita"]
    save(admin, f"/admin/people/edit/?id={gita}", of_person(rows, gita, is_admin="y"))
    assert rows.one(Account, person_id=gita).is_admin
    save(admin, f"/admin/people/edit/?id={gita}", of_person(rows, gita))
    entry = rows.recorded("account_changed")
    assert (entry.old, entry.new) == ({"is_admin": True}, {"is_admin": False})


def test_nobody_takes_the_own_right_away_or_leaves_nobody_to_administrate(
    admin: Browser, rows: Rows, regency: Regency, other_administrator: str
) -> None:
    himself = regency.people["admin"]
    admin.get(f"/admin/people/edit/?id={himself}")
    answer = admin.post(f"/admin/people/edit/?id={himself}", of_person(rows, himself, name="Nama Baru"))
    assert answer.status_code == 422
    assert "Hak Anda sendiri dicabut oleh administrator lain." in answer.text
    assert "Nama Baru" in answer.text
    assert rows.one(Person, id=himself).name != "Nama Baru"
    answer = admin.post("/admin/people/leave", {"id": himself, "on": "2026-03-02"})
    assert answer.status_code == 422
    assert "Anda tidak dapat menonaktifkan diri sendiri." in answer.text
    assert rows.one(Account, person_id=himself).is_admin
    assert rows.one(Person, id=himself).is_active


def test_who_leaves_is_deactivated_and_signed_out_and_may_come_back(
    admin: Browser, browser_of: Callable[..., Browser], rows: Rows, regency: Regency
) -> None:
    budi = regency.people["budi"]
    his = browser_of("budi")
    admin.get(f"/admin/people/edit/?id={budi}")
    assert admin.post("/admin/people/leave", {"id": budi, "on": "2026-02-27"}).status_code == 303
    assert not rows.one(Person, id=budi).is_active
    assert rows.one(Holder, person_id=budi).ends_on == date(2026, 2, 27)
    assert rows.recorded("person_left").new == {"is_active": False}
    assert his.get("/queue").status_code == 303
    assert admin.post("/admin/people/come-back", {"id": budi}).status_code == 303
    assert rows.one(Person, id=budi).is_active
    assert rows.one(Holder, person_id=budi).ends_on == date(2026, 2, 27)


@pytest.mark.parametrize("on", ["", "besok", "2026-03-03"])
def test_a_last_day_that_cannot_be_is_refused_at_its_field(
    admin: Browser, rows: Rows, regency: Regency, on: str
) -> None:
    budi = regency.people["budi"]
    admin.get(f"/admin/people/edit/?id={budi}")
    answer = admin.post("/admin/people/leave", {"id": budi, "on": on})
    assert answer.status_code == 422
    assert 'href="#on"' in answer.text
    assert f'value="{on}"' in answer.text or not on
    assert "Budi Santoso" in answer.text
    assert rows.one(Person, id=budi).is_active


def test_a_unit_is_added_renamed_moved_and_closed(admin: Browser, rows: Rows) -> None:
    form = {"key": "arsip", "name": "Bidang Arsip", "level": "division", "parent_id": "Badan Perencanaan"}
    save(admin, "/admin/units/new/", form)
    unit = rows.one(Unit, key="arsip")
    edit = f"/admin/units/edit/?id={unit.id}"
    save(admin, edit, {"name": "Bidang Kearsipan", "parent_id": "Badan Perencanaan"})
    entry = rows.recorded("unit_renamed")
    assert (entry.old, entry.new) == ({"name": "Bidang Arsip"}, {"name": "Bidang Kearsipan"})
    save(admin, edit, {"name": "Bidang Kearsipan", "parent_id": "diskominfo"})
    assert rows.one(Unit, key="arsip").parent_id == rows.one(Unit, key="diskominfo").id
    assert "parent_id" in rows.recorded("unit_moved").new
    save(admin, edit, {"name": "Bidang Kearsipan", "parent_id": "diskominfo", "valid_to": "2026-06-30"})
    assert rows.recorded("unit_closed").new == {"valid_to": "2026-06-30"}


def test_a_unit_people_work_in_is_not_closed(admin: Browser, rows: Rows) -> None:
    unit = rows.one(Unit, key="layanan")
    admin.get(f"/admin/units/edit/?id={unit.id}")
    data = {"name": unit.name, "parent_id": "ikp", "valid_to": "2026-03-31"}
    answer = admin.post(f"/admin/units/edit/?id={unit.id}", data)
    assert answer.status_code == 422
    assert 'value="2026-03-31"' in answer.text
    assert rows.one(Unit, key="layanan").valid_to is None


def test_a_position_is_added_changed_and_filled_by_a_daily_executor(
    admin: Browser, rows: Rows, regency: Regency
) -> None:
    form = {"unit_id": "Badan Perencanaan", "title": "Sekretaris Badan", "kind": "secretary", "is_structural": "y",
            "superior_position_id": "Kepala Badan Perencanaan", "decision_limit": "50000000"}  # fmt: skip
    save(admin, "/admin/positions/new/", form)
    position = rows.one(Position, title="Sekretaris Badan")
    assert position.decision_limit == 50_000_000
    changed = {"title": "Sekretaris Badan", "superior_position_id": "", "decision_limit": "75000000"}
    save(admin, f"/admin/positions/edit/?id={position.id}", changed)
    assert rows.recorded("position_changed").new == {"superior_position_id": None, "decision_limit": 75_000_000}
    appointed = {"position_id": "Sekretaris Badan", "person_id": "Gita Permata", "kind": "plh",
                 "decree_number": "800/12/2026", "decree_on": "2026-03-01", "starts_on": "2026-03-02",
                 "ends_on": "2026-03-13"}  # fmt: skip
    save(admin, "/admin/holders/new/", appointed)
    assert rows.recorded("holder_appointed").new["decree_number"] == "800/12/2026"
    held = rows.one(Holder, position_id=position.id)
    save(admin, f"/admin/holders/edit/?id={held.id}", {"ends_on": "2026-03-06"})
    entry = rows.recorded("holder_ended")
    assert (entry.old, entry.new) == ({"ends_on": "2026-03-13"}, {"ends_on": "2026-03-06"})


def test_a_substitute_without_a_last_day_is_refused_at_the_field(admin: Browser, rows: Rows) -> None:
    admin.get("/admin/holders/new/")
    data = {"position_id": "Sekretaris Dinas", "person_id": "Gita Permata", "kind": "plh", "starts_on": "2026-03-02",
            "decree_number": "800/9"}  # fmt: skip
    answer = admin.post("/admin/holders/new/", data)
    assert answer.status_code == 422
    assert 'href="#ends_on"' in answer.text
    assert answer.text.count("Plt. dan Plh. perlu tanggal berakhir.") == 2
    assert all(f'value="{typed}"' in answer.text for typed in ("Sekretaris Dinas", "Gita Permata", "800/9"))
    assert rows.count(Holder, decree_number="800/9") == 0


def test_a_group_gets_and_loses_a_member(admin: Browser, rows: Rows) -> None:
    save(admin, "/admin/groups/new/", {"key": "legal", "title": "Bagian Hukum"})
    group = rows.one(Group, key="legal")
    save(admin, f"/admin/groups/edit/?id={group.id}", {"title": "Bagian Hukum dan HAM"})
    assert rows.recorded("group_renamed").old == {"title": "Bagian Hukum"}
    save(admin, "/admin/members/new/", {"group_id": str(group.id), "person_id": "Rina Puspita"})
    member = rows.one(GroupMember, group_id=group.id)
    assert rows.recorded("member_added").new["group_id"] == group.id
    save(admin, f"/admin/members/edit/?id={member.id}", {"ends_on": "2026-03-31"})
    assert rows.recorded("membership_ended").new == {"ends_on": "2026-03-31"}


def test_a_mandate_is_given_and_ended(admin: Browser, rows: Rows) -> None:
    form = {"principal_id": "Eko Prasetyo", "delegate_id": "Dewi Lestari", "kind": "delegate", "reason": "Diklat",
            "starts_on": "2026-03-02", "ends_on": "2026-03-20", "decree_number": ""}  # fmt: skip
    save(admin, "/admin/mandates/new/", form)
    given = rows.one(Delegation)
    assert rows.recorded("mandate_given").new["reason"] == "Diklat"
    save(admin, f"/admin/mandates/edit/?id={given.id}", {"ends_on": "2026-03-06"})
    assert rows.recorded("mandate_ended").old == {"ends_on": "2026-03-20"}


def test_an_own_day_is_set_corrected_and_given_back_to_the_nation(admin: Browser, rows: Rows) -> None:
    save(admin, "/admin/holidays/new/", {"on_date": "2026-05-12", "title": "Hari Jadi", "is_off": "y"})
    address = "/admin/holidays/edit/?id=2026-05-12"
    save(admin, address, {"title": "Hari Jadi Kabupaten", "is_off": "y"})
    assert rows.recorded("holiday_set").new == {"title": "Hari Jadi Kabupaten"}
    admin.get(address)
    assert admin.post("/admin/holidays/as-the-nation", {"id": "2026-05-12"}).status_code == 303
    assert rows.count(Holiday) == 0
    assert rows.recorded("holiday_removed").old["title"] == "Hari Jadi Kabupaten"
    assert admin.post("/admin/holidays/as-the-nation", {"id": "2026-05-12"}).status_code == 404


def test_the_letterhead_and_quiet_hours_of_the_region_are_set(admin: Browser, rows: Rows, regency: Regency) -> None:
    form = {"name": "Kabupaten Contoh", "timezone": "Asia/Makassar", "government": "Pemerintah Kabupaten Contoh",
            "address": "Jalan Merdeka 1", "seat": "Contoh", "quiet_from": "18:00", "quiet_to": "07:00"}  # fmt: skip
    address = f"/admin/region/edit/?id={regency.id}"
    save(admin, address, form)
    region = rows.one(Region, id=regency.id)
    assert region.timezone == "Asia/Makassar"
    assert region.settings["seat"] == "Contoh"
    assert region.settings["quiet_hours"] == {"from": "18:00", "to": "07:00"}
    assert rows.recorded("region_changed").new["settings"]["address"] == "Jalan Merdeka 1"
    assert 'value="18:00"' in admin.get(address).text
    save(admin, address, form | {"quiet_from": "", "quiet_to": ""})
    assert rows.one(Region, id=regency.id).settings["quiet_hours"] == {}
    answer = admin.post(address, form | {"quiet_to": ""})
    assert answer.status_code == 422
    assert 'href="#quiet_to"' in answer.text


def test_a_mail_that_failed_is_tried_again_and_no_other(
    admin: Browser, rows: Rows, pages_database: Database, case_id: int, clock: FrozenClock, regency: Regency
) -> None:
    with pages_database.writing.begin() as session:
        submit = Command(action="submit", actor=regency.people["sari"])
        assert isinstance(fire(session, case_id, submit, now=clock()), Fired)
        message = session.scalars(select(Message).limit(1)).one()
        message_id, message.state, message.last_error = message.id, "failed", "550 no such user"
        message.not_before, message.reason = clock() - timedelta(days=1), "in_force"  # one of the case type's own
    page = admin.get("/admin/outbox/?flt0_0=failed")
    assert "550 no such user" in page.text
    assert "Penerima terlibat dalam kasus ini." in page.text and "in_force" not in page.text
    assert admin.post("/admin/outbox/again", {"id": message_id}).status_code == 303
    assert rows.one(Message, id=message_id).state == "waiting"
    assert rows.recorded("message_retried").old == {"state": "failed"}
    assert admin.post("/admin/outbox/again", {"id": message_id}).status_code == 404
    assert admin.post("/admin/outbox/again", {"id": 999_999}).status_code == 404


def test_the_last_administrator_of_a_region_stays(pages_database: Database, regency: Regency) -> None:
    """Two who take each other's right at one moment: whoever comes second finds nobody left."""
    with pages_database.writing.begin() as session:
        require_an_administrator(session, regency.id)
        session.get_one(Person, regency.people["admin"]).is_active = False
        session.flush()
        with pytest.raises(Unacceptable, match="one active administrator"):
            require_an_administrator(session, regency.id)
        session.rollback()
