"""A report from its first word to the answer, as its reporter meets it and as the office does."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from engine.cases.models import Case, History, Incident
from engine.cases.queue_page import queue_page
from engine.cases.sealed_history import opened_history
from engine.cases.stored import read_case
from engine.changes import Refusal
from engine.channel import drafting, sending, talking
from engine.channel.keys import CaseRef
from engine.channel.purging import purge
from engine.channel.report_page import ReportPage, report_page
from engine.channel.sending import MANY_REPORTS, AlreadySent, TooManyReports
from engine.definitions.model import Text
from engine.disclosure import case_keys
from engine.disclosure.conversation import OFFICE, messages, say
from engine.disclosure.declared import Declared, identity_from
from engine.disclosure.models import CaseKey, OfficerKey, ReporterDraft, SealedCase, SealedFile
from engine.disclosure.primitives import CannotOpen
from engine.disclosure.seals import CaseSeal, seal_of, to_bytes
from engine.errors import NotFound
from engine.facts import REPORTER
from engine.organisation.models import Position
from engine.organisation.positions import change_position
from engine.organisation.recorded import Author
from engine.outbox.models import Message
from tests.engine.channel.outside import HOME, PEPPER, STORY, Outside
from tests.sealed_type import rows_with


def page(outside: Outside, case: CaseRef) -> ReportPage:
    return report_page(outside.session, case, outside.channel, outside.now)


def cases(outside: Outside) -> int:
    return outside.session.scalar(select(func.count()).select_from(Case)) or 0


def declared(outside: Outside, case: CaseRef, who: str = "ida") -> Declared:
    outside.office.at_work(who)
    seal = seal_of(outside.session, case.case_id)
    return Declared.from_text(seal.unlock("declared", outside.session.get_one(SealedCase, case.case_id).declared))


def test_a_report_is_written_sent_and_read_again(outside: Outside) -> None:
    ref = outside.draft(place="Pasar Baru", happened_on="sekitar Maret 2026", reported_aliases=["Budi, kepala pasar"])
    outside.attach(ref)
    sent = outside.send(ref)
    assert outside.fresh is not None and sent.receipt == outside.fresh.receipt
    assert [day for _, day in sent.dates] == [date(2026, 3, 5)]
    seen = page(outside, sent.case)
    assert seen.status.id == "Diterima" and seen.meaning.en.startswith("Your report has arrived")
    assert seen.reported_on == date(2026, 3, 2) and [one.on for one in seen.dates] == [date(2026, 3, 5), None]
    assert seen.dates[1].span is not None
    assert seen.dates[1].title.id == "Jawaban kepada pelapor"
    assert seen.dates[1].span.id == "Paling lama 60 hari kerja sejak status “Sedang ditelaah”"
    assert [line.shown.id for line in seen.told] == [
        STORY, "Pasar Baru", "sekitar Maret 2026", "Budi, kepala pasar", "foto.jpg"
    ]  # fmt: skip
    assert [file.name for file in seen.files] == ["foto.jpg"]
    assert outside.session.scalars(select(ReporterDraft)).all() == []


def test_sending_twice_makes_one_report(outside: Outside) -> None:
    ref = outside.draft()
    before = cases(outside)
    outside.send(ref)
    with pytest.raises(AlreadySent):
        outside.send(ref)
    assert cases(outside) == before + 1


def test_what_is_not_complete_is_not_sent(outside: Outside) -> None:
    ref = drafting.new_draft(outside.session, outside.channel, outside.now)
    outside.save(ref, way="open")
    refused = sending.send(outside.session, ref, outside.channel, outside.receipt(), outside.now)
    assert isinstance(refused, Refusal) and {fault.path for fault in refused.faults} == {"identity.name", "summary"}


def test_a_closed_channel_takes_no_report(outside: Outside) -> None:
    ref, before = outside.draft(), cases(outside)
    closed = replace(outside.channel, closed=Text("Tutup sampai 6 Juli.", "Closed until 6 July."))
    refused = sending.send(outside.session, ref, closed, outside.receipt(), outside.now)
    assert isinstance(refused, Refusal) and refused.sentence.en == "Closed until 6 July."
    assert cases(outside) == before


def test_who_the_reporter_is_depends_on_the_way_alone(outside: Outside) -> None:
    lengths = set()
    for way in ("anonymous", "confidential", "open"):
        ref = outside.draft("open")
        outside.save(ref, identity={"name": "Sari Dewi", "contact": "0812"})
        outside.save(ref, way=way)
        case = outside.send(ref).case
        told = declared(outside, case)
        assert told.way == way and told.identity == ({"name": "Sari Dewi", "contact": "0812"} if way == "open" else {})
        row = outside.session.get_one(SealedCase, case.case_id)
        lengths.add(len(row.identity))
        assert identity_of(outside, case, row.identity) == (
            {} if way == "anonymous" else {"name": "Sari Dewi", "contact": "0812"}
        )
    assert len(lengths) == 1
    assert rows_with(outside.session, "Sari Dewi") == []


def identity_of(outside: Outside, case: CaseRef, locked: str) -> object:
    """Opened by a custodian's key, and by nobody's who handles the case."""
    kinds = {
        holder
        for (holder,) in outside.session.execute(
            select(CaseKey.holder).where(CaseKey.case_id == case.case_id, CaseKey.kind == "identity-key")
        )
    }
    assert kinds == {f"officer:{outside.office.people[name].id}" for name in ("kiki", "koko", "kuku")}
    outside.office.at_work("ida")
    with pytest.raises(CannotOpen):
        seal_of(outside.session, case.case_id).unlock("identity", locked)
    custodian = outside.office.people["kiki"].id
    copy = outside.session.get_one(CaseKey, (case.case_id, "identity-key", f"officer:{custodian}"))
    name = seal_of(outside.session, case.case_id).name
    key = case_keys.opened(case_keys.Kind.IDENTITY, name, to_bytes(copy.sealed), outside.office.pairs["kiki"])
    return identity_from(CaseSeal(name, key).unlock("identity", locked))


def test_t08_nothing_of_a_reporter_has_a_moment(outside: Outside) -> None:
    outside.office.now += timedelta(hours=5, minutes=37, seconds=41)  # 14.37.41 in Jakarta
    ref = outside.draft()
    outside.attach(ref)
    case = outside.send(ref, network=HOME, pepper=PEPPER).case
    talking.say(outside.session, case, outside.channel, "Ada lagi", outside.now)
    talking.add_file(outside.session, case, outside.channel, outside.take_in(b"dua"), outside.vault, outside.now)
    outside.session.flush()
    for marker in ("37, 41", "37:41", "14:37", "07:37"):
        assert rows_with(outside.session, marker, without=frozenset({"definition_versions", "publication_texts"})) == []
    moments = set(outside.session.scalars(select(History.at).where(History.case_id == case.case_id)))
    assert {moment.isoformat() for moment in moments} == {"2026-03-01T17:00:00+00:00"}


def test_t54_digests_of_what_was_sent_and_of_the_copy_are_in_the_history_locked(outside: Outside) -> None:
    ref = outside.draft()
    file = outside.attach(ref, b"xisi foto", "bukti.jpg")
    case = outside.send(ref).case
    outside.office.at_work("ida")
    stored = read_case(outside.session, case.case_id, outside.now)
    rows = outside.session.scalars(select(History).where(History.case_id == case.case_id).order_by(History.seq)).all()
    assert file.sha256 not in json.dumps([row.details for row in rows])
    attached = [row.details for row in opened_history(stored, rows) if row.action == "attach"]
    assert [(one["sha256"], one["original_sha256"], one["name"]) for one in attached] == [
        (file.sha256, file.original_sha256, "bukti.jpg")
    ]
    assert stored.facts.answers["evidence"] == [file.as_answer()]


def test_t54_the_original_is_kept_only_if_the_region_says_so_and_sealed_apart(outside: Outside) -> None:
    ref = outside.draft()
    outside.attach(ref)
    assert [row.kind for row in outside.session.scalars(select(SealedFile))] == ["file"]
    files = replace(outside.channel.settings.files, keeps_original=True)
    outside.channel = replace(outside.channel, settings=replace(outside.channel.settings, files=files))
    file = outside.attach(ref, b"xasli")
    row = outside.session.scalars(select(SealedFile).where(SealedFile.kind == "original")).one()
    assert row.of_file == file.id and row.id == file.original_id
    case = outside.send(ref).case
    view, pieces = talking.file_pieces(outside.session, case, file.id, outside.vault)
    assert b"".join(pieces) == b"asli" and view.name == "foto.jpg"
    _, original = talking.file_pieces(outside.session, case, row.id, outside.vault)
    assert b"".join(original) == b"xasli"


@pytest.mark.parametrize(
    ("named", "barred"),
    [
        ("Ida", "ida"),
        ("ida , petugas", "ida"),
        ("Pak Irma", "irma"),
        ("kepala inspektorat kita", "irma"),
        ("Budi", None),
    ],
)
def test_an_officer_who_is_named_or_holds_a_position_named_gets_no_key_and_the_page_says_nothing(
    outside: Outside, named: str, barred: str | None
) -> None:
    position = outside.session.scalars(
        select(Position).where(Position.unit_id == outside.office.units["inspectorate"].id, Position.kind == "head")
    ).one()
    change_position(outside.session, position.id, {"title": "Kepala Inspektorat"}, author=Author(None, outside.now))
    case = outside.report(reported_aliases=[named])
    holders = set(outside.session.scalars(select(CaseKey.holder).where(CaseKey.case_id == case.case_id)))
    for name in ("ida", "irma"):
        assert (f"officer:{outside.office.people[name].id}" in holders) is (name != barred)
    assert [one.shown.id for one in page(outside, case).told][1:] == [named]


# -- talking --------------------------------------------------------------------------------------------------------


def test_reporter_and_office_talk_and_the_reporter_takes_messages_off_their_page(outside: Outside) -> None:
    case = outside.report()
    assert talking.say(outside.session, case, outside.channel, " Ada saksi lain. \r\n", outside.now) is None
    outside.office.at_work("ida")
    seal = seal_of(outside.session, case.case_id)
    say(outside.session, seal, case.case_id, OFFICE, outside.office.people["ida"].id, "Siapa?", date(2026, 3, 3))
    said = page(outside, case).messages
    assert [(one.side, one.text, one.on.day) for one in said] == [
        ("reporter", "Ada saksi lain.", 2), ("office", "Siapa?", 3)
    ]  # fmt: skip
    talking.take_back(outside.session, case, said[0].id)
    with pytest.raises(NotFound):
        talking.take_back(outside.session, case, said[0].id)
    assert [one.text for one in page(outside, case).messages] == ["Siapa?"]
    office = messages(outside.session, seal, case.case_id, OFFICE)
    assert [(one.text, one.is_removed) for one in office] == [("Ada saksi lain.", True), ("Siapa?", False)]


def test_t39_a_message_or_file_of_another_report_cannot_be_touched(outside: Outside) -> None:
    ref = outside.draft()
    file = outside.attach(ref)
    mine, theirs = outside.report(), outside.send(ref).case
    talking.say(outside.session, theirs, outside.channel, "Punya saya", outside.now)
    message = page(outside, theirs).messages[0]
    with pytest.raises(NotFound):
        talking.take_back(outside.session, mine, message.id)
    with pytest.raises(NotFound):
        talking.file_pieces(outside.session, mine, file.id, outside.vault)


def test_t18_a_message_with_the_receipt_in_it_is_refused(outside: Outside) -> None:
    case = outside.report()
    assert outside.fresh is not None
    receipt = outside.fresh.receipt
    for text in (receipt, f"kode saya {outside.fresh.shown}, tolong"):
        faults = talking.say(outside.session, case, outside.channel, text, outside.now)
        assert faults is not None and "Take the code out" in faults.by_field["text"].en
    spaced = " ".join(receipt[:16])
    assert talking.say(outside.session, case, outside.channel, spaced, outside.now, typed_receipt=receipt) is not None
    refused = talking.act(outside.session, case, outside.channel, "withdraw_complaint", outside.now, comment=receipt)
    assert refused is not None and page(outside, case).messages == ()


@pytest.mark.parametrize("text", ["", " \n ", "x" * 20_001])
def test_a_message_has_a_length(outside: Outside, text: str) -> None:
    case = outside.report()
    assert talking.say(outside.session, case, outside.channel, text, outside.now) is not None


def test_t62_mails_leave_at_slots_after_the_act_and_name_no_case(outside: Outside) -> None:
    for _ in range(6):
        case = outside.report()
        talking.say(outside.session, case, outside.channel, "Ada lagi", outside.now)
    rows = outside.session.scalars(select(Message)).all()
    assert {row.person_id for row in rows} == {outside.office.people[name].id for name in ("ida", "irma")}
    assert {row.case_id for row in rows} == {0} and all(row.content == {} for row in rows)
    assert all(outside.now < row.created_at <= row.not_before for row in rows)


def test_a_question_is_a_message_and_an_act_of_the_reporters(outside: Outside) -> None:
    case = outside.report()
    assert outside.office.do("ida", "register") is None
    assert outside.office.do("vina", "ask_reporter", "Siapa saksinya?", verification_note="Kurang") is None
    seen = page(outside, case)
    assert seen.status.en == "We are waiting for your answer"
    assert [(one.side, one.text) for one in seen.messages] == [("office", "Siapa saksinya?")]
    edits = {one.action: one.edits for one in seen.actions}
    assert (
        edits.keys() == {"provide", "give_up"} and "summary" in edits["provide"] and "evidence" not in edits["provide"]
    )
    assert seen.current["summary"] == STORY and "verification_note" not in seen.current
    refused = talking.act(outside.session, case, outside.channel, "register", outside.now)
    assert refused is not None
    assert talking.act(
        outside.session, case, outside.channel, "provide", outside.now, answers={"place": "Pasar Lama", "summary": ""}
    ) is None  # fmt: skip
    assert page(outside, case).status.en == "Being verified"
    outside.office.at_work("vina")
    answers = read_case(outside.session, case.case_id, outside.now).facts.answers
    assert answers["place"] == "Pasar Lama" and answers["summary"] == STORY
    assert case.case_id in {
        row.case_id for row in queue_page(outside.session, outside.office.people["vina"].id, outside.now).rows
    }


def test_the_way_of_a_report_is_its_statuses_with_their_days_each_once(outside: Outside) -> None:
    case = outside.report()
    outside.office.now = outside.now + timedelta(days=1)
    assert outside.office.do("ida", "register") is None
    outside.office.now += timedelta(days=1)
    assert outside.office.do("vina", "ask_reporter", "Kapan persisnya?") is None
    asked = report_page(outside.session, case, outside.channel, outside.office.now)
    assert [(one.title.en, one.on.day) for one in asked.way_gone] == [
        ("Received", 2),
        ("Being verified", 3),
        ("We are waiting for your answer", 4),
    ]
    assert outside.office.do(REPORTER, "provide") is None
    back = report_page(outside.session, case, outside.channel, outside.office.now)
    assert [one.title.en for one in back.way_gone] == ["Received", "We are waiting for your answer", "Being verified"]
    assert back.status == back.way_gone[-1].title


def test_what_is_answered_is_shown_once_it_is_the_reporters_turn_or_over(outside: Outside) -> None:
    case = outside.report()
    assert page(outside, case).outcome == ()
    assert (
        talking.act(outside.session, case, outside.channel, "withdraw_complaint", outside.now, comment="Salah") is None
    )
    seen = page(outside, case)
    assert seen.status.en == "Withdrawn" and seen.closed_on == date(2026, 3, 2) and seen.may_write
    assert seen.outcome == () and seen.dates == ()
    assert talking.say(outside.session, case, outside.channel, "Masih ada", outside.now) is None


def test_who_files_a_report_or_passes_it_on_has_to_write_the_reporter_why(outside: Outside) -> None:
    case = outside.report()
    assert outside.office.do("ida", "register") is None
    assert outside.office.do("vina", "archive", "Tidak masuk akal") is None
    assert outside.office.do("susi", "confirm", "Setuju") == "guard"
    assert outside.office.do("susi", "confirm", "Setuju", answer="Hari itu pasar tutup.") is None
    seen = page(outside, case)
    assert (seen.status.en, [one.shown.id for one in seen.outcome]) == (
        "Could not be acted upon", ["Hari itu pasar tutup."]
    )  # fmt: skip
    other = outside.report()
    assert outside.office.do("ida", "register") is None
    assert outside.office.do("vina", "forward", "Pidana umum") is None
    assert outside.office.do("irma", "send_on", attachments=1) == "guard"
    assert outside.office.do("irma", "send_on", attachments=1, answer="Diteruskan kepada Polres.") is None
    assert [one.shown.id for one in page(outside, other).outcome] == ["Diteruskan kepada Polres."]


# -- later reports --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "tells"), [("follow_up", True), ("protection", False), ("retaliation", False)])
def test_a_later_report_names_the_first_and_tells_it_only_if_it_should(
    outside: Outside, kind: str, tells: bool
) -> None:
    first = outside.report()
    number = page(outside, first).number
    ref = drafting.new_draft(outside.session, outside.channel, outside.now, kind=kind, about=first)
    outside.save(ref, way="anonymous")
    outside.answer(ref, summary="Saya dipindahkan ke bagian lain")
    assert drafting.read_draft(outside.session, ref).about == number
    second = outside.send(ref).case
    told = declared(outside, second)
    assert (told.kind, told.about) == (kind, number)
    outside.office.at_work("ida")
    category = read_case(outside.session, second.case_id, outside.now).facts.answers.get("category")
    assert category == (None if kind == "follow_up" else "retaliation")
    said = [one.text for one in page(outside, first).messages]
    assert [page(outside, second).number in text for text in said] == ([True] if tells else [])
    tables = rows_with(outside.session, number)
    assert set(tables) <= {"cases", "history", "case_answers"}


def test_nobody_reports_on_top_of_what_they_cannot_open(outside: Outside) -> None:
    first = outside.report()
    with pytest.raises(NotFound):
        drafting.new_draft(
            outside.session, outside.channel, outside.now, kind="follow_up", about=CaseRef(first.case_id, b"1" * 32)
        )
    with pytest.raises(NotFound):
        drafting.new_draft(outside.session, outside.channel, outside.now, kind="loud", about=first)


# -- limits, alarms, time -------------------------------------------------------------------------------------------


def test_one_network_sends_five_reports_an_hour_and_the_sixth_waits(outside: Outside) -> None:
    for _ in range(5):
        outside.send(outside.draft(), network=HOME, pepper=PEPPER)
    ref = outside.draft()
    with pytest.raises(TooManyReports):
        outside.send(ref, network="203.0.113.200", pepper=PEPPER)
    assert drafting.read_draft(outside.session, ref).answers == {"summary": STORY}


def test_a_flood_alarms_the_regions_supervisors_once_a_day(outside: Outside) -> None:
    rates = replace(outside.channel.settings.rates, alarm_reports=2)
    outside.channel = replace(outside.channel, settings=replace(outside.channel.settings, rates=rates))
    for hour in range(2):
        outside.office.now += timedelta(hours=hour)
        for number in range(3):
            outside.send(outside.draft(), network=f"198.51.{number}.1", pepper=PEPPER)
    incident = outside.session.scalars(select(Incident).where(Incident.code == MANY_REPORTS)).one()
    assert incident.case_id is None and incident.raised_at.isoformat() == "2026-03-01T17:00:00+00:00"


def test_what_was_left_half_done_goes_after_its_days(outside: Outside) -> None:
    with_receipt, without = outside.draft(), outside.draft()
    files = [outside.attach(with_receipt), outside.attach(without)]
    drafting.take_receipt(outside.session, with_receipt, outside.channel, outside.receipt(), outside.now)
    assert purge(outside.session, outside.vault, outside.now + timedelta(days=1)) == 0
    assert purge(outside.session, outside.vault, outside.now + timedelta(days=2)) == 1
    with pytest.raises(NotFound):
        drafting.read_draft(outside.session, without)
    assert drafting.read_draft(outside.session, with_receipt).files != ()
    assert purge(outside.session, outside.vault, outside.now + timedelta(days=8)) == 1
    assert not any(outside.vault.path(file.id).exists() for file in files)


def test_a_reporter_without_recipients_with_keys_is_told_and_nothing_is_kept(outside: Outside) -> None:
    for name in ("ida", "irma", "sam", "susi", "oscar"):
        outside.session.delete(outside.session.get_one(OfficerKey, outside.office.people[name].id))
    outside.session.flush()
    ref, before = outside.draft(), cases(outside)
    outcome = sending.send(outside.session, ref, outside.channel, outside.receipt(), outside.now)
    assert isinstance(outcome, Refusal) and cases(outside) == before
    assert drafting.read_draft(outside.session, ref).answers == {"summary": STORY}
