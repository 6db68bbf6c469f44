"""A definition is published when it is proved; the same text is the same version; an older one may count again."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.audit.models import INSTALLATION, AuditEntry
from engine.audit.verify import verify
from engine.database import Database
from engine.definitions.cache import KeptDefinition
from engine.definitions.model import Definition
from engine.errors import InvalidInput, NotFound
from engine.publishing import library
from engine.publishing.approval import TwoPeopleNeeded
from engine.publishing.models import DefinitionVersion, Publication, PublicationRecord
from engine.publishing.proposals import NotPublishable, Proposal, Published
from engine.publishing.publish import propose, publish
from engine.publishing.record import Considered, publications, record_digest
from engine.vocabulary import load
from tests.factories import a_group, a_person, a_region
from tests.publishers import publishers, publishers_if_needed

LEAVE = """\
schema: casework/1
case_type: leave
version: 1.0.0
title: {id: Cuti, en: Leave}
legal_basis: [PP 11/2017]
roles:
  employee: {title: {id: Pegawai, en: Employee}, resolve: initiator}
  head: {title: {id: Atasan, en: Head}, resolve: {group: heads}}
lifecycle:
  initial: asking
  states:
    asking:
      title: {id: Pengajuan, en: Asking}
      task: {candidates: [employee]}
      transitions: {submit: {to: deciding, title: {id: Ajukan, en: Submit}}}
    deciding:
      title: {id: Putusan, en: Decision}
      task: {candidates: [head], excluded: [employee]}
      transitions: {approve: {to: granted, title: {id: Setujui, en: Approve}}}
    granted: {type: final, title: {id: Disetujui, en: Granted}}
"""
CHANGED = LEAVE.replace("1.0.0", "1.1.0").replace("PP 11/2017", "PP 17/2020")
BROKEN = LEAVE.replace("to: granted", "to: nowhere")
OVERLAY = """\
schema: casework/1
overlay: leave.ours
extends: {case_type: leave, version: ^1.0}
region: kab_contoh
patch: {title: {id: Izin cuti, en: Leave permit}}
"""
ELSEWHERE = OVERLAY.replace("kab_contoh", "elsewhere").replace("leave.ours", "leave.elsewhere").replace("^1", "^9")
ON = date(2026, 3, 2)


def files(text: str = LEAVE, **more: str) -> dict[str, str]:
    return {"workflows/leave.yaml": text} | more


def proved(definition: Definition) -> Sequence[Any]:
    return ()


def disproved(definition: Definition) -> Sequence[Any]:
    return ("a scenario",)


def published(session: Session, now: datetime, text: str = LEAVE, **values: Any) -> Published:
    given: dict[str, Any] = {"reason": "Berlaku", "region": None, "prove": proved, "files": files(text)}
    if "by" not in values:
        given |= publishers_if_needed(session, "leave", values.get("region"))
    given |= values
    return publish(session, given.pop("files"), "leave", vocabulary=load(), now=now, **given)


def proposed(session: Session, text: str = LEAVE, **values: Any) -> Proposal:
    given: dict[str, Any] = {"region": None, "prove": proved} | values
    return propose(session, files(text), "leave", vocabulary=load(), **given)


def test_a_published_version_is_what_new_cases_take(session: Session, now: datetime) -> None:
    region = a_region(session)
    found = published(session, now)
    assert (found.number, found.version, found.is_new) == (1, "1.0.0", True)
    assert library.newest(session, region.id, "leave", ON) == found.digest
    definition = library.definition(session, found.digest, load())
    assert (definition.case_type, definition.digest) == ("leave", found.digest)
    assert library.definition(session, found.digest, load()) is definition


def test_the_same_text_twice_is_the_same_version(session: Session, now: datetime) -> None:
    first = published(session, now)
    again = published(session, now + timedelta(days=1), text=LEAVE + "\n# a remark changes nothing\n")
    assert (again.digest, again.number, again.is_new) == (first.digest, 1, False)
    assert session.scalar(select(func.count()).select_from(Publication)) == 1
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1


def test_a_changed_text_is_the_next_version_and_the_old_one_stays(session: Session, now: datetime) -> None:
    region = a_region(session)
    first, second = published(session, now), published(session, now, text=CHANGED)
    assert second.number == 2
    assert second.digest != first.digest
    assert library.newest(session, region.id, "leave", ON) == second.digest
    assert library.definition(session, first.digest, load()).version == "1.0.0"


def test_publishing_an_older_version_again_is_a_roll_back(session: Session, now: datetime) -> None:
    region = a_region(session)
    first, second = published(session, now), published(session, now, text=CHANGED)
    back = published(session, now, reason="Kembali dulu")
    assert (back.digest, back.number, back.is_new) == (first.digest, 1, True)
    assert library.newest(session, region.id, "leave", ON) == first.digest
    events = session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
    assert [entry.event for entry in events][-1] == "definition_published_again"
    assert events[-1].old == {"digest": second.digest}
    assert events[-1].region_id == INSTALLATION


def test_errors_and_failing_scenarios_keep_a_definition_from_being_published(session: Session, now: datetime) -> None:
    with pytest.raises(NotPublishable) as refused:
        published(session, now, text=BROKEN)
    assert "WF020" in [problem.code for problem in refused.value.proposal.problems]
    with pytest.raises(NotPublishable) as unproved:
        published(session, now, prove=disproved)
    assert unproved.value.proposal.failures == ("a scenario",)
    assert session.scalars(select(DefinitionVersion)).all() == []
    assert session.scalars(select(AuditEntry)).all() == []


def test_a_dry_run_says_what_would_happen_and_writes_nothing(session: Session, now: datetime) -> None:
    fresh = proposed(session)
    assert (fresh.is_good, fresh.number, fresh.replaces, fresh.is_known) == (True, 1, None, False)
    first = published(session, now)
    same, changed = proposed(session), proposed(session, CHANGED)
    assert same.changes_nothing
    assert (changed.number, changed.replaces, changed.changes_nothing) == (2, first.digest, False)
    assert not proposed(session, BROKEN).is_good
    assert session.scalar(select(func.count()).select_from(DefinitionVersion)) == 1


def test_publishing_needs_a_reason(session: Session, now: datetime) -> None:
    with pytest.raises(InvalidInput, match="reason"):
        published(session, now, reason="  ")


def test_who_published_and_why_is_kept(session: Session, now: datetime) -> None:
    person = a_person(session, region_id=a_region(session).id)
    published(session, now, by=person.id, reason="Perubahan peraturan")
    row = session.scalars(select(Publication)).one()
    assert (row.published_by, row.reason, row.published_at) == (person.id, "Perubahan peraturan", now)
    assert row.legal_basis == ["PP 11/2017"]
    assert session.scalars(select(AuditEntry)).one().actor_id == person.id


def test_a_version_valid_from_a_later_day_waits_for_it(session: Session, now: datetime) -> None:
    region = a_region(session)
    first = published(session, now)
    later = published(session, now, text=CHANGED + "valid_from: 2026-04-01\n")
    repaired = published(session, now + timedelta(days=1), text=LEAVE.replace("1.0.0", "1.0.1"))
    assert library.newest(session, region.id, "leave", ON) == first.digest
    assert library.newest(session, region.id, "leave", date(2026, 3, 31)) == repaired.digest
    assert library.newest(session, region.id, "leave", date(2026, 4, 1)) == later.digest


def test_a_regions_own_version_wins_there_and_only_there(session: Session, now: datetime) -> None:
    ours, other = a_region(session, "kab_contoh"), a_region(session)
    general = published(session, now)
    with_overlay = files(**{"workflows/regions/kab_contoh/leave.yaml": OVERLAY})
    own = published(session, now, files=with_overlay, region=ours.id)
    newer = published(session, now + timedelta(days=1), text=CHANGED)
    assert (general.number, own.number, newer.number) == (1, 1, 2)
    assert library.newest(session, ours.id, "leave", date(2026, 3, 9)) == own.digest
    assert library.newest(session, other.id, "leave", date(2026, 3, 9)) == newer.digest
    assert library.definition(session, own.digest, load()).title.id == "Izin cuti"
    assert session.scalars(select(AuditEntry.region_id).where(AuditEntry.region_id == ours.id)).all() == [ours.id]
    listed = library.newest_of_all(session, ours.id, date(2026, 3, 9))
    assert {key: (one.digest, one.title["id"]) for key, one in listed.items()} == {"leave": (own.digest, "Izin cuti")}


def test_another_regions_file_holds_nobody_up(session: Session, now: datetime) -> None:
    ours = a_region(session, "kab_contoh")
    broken = {"workflows/regions/elsewhere/leave.yaml": ELSEWHERE}
    assert published(session, now, files=files(**broken)).is_new
    own = files(**broken, **{"workflows/regions/kab_contoh/leave.yaml": OVERLAY})
    assert published(session, now, files=own, region=ours.id).is_new


def test_what_is_not_published_is_not_found(session: Session, now: datetime) -> None:
    region = a_region(session)
    with pytest.raises(NotFound):
        library.newest(session, region.id, "leave", ON)
    published(session, now)
    with pytest.raises(NotFound):
        library.newest(session, region.id, "leave", ON - timedelta(days=1))
    with pytest.raises(NotFound):
        library.definition(session, "no such digest", load())
    with pytest.raises(NotFound):
        published(session, now, region=4711, by=None, approved_by=None)
    assert library.newest_of_all(session, region.id, ON - timedelta(days=1)) == {}


def test_what_was_compiled_is_kept_for_the_next_process(session: Session, now: datetime, tmp_path: Path) -> None:
    library.keep_compiled(tmp_path / "compiled", "k" * 32)
    try:
        digest = published(session, now).digest
        assert not isinstance(library.definition(session, digest, load()), KeptDefinition)
        library.keep_compiled(tmp_path / "compiled", "k" * 32)  # as a process does that starts
        kept = library.definition(session, digest, load())
        assert isinstance(kept, KeptDefinition)
        assert (kept.digest, kept.title.id, list(kept.states)) == (digest, "Cuti", ["asking", "deciding", "granted"])
        assert library.definition(session, digest, load()) is kept
    finally:
        library.keep_compiled(None, "")


def test_two_who_publish_at_once_get_two_numbers(database: Database, now: datetime) -> None:
    numbers: list[int] = []
    with database.writing.begin() as session:
        two = publishers(session)

    def publish_one(version: str) -> None:
        with database.writing.begin() as session:
            numbers.append(published(session, now, text=LEAVE.replace("1.0.0", version), **two).number)

    threads = [threading.Thread(target=publish_one, args=(f"1.0.{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [1, 2, 3, 4]


def test_many_threads_get_one_compiled_definition(database: Database, now: datetime) -> None:
    text = LEAVE.replace("1.0.0", "7.0.0")
    with database.writing.begin() as session:
        digest = published(session, now, text=text).digest
    found: list[Definition] = []

    def read() -> None:
        with database.reading() as session:
            found.append(library.definition(session, digest, load()))

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len({id(definition) for definition in found}) == 1


def test_changing_what_counts_needs_two_people_who_may(session: Session, now: datetime) -> None:
    region, other = a_region(session), a_region(session)
    first = published(session, now, by=None, approved_by=None)  # an installation begins: nobody is asked
    two, stranger = publishers(session, region.id), publishers(session, other.id)
    member = a_person(session, region_id=region.id)
    supervisor = a_person(session, region_id=region.id)
    a_group(session, region, "supervisors", supervisor)
    wrong = (
        (None, None), (two["by"], None), (None, two["approved_by"]), (two["by"], two["by"]), (two["by"], member.id),
        (member.id, two["by"]), (two["by"], stranger["by"]),
    )  # fmt: skip
    for by, second in wrong:
        with pytest.raises(TwoPeopleNeeded):
            published(session, now, text=CHANGED, region=region.id, by=by, approved_by=second)
    assert published(session, now, by=None).digest == first.digest  # the same text changes nothing
    assert published(session, now, text=CHANGED, region=region.id, by=two["by"], approved_by=supervisor.id).is_new


def test_the_record_of_a_publication_is_kept_and_the_audit_vouches_for_it(session: Session, now: datetime) -> None:
    measured = {"changes": 20, "caught": 19, "score": 95, "survivors": 1, "untested": 0}
    decision = {"state": "deciding", "count": 3, "decision": "stay"}
    warned = CHANGED.replace("legal_basis: [PP 17/2020]\n", "")
    published(session, now, considered=Considered(measured, ()))
    two = publishers(session)
    published(session, now + timedelta(days=1), text=warned, considered=Considered(None, [decision]), **two)
    published(session, now + timedelta(days=2), reason="Kembali", **two)
    back, newer, first = publications(session, "leave", None)
    assert (newer.published_by, newer.approved_by) == ("Penerbit", "Penyetuju")
    assert (newer.strength, newer.decisions) == (None, (decision,))
    assert [each["code"] for each in newer.findings or ()] == ["WF100"]
    assert (first.strength, first.decisions, first.approved_by) == (measured, (), None)
    assert (back.digest, back.strength) == (first.digest, measured)  # measured once, the text is the same
    assert {each.is_audited for each in (back, newer, first)} == {True}
    assert not verify(session)


def test_a_record_that_was_changed_is_not_vouched_for(session: Session, now: datetime) -> None:
    published(session, now, considered=Considered({"changes": 9, "caught": 1, "score": 11, "survivors": 8}, ()))
    (row,) = session.scalars(select(PublicationRecord))
    session.expunge(row)
    publication = session.scalars(select(Publication)).one()
    before = record_digest(publication, row)
    row.strength = {"changes": 9, "caught": 9, "score": 100, "survivors": 0}
    assert record_digest(publication, row) != before
    assert session.scalars(select(AuditEntry)).one().new["record"] == before
