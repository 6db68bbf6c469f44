"""A sealed case in the store: who can open it, what is written in the clear, and what the rules take away again."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.cases.access import may_see, reader_of
from engine.cases.queue_page import queue_page
from engine.cases.stored import read_case
from engine.disclosure.models import CaseKey, OfficerKey
from engine.errors import KeyNeeded, NotFound
from engine.facts import REPORTER
from tests.sealed_office import SECRET, SealedOffice, a_sealed_office
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
