"""Who a reporter is: asked for with a motive, decided by somebody else, opened for who asked."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.audit.models import AuditEntry
from engine.cases.catching_up import catch_up
from engine.cases.identity_release import ask, decide, waiting_for
from engine.cases.pages import case_page
from engine.cases.sealed_attaching import open_file
from engine.cases.stored import read_case
from engine.disclosure.declared import Declared, identity_text
from engine.disclosure.models import CaseKey, IdentityRelease, SealedFile
from engine.disclosure.primitives import new_key, wrap
from engine.disclosure.seals import CaseSeal, to_text
from engine.disclosure.vault import Vault, new_file_id, place_of
from engine.errors import KeyNeeded, NotFound
from engine.organisation.models import Group, GroupMember
from engine.outbox.models import Message
from tests.sealed_office import SealedOffice, a_sealed_office
from tests.sealed_type import rows_with

MOTIVE = "Saksi kunci perlu dipanggil sidang kode etik"
NAME = "Citra Ayu Rahasia"


@pytest.fixture
def office(session: Session, now: datetime) -> SealedOffice:
    office = a_sealed_office(session, now)
    report(office, "confidential")
    return office


def report(office: SealedOffice, way: str) -> None:
    office.way, office.identity = Declared(way).to_text(), identity_text(way, {"name": NAME})
    office.report()


def asks(office: SealedOffice, name: str = "ida", motive: str = MOTIVE):
    office.at_work(name)
    return ask(office.session, office.case_id, office.people[name].id, motive, office.now)


def decides(office: SealedOffice, name: str, *, is_approved: bool = True, note: str = "Beralasan"):
    office.at_work(name)
    release = office.session.scalars(select(IdentityRelease.id).where(IdentityRelease.case_id == office.case_id)).one()
    return decide(office.session, release, office.people[name].id, is_approved=is_approved, note=note, now=office.now)


def page(office: SealedOffice, name: str = "ida"):
    office.at_work(name)
    found = case_page(office.session, office.people[name].id, office.case_id, office.now).sealed
    assert found is not None
    return found


def test_T26_the_identity_cannot_be_opened_with_the_report_key_only_after_custodian_release(
    office: SealedOffice, session: Session
) -> None:
    assert page(office).identity is None
    own = select(CaseKey).where(CaseKey.holder == f"officer:{office.people['ida'].id}", CaseKey.kind == "identity-key")
    assert session.scalars(own).all() == []
    assert asks(office) is None
    assert page(office).identity is None
    assert decides(office, "kiki") is None
    assert page(office).identity == {"name": NAME}
    assert page(office, "irma").identity is None  # another recipient has to ask for themselves
    assert rows_with(session, NAME) == []


def test_T35_an_identity_request_needs_a_motive(office: SealedOffice) -> None:
    assert asks(office, motive="  perlu  ").code == "field_invalid"
    assert office.session.scalars(select(IdentityRelease)).all() == []


def test_T35_who_asks_never_decides(session: Session, now: datetime) -> None:
    office = a_sealed_office(session, now)
    receives = select(Group).where(Group.key == "complaint_intake", Group.region_id == office.region.id)
    session.add(GroupMember(group_id=session.scalars(receives).one().id, person_id=office.people["kiki"].id))
    office.region.organisation_revision += 1
    session.flush()
    report(office, "confidential")
    assert page(office, "kiki").identity is None  # a custodian's own key is not a release
    assert asks(office, "kiki") is None
    assert decides(office, "kiki").sentence.en == "Somebody else has to decide your request."
    assert page(office, "kiki").identity is None
    assert decides(office, "koko") is None
    assert page(office, "kiki").identity == {"name": NAME}


def test_who_was_a_custodian_opens_no_original_by_the_copy_that_is_left(
    office: SealedOffice, session: Session, tmp_path: Path
) -> None:
    vault, people = Vault(tmp_path), office.people
    office.at_work("ida")
    stored = read_case(session, office.case_id, office.now)
    assert stored.seal is not None
    copy, original = new_file_id(), new_file_id()
    for one, kind, of_file in ((copy, "file", None), (original, "original", copy)):
        key = new_key()
        with vault.arriving(one, key, place_of(stored.facts.region, one)) as coming:
            coming.write(b"foto")
            coming.keep()
        about = {"name": "f.jpg", "media_type": "image/jpeg", "size": 4, "sha256": "-", "original_sha256": "-"}
        session.add(
            SealedFile(id=one, region_id=office.region.id, case_id=office.case_id, kind=kind, of_file=of_file,
                       side="reporter", day=office.now.date(), about=stored.seal.lock_json(f"file:{one}", about),
                       wrapped=_wrapped(stored.seal, one, key), stored_bytes=coming.stored_bytes)
        )  # fmt: skip
    kiki = people["kiki"].id
    members = select(Group).where(Group.key == "complaint_intake", Group.region_id == office.region.id)
    session.add(GroupMember(group_id=session.scalars(members).one().id, person_id=kiki))
    office.region.organisation_revision += 1
    session.flush()
    office.at_work("ida")
    assert catch_up(session, people["ida"].id, office.now) == 1
    office.at_work("kiki")
    assert b"".join(open_file(session, office.case_id, original, kiki, office.now, vault)[1]) == b"foto"
    custodians = select(Group.id).where(Group.key == "custodians", Group.region_id == office.region.id)
    session.execute(
        delete(GroupMember).where(GroupMember.group_id.in_(custodians), GroupMember.person_id == kiki)
    )  # fmt: skip
    office.region.organisation_revision += 1
    session.flush()
    assert session.get(CaseKey, (office.case_id, "identity-key", _holder(office, "kiki"))) is not None
    office.at_work("kiki")
    assert b"".join(open_file(session, office.case_id, copy, kiki, office.now, vault)[1]) == b"foto"
    with pytest.raises(NotFound):
        open_file(session, office.case_id, original, kiki, office.now, vault)
    shown = case_page(session, kiki, office.case_id, office.now).attachments
    assert [one.original_id for one in shown] == [None]


def _holder(office: SealedOffice, name: str) -> str:
    return f"officer:{office.people[name].id}"


def test_T35_a_refusal_says_why_and_opens_nothing(office: SealedOffice) -> None:
    assert asks(office) is None
    assert decides(office, "kiki", is_approved=False, note="").code == "field_invalid"
    assert decides(office, "kiki", is_approved=False, note="Cukup bukti lain") is None
    seen = page(office)
    assert seen.identity is None and seen.may_ask
    assert [(each.state, each.note) for each in seen.releases] == [("refused", "Cukup bukti lain")]
    assert decides(office, "koko").sentence.en == "This request is decided already."


def test_a_request_waits_for_every_custodian_and_is_told_by_the_constant_mail(
    office: SealedOffice, now: datetime
) -> None:
    assert asks(office) is None
    assert asks(office).sentence.en == "Your request still waits for a decision."
    told = set(office.session.scalars(select(Message.person_id).where(Message.notification == "sealed")))
    assert {office.people[name].id for name in ("kiki", "koko", "kuku")} <= told
    for name in ("kiki", "kuku"):
        office.at_work(name)
        found = waiting_for(office.session, office.people[name].id, now)
        assert [(each.number, each.asked_by, each.motive) for each in found] == [(office.number, "Ida", MOTIVE)]


def test_who_is_no_custodian_finds_no_request(office: SealedOffice, now: datetime) -> None:
    assert asks(office) is None
    for name in ("ida", "irma", "sam", "udin"):
        office.at_work(name)
        assert waiting_for(office.session, office.people[name].id, now) == ()
        with pytest.raises(NotFound):
            decides(office, name)


def test_without_the_key_at_hand_a_custodian_reads_and_decides_nothing(office: SealedOffice, now: datetime) -> None:
    assert asks(office) is None
    office.at_work(None)
    with pytest.raises(KeyNeeded):
        waiting_for(office.session, office.people["kiki"].id, now)


def test_who_does_not_handle_the_case_any_more_is_not_told_the_name(office: SealedOffice) -> None:
    assert asks(office) is None
    assert office.do("ida", "register") is None
    assert decides(office, "kiki").sentence.en == "Who asked no longer handles this case."


def test_a_released_identity_is_shut_again_with_the_case(office: SealedOffice, session: Session) -> None:
    asks(office)
    decides(office, "kiki")
    assert session.get(CaseKey, (office.case_id, "identity-key", _holder(office, "ida"))) is not None
    assert office.do("ida", "register") is None
    assert session.get(CaseKey, (office.case_id, "identity-key", _holder(office, "ida"))) is None
    assert session.get(CaseKey, (office.case_id, "identity-key", _holder(office, "kiki"))) is not None


@pytest.mark.parametrize("way", ["anonymous", "open"])
def test_where_no_name_was_left_in_confidence_there_is_nothing_to_ask(
    session: Session, now: datetime, way: str
) -> None:
    office = a_sealed_office(session, now)
    report(office, way)
    assert not page(office).may_ask
    assert asks(office).code == "field_invalid"


def test_a_motive_and_a_note_lie_locked_in_the_database(office: SealedOffice, session: Session) -> None:
    asks(office)
    decides(office, "kiki", note="Setuju karena sidang")
    assert rows_with(session, MOTIVE) == [] and rows_with(session, "karena sidang") == []


def test_every_act_is_on_record_without_a_word_of_it(office: SealedOffice, session: Session) -> None:
    asks(office)
    decides(office, "koko")
    rows = session.scalars(select(AuditEntry).where(AuditEntry.subject == f"case:{office.case_id}")).all()
    assert [(row.event, row.actor_id) for row in rows] == [
        ("identity_requested", office.people["ida"].id), ("identity_released", office.people["koko"].id),
    ]  # fmt: skip


def _wrapped(seal: CaseSeal, file_id: str, key: bytes) -> str:
    return to_text(wrap(seal.content, key, seal.name.context(f"file-key:{file_id}")))
