"""A sealed case in the store: who can open it, what is written in the clear, and what the rules take away again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engine.cases import drafts
from engine.cases.access import may_see, reader_of
from engine.cases.catching_up import catch_up
from engine.cases.escalate import run_due_timers
from engine.cases.follow import comment
from engine.cases.models import Case, CaseAnswers
from engine.cases.pages import case_page
from engine.cases.pausing import pause, resume
from engine.cases.queue_page import queue_page
from engine.cases.stored import read_case
from engine.disclosure.conversation import messages
from engine.disclosure.models import CaseKey, OfficerKey
from engine.disclosure.primitives import CannotOpen
from engine.disclosure.seals import seal_of
from engine.errors import KeyNeeded, NotFound
from engine.facts import REPORTER
from engine.organisation.models import Group, GroupMember
from engine.outbox.models import Message
from tests.factories import a_person
from tests.sealed_office import SECRET, SealedOffice, a_key_of, a_sealed_office
from tests.sealed_type import rows_with


@pytest.fixture
def office(session: Session, now: datetime) -> SealedOffice:
    return a_sealed_office(session, now)


def holders(office: SealedOffice) -> set[str]:
    rows = office.session.scalars(
        select(CaseKey.holder).where(CaseKey.case_id == office.case_id, CaseKey.kind == "content-key")
    )
    names = {f"officer:{person.id}": name for name, person in office.people.items()}
    return {names.get(holder, holder) for holder in rows}


def sees(office: SealedOffice, name: str) -> bool:
    reader = reader_of(office.session, office.people[name].id, office.now)
    in_queue = {row.case_id for row in queue_page(office.session, reader.person_id, office.now).rows}
    seen = may_see(office.session, reader, office.case_id)
    assert seen or office.case_id not in in_queue
    return seen


def test_a_report_is_open_to_its_recipients_and_the_receipt_alone(office: SealedOffice) -> None:
    office.report()
    assert holders(office) == {"ida", "irma", "receipt"}
    assert sees(office, "ida") and not sees(office, "vina") and not sees(office, "sam")


def test_nothing_that_was_written_lies_in_the_database(office: SealedOffice, session: Session) -> None:
    office.report()
    assert office.do("ida", "register", reported_aliases=["Si Untung"]) is None
    assert office.do("vina", "complete", verification_note="Cukup jelas adanya", comment="Catatan dalam") is None
    for marker in (SECRET, "Si Untung", "Cukup jelas adanya", "Catatan dalam", "corruption"):
        assert rows_with(session, marker, without=frozenset(("definition_versions", "publication_texts"))) == []


def test_who_has_no_key_at_hand_reads_no_answer_and_moves_nothing(office: SealedOffice, now: datetime) -> None:
    office.report()
    office.at_work(None)
    stored = read_case(office.session, office.case_id, now)
    with pytest.raises(KeyNeeded):
        stored.facts.answers.get("summary")
    office.at_work("ida")
    assert read_case(office.session, office.case_id, now).facts.answers["summary"] == SECRET


def test_each_step_gives_and_takes_copies(office: SealedOffice) -> None:
    office.report()
    assert office.do("ida", "register") is None
    assert holders(office) == {"vina", "vito", "irma", "receipt"}
    assert office.do("vina", "complete", verification_note="Lengkap") is None
    assert holders(office) == {"rani", "irma", "receipt"}
    with pytest.raises(NotFound):
        office.do("vina", "complete")


def test_somebody_named_later_is_out_at_once(office: SealedOffice) -> None:
    office.report()
    assert office.do("ida", "register") is None
    assert sees(office, "vito")
    assert office.do("vina", "ask_reporter", "Siapa lagi", reported_others=[office.people["vito"].id]) is None
    assert "vito" not in holders(office) and not sees(office, "vito")
    assert office.do(REPORTER, "provide") is None
    assert holders(office) == {"oscar", "receipt"}  # colleagues and superiors of who is reported are out as well
    with pytest.raises(NotFound):
        office.do("vito", "complete", verification_note="x")


def test_who_declares_a_conflict_is_out_and_the_others_go_on(office: SealedOffice) -> None:
    office.report()
    assert office.do("ida", "register") is None
    assert office.do("vito", "declare_conflict", "Ia ipar saya") is None
    assert holders(office) == {"vina", "irma", "receipt"} and not sees(office, "vito")
    assert office.do("vina", "complete", verification_note="Lengkap") is None


def test_when_all_are_in_conflict_the_body_outside_has_it(office: SealedOffice) -> None:
    office.report(reported_others=[office.people["ida"].id, office.people["irma"].id])
    assert holders(office) == {"oscar", "receipt"}


def test_without_anybody_who_holds_a_key_nothing_is_kept(session: Session, now: datetime) -> None:
    office = a_sealed_office(session, now)
    session.execute(delete(OfficerKey))
    refused = office.report()
    assert getattr(refused, "code", None) == "no_key_holder"


def test_the_whole_way_to_the_answer(office: SealedOffice) -> None:
    office.report(unit=office.units["market"].id, reported_person=office.people["udin"].id)
    assert office.do("ida", "register") is None
    assert office.do("vina", "complete", verification_note="Lengkap") is None
    assert office.do("rani", "submit_review", review_note="Cukup", supervisory="supervisory", impact="agency") is None
    assert office.do("irma", "examine") is None
    team = {"technical_controller": ["tika"], "lead_investigator": ["leo"], "investigator": ["nia", "oka"]}
    assert (
        office.do("sam", "draft_letter", assign=team, scope="Retribusi", witnesses=["Pedagang A", "Pedagang B"]) is None
    )
    for name in ("adi", "sekar", "irma"):
        assert office.do(name, "sign") is None
    assert {"leo", "nia", "oka"} <= holders(office)
    assert rows_with(office.session, "Pedagang A") == []
    assert office.do("nia", "record", item="Pedagang A", attachments=1) is None
    assert office.do("leo", "record", item="Pedagang B", attachments=1) is None
    assert office.do("oka", "close_file") is None
    assert office.do("leo", "note_reply", reported_reply="Membantah") is None
    assert office.do("leo", "propose_report", findings="Kurang setor", outcome="discipline_medium") is None
    for name in ("tika", "sekar", "irma"):
        assert office.do(name, "approve") is None
    assert office.do("wali", "order_follow_up", recommendations=["Setor kembali"]) is None
    assert office.do("umar", "carry_out", item="Setor kembali", attachments=1) is None
    assert office.do("sam", "close", answer="Terbukti", protection="measures") is None
    office.at_work(REPORTER)
    assert read_case(office.session, office.case_id, office.now).facts.answers["answer"] == "Terbukti"


def test_a_deadline_that_asks_for_answers_waits_for_a_key(office: SealedOffice, now: datetime) -> None:
    office.report()
    later = now + timedelta(days=7)
    office.at_work(None)
    assert run_due_timers(office.session, later, "worker") == 1
    assert run_due_timers(office.session, later, "worker") == 0
    rows = office.session.scalars(select(Message).where(Message.notification == "sealed")).all()
    assert {row.case_id for row in rows} == {0} and {row.person_id for row in rows} >= {office.people["ida"].id}
    assert holders(office) == {"ida", "irma", "receipt"}
    office.at_work("ida")
    assert catch_up(office.session, office.people["ida"].id, later) == 1
    assert {"sam", "susi"} <= holders(office)


def test_a_deadline_that_asks_for_nothing_needs_no_key(office: SealedOffice, now: datetime) -> None:
    office.report()
    assert office.do("ida", "register") is None
    assert office.do("vina", "ask_reporter", "Kapan") is None
    office.at_work(None)
    for days in (8, 15, 30):
        run_due_timers(office.session, now + timedelta(days=days), "worker")
    assert office.session.get_one(Case, office.case_id).closed_at is not None
    assert "vina" in holders(office)  # at the end those who hold a copy keep it
    office.at_work("vina")
    assert read_case(office.session, office.case_id, now).facts.answers["summary"] == SECRET


def test_somebody_new_gets_a_copy_when_a_holder_comes_next(office: SealedOffice, now: datetime) -> None:
    office.report()
    newcomer = a_person(office.session, office.units["inspectorate"], "Baru")
    group = office.session.scalars(
        select(Group).where(Group.key == "complaint_intake", Group.region_id == office.region.id)
    ).one()
    office.session.add(GroupMember(group_id=group.id, person_id=newcomer.id))
    office.people = {**office.people, "baru": newcomer}
    office.session.add(a_key_of(newcomer, now))
    office.region.organisation_revision += 1
    office.session.flush()
    assert not sees(office, "baru")
    office.at_work("irma")
    assert catch_up(office.session, office.people["irma"].id, now) == 1
    assert sees(office, "baru")
    assert catch_up(office.session, office.people["irma"].id, now) == 0


def test_the_page_a_draft_and_a_remark_open_with_the_key(office: SealedOffice, session: Session, now: datetime) -> None:
    office.report()
    ida = office.people["ida"].id
    office.at_work(None)
    with pytest.raises(KeyNeeded):
        case_page(session, ida, office.case_id, now)
    office.at_work("ida")
    drafts.save(
        session, ida, drafts.of_case(office.case_id), form="complaint", answers={"reason": "Untuk sendiri"}, now=now,
        comment="Belum selesai",
    )  # fmt: skip
    comment(session, office.case_id, ida, "Hati-hati dengan Pak Untung", now)
    for marker in ("Untuk sendiri", "Belum selesai", "Pak Untung"):
        assert rows_with(session, marker) == []
    kept = drafts.load(session, ida, drafts.of_case(office.case_id))
    assert kept is not None and kept.answers == {"reason": "Untuk sendiri"} and kept.comment == "Belum selesai"
    page = case_page(session, ida, office.case_id, now)
    assert [said.text for said in page.comments] == ["Hati-hati dengan Pak Untung"]
    assert page.history[0].sentence.id.startswith("Pelapor membuka") and page.answers["summary"] == SECRET
    assert page.initiator_name is None and page.unit_name is None


def test_a_question_and_its_answer_are_told_in_the_conversation(office: SealedOffice, session: Session) -> None:
    office.report()
    assert office.do("ida", "register", "Catatan dalam") is None
    assert office.do("vina", "ask_reporter", "Kapan kejadiannya?") is None
    assert office.do(REPORTER, "provide", "Bulan Januari") is None
    said = messages(session, seal_of(session, office.case_id), office.case_id, REPORTER)
    assert [(each.side, each.text) for each in said] == [
        ("office", "Kapan kejadiannya?"),
        ("reporter", "Bulan Januari"),
    ]
    assert rows_with(session, "Kapan kejadiannya") == [] and rows_with(session, "Bulan Januari") == []


def test_outside_acts_are_told_by_their_day(office: SealedOffice) -> None:
    office.report()
    case = office.session.get_one(Case, office.case_id)
    assert case.opened_at.astimezone(office.zone).strftime("%H:%M:%S") == "00:00:00"
    assert case.title == "Penanganan pengaduan" and case.initiator_id is None and case.unit_id is None
    with_key = select(CaseKey).where(CaseKey.case_id == office.case_id, CaseKey.kind == "identity-key")
    assert len(office.session.scalars(with_key).all()) == 3  # the custodians


def test_the_reason_of_a_pause_is_sealed_too(office: SealedOffice, session: Session, now: datetime) -> None:
    office.report()
    later = now + timedelta(days=7)
    run_due_timers(session, later, "worker")
    office.at_work("ida")
    catch_up(session, office.people["ida"].id, later)
    office.at_work("sam")
    pause(session, office.people["sam"].id, office.case_id, "Saksi dirawat", later)
    assert rows_with(session, "Saksi dirawat") == []
    page = case_page(session, office.people["sam"].id, office.case_id, later)
    assert page.suspended_note == "Saksi dirawat" and page.history[-1].comment == "Saksi dirawat"
    with pytest.raises(NotFound):
        pause(session, office.people["wali"].id, office.case_id, "x", later)
    resume(session, office.people["sam"].id, office.case_id, "Sudah sembuh", later)


def test_a_copy_of_another_case_opens_nothing(office: SealedOffice, now: datetime) -> None:
    office.report()
    first = office.case_id
    office.report(summary="Lain sekali")
    answers = {
        row.case_id: row.answers
        for row in office.session.scalars(select(CaseAnswers).where(CaseAnswers.case_id.in_((first, office.case_id))))
    }
    office.session.execute(
        update(CaseAnswers).where(CaseAnswers.case_id == first).values(answers=answers[office.case_id])
    )
    office.at_work("ida")
    with pytest.raises(CannotOpen):
        read_case(office.session, first, now)
