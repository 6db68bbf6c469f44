"""Hot changes: titles, help, mail texts and hot parameters of the newest version reach running cases (§13.6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.fire import Fired, fire
from engine.cases.models import Case
from engine.cases.open import Opened, open_case
from engine.cases.pages import case_page
from engine.cases.queue_page import queue_page
from engine.cases.stored import StoredCase, read_case
from engine.changes import Refusal
from engine.database import Database
from engine.definitions.hot import hot_changes, is_only_hot
from engine.definitions.hot_definition import written
from engine.facts import Command
from engine.organisation.models import Person, Region
from engine.publishing.proposals import Published
from engine.publishing.publish import publish
from engine.timers.models import TimerRow
from engine.vocabulary import load
from tests.factories import a_group, a_person, a_region, a_unit
from tests.publishers import publishers_if_needed

LEAVE = """\
schema: casework/1
case_type: leave
version: 1.0.0
title: {id: Cuti, en: Leave}
legal_basis: [PP 11/2017]
parameters:
  longest: {type: integer, default: 12, minimum: 1, maximum: 30, hot: true}
  patience: {type: integer, default: 3, hot: true}
  fixed: {type: integer, default: 5}
calendars:
  office: {timezone: Asia/Jakarta, working_days: [mon, tue, wed, thu, fri]}
roles:
  employee: {title: {id: Pegawai, en: Employee}, resolve: initiator}
  head: {title: {id: Atasan, en: Head}, resolve: {group: heads}}
notifications:
  told: {channel: email, to: [employee], template: {subject: {id: Kabar, en: News}, body: {id: Isi, en: Text}}}
lifecycle:
  initial: asking
  states:
    asking:
      title: {id: Pengajuan, en: Asking}
      task: {candidates: [employee], form: leave, fields: {days: edit}}
      transitions:
        submit:
          to: deciding
          title: {id: Ajukan, en: Submit}
          guard: case.days <= parameters.longest
          guard_message: {id: Terlalu lama, en: Too long}
    deciding:
      title: {id: Putusan, en: Decision}
      task: {candidates: [head], excluded: [employee]}
      timers: {late: {after: {working_days: "${patience}"}, effects: {tell: {notify: told}}}}
      transitions:
        approve: {to: granted, title: {id: Setujui, en: Approve}}
        back: {to: asking, title: {id: Kembalikan, en: Return}}
    granted: {type: final, title: {id: Disetujui, en: Granted}}
"""
FORM = """\
schema: casework-form/1
form: leave
version: 1.0.0
title: {id: Cuti, en: Leave}
fields:
  days: {type: integer, title: {id: Hari, en: Days}, help: {id: Berapa lama, en: How long}, required: true}
sections:
  main: {order: 10, title: {id: Isi, en: Content}, fields: {days: {order: 10}}}
"""
Change = tuple[str, str]


def changed(*changes: Change, form: tuple[Change, ...] = (), version: str = "1.1.0") -> dict[str, str]:
    workflow, asked = LEAVE.replace("1.0.0", version), FORM
    for old, new in changes:
        assert workflow.count(old) == 1, old
        workflow = workflow.replace(old, new)
    for old, new in form:
        assert asked.count(old) == 1, old
        asked = asked.replace(old, new)
    return {"workflows/leave.yaml": workflow, "forms_config/leave.yaml": asked}


def published(session: Session, now: datetime, files: dict[str, str], region: int | None = None) -> Published:
    return publish(
        session,
        files,
        "leave",
        reason="Berlaku",
        region=region,
        vocabulary=load(),
        now=now,
        prove=lambda _: (),
        **publishers_if_needed(session, "leave", region),
    )


class Office:
    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self.region: Region = a_region(session)
        unit = a_unit(session, self.region, "section")
        self.sari: Person = a_person(session, unit, "Sari")
        self.budi: Person = a_person(session, unit, "Budi")
        a_group(session, self.region, "heads", self.budi)
        self.first = published(session, now, changed(version="1.0.0"))

    def open(self, days: int = 10) -> int:
        opened = open_case(
            self.session, region_id=self.region.id, case_type="leave", person_id=self.sari.id, answers={"days": days},
            now=self.now,
        )  # fmt: skip
        assert isinstance(opened, Opened), opened
        return opened.case_id

    def publish(self, *changes: Change, version: str = "1.1.0", **more: Any) -> Published:
        self.now += timedelta(hours=1)
        return published(self.session, self.now, changed(*changes, version=version, **more))

    def case(self, case_id: int) -> StoredCase:
        return read_case(self.session, case_id, self.now)

    def act(self, case_id: int, person: Person, action: str) -> Fired | Refusal:
        return fire(self.session, case_id, Command(action, person.id), now=self.now)


@pytest.fixture
def office(session: Session, now: datetime) -> Office:
    return Office(session, now)


def test_a_title_of_the_newest_version_reaches_a_running_case_on_every_page(office: Office, session: Session) -> None:
    case_id = office.open()
    office.publish(
        ("{id: Pengajuan, en: Asking}", "{id: Permohonan, en: Request}"),
        ("{id: Ajukan, en: Submit}", "{id: Kirim, en: Send}"),
        ("title: {id: Cuti, en: Leave}", "title: {id: Izin cuti, en: Leave permit}"),
        form=(("{id: Hari, en: Days}", "{id: Jumlah hari, en: Number of days}"), ("Berapa lama", "Berapa hari kerja")),
    )
    stored = office.case(case_id)
    assert stored.row.digest == office.first.digest == stored.definition.digest
    assert stored.definition.version == "1.0.0"
    page = case_page(session, office.sari.id, case_id, office.now)
    assert page.states[0].title.id == "Permohonan"
    assert [action.title.id for action in page.actions if action.action == "submit"] == ["Kirim"]
    assert stored.definition.fields["days"].title.en == "Number of days"
    assert stored.definition.fields["days"].help.id == "Berapa hari kerja"  # type: ignore[union-attr]
    (row,) = queue_page(session, office.sari.id, office.now).rows
    assert (row.state_title.id, row.type_title.id) == ("Permohonan", "Izin cuti")


def test_a_hot_parameter_reaches_a_running_case_and_another_does_not(office: Office) -> None:
    case_id = office.open(days=14)
    refused = office.act(case_id, office.sari, "submit")
    assert isinstance(refused, Refusal) and refused.code == "guard"
    office.publish(("default: 12", "default: 20"), ("default: 5", "default: 9"))
    assert office.case(case_id).definition.parameter_values == {"longest": 20, "patience": 3, "fixed": 5}
    assert isinstance(office.act(case_id, office.sari, "submit"), Fired)


def test_a_hot_parameter_outside_the_old_limits_brings_its_limits_along(office: Office) -> None:
    case_id = office.open()
    office.publish(("default: 12, minimum: 1, maximum: 30", "default: 40, minimum: 1, maximum: 60"))
    assert office.case(case_id).definition.parameter_values["longest"] == 40


def test_a_parameter_is_hot_only_where_both_versions_say_so(office: Office) -> None:
    case_id = office.open()
    office.publish(("default: 5}", "default: 9, hot: true}"), ("default: 3, hot: true", "default: 4"))
    assert office.case(case_id).definition.parameter_values == {"longest": 12, "patience": 3, "fixed": 5}


def test_a_deadline_that_runs_keeps_its_moment_and_the_next_one_counts_anew(office: Office, session: Session) -> None:
    def due() -> datetime:
        return session.scalars(select(TimerRow.due_at).where(TimerRow.case_id == case_id)).one()

    case_id = office.open()
    assert isinstance(office.act(case_id, office.sari, "submit"), Fired)
    before = due()
    office.publish(("default: 3,", "default: 8,"))
    assert due() == before
    assert isinstance(office.act(case_id, office.budi, "back"), Fired)
    assert isinstance(office.act(case_id, office.sari, "submit"), Fired)
    assert due() > before + timedelta(days=6)


def test_a_mail_text_reaches_mails_of_running_cases(office: Office) -> None:
    case_id = office.open()
    office.publish(("subject: {id: Kabar, en: News}", "subject: {id: Pemberitahuan, en: Notice}"))
    told = office.case(case_id).definition.notifications["told"]
    assert told.subject is not None and told.subject.id == "Pemberitahuan"


def test_rules_of_the_newest_version_wait_for_new_cases(office: Office) -> None:
    case_id = office.open(days=14)
    office.publish(
        ("guard: case.days <= parameters.longest", "guard: case.days <= 99"),
        ("approve: {to: granted,", "approve: {to: asking,"),
        ("back: {to: asking,", "back: {to: granted,"),
        form=(("required: true", "required: true, maximum: 9"),),
    )
    definition = office.case(case_id).definition
    assert definition.states["deciding"].transitions["approve"].to == "granted"
    assert "maximum" not in definition.fields["days"].options
    assert isinstance(office.act(case_id, office.sari, "submit"), Refusal)
    assert isinstance(office.act(office.open(days=9), office.sari, "submit"), Fired)


def test_a_text_that_means_something_else_by_now_stays_as_it_was(office: Office) -> None:
    case_id = office.open()
    office.publish(
        ("approve: {to: granted, title: {id: Setujui, en: Approve}}", "approve: {to: asking, title: {id: Ulang, en: Redo}}"),  # noqa: E501
        ("back: {to: asking,", "back: {to: granted,"),
        ("guard: case.days <= parameters.longest", "guard: case.days <= 3"),
        ("{id: Terlalu lama, en: Too long}", "{id: Paling lama 3 hari, en: At most 3 days}"),
        ("{id: Putusan, en: Decision}", "{id: Keputusan, en: Ruling}"),
        ("resolve: {group: heads}", "resolve: {group: chiefs}"),
        ("{id: Atasan, en: Head}", "{id: Camat, en: Chief}"),
        ("default: 12", "default: 15"),
    )  # fmt: skip
    definition = office.case(case_id).definition
    submit = definition.states["asking"].transitions["submit"]
    assert definition.states["deciding"].transitions["approve"].title.id == "Setujui"
    assert submit.guard_message is not None and submit.guard_message.id == "Terlalu lama"
    assert definition.roles["head"].title.id == "Atasan"
    assert definition.states["deciding"].title.id == "Keputusan"
    assert definition.parameter_values["longest"] == 15


def test_a_step_that_became_another_keeps_its_title(office: Office) -> None:
    case_id = office.open()
    office.publish(
        ("    granted: {type: final, title: {id: Disetujui, en: Granted}}\n",
         "    granted: {title: {id: Arsip, en: Archive}, task: {candidates: [head], excluded: [employee]},"
         " transitions: {close: {to: closed}}}\n    closed: {type: final}\n"),
    )  # fmt: skip
    assert office.case(case_id).definition.states["granted"].title.id == "Disetujui"
    assert "closed" not in office.case(case_id).definition.states


def test_a_value_the_old_structure_cannot_bear_does_not_reach_it_and_the_words_still_do(office: Office) -> None:
    case_id = office.open()
    office.publish(
        ("type: integer, default: 3, hot: true", "type: integer, default: 900000000, hot: true"),
        ('{after: {working_days: "${patience}"}', "{after: {days: 3}"),
        ("{id: Putusan, en: Decision}", "{id: Keputusan, en: Ruling}"),
    )  # fmt: skip
    definition = office.case(case_id).definition
    assert definition.parameter_values["patience"] == 3
    assert definition.states["deciding"].title.id == "Keputusan"


def test_publishing_the_older_version_again_takes_its_words_back(office: Office) -> None:
    case_id = office.open()
    office.publish(("{id: Pengajuan, en: Asking}", "{id: Permohonan, en: Request}"))
    assert office.case(case_id).definition.states["asking"].title.id == "Permohonan"
    office.now += timedelta(hours=1)
    published(office.session, office.now, changed(version="1.0.0"))
    assert office.case(case_id).definition.states["asking"].title.id == "Pengajuan"


def test_what_waits_for_its_day_is_not_felt_before(office: Office) -> None:
    case_id = office.open()
    tomorrow = (office.now + timedelta(days=1)).date().isoformat()
    office.publish(("{id: Pengajuan, en: Asking}", "{id: Permohonan, en: Request}"),
                   ("legal_basis: [PP 11/2017]", f"legal_basis: [PP 11/2017]\nvalid_from: {tomorrow}"))  # fmt: skip
    assert office.case(case_id).definition.states["asking"].title.id == "Pengajuan"
    office.now += timedelta(days=2)
    assert office.case(case_id).definition.states["asking"].title.id == "Permohonan"


def test_a_region_with_its_own_version_hears_of_its_own_only(office: Office, session: Session) -> None:
    overlay = (
        f"schema: casework/1\noverlay: leave.ours\nextends: {{case_type: leave, version: ^1.0}}\n"
        f"region: {office.region.key}\npatch: {{roles: {{head: {{title: Lurah}}}}}}\n"
    )
    path = f"workflows/regions/{office.region.key}/leave.yaml"
    own = published(session, office.now, changed(version="1.0.0") | {path: overlay}, office.region.id)
    case_id = office.open()
    office.publish(("{id: Pengajuan, en: Asking}", "{id: Permohonan, en: Request}"))
    stored = office.case(case_id)
    assert stored.row.digest == own.digest
    assert stored.definition.states["asking"].title.id == "Pengajuan"
    newer = changed(("default: 12", "default: 13"), version="1.2.0") | {path: overlay.replace("Lurah", "Kepala desa")}
    published(session, office.now, newer, office.region.id)
    stored = office.case(case_id)
    assert (stored.definition.roles["head"].title.id, stored.definition.parameter_values["longest"]) == (
        "Kepala desa",
        13,
    )


def test_what_was_rolled_back_is_forgotten(database: Database, now: datetime) -> None:
    with database.writing() as session, session.begin():
        office = Office(session, now)
        case_id = office.open()
    with database.writing() as session:
        session.begin()
        published(session, now, changed(("{id: Pengajuan, en: Asking}", "{id: Permohonan, en: Request}")))
        assert read_case(session, case_id, now).definition.states["asking"].title.id == "Permohonan"
        session.rollback()
    with database.writing() as session, session.begin():
        published(session, now, changed(("{id: Pengajuan, en: Asking}", "{id: Mohon, en: Ask}")))
    with database.reading() as session:
        assert read_case(session, case_id, now).definition.states["asking"].title.id == "Mohon"
        assert session.get_one(Case, case_id).digest


@pytest.mark.parametrize(
    ("change", "is_hot"),
    [
        (("{id: Pengajuan, en: Asking}", "{id: Permohonan, en: Request}"), True),
        (("default: 12", "default: 13"), True),
        (("legal_basis: [PP 11/2017]", "legal_basis: [PP 17/2020]"), True),  # no running case feels it
        (("default: 5", "default: 6"), False),
        (("approve: {to: granted", "approve: {to: asking"), False),
        (("excluded: [employee]", "excluded: []"), False),
    ],
)
def test_only_the_canonical_forms_decide_whether_a_change_is_hot(change: Change, is_hot: bool) -> None:
    old = written(changed(version="1.0.0"), "leave", None)
    new = written(changed(change), "leave", None)
    assert old is not None and new is not None
    assert is_only_hot(old, new) is is_hot


def test_answers_and_keys_named_title_or_help_are_no_texts() -> None:
    form = FORM.replace(
        "  days:", "  title: {type: text, title: {id: Judul, en: Title}}\n  help: {type: text}\n  days:"
    )
    other = form.replace("type: text, title:", "type: paragraph, title:").replace(
        "help: {type: text}", "help: {type: date}"
    )
    sides = [written({"workflows/leave.yaml": LEAVE, "forms_config/leave.yaml": text}, "leave", None) for text in (form, other)]  # fmt: skip  # noqa: E501
    assert sides[0] is not None and sides[1] is not None
    assert list(hot_changes(sides[0], sides[1])) == []
    assert not is_only_hot(sides[0], sides[1])
